"""How a page is put on screen: title, empty sentence, choices, and a chart with its table, rows and download."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import address, downloads, numbers, offers, queries, tables, theme
from dashboard.desk import Desk
from dashboard.exhibit import Exhibit, Rows, narrowed


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


@st.fragment
def exhibit(desk: Desk, name: str, made: Exhibit) -> None:
    """A chart with its basis, its caveats, its table and, where it has them, the single cells it stands on.

    A click on a mark narrows the cells to its group and item. A chart without any value says so.
    """
    w = desk.words
    if made.title:
        st.subheader(w.with_unit(made.title, made.unit), anchor=False)
    if made.lead:
        st.caption(made.lead)
    picked: list[list[str]] = []
    if made.figure is None:
        st.info(w("empty.zero" if made.zero else "empty.figure"))
    else:
        event = st.plotly_chart(
            made.figure,
            key=f"{name}.chart",
            on_select="rerun",
            selection_mode="points",
            config=theme.config(w.lang, downloads.named(desk, name)[:-4], _image()),
            alt=made.alt,
        )
        picked = [point["customdata"] for point in event["selection"]["points"] if point.get("customdata")]
    for text in made.below:
        st.caption(text)
    with unfolded(w("show.table", n=len(made.table)), f"{name}.shown") as wanted:
        if wanted:
            show_table(desk, name, made.table)
    if made.rows is not None:
        _behind(desk, name, made, made.rows, picked)


def _behind(desk: Desk, name: str, made: Exhibit, rows: Rows, picked: list[list[str]]) -> None:
    """The single cells of an exhibit, those of the clicked marks where there are any."""
    cells = narrowed(rows(desk), made.by, picked) if picked else None
    title = desk.words("show.cells", n=made.cells if cells is None else len(cells))
    with unfolded(title, f"{name}.rows", opened=bool(picked)) as wanted:
        if picked or wanted:
            show_cells(desk, f"{name}-cells", rows(desk) if cells is None else cells)


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


@st.fragment
def listing(desk: Desk, name: str, table: pd.DataFrame, title: str, *, opened: bool = False) -> None:
    """A list with links to reports, folded away under its title and count unless `opened`."""
    with unfolded(title, f"{name}.shown", opened=opened) as wanted:
        if wanted:
            rows(desk, name, table, title)


@contextmanager
def unfolded(title: str, key: str, *, opened: bool = False) -> Iterator[bool]:
    """A box under its title; what stands in it is made once somebody unfolds it, which the caller is told."""
    box = st.expander(title, expanded=opened, key=key, on_change="rerun")
    with box:
        yield bool(box.open)


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


def _figures(table: pd.DataFrame) -> Any:
    """Thousands separators that sort as numbers."""
    kinds: dict[Any, Any] = {c: numbers.exact for c in table.columns if pd.api.types.is_numeric_dtype(table[c])}
    return table.style.format(kinds, na_rep="–") if table.size < 60_000 else table


def _image() -> str:
    return str(st.session_state.get("image", theme.IMAGES[0]))
