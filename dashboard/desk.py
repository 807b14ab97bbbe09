"""What lies on the reader's desk in one run: one version of the data, the selection, the language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from codebook import book
from dashboard import address, queries
from dashboard.data import Dataset
from dashboard.filters import label, names
from dashboard.kept import kept
from dashboard.selection import Selection
from dashboard.words import Words

KEY = "desk"


@dataclass(frozen=True, eq=False)
class Desk:
    """A page reads everything from here, so that a page never mixes two versions of the data."""

    data: Dataset
    selection: Selection
    words: Words
    reports: pd.DataFrame
    doubt: bool
    corrected: bool = False

    def cells(self, items: Sequence[queries.Item]) -> pd.DataFrame:
        """The cells of `items` in the selected reports; shared between readers, not to be changed."""
        place = (self.data.version, str(self.data.folder))
        return _cells(self.data, *place, self.selection, tuple(items), self.corrected)

    def names(self, by: str) -> dict[str, str]:
        """Group key → its name in the reader's language."""
        known = names(self.data, Selection(), by)
        return {key: label(self.words, by, known, key) for key in known}


def lay(desk: Desk) -> None:
    """Put the desk in place for the page that runs next."""
    st.session_state[KEY] = desk


def desk() -> Desk:
    """The desk of this run."""
    found: Desk = st.session_state[KEY]
    return found


def choose(data: Dataset, selection: Selection) -> pd.DataFrame:
    """The selected reports."""
    return _reports(data, data.version, str(data.folder), selection)


@kept(32)
def _reports(_data: Dataset, version: str, folder: str, selection: Selection) -> pd.DataFrame:
    return selection.apply(_data.reports)


@kept(128)
def _cells(
    _data: Dataset,
    version: str,
    folder: str,
    selection: Selection,
    items: tuple[queries.Item, ...],
    corrected: bool,
) -> pd.DataFrame:
    return queries.cells(_data, choose(_data, selection), items, corrected=corrected)


def link(desk: Desk, report: str, code: str | None = None, part: str | None = None) -> str | None:
    """The address of a report's page, at a cell; a part that is no applicant is left out. None for uploads: a link
    opens another tab, and that is another session."""
    if desk.data.private:
        return None
    applicant = part if part in book().applicants else None
    return address.link("report", desk.words.lang, report=report, code=code, applicant=applicant)
