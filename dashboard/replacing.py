"""Correct where a report belongs: the decision is signed, goes to the file of decisions and into the next build."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from codebook.decisions import Place
from dashboard import charts, deciding
from dashboard.data import Dataset
from dashboard.desk import Desk
from dashboard.kept import kept


def form(desk: Desk, reports: list[str]) -> None:
    """Which report, which place, who and why."""
    w = desk.words
    if not reports:
        return
    with st.expander(w("regions.correct")):
        st.caption(w("regions.correct_lead"))
        known = places(desk.data, desk.data.version, str(desk.data.folder))
        rows: Any = desk.data.reports.loc[reports]
        names = dict(zip(rows.index, rows["shown_key"] + " · " + rows["year_key"], strict=True))
        report = st.selectbox(w("regions.which"), reports, format_func=names.__getitem__, key="regions.report")
        row: Any = desk.data.reports.loc[report]
        named = isinstance(row["agency_id"], str)
        whole = st.toggle(w("regions.whole"), key="regions.whole", disabled=not named) and named
        code = st.selectbox(
            w("regions.new_place"),
            list(known),
            format_func=known.__getitem__,
            index=None,
            placeholder=w("filter.find_help"),
            key="regions.code",
        )
        town = st.text_input(w("regions.new_town"), key="regions.town", max_chars=30).strip()
        author, reason = deciding.signature(w, "regions")
        if st.button(w("regions.sign"), type="primary", key="regions.sign", disabled=code is None and not town):
            make = partial(
                Place,
                source_sha256="" if whole else str(row["source_sha256"]),
                agency_id=str(row["agency_id"]) if whole else "",
                field="township" if town else "adcode",
                value=town or str(code),
            )
            deciding.decide(w, make, author, reason)


@kept(2)
def places(_data: Dataset, version: str, folder: str) -> dict[str, str]:
    """Code → 浙江省 › 台州市 › 椒江区 331002 with its pinyin, for every division; those that ended say when."""
    found = {}
    for row in charts.records(_data.regions):
        names = dict.fromkeys(name for name in (row.province, row.city, row.county) if isinstance(name, str))
        ended = "" if pd.isna(row.last_year) else f"（–{int(row.last_year)}）"
        found[str(row.code)] = f"{' › '.join(names)}{ended} {row.code} {row.pinyin} {row.initials}"
    return found
