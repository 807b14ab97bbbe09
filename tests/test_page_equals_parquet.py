"""The numbers on each page are those of plain SQL over the Parquet files, for several filters.

The SQL shares nothing with the pages but the files, the codebook (which form has which cell) and the names of things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from codebook import book
from dashboard.queries import codes
from dashboard.words import Words
from loaders import publish
from tests.boxes import unfolded
from tests.test_pages import visit

W = Words("zh")
# Filter → how the page is asked, and what it means in the file of reports.
FILTERS: dict[str, tuple[dict[str, str], str]] = {
    "everything": ({}, "true"),
    "a province": ({"province": "35"}, "adcode LIKE '35%'"),
    "a level and years": (
        {"level": "county", "year": "2019,2020"},
        "agency_level = 'county' AND report_year IN (2019, 2020)",
    ),
    "years": ({"year": "2021,2022,2023"}, "report_year BETWEEN 2021 AND 2023"),
}
ASKED = pytest.mark.parametrize("chosen", FILTERS)
Rows = list[tuple[Any, ...]]

CELLS = """
CREATE OR REPLACE VIEW cells AS
WITH told AS (
    SELECT * FROM (
        SELECT *, row_number() OVER (PARTITION BY report_id, code, applicant ORDER BY file_row_number) AS nth
        FROM facts
    ) WHERE nth = 1
), asked AS (
    SELECT chosen.report_id, items.code, items.applicant FROM chosen JOIN items USING (form)
    UNION
    SELECT report_id, code, applicant FROM told JOIN chosen USING (report_id)
)
SELECT chosen.*, asked.code, asked.applicant, coalesce(told.state, 'unread') AS state, told.value, told.unit_source,
    told.state = 'number' AND told.value IS NOT NULL AS valued,
    told.doubt IS NULL AND NOT (chosen.scope_doubt IS NOT NULL AND asked.code IN (SELECT code FROM proactive)) AS sure
FROM asked JOIN chosen USING (report_id)
LEFT JOIN told ON told.report_id = asked.report_id AND told.code = asked.code
    AND told.applicant IS NOT DISTINCT FROM asked.applicant
"""


@pytest.fixture(scope="module")
def sql(shipped: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The files as tables, and which form has which cell."""
    version = publish.current(shipped)
    with duckdb.connect() as one:
        for path in version.glob("*.parquet"):
            one.read_parquet(str(path), file_row_number=True).create_view(path.stem)
        items = [
            (form, m.code, applicant)
            for m in book().measures.values()
            for form in book().forms_of(m.code)
            for applicant in (book().applicants if m.table == "requests" else (None,))
        ]
        one.register("listed", pd.DataFrame(items, columns=["form", "code", "applicant"], dtype="object"))
        one.execute("CREATE TABLE items AS SELECT * FROM listed")
        own = [m.code for m in book().measures.values() if m.table.startswith("proactive")]
        one.register("own", pd.DataFrame({"code": own}))
        one.execute("CREATE TABLE proactive AS SELECT * FROM own")
        yield one


@pytest.fixture(autouse=True)
def here(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_DATA", str(shipped))


def page(sql: duckdb.DuckDBPyConnection, stem: str, chosen: str, **more: str) -> AppTest:
    """The page under a filter; `chosen` and `cells` of the SQL are the same selection."""
    params, where = FILTERS[chosen]
    sql.table("reports").filter("is_current").filter(where).create_view("chosen", replace=True)
    sql.execute(CELLS)
    return visit(stem, **params, **more)


def tables(app: AppTest, *columns: str) -> list[pd.DataFrame]:
    """The tables on a page that have these columns."""
    return [one.value for one in unfolded(app).dataframe if set(columns) <= set(one.value.columns)]


def figures(app: AppTest) -> dict[str, str]:
    """The tiles of a page."""
    return {one.label: one.value for one in app.metric}


TOTALS = """
SELECT coalesce(report_year::VARCHAR, '未定'), code, sum(value) FILTER (valued AND sure), count(*) FILTER (valued AND sure),
    count(*), count(DISTINCT agency_id) FILTER (valued AND sure), count(*) FILTER (state = 'blank'),
    count(*) FILTER (state = 'dash'), count(*) FILTER (state = 'text'), count(*) FILTER (state = 'unread'),
    count(*) FILTER (valued AND NOT sure)
FROM cells WHERE code IN (SELECT unnest(?)) AND (applicant IS NULL OR applicant = 'total') GROUP BY ALL
"""
SHOWN = ("value", "n", "N", "agencies", "blank", "dash", "text", "unread", "doubted")
OF_PAGE = {
    "volume": ("normative.*", "regulations.*", "licensing.decisions", "penalties.decisions", "compulsory.decisions"),
    "procurement": ("procurement.projects",),
    "outcomes": ("received", "carried_in", "handled", "carried_out"),
    "review": ("reconsideration.*", "suit_direct.*", "suit_after.*"),
}


@ASKED
@pytest.mark.parametrize("stem", OF_PAGE)
def test_totals_by_year(sql: duckdb.DuckDBPyConnection, stem: str, chosen: str) -> None:
    app, wanted = page(sql, stem, chosen), list(codes(*OF_PAGE[stem]))
    names = {W.short(code): code for code in wanted}
    found = dict[tuple[str, str], tuple[Any, ...]]()
    for table in tables(app, W("filter.year"), W("table.item"), W("table.N"), W("table.agencies")):
        for row in table.to_dict("records"):
            code = names.get(row[W("table.item")])
            if code:
                kinds = (row.get(W(f"table.{name}"), 0) for name in SHOWN)
                found[row[W("filter.year")], code] = tuple(None if pd.isna(v) else v for v in kinds)
    expected = {(year, code): told for year, code, *told in sql.execute(TOTALS, [wanted]).fetchall()}
    shown = {key: told for key, told in expected.items() if key in found or not key[1].endswith(".total")}
    assert found.keys() == shown.keys()
    assert found or chosen != "everything"
    for key, told in shown.items():
        assert found[key] == (pytest.approx(told[0]) if told[0] is not None else None, *told[1:]), key


@ASKED
def test_amounts_by_year_and_grade(sql: duckdb.DuckDBPyConnection, chosen: str) -> None:
    app = page(sql, "procurement", chosen, grade="medium")
    told = sql.execute(
        """
        SELECT coalesce(report_year::VARCHAR, '未定'), sum(value), count(*) FROM cells
        WHERE code = 'procurement.amount' AND valued AND sure AND (unit_source <> 'unknown' OR value = 0)
        GROUP BY ALL
        """
    ).fetchall()
    sums, counts = dict[str, float](), dict[str, int]()
    for table in tables(app, W("filter.year"), W("table.item"), W("table.N"), W("table.agencies")):
        for row in table[table[W("table.unit")] == W.value("unit", "元")].to_dict("records"):
            if pd.notna(row[W("table.value")]):
                year = row[W("filter.year")]
                sums[year] = sums.get(year, 0.0) + row[W("table.value")]
                counts[year] = counts.get(year, 0) + row[W("table.n")]
    assert counts == {year: n for year, _, n in told}
    assert sums == pytest.approx({year: value for year, value, _ in told})


@ASKED
def test_outcomes_as_shares(sql: duckdb.DuckDBPyConnection, chosen: str) -> None:
    """Reports whose outcomes add up to what was handled; blanks in them are zero."""
    app = page(sql, "outcomes", chosen)
    outcome = list(
        codes("granted", "granted_in_part", "withheld.*", "unavailable.*", "unprocessed.*", "other", "other.*")
    )
    told = sql.execute(
        """
        WITH one AS (
            SELECT report_id, report_year, split_part(code, '.', 1) AS part, code = 'handled' AS whole,
                valued AND sure AS used, valued AND NOT sure AS doubtful, value
            FROM cells WHERE applicant = 'total' AND (code = 'handled' OR code IN (SELECT unnest(?)))
        ), closing AS (
            SELECT report_id FROM one GROUP BY report_id
            HAVING NOT bool_or(doubtful)
                AND abs(coalesce(sum(value) FILTER (used AND NOT whole), 0) - sum(value) FILTER (used AND whole)) < 0.5
        ), sums AS (
            SELECT coalesce(report_year::VARCHAR, '未定') AS year, part, coalesce(sum(value) FILTER (used), 0) AS value
            FROM one JOIN closing USING (report_id) WHERE NOT whole GROUP BY ALL
        )
        SELECT year, part, value, sum(value) OVER (PARTITION BY year) FROM sums
        """,
        [outcome],
    ).fetchall()
    found = {
        (row[W("filter.year")], row[W("table.item")]): (row[W("table.numerator")], row[W("table.denominator")])
        for table in tables(app, W("table.numerator"), W("table.percent"), W("table.item"))[:1]
        for row in table.to_dict("records")
    }
    expected = {(year, W.value("outcome", part)): (value, whole) for year, part, value, whole in told}
    assert {key: value for key, value in found.items() if value[0]} == {k: v for k, v in expected.items() if v[0]}


@ASKED
def test_overview(sql: duckdb.DuckDBPyConnection, chosen: str) -> None:
    told = figures(page(sql, "overview", chosen))
    reports, agencies = sql.execute("SELECT count(*), count(DISTINCT agency_id) FROM chosen").fetchall()[0]
    facts, doubts = sql.execute("SELECT count(*), count(doubt) FROM facts JOIN chosen USING (report_id)").fetchall()[0]
    (refused,) = sql.execute(
        "SELECT count(*) FROM tables JOIN chosen USING (report_id) WHERE tables.status IN ('incomplete', 'absent')"
    ).fetchall()[0]
    expected = {"reports": reports, "agencies": agencies, "facts": facts, "doubts": doubts, "refused": refused}
    assert {name: told[W(f"overview.{name}")] for name in expected} == {k: f"{v:,}" for k, v in expected.items()}
    for code in ("received", "handled"):
        (value,) = sql.execute(
            "SELECT sum(value) FILTER (valued AND sure) FROM cells WHERE code = ? AND applicant = 'total'", [code]
        ).fetchall()[0]
        shown = told[W.with_unit(W.short(code), W.unit(code))]
        assert shown == ("–" if value is None else f"{value:,.0f}")


@ASKED
def test_coverage(sql: duckdb.DuckDBPyConnection, chosen: str) -> None:
    app = page(sql, "coverage", chosen)
    kinds = dict(sql.execute(
        """
        SELECT "table", map(list(status), list(n)) FROM (
            SELECT "table", tables.status AS status, count(*) AS n
            FROM tables JOIN chosen USING (report_id) GROUP BY ALL
        ) GROUP BY "table"
        """
    ).fetchall())  # fmt: skip
    (table,) = tables(app, W("table.table"), W("coverage.all"))
    found = {row[W("table.table")]: row for row in table.to_dict("records")}
    assert found.keys() == {W.table(name) for name in kinds}
    for name, counts in kinds.items():
        row = found[W.table(name)]
        assert row[W("coverage.all")] == sum(counts.values())
        assert {k: row.get(W.value("table_status", k), 0) for k in counts} == counts


@ASKED
def test_findings(sql: duckdb.DuckDBPyConnection, chosen: str) -> None:
    app = page(sql, "findings", chosen)
    told = sql.execute(
        """
        SELECT check_id, severity, count(*), count(DISTINCT report_id) FROM findings JOIN chosen USING (report_id)
        GROUP BY ALL
        """
    ).fetchall()
    (table,) = tables(app, W("report.check"), W("findings.with"))
    columns = [W("report.check"), W("report.severity"), W("findings.found"), W("findings.with")]
    found = sorted(table[columns].itertuples(index=False, name=None))
    assert found == sorted((rule, W.value("severity", kind), n, reports) for rule, kind, n, reports in told)


@ASKED
def test_regions_and_downloads(sql: duckdb.DuckDBPyConnection, chosen: str) -> None:
    told = figures(page(sql, "regions", chosen))
    states = dict(sql.execute("SELECT region_status, count(*) FROM chosen GROUP BY ALL").fetchall())
    for state in ("stated", "inferred", "ambiguous", "unknown"):
        assert told[W.value("region_status", state)] == f"{states.get(state, 0):,}"
    app = page(sql, "downloads", chosen)
    (reports,) = sql.execute("SELECT count(*) FROM chosen").fetchall()[0]
    (facts,) = sql.execute("SELECT count(*) FROM facts JOIN chosen USING (report_id)").fetchall()[0]
    assert any(
        one.value == W("downloads.selection", reports=f"{reports:,}", facts=f"{facts:,}") for one in app.markdown
    )


@ASKED
def test_labels(sql: duckdb.DuckDBPyConnection, chosen: str) -> None:
    app = page(sql, "labels", chosen)
    (wordings, reports) = sql.execute(
        """
            SELECT count(DISTINCT (scope, axis, label_raw)), count(DISTINCT report_id)
            FROM sightings JOIN chosen USING (report_id)
            """
    ).fetchall()[0]
    said = "\n".join(one.value for one in app.text)
    if wordings:
        assert f"有 {wordings} 种表式之外的栏目写法，见于 {reports} 份报告" in said
    else:
        assert "没有表式之外的栏目写法" in said


def test_profile(sql: duckdb.DuckDBPyConnection) -> None:
    """Every year of the agency with most reports, every item."""
    page(sql, "overview", "everything")
    (agency,) = sql.execute(
        "SELECT agency_id FROM chosen WHERE agency_id IS NOT NULL GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT 1"
    ).fetchall()[0]
    app = visit("profile", who=str(agency))
    told = sql.execute(
        """
        SELECT report_year::VARCHAR, code, value, sure FROM cells
        WHERE agency_id = ? AND valued AND (applicant IS NULL OR applicant = 'total')
        """,
        [agency],
    ).fetchall()
    assert told
    table = max(tables(app, W("table.item"), "2019", "2023"), key=len)
    shown = {row[W("table.item")]: row for row in table.to_dict("records")}
    for year, code, value, sure in told:
        text = shown[" · ".join(filter(None, [W.measure(code), W.unit(code)]))][year]
        assert text == f"{value:,.12g}" + ("" if sure else " △"), (year, code)
    years = {year for year, *_ in told}
    for year in {str(n) for n in range(int(min(years)), int(max(years)))} - years:
        assert set(table[year]) == {W.value("state", "not_collected")}


@ASKED
def test_compare(sql: duckdb.DuckDBPyConnection, chosen: str) -> None:
    """Requests received of the agencies compared, a row an agency and year."""
    app = page(sql, "compare", chosen)
    told = sql.execute(
        """
        SELECT report_year::VARCHAR, agency, sum(value) FILTER (valued AND sure) FROM cells
        WHERE code = 'received' AND applicant = 'total' AND report_year IS NOT NULL GROUP BY ALL
        """
    ).fetchall()
    expected = {(year, agency): value for year, agency, value in told}
    shown = tables(app, W("filter.year"), W("filter.agency"), W("table.value"), W("table.N"))
    assert shown or not expected
    for table in shown[:1]:
        for row in table.to_dict("records"):
            key = (row[W("filter.year")], row[W("filter.agency")])
            if key in expected:
                value = row[W("table.value")]
                assert (None if pd.isna(value) else value) == expected[key], key


def test_the_report_page_shows_every_cell_that_was_read(sql: duckdb.DuckDBPyConnection, shipped: Path) -> None:
    """For the best read report of each form: every value of its facts stands in a table of the page."""
    best = sql.execute(
        "SELECT report_id FROM facts JOIN reports USING (report_id) GROUP BY form, report_id"
        " QUALIFY row_number() OVER (PARTITION BY form ORDER BY count(*) DESC, report_id) = 1"
    ).fetchall()
    forms = sql.execute("SELECT count(DISTINCT form) FROM facts JOIN reports USING (report_id)").fetchone()
    assert (len(best),) == forms
    for (report,) in best:
        page = visit("report", report=report)
        shown = [
            str(cell).removesuffix(" △").split(" ")[0]
            for frame in page.dataframe
            for row in frame.value.itertuples(index=False)
            for cell in row
        ]
        printed = sql.execute("SELECT raw FROM facts WHERE report_id = ? AND state = 'number'", [report]).fetchall()
        for text, n in Counter(str(raw).split(" ")[0] for (raw,) in printed).items():
            assert shown.count(text) >= n, (report, text)
