"""Two to eight agencies or regions side by side: one quantity over the years, on shared axes, and their rank."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import pandas as pd
import streamlit as st

from codebook import book
from codebook.series import Series, series
from dashboard import absent, address, exhibit, multiples, numbers, peers, show, trends
from dashboard.desk import Desk, choose, link
from dashboard.exhibit import Exhibit
from dashboard.regions import NONE, UNKNOWN
from dashboard.selection import Selection
from dashboard.sentences import pages as sentences

KINDS = ("agency", "province", "city", "county")
MODES = ("value", "index", "per100k")
SCALES = ("linear", "log")
FEWEST, MOST = 2, 8
HOLD = "compare.of"
PERSONS = 100_000
POPULATION = "population_2020"


def panel(desk: Desk) -> None:
    """The choices, the panels, and for agencies the rank among their peers."""
    w, top = desk.words, st.container()
    kind = show.pick(desk, "kind", KINDS, "agency", w("compare.kind"), {k: w(f"filter.{k}") for k in KINDS}, "compare")
    chosen = _chosen(desk, kind)
    name = _series(desk)
    if len(chosen) < FEWEST:
        st.info(w("compare.few", least=FEWEST))
        return
    one = series()[name]
    ratio = one.unit == "%"
    mode = "value" if ratio else show.pick(desk, "mode", MODES, "value", w("compare.mode"), _modes(desk), "compare")
    scale = (
        "linear" if ratio else show.pick(desk, "scale", SCALES, "linear", w("compare.scale"), _scales(desk), "compare")
    )
    found = (kind, *chosen, name)
    points = desk.once(
        ("compare.points", *found),
        lambda: trends.points(_cells(desk, kind, chosen, one), one, kind, doubt=desk.doubt),
    )
    with top:
        told = desk.once(("compare.told", *found), lambda: sentences.comparison(desk, kind, chosen, name, points))
        sentences.write(desk, told)
    made = desk.once(("compare", *found, mode, scale), lambda: _made(desk, kind, chosen, name, points, mode, scale))
    show.exhibit(desk, f"compare-{name}", made)
    if kind == "agency":
        ranks = desk.once(("compare.ranks", *found), lambda: _ranks(desk, chosen, one))
        show.listing(desk, "compare-ranks", ranks, w("compare.ranks"), opened=True)
        st.caption(w("compare.peers", least=peers.FEWEST))


def _cells(desk: Desk, kind: str, chosen: list[str], one: Series) -> pd.DataFrame:
    cells = desk.cells(trends.items(one))
    return cells[cells[f"{kind}_key"].isin(chosen)]


def _made(desk: Desk, kind: str, chosen: list[str], name: str, points: pd.DataFrame, mode: str, scale: str) -> Exhibit:
    w, one = desk.words, series()[name]
    table, said, unit = _measured(desk, points, one, kind, mode)
    names = {key: desk.names(kind).get(key, key) for key in chosen}
    figure = multiples.figure(
        table, names, w.lang, [*book().forms, *book().older], unit=unit, percent=one.unit == "%", log=scale == "log"
    )
    shown = trends.listed(desk, table, one, names, kind)
    marked = absent.panels(figure, desk, table, names, kind)
    remarks = [*said, *marked, *trends.remarks(table, name, desk)]
    return exhibit.made(
        desk,
        figure,
        shown,
        title=w.named(one.label),
        by=kind,
        unit=unit,
        remarks=remarks,
        behind=trends.used(_cells(desk, kind, chosen, one), one),
        rows=lambda d: trends.used(_cells(d, kind, chosen, one), one),
    )


def _chosen(desk: Desk, kind: str) -> list[str]:
    """What is compared: as the address says, else as chosen before, else those with most reports."""
    counts = desk.reports[f"{kind}_key"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    known = [str(key) for key in counts.index if key not in (NONE, UNKNOWN)]
    names = desk.names(kind)
    asked = [key for key in address.read(("of",)).get("of", []) if key in known]
    before = [key for key in st.session_state.get(HOLD, []) if key in known]
    st.session_state[HOLD] = (asked or before or known[:4])[:MOST]
    chosen: list[str] = st.multiselect(
        desk.words("compare.of", most=MOST),
        known,
        format_func=lambda key: names.get(key, key),
        key=HOLD,
        max_selections=MOST,
        placeholder=desk.words("compare.choose"),
        on_change=_picked,
    )
    address.keep("of", ",".join(chosen))
    return chosen


def _picked() -> None:
    st.query_params["of"] = ",".join(st.session_state[HOLD])


def _series(desk: Desk) -> str:
    w = desk.words
    known = list(series())
    labels = {name: w.with_unit(w.named(one.label), w.value("unit", one.unit)) for name, one in series().items()}
    st.session_state["compare.series"] = address.choice("series", known, known[0])
    name = str(
        st.selectbox(w("series.choose"), known, format_func=labels.__getitem__, key="compare.series", on_change=_turned)
    )
    address.keep("series", name, known[0])
    return name


def _turned() -> None:
    st.query_params["series"] = st.session_state["compare.series"]


def _modes(desk: Desk) -> dict[str, str]:
    return {mode: desk.words(f"compare.{mode}") for mode in MODES}


def _scales(desk: Desk) -> dict[str, str]:
    return {scale: desk.words(f"compare.{scale}") for scale in SCALES}


def _measured(
    desk: Desk, table: pd.DataFrame, one: Series, kind: str, mode: str
) -> tuple[pd.DataFrame, list[str], str]:
    """The points in the mode that was asked for, what must be said of it, and the unit."""
    w, unit = desk.words, desk.words.value("unit", one.unit)
    if mode == "index":
        found, year = multiples.indexed(table)
        return found, [w("compare.base", year=year) if year else w("compare.no_base")], w("compare.index_unit")
    if mode == "per100k":
        people = population(desk, kind)
        found = table.assign(value=table["value"] / table["group"].map(people) * PERSONS)
        without = sorted(set(table["group"]) - set(people.index))
        said = [w("compare.population")] + ([w("compare.no_population", n=len(without))] if without else [])
        return found, said, w("compare.per100k_unit", unit=unit)
    return table, [], unit


def population(desk: Desk, kind: str) -> pd.Series[float]:
    """Residents in 2020 of the agencies that report for a whole division; nothing stands for other groups."""
    reports = desk.data.reports
    if kind != "agency" or POPULATION not in reports:
        return pd.Series(dtype="float64")
    known = reports[reports[POPULATION].notna()].drop_duplicates("agency_key")
    return known.set_index("agency_key")[POPULATION].astype("float64")


def _ranks(desk: Desk, chosen: list[str], one: Series) -> pd.DataFrame:
    """Where the latest value of each agency stands among its peers."""
    w, everything = desk.words, _everything(desk)
    cells = everything.cells(trends.items(one))
    values = trends.points(cells.assign(report_key=cells["report_id"]), one, "report", doubt=desk.doubt)
    known = values.dropna(subset=["value"]).drop_duplicates("group").set_index("group")["value"].astype("float64")
    rows = []
    for key in chosen:
        own = everything.reports[everything.reports["agency_key"] == key]
        own = own[own.index.isin(known.index)].sort_values("year_key")
        if own.empty:
            continue
        report = str(own.index[-1])
        others = peers.of(everything.reports, report)
        n, low, middle, high = peers.band(known.reindex(others.index))
        place, share = peers.rank(float(known[report]), known.reindex(others.index))
        rows.append(
            {
                w("table.open"): link(desk, report),
                w("filter.agency"): desk.names("agency").get(key, key),
                w("filter.year"): own["year_key"].iloc[-1],
                w("table.value"): known[report] if one.unit != "%" else numbers.percent(float(known[report])),
                w("compare.place"): w("compare.of_n", place=place, n=n + 1) if place else w("compare.too_few", n=n),
                w("compare.percentile"): "" if isnan(share) else f"{share:.0%}",
                w("compare.band"): "" if isnan(middle) else _band(low, middle, high, one.unit == "%"),
            }
        )
    return pd.DataFrame(rows)


def _band(low: float, middle: float, high: float, percent: bool) -> str:
    told = numbers.percent if percent else numbers.exact
    return f"{told(low)} – {told(middle)} – {told(high)}"


def _everything(desk: Desk) -> Desk:
    """The desk without any filter: peers are chosen from all reports at hand."""
    return replace(desk, selection=Selection(), reports=choose(desk.data, Selection()))
