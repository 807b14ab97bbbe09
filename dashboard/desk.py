"""What lies on the reader's desk in one run: one version of the data, the selection, the language."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

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
Found = TypeVar("Found")
Place = tuple[str, str, Selection, bool, bool, str]  # version, folder, selection, doubt, corrected, language


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

    def once(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """What `make` makes of this desk, made once for all readers with the same data, selection and language; `key`
        says what it is and of which choices on the page. Shared, not to be changed."""
        found: Found = _once(self.data, self._place(), key, make)
        return found

    def listed(self, key: Hashable, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """As `once`, for lists with a row a report or a finding: of these only the latest are kept, for they are large."""
        found: pd.DataFrame = _listed(self.data, self._place(), key, make)
        return found

    def _place(self) -> Place:
        return self.data.version, str(self.data.folder), self.selection, self.doubt, self.corrected, self.words.lang

    def any(self, items: Sequence[queries.Item]) -> bool:
        """Whether the selected reports have any of these cells."""
        return self.once(("any", *items), lambda: len(self.cells(items)) > 0)

    def names(self, by: str) -> dict[str, str]:
        """Group key → its name in the reader's language."""
        known = names(self.data, Selection(), by)
        return self.once(("names", by), lambda: {key: label(self.words, by, known, key) for key in known})


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


def _make_once(_data: Dataset, place: Place, key: Hashable, _make: Callable[[], Any]) -> Any:
    return _make()


def _make_list(_data: Dataset, place: Place, key: Hashable, _make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    return _make()


_once, _listed = kept(512)(_make_once), kept(16)(_make_list)


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
