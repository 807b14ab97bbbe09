"""What limits a comparison: forms that differ, agencies seen once only, amounts whose unit is a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from codebook.series import series
from dashboard import numbers, queries
from dashboard.regions import UNKNOWN
from dashboard.words import Words

FEW = 5  # agencies: fewer stand for themselves only


@dataclass(frozen=True, slots=True)
class Break:
    """Of `known` series with values, `broken` stand on several lines; one of them is `series`, whose forms `before` and
    `after` do not compare."""

    known: int
    broken: int
    series: str
    before: str
    after: str

    def told(self, w: Words) -> str:
        """How many series break, with one that does."""
        if not self.broken:
            return ""
        item = series()[self.series].label[w.lang]
        before, after = w.form(self.before), w.form(self.after)
        return w("story.broken", known=self.known, n=self.broken, item=item, one=before, other=after)


def breaks(tables: Mapping[str, pd.DataFrame]) -> Break:
    """Rows of several series, as `change.of_agencies` gives them; only rows with a value count."""
    known, found = 0, list[tuple[str, str, str]]()
    for name, rows in tables.items():
        here = rows[rows["value"].notna()].sort_values(["line", "year"], kind="stable")
        known += int(len(here) > 0)
        if here["line"].nunique() > 1:
            first, second = sorted(here["line"].unique())[:2]
            ends = here.loc[here["line"] == first, "form"].iloc[-1], here.loc[here["line"] == second, "form"].iloc[0]
            found.append((name, str(ends[0]), str(ends[1])))
    name, before, after = found[0] if found else ("", "", "")
    return Break(known, len(found), name, before, after)


@dataclass(frozen=True, slots=True)
class Panel:
    """Of the `agencies` known, `several` have reports of more than one of the `years`."""

    agencies: int
    several: int
    years: int

    def told(self, w: Words) -> str:
        """Whether sums of different years stand for the same agencies, and whether there are enough of them."""
        if not self.agencies:
            return w("story.no_agency")
        if self.years > 1 and self.several == 0:
            return w("story.once", n=self.agencies, years=self.years)
        if self.years > 1 and self.several < self.agencies:
            return w("story.panel", n=self.several, N=self.agencies)
        return w("story.few", n=self.agencies) if self.agencies < FEW else ""


def panel(reports: pd.DataFrame) -> Panel:
    """Agencies and years of the selected reports, as far as both are known."""
    known = reports[(reports["agency_key"] != UNKNOWN) & (reports["year_key"] != UNKNOWN)]
    each = known.groupby("agency_key")["year_key"].nunique()
    return Panel(len(each), int((each > 1).sum()), known["year_key"].nunique())


@dataclass(frozen=True, slots=True)
class OneYear:
    """All reports are of one year."""

    year: str

    def told(self, w: Words) -> str:
        """That there is nothing to compare it with."""
        return w("story.one_year", year=self.year) if self.year else ""


def one_year(reports: pd.DataFrame) -> OneYear:
    """The year of the reports where they have one only."""
    years = sorted(set(reports["year_key"]) - {UNKNOWN})
    return OneYear(years[0] if len(years) == 1 else "")


@dataclass(frozen=True, slots=True)
class Units:
    """Of `amounts` other than zero, how many have a unit that is `printed`, `inferred` or `unknown`."""

    amounts: int
    printed: int
    inferred: int
    unknown: int

    def told(self, w: Words) -> str:
        """How many amounts rest on an inference, and how many are in no sum."""
        if not self.inferred and not self.unknown:
            return ""
        said = {"story.inferred": self.inferred, "story.unit_unknown": self.unknown}
        rest = [w(key, n=numbers.part(n, self.amounts, w.lang)) for key, n in said.items() if n]
        return w("story.units", n=self.amounts, list=w("basis.comma").join(rest))


def units(cells: pd.DataFrame) -> Units:
    """Cells of amounts, as `queries.cells` gives them; nothing is nothing in any unit."""
    rows = queries.graded(cells)
    grade = rows.loc[(rows["state"] == "number") & (rows["value"] != 0), "part"]
    unknown, inferred = int((grade == "unknown").sum()), int(grade.str.startswith("inferred").sum())
    return Units(len(grade), len(grade) - unknown - inferred, inferred, unknown)
