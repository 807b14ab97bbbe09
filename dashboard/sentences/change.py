"""The largest change from one year to the next, over agencies that have a value in both, on one line of a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from codebook.series import series
from dashboard import numbers, trends
from dashboard.regions import UNKNOWN
from dashboard.words import Words

LEAST = 10  # the larger of two sums: below it a change is a matter of single cases
OVER = ["year", "line"]


@dataclass(frozen=True, slots=True)
class Change:
    """A series went from `old` in `before` to `new` in `after`, summed over the `agencies` that have both years."""

    series: str
    before: int
    after: int
    old: float
    new: float
    agencies: int

    @property
    def difference(self) -> float:
        """What came on top, in the unit of the series; negative where it fell."""
        return self.new - self.old

    @property
    def share(self) -> float | None:
        """The difference as a share of the old value; None where there was nothing before."""
        return self.difference / self.old if self.old else None

    @property
    def weight(self) -> float:
        """How much of the larger value came or went, 0 to 1: it has no trouble with a zero on either side."""
        most = max(abs(self.old), abs(self.new))
        return abs(self.difference) / most if most else 0.0

    def told(self, w: Words) -> str:
        """The change in words, with both sums."""
        one = series()[self.series]
        unit = w.value("unit", one.unit).lower()
        values = {
            "item": one.label[w.lang],
            "before": self.before,
            "after": self.after,
            "n": self.agencies,
            "old": numbers.amount(self.old, unit, w.lang),
            "new": numbers.amount(self.new, unit, w.lang),
        }
        if self.share is None:
            return w("story.began", **values)
        return w(
            "story.rose" if self.difference > 0 else "story.fell", **values, share=numbers.percent(abs(self.share))
        )


def pairs(rows: pd.DataFrame, name: str) -> list[Change]:
    """Every two years in a row that share a line and an agency; `rows` has group (the agency), year, line and value,
    one or more a group, year and line. Rows without a value, a year or an agency that is known are nobody's."""
    known = rows[rows["value"].notna() & (rows["group"] != UNKNOWN) & (rows["year"] != UNKNOWN)]
    if known.empty:
        return []
    sums = known.assign(year=known["year"].astype("int64")).groupby(["group", *OVER])["value"].sum().reset_index()
    later = sums.assign(year=sums["year"] - 1)
    both = sums.merge(later, on=["group", *OVER], suffixes=("_old", "_new"))
    found = both.groupby(OVER).agg(old=("value_old", "sum"), new=("value_new", "sum"), n=("group", "size"))
    told: list[Any] = found.reset_index().to_dict("records")
    return [
        Change(name, int(row["year"]), int(row["year"]) + 1, float(row["old"]), float(row["new"]), int(row["n"]))
        for row in told
    ]


def largest(tables: Mapping[str, pd.DataFrame]) -> Change | None:
    """The change of the most weight in the rows of several series; of equal weights the larger difference; None where
    no two years compare, where nothing changed, or where the sums are too small to speak of a change."""
    found = [one for name, rows in tables.items() for one in pairs(rows, name)]
    found = [one for one in found if max(abs(one.old), abs(one.new)) >= LEAST and one.difference]
    return max(found, key=lambda one: (one.weight, abs(one.difference), one.after), default=None)


def of_agencies(cells: pd.DataFrame, name: str, *, doubt: bool) -> pd.DataFrame:
    """The rows of a series for `pairs`: one a report, its agency as the group; rates are none, for they can't be added."""
    one = series()[name]
    rows = trends.each(cells, one, "agency", doubt=doubt)
    return rows.assign(value=rows["top"])[["group", "year", "line", "value", "form"]]
