"""What the reader has chosen: filters over reports, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

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

    def apply(self, reports: pd.DataFrame, only: tuple[str, ...] = FILTERS) -> pd.DataFrame:
        """The reports that meet the conditions of the filters in `only`."""
        keep = pd.Series(True, index=reports.index)
        for name in only:
            if chosen := getattr(self, name):
                keep &= reports[f"{name}_key"].isin(chosen)
        return reports[keep]


def options(reports: pd.DataFrame, selection: Selection, name: str) -> dict[str, str]:
    """Key → name of the values of a filter that the filters above it leave; unknown and none last.

    Names are those in the data; filters without names (level, form, year) give the key itself.
    """
    rows = selection.apply(reports, UNDER.get(name, ()))
    key = f"{name}_key"
    if name not in NAMES:
        found = {str(k): str(k) for k in sorted(rows[key].unique())}
    else:
        first = rows.drop_duplicates(key).set_index(key)
        found = {str(k): str(v) for k, v in first[NAMES[name]].fillna("").items()}
        found = _told_apart(found, first)
        found = dict(sorted(found.items(), key=lambda item: (not item[0].isdigit(), item[0])))
    last = [k for k in (NONE, UNKNOWN) if k in found]
    return {k: v for k, v in found.items() if k not in last} | {k: k for k in last}


def _told_apart(found: dict[str, str], first: pd.DataFrame) -> dict[str, str]:
    """Where two keys share a name, the name with its region: 城关镇（康乐县）."""
    seen = pd.Series(found).value_counts()
    out = dict(found)
    for key, name in found.items():
        if name and seen[name] > 1 and key not in (NONE, UNKNOWN):
            row = first.loc[key]
            place = next((str(row[c]) for c in ("county", "city", "province") if _other(row, c, name)), key)
            out[key] = f"{name}（{place}）"
    return out


def _other(row: Any, column: str, name: str) -> bool:
    return column in row and isinstance(row[column], str) and row[column] not in ("", name)
