"""Indicators on screen: which thing, by which definition, as a ratio of sums or a mean of ratios; the title says so."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from codebook.indicators import Indicator, indicators
from dashboard import charts, exhibit, ratios, show, special, tables, theme
from dashboard.desk import Desk
from dashboard.exhibit import Exhibit

MOST = 15  # groups in a chart; tables have them all
RATIOS, OVER_AGENCIES, PER_HEAD = ("rate", "gap", "mean"), ("top", "gini"), ("per_head",)
OF_REPORTS = ("on_time", "filled", "passed", "copied")
SHOWN = (*RATIOS, *OVER_AGENCIES, *PER_HEAD, *OF_REPORTS)
HOW = ("sums", "means")


def panel(desk: Desk, page: str, by: str, title: str) -> None:
    """The indicators of a page: one family is chosen, then its definition and how reports are put together."""
    w = desk.words
    st.subheader(title, anchor=False)
    own = [one for one in indicators().values() if one.page == page and one.kind in SHOWN]
    families = {one.family: w.named(one.family_label) for one in own}
    first = next((one.family for one in own if one.kind in RATIOS), own[0].family)
    family = show.pick(desk, "rate", list(families), first, title, families, f"{page}-rates", quiet=True)
    wanted = {one.id: one for one in own if one.family == family}
    names = {key: w.rate(key) for key in wanted}
    chosen = next(iter(wanted))
    if len(wanted) > 1:
        chosen = show.pick(
            desk, "definition", list(wanted), chosen, w("rates.definition"), names, f"{page}-rates-{family}"
        )
    one, how = wanted[chosen], HOW[0]
    if one.kind in RATIOS:
        texts = {key: w(f"rates.{key}") for key in HOW}
        how = show.pick(desk, "how", HOW, how, w("rates.how"), texts, f"{page}-rates")

    def make() -> Exhibit:
        return _made(desk, by, one, values(desk, list(wanted.values()), by, means=how == "means"), how)

    name = f"{page}-rates-{one.id}"
    show.exhibit(desk, name, desk.once((name, by, how), make))


def values(desk: Desk, wanted: Sequence[Indicator], by: str, *, means: bool = False) -> pd.DataFrame:
    """The indicators by group, columns as in ratios.rates."""
    parts = []
    if plain := [one for one in wanted if one.kind in RATIOS]:
        cells = desk.cells(ratios.needed(plain))
        parts.append(ratios.rates(cells, by, plain, doubt=desk.doubt, means=means))
    if over := [one for one in wanted if one.kind in OVER_AGENCIES]:
        parts.append(special.concentration(desk.cells(ratios.needed(over)[:1]), by, over, doubt=desk.doubt))
    for one in (one for one in wanted if one.kind in PER_HEAD):
        parts.append(special.per_head(desk.cells(ratios.needed([one])), desk.reports, by, one, doubt=desk.doubt))
    if of := [one for one in wanted if one.kind in OF_REPORTS]:
        parts.append(special.shares_of_reports(desk.data, desk.reports, by, of))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def heading(desk: Desk, one: Indicator, how: str) -> str:
    """The chart's title: what is shown, by which definition, and how reports are put together."""
    w = desk.words
    return w(
        f"rates.title_{how}" if one.kind in RATIOS else "rates.title",
        family=w.named(one.family_label),
        name=w.rate(one.id),
    )


def _made(desk: Desk, by: str, one: Indicator, table: pd.DataFrame, how: str) -> Exhibit:
    w, names = desk.words, desk.names(by)
    part = table[table["code"] == one.id]
    largest = list(part.nlargest(MOST, "denominator")["group"])
    keys = sorted(part["group"]) if by in ("year", "form") else largest
    figure = charts.rates(part, {k: names.get(k, k) for k in keys}, theme.BLUE, w.lang, percent=one.unit == "%")
    groups, left = part["group"].nunique(), int(part["rate"].isna().sum())
    return exhibit.made(
        desk,
        figure,
        tables.of_rates(desk, table, names, by),
        title=heading(desk, one, how),
        by=by,
        notes=("small",),
        remarks=[w("absent.dropped", n=left)] if left else [],
        lead=w.named(one.note),
        unit="" if one.unit == "%" else w.value("unit", one.unit),
        rank=(MOST, groups) if by not in ("year", "form") and groups > MOST else None,
    )
