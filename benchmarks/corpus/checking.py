"""A published data set against the truth of its corpus: right, doubted, missing, and wrong, which must be none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from loaders import publish

QUESTION = """
WITH read AS (
    SELECT source_name AS source, code, coalesce(applicant, '') AS applicant, state, value, doubt IS NOT NULL AS doubted
    FROM facts JOIN reports USING (report_id)
)
SELECT
    count(*) FILTER (t.code IS NOT NULL) AS cells,
    count(*) FILTER (t.code IS NOT NULL AND r.code IS NULL) AS missing,
    count(*) FILTER (same AND NOT doubted) AS right,
    count(*) FILTER (r.code IS NOT NULL AND doubted) AS doubted,
    count(*) FILTER (r.code IS NOT NULL AND NOT doubted AND NOT same) AS wrong
FROM truth t FULL JOIN read r USING (source, code, applicant),
    LATERAL (SELECT t.code IS NOT NULL AND r.code IS NOT NULL AND t.state = r.state
             AND t.value IS NOT DISTINCT FROM r.value AS same)
"""


@dataclass(frozen=True, slots=True)
class Score:
    """How the cells of a corpus came out. `missing` stand in tables refused with a reason, or in documents refused."""

    cells: int
    missing: int
    right: int
    doubted: int
    wrong: int
    reports: int
    refused: int
    unmarked: int  # reports of the data set that are not marked synthetic


def check(data: Path, corpus: Path, damage: bool | None = None) -> Score:
    """Hold the current version of `data` against `corpus`; `damage` asks for broken (True) or whole (False) ones."""
    version = publish.current(data)
    with duckdb.connect() as sql:
        for name in ("reports", "facts", "quarantine"):
            sql.read_parquet(str(version / f"{name}.parquet")).create_view(name if damage is None else f"all_{name}")
        sql.read_parquet(str(corpus / "truth" / "*.parquet")).create_view("everything")
        chosen = {None: "true", True: "damage <> ''", False: "damage = ''"}[damage]
        sql.execute(f"CREATE VIEW truth AS SELECT * FROM everything WHERE {chosen}")  # noqa: S608 - one of three
        if damage is not None:
            sql.execute("CREATE TABLE asked AS SELECT DISTINCT source FROM truth")
            sql.execute(
                "CREATE VIEW reports AS SELECT * FROM all_reports WHERE source_name IN (SELECT source FROM asked);"
                "CREATE VIEW facts AS SELECT * FROM all_facts WHERE report_id IN (SELECT report_id FROM reports);"
                "CREATE VIEW quarantine AS SELECT * FROM all_quarantine"
                " WHERE source_name IN (SELECT source FROM asked)"
            )
        counts = sql.execute(QUESTION).fetchall()[0]
        more = sql.execute(
            "SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM quarantine),"
            " (SELECT count(*) FROM reports WHERE NOT synthetic)"
        ).fetchall()[0]
    return Score(*counts, *more)
