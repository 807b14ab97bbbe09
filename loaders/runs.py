"""Find a table of the form whose cells ran together: all its labels in order, and the run of characters behind each.

The labels of a layout become patterns over the squeezed text: the columns as a header prints them, then each row's
label and what may stand in its cells up to the next label. Where anything else stands in between there is no table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from codebook import Layout, book
from codebook.book import Line
from loaders.cuts import CHARACTERS, Run, grammar
from loaders.labels import ORDINAL, Hit, bare, plain
from loaders.squeezed import Squeezed

LONGEST_RUN = 80
NOTE = r"(?:\([^()0-9]{0,80}\))?"  # 规章(设区的市…): an explanation without figures
HAN = "一二三四五六七八九十"
HEADING = re.compile(
    rf"[{HAN}]{{1,2}}、|第[{HAN}]部分|\([{HAN}]{{1,2}}\)|第?二十条|其他信息内容|(?:附注|备注|注|说明|附)[:：]"
)
MAY_BELONG = re.compile(r"[0-9.,%‰·亿万千百元件条项个人次批宗年月日]")  # the figure before it may go on so
COMMA = "[、,]?"
Tail = Literal["end", "label", "break", "unclear"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which a layout's labels stand; `digits` are the rows' ordinals that a run may swallow."""

    layout: Layout
    regex: re.Pattern[str]
    runs: int
    digits: tuple[str, ...]


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


def likely(table: str, text: str) -> bool:
    """Whether all row labels of some vintage of a table stand in a plain text, ordinals aside."""
    for layout in book().layouts[table]:
        labels = [[ORDINAL.sub("", one) for one in _texts(table, "row", row)] for row in layout.rows]
        if all(any(label in text for label in some) for some in labels) and patterns(table):
            return True
    return False


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


@cache
def patterns(table: str) -> tuple[Pattern, ...]:
    """All ways in which a table's vintages stand; none for one that asks for text, which is never cut."""
    found = []
    for layout in book().layouts[table]:
        kinds = {
            grammar(book().cell(table, row.key, column.key).kind) for row in layout.rows for column in layout.columns
        }
        if "" in kinds:
            continue
        inside = f"[{''.join(CHARACTERS[kind] for kind in sorted(kinds))}]"
        strip = layout.shape == "strip"
        for header in _strip_headers(layout) if strip else _headings(layout):
            body, digits = _last("", inside, 0) if strip else _body(layout, inside), _digits(layout)
            found.append(Pattern(layout, re.compile(header + body), 1 if strip else len(layout.rows), digits))
    return tuple(found)


def _body(layout: Layout, inside: str) -> str:
    parents = "|".join(sorted({_spelt(bare(plain(row.parent))) for row in layout.rows if row.parent}))
    between = f"(?:(?:{parents}){NOTE})*" if parents else ""
    parts = []
    for n, row in enumerate(layout.rows):
        label = between + _row(layout.table, row, n) + NOTE + ":?"
        last = n + 1 == len(layout.rows)
        parts.append(_last(label, inside, n) if last else f"{label}(?P<v{n}>{inside}{{0,{LONGEST_RUN}}}?)")
    return "".join(parts)


def _last(label: str, inside: str, n: int) -> str:
    return f"{label}(?P<v{n}>{inside}{{0,{LONGEST_RUN}}}+)(?!{inside})"


def _digits(layout: Layout) -> tuple[str, ...]:
    firsts = (ORDINAL.match(plain(row.label)) for row in layout.rows)
    return tuple(found[0][0] if found and found[0][0].isdigit() else "" for found in firsts)


@cache
def _texts(table: str, axis: str, line: Line) -> tuple[str, ...]:
    """A line's own label and its aliases, without explanations behind them, the longest first."""
    known = [a["alias"] for a in book().aliases if (a["table"], a["axis"], a["key"]) == (table, axis, line.key)]
    return tuple(sorted({bare(plain(text)) for text in (line.label, *known)}, key=lambda text: (-len(text), text)))


def _row(table: str, line: Line, n: int) -> str:
    digit = _digits_of(line)
    bodies = "|".join(_escaped(ORDINAL.sub("", text)) for text in _texts(table, "row", line))
    # A digit without a point behind it stays in the run: whether it is an ordinal is for the sums to tell.
    head = rf"(?P<o{n}>\(?{digit}[.、)]+|(?<![0-9]){digit})?" if digit else _ordinal(plain(line.label))
    return f"(?P<r{n}>{head}(?:{bodies}))"


def _digits_of(line: Line) -> str:
    head = ORDINAL.match(plain(line.label))
    return head[0][0] if head and head[0][0].isdigit() else ""


def _ordinal(label: str) -> str:
    head = ORDINAL.match(label)
    if head is None:
        return ""
    return rf"(?:\(?{''.join(char for char in head[0] if char in HAN)}[.、)]*)?"


def _spelt(label: str) -> str:
    return _ordinal(label) + _escaped(ORDINAL.sub("", label))


def _escaped(text: str) -> str:
    return "".join(COMMA if char in "、," else re.escape(char) for char in text)


def _column(layout: Layout, n: int, named: bool = True) -> str:
    texts = "|".join(_escaped(text) for text in _texts(layout.table, "column", layout.columns[n]))
    return f"(?P<c{n}>(?:{texts}){NOTE})" if named else f"(?:{texts}){NOTE}"


def _headings(layout: Layout) -> list[str]:
    """A grid's header in two lines (single columns and groups, then what is below the groups) and in one."""
    columns = [_column(layout, n) for n in range(len(layout.columns))]
    parents = [column.parent for column in layout.columns]
    if not any(parents):
        return ["".join(columns)]
    upper, lower, one = list[str](), list[str](), list[str]()
    for n, parent in enumerate(parents):
        first = bool(parent) and parent not in parents[:n]
        group = _escaped(plain(parent)) + NOTE if first else ""
        upper.append(group if parent else columns[n])
        lower.append(columns[n] if parent else "")
        one.append((f"(?:{group})?" if first else "") + columns[n])
    return ["".join((*upper, *lower)), "".join(one)]


def _strip_headers(layout: Layout) -> list[str]:
    """The review table's header in three lines, in two, and group by group; its columns stand once for each group."""
    width = range(len(layout.columns))
    named, again = "".join(_column(layout, n) for n in width), "".join(_column(layout, n, named=False) for n in width)
    heads = [
        f"(?P<r{n}>{'|'.join(_escaped(text) for text in _texts(layout.table, 'row', row))})"
        for n, row in enumerate(layout.rows)
    ]
    above = [f"(?:{_escaped(plain(row.parent))})?" if row.parent else "" for row in layout.rows]
    parent = next((text for text in above if text), "")
    rest = len(heads) - 1
    return [
        f"{heads[0]}{parent}{named}{''.join(heads[1:])}{again * rest}",
        f"{heads[0]}{parent}{''.join(heads[1:])}{named}{again * rest}",
        f"{heads[0]}{named}{parent}" + again.join(heads[1:]) + again,
    ]
