"""How each report was placed: region, how surely, and on what evidence."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import numbers, panels, show
from dashboard.desk import Desk, link

ALL = "all"
STATES = ("stated", "inferred", "ambiguous", "unknown")
PLACES = ("province", "city", "county", "township")


def counts(desk: Desk) -> dict[str, tuple[str, str]]:
    """Label → (reports of that state, share of all)."""
    found = desk.reports["region_status"].value_counts()
    whole = max(1, len(desk.reports))
    return {
        desk.words.value("region_status", state): (
            numbers.exact(int(found.get(state, 0))),
            numbers.percent(float(found.get(state, 0)) / whole),
        )
        for state in STATES
    }


def state(desk: Desk) -> str:
    """The state that the reader asks for, kept in the address."""
    names = {ALL: desk.words("filter.all")} | {one: desk.words.value("region_status", one) for one in STATES}
    return show.pick(desk, "state", list(names), ALL, desk.words("regions.state"), names, "regions")


def of(desk: Desk, wanted: str) -> pd.DataFrame:
    """The reports of a state, the least sure first."""
    chosen = desk.reports if wanted == ALL else desk.reports[desk.reports["region_status"] == wanted]
    return chosen.sort_values("region_confidence", kind="stable", na_position="first")


def rows(desk: Desk, chosen: pd.DataFrame) -> pd.DataFrame:
    """Reports with link, agency, year, place, level, how surely and why."""
    w = desk.words
    out = pd.DataFrame({w("table.open"): [link(desk, report) for report in chosen.index]}, index=chosen.index)
    out[w("filter.agency")] = chosen["shown_key"]
    out[w("filter.year")] = chosen["year_key"].map(desk.names("year"))
    for place in PLACES:
        out[w(f"regions.{place}")] = chosen[place].fillna("")
    out[w("regions.adcode")] = chosen["adcode"].fillna("")
    out[w("filter.level")] = [w.value("agency_level", level) for level in chosen["level_key"]]
    out[w("regions.state")] = [w.value("region_status", one) for one in chosen["region_status"]]
    out[w("regions.confidence")] = chosen["region_confidence"]
    out[w("report.evidence")] = chosen["region_evidence"].fillna("")
    if "region_candidates" in chosen:
        out[w("regions.candidates")] = chosen["region_candidates"].fillna("")
    return out.reset_index(drop=True)


def listing(desk: Desk) -> list[str]:
    """The tiles, the choice of a state, and the reports in it: their ids, the least sure first."""
    panels.tiles(counts(desk), width=150)
    wanted = state(desk)
    chosen = of(desk, wanted)
    if chosen.empty:
        st.info(desk.words("regions.nothing"))
        return []
    found = rows(desk, chosen)
    show.listing(desk, "placed", found, desk.words("regions.list", n=len(found)), opened=True)
    return [str(report) for report in chosen.index]
