"""What would mend sums that fail: the smallest sets of cells with what is printed and what would fit, never applied."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from dashboard import numbers
from dashboard.data import Dataset
from dashboard.desk import Desk, link
from dashboard.words import Words


def of(data: Dataset, reports: Iterable[str]) -> pd.DataFrame:
    """The suggestions for these reports, a row a cell, with `sets`: how many alternatives its part of the table has."""
    found = data.suggestions
    found = found[found["report_id"].isin(set(reports))]
    part = found.groupby(["report_id", "table", "part"])["set_no"]
    return found.assign(sets=part.transform("max"), place=part.ngroup())


def listing(desk: Desk, found: pd.DataFrame, *, of_one: bool = False) -> pd.DataFrame:
    """The suggestions in words, each with the way to its cell; of one report without its name."""
    w = desk.words
    reports = desk.data.reports.loc[found["report_id"]]
    opened = [link(desk, *row) for row in found[["report_id", "code", "applicant"]].itertuples(index=False, name=None)]
    head = {
        w("table.open"): opened,
        w("filter.agency"): reports["shown_key"].to_numpy(),
        w("filter.year"): reports["year_key"].map(desk.names("year")).to_numpy(),
    }
    return pd.DataFrame(
        {
            **({} if of_one else head),
            w("suggest.table"): [w.table(one) for one in found["table"]],
            w("suggest.set"): [_set(w, int(n), int(of)) for n, of in zip(found["set_no"], found["sets"], strict=True)],
            w("table.item"): [
                _item(w, *row) for row in found[["code", "applicant"]].itertuples(index=False, name=None)
            ],
            w("suggest.printed"): [
                _printed(w, *row) for row in found[["code", "printed"]].itertuples(index=False, name=None)
            ],
            w("suggest.value"): [numbers.exact(value) if pd.notna(value) else "" for value in found["suggested"]],
        }
    ).reset_index(drop=True)


def _set(w: Words, number: int, of: int) -> str:
    """Which of the alternatives a row belongs to; 0 where none is told."""
    if number == 0:
        return w("suggest.none")
    return w("suggest.only") if of == 1 else w("suggest.one_of", n=number, N=of)


def _item(w: Words, code: object, applicant: object) -> str:
    return " · ".join(filter(None, [w.measure(code), w.applicant(applicant)])) if isinstance(code, str) else ""


def _printed(w: Words, code: object, printed: object) -> str:
    if not isinstance(code, str):
        return ""
    return printed if isinstance(printed, str) and printed else w("report.blank")
