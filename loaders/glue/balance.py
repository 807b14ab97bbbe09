"""The sums that a table of the form obeys, and all ways to choose one cut for each row such that they hold.

The sums are the rules of codebook/checks.csv that compare cells of one table with ==; nothing is said about a form
here. The solver narrows each row's cuts by what the other rows leave possible, then tries what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from codebook import Check, Layout, book
from loaders.formulas import equation
from loaders.glue.cuts import Budget, Sum

MOST_SOLUTIONS = 200
Term = tuple[int, int, int]  # sign, row, column


@dataclass(frozen=True, slots=True)
class Sums:
    """Signed sums over a table's cells that are zero: within one row (by row), and across rows."""

    within: tuple[tuple[Sum, ...], ...]
    across: tuple[tuple[Term, ...], ...]


@cache
def sums(table: str, forms: tuple[str, ...]) -> Sums:
    """The sums of a table as a vintage of the form has them; a rule with a cell that is not on the form is left out."""
    layout = next(one for one in book().layouts[table] if one.forms == forms)
    within: list[list[Sum]] = [[] for _ in layout.rows]
    across: list[tuple[Term, ...]] = []
    for check in book().checks:
        if check.severity != "error" or (check.forms and not set(check.forms) & set(forms)):
            continue
        for terms in _equations(check, layout):
            rows = {row for _, row, _ in terms}
            if len(rows) == 1:
                within[rows.pop()].append(Sum(tuple(sorted(((s, c) for s, _, c in terms), key=lambda term: term[1]))))
            else:
                across.append(terms)
    return Sums(tuple(tuple(some) for some in within), tuple(across))


def _equations(check: Check, layout: Layout) -> Iterator[tuple[Term, ...]]:
    signed = equation(check.formula)
    if signed is None or check.scope != "report" or check.when:
        return
    cells = {
        (book().cell(layout.table, row.key, column.key).code, column.key if layout.table == "requests" else ""): (r, c)
        for r, row in enumerate(layout.rows)
        for c, column in enumerate(layout.columns)
    }
    places = {"row": dict.fromkeys(code for code, _ in cells), "applicant": dict.fromkeys(who for _, who in cells)}
    for place in places.get(check.each, {"": None}):
        terms: list[Term] = []
        for sign, term in signed:
            found = [cells[key] for key in _keys(term, check.each, place, cells) if key in cells]
            if not found:
                break
            terms += [(sign, *cell) for cell in found]
        else:
            yield tuple(terms)


def _keys(term: str, each: str, place: str, cells: dict[tuple[str, str], tuple[int, int]]) -> list[tuple[str, str]]:
    if each == "row":
        return [(place, term)]
    code, _, who = term.partition("@")
    who = who or (place if each == "applicant" else "")
    if code.endswith(".*"):
        return [key for key in cells if key[0].startswith(code[:-1]) and key[1] == who]
    return [(code, who)]


Values = tuple[int, ...]
Domain = list[int]  # the cuts of a row that are still possible, by number


def solutions(rows: Sequence[Sequence[Values]], across: Sequence[tuple[Term, ...]], budget: Budget) -> list[Values]:
    """Which cut of each row to take, for every choice that makes all sums hold; at most MOST_SOLUTIONS.

    Raises Refused (GLUED_UNDECIDED) beyond the budget.
    """
    equations = []
    for terms in across:
        parts: dict[int, list[tuple[int, int]]] = {}
        for sign, row, column in terms:
            parts.setdefault(row, []).append((sign, column))
        equations.append(
            {row: [sum(s * values[c] for s, c in some) for values in rows[row]] for row, some in parts.items()}
        )
    found: list[Values] = []
    open_domains: list[list[Domain]] = [[list(range(len(cuts))) for cuts in rows]]
    while open_domains and len(found) < MOST_SOLUTIONS:
        domains = open_domains.pop()
        if not _narrow(domains, equations, budget):
            continue
        widest = [(len(domain), row) for row, domain in enumerate(domains) if len(domain) > 1]
        if not widest:
            found.append(tuple(domain[0] for domain in domains))
            continue
        _, row = min(widest)
        for choice in reversed(domains[row]):
            open_domains.append([[choice] if at == row else list(domain) for at, domain in enumerate(domains)])
    return found


def _narrow(domains: list[Domain], equations: list[dict[int, list[int]]], budget: Budget) -> bool:
    """Drop cuts that no choice of the other rows can balance, until nothing changes; False where a row has none left."""
    changed = all(domains)
    alive = changed
    while changed:
        changed = False
        for parts in equations:
            low = {row: min(some[n] for n in domains[row]) for row, some in parts.items()}
            high = {row: max(some[n] for n in domains[row]) for row, some in parts.items()}
            lowest, highest = sum(low.values()), sum(high.values())
            for row, some in parts.items():
                under, over = low[row] - lowest, high[row] - highest
                budget.spend(len(domains[row]) - 1)
                # The others add up to something between -under and -over; this row must make it zero.
                kept = [n for n in domains[row] if over <= some[n] <= under]
                if len(kept) < len(domains[row]):
                    if not kept:
                        return False
                    domains[row], changed = kept, True
    return alive
