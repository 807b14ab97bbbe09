"""Where a chart has no bar and no point, it says why: empty in the report, not read, not on the form, not collected.

Zero is drawn as zero. Marks are annotations: they change no value of a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.charts import Figure, Series, records
from dashboard.desk import Desk
from dashboard.regions import UNKNOWN
from dashboard.words import Words

SIGNS = {
    "blank": "□",
    "dash": "–",
    "text": "T",
    "unread": "?",
    "doubtful": "△",
    "unit_unknown": "¤",
    "lacking": "×",
    "not_on_form": "∅",
    "not_collected": "…",
}
KINDS = {"doubted": "doubtful", "unvalued": "unit_unknown"}  # columns of a table of totals → states
COUNTED = ("unread", "blank", "dash", "text", "doubted", "unvalued")  # of equally many the first is told
BAND = 1 - theme.BARGAP  # of a group's place that its bars fill


def years(keys: Iterable[str]) -> list[str]:
    """The years from the first to the last of these, with those between of which there is nothing; unknown stays last."""
    known = [int(key) for key in keys if key != UNKNOWN]
    inside = [str(year) for year in range(min(known), max(known) + 1)] if known else []
    return [*inside, *(key for key in keys if key == UNKNOWN)]


def bars(
    figure: Figure,
    desk: Desk,
    table: pd.DataFrame,
    series: Sequence[Series],
    groups: Mapping[str, str],
    by: str,
    *,
    stacked: bool,
) -> list[str]:
    """Mark the places without a bar in a figure of charts.bars; the sentence that explains the marks."""
    rows = {(r.group, r.code, r.part): r for r in records(table)}
    here = set(desk.reports[f"{by}_key"])
    marks, kinds = list[dict[str, Any]](), list[str]()
    for place, key in enumerate(groups):
        found = [rows.get((key, one.code, one.part)) for one in series]
        if stacked:  # a stack with any value is a bar; one without has one mark
            found = found[:1] if all(row is None or pd.isna(row.value) for row in found) else []
        lost = {n: _kind(row, key in here) for n, row in enumerate(found) if row is None or pd.isna(row.value)}
        kinds += lost.values()
        if len(lost) == len(found) and len(set(lost.values())) == 1:  # all for one reason: one mark
            marks.append(_mark(SIGNS[lost[0]], place, figure))
        else:
            marks += [
                _mark(SIGNS[kind], place + BAND * ((n + 0.5) / len(found) - 0.5), figure) for n, kind in lost.items()
            ]
    figure["layout"]["annotations"] = [*figure["layout"].get("annotations", []), *marks]
    return told(desk.words, kinds)


def panels(figure: Figure, desk: Desk, table: pd.DataFrame, groups: Iterable[str], by: str) -> list[str]:
    """Mark the years without a point in a figure with one panel a group (one group: one panel); the sentence on it."""
    if not figure["data"]:
        return []
    ordered = sorted(records(table), key=lambda row: not pd.isna(row.value))  # of several lines that with a value
    rows = {(row.group, int(row.year)): row for row in ordered}
    valued = [year for (_, year), row in rows.items() if not pd.isna(row.value)]
    group_of = desk.reports[f"{by}_key"] if f"{by}_key" in desk.reports else pd.Series("all", index=desk.reports.index)
    here = set(zip(group_of, desk.reports["year_key"], strict=True))
    marks, kinds = list[dict[str, Any]](), list[str]()
    for n, group in enumerate(groups):
        tail = str(n + 1) if n else ""
        for year in range(min(valued), max(valued) + 1):
            row = rows.get((group, year))
            if row is not None and not pd.isna(row.value):
                continue
            kind = "lacking" if row is not None else "not_on_form" if (group, str(year)) in here else "not_collected"
            kinds.append(kind)
            marks.append(_sign(SIGNS[kind]) | {"x": year, "xref": f"x{tail}", "y": 0, "yref": f"y{tail} domain"})
    figure["layout"]["annotations"] = [*figure["layout"].get("annotations", []), *marks]
    return told(desk.words, kinds)


def told(w: Words, kinds: Iterable[str]) -> list[str]:
    """The marks of a figure in words, in the order of SIGNS; nothing where it has none."""
    used = [kind for kind in SIGNS if kind in set(kinds)]
    names = [f"{SIGNS[kind]} {w('absent.lacking') if kind == 'lacking' else w.value('state', kind)}" for kind in used]
    return [w("absent.note", list=w("basis.comma").join(names))] if names else []


def _kind(row: Any, collected: bool) -> str:
    """Why a group has no value of an item: the state of most of its cells."""
    if row is None:
        return "not_on_form" if collected else "not_collected"
    most = max(COUNTED, key=lambda name: getattr(row, name))
    return KINDS.get(most, most)


def _mark(sign: str, place: float, figure: Figure) -> dict[str, Any]:
    upright = figure["data"][0].get("orientation") == "v"
    ends = (
        {"x": place, "y": 0, "yanchor": "bottom"}
        if upright
        else {"x": 0, "y": place, "xanchor": "left", "xshift": 3, "yanchor": "middle"}
    )
    return _sign(sign) | ends


def _sign(sign: str) -> dict[str, Any]:
    return {"text": sign, "showarrow": False, "font": {"size": 11, "color": theme.GREY}, "yanchor": "bottom"}
