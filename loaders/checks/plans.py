"""The rules of a kind of report made ready: each rule at each of its places as sums of plain cells.

Most rules of most reports look at cells that are clear numbers, and hold. For those the sums are taken straight from a
table of numbers, in the order in which loaders.checks.sums takes them. Whatever is less plain (a blank, words, the year
before, a sum that fails) is left to loaders.checks.rules, which says why; the two never differ (tests/test_plans.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from codebook import Check, book
from loaders.checks.findings import NOT_ASSESSABLE, PASS, Key, Outcome
from loaders.checks.rules import REPORT, assess, holds, settled, slack
from loaders.checks.subject import Subject, applies, members
from loaders.formulas import YEARS, Call, Formula, Sum, conditions, is_number, parse

SHAPES = 128  # kinds of report that are remembered
GROUPS: dict[str, Callable[[list[float]], float]] = {
    "max": max,
    "min": min,
    "whole": lambda values: float(math.floor(values[0])),
}
NOWHERE: Key = ("", "")  # the cell of a family that the form has no member of


class Told(Enum):
    """What a formula came to."""

    HOLDS = 1
    FAILS = 2
    MISSING = 3
    UNPLAIN = 4


class NotPlain(Exception):
    """A formula that needs more than the cells of this report."""


class Group(NamedTuple):
    """max, min or whole of sums."""

    name: str
    sums: tuple[Terms, ...]


class Plain(NamedTuple):
    """A formula at a place: signed terms, each the cells that it stands for, a group of sums or a number."""

    left: Terms
    comparison: str
    rights: tuple[Terms, ...]
    keys: frozenset[Key]
    word: str  # the term that a report may tell as a word; "" where the left side is no single term
    words: tuple[str, ...]


Terms = tuple[tuple[float, "tuple[Key, ...] | Group | float"], ...]


class Ready(NamedTuple):
    """A rule at a place."""

    place: str
    when: tuple[Plain, ...]
    formula: Plain


class Plan(NamedTuple):
    """A rule; `ready` is None where it is never plain. `codes` are its cells: a report that tells them itself is odd."""

    check: Check
    ready: tuple[Ready, ...] | None
    codes: frozenset[str]
    passed: Outcome
    unknown: Outcome


def within(one: Subject) -> list[Outcome]:
    """Every rule that needs one report only, once for each row, applicant or cell that it runs over."""
    numbers: dict[Key, float] = {
        key: cell.value
        for key, cell in one.cells.items()
        if cell.state == "number" and cell.value is not None and not (cell.table == "narrative" and cell.doubt)
    }
    numbers |= {(term, ""): told for term, told in one.told.items() if not isinstance(told, str)}
    rows = tuple(sorted({code for code, applicant in one.cells if applicant}))
    shape = tuple(sorted((table, tuple(forms)) for table, forms in one.tables.items()))
    found = list[Outcome]()
    for plan in _plans(frozenset(one.forms), shape, rows):
        if plan.ready is None or not plan.codes.isdisjoint(one.told):
            found += assess(plan.check, one)
        else:
            found += _outcomes(plan, plan.ready, one, numbers)
    return found


def _outcomes(plan: Plan, ready: tuple[Ready, ...], one: Subject, numbers: Mapping[Key, float]) -> Iterator[Outcome]:
    for here in ready:
        told: Told | None = next(
            (t for each in here.when if (t := _told(each, plan.check, one, numbers)) is not Told.HOLDS), None
        )
        if told is None:
            told = _told(here.formula, plan.check, one, numbers)
            told = Told.UNPLAIN if told is Told.FAILS else told  # what fails is put into words
        if told is Told.HOLDS:
            yield plan.passed
        elif told is Told.MISSING:
            yield plan.unknown
        elif told is Told.UNPLAIN and (outcome := settled(plan.check, here.place, one)) is not None:
            yield outcome


def _told(plain: Plain, check: Check, one: Subject, numbers: Mapping[Key, float]) -> Told:
    if plain.word and isinstance(word := one.told.get(plain.word), str):
        return Told.HOLDS if (word in plain.words) == (plain.comparison != "!=") else Told.FAILS
    try:
        left = _total(plain.left, numbers)
        rights = [_total(side, numbers) for side in plain.rights]
    except KeyError:
        return Told.MISSING if any(_lacks(key, one) for key in plain.keys) else Told.UNPLAIN
    held = any(holds(plain.comparison, left, right, slack(check, left, right)) for right in rights)
    return Told.HOLDS if held else Told.FAILS


def _lacks(key: Key, one: Subject) -> bool:
    return key not in one.cells and key[0] not in one.told


def _total(terms: Terms, numbers: Mapping[Key, float]) -> float:
    """A sum; KeyError where a cell of it is no plain number."""
    found: float = 0
    for sign, what in terms:
        if isinstance(what, Group):
            values = [_total(some, numbers) for some in what.sums]
            value = GROUPS[what.name](values)
        elif isinstance(what, tuple):
            value = 0.0
            for key in what:
                value += numbers[key]
        else:
            value = what
        found += sign * value
    return found


@lru_cache(maxsize=SHAPES)
def _plans(
    forms: frozenset[str], tables: tuple[tuple[str, tuple[str, ...]], ...], rows: tuple[str, ...]
) -> tuple[Plan, ...]:
    """The rules that apply to a kind of report (its forms, those of its tables, its rows), in their order."""
    kind = Subject({}, forms, dict(tables))
    return tuple(_plan(check, kind, rows) for check in book().checks if check.scope == REPORT and applies(check, kind))


def _plan(check: Check, kind: Subject, rows: tuple[str, ...]) -> Plan:
    outcomes = Outcome(check, PASS), Outcome(check, NOT_ASSESSABLE)
    if check.each == "cell":
        return Plan(check, None, frozenset(), *outcomes)
    places = {"row": rows or ("",), "applicant": tuple(book().applicants)}.get(check.each, ("",))
    codes = set[str]()
    try:
        ready = tuple(
            Ready(
                place,
                tuple(_plain(each, check, place, kind, codes) for each in conditions(check.when)),
                _plain(parse(check.formula), check, place, kind, codes),
            )
            for place in places
        )
    except NotPlain:
        return Plan(check, None, frozenset(), *outcomes)
    return Plan(check, ready, frozenset(codes), *outcomes)


def _plain(formula: Formula, check: Check, place: str, kind: Subject, codes: set[str]) -> Plain:
    keys = set[Key]()

    def terms(some: Sum) -> Terms:
        return tuple((sign, what(term)) for sign, term in some)

    def what(term: str | Call) -> tuple[Key, ...] | Group | float:
        if isinstance(term, Call):
            if term.name in YEARS:
                raise NotPlain
            return Group(term.name, tuple(terms(some) for some in term.sums))
        if is_number(term):
            return float(term)
        found = _cells(term, check, place, kind)
        keys.update(found)
        codes.update({term} if term.partition("@")[0] in book().measures or term.endswith(".*") else ())
        return found

    first = formula.left[0][1] if len(formula.left) == 1 else ""
    word = first if isinstance(first, str) and not is_number(first or "0") else ""
    words = tuple(str(side[0][1]) for side in formula.rights)
    return Plain(
        terms(formula.left), formula.comparison, tuple(map(terms, formula.rights)), frozenset(keys), word, words
    )


def _cells(term: str, check: Check, place: str, kind: Subject) -> tuple[Key, ...]:
    """The cells that a term stands for, as loaders.checks.sums has them; a term that a report tells has no applicant."""
    if check.each == "row":
        return ((place, term),)
    code, _, applicant = term.partition("@")
    if code.endswith(".*"):
        applicant = applicant or (place if check.each == "applicant" else "")
        return tuple((member, applicant) for member in members(code, kind)) or (NOWHERE,)
    if code not in book().measures:
        return ((term, ""),)
    return ((code, applicant or (place if check.each == "applicant" else "")),)
