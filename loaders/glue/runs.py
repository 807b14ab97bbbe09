"""Find a table of the form whose cells ran together: all its labels in order, and the run of characters behind each.

What stands between two labels is the run of the row before; where a run ends the table is told from what follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from codebook import Layout, book
from codebook.book import Line
from loaders.glue.cuts import Run
from loaders.glue.patterns import HAN, Pattern, patterns
from loaders.glue.squeezed import Squeezed
from loaders.labels import ORDINAL, Hit, bare, plain

HEADING = re.compile(
    rf"[{HAN}]{{1,2}}、|第[{HAN}]部分|\([{HAN}]{{1,2}}\)|第?二十条|其他信息内容|(?:附注|备注|注|说明|附)[:：]"
)
MAY_BELONG = re.compile(r"[0-9.,%‰·亿万千百元件条项个人次批宗年月日]")  # the figure before it may go on so
Tail = Literal["end", "label", "break", "unclear"]


@dataclass(frozen=True, slots=True)
class Found:
    """A table whose labels all stand in order: runs as many as rows (one for a strip); places of the original text.

    `ends` are the ordinals that the runs may end with, `apart` tells that a space stands at both sides of each run,
    `exact` how many labels are the layout's own and no aliases.
    """

    layout: Layout
    columns: tuple[Hit, ...]
    rows: tuple[Hit, ...]
    runs: tuple[Run, ...]
    at: tuple[int, ...]
    ends: tuple[str, ...]
    apart: bool
    start: int
    end: int
    tail: Tail
    exact: int


def find(table: str, squeezed: Squeezed) -> list[Found]:
    """Every place where a table's labels stand in order with cells run together; the best layout for each."""
    found: dict[int, Found] = {}
    for pattern in patterns(table):
        for match in pattern.regex.finditer(squeezed.chars):
            if all(squeezed.gap(edge) for edge in _edges(match)):
                continue  # each label and each figure stands apart: nothing ran together
            one = _found(pattern, match, squeezed)
            known = found.get(one.end)
            if known is None or one.exact > known.exact:
                found[one.end] = one
    return [found[end] for end in sorted(found)]


def _edges(match: re.Match[str]) -> Iterator[int]:
    """Where labels and runs begin."""
    for name in match.re.groupindex:
        start, end = match.span(name)
        if start < end:
            yield start


def _found(pattern: Pattern, match: re.Match[str], squeezed: Squeezed) -> Found:
    layout = pattern.layout
    columns = tuple(_hit(line, match, f"c{n}", squeezed) for n, line in enumerate(layout.columns))
    rows = tuple(_hit(line, match, f"r{n}", squeezed) for n, line in enumerate(layout.rows))
    spans = [match.span(f"v{n}") for n in range(pattern.runs)]
    spans[-1] = (spans[-1][0], _last_end(spans, squeezed))
    runs = tuple(_run(squeezed, start, end) for start, end in spans)
    return Found(
        layout=layout,
        columns=columns,
        rows=rows,
        runs=runs,
        at=tuple(start for start, _ in spans),
        ends=tuple(_lost(pattern, match, n + 1) for n in range(pattern.runs)),
        apart=all(squeezed.gap(start) and squeezed.gap(end) for start, end in spans),
        start=squeezed.span(match.start(), spans[-1][1])[0],
        end=squeezed.span(match.start(), spans[-1][1])[1],
        tail=_tail(layout, squeezed, spans[-1][1]),
        exact=sum(hit.match == "exact" for hit in (*columns, *rows)),
    )


def _run(squeezed: Squeezed, start: int, end: int) -> Run:
    gaps = frozenset(at - start for at in range(start + 1, end) if squeezed.gap(at))
    return Run(squeezed.chars[start:end], gaps)


def _hit(line: Line, match: re.Match[str], name: str, squeezed: Squeezed) -> Hit:
    start, end = squeezed.span(*match.span(name))
    printed, own = (ORDINAL.sub("", bare(plain(text))) for text in (match[name], line.label))
    return Hit(squeezed.text[start:end], line.key, "exact" if printed == own else "alias", 100.0, start, end)


def _lost(pattern: Pattern, match: re.Match[str], row: int) -> str:
    """The ordinal of a row's label where no point shows that it is one: the run before it may end with it."""
    if row >= pattern.runs or not pattern.digits[row] or match[f"o{row}"]:
        return ""
    return pattern.digits[row]


def _last_end(spans: list[tuple[int, int]], squeezed: Squeezed) -> int:
    """The last run ends at a line end where every row stands in one line, its label and cells together."""
    start, end = spans[-1]
    inner = (at for first, last in spans[:-1] for at in range(first + 1, last))
    if any(first == last or "\n" in squeezed.gap(first) for first, last in spans):
        return end
    if any("\n" in squeezed.gap(at) for at in inner):
        return end
    return next((at for at in range(start + 1, end) if "\n" in squeezed.gap(at)), end)


def _tail(layout: Layout, squeezed: Squeezed, at: int) -> Tail:
    """What stands behind the last run: the end of the text, a label or heading, a line end, or what may belong to it."""
    rest, gap = squeezed.chars[at : at + 40], squeezed.gap(at)
    if not rest:
        return "end"
    if any(rest.startswith(word) for word in _own_rows(layout.table)):
        return "unclear"
    if HEADING.match(rest) or any(rest.startswith(word) for word in _headers()):
        return "label"
    if MAY_BELONG.match(rest):
        return "unclear"
    if "\n" in gap:
        return "break"
    return "label" if gap and any(rest.startswith(word) for word in _sections()) else "unclear"


@cache
def _own_rows(table: str) -> frozenset[str]:
    labels = {bare(plain(row.label)) for layout in book().layouts[table] for row in layout.rows}
    return frozenset(word for label in labels for word in (label, ORDINAL.sub("", label)) if len(word) > 2)


@cache
def _headers() -> frozenset[str]:
    marks = {plain(row["text"]) for row in book().furniture if row["kind"] in {"corner", "note", "group"}}
    layouts = [layout for some in book().layouts.values() for layout in some]
    columns = {plain(column.label) for layout in layouts for column in layout.columns}
    return frozenset(word for word in marks | columns if len(word) > 3)


@cache
def _sections() -> frozenset[str]:
    return frozenset(plain(row["text"]) for row in book().furniture if row["kind"] == "section")
