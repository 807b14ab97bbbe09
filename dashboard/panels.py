"""Question, figure and table of each kind of exhibit, put together: what a page names by its subject."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd
import streamlit as st

from codebook import book
from dashboard import absent, charts, curves, numbers, queries, show, tables, theme
from dashboard.charts import Series
from dashboard.desk import Desk

GRADES = {"printed": ("printed",), "high": ("printed", "inferred_high"), "medium": tuple(theme.GRADE)}
MOST = 15  # groups in a chart; tables have them all


def totals(
    desk: Desk, name: str, cells: pd.DataFrame, by: str, title: str, *, notes: Sequence[str] = (), lead: str = ""
) -> None:
    """Sums of each code by group, side by side: by year upright, else the largest groups lying."""
    codes = list(dict.fromkeys(cells["code"]))
    series = [Series(c, desk.words.short(c), theme.SERIES[i % len(theme.SERIES)]) for i, c in enumerate(codes)]
    parts = cells.groupby("code")["part"].first()
    series = [Series(s.code, s.name, s.colour, str(parts[s.code])) for s in series]
    _totals(desk, name, cells, by, title, series, notes, stacked=False, lead=lead)


def _totals(
    desk: Desk,
    name: str,
    cells: pd.DataFrame,
    by: str,
    title: str,
    series: Sequence[Series],
    notes: Sequence[str],
    *,
    stacked: bool,
    lead: str = "",
) -> None:
    unit = _unit(desk, [one.code for one in series])
    table = queries.totals(cells, by, doubt=desk.doubt)
    groups = show.top(desk, table, by, MOST)
    if by == "year":
        names = desk.names(by)
        groups = {year: names.get(year, year) for year in absent.years(groups)}
    figure = charts.bars(table, series, groups, desk.words.lang, upright=by == "year", stacked=stacked, unit=unit)
    shown = tables.of_totals(desk, table, desk.names(by), by)
    marks = curves.changes(cells, list(groups)) if by == "year" else []
    figure["layout"]["shapes"] = [curves.shape(mark) for mark in marks]
    show.exhibit(
        desk,
        name,
        figure,
        shown,
        cells,
        title=title,
        by=by,
        notes=_notes(notes, table, by),
        remarks=[
            *absent.bars(figure, desk, table, series, groups, by, stacked=stacked),
            *([desk.words("series.changed")] if marks else []),
        ],
        lead=lead,
        unit=unit,
        rank=_rank(groups, table, by),
    )


def shares(
    desk: Desk, name: str, table: pd.DataFrame, cells: pd.DataFrame, by: str, title: str, *, notes: Sequence[str] = ()
) -> None:
    """Outcome groups as shares of all handled."""
    series = [Series(g, desk.words.value("outcome", g), theme.OUTCOME[g]) for g in queries.GROUPS]
    _shares(desk, name, table, cells, by, title, series, notes)


def applicants(desk: Desk, name: str, cells: pd.DataFrame, by: str, title: str, *, notes: Sequence[str] = ()) -> None:
    """Applicants as shares of one row of the request table."""
    table = queries.mix(cells, by, doubt=desk.doubt)
    kinds = zip(queries.APPLICANTS[:-1], theme.SERIES, strict=False)
    series = [Series("received", desk.words.short(f"applicant.{a}"), colour, a) for a, colour in kinds]
    _shares(desk, name, table, cells, by, title, series, notes)


def _shares(
    desk: Desk,
    name: str,
    table: pd.DataFrame,
    cells: pd.DataFrame,
    by: str,
    title: str,
    series: Sequence[Series],
    notes: Sequence[str],
) -> None:
    whole = queries.named(table, by).drop_duplicates("group")
    whole = whole[whole["whole"] > 0] if (whole["whole"] > 0).any() else whole
    names = desk.names(by)
    keys = sorted(whole["group"]) if by in ("year", "form") else list(whole.nlargest(MOST, "whole")["group"])
    figure = charts.shares(table, series, {k: names.get(k, k) for k in keys}, desk.words.lang)
    used = desk.words("outcomes.used", n=int(whole["n"].sum()), N=cells["report_id"].nunique())
    shown = tables.of_shares(desk, table, names, by)
    rank, notes = _rank(keys, table, by), _notes(notes, table, by)
    left = cells[f"{by}_key"].nunique() - int((whole["whole"] > 0).sum())
    remarks = [desk.words("absent.dropped", n=left)] if left else []
    show.exhibit(
        desk, name, figure, shown, cells, title=title, by=by, notes=notes, remarks=remarks, lead=used, rank=rank
    )


def told(desk: Desk, name: str, cells: pd.DataFrame, by: str, title: str, *, notes: Sequence[str] = ()) -> None:
    """Counts told in prose: as totals, said of all selected reports, for a report may be silent."""
    lead = desk.words("volume.told", n=cells["report_id"].nunique(), N=len(desk.reports))
    totals(desk, name, cells, by, title, notes=notes, lead=lead)


def reasons(desk: Desk, name: str, cells: pd.DataFrame, title: str, *, notes: Sequence[str] = ()) -> None:
    """Every reason of the form in the form's order, coloured by its outcome group."""
    table = queries.by_code(cells, doubt=desk.doubt)
    series = [Series(g, desk.words.value("outcome", g), theme.OUTCOME[g], "total") for g in queries.GROUPS[2:]]
    groups = {c: desk.words.short(c) for c in table["group"]}
    unit = _unit(desk, ["granted"])
    figure = charts.bars(table, series, groups, desk.words.lang, upright=False, stacked=True, single=True, unit=unit)
    shown = tables.of_totals(desk, table.assign(code=table["group"], group=table["code"]), _outcomes(desk), "outcome")
    show.exhibit(
        desk, name, figure, shown, cells.assign(code_key=cells["code"]), title=title, by="code", notes=notes, unit=unit
    )


def _outcomes(desk: Desk) -> dict[str, str]:
    return {g: desk.words.value("outcome", g) for g in queries.GROUPS}


def money(
    desk: Desk, name: str, cells: pd.DataFrame, by: str, grade: str, title: str, *, notes: Sequence[str] = ()
) -> None:
    """The amount by group, stacked by how its unit is known; what is left out stands beside the total."""
    rows = queries.graded(cells)
    chosen = rows[rows["part"].isin(GRADES[grade])]
    used = queries.counted(chosen, desk.doubt)
    off = rows["part"].isin(set(theme.GRADE) - set(GRADES[grade]))
    lead = desk.words(
        "procurement.total",
        sum=numbers.short(float(chosen.loc[used, "value"].sum()), desk.words.lang),
        n=int(used.sum()),
        unknown=int((rows["part"] == "unknown").sum()),
        off=int(off.sum()),
        doubted=int(len(chosen) - used.sum()),
    )
    series = [
        Series("procurement.amount", desk.words.value("unit_source", g), *(theme.GRADE[g][0], g, theme.GRADE[g][1]))
        for g in GRADES[grade]
    ]
    _totals(desk, name, chosen, by, title, series, notes, stacked=True, lead=f"{lead}{show.basis(desk, rows)}")


def unknown(desk: Desk, name: str, cells: pd.DataFrame) -> None:
    """The amounts whose unit cannot be told, as printed."""
    rows = queries.graded(cells)
    rows = rows[rows["part"] == "unknown"]
    st.subheader(desk.words("procurement.unknown", n=len(rows)), anchor=False)
    if len(rows):
        st.caption(desk.words("procurement.unknown_lead"))
        show.show_cells(desk, name, rows)


def remedies(desk: Desk, name: str, cells: pd.DataFrame, by: str, kind: str, *, notes: Sequence[str] = ()) -> None:
    """Results of one remedy, stacked by group."""
    series = [
        Series(f"{kind}.{result}", desk.words.value("result", result), colour)
        for result, colour in theme.RESULT.items()
    ]
    title = desk.words.value("remedy", kind)
    rows = cells[cells["code"].isin([s.code for s in series])]
    _totals(desk, f"{name}-{kind}", rows, by, title, series, notes, stacked=True)


def _unit(desk: Desk, codes: Sequence[str]) -> str:
    units = {book().measures[c].unit for c in codes}
    return desk.words.value("unit", units.pop()) if len(units) == 1 else ""


def _rank(drawn: Collection[str], table: pd.DataFrame, by: str) -> tuple[int, int] | None:
    """(drawn, all) where a chart leaves groups out."""
    groups = table["group"].nunique()
    return (len(drawn), groups) if by not in ("year", "form") and 0 < len(drawn) < groups else None


def _notes(notes: Sequence[str], table: pd.DataFrame, by: str) -> Sequence[str]:
    """The caveats of a chart, and that reports of unknown agencies are in its table only."""
    return notes if len(queries.named(table, by)) == len(table) else (*notes, "agency_unknown")


def tiles(figures: Mapping[str, tuple[str, str]], width: int = 108) -> None:
    """Label → (figure, what it stands on), as tiles."""
    with st.grid(min_column_width=width, gap="small") as grid:
        for label, (figure, basis) in figures.items():
            with grid.cell():
                st.metric(label, figure)
                if basis:
                    st.caption(basis)
