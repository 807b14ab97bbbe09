"""Small multiples: one panel for each agency or region, years across, all on the same axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import numbers, theme
from dashboard.charts import Figure, clip, records, safe
from dashboard.curves import SYMBOLS

COLUMNS = 2  # as many as a phone has room for
HIGH, HEAD = 150, 34  # pixels a row of panels: plot, title
WIDE_GAP = 0.08  # of the width, between two panels


def figure(
    table: pd.DataFrame,
    groups: Mapping[str, str],
    lang: str,
    forms: Sequence[str],
    *,
    unit: str,
    percent: bool,
    log: bool,
) -> Figure:
    """A panel a group, in the order of `groups`; `table` is as trends.points gives it. Lines break where values may
    not be joined, and years without a value are gaps."""
    rows = [row for row in records(table) if not pd.isna(row.value) and not (log and row.value <= 0)]
    down = -(-len(groups) // COLUMNS)
    layout = theme.layout(down * (HIGH + HEAD) + 30, legend=False)
    if not rows:
        return {"data": [], "layout": layout}
    years = range(min(int(row.year) for row in rows), max(int(row.year) for row in rows) + 1)
    values = [float(row.value) for row in rows]
    scale = _scale(values, lang, percent, log)
    traces, notes = list[dict[str, Any]](), list[dict[str, Any]]()
    for n, (group, name) in enumerate(groups.items()):
        tail = str(n + 1) if n else ""
        across, along = _domains(n, down)
        layout[f"xaxis{tail}"] = _years(years) | {"domain": across, "anchor": f"y{tail}"}
        layout[f"yaxis{tail}"] = scale | {"domain": along, "anchor": f"x{tail}", "showticklabels": n % COLUMNS == 0}
        notes.append(_title(name, across[0], along[1]))
        traces += _panel([row for row in rows if row.group == group], group, name, years, tail, forms, unit, percent)
    return {"data": traces, "layout": layout | {"annotations": notes}}


def _domains(n: int, down: int) -> tuple[list[float], list[float]]:
    """Where panel n stands, as shares of the figure: from left to right, from the top down."""
    row, column = divmod(n, COLUMNS)
    wide, high = (1 - WIDE_GAP * (COLUMNS - 1)) / COLUMNS, 1 / down
    left, top = column * (wide + WIDE_GAP), 1 - row * high
    return [left, left + wide], [top - high + 0.16 * high, top - 0.2 * high]


def _panel(
    rows: list[Any],
    group: str,
    name: str,
    years: range,
    tail: str,
    forms: Sequence[str],
    unit: str,
    percent: bool,
) -> list[dict[str, Any]]:
    traces = []
    for line in sorted({row.line for row in rows}):
        at = {int(row.year): row for row in rows if row.line == line}
        inside = [year for year in years if min(at) <= year <= max(at)]
        found = [at.get(year) for year in inside]
        symbols = ["circle" if row is None else SYMBOLS[forms.index(row.form) % len(SYMBOLS)] for row in found]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": safe(name),
                "xaxis": f"x{tail}",
                "yaxis": f"y{tail}",
                "x": inside,
                "y": [None if row is None else float(row.value) for row in found],
                "connectgaps": False,
                "cliponaxis": False,
                "line": {"color": theme.BLUE, "width": 2},
                "marker": {"color": theme.BLUE, "size": 8, "symbol": symbols},
                "customdata": [[group, "", ""] for _ in inside],
                "hovertext": ["" if row is None else _hover(name, row, unit, percent) for row in found],
                "hoverinfo": "text",
            }
        )
    return traces


def _hover(name: str, row: Any, unit: str, percent: bool) -> str:
    value = numbers.percent(row.value) if percent else f"{numbers.exact(row.value)} {safe(unit)}".rstrip()
    return f"{safe(name)}<br>{row.year}: {value}<br>n = {row.n} / {row.N}"


def _title(name: str, left: float, top: float) -> dict[str, Any]:
    return {
        "text": clip(name),
        "x": left,
        "y": top,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 6,
        "showarrow": False,
        "font": {"size": 12},
    }


def _scale(values: Sequence[float], lang: str, percent: bool, log: bool) -> dict[str, Any]:
    look: dict[str, Any] = {
        "gridcolor": theme.GRID,
        "zerolinecolor": theme.LINE,
        "automargin": True,
        "fixedrange": True,
    }
    if log:
        return look | {"type": "log", "dtick": 1, "matches": "y"}
    if percent:
        return look | {"tickformat": ".0%", "range": [0, max(1.0, *values) * 1.05], "nticks": 4}
    places, names = numbers.ticks(min([0.0, *values]), max(values), lang, wanted=3)
    return look | {"tickvals": places, "ticktext": names, "range": [places[0], places[-1] * 1.05]}


def _years(years: range) -> dict[str, Any]:
    step = max(1, -(-len(years) // 4))
    shown = [year for year in years if (year - years[0]) % step == 0]
    return {
        "tickvals": shown,
        "ticktext": [str(year) for year in shown],
        "range": [years[0] - 0.5, years[-1] + 0.5],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def indexed(table: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
    """`table` with each group's first common year as 100, line by line, and that year; None where the groups share no
    year, or have zero in it."""
    known = table[table["value"].notna() & (table["value"] != 0)]
    shared = known.groupby("year")["group"].nunique()
    years = sorted(shared[shared == table["group"].nunique()].index)
    if not years:
        return table.assign(value=float("nan")), None
    base = known[known["year"] == years[0]].set_index(["group", "line"])["value"]
    base = base[~base.index.duplicated()]
    keys = pd.MultiIndex.from_frame(table[["group", "line"]])
    return table.assign(value=table["value"] / base.reindex(keys).to_numpy() * 100), str(years[0])
