"""What the reader has chosen: filters over reports, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields

import pandas as pd

from dashboard.regions import NONE, UNKNOWN

FILTERS = ("province", "city", "county", "level", "agency", "form", "year")
NAMES = {"province": "province", "city": "city", "county": "county", "agency": "shown_key"}
UNDER = {"city": ("province",), "county": ("province", "city"), "agency": ("province", "city", "county", "level")}


@dataclass(frozen=True, slots=True)
class Selection:
    """Keys chosen by filter; an empty tuple is no condition."""

    province: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    county: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    year: tuple[str, ...] = ()

    def params(self) -> dict[str, list[str]]:
        """The conditions as query parameters, without the empty ones."""
        return {f.name: list(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name)}

    def above(self, name: str) -> Selection:
        """The conditions of the filters that stand above `name`."""
        return Selection(**{one: getattr(self, one) for one in UNDER.get(name, ())})

    def apply(self, reports: pd.DataFrame) -> pd.DataFrame:
        """The reports that meet all conditions."""
        keep = pd.Series(True, index=reports.index)
        for name in FILTERS:
            if chosen := getattr(self, name):
                keep &= reports[f"{name}_key"].isin(chosen)
        return reports[keep]


def options(reports: pd.DataFrame, selection: Selection, name: str) -> dict[str, str]:
    """Key → name of the values of a filter that the filters above it leave; unknown and none last.

    Names are those in the data; filters without names (level, form, year) give the key itself.
    """
    rows = selection.above(name).apply(reports)
    key = f"{name}_key"
    if name not in NAMES:
        found = {str(k): str(k) for k in sorted(rows[key].unique())}
    else:
        first = rows.drop_duplicates(key).set_index(key)
        found = {str(k): str(v) for k, v in first[NAMES[name]].fillna("").items() if k not in (NONE, UNKNOWN)}
        found = _told_apart(found, first)
        found = dict(sorted(found.items(), key=lambda item: (not item[0].isdigit(), item[0])))
    last = [k for k in (NONE, UNKNOWN) if (rows[key] == k).any()]
    return {k: v for k, v in found.items() if k not in last} | {k: k for k in last}


def _told_apart(found: dict[str, str], first: pd.DataFrame) -> dict[str, str]:
    """Where two keys share a name, the name with its region: 城关镇（康乐县）."""
    shared = {name for name, times in Counter(found.values()).items() if name and times > 1}
    rows = first[first.index.isin([key for key, name in found.items() if name in shared])]
    out = dict(found)
    for key, *places in rows[["county", "city", "province"]].fillna("").itertuples(name=None):
        place = next((place for place in places if place and place != found[key]), key)
        out[key] = f"{found[key]}（{place}）"
    return out
