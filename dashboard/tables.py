"""Tables as the reader sees them beside a chart: names in words, figures as numbers, empty cells by kind."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from codebook.indicators import indicators
from dashboard import numbers, queries
from dashboard.desk import Desk, link
from dashboard.words import Words

MOST = 2000  # rows on screen; a download has them all
EMPTY = (*queries.EMPTY, "doubted", "unvalued")


def of_totals(desk: Desk, table: pd.DataFrame, names: Mapping[str, str], by: str) -> pd.DataFrame:
    """The twin of a chart of totals: group, item, value, unit, n, N, agencies, then the kinds of empty cells."""
    w = desk.words
    out = pd.DataFrame({w(f"filter.{by}"): table["group"].map(lambda g: names.get(g, g))})
    out[w("table.item")] = [_item(desk, c, a) for c, a in zip(table["code"], table["part"], strict=True)]
    out[w("table.value")] = table["value"]
    out[w("table.unit")] = [w.unit(c) for c in table["code"]]
    out[w("table.n")], out[w("table.N")], out[w("table.agencies")] = table["n"], table["N"], table["agencies"]
    for kind in EMPTY:
        if table[kind].any():
            out[w(f"table.{kind}")] = table[kind]
    return out


def of_shares(desk: Desk, table: pd.DataFrame, names: Mapping[str, str], by: str) -> pd.DataFrame:
    """The twin of a chart of shares: numerator, denominator, per cent, reports used."""
    w = desk.words
    return pd.DataFrame(
        {
            w(f"filter.{by}"): table["group"].map(lambda g: names.get(g, g)),
            w("table.item"): [
                w.applicant(p) or w.value("outcome", c) for c, p in zip(table["code"], table["part"], strict=True)
            ],
            w("table.numerator"): table["value"],
            w("table.denominator"): table["whole"],
            w("table.percent"): (table["share"] * 100).round(2),
            w("table.n"): table["n"],
            w("table.N"): table["N"],
        }
    )


def of_rates(desk: Desk, table: pd.DataFrame, names: Mapping[str, str], by: str) -> pd.DataFrame:
    """Indicators with numerator, denominator, interval, reports used and what the indicator means."""
    w = desk.words
    known = indicators()
    money = any(known[code].unit != "%" for code in table["code"])
    value, scale = (w("table.value"), 1) if money else (w("table.percent"), 100)
    return pd.DataFrame(
        {
            w(f"filter.{by}"): table["group"].map(lambda g: names.get(g, g)),
            w("table.indicator"): [w.rate(c) for c in table["code"]],
            value: (table["rate"] * scale).round(2),
            w("table.low"): (table["low"] * scale).round(2),
            w("table.high"): (table["high"] * scale).round(2),
            w("table.numerator"): table["numerator"],
            w("table.denominator"): table["denominator"],
            w("table.least"): table["least"],
            w("table.n"): table["n"],
            w("table.N"): table["N"],
            w("table.note"): [known[c].note[w.lang] for c in table["code"]],
        }
    )


def of_cells(desk: Desk, cells: pd.DataFrame) -> pd.DataFrame:
    """One row a report and item: who, when, value as printed, what was corrected and why, the kind of empty, raw
    text, doubt, verdict, link to the cell."""
    w = desk.words
    rows = cells
    out = pd.DataFrame(
        {
            w("table.open"): [
                link(desk, r, c, a) for r, c, a in zip(rows["report_id"], rows["code"], rows["part"], strict=True)
            ],
            w("filter.agency"): rows["shown_key"],
            w("filter.year"): rows["year_key"].astype("str").map(desk.names("year")),
            w("table.item"): [_item(desk, c, a) for c, a in zip(rows["code"], rows["part"], strict=True)],
            w("table.value"): rows["printed"],
            w("table.corrected"): _amended(desk, rows),
            w("table.correction"): rows["correction"],
            w("table.state"): rows["state"].map({s: w.value("state", s) for s in rows["state"].unique()}),
            w("table.raw"): rows["raw"],
            w("table.unit_source"): rows["unit_source"].map(lambda s: w.value("unit_source", s)),
            w("table.doubt"): rows["doubt"],
            w("table.verdict"): rows["verdict"].map(lambda v: w.value("verdict", v)),
        }
    )
    return out.dropna(axis="columns", how="all").loc[:, lambda t: ~(t == "").all()].reset_index(drop=True)


def _amended(desk: Desk, rows: pd.DataFrame) -> list[str | None]:
    """What each cell should say: a number, or the kind of empty; None where nothing was corrected."""
    told = zip(rows["correction"].notna(), rows["corrected_state"], rows["corrected_value"], strict=True)
    shown = (amended(desk.words, state, value) if there else None for there, state, value in told)
    return list(shown)


def amended(words: Words, state: str, value: float) -> str:
    """A corrected cell in words: its number, or the kind of empty."""
    return numbers.exact(value) if state == "number" else words.value("state", state)


def _item(desk: Desk, code: str, part: str) -> str:
    name = desk.words.short(code)
    inner = desk.words.applicant(part) or desk.words.value("unit_source", part)
    return f"{name} · {inner}" if part not in ("", "total") else name
