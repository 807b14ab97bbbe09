"""Cut a run of digits into the cells of one row: every way that the grammar and the sums of the row allow.

A count has no leading zero, so that 000 is three cells and can't be one. A dash is a cell of its own. Signs belong to
changes, decimals and units of money to amounts. Work is bounded by a budget of tried tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from loaders.errors import Refused

DASHES = r"\-‐‑‒–—―−ー/"
COUNT = r"(?:0|[1-9]\d{0,2}(?:,\d{3}){1,2}|[1-9]\d{0,8})"
DASH = rf"(?:——|[{DASHES}])"
MONEY = r"(?:0|[1-9]\d{0,2}(?:,\d{3}){1,4}|[1-9]\d{0,14})(?:\.\d{1,8})?(?:亿元|万元|亿|万|元)?"
UNIT = r"(?:人次|批次|[件条项个次宗])?"
TOKENS = {
    "count": re.compile(rf"{COUNT}{UNIT}|{DASH}"),
    # A dash before digits may be a minus that the word processor made longer.
    "change": re.compile(rf"(?:[+{DASHES}]|增加|减少|新增|增|减)?{COUNT}{UNIT}|{DASH}"),
    "money": re.compile(rf"{MONEY}|{DASH}"),
}
CHARACTERS = {  # what a run may consist of, as the inside of a character class
    "count": rf"0-9,{DASHES}件条项个人批次宗",
    "change": rf"0-9,{DASHES}件条项个人批次宗+增减加少新",
    "money": rf"0-9,{DASHES}.亿万元",
}
LONGEST = {"count": 13, "change": 15, "money": 24}
MOST = 3000  # more ways than this are not counted


@dataclass(slots=True)
class Budget:
    """How many tokens may still be tried for one table."""

    left: int = 150_000

    def spend(self, amount: int = 1) -> None:
        """Raises Refused (GLUED_UNDECIDED) where nothing is left."""
        self.left -= amount
        if self.left < 0:
            raise Refused("GLUED_UNDECIDED", "连排数字的切法太多，在限定的计算量内没有结论")


@dataclass(frozen=True, slots=True)
class Run:
    """The characters behind one label; `gaps` are the inner places where the original shows a space or line end."""

    chars: str
    gaps: frozenset[int] = frozenset()

    def head(self, length: int) -> Run:
        """The first characters of the run."""
        return Run(self.chars[:length], frozenset(gap for gap in self.gaps if gap < length))

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """What the gaps set apart."""
        edges = [0, *sorted(self.gaps), len(self.chars)]
        return tuple(pairwise(edges))


@dataclass(frozen=True, slots=True)
class Cut:
    """One way to cut a run: the stretch of each cell (None for a blank) and its number (0 for dashes and blanks)."""

    cells: tuple[tuple[int, int] | None, ...]
    values: tuple[int, ...]

    def spans_gap(self, run: Run) -> bool:
        """Whether a cell runs on over a space: no such cell can be read as a number."""
        return any(cell and cell[0] < gap < cell[1] for cell in self.cells for gap in run.gaps)

    def texts(self, run: Run) -> str:
        """The cells in words."""
        return " ".join(run.chars[slice(*cell)] if cell else "□" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sum:
    """Cells of one row whose signed sum is zero: (sign, column) in the order of the columns."""

    terms: tuple[tuple[int, int], ...]

    @property
    def last(self) -> int:
        """The column that the others decide."""
        return self.terms[-1][1]


def grammar(kind: str) -> str:
    """Which grammar a measure's kind has: count, change or money; "" for text, which is never cut."""
    named = {"money": "money", "change": "change", "text": "", "yes_no": ""}
    return named.get(kind, "count")


def parted(run: Run, kinds: Sequence[str]) -> Cut | None:
    """The cut that spaces show where they set apart exactly as many cells as the form has columns."""
    if len(run.parts) != len(kinds) or not run.chars:
        return None
    if not all(TOKENS[kind].fullmatch(run.chars, *part) for kind, part in zip(kinds, run.parts, strict=True)):
        return None
    return Cut(run.parts, tuple(_number(run.chars[slice(*part)]) for part in run.parts))


def cuts(run: Run, kinds: Sequence[str], sums: Sequence[Sum], budget: Budget) -> list[Cut]:
    """All ways to cut a run into a cell for each kind such that the sums hold; at most one more than MOST."""
    return list(islice(search(run, kinds, sums, budget), MOST + 1))


def search(run: Run, kinds: Sequence[str], sums: Sequence[Sum], budget: Budget, blanks: bool = False) -> Iterator[Cut]:
    """The ways to cut a run, spaces set aside, as they are found; with `blanks` a cell may also be empty.

    Raises Refused (GLUED_UNDECIDED) beyond the budget.
    """
    return _Search(run.chars, kinds, sums, budget, blanks).run()


def _number(token: str) -> int:
    digits = "".join(char for char in token.partition(".")[0] if char in "0123456789")
    return int(digits) if digits else 0


Way = tuple[tuple[tuple[int, int] | None, ...], tuple[int, ...]]  # cells and their values


class _Search:
    """Group by group: where a group's total may stand, then the cells before it that add up to just that."""

    def __init__(self, chars: str, kinds: Sequence[str], sums: Sequence[Sum], budget: Budget, blanks: bool) -> None:
        self.chars, self.kinds, self.budget, self.blanks = chars, kinds, budget, blanks
        self.ends: dict[tuple[str, int], list[tuple[int, int]]] = {}
        self.totals = [one.last for one in sorted(sums, key=lambda one: one.last)]
        closed = [-1, *self.totals]
        wanted = [(*((1, n) for n in range(a + 1, b)), (-1, b)) for a, b in pairwise(closed)]
        self.summed = bool(sums) and closed[-1] == len(kinds) - 1 and sorted(wanted) == sorted(s.terms for s in sums)
        self.sums = sums

    def run(self) -> Iterator[Cut]:
        """Every cut."""
        ways = self._groups(0, 0) if self.summed else self._fill(0, len(self.kinds), 0, len(self.chars), None)
        for cells, values in ways:
            if self.summed or all(sum(sign * values[n] for sign, n in one.terms) == 0 for one in self.sums):
                yield Cut(cells, values)

    def _groups(self, group: int, at: int) -> Iterator[Way]:
        if group == len(self.totals):
            if at == len(self.chars):
                yield (), ()
            return
        first, total = (self.totals[group - 1] + 1 if group else 0), self.totals[group]
        after = len(self.kinds) - total - 1
        for start in range(at + total - first, len(self.chars) - after):
            for end, value in self._tokens(self.kinds[total], start):
                self.budget.spend()
                left = len(self.chars) - end
                if left < after or (left and not after):
                    continue
                for cells, values in self._fill(first, total, at, start, value):
                    for later, worth in self._groups(group + 1, end):
                        yield (*cells, (start, end), *later), (*values, value, *worth)

    def _fill(self, column: int, stop: int, at: int, end: int, target: int | None) -> Iterator[Way]:
        """Cells for the columns up to `stop` out of the characters up to `end`, adding up to the target if there is one."""
        left, cells = end - at, stop - column
        if not cells:
            if not left and not target:
                yield (), ()
            return
        if not self.blanks and (left < cells or (target is not None and not _reachable(target, left, cells))):
            return
        if self.blanks:
            for later, worth in self._fill(column + 1, stop, at, end, target):
                yield (None, *later), (0, *worth)
        for till, value in self._tokens(self.kinds[column], at):
            if till > end or (target is not None and value > target):
                break
            self.budget.spend()
            rest = None if target is None else target - value
            for later, worth in self._fill(column + 1, stop, till, end, rest):
                yield ((at, till), *later), (value, *worth)

    def _tokens(self, kind: str, at: int) -> list[tuple[int, int]]:
        """Where a token that begins at a place may end, with its number; longer tokens are never smaller numbers."""
        known = self.ends.get((kind, at))
        if known is None:
            pattern, chars = TOKENS[kind], self.chars
            last = min(len(chars), at + LONGEST[kind])
            known = [
                (end, _number(chars[at:end])) for end in range(at + 1, last + 1) if pattern.fullmatch(chars, at, end)
            ]
            self.ends[kind, at] = known
        return known


def _reachable(target: int, characters: int, cells: int) -> bool:
    """Whether so many characters can hold cells of that sum: one cell takes all but a figure for each of the others."""
    return target < int(10 ** (characters - cells + 1)) + 9 * (cells - 1)
