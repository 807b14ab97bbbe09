"""Lines over years for Plotly: a colour a group, a symbol a form, a gap where values may not be joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from codebook import book
from dashboard import numbers, theme
from dashboard.charts import Figure, clip, records, safe

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star", "hexagon", "pentagon")


FEW = 4  # changes of form whose names find room above the lines
STEP = 14  # pixels from one line of notes to the next


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of form between two years; `broken` where the values before and after may not be joined."""

    at: float
    label: str
    broken: bool


def figure(
    table: pd.DataFrame, groups: Mapping[str, str], lang: str, marks: Sequence[Mark], *, percent: bool, unit: str
) -> Figure:
    """A line for each group and line number of `table` (group, year, line, value, form, code, n, N); years without a value
    are gaps, for nothing is known of them."""
    rows = [row for row in records(table) if not pd.isna(row.value)]
    if not rows:
        return {"data": [], "layout": theme.layout(340, legend=False)}
    years = range(min(int(row.year) for row in rows), max(int(row.year) for row in rows) + 1)
    order = list(dict.fromkeys(row.group for row in rows))
    traces, named = [], set[str]()
    for group in order:
        for line in sorted({row.line for row in rows if row.group == group}):
            at = {int(row.year): row for row in rows if (row.group, row.line) == (group, line)}
            colour = theme.SERIES[order.index(group) % len(theme.SERIES)]
            name = safe(groups.get(group, group))
            traces.append(_trace(name, years, at, colour, percent, unit) | {"showlegend": group not in named})
            named.add(group)
    values = [float(row.value) for row in rows]
    scale: dict[str, Any] = {"gridcolor": theme.GRID, "zerolinecolor": theme.LINE, "automargin": True}
    if percent:
        scale |= {"tickformat": ".0%", "range": [0, max(1.0, *values) * 1.04]}
    else:
        places, names = numbers.ticks(min([0.0, *values]), max(values), lang)
        scale |= {"tickvals": places, "ticktext": names, "range": [places[0], places[-1] * 1.04]}
    layout = theme.layout(380, legend=len(order) > 1)
    layout |= {"xaxis": _years(years), "yaxis": scale}
    shown = [mark for mark in marks if years[0] < mark.at < years[-1]]
    # One above the other: side by side they would run together on a phone.
    notes = [_note(mark) | {"yshift": STEP * row} for row, mark in enumerate(shown)] if len(shown) <= FEW else []
    layout |= {"shapes": [shape(mark) for mark in shown], "annotations": notes}
    layout["margin"] |= {"t": 28 + STEP * (len(notes) - 1) if notes else 8}
    return {"data": traces, "layout": layout}


def _trace(name: str, years: range, at: Mapping[int, Any], colour: str, percent: bool, unit: str) -> dict[str, Any]:
    order = [*book().forms, *book().older]
    inside = [year for year in years if min(at) <= year <= max(at)]
    found = [at.get(year) for year in inside]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": inside,
        "y": [None if row is None else float(row.value) for row in found],
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": colour, "width": 2},
        "marker": {
            "color": colour,
            "size": 9,
            "symbol": ["circle" if row is None else SYMBOLS[order.index(row.form) % len(SYMBOLS)] for row in found],
        },
        "hovertext": ["" if row is None else _hover(name, row, percent, unit) for row in found],
        "hoverinfo": "text",
        "customdata": [[] if row is None else [row.group, row.code, ""] for row in found],
    }


def _hover(name: str, row: Any, percent: bool, unit: str) -> str:
    value = numbers.percent(row.value) if percent else f"{numbers.exact(row.value)} {safe(unit)}".rstrip()
    return f"{name}<br>{row.year}: {value}<br>n = {row.n} / {row.N}"


def _years(years: range) -> dict[str, Any]:
    step = max(1, -(-len(years) // 12))
    shown = [year for year in years if (year - years[0]) % step == 0]
    return {
        "tickvals": shown,
        "ticktext": [str(year) for year in shown],
        "range": [years[0] - 0.4, years[-1] + 0.4],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def changes(cells: pd.DataFrame, years: Sequence[str]) -> list[Mark]:
    """Where the form of most reports changes from one year of a bar chart to the next; bars stand at 0, 1, 2 …"""
    forms = cells.drop_duplicates("report_id").groupby("year_key")["form_key"].agg(lambda some: some.mode().iloc[0])
    told = [forms.get(year) for year in years]
    return [Mark(n + 0.5, "", False) for n, (a, b) in enumerate(pairwise(told)) if a and b and a != b]


def shape(mark: Mark) -> dict[str, Any]:
    """The thin upright line that marks a change of form."""
    colour = theme.BRICK if mark.broken else theme.LINE
    line = {"color": colour, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": mark.at, "x1": mark.at, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _note(mark: Mark) -> dict[str, Any]:
    return {
        "x": mark.at,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "text": clip(mark.label, 1),
        "font": {"size": 11, "color": theme.BRICK if mark.broken else theme.GREY},
    }
