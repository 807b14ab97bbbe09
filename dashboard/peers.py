"""Peers: reports of the same year by agencies of the same level, kind and province; their band, and a rank among them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.regions import UNKNOWN

FEWEST = 5  # peers with a value: fewer say nothing of what is usual
SAME = ("year_key", "level_key", "agency_type", "province_key")


def of(reports: pd.DataFrame, report: str) -> pd.DataFrame:
    """The reports of the peers, without the agency's own; none where its level or province is unknown."""
    own: Any = reports.loc[report]
    if UNKNOWN in (own["level_key"], own["province_key"], own["year_key"]):
        return reports.iloc[:0]
    same = reports["agency_key"] != own["agency_key"]
    for column in SAME:
        same &= reports[column] == own[column]
    found: pd.DataFrame = reports[same]
    return found


def band(values: pd.Series[float]) -> tuple[int, float, float, float]:
    """(peers with a value, lower quartile, median, upper quartile); the three are NaN below FEWEST."""
    known = values.dropna()
    if len(known) < FEWEST:
        return len(known), float("nan"), float("nan"), float("nan")
    low, middle, high = (float(q) for q in known.quantile([0.25, 0.5, 0.75]))
    return len(known), low, middle, high


def rank(value: float, values: pd.Series[float]) -> tuple[int, float]:
    """(place from the largest, share of the peers below it, half of the equals counted); (0, NaN) below FEWEST."""
    known = values.dropna()
    if len(known) < FEWEST:
        return 0, float("nan")
    above, equal = int((known > value).sum()), int((known == value).sum())
    return above + 1, float((known < value).sum() + equal / 2) / len(known)
