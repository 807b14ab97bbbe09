"""The labels of a layout as patterns over squeezed text: its header's columns, then each row's label and its run.

A header stands in one line or in two, the review table's in three ways; ordinals may be lost or printed otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from codebook import Layout, book
from codebook.book import Line
from codebook.wordings import spellings, until_learned
from loaders.glue.cuts import CHARACTERS, grammar
from loaders.labels import ORDINAL, bare, plain

LONGEST_RUN = 80
NOTE = r"(?:\([^()0-9]{0,80}\))?"  # 规章(设区的市…): an explanation without figures
HAN = "一二三四五六七八九十"
COMMA = "[、,]?"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which a layout's labels stand; `digits` are the rows' ordinals that a run may swallow."""

    layout: Layout
    regex: re.Pattern[str]
    runs: int
    digits: tuple[str, ...]


def likely(table: str, text: str) -> bool:
    """Whether all labels of some vintage of a table stand in a plain text, ordinals aside."""
    return any(all(any(label in text for label in some) for some in labels) for labels in _labels(table))


@until_learned
def _labels(table: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """For each layout that is ever cut the spellings of its columns, and of its rows: the rarest stand last, so ask them
    first."""
    return tuple(
        (
            *(texts for column in layout.columns if not _parted(texts := _texts(table, "column", column))),
            *(tuple(ORDINAL.sub("", one) for one in _texts(table, "row", row)) for row in reversed(layout.rows)),
        )
        for layout in book().layouts[table]
        if _inside(layout)
    )


def _parted(texts: tuple[str, ...]) -> bool:
    """Whether a comma, which may be lost, stands in a label."""
    return any(char in text for text in texts for char in "、,")


@until_learned
def patterns(table: str) -> tuple[Pattern, ...]:
    """All ways in which a table's vintages stand; none for one that asks for text, which is never cut."""
    found = []
    for layout in book().layouts[table]:
        inside = _inside(layout)
        if not inside:
            continue
        strip = layout.shape == "strip"
        for header in _strip_headers(layout) if strip else _headings(layout):
            body, digits = _last("", inside, 0) if strip else _body(layout, inside), _digits(layout)
            found.append(Pattern(layout, re.compile(header + body), 1 if strip else len(layout.rows), digits))
    return tuple(found)


def _inside(layout: Layout) -> str:
    """The class of characters that a layout's cells may hold; "" where it asks for text."""
    kinds = {
        grammar(book().cell(layout.table, row.key, column.key).kind) for row in layout.rows for column in layout.columns
    }
    return "" if "" in kinds else f"[{''.join(CHARACTERS[kind] for kind in sorted(kinds))}]"


def _body(layout: Layout, inside: str) -> str:
    parents = "|".join(sorted({_spelt(bare(plain(row.parent))) for row in layout.rows if row.parent}))
    between = f"(?:(?:{parents}){NOTE})*" if parents else ""
    parts = []
    for n, row in enumerate(layout.rows):
        moves = row.parent and (n == 0 or row.parent != layout.rows[n - 1].parent)
        label = (between if moves else "") + _row(layout.table, row, n) + NOTE + ":?"
        last = n + 1 == len(layout.rows)
        parts.append(_last(label, inside, n) if last else f"{label}(?P<v{n}>{inside}{{0,{LONGEST_RUN}}}?)")
    return "".join(parts)


def _last(label: str, inside: str, n: int) -> str:
    return f"{label}(?P<v{n}>{inside}{{0,{LONGEST_RUN}}}+)(?!{inside})"


def _digits(layout: Layout) -> tuple[str, ...]:
    firsts = (ORDINAL.match(plain(row.label)) for row in layout.rows)
    return tuple(found[0][0] if found and found[0][0].isdigit() else "" for found in firsts)


@until_learned
def _texts(table: str, axis: str, line: Line) -> tuple[str, ...]:
    """A line's own label and its aliases, without explanations behind them, the longest first."""
    known = spellings(table, axis, line.key)
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
