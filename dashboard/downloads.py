"""What is downloaded here and now: the tables of the desk, the slip that goes with them, and the name of the file."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from codebook import listing
from codebook.spreadsheet import neutral
from dashboard import address
from dashboard.data import Dataset
from dashboard.desk import Desk
from dashboard.regions import NONE, UNKNOWN
from dashboard.selection import FILTERS
from dashboard.take import comma, lists
from dashboard.take.bundle import bundle
from dashboard.take.long import long, universe
from dashboard.take.parquet import parquet
from dashboard.take.slip import Slip, today
from dashboard.take.stata import dta
from dashboard.take.table import Table, of_frame
from dashboard.take.wide import wide
from dashboard.take.workbook import xlsx
from dashboard.words import LANGUAGES, Words

__all__ = ["neutral"]  # where tests and pages look for it
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "dta": "application/x-stata-dta",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}
NAMES = {"csv": "CSV", "xlsx": "XLSX", "dta": "Stata", "parquet": "Parquet", "zip": "ZIP"}


def csv(frame: pd.DataFrame, *, mark: bool = True) -> bytes:
    """A frame as CSV in UTF-8; text cells that would run as formulas get an apostrophe."""
    return comma.csv(of_frame("data", frame), mark=mark)


def slip(desk: Desk, topic: str = "") -> Slip:
    """What a file of this view says of itself."""
    filters = {}
    for lang in LANGUAGES:
        spoken = Desk(desk.data, desk.selection, Words(lang), desk.reports, desk.doubt, desk.corrected)
        filters[lang] = tuple(
            (spoken.words(f"filter.{name}"), _plain("、".join(spoken.names(name).get(key, key) for key in keys)))
            for name in FILTERS
            if (keys := getattr(desk.selection, name))
        )
    return Slip(
        version=desk.data.version,
        codebook=str(desk.data.manifest.get("codebook_version", "")),
        day=today(),
        reports=len(desk.reports),
        doubt=desk.doubt,
        corrected=desk.corrected,
        address="" if desk.data.private else address.permalink(desk.data.version, desk.words.lang),
        synthetic=int(desk.reports["synthetic"].fillna(False).sum()) if "synthetic" in desk.reports else 0,
        private=desk.data.private,
        filters=filters,
        topic={lang: Words(lang)(f"{topic}.title") for lang in LANGUAGES} if topic else {},
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def content(table: Table, ending: str, told: Slip, *, mark: bool = True, others: tuple[Table, ...] = ()) -> bytes:
    """A table in one format; `others` are further sheets of a workbook."""
    makers: dict[str, Callable[[], bytes]] = {
        "csv": lambda: comma.csv(table, mark=mark),
        "xlsx": lambda: xlsx(table, told, others),
        "dta": lambda: dta(table, told),
        "parquet": lambda: parquet(table, told),
    }
    return makers[ending]()


def tables(desk: Desk, *, missing: bool = True, years: bool = True) -> dict[str, Callable[[], Table]]:
    """The tables of the selection by name, each made when it is asked for.

    `missing`: rows for cells that were not read or that the form lacks; `years`: rows for years without a report.
    """
    data, reports = desk.data, desk.reports
    gaps = lists.gaps(reports, data.reports, desk.selection.year) if years else None
    return {
        "long": lambda: long(data, reports, doubt=desk.doubt, missing=missing, gaps=gaps),
        "wide": lambda: wide(data, reports, doubt=desk.doubt, gaps=gaps),
        "reports": lambda: lists.reports(data, reports),
        "tables": lambda: lists.tables(data, reports),
        "codebook": lists.codebook,
    }


def archive(made: dict[str, Callable[[], Table]], told: Slip, *, mark: bool = True) -> bytes:
    """All of it as one ZIP."""
    rest = [made[name]() for name in ("reports", "tables", "codebook")]
    return bundle(made["long"](), made["wide"](), rest, told, mark=mark)


def entries() -> int:
    """How many rows the code book has."""
    return len(listing.rows())


def count(data: Dataset, reports: pd.DataFrame) -> int:
    """How many facts the reports have."""
    return int(data.facts.counts["cells"].loc[reports.index].sum())


def most(desk: Desk, *, missing: bool) -> int:
    """The most rows that the long table can have, told without making it."""
    return count(desk.data, desk.reports) + (len(desk.reports) * len(universe()) if missing else 0)


def named(desk: Desk, topic: str, ending: str = "csv") -> str:
    """The name of a file of this view: what it holds, and that its values are the corrected ones where they are."""
    told = f"{topic}-corrected" if desk.corrected else topic
    extent = desk.once(("extent",), lambda: _extent(desk.reports))
    return file_name(told, extent, desk.data.version, ending)


def file_name(topic: str, extent: tuple[str, str], version: str, ending: str = "csv") -> str:
    """`ogi_outcomes_33_2019-2023_<version>.csv`: topic, region and years, version."""
    parts = [re.sub(r"[^\w.-]+", "-", part) for part in ("ogi", topic, *extent, version) if part]
    return "_".join(parts) + f".{ending}"


def _extent(reports: pd.DataFrame) -> tuple[str, str]:
    """The one region of the reports, or `all`, and their years."""
    years = sorted(int(y) for y in reports["report_year"].dropna().unique())
    span = "" if not years else str(years[0]) if years[0] == years[-1] else f"{years[0]}-{years[-1]}"
    place = "all"
    for column in ("province_key", "city_key", "county_key"):
        only = reports[column].unique()
        place = str(only[0]) if len(only) == 1 and str(only[0]) not in (NONE, UNKNOWN) else place
    return place, span
