"""What localise finds, in the words of findings and as rows of suggestions.parquet. A suggestion is never applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codebook import book
from loaders.checks.findings import Finding
from loaders.checks.localise import Change, Part, localise
from loaders.facts import Fact
from loaders.reading import Reading

ONLY, ONE_OF = "唯一的最小改动", "最小改动之一，共{}种"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One cell of one set: the columns of suggestions.parquet but for the report.

    Sets of one part are alternatives, parts of a table are independent of each other. Where no set is told, set_no is
    0, there is no cell, and `reason` says why.
    """

    table: str
    part: int
    set_no: int
    code: str | None
    applicant: str | None
    printed: str | None
    suggested: float | None
    reason: str


def suggested(
    facts: Sequence[Fact], found: Reading, broken: Sequence[Finding]
) -> tuple[list[Suggestion], list[Finding]]:
    """The suggestions for a report's failing sums, and its findings with the suggestion in their message."""
    if not any(finding.cells for finding in broken):
        return [], list(broken)
    read = ((name, table) for name, table in found.tables.items() if name in book().tables)
    layouts = {name: table.layout for name, table in read if table.cells and table.layout}
    parts = localise(facts, layouts)
    rows = [row for n, part in enumerate(parts, 1) for row in _rows(n, part)]
    return rows, [_told(finding, parts) for finding in broken]


def _rows(number: int, part: Part) -> Iterator[Suggestion]:
    if not part.sets:
        yield Suggestion(part.table, number, 0, None, None, None, None, part.reason)
    reason = ONLY if len(part.sets) == 1 else ONE_OF.format(len(part.sets))
    for n, changes in enumerate(part.sets, 1):
        for change in changes:
            code, applicant = change.cell
            value = float(change.suggested)
            yield Suggestion(part.table, number, n, code, applicant or None, change.printed, value, reason)


def _told(finding: Finding, parts: Sequence[Part]) -> Finding:
    part = next((part for part in parts if part.cells & set(finding.cells)), None)
    if part is None:
        return finding
    if not part.sets:
        return replace(finding, message=f"{finding.message}；{part.reason}")
    count = "唯一的最小改动" if len(part.sets) == 1 else f"最小改动有{len(part.sets)}种，如"
    changes = "，".join(_words(change) for change in part.sets[0])
    return replace(finding, message=f"{finding.message}；{count}：{changes}（建议，未改）")


def _words(change: Change) -> str:
    code, applicant = change.cell
    name = book().measures[code].label_zh + (f"·{book().applicants[applicant][0]}" if applicant else "")
    return f"{name} {change.printed or '空白'}→{change.suggested}"
