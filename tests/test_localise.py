"""Where sums fail, the smallest sets of cells that would mend them: found, told, and never applied."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from codebook import Layout
from loaders import report
from loaders.checks.localise import MANY_SETS, NO_SET, TOO_LONG, Part, localise
from loaders.report import Report, Source
from tests import localising
from tests.breaking import fact
from tests.filling import balanced
from tests.rendering import LAYOUTS, layout_of, places, render
from tests.truth import Key

Cells = Mapping[Key, float | None]


def layouts(form: str) -> dict[str, Layout]:
    return {name: layout for name in ("requests", "review") if (layout := layout_of(name, form)) is not None}


def parts(cells: Cells, form: str = "2019") -> list[Part]:
    return localise([fact(code, applicant, value) for (code, applicant), value in cells.items()], layouts(form))


def told(part: Part) -> list[dict[Key, int]]:
    return [{change.cell: change.suggested for change in changes} for changes in part.sets]


def whole(form: str = "2019") -> dict[Key, float | None]:
    return {key: float(value) for key, value in balanced(iter([*range(1, 250)]), form).items()}


def test_right_figures_suggest_nothing() -> None:
    assert parts(whole()) == []


@pytest.mark.parametrize(
    "key", [("granted", "person"), ("handled", "total"), ("received", "other"), ("carried_out", "total")]
)
def test_one_wrong_cell_of_the_request_table_is_the_only_set(key: Key) -> None:
    cells = whole()
    true = cells[key]
    assert true is not None
    (part,) = parts({**cells, key: true + 9})
    assert (told(part), part.table, part.reason) == ([{key: true}], "requests", "")
    assert key in part.cells


def test_a_blank_may_be_a_figure_that_got_lost() -> None:
    cells = whole()
    (part,) = parts({**cells, ("granted", "person"): None})
    assert told(part) == [{("granted", "person"): cells["granted", "person"]}]


def test_alternatives_are_all_told_and_none_is_negative() -> None:
    """10 + 1 and a total of 0: only the total can be wrong, for no single result can be less than nothing."""
    cells = {key: 0.0 for key in whole() if not key[1]}
    upheld = {("reconsideration.upheld", ""): 10.0, ("reconsideration.corrected", ""): 1.0}
    (part,) = parts({**cells, **upheld})
    assert told(part) == [{("reconsideration.total", ""): 11}]
    (part,) = parts({**cells, **upheld, ("reconsideration.total", ""): 12.0})
    assert len(told(part)) == 5
    assert {("reconsideration.upheld", ""): 11} in told(part)


def test_sums_that_share_no_cell_are_told_apart() -> None:
    cells = whole()
    wrong = {("suit_after.total", ""): 0.0, ("granted", "person"): 0.0}
    assert [part.table for part in parts({**cells, **wrong})] == ["requests", "review"]


def test_a_cell_of_words_takes_its_sums_with_it() -> None:
    """What can't stand in a sum is left out, and so are the sums it stands in."""
    cells = whole()
    del cells["granted", "person"]
    assert parts(cells) == []
    assert parts({**cells, ("granted", "enterprise"): 1.0, ("granted", "total"): 400.0}) != []


def test_a_table_with_everything_wrong_says_so() -> None:
    cells = {key: float(n * n % 97) for n, key in enumerate(whole())}
    (reason,) = [part.reason for part in parts(cells) if part.table == "requests"]
    assert reason == NO_SET


def test_many_ways_are_no_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = whole() | {("granted", "person"): 900.0, ("withheld.other_law", "person"): 2.0}
    monkeypatch.setattr("loaders.checks.localise.MOST", 0)
    assert {part.reason for part in parts(cells)} == {MANY_SETS}
    monkeypatch.setattr("loaders.checks.localise.STEPS", 1)
    assert {part.reason for part in parts(cells)} == {TOO_LONG}


@pytest.mark.parametrize(("errors", "named"), [(1, 1.0), (2, 0.95)])
def test_the_wrong_cells_are_among_those_suggested(errors: int, named: float) -> None:
    """The command `python -m tests.localising` measures a thousand tables."""
    tally = localising.measured(120, errors)
    assert tally.named >= named * (tally.tables - tally.silent)
    assert tally.sizes[1] >= 0.85 * (tally.tables - tally.silent)


def test_a_suggestion_is_told_and_never_applied() -> None:
    numbers = balanced(iter([1] * 250), "2021")
    shown = {key: str(numbers.get(key, 0)) for key in places("2021")} | {("granted", "person"): "9"}
    found = report.read(Source("synthetic.txt", render(shown, "2021", LAYOUTS["pipe rows"]).encode(), synthetic=True))
    assert isinstance(found, Report)
    (row,) = found.judged.suggestions
    assert (row.table, row.part, row.set_no, row.code, row.applicant) == ("requests", 1, 1, "granted", "person")
    assert (row.printed, row.suggested) == ("9", 1)
    (cell,) = [one for one in found.facts if (one.code, one.applicant) == ("granted", "person")]
    assert (cell.value, cell.raw) == (9, "9")
    assert all("(一)予以公开·自然人 9→1" in finding.message for finding in found.findings)
    assert all("建议，未改" in finding.message for finding in found.findings)


def test_where_nothing_is_suggested_the_row_says_why() -> None:
    shown = {key: str(n * n % 97) for n, key in enumerate(places("2021"))}
    found = report.read(Source("synthetic.txt", render(shown, "2021", LAYOUTS["pipe rows"]).encode(), synthetic=True))
    assert isinstance(found, Report)
    rows = [row for row in found.judged.suggestions if row.table == "requests"]
    assert [(row.set_no, row.code, row.reason) for row in rows] == [(0, None, NO_SET)]
    assert any(NO_SET in finding.message for finding in found.findings)
