"""The catalogue of indicators: formula, forms in which it exists, least denominator, caveat.

A part of a formula is a code, a family (withheld.*), an applicant's column of one (granted@person), either of two
(other|other.*) or any of these taken away (-withheld.administrative_query). `kind` says what is made of the sums:

rate     numerator over denominator, with its Wilson interval
split    a rate for each code or applicant of the numerator
gap      one rate less another
mean     an amount over a count
top      the share of the five largest agencies;  gini  the Gini coefficient over agencies
on_time  reports published by their deadline;     filled  cells with a number, of those on the form
passed   rules that hold, of those that could be assessed;  copied  the mean share of wording that stands elsewhere
per_head a sum per 100,000 residents
count    a sum, drawn with the figures of its page
none     not computed: `needs` says what is missing
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from codebook.book import book

HERE = Path(__file__).parent
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a formula: the codes that any form may have for it, the column, and whether it is taken away."""

    codes: tuple[str, ...]
    part: str
    sign: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator; not shown below `least` in a denominator. Indicators of one family are definitions of one thing."""

    id: str
    number: int
    family: str
    family_label: dict[str, str]
    label: dict[str, str]
    kind: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    less_numerator: tuple[str, ...]
    less_denominator: tuple[str, ...]
    least: int
    unit: str
    page: str
    note: dict[str, str]
    needs: dict[str, str]

    @property
    def sums(self) -> tuple[tuple[str, ...], ...]:
        """All sums of the formula that have parts."""
        every = (self.numerator, self.denominator, self.less_numerator, self.less_denominator)
        return tuple(one for one in every if one)

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that have every part; all of them where the formula has none."""
        names = (*book().older, *book().forms)
        return tuple(form for form in names if all(on(form, part) for one in self.sums for part in parts(one)))

    @property
    def formula(self) -> str:
        """The formula in one line."""
        top, bottom, less, under = (" + ".join(one).replace("+ -", "− ") for one in (
            self.numerator, self.denominator, self.less_numerator, self.less_denominator
        ))  # fmt: skip
        ratio = f"({top}) / ({bottom})" if bottom else top
        return f"{ratio} − ({less}) / ({under})" if less else ratio


def parts(terms: tuple[str, ...]) -> tuple[Part, ...]:
    """The parts of a sum."""
    return tuple(_part(term) for term in terms)


@cache
def _part(term: str) -> Part:
    text = term.removeprefix("-")
    names = [name.partition("@") for name in text.split("|")]
    codes = tuple(code for code in book().measures if any(fnmatchcase(code, name) for name, _, _ in names))
    part = next((one for _, _, one in names if one), TOTAL if _in_requests(codes) else "")
    return Part(codes, part, -1 if text != term else 1)


def _in_requests(codes: tuple[str, ...]) -> bool:
    return any(book().measures[code].table == "requests" for code in codes)


def on(form: str, part: Part) -> bool:
    """Whether a form has cells for a part."""
    return any(form in book().forms_of(code) for code in part.codes)


def _csv(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def catalogue() -> tuple[Indicator, ...]:
    """The indicators as they stand in the file, those that split into several once."""
    return tuple(
        Indicator(
            row["id"],
            int(row["number"]),
            row["family"],
            {"zh": row["family_zh"], "en": row["family_en"]},
            {"zh": row["label_zh"], "en": row["label_en"]},
            row["kind"],
            tuple(row["numerator"].split()),
            tuple(row["denominator"].split()),
            tuple(row["less_numerator"].split()),
            tuple(row["less_denominator"].split()),
            int(row["least"]),
            row["unit"],
            row["page"],
            {"zh": row["note_zh"], "en": row["note_en"]},
            {"zh": row["needs_zh"], "en": row["needs_en"]},
        )
        for row in _csv("indicators.csv")
    )


@cache
def indicators() -> dict[str, Indicator]:
    """The indicators by id; one that splits is here once for each of its codes or applicants."""
    return {one.id: one for row in catalogue() for one in (_split(row) if row.kind == "split" else (row,))}


def _split(row: Indicator) -> Iterator[Indicator]:
    (term,) = row.numerator
    if term.endswith("@*"):
        for applicant, (zh, en) in book().applicants.items():
            if applicant != TOTAL:
                own = (f"{term.removesuffix('*')}{applicant}",)
                yield replace(row, id=f"{row.id}.{applicant}", kind="rate", numerator=own, label={"zh": zh, "en": en})
        return
    for code in _part(term).codes:
        measure = book().measures[code]
        zh, en = measure.label_zh.rpartition(" > ")[2], measure.label_en.rpartition(": ")[2]
        name = f"{row.id}.{code.rpartition('.')[2]}"
        yield replace(row, id=name, kind="rate", numerator=(code,), label={"zh": zh, "en": en})


@cache
def deadlines() -> dict[str, tuple[str, frozenset[str]]]:
    """Type of body → the day by which it must publish (month-day), and the levels to which that does not apply."""
    return {
        row["agency_type"]: (row["day"], frozenset(row["levels_left_out"].split())) for row in _csv("deadlines.csv")
    }
