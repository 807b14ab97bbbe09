"""An exhibit is made once for all readers with the same data and choices, anew for any other, and never changed."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from dashboard import data, exhibit
from dashboard.desk import Desk, choose
from dashboard.exhibit import Exhibit
from dashboard.kept import move_on
from dashboard.selection import Selection
from dashboard.words import Words
from tests.desk import visit
from tests.made import publish

PAGES = ("figures/volume", "figures/outcomes", "figures/procurement", "figures/review", "figures/compare")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OGI_DATA", str(tmp_path))
    publish(tmp_path)
    return tmp_path


@pytest.fixture
def desk(folder: Path) -> Desk:
    known = data.load(folder)
    return Desk(known, Selection(), Words("zh"), choose(known, Selection()), doubt=False)


def test_what_a_desk_makes_is_made_once(desk: Desk) -> None:
    turns = count()
    again = replace(desk, words=Words("zh"))
    assert [one.once(("once",), lambda: next(turns)) for one in (desk, again, desk)] == [0, 0, 0]


def test_whatever_an_answer_depends_on_makes_it_anew(desk: Desk) -> None:
    turns = count()
    year = Selection(year=("2020",))
    desks = [
        desk,
        replace(desk, selection=year, reports=choose(desk.data, year)),
        replace(desk, words=Words("en")),
        replace(desk, doubt=True),
        replace(desk, corrected=True),
        replace(desk, data=replace(desk.data, version="other")),
        replace(desk, data=replace(desk.data, folder=desk.data.folder / "other")),
    ]
    asks: tuple[Callable[..., Any], ...] = (Desk.once, Desk.listed)
    for ask in asks:
        made = [ask(one, ("anew",), lambda: next(turns)) for one in desks]
        made.append(ask(desk, ("anew", "another choice"), lambda: next(turns)))
        assert len(set(made)) == len(desks) + 1


@pytest.mark.parametrize("page", PAGES)
def test_a_second_reader_makes_nothing(folder: Path, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = list[Exhibit]()
    make = exhibit.made

    def noted(*things: object, **named: object) -> Exhibit:
        first.append(make(*things, **named))  # type: ignore[arg-type]
        return first[-1]

    monkeypatch.setattr(exhibit, "made", noted)
    other = {"year": "2020", "by": "level", "lang": "en"}  # no other test looks at this view
    visit(page, **other)
    assert first
    kept, before = list(first), deepcopy([one.figure and one.figure.to_dict() for one in first])
    visit(page, **other)
    assert len(first) == len(kept)
    assert [one.figure and one.figure.to_dict() for one in kept] == before


def test_nothing_is_kept_of_a_version_that_a_newer_one_took_the_place_of(desk: Desk) -> None:
    turns = count()
    newer = replace(desk, data=replace(desk.data, version="newer"))
    move_on(desk.data)
    made = [desk.once(("gone",), lambda: next(turns))]
    move_on(desk.data)
    made.append(desk.once(("gone",), lambda: next(turns)))
    move_on(newer.data)
    made += [newer.once(("gone",), lambda: next(turns)), desk.once(("gone",), lambda: next(turns))]
    assert made == [0, 0, 1, 2]
