"""Several documents of one agency and year: which one counts, and where the others disagree with it.

The same report stands on two sites, or comes again corrected. All are kept; the one with the most cells read counts,
among equals the one published last, among these the one with the greater hash (any rule will do, the same each time).
"""

from __future__ import annotations

from collections.abc import Iterable

from loaders.checks import Finding
from loaders.facts import Fact
from loaders.report import Report

Cell = tuple[str, str]


def grouped(reports: Iterable[Report]) -> list[list[Report]]:
    """Reports of one agency and year together, the one that counts first; without agency or year each by itself."""
    groups: dict[tuple[str, int | None], list[Report]] = {}
    for one in reports:
        year = one.identity.report_year
        key = (one.agency_id, year) if one.agency_id and year else (one.report_id, None)
        groups.setdefault(key, []).append(one)
    return [sorted(group, key=_rank, reverse=True) for group in groups.values()]


def differences(groups: Iterable[list[Report]]) -> dict[str, list[Finding]]:
    """Report → a finding (GROUP-DIFF) for each other one that prints something else; each is held against the first."""
    found: dict[str, list[Finding]] = {}
    for first, *others in groups:
        for other in others:
            cells = _disagreements(first, other)
            if cells:
                found.setdefault(first.report_id, []).append(_finding(other, cells))
                found.setdefault(other.report_id, []).append(_finding(first, cells))
    return found


def _rank(one: Report) -> tuple[int, str, str]:
    return (len(_cells(one)), one.identity.published_on or "", one.sha256)


def _cells(one: Report) -> dict[Cell, Fact]:
    return {(fact.code, fact.applicant or ""): fact for fact in one.facts if fact.table != "narrative"}


def _disagreements(one: Report, other: Report) -> list[Cell]:
    """Cells that both have and print differently; a cell that only one has shows in its tables."""
    mine, theirs = _cells(one), _cells(other)
    return [
        key
        for key, fact in mine.items()
        if key in theirs and (fact.state, fact.value) != (theirs[key].state, theirs[key].value)
    ]


def _finding(other: Report, cells: list[Cell]) -> Finding:
    return Finding(
        check_id="GROUP-DIFF",
        severity="warning",
        codes=" ".join(f"{code}@{applicant}" if applicant else code for code, applicant in cells),
        expected="一致",
        actual=f"{len(cells)} 格不同",
        message=f"同一机关同一年度的另一份 {other.source}（{other.report_id}）有 {len(cells)} 格不同",
        cells=tuple(cells),
    )
