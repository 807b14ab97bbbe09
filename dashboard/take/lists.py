"""The lists beside the figures: reports as sources, their tables, the code book, and the years without a report."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from codebook import listing
from dashboard.data import Dataset
from dashboard.regions import UNKNOWN
from dashboard.take.table import Table, have, of_frame

AGENCY = ["agency", "agency_id", "agency_level", "province", "city", "county", "township", "adcode"]


def reports(data: Dataset, chosen: pd.DataFrame) -> Table:
    """The reports as published, one row each, without the keys that filters use."""
    out = chosen[[c for c in chosen if not str(c).endswith("_key")]].reset_index(drop=True)
    return of_frame("reports", out.assign(data_version=data.version), "reports")


def tables(data: Dataset, chosen: pd.DataFrame) -> Table:
    """Each table of the reports with its status and, where it was refused, the reason."""
    rows = data.tables[data.tables["report_id"].isin(chosen.index)].sort_values(["report_id", "table"])
    return of_frame("tables", rows.reset_index(drop=True), "tables")


def codebook() -> Table:
    """Every code, coded value, indicator, rule and caveat: name, labels in both languages, kind, unit, forms, note."""
    return of_frame("codebook", pd.DataFrame(listing.rows(), columns=pd.Index(listing.COLUMNS)), "codebook")


def gaps(chosen: pd.DataFrame, every: pd.DataFrame, years: Sequence[str] = ()) -> pd.DataFrame:
    """Agencies and years without a report: the columns of AGENCY and report_year, one row each.

    Years are those chosen, else each agency's own from its first to its last; a report that the filters leave out
    (`every` has all) is no gap. Agencies that could not be told are left out.
    """
    known = chosen[(chosen["agency_key"] != UNKNOWN) & chosen["report_year"].notna()]
    there = set(zip(every["agency_key"], every["year_key"], strict=True))
    spans = known.groupby("agency_key")["report_year"].agg(["min", "max"])
    rows = []
    for agency, first, last in spans.itertuples():
        wanted = [int(y) for y in years if y.isdigit()] or range(int(first), int(last) + 1)
        rows += [(agency, year) for year in wanted if (agency, str(year)) not in there]
    who = known.sort_values("report_year").drop_duplicates("agency_key", keep="last").set_index("agency_key")
    out = who[have(who, AGENCY)].reindex([agency for agency, _ in rows]).reset_index(drop=True)
    return out.assign(report_year=pd.array([year for _, year in rows], dtype="Int64"))
