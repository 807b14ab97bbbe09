"""Rules made ready come to the same as rules taken one by one, in shipped reports and in damaged ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from codebook import book
from loaders.checks import Subject, assess, within
from loaders.checks.cells import Cell
from loaders.checks.document import subject_of
from loaders.checks.rules import REPORT
from loaders.facts import Fact
from loaders.report import Report, Source, read
from tests import library


def subjects() -> Iterator[tuple[str, Subject]]:
    for path in sorted(library.REPORTS.glob("*.txt")):
        report = read(Source(path.name, path.read_bytes()))
        if isinstance(report, Report) and report.facts:
            yield path.name, subject_of(report.identity, report.reading, report.facts, report.judged.prose)


SUBJECTS = dict(subjects())


def one_by_one(one: Subject) -> list[object]:
    return [outcome for check in book().checks if check.scope == REPORT for outcome in assess(check, one)]


def damaged(one: Subject, chance: random.Random) -> Subject:
    """Some cells blank, negative, in words, without a value, larger, doubted or lost."""
    cells = dict[tuple[str, str], Cell](one.cells)
    for key in chance.sample(sorted(cells), min(len(cells), chance.randint(1, 12))):
        fact = cells[key]
        assert isinstance(fact, Fact)
        ways: list[dict[str, object] | None] = [
            {"state": "blank", "value": None, "raw": ""},
            {"state": "text", "value": None, "raw": chance.choice(("无", "若干"))},
            {"value": -3.0},
            {"value": None},
            {"value": (fact.value or 0) + chance.choice((0.5, 1, 900))},
            {"doubt": "可能"},
            None,
        ]
        way = chance.choice(ways)
        if way is None:
            del cells[key]
        else:
            cells[key] = fact._replace(**way)  # type: ignore[arg-type]
    told = {term: value for term, value in one.told.items() if chance.random() > 0.2}
    return replace(one, cells=cells, told=told)


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_same_outcomes(name: str) -> None:
    one, chance = SUBJECTS[name], random.Random(name)  # noqa: S311 - the same for everybody
    assert within(one) == one_by_one(one)
    for _ in range(6):
        hurt = damaged(one, chance)
        assert within(hurt) == one_by_one(hurt)


def test_every_rule_is_met_with_every_result_but_what_a_report_alone_cannot_show() -> None:
    """The comparison above means nothing for rules that never say anything."""
    chance = random.Random(3)  # noqa: S311 - the same for everybody
    met = {
        (outcome.check.id, outcome.result)
        for one in SUBJECTS.values()
        for hurt in (one, *(damaged(one, chance) for _ in range(3)))
        for outcome in within(hurt)
    }
    rules = {rule for rule, _ in met}
    due = {check.id for check in book().checks if check.scope == REPORT and {"2019", "2021"} & set(check.forms)}
    assert len(due & rules) > 0.9 * len(due), sorted(due - rules)
    assert {result for _, result in met} == {"pass", "pass_blank_as_zero", "fail", "not_assessable"}
