"""How a page is put on screen: title, empty sentence, choices, and a chart with its table, rows and download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import address, downloads, numbers, offers, queries, tables, theme
from dashboard.charts import Figure, safe
from dashboard.desk import Desk
from dashboard.regions import UNKNOWN


def opened(desk: Desk, page: str) -> bool:
    """The page's title, its sentence and that this is a sample; where nothing is selected the sentence that says so, and
    False."""
    w = desk.words
    if desk.reports.empty:
        st.subheader(w(f"{page}.title"), anchor=False)
        st.info(w("empty.selection", n=len(desk.data.reports)))
        return False
    st.title(w(f"{page}.title"), anchor=False)
    st.markdown(w(f"{page}.lead"))
    caveat(desk, "sample")
    return True


def caveat(desk: Desk, topic: str) -> None:
    """A caveat that holds for the whole page."""
    st.caption(desk.words.note(topic))


def by(desk: Desk, page: str, known: Sequence[str], default: str = "year") -> str:
    """The grouping that the reader chose, kept in the address as `by`."""
    return pick(
        desk, "by", known, default, desk.words("choice.by"), {k: desk.words(f"filter.{k}") for k in known}, page
    )


def pick(
    desk: Desk,
    key: str,
    known: Sequence[str],
    default: str,
    title: str,
    names: Mapping[str, str],
    page: str,
    quiet: bool = False,
) -> str:
    """One of `known`, chosen by button and kept in the address as `key`."""
    place = f"{page}.{key}"
    asked = next(iter(address.read((key,)).get(key, [])), default)
    if asked not in known:
        st.warning(desk.words("frame.unknown_value", key=key, value="".join(c if c.isalnum() else "·" for c in asked)))
    st.session_state[place] = address.choice(key, list(known), default)
    chosen = st.segmented_control(
        title,
        list(known),
        format_func=lambda k: names[k],
        key=place,
        required=True,
        on_change=_picked,
        args=(key, place),
        label_visibility="collapsed" if quiet else "visible",
    )
    address.keep(key, str(chosen), default)
    return str(chosen)


def choose(desk: Desk, key: str, known: Sequence[str], title: str, names: Mapping[str, str]) -> str:
    """One of many, chosen from a list and kept in the address as `key`; the first where nothing is."""
    place = f"choose.{key}"
    st.session_state[place] = address.choice(key, list(known), known[0])
    chosen = st.selectbox(
        title, list(known), format_func=names.__getitem__, key=place, on_change=_picked, args=(key, place)
    )
    address.keep(key, str(chosen), known[0])
    return str(chosen)


def _picked(key: str, place: str) -> None:
    """A click decides over the address, which the next run reads first."""
    st.query_params[key] = st.session_state[place]


def top(desk: Desk, table: pd.DataFrame, by: str, most: int = 20) -> dict[str, str]:
    """The groups to draw, key → name: years in order, others by value, the largest `most`."""
    names = desk.names(by)
    keys = sorted(table["group"].unique()) if by in ("year", "form") else queries.ranked(queries.named(table, by), most)
    return {key: names.get(key, key) for key in keys}


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


@st.fragment
def exhibit(
    desk: Desk,
    name: str,
    figure: Figure | None,
    table: pd.DataFrame,
    cells: pd.DataFrame | None = None,
    *,
    title: str,
    by: str = "",
    notes: Sequence[str] = (),
    remarks: Sequence[str] = (),
    lead: str = "",
    unit: str = "",
    rank: tuple[int, int] | None = None,
) -> None:
    """A chart with its basis, its caveats (topics of the codebook, and remarks of its own), its table and, where
    given, the single cells it stands on.

    A click on a mark narrows the cells to its group and item. `figure` None, or one without any value, says so.
    """
    w = desk.words
    if title:
        st.subheader(w.with_unit(title, unit), anchor=False)
    if lead or cells is not None:
        st.caption(lead if lead or cells is None else basis(desk, cells))
    picked: list[list[str]] = []
    values = [] if figure is None else _values(figure)
    if figure is None or not values:
        st.info(w("empty.figure"))
    elif not any(values):
        st.info(w("empty.zero"))
    else:
        config = theme.config(w.lang, downloads.named(desk, name)[:-4], _image())
        event = st.plotly_chart(
            theme.titled(figure, *headings(desk, title or lead, unit)),
            key=f"{name}.chart",
            on_select="rerun",
            selection_mode="points",
            config=config,
            alt=alt(title, table),
        )
        picked = [point["customdata"] for point in event["selection"]["points"] if point.get("customdata")]
    if rank:
        st.caption(w("show.rank", most=rank[0], n=rank[1]))
    if any(values) and figure is not None and figure["data"][0].get("orientation") == "v":
        st.caption(w("show.years"))
    for text in (*remarks, *(w.note(note) for note in notes)):
        st.caption(text)
    with st.expander(w("show.table", n=len(table))):
        show_table(desk, name, table)
    if cells is not None:
        _rows(desk, name, narrowed(cells, by, picked), bool(picked))


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


def _rows(desk: Desk, name: str, cells: pd.DataFrame, opened: bool) -> None:
    box = st.expander(desk.words("show.cells", n=len(cells)), expanded=opened, key=f"{name}.rows", on_change="rerun")
    if opened or box.open:
        with box:
            show_cells(desk, f"{name}-cells", cells)


def show_cells(desk: Desk, name: str, cells: pd.DataFrame) -> None:
    """The single cells with links to their reports, the largest first, and their download."""
    w = desk.words
    rows = cells.sort_values("value", ascending=False, na_position="last", kind="stable")
    if len(rows) > tables.MOST:
        st.caption(w("show.most", most=tables.MOST, n=len(rows)))
    opener = {w("table.open"): st.column_config.LinkColumn(display_text=w("table.open_text"), width="small")}
    shown = tables.of_cells(desk, rows.head(tables.MOST))
    st.dataframe(shown, hide_index=True, column_config=opener, key=f"{name}.cells", alt=w("show.cells", n=len(rows)))
    _by_number(desk, name, shown)
    offers.save(desk, name, lambda: tables.of_cells(desk, rows).drop(columns=w("table.open"), errors="ignore"))


def show_table(desk: Desk, name: str, table: pd.DataFrame) -> None:
    """A table with its download."""
    st.dataframe(_figures(table), hide_index=True, key=f"{name}.table", alt=desk.words("show.table", n=len(table)))
    offers.save(desk, name, lambda: table)


def listing(desk: Desk, name: str, table: pd.DataFrame, title: str, *, opened: bool = False) -> None:
    """A list with links to reports, folded away under its title and count unless `opened`."""
    with st.expander(title, expanded=opened):
        rows(desk, name, table, title)


def rows(desk: Desk, name: str, table: pd.DataFrame, title: str) -> None:
    """A list with links to reports, and its download."""
    w = desk.words
    if table.empty:
        st.caption(w("overview.nothing_refused"))
        return
    if len(table) > tables.MOST:
        st.caption(w("show.first", most=tables.MOST, n=len(table)))
    opener = {w("table.open"): st.column_config.LinkColumn(display_text=w("table.open_text"), width="small")}
    shown = table.head(tables.MOST)
    st.dataframe(shown, hide_index=True, column_config=opener, key=f"{name}.table", alt=title)
    _by_number(desk, name, shown)
    offers.save(desk, name, lambda: table.drop(columns=w("table.open"), errors="ignore"))


def _by_number(desk: Desk, name: str, shown: pd.DataFrame) -> None:
    """The link of one row, for those without a mouse: links inside the grid open for a pointer alone."""
    w = desk.words
    opener = w("table.open")
    if shown.empty or opener not in shown or shown[opener].isna().all():
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row = st.number_input(
            w("show.row"),
            1,
            len(shown),
            value=None,
            step=1,
            key=f"{name}.row",
            placeholder=f"1–{len(shown)}",
            width=200,
        )
        link = shown[opener].iloc[row - 1] if row else None
        if isinstance(link, str):
            told = [str(v) for v in shown.drop(columns=opener).iloc[int(row or 1) - 1, :3] if not pd.isna(v)]
            st.link_button(w("table.open_text"), link, type="tertiary")
            st.text(" · ".join(told))


def alt(title: str, table: pd.DataFrame) -> str:
    """A chart in words for those who do not see it: title and the first rows of its table."""
    lines = ["，".join(str(v) for v in row[:3] if not pd.isna(v)) for row in table.head(12).itertuples(index=False)]
    return f"{title}：" + "；".join(lines)


def _figures(table: pd.DataFrame) -> Any:
    """Thousands separators that sort as numbers."""
    kinds: dict[Any, Any] = {c: numbers.exact for c in table.columns if pd.api.types.is_numeric_dtype(table[c])}
    return table.style.format(kinds, na_rep="–") if table.size < 60_000 else table


def _values(figure: Figure) -> list[float]:
    """The numbers that a figure draws; a tile of the coverage matrix counts as one."""
    traces = figure["data"]
    if any(t["type"] == "scatter" and "error_x" not in t for t in traces):
        return [1.0 for t in traces for _ in t["x"]]
    drawn = [t["y"] if t.get("orientation") == "v" else t["x"] for t in traces]
    return [
        1.0 if t.get("error_x") else v for t, values in zip(traces, drawn, strict=True) for v in values if v is not None
    ]


def _image() -> str:
    return str(st.session_state.get("image", theme.IMAGES[0]))
