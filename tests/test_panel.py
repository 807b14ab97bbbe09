"""The panel and the cube say what the facts say, counted again in the plainest way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from codebook import book
from loaders import publish
from loaders.build import build
from loaders.gather import panel
from loaders.intake.sources import find
from tests.snapshot import LIBRARY

Row = dict[str, Any]
BY = ("report_year", "province", "agency_level", "agency_type", "form")
COUNTS = {"number": "n"} | {name: name for name in ("doubtful", "unvalued", "blank", "dash", "text", "unread")}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """The shipped library, with a doubtful report of a larger body's figures among it."""
    version = build(find([LIBRARY]), tmp_path_factory.mktemp("library")).version
    return {
        name: pq.read_table(version / f"{name}.parquet").to_pylist() for name in ("reports", "facts", "panel", "cube")
    }


def told(report: Row, fact: Row | None, code: str) -> tuple[str | None, float | None]:
    """State and value of one cell, as the panel's docstring says."""
    if fact is None:
        return ("unread" if report["form"] in book().forms_of(code) else None), None
    if fact["state"] != "number":
        return fact["state"], None
    if fact["value"] is None:
        return "unvalued", None
    larger = report["scope_doubt"] is not None and book().measures[code].table.startswith("proactive")
    doubtful = (fact["doubt"] is not None or larger) and fact["verdict"] != "as_printed"
    return ("doubtful" if doubtful else "number"), fact["value"]


def items(row: Row) -> Iterator[tuple[str, str, str]]:
    """Column, code and applicant of each item of a row of the panel."""
    for name in row:
        if f"{name}:state" in row:
            code, _, applicant = name.partition("@")
            yield name, code, applicant


def test_a_row_a_report_and_every_cell_as_the_facts_have_it(tables: dict[str, list[Row]]) -> None:
    facts = dict[tuple[str, str, str], Row | None]()
    for one in tables["facts"]:
        facts.setdefault((one["report_id"], one["code"], one["applicant"] or ""), one)
    assert [row["report_id"] for row in tables["panel"]] == [row["report_id"] for row in tables["reports"]]
    seen = set[str | None]()
    for report, row in zip(tables["reports"], tables["panel"], strict=True):
        assert {name: row[name] for name in panel.OF_REPORT} == {name: report[name] for name in panel.OF_REPORT}
        for name, code, applicant in items(row):
            fact = facts.pop((report["report_id"], code, applicant), None)
            assert (row[f"{name}:state"], row[name]) == told(report, fact, code), (report["source_name"], name)
            if f"{name}:unit" in row:
                assert row[f"{name}:unit"] == (fact["unit_source"] if fact else None)
            seen.add(row[f"{name}:state"])
    assert not facts  # every fact has its column
    assert seen >= {"number", "doubtful", "blank", "dash", "unread", None}


def test_the_cube_adds_up_the_panel(tables: dict[str, list[Row]]) -> None:
    wanted = defaultdict[tuple[Any, ...], Row](lambda: defaultdict(int))
    for row in tables["panel"]:
        for name, code, applicant in items(row) if row["is_current"] else ():
            state, value = row[f"{name}:state"], row[name]
            if state is None:
                continue
            cell = wanted[(*(row[by] for by in BY), code, applicant or None, row.get(f"{name}:unit"))]
            cell["reports"] += 1
            cell[COUNTS[state]] += 1
            cell["agencies"] += state == "number" and row["agency_id"] is not None
            for counted, total in (("number", "value"), ("doubtful", "doubtful_value")):
                if state == counted:
                    cell[total] += value
    found = {
        (*(row[by] for by in BY), row["code"], row["applicant"], row["unit_source"]): row for row in tables["cube"]
    }
    assert found.keys() == wanted.keys()
    for key, row in found.items():
        for name in ("reports", "agencies", *COUNTS.values()):
            assert row[name] == wanted[key][name], (key, name)
        for name in ("value", "doubtful_value"):
            assert row[name] == (pytest.approx(wanted[key][name]) if name in wanted[key] else None), (key, name)


def test_where_the_blocks_end_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither do reports without facts at an end of a block."""
    whole = build(find([LIBRARY]), tmp_path).version
    monkeypatch.setattr(panel, "ROWS", 7)
    parts = build(find([LIBRARY]), tmp_path).version
    assert pq.read_table(parts / "panel.parquet").equals(pq.read_table(whole / "panel.parquet"))
    one, other = (pq.read_table(version / "cube.parquet").to_pylist() for version in (parts, whole))
    assert [{**row, "value": 0, "doubtful_value": 0} for row in one] == [
        {**row, "value": 0, "doubtful_value": 0} for row in other
    ]
    assert [row["value"] for row in one] == pytest.approx([row["value"] for row in other])


def test_without_reports_both_are_there_and_empty(tmp_path: Path) -> None:
    version = build([], tmp_path).version
    publish.check(version)
    assert [pq.read_table(version / f"{name}.parquet").num_rows for name in ("panel", "cube")] == [0, 0]
