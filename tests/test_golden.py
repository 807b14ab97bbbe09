"""The reports that came whole read to the last cell as they were read by eye; so do the sources, where they are at hand.

The truth tables are never rewritten by a program: a cell that differs is a defect or a reason to look again.
"""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from codebook import book
from loaders import publish
from loaders.build import build
from loaders.intake.sources import find
from loaders.trust.verify import verify
from tests import library
from tests.truth import Cell, Key, disagreements, load

ROOT = Path(__file__).resolve().parent.parent
TRUTH = ROOT / "tests" / "reports"
SHARED = ROOT.parent / "shared"
NAMES = sorted(path.stem for path in TRUTH.glob("*.csv"))
Row = dict[str, object]

# What the five say of themselves: form, layout, year, agency, title, day of publication.
SAID = {
    "000_5788aadf38ad7c43": (
        *("zhejiang2019", "line", 2019, "洪家街道", "2019年洪家街道政府信息公开工作年度报告", "2020-01-30"),
    ),
    "001_ae670e83d15f685b": (
        *("2019", "line", 2020, "平凉市崆峒区崆峒镇人民政府"),
        *("平凉市崆峒区崆峒镇人民政府2020年政府信息公开工作年度报告", "2021-01-22"),
    ),
    "002_661fbc7c25e971f6": (
        *("2019", "tab", 2019, "嘉祥县卧龙山街道", "嘉祥县卧龙山街道政府信息公开工作年度报告", None),
    ),
    "003_15cf22d5a5bab8ab": ("2021", "pipe", 2023, "包头市昆都仑区前进道街道办事处", None, None),
    "004_402b3c2303c427b2": (
        *("2019", "tab", 2020, "东风区佳东街道办事处", "东风区佳东街道办事处2020年政府信息公开工作年度报告", None),
    ),
}
CELLS = {"2019": 198, "2021": 200, "zhejiang2019": 204}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder built from the five reports that came whole."""
    folder = tmp_path_factory.mktemp("golden")
    build(find(library.TRANSCRIBED), folder)
    return folder


@pytest.fixture(scope="module")
def reports(data: Path) -> dict[str, Row]:
    """Stem of the source → its row in reports.parquet."""
    rows = pq.read_table(publish.current(data) / "reports.parquet").to_pylist()
    return {Path(row["source_name"]).stem: row for row in rows}


@pytest.fixture(scope="module")
def facts(data: Path, reports: dict[str, Row]) -> dict[str, list[Row]]:
    """Stem of the source → its rows in facts.parquet."""
    stems = {row["report_id"]: stem for stem, row in reports.items()}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in pq.read_table(publish.current(data) / "facts.parquet").to_pylist():
        found[stems[row["report_id"]]].append(row)
    return found


def test_the_five_are_here(reports: dict[str, Row]) -> None:
    listed = [path.stem for path in library.TRANSCRIBED]
    assert NAMES == sorted(SAID) == sorted(listed) == sorted(reports)


@pytest.mark.parametrize("name", NAMES)
def test_every_cell(name: str, facts: dict[str, list[Row]]) -> None:
    truth = load(TRUTH / f"{name}.csv")
    tables = [key for key in truth if not key[0].startswith("narrative.")]
    assert len(tables) == CELLS[str(SAID[name][0])]
    assert disagreements(truth, facts[name]) == []


# What is odd about these reports as printed; tests/test_findings.py has the figures.
FOUND = {
    "000_5788aadf38ad7c43": ["RL-VS-APP"],
    "002_661fbc7c25e971f6": ["DOC-REG-AUTH-L"],
    # 前进道街道 compiles the report, 前进街道 speaks in it.
    "003_15cf22d5a5bab8ab": ["META-AGENCY"],
    # A street office's title over a district's penalties and coercive decisions: 953 items, 10,087 decisions.
    "004_402b3c2303c427b2": ["PWR-LEVEL-C", "PWR-LEVEL-P", "SCOPE-DOUBT"],
}


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_read_and_adds_up(name: str, data: Path, reports: dict[str, Row]) -> None:
    version, report_id = publish.current(data), reports[name]["report_id"]
    tables = [row for row in pq.read_table(version / "tables.parquet").to_pylist() if row["report_id"] == report_id]
    on_form = set(book().on_form(str(SAID[name][0])))
    assert {row["table"] for row in tables if row["status"] == "read"} == on_form
    assert {row["status"] for row in tables if row["table"] not in on_form} <= {"not_on_form"}
    findings = [row for row in pq.read_table(version / "findings.parquet").to_pylist() if row["report_id"] == report_id]
    assert sorted(row["check_id"] for row in findings) == FOUND.get(name, [])
    assert not [row for row in findings if row["severity"] == "error"]
    assert reports[name]["status"] == "complete"


@pytest.mark.parametrize("name", NAMES)
def test_what_a_report_says_of_itself(name: str, reports: dict[str, Row]) -> None:
    row = reports[name]
    said = (row["form"], row["layout"], row["report_year"], row["agency"], row["title"], row["published_on"])
    assert said == SAID[name]
    assert row["synthetic"] is False


def test_every_value_is_found_again_at_its_place(data: Path) -> None:
    told = verify(data)
    assert told.wrong == ()
    # One cell left no trace in the text: 是否更新 of 洪家街道, blank where blank cells leave nothing behind.
    assert told.placeless == 1


def test_a_difference_is_seen(facts: dict[str, list[Row]]) -> None:
    """The comparison itself can fail: another value, state, unit or raw text, a doubt, a lost and a second cell."""
    name = "002_661fbc7c25e971f6"
    truth, rows = load(TRUTH / f"{name}.csv"), facts[name]
    amount: Key = ("procurement.amount", "")
    for other in _others(truth[amount]):
        assert len(disagreements(truth | {amount: other}, rows)) == 1
    fewer = {key: cell for key, cell in truth.items() if key != amount}
    assert len(disagreements(fewer, rows)) == len(disagreements(truth, rows[1:])) == 1
    assert (
        len(disagreements(truth, [*rows, rows[0]]))
        == len(disagreements(truth, [rows[0] | {"doubt": "?"}, *rows[1:]]))
        == 1
    )


def _others(cell: Cell) -> Iterator[Cell]:
    yield replace(cell, value=2358.0)
    yield replace(cell, state="blank")
    yield replace(cell, unit_source="inferred_medium")
    yield replace(cell, raw="2358")


@pytest.mark.parametrize(
    ("documents", "truth", "strict"),
    [
        ("seeds", "seeds/truth", True),
        ("reports/excerpts", "reports/excerpts/truth", False),
        ("harvest/docs", "harvest/truth", False),
    ],
)
def test_sources_at_hand(documents: str, truth: str, strict: bool, tmp_path: Path) -> None:
    """The documents as received, scored from outside: nothing wrong, and of the five nothing missing either."""
    if not (SHARED / documents).is_dir():
        pytest.skip(f"no source documents beside the project ({documents}): the shipped transcriptions are tested")
    build(find([SHARED / documents]), tmp_path, workers=2)
    command = [
        sys.executable,
        f"{SHARED}/tools/score.py",
        f"{tmp_path}",
        f"{SHARED}/{truth}",
        *([] if strict else ["--partial"]),
    ]
    scored = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert scored.returncode == 0, scored.stdout + scored.stderr
