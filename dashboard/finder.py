"""One box that finds a region of the data by its name, its pinyin or its initials, and sets the filters to it."""

from __future__ import annotations

from itertools import accumulate

import streamlit as st

from dashboard import filters
from dashboard.data import Dataset
from dashboard.kept import kept
from dashboard.regions import LEVELS, NONE, UNKNOWN
from dashboard.words import LANGUAGES, Words

BOX = "find.region"
STEP, DIGITS = "/", 6  # between the keys of a path; of a division code


def box(data: Dataset, words: Words) -> None:
    """The box; what is found goes to the filters of province, city and county, and the box is empty again."""
    known = labels(data, data.version, str(data.folder), words.lang)
    st.selectbox(
        words("filter.find"),
        list(known),
        format_func=known.__getitem__,
        index=None,
        placeholder=words("filter.find_help"),
        key=BOX,
        on_change=_found,
    )


def _found() -> None:
    path = st.session_state[BOX]
    st.session_state[BOX] = None
    if path:
        filters.choose_region(*((key,) for key in str(path).split(STEP)))


@kept(8)
def labels(_data: Dataset, version: str, folder: str, lang: str) -> dict[str, str]:
    """Path of keys (33/3310/331002) → 浙江省 › 台州市 › 椒江区 jiaojiangqu jjq, for every region that has reports."""
    spelled = {str(r.code): f"{r.pinyin} {r.initials}" for r in _data.regions.itertuples(index=False)}
    columns = [f"{level}_key" for level, _ in LEVELS]
    rows = _data.reports[[*columns, *(level for level, _ in LEVELS)]].drop_duplicates(columns)
    found: dict[str, str] = {}
    for row in rows.fillna("").itertuples(index=False, name=None):
        keys = [key for key in row[: len(LEVELS)] if key not in (NONE, UNKNOWN)]
        names = [name for name in row[len(LEVELS) :] if name]
        if len(keys) != len(names):
            continue  # a county straight under its province: the middle level is none
        for path, place in zip(accumulate(keys, _joined), accumulate(names, _under), strict=True):
            code = path.rpartition(STEP)[2].ljust(DIGITS, "0")
            found[path] = _label(place, spelled.get(code, ""), lang)
    return dict(sorted(found.items()))


def _joined(path: str, key: str) -> str:
    return f"{path}{STEP}{key}"


def _under(place: str, name: str) -> str:
    return f"{place} › {name}"


def _label(place: str, spelled: str, lang: str) -> str:
    """The pinyin stands behind the name, or for English readers before it."""
    if not spelled.strip():
        return place
    return f"{place}　{spelled}" if lang == LANGUAGES[0] else f"{spelled.partition(' ')[0].capitalize()}　{place}"
