"""One agency: its years side by side, every rate with its peers' band, its findings and its sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from codebook import book
from codebook.indicators import Indicator, indicators
from dashboard import absent, address, charts, evidence, exhibit, numbers, offers, peers, queries, ratios, show, theme
from dashboard.charts import Figure
from dashboard.desk import Desk, choose, link
from dashboard.exhibit import Exhibit
from dashboard.regions import UNKNOWN
from dashboard.selection import Selection

HOLD = "profile.who"


def choice(desk: Desk) -> str | None:
    """The agency that the reader or the link names; those with most reports first."""
    counts = desk.reports["agency_key"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    known = [str(key) for key in counts.index if key != UNKNOWN]
    if not known:
        st.info(desk.words("profile.none"))
        return None
    names = desk.names("agency")
    st.session_state[HOLD] = address.choice("who", known, known[0])
    chosen = str(
        st.selectbox(
            desk.words("profile.choose"),
            known,
            format_func=lambda key: f"{names.get(key, key)} · {counts[key]}",
            key=HOLD,
            on_change=_picked,
        )
    )
    address.keep("who", chosen)
    return chosen


def _picked() -> None:
    st.query_params["who"] = st.session_state[HOLD]


def of(desk: Desk, agency: str) -> Desk:
    """The desk with all reports of one agency, whatever the filters say of years and forms."""
    selection = Selection(agency=(agency,))
    return replace(desk, selection=selection, reports=choose(desk.data, selection))


def head(desk: Desk) -> None:
    """Who it is: name, place, level and kind, and its reports with their links."""
    w, rows = desk.words, desk.reports.sort_values("year_key", kind="stable")
    last: Any = rows.iloc[-1]
    place = " ".join(dict.fromkeys(str(last[c]) for c in ("province", "city", "county") if isinstance(last[c], str)))
    kind = [w.value("agency_level", last["level_key"])]
    if isinstance(last["agency_type"], str):
        kind.append(w.value("agency_type", last["agency_type"]))
    st.text(" · ".join([str(last["shown_key"]), *filter(None, [place]), *kind]))
    listed = pd.DataFrame(
        {
            w("table.open"): [link(desk, str(report)) for report in rows.index],
            w("filter.year"): rows["year_key"].map(desk.names("year")),
            w("filter.form"): [w.form(form) for form in rows["form_key"]],
            w("table.status"): [w.value("status", status) for status in rows["status"]],
            w("profile.published"): rows["published_on"].fillna(""),
            w("profile.source"): rows["source_url"].fillna(""),
        }
    )
    show.listing(desk, "profile-reports", listed.reset_index(drop=True), w("profile.reports", n=len(rows)), opened=True)


def years(desk: Desk) -> None:
    """Every quantity of its forms by year: as counted, or the kind of emptiness."""
    w = desk.words
    cells = _cells(desk)
    cells = cells.sort_values("year_key", kind="stable").drop_duplicates(["code", "part", "year_key"], keep="last")
    st.subheader(w("profile.years"), anchor=False)
    st.caption(w("profile.years_lead"))
    shown = desk.once(("profile.years",), lambda: _by_year(desk, cells, numbers.exact))
    st.dataframe(shown, hide_index=True, key="profile-years.table", alt=w("show.table", n=len(shown)))
    offers.save(desk, "profile-years", lambda: _by_year(desk, cells, numbers.plain))


def _by_year(desk: Desk, cells: pd.DataFrame, number: Callable[[float], str]) -> pd.DataFrame:
    """One row a quantity, one column a year; numbers written as `number` does."""
    w = desk.words
    texts = cells.assign(shown=[_shown(desk, row, number) for row in charts.records(cells)])
    order = {code: n for n, code in enumerate(book().measures)}
    wide = texts.pivot(index=["code", "part"], columns="year_key", values="shown")
    wide = wide.sort_index(key=lambda level: level.astype("str").map(order) if level.name == "code" else level)
    wide = wide.fillna(w.value("state", "not_on_form"))
    wide = wide.reindex(columns=absent.years(wide.columns), fill_value=w.value("state", "not_collected"))
    wide = wide.rename(columns=desk.names("year"))
    out = wide.reset_index(drop=True).rename_axis(columns=None)
    out.insert(0, w("table.item"), [_item(desk, str(code)) for code, _ in wide.index])
    return out


def _cells(desk: Desk) -> pd.DataFrame:
    codes = [code for code, one in book().measures.items() if one.table and not code.startswith("narrative.")]
    plain = [(code, "total" if book().measures[code].table == "requests" else "") for code in codes]
    told = [(code, "") for code in queries.codes("narrative.*")]
    return desk.cells([*plain, *told])


def _item(desk: Desk, code: str) -> str:
    return " · ".join(filter(None, [desk.words.measure(code), desk.words.unit(code)]))


def _shown(desk: Desk, row: Any, number: Callable[[float], str]) -> str:
    if row.state != "number":
        return str(desk.words.value("state", row.state))
    mark = "" if pd.isna(row.doubt) else " △"
    return (str(row.raw) if pd.isna(row.value) else number(float(row.value))) + mark


def rates(desk: Desk, everything: Desk) -> None:
    """Each rate of the latest report that has it, with the quartiles of its peers."""
    w = desk.words
    st.subheader(w("profile.rates"), anchor=False)
    st.caption(w("profile.rates_lead", least=peers.FEWEST))
    made = desk.once(("profile.rates",), lambda: _rates(desk, everything))
    if made is None:
        st.info(w("profile.no_rates"))
        return
    show.exhibit(desk, "profile-rates", made)


def _rates(desk: Desk, everything: Desk) -> Exhibit | None:
    """The exhibit of the rates; None where no report of the agency has any."""
    rows = list[dict[str, Any]]()
    for report in desk.reports.sort_values("year_key", ascending=False).index:
        others = peers.of(everything.reports, str(report))
        chosen = everything.reports.loc[[report, *others.index]]
        cells = queries.cells(everything.data, chosen, ratios.needed(_wanted()), corrected=desk.corrected).assign(
            report_key=lambda c: c["report_id"]
        )
        known = [one for one in _wanted() if one.id not in {row["id"] for row in rows}]
        table = ratios.rates(cells, "report", known, doubt=desk.doubt)
        for one in known:
            values = (
                table[table["code"] == one.id].drop_duplicates("group").set_index("group")["rate"].astype("float64")
            )
            own = values.get(str(report), float("nan"))
            if pd.isna(own):
                continue
            n, low, middle, high = peers.band(values.drop(str(report)))
            year = str(desk.reports.loc[report, "year_key"])
            rows.append({"id": one.id, "year": year, "rate": own, "n": n, "low": low, "middle": middle, "high": high})
    if not rows:
        return None
    table, lead = pd.DataFrame(rows), desk.words("profile.dots")
    return exhibit.made(desk, _dots(desk, table), _listed(desk, table), title="", lead=lead)


def _wanted() -> list[Indicator]:
    """The indicators that are shares: on one axis they can be read together."""
    return [one for one in indicators().values() if one.kind == "rate" and one.unit == "%"]


def _dots(desk: Desk, table: pd.DataFrame) -> Figure:
    """A row a rate: the band of the peers, their median as a bar across it, and the agency as a dot."""
    w, rows = desk.words, charts.records(table)
    places = list(range(len(rows)))
    shapes = []
    for n, row in enumerate(rows):
        if pd.isna(row.middle):
            continue
        shapes.append(_box(row.low, row.high, n, 0.26, theme.SCALE[1]))
        shapes.append(_box(row.middle, row.middle, n, 0.34, theme.SCALE[4]))
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [float(row.rate) for row in rows],
        "y": places,
        "cliponaxis": False,
        "marker": {"color": theme.BRICK, "size": 11},
        "customdata": [["", row.id, ""] for row in rows],
        "hovertext": [f"{charts.safe(w.rate(row.id))} {row.year}: {numbers.percent(row.rate)}" for row in rows],
        "hoverinfo": "text",
    }
    names = [f"{charts.clip(w.rate(row.id))}<br>{row.year}" for row in rows]
    axis = {"tickvals": places, "ticktext": names, "range": [len(rows) - 0.5, -0.5], "automargin": True}
    most = max(1.0, *(float(row.rate) for row in rows))
    scale = {"tickformat": ".0%", "range": [0, most * 1.04], "gridcolor": theme.GRID, "zerolinecolor": theme.LINE}
    layout = theme.layout(max(170, len(rows) * 44 + 60), legend=False) | {"shapes": shapes, "xaxis": scale}
    return {"data": [trace], "layout": layout | {"yaxis": axis | {"showgrid": False, "zeroline": False}}}


def _box(left: float, right: float, at: int, half: float, colour: str) -> dict[str, Any]:
    line = {"color": colour, "width": 2 if left == right else 0}
    return {
        "type": "rect",
        "x0": left,
        "x1": right,
        "y0": at - half,
        "y1": at + half,
        "fillcolor": colour,
        "line": line,
        "layer": "below",
    }


def _listed(desk: Desk, table: pd.DataFrame) -> pd.DataFrame:
    w = desk.words
    out = pd.DataFrame({w("table.indicator"): [w.rate(one) for one in table["id"]]})
    out[w("filter.year")] = table["year"]
    for name in ("rate", "low", "middle", "high"):
        out[w(f"profile.{name}")] = (table[name] * 100).round(1)
    return out.assign(**{w("profile.peers"): table["n"]})


def findings(desk: Desk) -> None:
    """What the checks found in its reports."""
    w = desk.words
    parts = [
        evidence.findings(desk.data, str(report), w).assign(**{w("filter.year"): desk.reports.loc[report, "year_key"]})
        for report in desk.reports.sort_values("year_key").index
    ]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    show.listing(desk, "profile-findings", found, w("profile.findings", n=len(found)))
