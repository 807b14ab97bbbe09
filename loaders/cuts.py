"""Cut a run of digits into the cells of one row: every way that the grammar and the sums of the row allow.

A count has no leading zero, so that 000 is three cells and can't be one. A dash is a cell of its own. Signs belong to
changes, decimals and units of money to amounts. Work is bounded by a budget of tried tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

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
    """How many tokens may still be tried; one budget serves a whole document."""

    left: int = 200_000

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
        return tuple(zip(edges, edges[1:], strict=False))


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


def search(
    run: Run, kinds: Sequence[str], sums: Sequence[Sum], budget: Budget, blanks: bool = False
) -> Iterator[Cut]:
    """The ways to cut a run, spaces set aside, as they are found; with `blanks` a cell may also be empty.

    Raises Refused (GLUED_UNDECIDED) beyond the budget.
    """
    return _Search(run.chars, kinds, sums, budget, blanks).run()


def _number(token: str) -> int:
    digits = "".join(char for char in token.partition(".")[0] if char in "0123456789")
    return int(digits) if digits else 0


class _Search:
    """Depth first from left to right; a cell that a sum decides is taken or the way is left."""

    def __init__(self, chars: str, kinds: Sequence[str], sums: Sequence[Sum], budget: Budget, blanks: bool) -> None:
        self.chars, self.kinds, self.sums, self.budget, self.blanks = chars, kinds, sums, budget, blanks
        self.ends: dict[tuple[str, int], list[tuple[int, int]]] = {}
        self.room = [sum(LONGEST[kind] for kind in kinds[at:]) for at in range(len(kinds) + 1)]

    def run(self) -> Iterator[Cut]:
        """Every cut, in the order of shorter first cells."""
        yield from self._from(0, 0, (), ())

    def _from(
        self, column: int, at: int, cells: tuple[tuple[int, int] | None, ...], values: tuple[int, ...]
    ) -> Iterator[Cut]:
        left = len(self.chars) - at
        if column == len(self.kinds):
            if not left:
                yield Cut(cells, values)
            return
        if left > self.room[column] or (not self.blanks and left < self._needed(column, values)):
            return
        wanted = self._decided(column, values)
        if self.blanks and wanted in {None, 0}:
            yield from self._from(column + 1, at, (*cells, None), (*values, 0))
        for end, value in self._tokens(self.kinds[column], at):
            self.budget.spend()
            if wanted is None or value == wanted:
                yield from self._from(column + 1, end, (*cells, (at, end)), (*values, value))

    def _needed(self, column: int, values: tuple[int, ...]) -> int:
        """How many characters the cells to come take at least; a total is as long as what it adds up to."""
        needed = len(self.kinds) - column
        for one in self.sums:
            if column <= one.last:
                known = abs(sum(sign * values[place] for sign, place in one.terms if place < column))
                same = len({sign for sign, _ in one.terms[:-1]}) == 1 and one.terms[0][0] != one.terms[-1][0]
                needed += len(str(known)) - 1 if same else 0
        return needed

    def _decided(self, column: int, values: tuple[int, ...]) -> int | None:
        """The value that a sum leaves for a column; -1 where no count can make it true."""
        for one in self.sums:
            if one.last == column:
                rest = sum(sign * values[place] for sign, place in one.terms[:-1])
                value = -rest * one.terms[-1][0]
                return value if value >= 0 else -1
        return None

    def _tokens(self, kind: str, at: int) -> list[tuple[int, int]]:
        known = self.ends.get((kind, at))
        if known is None:
            pattern, chars = TOKENS[kind], self.chars
            last = min(len(chars), at + LONGEST[kind])
            known = [(end, _number(chars[at:end])) for end in range(at + 1, last + 1) if pattern.fullmatch(chars, at, end)]
            self.ends[kind, at] = known
        return known
