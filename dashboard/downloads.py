"""What a reader takes away: CSV with a byte-order mark for Excel, safe to open, named after what is in it."""

from __future__ import annotations

import re

import pandas as pd

from codebook import book, listing
from codebook.listing import forms_with
from codebook.spreadsheet import neutral
from dashboard.data import Dataset
from dashboard.queries import codes
from dashboard.regions import NONE, UNKNOWN
from dashboard.words import Words

PROVENANCE = ["source_name", "source_url", "source_sha256", "published_on", "parser_version"]
IDENTITY = ["report_id", "title", "agency", "agency_id", "agency_level", "province", "city", "county", "township"]
IDENTITY += ["adcode", "region_status", "report_year", "form", "status", "synthetic"]
FACT = ["table", "code", "applicant", "state", "value", "unit", "unit_source", "raw", "label_raw", "match", "score"]
FACT += ["place", "start", "end", "doubt", "verdict", "corrected_state", "corrected_value", "correction"]
NO_SUCH = "not_on_form"


def csv(frame: pd.DataFrame) -> bytes:
    """The table as CSV in UTF-8 with byte-order mark; text cells that would run as formulas get an apostrophe."""
    out = frame.copy()
    out.columns = pd.Index([neutral(str(name)) for name in out.columns])
    for column in out.columns:
        if not (pd.api.types.is_numeric_dtype(out[column]) or pd.api.types.is_bool_dtype(out[column])):
            out[column] = out[column].astype("str").map(neutral, na_action="ignore")
    return ("\ufeff" + out.to_csv(index=False, lineterminator="\r\n")).encode("utf-8")


def facts(data: Dataset, reports: pd.DataFrame) -> pd.DataFrame:
    """Every fact of the reports, with labels in both languages, its place in the source and who reported it.

    One row a fact; value in the unit of the column `unit`, money in yuan; empty where state is not number or the
    unit is unknown.
    """
    rows = data.facts[data.facts["report_id"].isin(reports.index)]
    have = [name for name in FACT if name in rows]
    out = rows[["report_id", *have]].merge(_some(reports, [*IDENTITY, *PROVENANCE]), on="report_id", how="left")
    for lang in ("zh", "en"):
        out[f"label_{lang}"] = out["code"].map({code: Words(lang).measure(code) for code in out["code"].unique()})
    out["data_version"] = data.version
    first = [name for name in IDENTITY if name in out]
    order = {code: i for i, code in enumerate(book().measures)}
    out = out.sort_values(["report_id", "code", "applicant"], key=lambda c: c.map(order) if c.name == "code" else c)
    labels = ["table", "code", "label_zh", "label_en"]
    return out[[*first, *labels, *(c for c in have if c not in labels), *_have(out, PROVENANCE), "data_version"]]


def count(data: Dataset, reports: pd.DataFrame) -> int:
    """How many facts the reports have."""
    return int(data.facts["report_id"].isin(reports.index).sum())


def reports(data: Dataset, chosen: pd.DataFrame) -> pd.DataFrame:
    """The reports as published, one row each, without the keys that filters use."""
    out = chosen[[c for c in chosen if not str(c).endswith("_key")]].reset_index(drop=True)
    return out.assign(data_version=data.version)


def panel(data: Dataset, reports: pd.DataFrame, what: str = "value") -> pd.DataFrame:
    """One row a report, one column a code, and `code__applicant` in the request table; money also has __unit_source.

    `what` is "value" (numbers, empty where there is none) or "state", which tells a blank from a dash, from a cell
    that was not read (unread) and from one that the form does not have (not_on_form).
    """
    rows = data.facts[data.facts["report_id"].isin(reports.index)]
    name = rows["code"].where(
        rows["applicant"].isna() | (rows["applicant"] == "total"), rows["code"] + "__" + rows["applicant"]
    )
    wide = (
        rows.assign(name=name)
        .drop_duplicates(["report_id", "name"])
        .pivot(index="report_id", columns="name", values=what)
    )
    wide = wide.reindex(index=reports.index, columns=_columns(set(name)))
    if what == "state":
        for column in wide:
            has = reports["form"].isin(forms_with(str(column).partition("__")[0]))
            wide[column] = wide[column].astype("str").fillna(has.map({True: "unread", False: NO_SUCH}))
    else:
        for code in codes("procurement.amount", "fees.amount"):
            source = data.facts_of(code).drop_duplicates("report_id").set_index("report_id")["unit_source"]
            if code in wide:
                wide.insert(list(wide.columns).index(code) + 1, f"{code}__unit_source", source.reindex(wide.index))
        _insert_corrections(wide, rows.assign(name=name))
    out = _some(reports, [*IDENTITY, *PROVENANCE]).join(wide)
    out["data_version"] = data.version
    return out


def _insert_corrections(wide: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Behind each column of which a cell was corrected: the corrected value, empty for a kind of empty, and why."""
    told = rows[rows["correction"].notna()]
    for name in told["name"].unique():
        one = told[told["name"] == name].drop_duplicates("report_id").set_index("report_id").reindex(wide.index)
        at = list(wide.columns).index(name) + 1
        wide.insert(at, f"{name}__corrected", one["corrected_value"].astype("float64"))
        wide.insert(at + 1, f"{name}__corrected_state", one["corrected_state"])
        wide.insert(at + 2, f"{name}__correction", one["correction"])


def codebook() -> pd.DataFrame:
    """Every code, coded value, indicator, rule and caveat: name, labels in both languages, kind, unit, forms, note."""
    return pd.DataFrame(listing.rows(), columns=pd.Index(listing.COLUMNS))


def file_name(topic: str, reports: pd.DataFrame, version: str) -> str:
    """`ogi_outcomes_33_2019-2023_<version>.csv`: topic, region, years, version."""
    years = sorted(int(y) for y in reports["report_year"].dropna().unique())
    span = "" if not years else str(years[0]) if years[0] == years[-1] else f"{years[0]}-{years[-1]}"
    place = "all"
    for column in ("province_key", "city_key", "county_key"):
        only = reports[column].unique()
        place = str(only[0]) if len(only) == 1 and str(only[0]) not in (NONE, UNKNOWN) else place
    parts = [re.sub(r"[^\w.-]+", "-", part) for part in ("ogi", topic, place, span, version) if part]
    return "_".join(parts) + ".csv"


def _columns(found: set[str]) -> list[str]:
    order: list[str] = []
    for code in book().measures:
        order += [code, *(f"{code}__{a}" for a in book().applicants if a != "total")]
    return [name for name in order if name in found] + sorted(found - set(order))


def _some(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    return frame[_have(frame, names)].reset_index(drop=True).set_index(frame.index)


def _have(frame: pd.DataFrame, names: list[str]) -> list[str]:
    return [name for name in names if name in frame]
