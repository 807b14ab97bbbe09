"""Statements of the pages that show how the data came about: findings, labels, regions, years without a report."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard import findings, numbers
from dashboard.placed import STATES
from dashboard.words import Words

SURE = 0.8  # a confidence below it rests on weaker evidence than a name that fits one place only


@dataclass(frozen=True, slots=True)
class Found:
    """`findings` in `concerned` of the `reports` selected, errors in `wrong` of them; `rule` is the commonest, in
    `often` reports."""

    reports: int
    findings: int
    concerned: int
    wrong: int
    rule: str
    often: int

    def told(self, w: Words) -> str:
        """How many reports are concerned, and the rule that most of them fail."""
        if not self.findings:
            return w("story.no_findings", n=self.reports)
        said = [
            w(
                "story.findings",
                n=f"{self.findings:,}",
                r=self.concerned,
                share=numbers.share(self.concerned, self.reports),
            )
        ]
        said += [w("story.errors", n=self.wrong, share=numbers.share(self.wrong, self.reports))] if self.wrong else []
        said.append(w("story.rule", rule=findings.rule(w, self.rule), n=self.often))
        return "".join(said)


def of_findings(found: pd.DataFrame, reports: int) -> Found:
    """Rows of findings.parquet of the selected reports; of rules met equally often the first by name."""
    each = found.groupby("check_id")["report_id"].nunique()
    often = int(each.max()) if len(each) else 0
    rule = min(each.index[each == often], default="")
    wrong = found.loc[found["severity"] == "error", "report_id"].nunique()
    return Found(reports, len(found), found["report_id"].nunique(), wrong, str(rule), often)


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Of `asked` tables that the forms have, `lacking` were not read and can't be checked."""

    asked: int
    lacking: int

    def told(self, w: Words) -> str:
        """That no finding is no proof there; nothing where every table was read."""
        return (
            w("story.unchecked", n=self.lacking, share=numbers.share(self.lacking, self.asked)) if self.lacking else ""
        )


@dataclass(frozen=True, slots=True)
class Labels:
    """`wordings` that no form prints stand in `concerned` of the `reports` selected, most often in `table`; `waiting` of
    them nobody has decided."""

    reports: int
    wordings: int
    concerned: int
    table: str
    waiting: int

    def told(self, w: Words) -> str:
        """How many wordings, in how many reports, and how many await a decision."""
        if not self.wordings:
            return w("story.no_labels", n=self.reports)
        share = numbers.share(self.concerned, self.reports)
        said = [w("story.labels", n=self.wordings, r=self.concerned, share=share, table=w.table(self.table))]
        said += [w("story.waiting", n=self.waiting)] if self.waiting else []
        return w("story.join").join(said)


def of_labels(sightings: pd.DataFrame, decided: pd.DataFrame, reports: pd.Index[str]) -> Labels:
    """Sightings of wordings in the selected reports; `decided` has a row for each wording that somebody decided."""
    name = ["scope", "axis", "label_raw"]
    seen = sightings[sightings["report_id"].isin(reports)]
    wordings = seen[name].drop_duplicates()
    done = pd.MultiIndex.from_frame(wordings).isin(pd.MultiIndex.from_frame(decided[name]))
    most = seen.drop_duplicates(["report_id", *name])["scope"].value_counts()
    table = min(most.index[most == most.max()], default="") if len(most) else ""
    return Labels(len(reports), len(wordings), seen["report_id"].nunique(), str(table), int((~done).sum()))


@dataclass(frozen=True, slots=True)
class Places:
    """How the `reports` selected were placed, by state, and how many of those placed are below `SURE`."""

    reports: int
    stated: int
    inferred: int
    ambiguous: int
    unknown: int
    unsure: int

    def told(self, w: Words) -> str:
        """Shares by state; that the rest is in no region; how many are placed with little confidence."""
        if not self.reports:
            return ""
        here = {"stated": self.stated, "inferred": self.inferred}
        placed = [
            f"{w.value('region_status', state).lower()} {numbers.part(n, self.reports, w.lang)}"
            for state, n in here.items()
        ]
        said = [w("story.placed", n=self.reports, list=w("basis.comma").join(placed))]
        lost = self.ambiguous + self.unknown
        said += [w("story.unplaced", n=lost, share=numbers.share(lost, self.reports))] if lost else []
        said += [w("story.unsure", n=self.unsure, sure=f"{SURE:g}")] if self.unsure else []
        return w("story.join").join(said)


def of_places(reports: pd.DataFrame) -> Places:
    """The selected reports with their region_status and region_confidence."""
    states = reports["region_status"]
    placed = states.isin(("stated", "inferred"))
    unsure = int((placed & (reports["region_confidence"].astype("float64") < SURE)).sum())
    counts = {state: int((states == state).sum()) for state in STATES}
    return Places(len(reports), **counts, unsure=unsure)


@dataclass(frozen=True, slots=True)
class NotCollected:
    """`years` of `agencies` without a report at hand."""

    years: int
    agencies: int

    def told(self, w: Words) -> str:
        """How many rows stand for nothing collected; nothing where there is no gap."""
        return w("story.not_collected", n=self.years, agencies=self.agencies) if self.years else ""


def of_gaps(gaps: pd.DataFrame) -> NotCollected:
    """Gaps as `take.lists.gaps` gives them: one row an agency and year."""
    return NotCollected(len(gaps), gaps["agency_id"].nunique() if len(gaps) else 0)
