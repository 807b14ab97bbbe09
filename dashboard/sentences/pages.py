"""Which statements a page makes of the selection, and how they are put on screen."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol

import pandas as pd
import streamlit as st

from codebook import book
from codebook.series import series
from dashboard import queries, trends
from dashboard.data import Dataset
from dashboard.desk import Desk, choose
from dashboard.kept import kept
from dashboard.selection import Selection
from dashboard.sentences import change, evidence, limits, missing
from dashboard.take import lists
from dashboard.words import LANGUAGES, Words

AMOUNT = "procurement.amount"
REQUESTS = "requests"


class Statement(Protocol):
    """What is said, as figures: one thing of the selection, the same in every language."""

    def told(self, w: Words) -> str:
        """The sentences, or "" where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a page says, and of which series and codes."""

    say: tuple[str, ...]
    series: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@cache
def stories() -> dict[str, Story]:
    """Page → its story, as pages.toml has it."""
    told = tomllib.loads(Path(__file__).with_name("pages.toml").read_text(encoding="utf-8"))
    return {page: Story(**{key: tuple(words) for key, words in one.items()}) for page, one in told.items()}


def items(story: Story) -> list[queries.Item]:
    """The cells whose absence a page counts."""
    known = book().measures
    return [(code, "total" if known[code].table == REQUESTS else "") for code in queries.codes(*story.cells)]


def made(desk: Desk, story: Story) -> list[Statement]:
    """The statements of a story on the reports of the desk."""
    rows = {
        name: change.of_agencies(desk.cells(trends.items(series()[name])), name, doubt=desk.doubt)
        for name in story.series
    }
    makers: dict[str, Callable[[], Statement | None]] = {
        "change": lambda: change.largest(rows),
        "missing": lambda: missing.of_cells(desk.cells(items(story)), len(desk.reports), doubt=desk.doubt),
        "tables": lambda: missing.of_tables(_tables(desk), len(desk.reports)),
        "held": lambda: missing.of_facts(desk.data.facts.counts.loc[desk.reports.index], doubt=desk.doubt),
        "placeless": lambda: missing.of_keys(desk.reports),
        "breaks": lambda: limits.breaks(rows),
        "panel": lambda: limits.panel(desk.reports),
        "one_year": lambda: limits.one_year(desk.reports),
        "units": lambda: limits.units(desk.cells([(AMOUNT, "")])),
        "labels": lambda: evidence.of_labels(desk.data.sightings, _decided(desk), desk.reports.index),
        "places": lambda: evidence.of_places(desk.reports),
        "unchecked": lambda: _unchecked(desk),
        "not_collected": lambda: evidence.of_gaps(lists.gaps(desk.reports, desk.data.reports, desk.selection.year)),
    }
    found = (makers[name]() for name in story.say if name in makers)
    return [one for one in found if one is not None]


def _tables(desk: Desk) -> pd.DataFrame:
    rows = desk.data.tables
    return rows[rows["report_id"].isin(desk.reports.index)]


def _decided(desk: Desk) -> pd.DataFrame:
    rows = desk.data.labels
    return rows[rows["decision"].notna()]


def _unchecked(desk: Desk) -> Statement:
    told = missing.of_tables(_tables(desk), len(desk.reports))
    return evidence.Unchecked(told.asked, told.asked - told.read)


def top(desk: Desk, page: str) -> None:
    """The sentences of a page on the selection."""
    place = (desk.data.version, str(desk.data.folder))
    write(desk, _kept(desk.data, *place, desk.selection, desk.doubt, desk.corrected, page))


@kept(128)
def _kept(
    _data: Dataset, version: str, folder: str, selection: Selection, doubt: bool, corrected: bool, page: str
) -> list[Statement]:
    desk = Desk(_data, selection, Words(LANGUAGES[0]), choose(_data, selection), doubt, corrected)
    return made(desk, stories()[page])


def findings(desk: Desk, found: pd.DataFrame, severity: str) -> None:
    """The sentences over findings of the severity that the reader chose."""

    def say() -> list[Statement]:
        return [evidence.of_findings(found, len(desk.reports)), *made(desk, stories()["findings"])]

    write(desk, desk.once(("findings.told", severity), say))


def comparison(desk: Desk, kind: str, chosen: Sequence[str], name: str, points: pd.DataFrame) -> list[Statement]:
    """What is said of the agencies or regions that the reader compares, of one series."""
    own = replace(desk, reports=desk.reports[desk.reports[f"{kind}_key"].isin(chosen)])
    cells = desk.cells(trends.items(series()[name]))
    rows = {name: change.of_agencies(cells[cells[f"{kind}_key"].isin(chosen)], name, doubt=desk.doubt)}
    told = [change.largest(rows), missing.of_points(points, len(chosen)), limits.breaks(rows)]
    return [*(one for one in told if one is not None), limits.panel(own.reports)]


def write(desk: Desk, told: Sequence[Statement]) -> None:
    """Statements on screen, one a line, as text: names of the data run nowhere as markup."""
    said = [text for one in told if (text := one.told(desk.words))]
    if said:
        with st.container(border=True, key="story"):
            for text in said:
                st.text(text)
