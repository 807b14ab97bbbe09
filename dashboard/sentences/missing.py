"""What should be there by the form and is not: cells of a page, whole tables, years of an agency or region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard import numbers, queries
from dashboard.regions import UNKNOWN
from dashboard.words import Words

LEFT = (*queries.EMPTY, "doubted", "unvalued")  # the kinds in which a cell is not counted, in the order of the tables


@dataclass(frozen=True, slots=True)
class Missing:
    """Of the `reports` selected, `having` have the items on their form, `cells` cells in all: `counted` of them, and
    `left` by kind; `bare` reports lack every one; `suspect` of the cells counted are doubtful."""

    reports: int
    having: int
    cells: int
    counted: int
    left: Mapping[str, int]
    bare: int
    suspect: int

    def told(self, w: Words) -> str:
        """Counted and left out, as shares of the cells that the forms have; then forms without them."""
        if not self.having:
            return w("story.on_no_form", n=self.reports)
        rest = [f"{w(f'table.{kind}')} {_part(w, n, self.cells)}" for kind, n in self.left.items() if n]
        tail = w("story.rest", list=w("basis.comma").join(rest)) if rest else ""
        counted = _part(w, self.counted, self.cells)
        said = [w("story.cells", n=self.having, cells=f"{self.cells:,}", counted=counted, rest=tail)]
        said += [w("story.bare", n=self.bare, share=numbers.share(self.bare, self.having))] if self.bare else []
        said += [w("story.suspect", n=self.suspect)] if self.suspect else []
        said += [w("story.off_form", n=self.reports - self.having)] if self.having < self.reports else []
        return w("story.join").join(said)


def of_cells(cells: pd.DataFrame, reports: int, *, doubt: bool) -> Missing:
    """The cells as `queries.cells` gives them, one row a report and item of its form."""
    used, number = queries.counted(cells, doubt), cells["state"] == "number"
    left = {kind: int((cells["state"] == kind).sum()) for kind in queries.EMPTY}
    left["doubted"] = int((number & cells["value"].notna() & ~used).sum())
    left["unvalued"] = int((number & cells["value"].isna()).sum())
    unsettled = cells["doubt"].notna() & ~cells["verdict"].isin(queries.SETTLED)
    read = cells.loc[cells["state"] != "unread", "report_id"].nunique()
    having = cells["report_id"].nunique()
    return Missing(
        reports, having, len(cells), int(used.sum()), left, having - read, suspect=int((used & unsettled).sum())
    )


@dataclass(frozen=True, slots=True)
class Tables:
    """Of `asked` tables that the forms of the `reports` have, `read` were read; `worst` is the one that is missing most
    often, in `lacking` of the `having` reports whose form has it."""

    reports: int
    asked: int
    read: int
    worst: str
    lacking: int
    having: int

    def told(self, w: Words) -> str:
        """The share read, and the table that is missing most often."""
        if not self.asked:
            return ""
        said = w("story.tables", n=self.reports, asked=f"{self.asked:,}", read=_part(w, self.read, self.asked))
        if not self.lacking:
            return said
        worst = w(
            "story.worst",
            table=w.table(self.worst),
            n=self.lacking,
            N=self.having,
            share=numbers.share(self.lacking, self.having),
        )
        return w("story.join").join((said, worst))


def of_tables(rows: pd.DataFrame, reports: int) -> Tables:
    """Rows of tables.parquet of the selected reports; blank tables were read."""
    asked = rows[rows["status"] != "not_on_form"]
    there = asked["status"].isin(("read", "blank"))
    lacking = (~there).groupby(asked["table"], sort=True).agg(["sum", "size"])
    worst = lacking.assign(share=lacking["sum"] / lacking["size"]).sort_values(["share", "sum"], kind="stable").tail(1)
    name, n, size = (
        (str(worst.index[0]), int(worst["sum"].iloc[0]), int(worst["size"].iloc[0])) if len(worst) else ("", 0, 0)
    )
    return Tables(reports, len(asked), int(there.sum()), name, n, size)


@dataclass(frozen=True, slots=True)
class Held:
    """Of `cells` read in the selected reports, how many are empty as printed, doubtful, without a unit, corrected."""

    cells: int
    empty: int
    doubtful: int
    unvalued: int
    corrected: int
    doubt: bool

    def told(self, w: Words) -> str:
        """The kinds that are there, each as a share of the cells read."""
        if not self.cells:
            return ""
        said = {"story.empty": self.empty, "story.doubt_in" if self.doubt else "story.doubt_out": self.doubtful}
        said |= {"story.unvalued": self.unvalued, "story.corrected": self.corrected}
        rest = [w(key, n=_part(w, n, self.cells)) for key, n in said.items() if n]
        return w("story.held", cells=f"{self.cells:,}", list=w("basis.comma").join(rest)) if rest else ""


def of_facts(counts: pd.DataFrame, *, doubt: bool) -> Held:
    """Counts of the cells of the selected reports, as `Facts.counts` has them."""
    told = counts.sum()
    empty = told["cells"] - told["numbers"]
    doubted, unvalued, corrected = (int(told[name]) for name in ("unsettled", "unvalued", "corrected"))
    return Held(int(told["cells"]), int(empty), doubted, unvalued, corrected, doubt)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Of `groups` times `years` points of a comparison, `present` have a value."""

    groups: int
    years: int
    present: int

    def told(self, w: Words) -> str:
        """How many points have a value; nothing where all have."""
        asked = self.groups * self.years
        if self.present >= asked:
            return ""
        return w("story.points", groups=self.groups, years=self.years, n=_part(w, self.present, asked))


def of_points(points: pd.DataFrame, groups: int) -> Gaps:
    """Points as `trends.points` gives them, over all years from the first with a value to the last."""
    known = points[points["value"].notna()]
    years = known["year"].astype("int64")
    span = int(years.max() - years.min()) + 1 if len(years) else 0
    return Gaps(groups, span, len(known.drop_duplicates(["group", "year"])))


@dataclass(frozen=True, slots=True)
class Placeless:
    """Of the `reports` selected, how many are of no year, agency or province that could be told."""

    reports: int
    year: int
    agency: int
    province: int

    def told(self, w: Words) -> str:
        """Those that a grouping leaves apart; nothing where all are known."""
        known = {"filter.year": self.year, "filter.agency": self.agency, "filter.province": self.province}
        some = [f"{w(key)} {_part(w, n, self.reports)}" for key, n in known.items() if n]
        return w("story.placeless", n=self.reports, list=w("basis.comma").join(some)) if some else ""


def of_keys(reports: pd.DataFrame) -> Placeless:
    """Keys of the selected reports."""
    lost = {name: int((reports[f"{name}_key"] == UNKNOWN).sum()) for name in ("year", "agency", "province")}
    return Placeless(len(reports), **lost)


def _part(w: Words, count: int, whole: int) -> str:
    return numbers.part(count, whole, w.lang)
