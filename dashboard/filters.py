"""The side bar: region, agency, level, form and year, in state and address at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import zip_longest

import pandas as pd
import streamlit as st

from codebook.terms import provinces
from dashboard.data import Dataset
from dashboard.kept import kept
from dashboard.regions import NONE, UNKNOWN
from dashboard.selection import FILTERS, Selection, options
from dashboard.words import Words

KEY = "filter.{}"
SHOWN = ("province", "city", "county", "year", "agency", "level", "form")
SWITCHES = ("doubt", "corrections")
LABELLED = {"level": "agency_level"}


def restore(params: Mapping[str, list[str]]) -> None:
    """Set the filters to what a link says; a filter that it does not name is cleared."""
    for name in FILTERS:
        st.session_state[KEY.format(name)] = list(params.get(name, []))
    for name in SWITCHES:
        st.session_state[name] = params.get(name) == ["1"]


def chosen() -> Selection:
    """The filters as they stand in the session."""
    return Selection(**{name: tuple(st.session_state.get(KEY.format(name), ())) for name in FILTERS})


def clear() -> None:
    """Take all conditions away."""
    restore({})


def choose_region(*path: tuple[str, ...]) -> None:
    """Set province, city and county to what `path` says, from the top; what it leaves out is cleared."""
    for level, keys in zip_longest(("province", "city", "county"), path, fillvalue=()):
        st.session_state[KEY.format(level)] = list(keys)


def names(data: Dataset, selection: Selection, name: str) -> dict[str, str]:
    """Key → name of a filter's values, as `selection.options` gives them, kept between runs."""
    return _names(data, data.version, str(data.folder), selection.above(name), name)


@kept(256)
def _names(_data: Dataset, version: str, folder: str, selection: Selection, name: str) -> dict[str, str]:
    return options(_data.reports, selection, name)


def bar(data: Dataset, words: Words) -> Selection:
    """Draw the filters and give the selection; keys that the data lacks stay visible as such and match nothing."""
    st.markdown(f"**{words('filter.title')}**")
    for name in SHOWN:
        known = names(data, chosen(), name)
        foreign = [key for key in getattr(chosen(), name) if key not in known]
        st.multiselect(
            words(f"filter.{name}"),
            [*known, *foreign],
            format_func=partial(label, words, name, known),
            key=KEY.format(name),
            placeholder=words("filter.all"),
            select_all=False,
        )
    for name in SWITCHES:
        st.toggle(words(f"filter.{name}"), key=name, help=words.note(name))
    st.button(words("filter.clear"), on_click=clear, disabled=not chosen().params(), type="tertiary")
    return chosen()


def label(words: Words, name: str, known: Mapping[str, str], key: str) -> str:
    """The name of a filter value in the reader's language."""
    if key == UNKNOWN:
        return words("filter.unknown")
    if key == NONE:
        return words("filter.none")
    if key not in known:
        return words("filter.foreign", key=key)
    if name == "form":
        return words.form(key)
    if name == "province" and key in provinces():
        return provinces()[key].name[words.lang]
    return words.value(LABELLED[name], key) if name in LABELLED else known[key]


def strangers(reports: pd.DataFrame, selection: Selection) -> dict[str, list[str]]:
    """Filter → chosen keys that no report in the whole data set has."""
    asked = {name: list(keys) for name in FILTERS if (keys := getattr(selection, name))}
    known = {name: set(reports[f"{name}_key"].unique()) for name in asked}
    found = {name: [key for key in keys if key not in known[name]] for name, keys in asked.items()}
    return {name: keys for name, keys in found.items() if keys}
