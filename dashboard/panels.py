"""Question, figure and table of each kind of exhibit, put together: what a page names by its subject."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd
import streamlit as st

from codebook import book
from dashboard import absent, charts, curves, exhibit, numbers, queries, show, tables, theme
from dashboard.charts import Series
from dashboard.desk import Desk
from dashboard.exhibit import Exhibit, Rows

GRADES = {"printed": ("printed",), "high": ("printed", "inferred_high"), "medium": tuple(theme.GRADE)}
Items = Sequence[queries.Item]
MOST = 15  # groups in a chart; tables have them all


def totals(
    desk: Desk, name: str, items: Items, by: str, title: str, *, notes: Sequence[str] = (), told: bool = False
) -> None:
    """Sums of each code by group, side by side: by year upright, else the largest groups lying. Where a report may be
    silent (`told`) the count is said of all selected reports."""

    def make() -> Exhibit:
        cells = desk.cells(items)
        codes = list(dict.fromkeys(cells["code"]))
        parts = cells.groupby("code")["part"].first()
        series = [
            Series(c, desk.words.short(c), theme.SERIES[i % len(theme.SERIES)], str(parts[c]))
            for i, c in enumerate(codes)
        ]
        lead = desk.words("volume.told", n=cells["report_id"].nunique(), N=len(desk.reports)) if told else ""
        return _totals(desk, cells, lambda d: d.cells(items), by, title, series, notes, stacked=False, lead=lead)

    show.exhibit(desk, name, desk.once((name, by), make))


def _totals(
    desk: Desk,
    cells: pd.DataFrame,
    rows: Rows,
    by: str,
    title: str,
    series: Sequence[Series],
    notes: Sequence[str],
    *,
    stacked: bool,
    lead: str = "",
) -> Exhibit:
    unit = _unit(desk, [one.code for one in series])
    table = queries.totals(cells, by, doubt=desk.doubt)
    groups = show.top(desk, table, by, MOST)
    if by == "year":
        names = desk.names(by)
        groups = {year: names.get(year, year) for year in absent.years(groups)}
    figure = charts.bars(table, series, groups, desk.words.lang, upright=by == "year", stacked=stacked, unit=unit)
    marks = curves.changes(cells, list(groups)) if by == "year" else []
    figure["layout"]["shapes"] = [curves.shape(mark) for mark in marks]
    return exhibit.made(
        desk,
        figure,
        tables.of_totals(desk, table, desk.names(by), by),
        title=title,
        by=by,
        lead=lead,
        unit=unit,
        remarks=[
            *absent.bars(figure, desk, table, series, groups, by, stacked=stacked),
            *([desk.words("series.changed")] if marks else []),
        ],
        notes=_notes(notes, table, by),
        rank=_rank(groups, table, by),
        behind=cells,
        rows=rows,
    )


def shares(desk: Desk, name: str, items: Items, by: str, title: str, *, notes: Sequence[str] = ()) -> None:
    """Outcome groups as shares of all handled."""

    def make() -> Exhibit:
        series = [Series(g, desk.words.value("outcome", g), theme.OUTCOME[g]) for g in queries.GROUPS]
        table = queries.shares(desk.cells(items), by, doubt=desk.doubt)
        return _shares(desk, table, items, by, title, series, notes)

    show.exhibit(desk, name, desk.once((name, by), make))


def applicants(desk: Desk, name: str, items: Items, by: str, title: str, *, notes: Sequence[str] = ()) -> None:
    """Applicants as shares of one row of the request table."""

    def make() -> Exhibit:
        table = queries.mix(desk.cells(items), by, doubt=desk.doubt)
        kinds = zip(queries.APPLICANTS[:-1], theme.SERIES, strict=False)
        series = [Series("received", desk.words.short(f"applicant.{a}"), colour, a) for a, colour in kinds]
        return _shares(desk, table, items, by, title, series, notes)

    show.exhibit(desk, name, desk.once((name, by), make))


def _shares(
    desk: Desk,
    table: pd.DataFrame,
    items: Items,
    by: str,
    title: str,
    series: Sequence[Series],
    notes: Sequence[str],
) -> Exhibit:
    cells = desk.cells(items)
    whole = queries.named(table, by).drop_duplicates("group")
    whole = whole[whole["whole"] > 0] if (whole["whole"] > 0).any() else whole
    names = desk.names(by)
    keys = sorted(whole["group"]) if by in ("year", "form") else list(whole.nlargest(MOST, "whole")["group"])
    left = cells[f"{by}_key"].nunique() - int((whole["whole"] > 0).sum())
    return exhibit.made(
        desk,
        charts.shares(table, series, {k: names.get(k, k) for k in keys}, desk.words.lang),
        tables.of_shares(desk, table, names, by),
        title=title,
        by=by,
        lead=desk.words("outcomes.used", n=int(whole["n"].sum()), N=cells["report_id"].nunique()),
        remarks=[desk.words("absent.dropped", n=left)] if left else [],
        notes=_notes(notes, table, by),
        rank=_rank(keys, table, by),
        behind=cells,
        rows=lambda d: d.cells(items),
    )


def reasons(desk: Desk, name: str, items: Items, title: str, *, notes: Sequence[str] = ()) -> None:
    """Every reason of the form in the form's order, coloured by its outcome group."""

    def make() -> Exhibit:
        cells, unit = desk.cells(items), _unit(desk, ["granted"])
        table = queries.by_code(cells, doubt=desk.doubt)
        series = [Series(g, desk.words.value("outcome", g), theme.OUTCOME[g], "total") for g in queries.GROUPS[2:]]
        groups = {c: desk.words.short(c) for c in table["group"]}
        figure = charts.bars(
            table, series, groups, desk.words.lang, upright=False, stacked=True, single=True, unit=unit
        )
        swapped = table.assign(code=table["group"], group=table["code"])
        return exhibit.made(
            desk,
            figure,
            tables.of_totals(desk, swapped, _outcomes(desk), "outcome"),
            title=title,
            by="code",
            unit=unit,
            notes=notes,
            behind=cells,
            rows=lambda d: d.cells(items).assign(code_key=lambda rows: rows["code"]),
        )

    show.exhibit(desk, name, desk.once((name,), make))


def _outcomes(desk: Desk) -> dict[str, str]:
    return {g: desk.words.value("outcome", g) for g in queries.GROUPS}


def money(desk: Desk, name: str, items: Items, by: str, grade: str, title: str, *, notes: Sequence[str] = ()) -> None:
    """The amount by group, stacked by how its unit is known; what is left out stands beside the total."""

    def chosen(d: Desk) -> pd.DataFrame:
        rows = queries.graded(d.cells(items))
        return rows[rows["part"].isin(GRADES[grade])]

    def make() -> Exhibit:
        rows, some = queries.graded(desk.cells(items)), chosen(desk)
        used = queries.counted(some, desk.doubt)
        off = rows["part"].isin(set(theme.GRADE) - set(GRADES[grade]))
        lead = desk.words(
            "procurement.total",
            sum=numbers.short(float(some.loc[used, "value"].sum()), desk.words.lang),
            n=int(used.sum()),
            unknown=int((rows["part"] == "unknown").sum()),
            off=int(off.sum()),
            doubted=int(len(some) - used.sum()),
        )
        series = [
            Series("procurement.amount", desk.words.value("unit_source", g), *(theme.GRADE[g][0], g, theme.GRADE[g][1]))
            for g in GRADES[grade]
        ]
        lead = f"{lead}{exhibit.basis(desk, rows)}"
        return _totals(desk, some, chosen, by, title, series, notes, stacked=True, lead=lead)

    show.exhibit(desk, name, desk.once((name, by, grade), make))


def unknown(desk: Desk, name: str, items: Items) -> None:
    """The amounts whose unit cannot be told, as printed."""
    rows = queries.graded(desk.cells(items))
    rows = rows[rows["part"] == "unknown"]
    st.subheader(desk.words("procurement.unknown", n=len(rows)), anchor=False)
    if len(rows):
        st.caption(desk.words("procurement.unknown_lead"))
        show.show_cells(desk, name, rows)


def remedies(desk: Desk, name: str, items: Items, by: str, kind: str, *, notes: Sequence[str] = ()) -> None:
    """Results of one remedy, stacked by group."""
    series = [
        Series(f"{kind}.{result}", desk.words.value("result", result), colour)
        for result, colour in theme.RESULT.items()
    ]
    title, name = desk.words.value("remedy", kind), f"{name}-{kind}"

    def rows(d: Desk) -> pd.DataFrame:
        cells = d.cells(items)
        return cells[cells["code"].isin([s.code for s in series])]

    def make() -> Exhibit:
        return _totals(desk, rows(desk), rows, by, title, series, notes, stacked=True)

    show.exhibit(desk, name, desk.once((name, by), make))


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
