"""What a careful reader finds odd in real reports is found, and nothing else is called an error.

The figures below were seen by eye in the reports: tests/reports holds the cells as printed.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from loaders import publish
from loaders.checks.across import against
from loaders.checks.brief import Brief
from loaders.checks.cells import Short
from loaders.checks.copies import copied
from loaders.checks.findings import Finding
from tests.truth import load

TRUTH = Path(__file__).parent / "reports"
TOLD = {  # file → rule, severity, what stands there and what should
    "000_5788aadf38ad7c43.txt": [("RL-VS-APP", "warning", "4", "<= 1")],  # four reconsiderations on one application
    "001_ae670e83d15f685b.txt": [],
    # A street office with regulations.
    "002_661fbc7c25e971f6.txt": [("DOC-REG-AUTH-L", "warning", "2", "<= 0")],
    "003_15cf22d5a5bab8ab.txt": [("META-AGENCY", "warning", "1", "<= 0")],  # 前进道街道 and 前进街道
    # A street office with the penalties and coercive decisions of its district.
    "004_402b3c2303c427b2.txt": [
        ("PWR-LEVEL-C", "warning", "10087", "<= 5000"),
        ("PWR-LEVEL-P", "warning", "953", "<= 300"),
        ("SCOPE-DOUBT", "warning", "可能是上级机关", "本机关"),
    ],
    # Totals of 0 beside 10 + 1 and 5.
    "001_hongze_2023.pdf": [("RL-SUM-A", "error", "5", "== 0"), ("RL-SUM-R", "error", "11", "== 0")],
    # 26 outcomes under a total of 20, 27 under 21.
    "113_pingtan_2020.txt": [("APP-TOT-B", "error", "26", "== 20"), ("APP-TOT-B", "error", "27", "== 21")],
}


@pytest.fixture(scope="module")
def found(shipped: Path) -> dict[str, list[dict[str, Any]]]:
    """File → findings on the shipped reports, but for tables that were refused."""
    version = publish.current(shipped)
    reports = pq.read_table(version / "reports.parquet").to_pylist()
    rows = pq.read_table(version / "findings.parquet").to_pylist()
    return {
        one["source_name"]: [
            row for row in rows if row["report_id"] == one["report_id"] and not row["check_id"].startswith("PARSE-")
        ]
        for one in reports
    }


@pytest.mark.parametrize("name", TOLD)
def test_just_what_a_careful_reader_sees(name: str, found: dict[str, list[dict[str, Any]]]) -> None:
    told = [(row["check_id"], row["severity"], row["actual"], row["expected"]) for row in found[name]]
    assert sorted(one for one in told if one[1] != "info") == TOLD[name]


def test_no_other_shipped_report_has_an_error_in_a_table_that_was_read(found: dict[str, list[dict[str, Any]]]) -> None:
    errors = Counter(name for name, rows in found.items() for row in rows if row["severity"] == "error")
    assert errors == {"001_hongze_2023.pdf": 2, "113_pingtan_2020.txt": 2}


def brief(path: Path, form: str) -> Brief:
    """A report of which the cells are known, in short."""
    cells = tuple(
        Short("requests" if who else "", code, who or None, cell.state, cell.value, cell.raw, None)
        for (code, who), cell in load(path).items()
    )
    tables: dict[str, tuple[str, ...]] = {"requests": (form,)}
    return Brief(path.stem, path.name, cells, frozenset({form}), tables, {}, {})


def compared(before: Path, now: Path) -> tuple[Finding, ...]:
    """What the rules over years say of two reports of one agency."""
    one, last = brief(now, "2021"), brief(before, "2021")
    return against(one, last, copied(one, last, 0, None, [])).findings


def test_a_real_pair_carries_over_in_every_column_and_rolls_its_stock_on() -> None:
    """宿迁市 2023 and 2024: carried out is carried in, 597 + 50 - 227 = 420 documents; one figure changed is seen."""
    before, now = (TRUTH / "pairs" / f"suqian_{year}.csv" for year in (2023, 2024))
    assert [one for one in compared(before, now) if one.check_id.startswith(("XY-CARRY", "XY-STOCK"))] == []
    one, last = brief(now, "2021"), brief(before, "2021")
    for code, who, rule in (("carried_in", "person", "XY-CARRY"), ("normative.in_force", None, "XY-STOCK-N")):
        wrong = tuple(
            cell._replace(value=(cell.value or 0) + 1) if (cell.code, cell.applicant) == (code, who) else cell
            for cell in one.cells
        )
        changed = Brief(one.report_id, one.source, wrong, one.forms, one.tables, {}, {})
        told = against(changed, last, copied(changed, last, 0, None, [])).findings
        assert [row.check_id for row in told if row.check_id.startswith(("XY-CARRY", "XY-STOCK"))] == [rule]


def test_a_real_stock_that_does_not_roll_on() -> None:
    """平潭 2022 and 2023: 698 in force, 77 issued and 132 repealed, and 470 instead of 643 a year later."""
    before, now = (TRUTH / "library" / name for name in ("115_pingtan_2022.csv", "116_pingtan_2023.csv"))
    (finding,) = [one for one in compared(before, now) if one.check_id.startswith("XY-STOCK")]
    assert (finding.check_id, finding.severity) == ("XY-STOCK-N", "warning")
    assert "470 与 643" in finding.message
