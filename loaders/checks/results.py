"""How often each rule passed, passed with blanks as zero, failed or could not be assessed: counts a report and rule.

Kept as one small array a report, in the order of codebook/checks.csv, so that a hundred thousand reports stay small.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import cache

import pyarrow as pa

from codebook import book
from loaders.checks.findings import RESULTS, Outcome
from loaders.schema import SCHEMAS

KINDS = len(RESULTS)


@cache
def _places() -> dict[str, int]:
    """Where a rule's first count stands in the array."""
    return {check.id: n * KINDS for n, check in enumerate(book().checks)}


def counted(outcomes: Iterable[Outcome], before: array[int] | None = None) -> array[int]:
    """The counts of these outcomes, added to those before."""
    counts = array("H", before or bytes(len(_places()) * KINDS * array("H").itemsize))
    for outcome in outcomes:
        counts[_places()[outcome.check.id] + RESULTS.index(outcome.result)] += 1
    return counts


def table(reports: Iterable[tuple[str, array[int]]]) -> pa.Table:
    """checks.parquet: one row for each report and rule that said anything of it."""
    ids, owners, rules = list[str](), array("l"), array("l")
    columns = [array("l") for _ in RESULTS]
    for report_id, counts in reports:
        for n in range(len(counts) // KINDS):
            some = counts[n * KINDS : (n + 1) * KINDS]
            if any(some):
                owners.append(len(ids))
                rules.append(n)
                for column, count in zip(columns, some, strict=True):
                    column.append(count)
        ids.append(report_id)
    schema = SCHEMAS["checks"]
    names = pa.array([check.id for check in book().checks], pa.string())
    numbers = [pa.array(column, pa.int64()) for column in (owners, rules, *columns)]  # an empty one has no type else
    arrays = [pa.array(ids, pa.string()).take(numbers[0]), names.take(numbers[1])]
    return pa.Table.from_arrays([*arrays, *(column.cast(pa.int32()) for column in numbers[2:])], schema=schema)
