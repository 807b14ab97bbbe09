"""Rules and glyphs of a page → tables: which cells the rules part, and what stands in each of them.

Rules that touch belong to one table. Their levels make a fine grid; where no rule runs between two of its fields,
both belong to one cell. So merged cells need no guessing, and outer borders may be missing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from loaders.errors import BadStructure
from loaders.readers import drawn
from loaders.readers.drawn import Glyph, Page, Rule

SNAP = 3.0  # points: levels nearer than this are one; drawn double lines and spaced cells are
COVER = 0.85  # the share of a field's side that a rule must run along to part it from the next
SHORTEST, THINNEST = 5.0, 5.0
RUNS_ON = 0.08  # type sizes
MOST_RULES, MOST_FIELDS = 4_000, 40_000


@dataclass(slots=True)
class Box:
    """A cell: fields `top`..`bottom` and `left`..`right` (inclusive) of the table's grid, and where it stands."""

    top: int
    left: int
    bottom: int
    right: int
    x0: float
    x1: float
    y0: float
    y1: float
    text: str = ""

    @property
    def thin(self) -> bool:
        """Whether it is the space between drawn lines rather than a cell."""
        return not self.text and min(self.x1 - self.x0, self.y1 - self.y0) < THINNEST


@dataclass(slots=True)
class Table:
    """A ruled table: its cells in reading order, each once, and where it stands on the page."""

    x0: float
    y0: float
    x1: float
    y1: float
    depth: int
    boxes: list[Box] = field(default_factory=list)

    def rows(self) -> list[list[Box]]:
        """The cells by the row in which they begin; rows in which none begins are left out."""
        found = [[box for box in self.boxes if box.top == row] for row in range(self.depth)]
        return [row for row in found if row]


def tables(page: Page) -> tuple[list[Table], list[Glyph]]:
    """The tables of a page from top to bottom, and the glyphs outside them.

    Raises BadStructure (TOO_LARGE) where rules or fields are beyond the bounds.
    """
    level, upright = _merged(page.rules, True), _merged(page.rules, False)
    if len(level) + len(upright) > MOST_RULES:
        raise BadStructure("TOO_LARGE", f"第 {page.number} 页的表线超过 {MOST_RULES} 条")
    found, free = list[Table](), list(page.glyphs)
    for frame in sorted((_Frame(some, page) for some in _touching(level, upright)), key=lambda frame: frame.area):
        if frame.cells < 2:
            continue  # a frame around the page, an ornament
        inside = [glyph for glyph in free if frame.holds(glyph.middle)]
        if inside:
            free = [glyph for glyph in free if not frame.holds(glyph.middle)]
            found.append(frame.table(inside, [glyph for glyph in page.hidden if frame.holds(glyph.middle)]))
    return sorted(found, key=lambda table: (table.y0, table.x0)), free


def _merged(rules: Sequence[Rule], level: bool) -> list[Rule]:
    """Rules of one direction; pieces on one level that touch are one rule."""
    some = [rule for rule in rules if rule.level == level]
    some.sort(key=lambda r: (r.y0, r.x0) if level else (r.x0, r.y0))
    lines: list[list[Rule]] = []
    for rule in some:
        if lines and abs(_across(rule, level) - _across(lines[-1][0], level)) <= SNAP / 2:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    found = []
    for line in lines:
        at = sum(_across(rule, level) for rule in line) / len(line)
        spans = sorted((r.x0, r.x1) if level else (r.y0, r.y1) for r in line)
        start, end = spans[0]
        for left, right in spans[1:]:
            if left > end + SNAP:
                found.append(_along(at, start, end, level))
                start = left
                end = right
            end = max(end, right)
        found.append(_along(at, start, end, level))
    return [rule for rule in found if max(rule.x1 - rule.x0, rule.y1 - rule.y0) >= SHORTEST]


def _across(rule: Rule, level: bool) -> float:
    return rule.y0 if level else rule.x0


def _along(at: float, start: float, end: float, level: bool) -> Rule:
    return Rule(start, at, end, at) if level else Rule(at, start, at, end)


def _touching(level: list[Rule], upright: list[Rule]) -> list[list[Rule]]:
    """Rules in groups that touch each other."""
    group = list(range(len(level) + len(upright)))
    for n, line in enumerate(level):
        for m, post in enumerate(upright, start=len(level)):
            if line.x0 - SNAP <= post.x0 <= line.x1 + SNAP and post.y0 - SNAP <= line.y0 <= post.y1 + SNAP:
                group[_root(group, m)] = _root(group, n)
    found: dict[int, list[Rule]] = {}
    for n, rule in enumerate((*level, *upright)):
        found.setdefault(_root(group, n), []).append(rule)
    return [some for some in found.values() if len(some) > 1]


def levels(values: Iterable[float]) -> list[float]:
    """Values in steps of more than SNAP; what lies nearer together becomes one."""
    steps: list[list[float]] = []
    for value in sorted(values):
        if steps and value - steps[-1][0] <= SNAP:
            steps[-1].append(value)
        else:
            steps.append([value])
    return [sum(step) / len(step) for step in steps]


class _Frame:
    """The fine grid of one table: levels of its rules, and which fields no rule parts."""

    def __init__(self, rules: list[Rule], page: Page) -> None:
        level = [rule for rule in rules if rule.level]
        upright = [rule for rule in rules if not rule.level]
        self.xs = levels([r.x0 for r in upright] + [x for r in level for x in (r.x0, r.x1)])
        self.ys = levels([r.y0 for r in level] + [y for r in upright for y in (r.y0, r.y1)])
        self.wide, self.high = len(self.xs) - 1, len(self.ys) - 1
        if self.wide * self.high > MOST_FIELDS:
            raise BadStructure("TOO_LARGE", f"第 {page.number} 页的表格超过 {MOST_FIELDS} 个格子")
        self.group = list(range(max(0, self.wide * self.high)))
        self.beside = _walls(upright, self.xs, self.ys)
        self._open(_walls(level, self.ys, self.xs), self.beside)

    @property
    def area(self) -> float:
        """How much of the page it takes up."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return sum(1 for n in range(len(self.group)) if _root(self.group, n) == n)

    def holds(self, at: tuple[float, float]) -> bool:
        """Whether a place is inside the table."""
        x, y = at
        return self.xs[0] - SNAP <= x <= self.xs[-1] + SNAP and self.ys[0] - SNAP <= y <= self.ys[-1] + SNAP

    def table(self, glyphs: list[Glyph], hidden: list[Glyph]) -> Table:
        """The cells with what stands in them; a cell of hidden figures only is no blank one, nor a number."""
        found: dict[int, Box] = {}
        for n in range(self.wide * self.high):
            row, col = divmod(n, self.wide)
            box = found.setdefault(_root(self.group, n), Box(row, col, row, col, 0.0, 0.0, 0.0, 0.0))
            box.left, box.right, box.bottom = min(box.left, col), max(box.right, col), row
        for box in found.values():
            box.x0, box.x1 = self.xs[box.left], self.xs[box.right + 1]
            box.y0, box.y1 = self.ys[box.top], self.ys[box.bottom + 1]
        inside: dict[int, list[Glyph]] = {}
        for glyph in glyphs:
            inside.setdefault(self._field(glyph), []).append(glyph)
        for key, some in inside.items():
            found[key].text = drawn.text(some, found[key].x1 - found[key].x0)
        unclear = self._straddled(glyphs)
        for glyph in hidden:
            key = self._field(glyph)
            if key not in inside:
                found[key].text += glyph.text
                unclear.add(key)
        for key in unclear:
            found[key].text += drawn.UNKNOWN
        boxes = [box for box in found.values() if not (box.thin or self._outside(box))]
        boxes.sort(key=lambda box: (box.top, box.left))
        return Table(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1], self.high, boxes)

    def _open(self, below: set[tuple[int, int]], beside: set[tuple[int, int]]) -> None:
        for row in range(self.high):
            for col in range(self.wide):
                here = row * self.wide + col
                if col + 1 < self.wide and (col + 1, row) not in beside:
                    self.group[_root(self.group, here + 1)] = _root(self.group, here)
                if row + 1 < self.high and (row + 1, col) not in below:
                    self.group[_root(self.group, here + self.wide)] = _root(self.group, here)

    def _outside(self, box: Box) -> bool:
        """Whether an empty stretch lies beyond the edge of a narrower table that touches this one."""
        if box.text:
            return False
        for edge, at_edge in ((0, box.left == 0), (self.wide, box.right == self.wide - 1)):
            walls = {row for level, row in self.beside if level == edge}
            if at_edge and walls and not walls & set(range(box.top, box.bottom + 1)):
                return True
        return False

    def _field(self, glyph: Glyph) -> int:
        x, y = glyph.middle
        col = min(max(bisect_right(self.xs, x) - 1, 0), self.wide - 1)
        row = min(max(bisect_right(self.ys, y) - 1, 0), self.high - 1)
        return _root(self.group, row * self.wide + col)

    def _straddled(self, glyphs: list[Glyph]) -> set[int]:
        """Cells between which a number runs on over the rule: whose it is can't be told."""
        found: set[int] = set()
        for row in drawn.rows([glyph for glyph in glyphs if glyph.text in drawn.FIGURES]):
            row.sort(key=lambda glyph: glyph.x0)
            for one, next_one in pairwise(row):
                if next_one.x0 - one.x1 < RUNS_ON * one.size:
                    fields = {self._field(one), self._field(next_one)}
                    found |= fields if len(fields) > 1 else set()
        return found


def _root(group: list[int], n: int) -> int:
    while group[n] != n:
        group[n] = group[group[n]]
        n = group[n]
    return n


def _walls(rules: list[Rule], levels: list[float], sides: list[float]) -> set[tuple[int, int]]:
    """Where rules run: the index of the level and of the stretch between two neighbouring sides."""
    spans: dict[int, list[tuple[float, float]]] = {}
    for rule in rules:
        at, start, end = (rule.y0, rule.x0, rule.x1) if rule.level else (rule.x0, rule.y0, rule.y1)
        near = min(range(len(levels)), key=lambda n: abs(levels[n] - at))
        spans.setdefault(near, []).append((start - SNAP / 2, end + SNAP / 2))
    found = set()
    for near, some in spans.items():
        for n, (left, right) in enumerate(pairwise(sides)):
            covered, reach = 0.0, left
            for start, end in sorted(some):
                covered += max(0.0, min(end, right) - max(start, reach))
                reach = max(reach, min(end, right))
            if covered >= COVER * (right - left):
                found.add((near, n))
    return found
