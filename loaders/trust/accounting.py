"""Every number that stands in a table was taken by a cell or belongs to a label; what is left over is a finding.

A reader that drops a cell and fills its place from the next one may still give a whole table. The number it dropped
is then left over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from loaders.checks import Finding
from loaders.facts import Fact
from loaders.reading import Reading
from loaders.tables import TableReading

NUMBER = re.compile(r"\d+(?:[.,，．]\d+)*")
ORDINAL = re.compile(r"\d{1,2}\s*[.、．)）]\s*(?=[^\W\d_])")  # 1.属于国家秘密
YEAR = re.compile(r"20\d\d\s*年")
AROUND = 12  # characters shown on either side

Span = tuple[int, int]


def unused(text: str, found: Reading, facts: Iterable[Fact]) -> list[Finding]:
    """A finding (UNUSED-NUMBER) for each number of a table read that no cell and no label holds, with its place."""
    taken = {(fact.start, fact.end) for fact in facts if fact.start is not None and fact.end is not None}
    for table in found.tables.values():
        taken |= _labels(table)
    starts, ends = _joined(taken)
    findings = dict[int, Finding]()
    for name, table in found.tables.items():
        if table.cells:
            for number in NUMBER.finditer(text, table.start, table.end):
                start, end = number.span()
                at = bisect_right(starts, start) - 1
                if (at < 0 or end > ends[at]) and not _means_nothing(text, start):
                    findings.setdefault(start, _finding(name, text, (start, end)))
    return [findings[at] for at in sorted(findings)]


def _labels(table: TableReading) -> set[Span]:
    """Where the labels of a table's rows and columns stand."""
    found = {(hit.start, hit.end) for hit in table.labels if hit.start >= 0}
    found |= {(hit.start, hit.end) for cell in table.cells if (hit := cell.row).start >= 0}
    return found | {(hit.start, hit.end) for cell in table.cells if (hit := cell.column).start >= 0}


def _means_nothing(text: str, start: int) -> bool:
    """Whether a number is an ordinal in front of words, or a year."""
    return bool(ORDINAL.match(text, start) or YEAR.match(text, start))


def _joined(spans: Iterable[Span]) -> tuple[list[int], list[int]]:
    """Starts and ends of spans in order, those that touch or overlap as one."""
    starts, ends = list[int](), list[int]()
    for start, end in sorted(spans):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def _finding(table: str, text: str, number: Span) -> Finding:
    start, end = number
    around = " ".join(text[max(0, start - AROUND) : end + AROUND].split())
    message = f"表中的数 {text[start:end]} 没有归入任何一格（第{start}至{end}字：“{around}”）"
    return Finding("UNUSED-NUMBER", "warning", table, "归入一格", text[start:end], message)
