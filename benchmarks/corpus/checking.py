"""A published data set against the truth of its corpus: right, doubted, missing, and wrong, which must be none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from loaders import publish

# The reports of a corpus that were broken ($broken true), the whole ones (false), or all (null).
QUESTION = """
WITH truth AS (
    SELECT * FROM everything WHERE $broken IS NULL OR (damage <> '') = $broken
), asked AS (
    SELECT DISTINCT source FROM truth
), own AS (
    SELECT * FROM reports WHERE source_name IN (SELECT source FROM asked)
), read AS (
    SELECT source_name AS source, code, coalesce(applicant, '') AS applicant, state, value, doubt IS NOT NULL AS doubted
    FROM facts JOIN own USING (report_id)
), both_ways AS (
    SELECT t.code IS NOT NULL AS is_true, r.code IS NOT NULL AS is_read, coalesce(doubted, false) AS doubted,
        t.state IS NOT DISTINCT FROM r.state AND t.value IS NOT DISTINCT FROM r.value AS same
    FROM truth t FULL JOIN read r USING (source, code, applicant)
)
SELECT
    count(*) FILTER (is_true),
    count(*) FILTER (is_true AND NOT is_read),
    count(*) FILTER (is_true AND is_read AND same AND NOT doubted),
    count(*) FILTER (is_read AND doubted),
    count(*) FILTER (is_read AND NOT doubted AND NOT (is_true AND same)),
    (SELECT count(*) FROM own),
    (SELECT count(*) FROM quarantine WHERE source_name IN (SELECT source FROM asked)),
    (SELECT count(*) FROM own WHERE NOT synthetic)
FROM both_ways
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


def check(data: Path, corpus: Path, broken: bool | None = None) -> Score:
    """Hold the current version of `data` against `corpus`, or its `broken` (True) or whole (False) reports alone."""
    version = publish.current(data)
    with duckdb.connect() as sql:
        for name in ("reports", "facts", "quarantine"):
            sql.read_parquet(str(version / f"{name}.parquet")).create_view(name)
        sql.read_parquet(str(corpus / "truth" / "*.parquet")).create_view("everything")
        return Score(*sql.execute(QUESTION, {"broken": broken}).fetchall()[0])
