"""Which reports there are, and which tables each has: what the coverage page asks, draws and hands out.

A table of a report is read, blank (all its cells), incomplete (refused with a reason), absent from the document, or not
on its form.
"""

from __future__ import annotations

import pandas as pd

from codebook import book
from dashboard import charts, exhibit, numbers, show, theme
from dashboard.charts import Series
from dashboard.data import Dataset
from dashboard.desk import Desk, link
from dashboard.evidence import why
from dashboard.exhibit import Exhibit
from dashboard.regions import NONE, UNKNOWN

BY = ("year", "province", "level", "form")
STATES = ("read", "blank", "incomplete", "absent", "not_on_form")
KINDS = ("complete", "partial", "blank")
MOST = 40  # agencies in the figure; the table has all


def tables(data: Dataset, reports: pd.DataFrame) -> pd.DataFrame:
    """One row a table of the reports: report_id, table, status, reason; tables in codebook order."""
    rows = data.tables[data.tables["report_id"].isin(reports.index)]
    order = {name: place for place, name in enumerate((*book().tables, *book().lists))}
    return rows.sort_values("table", key=lambda t: t.map(order), kind="stable", ignore_index=True)


def counts(rows: pd.DataFrame, group: str, kind: str) -> pd.DataFrame:
    """One row a group and kind as charts take them: group, code (the kind), part, value (how many), n, N (of the group)."""
    found = rows.groupby([group, kind], sort=False).size().rename("value").reset_index()
    found.columns = pd.Index(["group", "code", "value"])
    whole = found.groupby("group")["value"].transform("sum")
    return found.assign(part="", n=found["value"], N=whole)


def reports_by(reports: pd.DataFrame, by: str) -> pd.DataFrame:
    """How many reports each group has, by completeness; years and forms in order, else the largest group first."""
    found = counts(reports.rename_axis(None), f"{by}_key", "status")
    keys = ["group"] if by in ("year", "form") else ["N", "group"]
    return found.sort_values(keys, ascending=[k != "N" for k in keys], kind="stable", ignore_index=True)


def superseded(data: Dataset) -> int:
    """How many further captures of a report that is counted already the data keeps."""
    return len(set(data.tables["report_id"]) - set(data.reports.index))


def holdings(desk: Desk) -> dict[str, tuple[str, str]]:
    """Label → (count, what it is out of): reports, agencies, provincial regions, years, tables read."""
    reports, w = desk.reports, desk.words
    rows = tables(desk.data, reports)
    years = sorted(set(reports["year_key"]) - {UNKNOWN})
    span = "–" if not years else years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"
    again = superseded(desk.data)
    on_form, read = rows["status"] != "not_on_form", rows["status"] == "read"
    found = {
        "overview.reports": (len(reports), w("coverage.again", n=again) if again else ""),
        "overview.agencies": (len(set(reports["agency_key"]) - {UNKNOWN}), ""),
        "overview.provinces": (len(set(reports["province_key"]) - {NONE, UNKNOWN}), w("coverage.of_regions")),
        "coverage.read": (int(read.sum()), w("coverage.of_tables", n=numbers.exact(int(on_form.sum())))),
    }
    out = {w(key): (numbers.exact(count), basis) for key, (count, basis) in found.items()}
    return out | {w("overview.years"): (span, "")}


def by_group(desk: Desk, by: str) -> None:
    """How many reports a year, province, level or form has, by completeness."""
    show.exhibit(desk, f"coverage-{by}", desk.once(("coverage", by), lambda: _by_group(desk, by)))


def _by_group(desk: Desk, by: str) -> Exhibit:
    w, table, names = desk.words, reports_by(desk.reports, by), desk.names(by)
    whole = dict(zip(table["group"], table["N"], strict=True))
    groups = {key: f"{names.get(key, key)} · {n}" for key, n in whole.items()}
    series = [Series(k, w.value("status", k), theme.COVER[k]) for k in KINDS if (table["code"] == k).any()]
    figure = charts.bars(table, series, groups, w.lang, upright=False, stacked=True)
    shown = _counted(desk, table, w(f"filter.{by}"), names, "status")
    return exhibit.made(desk, figure, shown, title=w("coverage.reports"), lead=w("coverage.reports_lead"))


def by_table(desk: Desk) -> None:
    """What became of each table of the form."""
    show.exhibit(desk, "coverage-tables", desk.once(("coverage-tables",), lambda: _by_table(desk)))


def _by_table(desk: Desk) -> Exhibit:
    w, rows = desk.words, tables(desk.data, desk.reports)
    table = counts(rows, "table", "status")
    names = {name: w.table(name) for name in (*book().tables, *book().lists) if (table["group"] == name).any()}
    kinds = [k for k in STATES if (table["code"] == k).any()]
    series = [Series(k, w.value("table_status", k), theme.COVER[k]) for k in kinds]
    figure = charts.bars(table, series, names, w.lang, upright=False, stacked=True)
    shown = _counted(desk, table, w("table.table"), names, "table_status")
    return exhibit.made(desk, figure, shown, title=w("coverage.tables"), lead=w("coverage.tables_lead"))


def _counted(desk: Desk, table: pd.DataFrame, title: str, names: dict[str, str], field: str) -> pd.DataFrame:
    """The twin of a chart of counts: a row a group, a column a kind."""
    kinds = [k for k in (*STATES, *KINDS) if (table["code"] == k).any()]
    wide = table.pivot(index="group", columns="code", values="value").reindex(columns=list(dict.fromkeys(kinds)))
    wide = wide.reindex(list(dict.fromkeys(table["group"]))).fillna(0).astype("int64")
    out = wide.rename(columns=lambda k: desk.words.value(field, k)).reset_index(drop=True)
    out.insert(0, title, [names.get(key, key) for key in wide.index])
    return out.assign(**{desk.words("coverage.all"): wide.sum(axis=1).to_numpy()}).rename_axis(columns=None)


def places(desk: Desk) -> None:
    """Provinces by years: how many reports."""
    show.exhibit(desk, "coverage-places", desk.once(("coverage-places",), lambda: _places(desk)))


def _places(desk: Desk) -> Exhibit:
    w, found = desk.words, desk.reports.groupby(["province_key", "year_key"]).size()
    names, years = desk.names("province"), desk.names("year")
    wide = found.unstack(fill_value=0).sort_index(axis="columns")
    wide = wide.loc[wide.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    rows = {str(key): names.get(key, str(key)) for key in wide.index}
    columns = {str(key): years.get(key, str(key)) for key in wide.columns}
    tiles = found.rename("n").reset_index().set_axis(["row", "column", "n"], axis="columns")
    tiles["text"] = [f"{rows[r]} {columns[c]}: {n}" for r, c, n in tiles.itertuples(index=False)]
    tiles = tiles.assign(kind="complete", label=tiles["n"].astype("str"))
    figure = charts.matrix(tiles, rows, columns, {"complete": w("overview.reports")})
    shown = wide.rename(columns=columns).reset_index(drop=True).rename_axis(columns=None)
    shown.insert(0, w("filter.province"), list(rows.values()))
    return exhibit.made(desk, figure, shown, title=w("coverage.places"), lead=w("coverage.reports_lead"))


def agencies(desk: Desk) -> None:
    """Agencies by years: which report is there and how complete. Only agencies with several years are drawn."""
    show.exhibit(desk, "coverage", desk.once(("coverage-agencies",), lambda: _agencies(desk)))


def _agencies(desk: Desk) -> Exhibit:
    w, rank = desk.words, {kind: place for place, kind in enumerate(KINDS)}
    known = desk.reports[(desk.reports["agency_key"] != UNKNOWN) & desk.reports["status"].isin(KINDS)]
    best = known.sort_values("status", key=lambda s: s.map(rank)).drop_duplicates(["agency_key", "year_key"])
    years = {year: desk.names("year").get(year, year) for year in sorted(best["year_key"].unique())}
    names = dict(zip(best["agency_key"], best["shown_key"], strict=True))
    many = best["agency_key"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    order, several = [str(agency) for agency in many.index], [str(a) for a, n in many.items() if n > 1]
    drawn = best[best["agency_key"].isin(several[:MOST])]
    kind = drawn["status"].map(lambda s: w.value("status", s))
    text = drawn["shown_key"] + " " + drawn["year_key"].map(years) + " " + kind
    tiles = pd.DataFrame(
        {"row": drawn["agency_key"], "column": drawn["year_key"], "kind": drawn["status"], "text": text}
    )
    kinds = {kind: w.value("status", kind) for kind in KINDS if (drawn["status"] == kind).any()}
    figure = charts.matrix(tiles, {a: names[a] for a in several[:MOST]}, years, kinds) if several else None
    signs = best.assign(sign=best["status"].map({"complete": "●", "partial": "◐", "blank": "○"}))
    table = signs.pivot(index="agency_key", columns="year_key", values="sign").reindex(order).fillna("")
    table = table.rename(columns=years)
    table.insert(0, w("filter.agency"), [names[a] for a in order])
    lead = [w("coverage.several", n=len(several), N=len(order))]
    lead += [w("coverage.rank", most=MOST)] if len(several) > MOST else []
    if unknown := int((desk.reports["agency_key"] == UNKNOWN).sum()):
        lead.append(w("coverage.unknown", n=unknown))
    shown = table.reset_index(drop=True).rename_axis(columns=None)
    return exhibit.made(desk, figure, shown, title=w("coverage.agencies"), lead=" ".join(lead))


def listed(desk: Desk) -> pd.DataFrame:
    """The selected reports, one row each: who, when, where, form, source, then each table's status and why."""
    w, reports = desk.words, desk.reports.sort_values(["year_key", "province_key", "shown_key"], kind="stable")
    rows = tables(desk.data, reports)
    rows["cell"] = [
        w("coverage.why", status=w.value("table_status", s), reason=why(r, "", w))
        if s == "incomplete"
        else w.value("table_status", s)
        for s, r in zip(rows["status"], rows["reason"], strict=True)
    ]
    wide = rows.pivot(index="report_id", columns="table", values="cell").reindex(reports.index)
    wide = wide[[name for name in (*book().tables, *book().lists) if name in wide]]
    out = pd.DataFrame({w("table.open"): [link(desk, report) for report in reports.index]}, index=reports.index)
    out[w("filter.agency")] = reports["shown_key"]
    for by in BY:
        names = desk.names(by)
        out[w(f"filter.{by}")] = [names.get(key, key) for key in reports[f"{by}_key"]]
    out[w("table.status")] = [w.value("status", status) for status in reports["status"]]
    out = out.join(wide.rename(columns=w.table))
    out[w("report.source")], out[w("report.url")] = reports["source_name"], reports["source_url"].fillna("")
    return out.reset_index(drop=True)
