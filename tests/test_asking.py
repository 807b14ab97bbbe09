"""The dashboard's connection answers questions about its version's files, and does nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import pytest

from dashboard import asking, data
from dashboard.asking import Asked, GoneError, NotAQuestion
from dashboard.data import Dataset
from tests.made import publish


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("asked")) / "versions" / "made1"


@pytest.fixture(scope="module")
def asked(version: Path) -> Asked:
    return Asked({"reports": version / "reports.parquet"})


# What would read or write another file, reach the network, load code, change settings or keep something.
ATTACKS = (
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/hosts')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_blob('/etc/hostname')",
    "SELECT * FROM read_json('/proc/self/environ')",
    "SELECT * FROM read_parquet('/tmp/*.parquet')",
    "SELECT * FROM parquet_metadata('/tmp/x.parquet')",
    "SELECT * FROM parquet_schema('/tmp/x.parquet')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM read_csv('http://127.0.0.1/x.csv')",
    "SELECT * FROM read_parquet('https://example.com/x.parquet')",
    "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
    "SELECT * FROM 'hf://datasets/x/y.csv'",
    "SELECT getenv('HOME')",
    "SELECT * FROM duckdb_secrets()",
    "COPY reports TO '/tmp/stolen.csv'",
    "COPY (SELECT 1) TO '{own}'",
    "COPY reports FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/stolen'",
    "IMPORT DATABASE '/tmp/stolen'",
    "ATTACH '/tmp/other.db'",
    "ATTACH ':memory:' AS other",
    "ATTACH 'host=127.0.0.1' AS pg (TYPE postgres)",
    "DETACH memory",
    "INSTALL httpfs",
    "FORCE INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '/tmp/evil.duckdb_extension'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET memory_limit = '64GB'",
    "SET allowed_directories = ['/']",
    "SET temp_directory = '/tmp'",
    "RESET memory_limit",
    "PRAGMA enable_profiling",
    "PRAGMA database_list",
    "CREATE TABLE kept AS SELECT 1",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "CREATE MACRO m() AS 1",
    "DROP VIEW reports",
    "DELETE FROM reports",
    "INSERT INTO reports SELECT * FROM reports",
    "UPDATE reports SET title = 'x'",
    "CALL pragma_version()",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "BEGIN TRANSACTION",
    "CHECKPOINT",
    "VACUUM",
    "SELECT 1; DROP VIEW reports",
    "",
)


@pytest.mark.parametrize("statement", ATTACKS)
def test_an_attack_fails(asked: Asked, version: Path, statement: str) -> None:
    before = (version / "reports.parquet").read_bytes()
    with pytest.raises((NotAQuestion, duckdb.Error)):
        asked.rows(statement.format(own=version / "reports.parquet"))
    assert (version / "reports.parquet").read_bytes() == before
    assert not Path("/tmp/stolen.csv").exists()  # noqa: S108 - where the attack would write


def test_memory_is_bounded(asked: Asked, monkeypatch: pytest.MonkeyPatch, version: Path) -> None:
    monkeypatch.setitem(asking.CLOSED, "memory_limit", "60MB")  # the usual bound would make the tests themselves large
    small = Asked({"reports": version / "reports.parquet"})
    with pytest.raises(duckdb.OutOfMemoryException):
        small.rows("SELECT count(DISTINCT (a.range, b.range)) FROM range(200000) a, range(20000) b")
    assert len(small.rows("SELECT report_id FROM reports")) == 6


def test_an_endless_question_is_broken_off(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.3)
    with pytest.raises(duckdb.InterruptException):
        asked.rows(
            "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = hash(a.range) % 5"
        )
    assert len(asked.rows("SELECT report_id FROM reports")) == 6  # the connection goes on


def test_a_question_is_answered_with_values(asked: Asked) -> None:
    told = asked.rows("SELECT report_id FROM reports WHERE agency = ? ORDER BY 1", "甲县教育局")
    assert list(told["report_id"]) == ["r1", "r2", "r3"]
    assert asked.rows("SELECT report_id FROM reports WHERE agency = ?", "' OR 1=1 --").empty


def test_cells_are_those_of_the_file(version: Path) -> None:
    """By item, by report and by counts: the same rows as in facts.parquet."""
    one: Dataset = data.read(version)
    facts = Asked({"facts": version / "facts.parquet"}).rows("SELECT * FROM facts ORDER BY file_row_number")
    for (code, part), rows in facts.fillna({"applicant": ""}).groupby(["code", "applicant"]):
        found = one.facts.of_items([(str(code), str(part))])[str(code), str(part)]
        at = found.at(np.arange(len(one.reports)))
        shown = rows.drop_duplicates("report_id").set_index("report_id")["raw"]
        assert set(one.reports.index[at >= 0]) == set(shown.index)
        assert found.taken(at[at >= 0])["raw"].to_pylist() == list(shown[one.reports.index[at >= 0]])
        assert set(found.taken(at[at < 0])["state"].to_pylist()) <= {None}
    for report, rows in facts.groupby("report_id"):
        cells = one.facts.of_reports(one.places(one.reports.index[one.reports.index == report]))
        assert list(cells["code"]) == list(rows["code"])
        assert one.facts.counts["cells"][str(report)] == len(rows)
    assert one.facts.counts["doubted"].sum() == facts["doubt"].notna().sum()


def test_a_file_that_goes_while_its_version_is_opened_is_told_as_gone(version: Path, tmp_path: Path) -> None:
    file = tmp_path / "reports.parquet"
    file.write_bytes((version / "reports.parquet").read_bytes())

    def views(_: Mapping[str, list[str]]) -> Mapping[str, str]:
        file.unlink()  # a newer version is published, and this one swept
        return {"more": "SELECT * FROM reports"}

    with pytest.raises(GoneError):
        Asked({"reports": file}, views)
