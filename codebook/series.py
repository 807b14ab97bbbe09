"""May values of two forms stand on one line? Series over forms, each with its formula in every form that has it.

series.csv   a series and, for each form, the cells that make it (empty: the form has none)
joins.csv    how comparable two forms are in a series: high, medium, low or none, and why

Forms with the same formula are one quantity. Where nothing is said of two forms they are not joined.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from codebook.book import book

HERE = Path(__file__).parent
Grade = Literal["high", "medium", "low", "none"]
GRADES: dict[str, Grade] = {grade: grade for grade in get_args(Grade)}
JOINED = ("high", "medium")  # below these a line breaks
TERM = re.compile(r"([+-]?)\s*([a-z]\w*(?:\.\w+)*(?:\.\*)?)(?:@(\w+))?")


@dataclass(frozen=True, slots=True)
class Term:
    """A signed code, or family of codes (withheld.*), with its part: an applicant or ""."""

    sign: int
    code: str
    part: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A sum of cells, or one sum over another; the denominator is empty for a plain sum."""

    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms."""
        return (*self.numerator, *self.denominator)


@dataclass(frozen=True, slots=True)
class Series:
    """A quantity followed over years; `formulas` has the forms that tell it, `page` is where it is drawn.

    A rate is not shown below `least` in the denominator; `note` is the topic of a caveat or "".
    """

    series: str
    label: dict[str, str]
    unit: str
    page: str
    least: int
    note: str
    formulas: dict[str, Formula]

    def of(self, form: str) -> Formula | None:
        """The formula in a form; a form that extends another (Hubei's, Beijing's) has its formula."""
        home = _home(self, form)
        return self.formulas[home] if home else None


@dataclass(frozen=True, slots=True)
class Join:
    """How comparable two forms are in a series, and why; no reason is needed where they are the same quantity."""

    grade: Grade
    why: dict[str, str]

    @property
    def joined(self) -> bool:
        """Whether values of both may stand on one line."""
        return self.grade in JOINED


SAME = Join("high", {"zh": "", "en": ""})
APART = Join(
    "none",
    {
        "zh": "其中一种表式没有这个项目，或可比性未经认定",
        "en": "one of the forms lacks the item, or nothing is known of it",
    },
)


def parse(text: str) -> Formula:
    """A formula of series.csv, e.g. `a + b - c` or `a / a + b`; ValueError where it is not in the language."""
    top, _, bottom = text.partition(" / ")
    return Formula(_terms(top), _terms(bottom))


def _terms(text: str) -> tuple[Term, ...]:
    found, at = list[Term](), 0
    text = text.strip()
    while at < len(text):
        term = TERM.match(text, at)
        if term is None or bool(term[1]) != bool(found):
            raise ValueError(f"not a sum of cells: {text!r}")
        found.append(Term(-1 if term[1] == "-" else 1, term[2], term[3] or ""))
        at = term.end() + len(text[term.end() :]) - len(text[term.end() :].lstrip())
    return tuple(found)


def _csv(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def series() -> dict[str, Series]:
    """All series by name."""
    forms = (*book().forms, *book().older)
    return {
        row["series"]: Series(
            row["series"],
            {"zh": row["label_zh"], "en": row["label_en"]},
            row["unit"],
            row["page"],
            int(row["least"] or 0),
            row["note"],
            {form: parse(row[form]) for form in forms if row.get(form)},
        )
        for row in _csv("series.csv")
    }


@cache
def _joins(name: str) -> dict[tuple[str, str], Join]:
    """What is said of two forms, and of those with the same formula."""
    told = series()[name].formulas
    found = {(one, other): SAME for one in told for other in told if told[one] == told[other]}
    for row in _csv("joins.csv"):
        if row["series"] == name:
            said = Join(GRADES[row["grade"]], {"zh": row["zh"], "en": row["en"]})
            found[row["one"], row["other"]] = found[row["other"], row["one"]] = said
    return found


def join(name: str, one: str, other: str) -> Join:
    """Whether and why the values of two forms may be joined in a series.

    Two forms of which nothing is said are as comparable as the weakest step between them over a third.
    """
    told = series()[name]
    first, second = _home(told, one), _home(told, other)
    if first is None or second is None:
        return APART
    best: dict[str, Join] = {first: SAME}
    for _ in told.formulas:
        for (a, b), step in _joins(name).items():
            if a in best and (b not in best or _rank(_weaker(best[a], step)) < _rank(best[b])):
                best[b] = _weaker(best[a], step)
    return best.get(second, APART)


def _home(told: Series, form: str) -> str | None:
    """The form whose column a form reads: its own, or that of the form it extends."""
    if form in told.formulas:
        return form
    known = book().form(form)
    return known.extends if known and known.extends in told.formulas else None


def _rank(one: Join) -> int:
    return list(GRADES).index(one.grade)


def _weaker(one: Join, other: Join) -> Join:
    return max(one, other, key=lambda step: (_rank(step), step.why["zh"]))


def lines(name: str, forms: Sequence[str]) -> dict[str, int]:
    """Form → the number of the line it stands on: forms that may be joined, in the order given, share one."""
    found: dict[str, int] = {}
    for form in forms:
        line = next((found[known] for known in found if join(name, known, form).joined), len(set(found.values())))
        found[form] = line
    return found
