"""Cells of a list that ran together, e.g. 条20263542: cut by the form's sums and by what can't be.

A number of all years is not below that of this year, a part not above its whole. Where several ways are left, the one
with plausible growth is taken if all others have none (codebook/units.toml), and the cells say so in a doubt.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from codebook import Layout, Measure, book
from loaders.errors import Refused
from loaders.formulas import equation, parse
from loaders.glue import balance
from loaders.glue.choosing import BY_COUNT, BY_ROW, BY_TABLE, UNBALANCED
from loaders.glue.cuts import Budget, Cut, Run, cuts, grammar, search
from loaders.lists.bodies import Body, Span, unit_at

Term = balance.Term
ENDS = "、.．,，)）"
ONLY_BOUNDS = "连排数字只凭大小关系切分，没有勾稽可以旁证"
NOT_BALANCED = "连排数字按格数切分，而表内勾稽不成立"
SHOWN = 3  # other ways that a doubt names


@dataclass(frozen=True, slots=True)
class Joined:
    """The cells of a row that ran together: unit, numbers, how sure the cut is and why it needs a look."""

    unit: Span
    values: tuple[Span, ...]
    score: float
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    unit: Span
    at: int
    run: Run
    kinds: tuple[str, ...]
    ways: tuple[Cut, ...]


def cells(text: str, bodies: Sequence[Body], layout: Layout, columns: Sequence[str], coded: bool) -> list[Joined]:
    """The cells of every row; `columns` are the value columns printed, `coded` says that a code stands before them.

    Raises Refused (GLUED_AMBIGUOUS, GLUED_BLANKS, GLUED_INCONSISTENT, GLUED_UNCUT, GLUED_UNDECIDED).
    """
    budget = Budget()
    hollow = [body.part.label.printed for body in bodies if body.hollow]
    if hollow:
        raise Refused("GLUED_BLANKS", "单元格连排，有的行没有数值：" + "、".join(hollow[:5]))
    order = [row.key for row in layout.rows]
    lines = [_line(text, body, columns, layout, order.index(body.part.entry.key) if coded else -1) for body in bodies]
    rules = _rules(layout, [body.part.entry.key for body in bodies], columns)
    found = [Joined(line.unit, (), 0.0) for line in lines]
    for group in _groups(len(lines), rules):
        for n, (cut, score, doubt) in zip(group, _choose(lines, group, rules, columns, layout, budget), strict=True):
            spans = tuple((lines[n].at + a, lines[n].at + b) for a, b in (cell for cell in cut.cells if cell))
            found[n] = replace(found[n], values=spans, score=score, doubt=doubt)
    return found


def _line(text: str, body: Body, columns: Sequence[str], layout: Layout, index: int) -> _Line:
    (stretch,) = body.cells
    if stretch is None:
        raise RuntimeError("a glued row without a stretch")
    start, end = stretch
    name = body.part.label.printed
    unit = unit_at(text[start:end])
    at = start + len(unit)
    code = f"{index + 1:02d}" if index >= 0 else ""
    if not unit or not text[at:end].startswith(code):
        raise Refused("GLUED_UNCUT", f"“{name}”之后的“{text[start:end]}”不以计量单位{'和代码' if code else ''}开头")
    at += len(code)
    digits = text[at:end]
    if digits != digits.rstrip(ENDS):
        digits = digits.rstrip(ENDS)
        if not body.behind or not digits.endswith(body.behind):
            raise Refused("GLUED_UNCUT", f"“{name}”之后的“{digits}”与下一行的序号连在一起，无法分开")
        digits = digits[: -len(body.behind)]
    run = Run("".join(unicodedata.normalize("NFKC", char) for char in digits))
    kinds = tuple(grammar(measure.kind) for measure in _measures(layout, body.part.entry.key, columns))
    ways = cuts(run, kinds, (), Budget()) if len(run.chars) == len(digits) else []
    kept = tuple(cut for cut in ways if _grown(cut, columns, layout.table))
    if not kept:
        raise Refused("GLUED_UNCUT", f"“{name}”的“{digits}”切不成表式的 {len(columns)} 格")
    return _Line(name, (start, start + len(unit)), at, run, kinds, kept)


def _measures(layout: Layout, row: str, columns: Sequence[str]) -> list[Measure]:
    return [book().cell(layout.table, row, column) for column in columns]


def pairs(table: str, columns: Sequence[str]) -> list[tuple[int, int]]:
    """Column numbers (all years, this year): the first is never below the second."""
    least = {one.column: one.least for one in book().list_columns[table] if one.least}
    return [(n, columns.index(least[c])) for n, c in enumerate(columns) if least.get(c) in columns]


def _grown(cut: Cut, columns: Sequence[str], table: str) -> bool:
    return all(cut.values[more] >= cut.values[less] for more, less in pairs(table, columns))


@dataclass(frozen=True, slots=True)
class _Rules:
    """Signed sums over cells (sign, row, column) that are zero, and such that are not negative."""

    equal: tuple[tuple[Term, ...], ...]
    least: tuple[tuple[Term, ...], ...]


def _rules(layout: Layout, rows: Sequence[str], columns: Sequence[str]) -> _Rules:
    """The rules of the codebook whose cells are all printed here."""
    places = {
        book().cell(layout.table, row, column).code: (r, c)
        for r, row in enumerate(rows)
        for c, column in enumerate(columns)
    }
    equal, least = list[tuple[Term, ...]](), list[tuple[Term, ...]]()
    for check in book().checks:
        if check.scope != "report" or check.when or check.each or not set(check.forms) & set(layout.forms):
            continue
        kind, signed = compared(check.formula)
        cells = [(sign, places.get(code)) for sign, code in signed]
        terms = tuple((sign, *place) for sign, place in cells if place)
        if not kind or len(terms) < len(cells):
            continue
        if kind == "==" and check.severity == "error":
            equal.append(terms)
        elif kind != "==":
            turn = 1 if kind == ">=" else -1
            least.append(tuple((turn * sign, row, column) for sign, row, column in terms))
    return _Rules(tuple(equal), tuple(least))


def compared(text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The comparison of a rule and the signed cells on its left less those on its right; "" where it is not so plain."""
    formula = parse(text)
    if formula.comparison not in {"==", ">=", "<="}:
        return "", ()
    plain = equation(text.replace(f" {formula.comparison} ", " == "))
    return (formula.comparison, plain) if plain else ("", ())


def _groups(count: int, rules: _Rules) -> Iterator[list[int]]:
    """Rows that rules tie together, each row once."""
    group = list(range(count))
    for terms in (*rules.equal, *rules.least):
        tied = {group[row] for _, row, _ in terms}
        group = [min(tied) if one in tied else one for one in group]
    for first in dict.fromkeys(group):
        yield [row for row, one in enumerate(group) if one == first]


def _choose(
    lines: Sequence[_Line], group: list[int], rules: _Rules, columns: Sequence[str], layout: Layout, budget: Budget
) -> list[tuple[Cut, float, str]]:
    inside = {row: n for n, row in enumerate(group)}
    own = [lines[row] for row in group]
    equal = [tuple((s, inside[r], c) for s, r, c in terms) for terms in rules.equal if terms[0][1] in inside]
    least = [tuple((s, inside[r], c) for s, r, c in terms) for terms in rules.least if terms[0][1] in inside]
    ways = balance.solutions([[cut.values for cut in line.ways] for line in own], equal, budget)
    if len(ways) >= balance.MOST_SOLUTIONS:
        raise Refused("GLUED_UNDECIDED", f"“{own[0].name}”等行的切法超过 {len(ways)} 种")
    ways = [way for way in ways if all(_sum(own, way, terms) >= 0 for terms in least)]
    if not ways:
        return _unbalanced(own)
    taken = ways[0] if len(ways) == 1 else _plausible(own, ways, columns, layout)
    return [_scored(line, n, taken, ways, equal, budget) for n, line in enumerate(own)]


def _sum(lines: Sequence[_Line], way: Sequence[int], terms: Sequence[Term]) -> int:
    return sum(sign * lines[row].ways[way[row]].values[column] for sign, row, column in terms)


def _unbalanced(lines: Sequence[_Line]) -> list[tuple[Cut, float, str]]:
    """The source breaks its own rules: rows that can be cut in one way only are read, with a doubt."""
    for line in lines:
        if len(line.ways) > 1:
            what = f"有 {len(line.ways)} 种切法"
            raise Refused("GLUED_INCONSISTENT", f"表内勾稽不成立；“{line.name}”的“{line.run.chars}”{what}")
    return [(line.ways[0], UNBALANCED, NOT_BALANCED) for line in lines]


def _plausible(
    lines: Sequence[_Line], ways: Sequence[tuple[int, ...]], columns: Sequence[str], layout: Layout
) -> tuple[int, ...]:
    """The way whose growth is plausible in every row where ways differ, if no other is anything but implausible."""
    bounds = book().units["cumulative"]
    apart = [n for n in range(len(lines)) if len({way[n] for way in ways}) > 1]
    tied = pairs(layout.table, columns)

    def growth(way: tuple[int, ...]) -> float:
        cut = [lines[n].ways[way[n]].values for n in apart]
        return max((one[more] / one[less] for one in cut for more, less in tied if one[less]), default=float("inf"))

    ranked = sorted(ways, key=growth)
    if growth(ranked[0]) > bounds["growth_up_to"] or growth(ranked[1]) < bounds["growth_above"]:
        shown = "；".join(
            f"{lines[n].name} " + " 或 ".join(lines[n].ways[way[n]].texts(lines[n].run) for way in ranked[:2])
            for n in apart[:3]
        )
        raise Refused("GLUED_AMBIGUOUS", f"有 {len(ways)} 种切法：{shown}")
    return ranked[0]


def _scored(
    line: _Line,
    n: int,
    taken: Sequence[int],
    ways: Sequence[Sequence[int]],
    equal: Sequence[Sequence[Term]],
    budget: Budget,
) -> tuple[Cut, float, str]:
    cut = line.ways[taken[n]]
    others = dict.fromkeys(line.ways[way[n]].texts(line.run) for way in ways if way[n] != taken[n])
    if others:
        return cut, UNBALANCED, f"连排数字另有切法：{'、'.join(list(others)[:SHOWN])}"
    summed = any(row == n for terms in equal for _, row, _ in terms)
    if len(line.ways) > 1:
        return cut, BY_TABLE if summed else BY_ROW, "" if summed else ONLY_BOUNDS
    blank = "" if summed else _with_blanks(line, budget)
    return cut, BY_COUNT, f"连排；若有空白格则另有切法，如 {blank}" if blank else ""


def _with_blanks(line: _Line, budget: Budget) -> str:
    """One way to cut a line that leaves cells blank; "" where there is none."""
    if len(line.kinds) == 1:
        return ""
    fewer = (cut for cut in search(line.run, line.kinds, (), budget, blanks=True) if None in cut.cells)
    return next((cut.texts(line.run) for cut in islice(fewer, 1)), "")
