"""What the checks found in the selected reports: by rule, region, agency or year, by report, and one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from codebook import book
from dashboard import charts, exhibit, queries, show, theme
from dashboard.charts import Series
from dashboard.desk import Desk, link
from dashboard.exhibit import Exhibit
from dashboard.words import Words

SEVERITIES = ("error", "warning", "info")
SHOWN = ("all", *SEVERITIES)
BY = ("rule", *queries.BY)
COLOUR = {"error": theme.BRICK, "warning": theme.SAND, "info": theme.GREY}
MOST = 20  # groups in a chart; the table has them all
ALL = "all"
BUCKETS = {"0": (0, 0), "1": (1, 1), "2": (2, 2), "3-5": (3, 5), "6-10": (6, 10), "11+": (11, 10**9)}
CELL = re.compile(r"[\w.]+(?:@\w+)?")


def rows(desk: Desk, severity: str, rule: str = ALL) -> pd.DataFrame:
    """One row a finding of the selected reports, errors first, with the keys of its report and of its rule."""
    found = desk.data.findings
    found = found[found["report_id"].isin(desk.reports.index)]
    found = found if severity == "all" else found[found["severity"] == severity]
    found = found if rule == ALL else found[found["check_id"] == rule]
    order = {one: n for n, one in enumerate(SEVERITIES)}
    found = found.sort_values("severity", key=lambda s: s.map(order), kind="stable")
    keys = ["shown_key", *(f"{by}_key" for by in queries.BY)]
    return found.join(desk.reports[keys], on="report_id").assign(rule_key=found["check_id"])


def rule(words: Words, check_id: str) -> str:
    """A rule in words: as the codebook says it, a refused table's reason, or another finding of the reading."""
    known = {one.id: (one.zh if words.lang == "zh" else one.en) for one in book().checks}
    if check_id in known:
        return known[check_id]
    if check_id.startswith("PARSE-"):
        return words("findings.refused", why=words.value("refusal", check_id.removeprefix("PARSE-")))
    return words.value("check", check_id)


def counts(desk: Desk, found: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row a group and severity (as the code): value (findings), n (reports with one), N (reports of the group)."""
    group = found[f"{by}_key"]
    table = (
        found.assign(group=group, code=found["severity"])
        .groupby(["group", "code"], sort=False)
        .agg(value=("report_id", "size"), n=("report_id", "nunique"))
        .reset_index()
    )
    whole = desk.reports[f"{by}_key"].value_counts() if by != "rule" else None
    table["N"] = len(desk.reports) if whole is None else table["group"].map(whole).astype("int64")
    return table.assign(part="").sort_values("group", kind="stable", ignore_index=True)


def overview(desk: Desk, found: pd.DataFrame, severity: str, by: str) -> None:
    """How many findings there are in each group, by severity."""
    show.exhibit(desk, "findings", desk.once(("findings", severity, by), lambda: _overview(desk, found, by)))


def _overview(desk: Desk, found: pd.DataFrame, by: str) -> Exhibit:
    w, table = desk.words, counts(desk, found, by)
    names = {g: rule(w, g) for g in table["group"].unique()} if by == "rule" else desk.names(by)
    keys = sorted(table["group"].unique()) if by == "year" else queries.ranked(table, MOST)
    here = [one for one in SEVERITIES if (table["code"] == one).any()]
    series = [Series(one, w.value("severity", one), COLOUR[one]) for one in here]
    groups = {key: names.get(key, key) for key in keys}
    figure = charts.bars(table, series, groups, w.lang, upright=by == "year", stacked=True) if keys else None
    shown = pd.DataFrame(
        {
            w(f"filter.{by}"): [names.get(g, g) for g in table["group"]],
            **({w("report.check"): table["group"]} if by == "rule" else {}),
            w("report.severity"): [w.value("severity", s) for s in table["code"]],
            w("findings.found"): table["value"],
            w("findings.with"): table["n"],
            w("overview.reports"): table["N"],
            w("table.percent"): (table["n"] / table["N"] * 100).round(1),
        }
    ).sort_values(w("findings.found"), ascending=False, kind="stable", ignore_index=True)
    rank = (MOST, table["group"].nunique()) if table["group"].nunique() > len(keys) else None
    lead = w("findings.counted", n=len(found), r=found["report_id"].nunique(), N=len(desk.reports))
    return exhibit.made(desk, figure, shown, title=w("findings.where"), lead=lead, rank=rank)


def spread(desk: Desk, found: pd.DataFrame, severity: str) -> None:
    """How many reports have no finding, one, two and so on."""
    made = desk.once(("findings-reports", severity), lambda: _spread(desk, found, severity))
    show.exhibit(desk, "findings-reports", made)


def _spread(desk: Desk, found: pd.DataFrame, severity: str) -> Exhibit:
    w = desk.words
    each = found["report_id"].value_counts().reindex(desk.reports.index, fill_value=0)
    here = {name: int(each.between(low, high).sum()) for name, (low, high) in BUCKETS.items()}
    table = pd.DataFrame({"group": list(here), "code": "n", "part": "", "value": list(here.values())})
    table = table.assign(n=table["value"], N=len(each))
    series = [Series("n", w("overview.reports"), COLOUR.get(severity, theme.BLUE))]
    groups = {name: w("findings.times", n=name) for name in here}
    figure = charts.bars(table, series, groups, w.lang, upright=False, single=True)
    shown = pd.DataFrame(
        {
            w("findings.a_report"): list(here),
            w("overview.reports"): list(here.values()),
            w("table.percent"): [round(100 * count / max(1, len(each)), 1) for count in here.values()],
        }
    )
    return exhibit.made(desk, figure, shown, title=w("findings.spread"), lead=w("findings.spread_lead"))


def listing(desk: Desk, found: pd.DataFrame) -> pd.DataFrame:
    """The findings one by one, each with the way to the first of its cells."""
    w = desk.words
    return pd.DataFrame(
        {
            w("table.open"): [
                link(desk, report, *place(codes))
                for report, codes in zip(found["report_id"], found["codes"], strict=True)
            ],
            w("filter.agency"): found["shown_key"],
            w("filter.year"): found["year_key"].map(desk.names("year")),
            w("report.severity"): [w.value("severity", s) for s in found["severity"]],
            w("report.check"): [rule(w, c) for c in found["check_id"]],
            w("report.message"): found["message"],
            w("report.verdict"): [w.value("verdict", v) for v in found["verdict"]],
        }
    ).reset_index(drop=True)


def place(codes: object) -> Sequence[str | None]:
    """Code and applicant of the first cell that a finding names; nothing where it names none."""
    for one in CELL.findall(codes) if isinstance(codes, str) else ():
        code, _, applicant = one.partition("@")
        if code in book().measures:
            return code, applicant or None
    return ()
