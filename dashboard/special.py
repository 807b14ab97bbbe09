"""Indicators that are no ratio of cells: concentration over agencies, requests per head, publication in time, cells
filled, rules that hold, wording that stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import pandas as pd

from codebook import book
from codebook.indicators import Indicator, deadlines
from dashboard.data import Dataset
from dashboard.queries import counted
from dashboard.ratios import of_rates, wilson
from dashboard.regions import UNKNOWN

TOP, PEOPLE = 5, 100_000
COPIED = {"boilerplate_year": "prose_previous", "boilerplate_other": "prose_nearest"}


def concentration(cells: pd.DataFrame, by: str, wanted: Sequence[Indicator], *, doubt: bool = False) -> pd.DataFrame:
    """The share of the five largest agencies (top) and the Gini coefficient (gini) of a count, by group; columns as in
    ratios.rates, without an interval: the agencies are no sample. Agencies that are not known are left out."""
    known = cells["agency_key"] != UNKNOWN
    used = cells[counted(cells, doubt) & known]
    whole = cells[known].groupby(f"{by}_key")["report_id"].nunique()
    found = list[dict[str, object]]()
    for group, some in used.groupby(f"{by}_key"):
        sums = some.groupby("agency_key")["value"].sum()
        total = float(sums.sum())
        for one in wanted:
            top = float(sums.nlargest(TOP).sum())
            value = (gini(sums) if one.kind == "gini" else top / total) if total >= max(1, one.least) else float("nan")
            found.append(
                {
                    "group": group, "code": one.id, "numerator": float("nan") if one.kind == "gini" else top,
                    "denominator": total, "rate": value, "n": some["report_id"].nunique(),
                    "least": one.least,
                }
            )  # fmt: skip
    return of_rates(found, whole)


def gini(values: pd.Series[float]) -> float:
    """0 where all are alike, towards 1 where one has everything; NaN where there is nothing."""
    ordered = sorted(float(v) for v in values)
    total, count = sum(ordered), len(ordered)
    if total <= 0:
        return float("nan")
    return 2 * sum(place * v for place, v in enumerate(ordered, start=1)) / (count * total) - (count + 1) / count


def shares_of_reports(data: Dataset, reports: pd.DataFrame, by: str, wanted: Sequence[Indicator]) -> pd.DataFrame:
    """What is told of whole reports, by group; columns as in ratios.rates. A report of which it can't be told (without
    date or deadline, without a report of the year before) is left out and does not count as zero."""
    return _by_group(reports, by, [(one, _of_reports(data, reports, one)) for one in wanted])


def per_head(
    cells: pd.DataFrame, reports: pd.DataFrame, by: str, one: Indicator, *, doubt: bool = False
) -> pd.DataFrame:
    """A count per 100,000 residents, of the reports that have both; columns as in ratios.rates."""
    people = reports.get("population_2020", pd.Series(None, index=reports.index)).astype("float64")
    count = cells[counted(cells, doubt)].set_index("report_id")["value"].reindex(reports.index)
    known = count.notna() & (people > 0)
    each = pd.DataFrame({"numerator": count.where(known), "denominator": people.where(known)})
    out = _by_group(reports, by, [(one, each)])
    return out.assign(rate=out["rate"] * PEOPLE)


def _by_group(reports: pd.DataFrame, by: str, wanted: Iterable[tuple[Indicator, pd.DataFrame]]) -> pd.DataFrame:
    key, found = reports[f"{by}_key"], list[dict[str, object]]()
    for one, each in wanted:
        have = each.dropna()
        for group, some in have.groupby(key.reindex(have.index)):
            a, b = float(some["numerator"].sum()), float(some["denominator"].sum())
            low, high = wilson(a, b) if one.kind == "on_time" else (None, None)
            row = {"group": group, "code": one.id, "numerator": a, "denominator": b, "least": one.least, "n": len(some)}
            found.append(row | {"rate": a / b if b else float("nan"), "low": low, "high": high})
    return of_rates(found, key.value_counts())


def _of_reports(data: Dataset, reports: pd.DataFrame, one: Indicator) -> pd.DataFrame:
    """Numerator and denominator of each report."""
    if one.kind == "on_time":
        return on_time(reports)
    if one.kind == "filled":
        return filled(data, reports)
    return passed(data, reports) if one.kind == "passed" else copied(data, reports, COPIED[one.id])


def passed(data: Dataset, reports: pd.DataFrame) -> pd.DataFrame:
    """Places at which a rule holds, and those at which it could be assessed, a report."""
    sums = data.checks.groupby("report_id")[["passed", "passed_blank_as_zero", "failed"]].sum().reindex(reports.index)
    held = (sums["passed"] + sums["passed_blank_as_zero"]).astype("float64")
    assessed = held + sums["failed"].astype("float64")
    return pd.DataFrame({"numerator": held.where(assessed > 0), "denominator": assessed.where(assessed > 0)})


def copied(data: Dataset, reports: pd.DataFrame, column: str) -> pd.DataFrame:
    """The share of a report's prose that stands in another, of 1."""
    share = data.copies.set_index("report_id")[column].astype("float64").reindex(reports.index)
    return pd.DataFrame({"numerator": share, "denominator": share.notna().astype("float64").where(share.notna())})


def on_time(reports: pd.DataFrame) -> pd.DataFrame:
    """A report published by its deadline is 1 of 1, a late one 0 of 1; NaN where that can't be told."""
    told = reports.get("published_on", pd.Series(None, index=reports.index, dtype="object"))
    kinds = reports.get("agency_type", pd.Series("", index=reports.index))
    days = [_deadline(kind, level) for kind, level in zip(kinds, reports["level_key"], strict=True)]
    day = pd.Series(days, index=reports.index, dtype="object")
    year = pd.to_numeric(reports["year_key"], errors="coerce").astype("Int64")
    due = (year + 1).astype("string") + "-" + day.astype("string")
    known = told.notna() & year.notna() & day.notna()
    met = (told.astype("string") <= due).astype("float64")
    return pd.DataFrame({"numerator": met.where(known), "denominator": known.astype("float64").where(known)})


def _deadline(kind: object, level: object) -> str | None:
    day, left_out = deadlines().get(str(kind), ("", frozenset[str]()))
    return day if day and level not in left_out else None


def filled(data: Dataset, reports: pd.DataFrame) -> pd.DataFrame:
    """Cells with a number and cells of the form, a report."""
    count = data.facts.counts["filled"].reindex(reports.index).fillna(0).astype("float64")
    asked = reports["form_key"].map(asked_by).astype("float64")
    return pd.DataFrame({"numerator": count.where(asked > 0), "denominator": asked.where(asked > 0)})


@cache
def asked_by(form: str) -> int:
    """How many cells a form has; 0 for one that is not known."""
    layouts = (layout for table in book().on_form(form) for layout in book().layouts_of(table) if form in layout.forms)
    return sum(layout.cells for layout in layouts)
