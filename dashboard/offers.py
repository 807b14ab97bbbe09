"""Download buttons: a row of formats for each table, made when clicked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard import downloads
from dashboard.desk import Desk
from dashboard.take import workbook
from dashboard.take.table import Table, of_frame

FORMATS = ("csv", "xlsx", "dta", "parquet")
SHEETS = {"codebook": "codebook", "reports": "sources"}  # table → its sheet beside the data


def save(desk: Desk, name: str, make: Callable[[], pd.DataFrame]) -> None:
    """CSV and workbook of what stands on the page, side by side."""
    with st.container(horizontal=True, gap="small"):
        for ending in ("csv", "xlsx"):
            _button(desk, name, ending, lambda: of_frame(name, make()))


def offer(
    desk: Desk,
    name: str,
    rows: int,
    make: Callable[[], Table],
    *,
    formats: Sequence[str] = FORMATS,
    others: Callable[[], tuple[Table, ...]] = tuple,
    mark: bool = True,
) -> None:
    """A data set to take away: what it is, how many rows, and a button for each format."""
    w = desk.words
    with st.container(border=True):
        st.markdown(f"**{w(f'downloads.{name}')}**")
        st.caption(w(f"downloads.{name}_lead", rows=f"{rows:,}"))
        with st.container(horizontal=True, gap="small"):
            for ending in formats:
                large = rows > workbook.MOST and ending in ("xlsx", "dta")
                _button(desk, name, ending, make, others=others, mark=mark, large=large)


def _button(
    desk: Desk,
    name: str,
    ending: str,
    make: Callable[[], Table],
    *,
    others: Callable[[], tuple[Table, ...]] = tuple,
    mark: bool = True,
    large: bool = False,
) -> None:
    told = downloads.slip(desk)
    st.download_button(
        desk.words("downloads.as", format=downloads.NAMES[ending]),
        data=lambda: downloads.content(make(), ending, told, mark=mark, others=others() if ending == "xlsx" else ()),
        file_name=downloads.named(desk, name, ending),
        mime=downloads.MEDIA[ending],
        on_click="ignore",
        key=f"{name}.{ending}",
        disabled=large,
        help=desk.words("downloads.large", most=f"{workbook.MOST:,}") if large else None,
    )


def sheets(made: dict[str, Callable[[], Table]]) -> Callable[[], tuple[Table, ...]]:
    """What stands beside the data in a workbook, made when a button is clicked."""
    return lambda: tuple(replace(made[name](), name=sheet) for name, sheet in SHEETS.items())


def everything(desk: Desk, made: dict[str, Callable[[], Table]], *, mark: bool) -> None:
    """The archive with all tables and what explains them."""
    w, told = desk.words, downloads.slip(desk)
    with st.container(border=True):
        st.markdown(f"**{w('downloads.bundle')}**")
        st.caption(w("downloads.bundle_lead"))
        st.download_button(
            w("downloads.as", format="ZIP"),
            data=lambda: downloads.archive(made, told, mark=mark),
            file_name=downloads.named(desk, "bundle", "zip"),
            mime=downloads.MEDIA["zip"],
            on_click="ignore",
            key="bundle.zip",
            type="primary",
        )
