"""Every set of so many unknowns that solves a system of sums: choose, solve, put in, look which sums still fail.

A row says what a sum of changes must come to; the changes of cells not chosen are zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loaders.checks.findings import Key

Solution = dict[Key, int]


class TooLongError(Exception):
    """The budget is used up."""


@dataclass(slots=True)
class Budget:
    """How many cells may still be tried."""

    left: int

    def spend(self) -> None:
        """Raises TooLongError where nothing is left."""
        self.left -= 1
        if self.left < 0:
            raise TooLongError


@dataclass(frozen=True, slots=True)
class Row:
    """A sum of changes, cell → factor, and what it must come to."""

    terms: dict[Key, int]
    right: int


def solutions(rows: list[Row], size: int, budget: Budget) -> Iterator[Solution]:
    """Changes of exactly so many cells that solve all rows, whole numbers only; a set may come twice.

    Raises TooLongError.
    """
    yield from _search(rows, size, (), budget)


def _search(rows: list[Row], size: int, solved: tuple[tuple[Key, Row], ...], budget: Budget) -> Iterator[Solution]:
    failing = [row for row in rows if row.right]
    if not failing:
        return  # a smaller set solves them
    if size == 1:
        for key in set.intersection(*(set(row.terms) for row in failing)):
            budget.spend()
            touched = [row for row in rows if key in row.terms]
            first = touched[0]
            if all(row.right * first.terms[key] == first.right * row.terms[key] for row in touched):
                yield from _whole(((key, first), *solved))
        return
    shortest = min(failing, key=lambda row: len(row.terms))
    for key in shortest.terms:
        budget.spend()
        others = [_without(row, key, shortest) for row in rows if row is not shortest]
        yield from _search(others, size - 1, ((key, shortest), *solved), budget)


def _without(row: Row, key: Key, pivot: Row) -> Row:
    """The row with a cell replaced by what the pivot says of it."""
    factor = row.terms.get(key)
    if factor is None:
        return row
    scale = pivot.terms[key]
    terms = {cell: value * scale for cell, value in row.terms.items()}
    for cell, value in pivot.terms.items():
        left = terms.get(cell, 0) - factor * value
        if left:
            terms[cell] = left
        else:
            terms.pop(cell, None)
    return Row(terms, row.right * scale - factor * pivot.right)


def _whole(solved: tuple[tuple[Key, Row], ...]) -> Iterator[Solution]:
    """The changes, last chosen first; nothing where one is zero or no whole number."""
    found = Solution()
    for key, row in solved:
        right = row.right - sum(row.terms[cell] * change for cell, change in found.items() if cell in row.terms)
        change, rest = divmod(right, row.terms[key])
        if rest or not change:
            return
        found[key] = change
    yield found
