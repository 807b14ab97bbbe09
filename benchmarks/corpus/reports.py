"""The n-th report of a corpus: its document and its truth, from the seed and the number alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from benchmarks.corpus import stories
from benchmarks.corpus.bodies import Agency, Bodies
from benchmarks.corpus.damage import damaged
from benchmarks.corpus.figures import cells
from benchmarks.corpus.templates import BLANKS, DRESSES, OUTLOOK, SHARES, STORY, TITLE, Template, template
from tests.filling import Filling
from tests.render_docx import docx
from tests.rendering import SYNTHETIC
from tests.truth import Cell, Key

YEARS = range(2019, 2026)  # years of the forms that are printed here
FORM_2019 = (2019, 2020)
BROKEN = 0.02  # of the reports have a damaged request table
DISCLOSED: Key = ("narrative.disclosed_total", "")


@dataclass(frozen=True, slots=True)
class Made:
    """A report made up: its document, what tells of it, and its true cells; `damage` is "" for a whole one."""

    number: int
    year: int
    agency: Agency
    layout: str
    container: str
    document: str | bytes
    title: str
    url: str
    day: str
    truth: dict[Key, Cell]
    damage: str


def made(bodies: Bodies, first: int, count: int, years: int = len(YEARS)) -> Iterator[Made]:
    """Reports `first` … `first + count - 1`: every agency has its last `years` years one behind the other."""
    numbers = range(first, first + count)
    for body in range(first // years, (first + count - 1) // years + 1):
        before = Filling()
        for at, year in enumerate(YEARS[-years:]):
            number = body * years + at
            report, before = _made(bodies, number, body, year, before)
            if number in numbers:
                yield report


def _made(bodies: Bodies, number: int, body: int, year: int, before: Filling) -> tuple[Made, Filling]:
    chance = random.Random(f"{bodies.seed} {number}")  # noqa: S311 - the same for everybody
    agency, form = bodies[body], "2019" if year in FORM_2019 else "2021"
    layout = chance.choices(list(SHARES), list(SHARES.values()))[0]
    blanks = layout in BLANKS and chance.random() < 0.1
    truth = cells(chance, form, agency.small, before, blanks)
    plan = template(form, layout, chance.randrange(DRESSES))
    parts, values, damage = list(plan.parts), [truth[key].raw for key in plan.keys], ""
    if chance.random() < BROKEN and (broken := damaged(chance, parts, values, _requests(plan))):
        damage, (parts, values) = broken
    count = chance.randint(20, 4000)
    text = "".join(part + value for part, value in zip(parts, [*values, ""], strict=True))
    title = f"{agency.name}{year}年政府信息公开工作年度报告（{SYNTHETIC}）"
    write = escape if plan.container != "text" else str
    for mark, words in ((TITLE, title), (STORY, stories.story(chance, count)), (OUTLOOK, stories.outlook(chance))):
        text = text.replace(mark, write(words))
    told = Cell(f"{count}条", "number", float(count))
    document: str | bytes = docx(text) if plan.container == "docx" else text
    url = f"http://synthetic.invalid/{agency.code}/{number}.html"
    day = f"{year + 1}-01-{chance.randint(4, 31):02}"
    known = {DISCLOSED: told, **truth}
    return Made(number, year, agency, layout, plan.container, document, title, url, day, known, damage), truth


def _requests(plan: Template) -> range:
    """Where the values of the request table stand among all."""
    places = [n for n, (_, applicant) in enumerate(plan.keys) if applicant]
    return range(places[0], places[-1] + 1)
