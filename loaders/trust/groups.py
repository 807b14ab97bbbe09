"""Several documents of one agency and year: where the others disagree with the one that counts.

The same report stands on two sites, or comes again corrected. All are kept; loaders.gather.order tells which counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loaders.checks.brief import Brief
from loaders.checks.findings import Finding, Key


def differences(group: Sequence[Brief]) -> Iterator[tuple[int, Finding]]:
    """A finding (GROUP-DIFF) for each other report that prints something else, with whose it is by its number in the
    group; each is held against the first."""
    first, *others = group
    for n, other in enumerate(others, start=1):
        if cells := _disagreements(first, other):
            yield 0, _finding(other, cells)
            yield n, _finding(first, cells)


def _disagreements(one: Brief, other: Brief) -> list[Key]:
    """Cells that both have and print differently; a cell that only one has shows in its tables."""
    mine, theirs = one.by_place, other.by_place
    return [
        key
        for key, cell in mine.items()
        if key in theirs and (cell.state, cell.value) != (theirs[key].state, theirs[key].value)
    ]


def _finding(other: Brief, cells: list[Key]) -> Finding:
    return Finding(
        check_id="GROUP-DIFF",
        severity="warning",
        codes=" ".join(f"{code}@{applicant}" if applicant else code for code, applicant in cells),
        expected="一致",
        actual=f"{len(cells)} 格不同",
        message=f"同一机关同一年度的另一份 {other.source}（{other.report_id}）有 {len(cells)} 格不同",
        cells=tuple(cells),
    )
