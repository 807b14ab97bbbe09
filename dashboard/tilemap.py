"""The provinces as squares of one size: no boundary is drawn, and a small province is seen as well as a large one."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from typing import Any

import pandas as pd

from codebook.terms import Province, provinces
from dashboard import numbers, theme
from dashboard.charts import Figure, records, safe

SIDE, GAP = 1.0, 0.04  # of a square; the gap on each side
HIGH = 54  # pixels a row


def figure(table: pd.DataFrame, lang: str, unit: str, none: str, chosen: tuple[str, ...]) -> Figure:
    """Squares coloured by `value`: `table` has one row a province (group, value, n, N); one without a row is an
    outline, and so is one whose value is missing. A click carries the province's key."""
    rows = {str(row.group): row for row in records(table)}
    values = {k: float(r.value) for k, r in rows.items() if k in provinces() and not pd.isna(r.value)}
    bounds = steps(list(values.values()))
    shapes, notes = list[dict[str, Any]](), list[dict[str, Any]]()
    for key, place in provinces().items():
        colour = theme.SCALE[step(values[key], bounds)] if key in values else theme.EMPTY
        shapes.append(_square(place, colour, key in chosen, key in rows))
        notes += _texts(place, colour, values.get(key), lang)
    places = list(provinces().values())
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [p.column for p in places],
        "y": [p.row for p in places],
        "marker": {"symbol": "square", "size": HIGH - 10, "opacity": 0},
        "customdata": [[p.key] for p in places],
        "hovertext": [_hover(p, rows.get(p.key), lang, unit, none) for p in places],
        "hoverinfo": "text",
    }
    last_column, last_row = max(p.column for p in places), max(p.row for p in places)
    axis: dict[str, Any] = {"visible": False, "fixedrange": True}
    across = axis | {"range": [min(p.column for p in places) - 0.55, last_column + 0.55]}
    layout = theme.layout((last_row + 1) * HIGH + 16, legend=False)
    layout |= {"xaxis": across, "yaxis": axis | {"range": [last_row + 0.55, -0.55]}}
    return {"data": [trace], "layout": layout | {"shapes": shapes, "annotations": notes}}


def steps(values: list[float]) -> list[float]:
    """The upper bounds of the classes: about as many provinces in each, equal values never apart; [] without values."""
    order = sorted(values)
    places = [order[min(len(order) - 1, -(-len(order) * (n + 1) // len(theme.SCALE)) - 1)] for n in range(5) if order]
    return sorted(set(places))


def step(value: float, bounds: list[float]) -> int:
    """The class of a value: the last of the scale is the largest."""
    below = sum(value > bound for bound in bounds)
    return len(theme.SCALE) - len(bounds) + below


def legend(values: Iterable[float], lang: str) -> str:
    """The classes in words: ≤ 3 · ≤ 12 · ≤ 40."""
    known = [value for value in values if not isnan(value)]
    return " · ".join(f"≤ {numbers.short(bound, lang)}" for bound in steps(known))


def _square(place: Province, colour: str, chosen: bool, present: bool) -> dict[str, Any]:
    line = {"color": theme.BRICK, "width": 3} if chosen else {"color": theme.LINE, "width": 1 if present else 0.6}
    half = SIDE / 2 - GAP
    return {
        "type": "rect",
        "x0": place.column - half,
        "x1": place.column + half,
        "y0": place.row - half,
        "y1": place.row + half,
        "fillcolor": colour,
        "line": line if present or chosen else line | {"dash": "dot"},
        "layer": "below",
    }


def _texts(place: Province, colour: str, value: float | None, lang: str) -> list[dict[str, Any]]:
    ink = {} if colour == theme.EMPTY else {"color": theme.INK[theme.SCALE.index(colour)]}
    name = place.short[lang]
    lines = [(name, 12, -0.16 if value is not None else 0.0)]
    if value is not None:
        lines.append((numbers.short(value, lang), 11, 0.2))
    return [
        {"x": place.column, "y": place.row + y, "text": safe(text), "showarrow": False, "font": {"size": size, **ink}}
        for text, size, y in lines
    ]


def _hover(place: Province, row: Any, lang: str, unit: str, none: str) -> str:
    name = safe(place.name[lang])
    if row is None:
        return f"{name}<br>{safe(none)}"
    text = "–" if pd.isna(row.value) else f"{numbers.exact(float(row.value))} {safe(unit)}".rstrip()
    return f"{name}<br>{text}<br>n = {row.n} / {row.N}"
