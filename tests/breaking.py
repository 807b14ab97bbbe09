"""A made-up report and the year before it in which a rule holds, and a change after which it does not.

Every figure is searched for and none is written down for a rule: the search tries zeros, figures whose sums hold, and
the numbers and words that the rule itself names, a little more and a little less.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from codebook import Check, book
from loaders import checks
from loaders.checks.findings import FAIL, PASS, Key
from loaders.checks.subject import Subject, Told, members
from loaders.facts import Fact
from loaders.formulas import conditions, names, parse, sums
from tests.filling import balanced
from tests.rendering import places

NUMBER = re.compile(r"(?<![\w.@])\d+(?:\.\d+)?")
WORDS = {"meta.level": "agency_level", "meta.type": "agency_type"}
FIGURES = (0, 1, 2, 3, 7, 12, 100)
TRIES = 4000
Slot = tuple[int, str, str]  # year (0 or -1), code or term, applicant


@dataclass
class Year:
    """The figures of one year's report, open to change."""

    cells: dict[Key, Fact] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)


@dataclass
class Made:
    """Two reports of one agency and the places of them that a rule looks at."""

    check: Check
    form: str
    years: tuple[Year, Year]
    slots: tuple[Slot, ...]

    def result(self) -> str:
        """What the rule comes to: fail where it fails anywhere, else what it comes to at its first place."""
        found = {one.result for one in checks.assess(self.check, self.subject())}
        return FAIL if FAIL in found else min(found, default="")

    def subject(self) -> Subject:
        """The later report as the rules see it."""
        now, before = self.years
        forms = frozenset({self.form})
        return Subject(now.cells, forms, told=now.told, previous=Subject(before.cells, forms, told=before.told))

    def get(self, slot: Slot) -> Told | None:
        year, name, applicant = slot
        at = self.years[-year]
        return at.told.get(name) if name in book().derived else at.cells[name, applicant].value

    def put(self, slot: Slot, value: Told | None) -> None:
        """Set a place; None makes a cell blank and a term unknown."""
        year, name, applicant = slot
        at = self.years[-year]
        if name not in book().derived:
            assert not isinstance(value, str)
            at.cells[name, applicant] = fact(name, applicant, value)
        elif value is None:
            at.told.pop(name, None)
        else:
            at.told[name] = value


def fact(code: str, applicant: str, value: float | None) -> Fact:
    """A cell that holds a number, or nothing."""
    table = book().measures[code].table
    state, raw = ("blank", "") if value is None else ("number", f"{value:g}")
    return Fact(table, code, applicant or None, state, value, None, None, raw, "", "exact", 100.0, "", 0, 0, None)


def forms(check: Check) -> tuple[str, ...]:
    """The vintages that a rule is tried on."""
    return check.forms or ("2019", "2021", "zhejiang2019")


def holding(check: Check, form: str) -> Made | None:
    """Reports in which a rule holds, or None where the search meets none."""
    chance = random.Random(f"{check.id} {form}")  # noqa: S311 - the same for everybody
    for figures in (dict.fromkeys(places(form), 0), balanced(iter([*range(1, 250)]), form)):
        made = _made(check, form, figures)
        values = _values(check)
        for tried in range(TRIES):
            if made.result() == PASS:
                return made
            for slot in chance.sample(made.slots, min(len(made.slots), 1 + tried % 3)):
                made.put(slot, chance.choice(_choices(slot, values)))
    return None


def broken(made: Made) -> dict[Slot, Told]:
    """Change one place, or as few as it takes, such that the rule fails; what stood there before, {} where none does."""
    chance = random.Random(f"{made.check.id} {made.form} broken")  # noqa: S311 - the same for everybody
    values, held = _values(made.check), {slot: made.get(slot) for slot in made.slots}
    one = [{slot: value} for slot in made.slots for value in _choices(slot, values)]
    some = (chance.sample(made.slots, min(len(made.slots), 2 + n % 3)) for n in range(TRIES))
    for change in chain(one, ({slot: chance.choice(_choices(slot, values)) for slot in slots} for slots in some)):
        for slot, value in change.items():
            made.put(slot, value)
        if made.result() == FAIL:
            return {slot: told for slot in change if (told := held[slot]) is not None}
        for slot in change:
            made.put(slot, held[slot])
    return {}


def _values(check: Check) -> list[float]:
    told = [float(number) for number in NUMBER.findall(f"{check.formula} {check.when}")]
    near = (change for number in told for change in (number - 1, number, number + 1, 2 * number, number // 100))
    return sorted({*map(float, FIGURES), *near})


def _choices(slot: Slot, values: list[float]) -> list[Told]:
    field_of = WORDS.get(slot[1])
    return [v for f, v in _words() if f == field_of and v != "unknown"] if field_of else [*values]


def _words() -> Iterator[Key]:
    from codebook.terms import values

    yield from values()


def _made(check: Check, form: str, figures: dict[Key, int]) -> Made:
    years = (Year(), Year())
    for year in years:
        for code, applicant in places(form):
            if book().measures[code].kind in {"flow", "stock", "change", "money", "unknown"}:
                year.cells[code, applicant] = fact(code, applicant, float(figures.get((code, applicant), 0)))
        for code, measure in book().measures.items():
            if measure.table == "narrative":
                year.cells[code, ""] = fact(code, "", 0.0)
        year.told |= {term: "county" if term == "meta.level" else 0.0 for term in book().derived if term != "cell"}
        year.told["meta.type"] = "bureau"
    made = Made(check, form, years, ())
    made.slots = tuple(dict.fromkeys(_slots(made)))
    return made


def _slots(made: Made) -> Iterator[Slot]:
    """The places that a rule looks at; for one that runs over rows, applicants or cells those of the first."""
    check, one = made.check, made.subject()
    for formula in (*conditions(check.when), parse(check.formula)):
        for some in sums(formula):
            for name, year in names(some):
                code, _, applicant = name.partition("@")
                if name == "cell":
                    yield 0, "received", "person"
                elif check.each == "row":
                    yield 0, "received", name
                elif name in book().derived:
                    yield year, name, ""
                elif code.endswith(".*") or code in book().measures:
                    applicant = applicant or ("person" if check.each == "applicant" else "")
                    yield from (
                        (year, each, applicant) for each in (members(code, one) if code.endswith(".*") else [code])
                    )
