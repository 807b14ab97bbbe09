"""Two reports in one file are refused; one report printed twice is one report; one table twice refuses that table."""

from __future__ import annotations

from itertools import permutations

import pytest

from loaders.report import Quarantined, Report, Source, read
from tests import library

TEXTS = {path.name[:3]: path.read_text(encoding="utf-8") for path in library.TRANSCRIBED}


def reread(text: str) -> Report | Quarantined:
    """A text as a document."""
    return read(Source("a.txt", text.encode()))


@pytest.mark.parametrize(("one", "other"), list(permutations(sorted(TEXTS), 2)))
def test_two_reports_in_one_file_are_refused(one: str, other: str) -> None:
    """Whatever forms and layouts follow each other: the tables of one would stand under the name of the other."""
    told = reread(TEXTS[one] + "\n\n" + TEXTS[other])
    assert isinstance(told, Quarantined)
    assert told.reason == "TWO_REPORTS"


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_one_report_printed_twice_is_one_report(name: str) -> None:
    alone, twice = reread(TEXTS[name]), reread(TEXTS[name] + "\n\n" + TEXTS[name])
    assert isinstance(alone, Report)
    assert isinstance(twice, Report)
    cells = [(fact.code, fact.applicant, fact.value, fact.doubt) for fact in alone.facts if fact.table != "narrative"]
    assert cells == [(f.code, f.applicant, f.value, f.doubt) for f in twice.facts if f.table != "narrative"]


def test_equal_figures_under_another_title_are_another_report() -> None:
    """Small offices report the same zeros: the figures alone don't tell that these are two."""
    text = TEXTS["004"]
    assert "佳东街道" in text
    told = reread(text + "\n\n" + text.replace("佳东街道", "晓云街道"))
    assert isinstance(told, Quarantined)
    assert told.reason == "TWO_REPORTS"


@pytest.mark.parametrize("copies", [2, 3, 4, 5])
def test_a_table_printed_several_times_is_refused(copies: int) -> None:
    """Also at an odd number: the third must not take the place that the first two lost."""
    text = TEXTS["002"]
    start, end = text.index("第二十条第（九）项"), text.index("三、收到")
    table = text[start:end]
    more = "".join(table.replace("2358万", f"{n}万") for n in range(1, copies))
    told = reread(text[:end] + more + text[end:])
    assert isinstance(told, Report)
    found = told.reading.tables["proactive.20_9"]
    assert (found.status, found.reason) == ("incomplete", "TABLE_TWICE")
    assert [fact for fact in told.facts if fact.table == "proactive.20_9"] == []
    assert told.reading.tables["requests"].status == "read"
