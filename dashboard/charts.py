"""Figures as plain dicts for Plotly: bars, shares and a coverage matrix.

Labels are text: `safe` keeps Plotly from reading tags in them. Every clickable mark carries (group, code, part).
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import numbers, theme

Figure = dict[str, Any]
# A label beside a bar has two lines of so many columns; the whole name is in the hover text and in the table.
WIDE = {True: 10, False: 20}  # Chinese, other scripts
BAR, THIN, GAP = 22, 13, 14


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a figure: which rows of the table, under what name."""

    code: str
    name: str
    colour: str
    part: str = ""
    pattern: str = ""


def records(table: pd.DataFrame) -> list[Any]:
    """The rows as named tuples."""
    return list(table.itertuples(index=False))


def safe(text: str) -> str:
    """Text that Plotly shows as it is."""
    return html.escape(text, quote=False)


def clip(text: str, lines: int = 2) -> str:
    """A label short enough to stand beside a bar, over at most `lines` lines."""
    chinese = any("\u4e00" <= c <= "\u9fff" for c in text)
    width = WIDE[chinese] if lines > 1 else WIDE[chinese] + 4
    if chinese and width < len(text) <= lines * width:
        width = -(-len(text) // lines)  # even lines, so that no single character stands alone
    parts = textwrap.wrap(text, width) if not chinese else [text[i : i + width] for i in range(0, len(text), width)]
    if len(parts) > lines:
        parts = [*parts[: lines - 1], parts[lines - 1][: width - 1] + "…"]
    return "<br>".join(safe(part) for part in parts)


def bars(
    table: pd.DataFrame,
    series: Sequence[Series],
    groups: Mapping[str, str],
    lang: str,
    *,
    upright: bool,
    stacked: bool = False,
    single: bool = False,
    value: str = "value",
    unit: str = "",
) -> Figure:
    """Bars of `value` by group: upright in the order of `groups` (years), else lying, the first on top.

    `table` has one row a group, code and part, with n and N. A missing value is no bar; `single`: a group has one
    colour only, so its bar can carry its value.
    """
    keys = list(groups)
    rows = {(r.group, r.code, r.part): r for r in records(table)}
    traces, tops = [], dict.fromkeys(keys, 0.0)
    few = len(keys) * (1 if stacked else len(series)) <= 24
    for one in series:
        found = [rows.get((key, one.code, one.part)) for key in keys]
        values = [_value(row, value) for row in found]
        for key, number in zip(keys, values, strict=True):
            tops[key] = (tops[key] + (number or 0.0)) if stacked else max(tops[key], number or 0.0)
        label = [numbers.short(v, lang) if v is not None and few and (single or not stacked) else "" for v in values]
        hover = [_hover(groups[k], one.name, v, r, unit) for k, v, r in zip(keys, values, found, strict=True)]
        traces.append(_trace(one, keys, values, hover, label, upright))
    low = min([0.0, *(v for t in traces for v in t["y" if upright else "x"] if v is not None)])
    places, names = numbers.ticks(low, max([0.0, *tops.values()]), lang)
    scale = {"tickvals": places, "ticktext": names, "range": [places[0], places[-1] * (1.08 if few else 1.0)]}
    scale |= {"gridcolor": theme.GRID, "zerolinecolor": theme.LINE, "automargin": True}
    band = _band([_named(groups[k], rows, k, series, upright) for k in keys])
    if upright:
        band |= {"tickangle": 0, "tickfont": {"size": 11}}
        figure = theme.layout(340, legend=len(series) > 1) | {"xaxis": band, "yaxis": scale}
    else:
        thick = (BAR if stacked or len(series) == 1 else THIN * len(series)) + GAP
        figure = theme.layout(max(160, len(keys) * thick + 90), legend=len(series) > 1)
        figure |= {"yaxis": band | {"autorange": "reversed"}, "xaxis": scale}
    return {"data": traces, "layout": figure | {"barmode": "stack" if stacked else "group"}}


def shares(table: pd.DataFrame, series: Sequence[Series], groups: Mapping[str, str], lang: str) -> Figure:
    """Lying bars that fill to 100%: one a group, labelled with its denominator. `table` has share, whole and n."""
    keys = [key for key in groups if (table.loc[table["group"] == key, "whole"] > 0).any()]
    rows = {(r.group, r.code, r.part): r for r in records(table)}
    traces = []
    for one in series:
        found = [rows[(key, one.code, one.part)] for key in keys]
        values: list[float | None] = [float(row.share) for row in found]
        text = [numbers.percent(v, 0) if v is not None and v >= 0.06 else "" for v in values]
        hover = [
            f"{safe(groups[k])}<br>{safe(one.name)}: {numbers.exact(r.value)} / {numbers.exact(r.whole)}"
            f" = {numbers.percent(r.share)}<br>n = {r.n} / {r.N}"
            for k, r in zip(keys, found, strict=True)
        ]
        trace = _trace(one, keys, values, hover, text, upright=False)
        traces.append(
            trace
            | {"textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "textfont": {"color": "#ffffff"}}
        )
    wholes = {key: next(r for (g, *_), r in rows.items() if g == key) for key in keys}
    band = _band([f"{clip(groups[k])}<br>N={numbers.short(wholes[k].whole, lang)}" for k in keys])
    places = [0, 0.25, 0.5, 0.75, 1]
    scale = {"tickvals": places, "ticktext": ["0%", "25%", "50%", "75%", "100%"], "range": [0, 1.02]}
    scale |= {"gridcolor": theme.GRID, "zerolinecolor": theme.LINE, "automargin": True}
    figure = theme.layout(max(210, len(keys) * 48 + 110), legend=True) | {"barmode": "stack", "xaxis": scale}
    return {"data": traces, "layout": figure | {"yaxis": band | {"autorange": "reversed"}}}


def rates(table: pd.DataFrame, groups: Mapping[str, str], colour: str, lang: str, *, percent: bool = True) -> Figure:
    """Points with their 95% interval, one a group; `table` has rate, low, high, numerator, denominator, n and N of
    one indicator. A group below the indicator's least denominator has no point."""
    rows = {r.group: r for r in records(table) if not pd.isna(r.rate)}
    keys = [key for key in groups if key in rows]
    values = [float(rows[k].rate) for k in keys]
    texts = [numbers.percent(v) if percent else numbers.short(v, lang) for v in values]
    hover = [
        f"{safe(groups[k])}<br>{_parts(rows[k])} = {text}<br>n = {rows[k].n} / {rows[k].N}"
        for k, text in zip(keys, texts, strict=True)
    ]
    up = [0.0 if pd.isna(rows[k].high) else rows[k].high - rows[k].rate for k in keys]
    down = [0.0 if pd.isna(rows[k].low) else rows[k].rate - rows[k].low for k in keys]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": values,
        "y": list(range(len(keys))),
        "text": texts,
        "textposition": "top center",
        "cliponaxis": False,
        "marker": {"color": colour, "size": 11},
        "error_x": {"type": "data", "array": up, "arrayminus": down, "color": colour, "thickness": 1.5, "width": 5},
        "hovertext": hover,
        "hoverinfo": "text",
    }
    band = _band([f"{clip(groups[k])}<br>N={numbers.exact(rows[k].denominator)}" for k in keys])
    scale: dict[str, Any] = {"gridcolor": theme.GRID, "zerolinecolor": theme.LINE}
    if percent:
        least = min([0.0, *(v - d for v, d in zip(values, down, strict=True))])
        scale |= {"tickformat": ".0%", "range": [least * 1.04, max([1.0, *values]) * 1.04]}
    else:
        places, names = numbers.ticks(0.0, max([0.0, *values]), lang)
        scale |= {"tickvals": places, "ticktext": names, "range": [places[0], places[-1] * 1.08]}
    figure = theme.layout(max(170, len(keys) * 48 + 60), legend=False) | {"xaxis": scale}
    return {"data": [trace], "layout": figure | {"yaxis": band | {"range": [len(keys) - 0.5, -0.7]}}}


def _parts(row: Any) -> str:
    """Numerator over denominator; a coefficient has no numerator."""
    return f"{numbers.exact(row.numerator)} / {numbers.exact(row.denominator)}" if not pd.isna(row.numerator) else "–"


def matrix(
    cells: pd.DataFrame, rows: Mapping[str, str], columns: Mapping[str, str], kinds: Mapping[str, str]
) -> Figure:
    """Coverage as tiles: `cells` has row, column, kind, text, perhaps a label in the tile; no report leaves no tile."""
    order, across = list(rows), list(columns)
    traces = []
    for kind, name in kinds.items():
        part = cells[cells["kind"] == kind]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers+text" if "label" in cells else "markers",
                "text": list(part["label"]) if "label" in cells else [],
                "textfont": {"color": "#ffffff", "size": 11},
                "name": safe(name),
                "x": [across.index(c) for c in part["column"]],
                "y": [order.index(r) for r in part["row"]],
                "hovertext": [safe(t) for t in part["text"]],
                "hoverinfo": "text",
                "customdata": [[r, c, ""] for r, c in zip(part["row"], part["column"], strict=True)],
                "marker": {"symbol": "square", "size": 19 if "label" in cells else 15, "color": theme.COVER[kind]},
            }
        )
    figure = theme.layout(max(180, 24 * len(order) + 90), legend=True)
    top = _band([clip(name, 1) for name in columns.values()]) | {"side": "top", "range": [-0.6, len(columns) - 0.4]}
    down = _band([clip(rows[r], 1) for r in order]) | {"range": [len(order) - 0.4, -0.6], "autorange": False}
    figure["legend"] |= {"y": 0, "yanchor": "top"}
    return {"data": traces, "layout": figure | {"xaxis": top, "yaxis": down}}


def _value(row: Any, name: str) -> float | None:
    number = None if row is None else getattr(row, name)
    return None if number is None or pd.isna(number) else float(number)


def _hover(group: str, name: str, value: float | None, row: Any, unit: str) -> str:
    text = f"{safe(group)}<br>{safe(name)}: {numbers.exact(value)} {safe(unit)}".rstrip()
    return text if row is None else f"{text}<br>n = {row.n} / {row.N}"


def _trace(
    one: Series, keys: list[str], values: list[float | None], hover: list[str], text: list[str], upright: bool
) -> dict[str, Any]:
    places = list(range(len(keys)))
    marker: dict[str, Any] = {"color": one.colour, "line": {"width": 0}}
    if one.pattern:
        marker["pattern"] = {
            "shape": one.pattern,
            "fillmode": "overlay",
            "fgcolor": "#ffffff",
            "size": 7,
            "solidity": 0.22,
        }
    return {
        "type": "bar",
        "name": safe(one.name),
        "orientation": "v" if upright else "h",
        "x": places if upright else values,
        "y": values if upright else places,
        "marker": marker,
        "text": text,
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": hover,
        "hoverinfo": "text",
        "customdata": [[key, one.code, one.part] for key in keys],
    }


def _band(names: list[str]) -> dict[str, Any]:
    """An axis of groups at 0, 1, 2 …: names may repeat after clipping, places may not."""
    return {
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
        "range": [-0.5, len(names) - 0.5],
    }


def _named(name: str, rows: Mapping[Any, Any], key: str, series: Sequence[Series], upright: bool) -> str:
    """The group's label; years with the number of reports that the bars stand on, of those whose form has the item."""
    found = [rows.get((key, s.code, s.part)) for s in series]
    n, whole = sorted({r.n for r in found if r is not None}), {r.N for r in found if r is not None}
    if not upright or len(whole) != 1:
        return clip(name)
    counted = f"{n[0]}/" if n[0] == n[-1] else f"{n[0]}–{n[-1]}<br>/"
    return f"{clip(name)}<br>{counted}{whole.pop()}"
