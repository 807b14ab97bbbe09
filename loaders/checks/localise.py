"""Where sums of a table fail: the smallest sets of cells whose change would make all of them hold.

Fellegi and Holt (1976): some cell of every failing sum must change. Choose one, solve that sum for it and put the
result into the others; where they hold now the set is found, where one fails the next cell is chosen among its own.
So every set is met that can mend the table, and none twice. Sums that share no cell are looked at apart (parts).
A set is a suggestion: nothing is changed by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from codebook import Layout, book
from loaders.checks.elimination import Budget, Row, Solution, TooLongError, solutions
from loaders.checks.findings import Key
from loaders.checks.sums import NOTHING
from loaders.facts import Fact
from loaders.glue.balance import sums

LARGEST = 3  # cells: a table that needs more is not misprinted, it is wrong
STEPS = 20_000  # cells tried a part: some tenths of a second
MOST = 12  # sets of one size: where there are more, arithmetic does not point anywhere
Equation = dict[Key, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that a set changes: what it holds and what would make the sums hold."""

    cell: Key
    printed: str
    suggested: int


@dataclass(frozen=True, slots=True)
class Part:
    """Failing sums that hang together: all smallest sets, or the reason why there is none to tell."""

    table: str
    cells: frozenset[Key]
    sets: tuple[tuple[Change, ...], ...]
    reason: str


NO_SET = "改动三格以内不能使各式都成立"
MANY_SETS = "能使各式成立的改法太多"
TOO_LONG = "要试的改法太多，没有试完"


def localise(facts: Sequence[Fact], layouts: Mapping[str, Layout]) -> list[Part]:
    """The smallest sets for each table read whose sums fail; `layouts` are those that the tables follow."""
    found = []
    for table, layout in layouts.items():
        cells = {(fact.code, fact.applicant or ""): fact for fact in facts if fact.table == table}
        equations = [one for one in _equations(table, layout.forms) if all(_known(cells.get(key)) for key in one)]
        values = {key: int(fact.value or 0) for key, fact in cells.items()}
        for part in _parts(equations):
            if any(_residual(one, values) for one in part):
                found.append(_part(table, part, values, cells))
    return found


@cache
def _equations(table: str, forms: tuple[str, ...]) -> tuple[Equation, ...]:
    """The sums of a table, each zero where it holds: cell → its sign."""
    layout = next(one for one in book().layouts[table] if one.forms == forms)
    told = sums(table, forms)

    def key(row: int, column: int) -> Key:
        name = layout.columns[column].key
        return book().cell(table, layout.rows[row].key, name).code, name if table == "requests" else ""

    within = [{key(row, c): s for s, c in one.terms} for row, some in enumerate(told.within) for one in some]
    return (*within, *({key(r, c): s for s, r, c in terms} for terms in told.across))


def _known(fact: Fact | None) -> bool:
    """Whether a cell can stand in a sum: a whole number, or nothing."""
    if fact is None:
        return False
    if fact.state == "text":
        return fact.raw.strip() in NOTHING
    return fact.state != "number" or (fact.value is not None and fact.value == int(fact.value))


def _parts(equations: Sequence[Equation]) -> Iterator[list[Equation]]:
    """The equations in groups that share cells."""
    left = list(equations)
    while left:
        part = [left.pop(0)]
        cells = set(part[0])
        while near := [one for one in left if cells & one.keys()]:
            left = [one for one in left if not cells & one.keys()]
            part += near
            cells.update(*near)
        yield part


def _residual(equation: Equation, values: Mapping[Key, int]) -> int:
    return sum(sign * values[key] for key, sign in equation.items())


def _part(table: str, part: list[Equation], values: Mapping[Key, int], cells: Mapping[Key, Fact]) -> Part:
    failing = frozenset(key for one in part if _residual(one, values) for key in one)
    rows = [Row(dict(one), -_residual(one, values)) for one in part]
    budget = Budget(STEPS)
    try:
        for size in range(1, LARGEST + 1):
            found = _mending(rows, size, values, budget)
            if len(found) > MOST:
                return Part(table, failing, (), MANY_SETS)
            if found:
                order = {key: n for n, key in enumerate(cells)}
                sets = [sorted(solution.items(), key=lambda pair: order[pair[0]]) for solution in found.values()]
                sets.sort(key=lambda one: [order[key] for key, _ in one])
                told = (tuple(Change(k, cells[k].raw, values[k] + change) for k, change in one) for one in sets)
                return Part(table, failing, tuple(told), "")
    except TooLongError:
        return Part(table, failing, (), TOO_LONG)
    return Part(table, failing, (), NO_SET)


def _mending(rows: list[Row], size: int, values: Mapping[Key, int], budget: Budget) -> dict[frozenset[Key], Solution]:
    """The sets of this size that mend all sums with counts that are whole and not negative; a few beyond MOST."""
    found = dict[frozenset[Key], Solution]()
    for solution in solutions(rows, size, budget):
        if all(values[key] + change >= 0 for key, change in solution.items()):
            found.setdefault(frozenset(solution), solution)
        if len(found) > MOST:
            break
    return found
