"""An exhibit: a chart with the sentences around it and its table, made ready once and shown to many readers.

Nothing here puts anything on screen. What stands behind a chart, cell by cell, is asked for when somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import numbers, queries, theme
from dashboard.charts import Figure, safe
from dashboard.desk import Desk
from dashboard.regions import UNKNOWN


class Checked(go.Figure):  # type: ignore[misc]
    """A figure that Plotly has checked. What it holds is handed out as it is, and not copied for every reader."""

    def __init__(self, figure: Figure) -> None:
        """Raises ValueError where Plotly does not know a property or value."""
        super().__init__(figure)
        self.__dict__["_held"] = super().to_dict()

    def to_dict(self) -> dict[str, Any]:
        """The figure as JSON knows it. Not to be changed."""
        return dict(self.__dict__["_held"])


Rows = Callable[[Desk], pd.DataFrame]
TOLD = 12  # rows of a table that stand for its chart in words


@dataclass(frozen=True, eq=False)
class Exhibit:
    """What a reader sees of one chart. Shared between readers: not to be changed."""

    title: str
    unit: str
    lead: str
    figure: Checked | None  # None where there is nothing to draw
    zero: bool  # there are values, and all are zero
    alt: str
    below: tuple[str, ...]  # captions under the chart
    table: pd.DataFrame
    by: str = ""  # how marks are grouped: a click narrows the cells by it
    cells: int = 0  # how many single cells it stands on
    rows: Rows | None = None  # these cells; None where it stands on none


def made(
    desk: Desk,
    figure: Figure | None,
    table: pd.DataFrame,
    *,
    title: str,
    by: str = "",
    lead: str = "",
    unit: str = "",
    remarks: Sequence[str] = (),
    notes: Sequence[str] = (),
    rank: tuple[int, int] | None = None,
    behind: pd.DataFrame | None = None,
    rows: Rows | None = None,
) -> Exhibit:
    """An exhibit with its texts: lead, or what its cells (`behind`) count; remarks, then caveats of the codebook
    (`notes`); `rank` is (drawn, all) where groups are left out. `rows` finds the cells again."""
    w = desk.words
    values = [] if figure is None else _values(figure)
    drawn = figure if any(values) else None
    upright = drawn is not None and drawn["data"][0].get("orientation") == "v"
    below = [
        *([w("show.rank", most=rank[0], n=rank[1])] if rank else []),
        *([w("show.years")] if upright else []),
        *remarks,
        *(w.note(note) for note in notes),
    ]
    return Exhibit(
        title=title,
        unit=unit,
        lead=lead if lead or behind is None else basis(desk, behind),
        figure=None if drawn is None else Checked(theme.titled(drawn, *headings(desk, title or lead, unit))),
        zero=bool(values) and not any(values),
        alt=alt(title, table),
        below=tuple(below),
        table=table,
        by=by,
        cells=0 if behind is None else len(behind),
        rows=rows,
    )


def basis(desk: Desk, cells: pd.DataFrame) -> str:
    """What a total stands on, in a sentence: reports and agencies counted of those whose form has the cells, and
    the cells left out by kind."""
    w, used = desk.words, queries.counted(cells, desk.doubt)
    known = cells["agency_key"] != UNKNOWN
    counts = {
        "n": cells.loc[used, "report_id"].nunique(),
        "N": cells["report_id"].nunique(),
        "a": cells.loc[used & known, "agency_key"].nunique(),
        "A": cells.loc[known, "agency_key"].nunique(),
    }
    number = cells["state"] == "number"
    left = {kind: int((cells["state"] == kind).sum()) for kind in queries.EMPTY}
    left["doubted"] = int((number & cells["value"].notna() & ~used).sum())
    left["unvalued"] = int((number & cells["value"].isna()).sum())
    tail = [w("basis.left", kind=w(f"table.{kind}"), n=n) for kind, n in left.items() if n]
    said = w("basis.counted", **counts) + (w("basis.tail", list=w("basis.comma").join(tail)) if tail else "")
    corrected = int((cells["verdict"] == queries.CORRECTED).sum())
    return f"{said} {w('basis.corrected', n=corrected)}" if corrected else said


def headings(desk: Desk, title: str, unit: str) -> tuple[str, str]:
    """Title and source line of a picture, as text that Plotly shows as it is."""
    w, known = desk.words, desk.data
    span = numbers.span(desk.reports["report_year"])
    source = w("slip.source", title=w("frame.product"), version=known.version, span=span, n=len(desk.reports))
    return safe(w.with_unit(title, unit)), safe(source)


def narrowed(cells: pd.DataFrame, by: str, picked: list[list[str]]) -> pd.DataFrame:
    """The cells behind the clicked marks, each (group, code or outcome group, part or ""); all where none is clicked."""
    if not picked:
        return cells
    keys = zip(cells[f"{by}_key"], cells["code"], cells["part"], strict=True)
    return cells[[any(_meets(mark, key) for mark in picked) for key in keys]]


def _meets(mark: Sequence[str], key: tuple[str, str, str]) -> bool:
    group, code, part = mark
    return group == key[0] and code in (key[1], queries.group_of(key[1])) and part in ("", key[2])


def alt(title: str, table: pd.DataFrame) -> str:
    """A chart in words for those who do not see it: title and the first rows of its table."""
    lines = ["，".join(str(v) for v in row[:3] if not pd.isna(v)) for row in table.head(TOLD).itertuples(index=False)]
    return f"{title}：" + "；".join(lines)


def _values(figure: Figure) -> list[float]:
    """The numbers that a figure draws; a tile of the coverage matrix counts as one."""
    traces = figure["data"]
    if any(t["type"] == "scatter" and "error_x" not in t for t in traces):
        return [1.0 for t in traces for _ in t["x"]]
    drawn = [t["y"] if t.get("orientation") == "v" else t["x"] for t in traces]
    return [
        1.0 if t.get("error_x") else v for t, values in zip(traces, drawn, strict=True) for v in values if v is not None
    ]
