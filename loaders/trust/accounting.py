"""Every number that stands in a table was taken by a cell or belongs to a label; what is left over is a finding.

A reader that drops a cell and fills its place from the next one may still give a whole table. The number it dropped
is then left over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

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
    taken = [(fact.start, fact.end) for fact in facts if fact.start is not None and fact.end is not None]
    taken += [span for table in found.tables.values() for span in _labels(table)]
    spans = _joined(taken)
    findings = dict[int, Finding]()
    for name, table in found.tables.items():
        if table.cells:
            for number in _numbers(text, table.start, table.end):
                if not _within(number, spans):
                    findings.setdefault(number[0], _finding(name, text, number))
    return [findings[at] for at in sorted(findings)]


def _labels(table: TableReading) -> Iterator[Span]:
    """Where the labels of a table's rows and columns stand."""
    for hit in (*table.labels, *(hit for cell in table.cells for hit in (cell.row, cell.column))):
        if hit.start >= 0:
            yield hit.start, hit.end


def _numbers(text: str, start: int, end: int) -> Iterator[Span]:
    """Numbers between two places but for ordinals in front of words, and years."""
    for number in NUMBER.finditer(text, start, end):
        if not ORDINAL.match(text, number.start()) and not YEAR.match(text, number.start()):
            yield number.span()


def _joined(spans: list[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap as one."""
    joined = list[Span]()
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _within(number: Span, spans: list[Span]) -> bool:
    at = bisect_right(spans, number[0], key=lambda span: span[0]) - 1
    return at >= 0 and number[1] <= spans[at][1]


def _finding(table: str, text: str, number: Span) -> Finding:
    start, end = number
    around = " ".join(text[max(0, start - AROUND) : end + AROUND].split())
    message = f"表中的数 {text[start:end]} 没有归入任何一格（第{start}至{end}字：“{around}”）"
    return Finding("UNUSED-NUMBER", "warning", table, "归入一格", text[start:end], message)
