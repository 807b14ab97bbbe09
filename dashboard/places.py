"""Where the reports are from: the map of provinces, the ranking below it, and the way down to city and county."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard import boundaries, charts, exhibit, filters, numbers, queries, show, tables, theme, tilemap
from dashboard.charts import Series
from dashboard.desk import Desk, choose
from dashboard.exhibit import Exhibit
from dashboard.panels import GRADES, MOST
from dashboard.regions import LEVELS, NONE, UNKNOWN

REPORTS = "reports"
CODES = ("received", "handled", "licensing.decisions", "procurement.amount")
APPLICANT = {"received": "total", "handled": "total"}
DOWN = ("province", "city", "county")
DRAWN = ("boundaries", "squares")
MAP, TURN = "places.tiles", "places.turn"


def everywhere(desk: Desk) -> Desk:
    """The desk without its conditions on regions: a map shows where else there is something."""
    selection = replace(desk.selection, province=(), city=(), county=())
    return replace(desk, selection=selection, reports=choose(desk.data, selection))


def below(desk: Desk) -> str:
    """The level to rank: the one under the region that is chosen."""
    chosen = [level for level in DOWN if len(getattr(desk.selection, level)) == 1]
    return DOWN[min(len(chosen), len(DOWN) - 1)]


def table(desk: Desk, code: str, by: str) -> pd.DataFrame:
    """One row a region: group, code, part, value, n (reports counted), N (reports that could have it)."""
    if code == REPORTS:
        found = desk.reports.groupby(f"{by}_key").size()
        out = pd.DataFrame({"group": found.index.astype("str"), "value": found.to_numpy(dtype="float64")})
        return out.assign(code=REPORTS, part="", n=found.to_numpy(), N=found.to_numpy())
    return queries.totals(cells(desk, code), by, doubt=desk.doubt)


def cells(desk: Desk, code: str) -> pd.DataFrame:
    """The cells behind a measure of the map; of amounts those whose unit is printed or surely inferred."""
    rows = desk.cells([(code, APPLICANT.get(code, ""))])
    if code != "procurement.amount":
        return rows
    graded = queries.graded(rows)
    return graded[graded["part"].isin(GRADES["high"])].assign(part="")


def atlas(desk: Desk) -> None:
    """The map and the ranking; a click on a province chooses it, and a second one lets it go."""
    w = desk.words
    names = {REPORTS: w("places.reports")} | {code: w.short(code) for code in CODES}
    st.subheader(w("places.map"), anchor=False)
    code = show.pick(desk, "map", list(names), REPORTS, w("places.measure"), names, "places", quiet=True)
    unit = w("places.unit") if code == REPORTS else w.unit(code)
    own = _own(desk)
    level = own.level if own else DOWN[0]
    wide = everywhere(desk)
    found = wide.once(("places.table", code, level), lambda: table(wide, code, level))
    placed = found[~found["group"].isin((NONE, UNKNOWN))]
    if own:
        figure = boundaries.figure(own, placed, desk.names(level), w.lang, unit, w("places.none"))
        st.caption(w("places.own", by=w(f"filter.{level}")))
    else:
        figure = tilemap.figure(placed, w.lang, unit, w("places.none"), desk.selection.province)
        lost = int(found.loc[found["group"].isin((NONE, UNKNOWN)), "N"].sum())
        st.caption(w("places.lead", n=len(placed), lost=lost))
    st.plotly_chart(
        theme.titled(figure, *exhibit.headings(desk, names[code], unit)),
        # A click leaves its mark selected in the chart; under a new key the next click on it is a click again.
        key=f"{MAP}.{st.session_state.setdefault(TURN, 0)}",
        on_select=_picked,
        selection_mode="points",
        config=theme.config(w.lang, "ogi_map"),
        alt=exhibit.alt(w("places.map"), _shown(desk, placed, level, code)),
    )
    st.caption(w("places.classes", classes=tilemap.legend(placed["value"], w.lang) or "–"))
    by = below(desk)
    made = desk.once(("places.rank", code, by), lambda: _ranking(desk, code, by, names[code], unit))
    show.exhibit(desk, f"places-{by}", made)


def _own(desk: Desk) -> boundaries.Shapes | None:
    """The reader's own boundaries where there are some and the map is not switched to squares."""
    w = desk.words
    try:
        own = boundaries.shapes()
    except boundaries.BadBoundaries as error:
        st.warning(w("places.bad_boundaries"))
        st.text(str(error))
        return None
    if own is None:
        return None
    names = {kind: w(f"places.as_{kind}") for kind in DRAWN}
    drawn = show.pick(desk, "drawn", DRAWN, DRAWN[0], w("places.map"), names, "places-drawn", quiet=True)
    return own if drawn == DRAWN[0] else None


def _ranking(desk: Desk, code: str, by: str, name: str, unit: str) -> Exhibit:
    found = table(desk, code, by)
    placed = found[~found["group"].isin((NONE, UNKNOWN))]
    groups = show.top(desk, placed, by, MOST)
    colour = Series(code, name, theme.BLUE, APPLICANT.get(code, ""))
    figure = charts.bars(found, [colour], groups, desk.words.lang, upright=False, unit=unit)
    title = desk.words("places.rank", by=desk.words(f"filter.{by}"), name=name)
    rank = (MOST, placed["group"].nunique()) if placed["group"].nunique() > MOST else None
    shown = _shown(desk, found, by, code)
    if code == REPORTS:
        return exhibit.made(desk, figure, shown, title=title, unit=unit, rank=rank)
    return exhibit.made(
        desk,
        figure,
        shown,
        title=title,
        by=by,
        unit=unit,
        rank=rank,
        behind=cells(desk, code),
        rows=lambda d: cells(d, code),
    )


def _shown(desk: Desk, found: pd.DataFrame, by: str, code: str) -> pd.DataFrame:
    w, names = desk.words, desk.names(by)
    ordered = found.sort_values("value", ascending=False, na_position="last", kind="stable")
    if code != REPORTS:
        return tables.of_totals(desk, ordered, names, by)
    where = [names.get(group, group) for group in ordered["group"]]
    return pd.DataFrame({w(f"filter.{by}"): where, w("places.reports"): ordered["value"].map(numbers.exact)})


def _picked() -> None:
    """A division was clicked on the map: it is chosen with those above it, or let go where it was chosen."""
    points = st.session_state[f"{MAP}.{st.session_state[TURN]}"]["selection"]["points"]
    if not points:
        return
    st.session_state[TURN] += 1
    key = str(points[0]["customdata"][0])
    path = [key[:digits] for _, digits in LEVELS if digits <= len(key)]
    known = [getattr(filters.chosen(), level) for level in DOWN[: len(path)]] == [(part,) for part in path]
    filters.choose_region(*(() if known else ((part,) for part in path)))
