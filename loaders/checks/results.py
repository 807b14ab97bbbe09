"""How often each rule passed, passed with blanks as zero, failed or could not be assessed: counts a report and rule.

Kept as one small array a report, in the order of codebook/checks.csv, so that a hundred thousand reports stay small.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from codebook import book
from loaders.checks.findings import RESULTS, Outcome

KINDS = len(RESULTS)
AT = {result: n for n, result in enumerate(RESULTS)}
COLUMNS = ("passed", "passed_blank_as_zero", "failed", "not_assessable")  # in the order of RESULTS


@cache
def _places() -> dict[str, int]:
    """Where a rule's first count stands in the array."""
    return {check.id: n * KINDS for n, check in enumerate(book().checks)}


def counted(outcomes: Iterable[Outcome]) -> array[int]:
    """The counts of these outcomes."""
    places = _places()
    counts = array("H", bytes(len(places) * KINDS * array("H").itemsize))
    for outcome in outcomes:
        counts[places[outcome.check.id] + AT[outcome.result]] += 1
    return counts


def counts_of(counts: Sequence[int]) -> Iterator[tuple[int, dict[str, int]]]:
    """The number of each rule that said anything, with its counts by column of checks.parquet."""
    for n in range(len(counts) // KINDS):
        some = counts[n * KINDS : (n + 1) * KINDS]
        if any(some):
            yield n, dict(zip(COLUMNS, some, strict=True))
