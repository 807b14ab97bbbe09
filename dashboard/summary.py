"""The overview's content: holdings, headline figures, and everything that was refused."""

from __future__ import annotations

import pandas as pd

from codebook import book
from codebook.indicators import indicators
from dashboard import charts, numbers, queries, ratios
from dashboard.desk import Desk, link
from dashboard.evidence import why
from dashboard.regions import NONE, UNKNOWN

HEADLINE = (("received", "total"), ("handled", "total"), ("reconsideration.total", ""), ("licensing.decisions", ""))


def holdings(desk: Desk) -> dict[str, tuple[str, str]]:
    """Label → (count, ""): reports, agencies, years, provinces, cells read, tables refused, doubtful cells."""
    reports, w = desk.reports, desk.words
    counts_of = desk.data.facts.counts.loc[reports.index]
    years = sorted(y for y in reports["year_key"].unique() if y != UNKNOWN)
    span = "–" if not years else years[0] if len(years) == 1 else f"{years[0]}–{years[-1][2:]}"
    counts = {
        "reports": numbers.exact(len(reports)),
        "agencies": numbers.exact(len(set(reports["agency_key"]) - {UNKNOWN})),
        "years": span,
        "provinces": numbers.exact(len(set(reports["province_key"]) - {NONE, UNKNOWN})),
        "facts": numbers.exact(int(counts_of["cells"].sum())),
        "refused": numbers.exact(len(_refused(desk))),
        "doubts": numbers.exact(int(counts_of["doubted"].sum())),
    }
    return {w(f"overview.{name}"): (text, "") for name, text in counts.items()}


def headline(desk: Desk) -> dict[str, tuple[str, str]]:
    """Label → (sum or rate in short form, the reports it stands on)."""
    w, out = desk.words, {}
    for code, applicant in HEADLINE:
        rows = desk.cells([(code, applicant)])
        used = queries.counted(rows, desk.doubt)
        total = float(rows.loc[used, "value"].sum()) if used.any() else None
        out[w.with_unit(w.short(code), w.unit(code))] = (numbers.short(total, w.lang), _counted(desk, used))
    answers = desk.cells([(code, "total") for code in (*queries.codes_of_outcome(), "handled")])
    if len(answers):
        rate = ratios.rates(answers.assign(all_key="all"), "all", [indicators()["disclosure"]], doubt=desk.doubt)
        for row in charts.records(rate):
            basis = f"{numbers.exact(row.numerator)} / {numbers.exact(row.denominator)}"
            few = "" if row.denominator >= row.least else w("overview.too_few", least=row.least)
            basis = " · ".join(filter(None, [basis, w("overview.counted", n=row.n, N=row.N), few]))
            out[w.rate("disclosure")] = (numbers.percent(row.rate), basis)
    money = queries.graded(desk.cells(queries.items("procurement.amount")))
    used = queries.counted(money, desk.doubt) & money["part"].isin(("printed", "inferred_high"))
    total = float(money.loc[used, "value"].sum()) if used.any() else None
    out[w.with_unit(w.short("procurement.amount"), w.unit("procurement.amount"))] = (
        numbers.short(total, w.lang),
        f"{_counted(desk, used)} · {w('procurement.high')}",
    )
    return out


def _counted(desk: Desk, used: pd.Series[bool]) -> str:
    return desk.words("overview.counted", n=int(used.sum()), N=len(used))


def reports(desk: Desk) -> pd.DataFrame:
    """The selected reports with their links."""
    w, rows = desk.words, desk.reports
    return pd.DataFrame(
        {
            w("table.open"): [link(desk, report) for report in rows.index],
            w("filter.agency"): rows["shown_key"],
            w("filter.year"): rows["year_key"].map(desk.names("year")),
            w("filter.province"): rows["province_key"].map(desk.names("province")),
            w("filter.form"): [w.form(form) for form in rows["form_key"]],
            w("table.status"): [w.value("status", status) for status in rows["status"]],
        }
    ).reset_index(drop=True)


def _refused(desk: Desk) -> pd.DataFrame:
    rows = desk.data.tables
    return rows[rows["report_id"].isin(desk.reports.index) & rows["status"].isin(("incomplete", "absent"))]


def refused(desk: Desk) -> pd.DataFrame:
    """Tables of the selected reports that the form has and the data lacks, each with its reason and report."""
    w, rows = desk.words, _refused(desk)
    return pd.DataFrame(
        {
            w("table.open"): [link(desk, report) for report in rows["report_id"]],
            w("filter.agency"): rows["report_id"].map(desk.reports["shown_key"]),
            w("filter.year"): rows["report_id"].map(desk.reports["year_key"]).map(desk.names("year")),
            w("table.table"): [w.table(t) for t in rows["table"]],
            w("table.status"): [w.value("table_status", s) for s in rows["status"]],
            w("table.reason"): [why(r, d, w) for r, d in zip(rows["reason"], _detail(rows), strict=True)],
        }
    ).reset_index(drop=True)


def quarantine(desk: Desk) -> pd.DataFrame:
    """Documents that were not read at all, with the reason."""
    w, rows = desk.words, desk.data.quarantine
    reasons = [why(r, d, w) for r, d in zip(rows["reason"], _detail(rows), strict=True)]
    return pd.DataFrame({w("table.file"): rows["source_name"], w("table.reason"): reasons}).reset_index(drop=True)


def _detail(rows: pd.DataFrame) -> pd.Series[str]:
    return rows["detail"] if "detail" in rows else pd.Series("", index=rows.index)


def findings(desk: Desk) -> pd.DataFrame:
    """What the checks found in the selected reports, errors first."""
    w = desk.words
    rows = desk.data.findings[desk.data.findings["report_id"].isin(desk.reports.index)]
    rows = rows.sort_values("severity", key=lambda s: s.map({"error": 0, "warning": 1, "info": 2}), kind="stable")
    checks = {c.id: (c.zh if w.lang == "zh" else c.en) for c in book().checks}
    return pd.DataFrame(
        {
            w("table.open"): [link(desk, report) for report in rows["report_id"]],
            w("filter.agency"): rows["report_id"].map(desk.reports["shown_key"]),
            w("filter.year"): rows["report_id"].map(desk.reports["year_key"]).map(desk.names("year")),
            w("report.severity"): [w.value("severity", s) for s in rows["severity"]],
            w("report.check"): [checks.get(c, c) for c in rows["check_id"]],
            w("report.message"): rows["message"],
        }
    ).reset_index(drop=True)
