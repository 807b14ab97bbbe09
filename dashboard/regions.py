"""Filter keys for region, agency, level and year: codes that a link can carry in any language."""

from __future__ import annotations

import pandas as pd

UNKNOWN = "unknown"  # the region (or level, year) of this report could not be told: 未定
NONE = "none"  # the report has no such unit, e.g. the county of a city department
LEVELS = (("province", 2), ("city", 4), ("county", 6))
UNSETTLED = ("ambiguous", "unknown")


def with_keys(reports: pd.DataFrame) -> pd.DataFrame:
    """The reports with a column `<filter>_key` of strings for every filter, and `shown_key`, the name to show: the agency,
    or where it is unknown the title or file. One row a report still; no column of the data is changed."""
    out = reports.copy()
    for missing in (
        "city",
        "county",
        "adcode",
        "region_status",
        "agency_level",
        "published_on",
        "source_url",
        "township",
    ):
        if missing not in out:
            out[missing] = pd.Series(pd.NA, index=out.index, dtype="str")
    unsettled = out["region_status"].isin(UNSETTLED) | out["region_status"].isna()
    path = pd.Series("", index=out.index, dtype="str")
    for column, digits in LEVELS:
        name = out[column].fillna("").astype("str").str.strip()
        path = path + "/" + name
        codes = _codes(path, out["adcode"], digits)
        key = path.map(codes).astype("str").fillna(name)
        key = key.mask(name == "", NONE)
        out[f"{column}_key"] = key.mask((name == "") & unsettled, UNKNOWN)
    named = out["agency"].fillna("").astype("str").str.strip()
    out["agency_key"] = out["agency_id"].astype("str").fillna(named).replace("", UNKNOWN).mask(named == "", UNKNOWN)
    out["shown_key"] = named
    for other in ("title", "source_name", "report_id"):
        if other in out:
            out["shown_key"] = out["shown_key"].mask(out["shown_key"] == "", out[other].fillna("").astype("str"))
    out["level_key"] = out["agency_level"].astype("str").fillna(UNKNOWN)
    out["form_key"] = out["form"].astype("str").fillna(UNKNOWN)
    out["year_key"] = out["report_year"].astype("Int64").astype("str").fillna(UNKNOWN)
    return out.set_index("report_id", drop=False).rename_axis(None)


def _codes(path: pd.Series[str], adcode: pd.Series[str], digits: int) -> dict[str, str]:
    """Region path → leading digits of the code that most of its reports carry; none where no report has one."""
    codes = adcode.astype("str")
    whole = codes[codes.str.fullmatch(r"\d{6,12}").fillna(False).astype(bool)].str[:digits]
    whole = whole[~whole.str.endswith("00")] if digits > 2 else whole
    known = pd.DataFrame({"path": path[whole.index], "code": whole})
    counts = known.groupby(["path", "code"], sort=False).size().reset_index(name="n")
    most = counts.sort_values("n", ascending=False, kind="stable").drop_duplicates("path")
    found = most.set_index("path")["code"].sort_index()
    taken: dict[str, str] = {}
    for name, code in found.items():
        # Two regions with one code would merge in a link: the second keeps its name.
        if code not in taken.values():
            taken[str(name)] = str(code)
    return taken
