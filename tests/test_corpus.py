"""The synthetic corpus is what it says: marked, the same for everybody, mixed as told, and read without an error."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from benchmarks.corpus.bodies import Bodies
from benchmarks.corpus.checking import check
from benchmarks.corpus.reports import YEARS, Made, made
from benchmarks.corpus.templates import SHARES
from benchmarks.corpus.writing import write
from loaders import publish
from loaders.build import build
from loaders.intake.sources import find
from tests.truth import Cell

REPORTS = 350


@pytest.fixture(scope="module")
def reports() -> list[Made]:
    return list(made(Bodies(5), 0, 3000))


@pytest.mark.parametrize("kind", ["jsonl", "files"])
def test_no_cell_is_wrong_and_everything_is_marked(kind: str, tmp_path: Path) -> None:
    write(tmp_path / "corpus", 100, REPORTS, 11, kind, 2)
    build(find([tmp_path / "corpus" / "documents"]), tmp_path / "data", workers=2)
    whole, broken = (check(tmp_path / "data", tmp_path / "corpus", one) for one in (False, True))
    assert (whole.wrong, broken.wrong) == (0, 0)
    assert (whole.unmarked, broken.unmarked) == (0, 0)
    assert whole.right > 0.98 * whole.cells
    assert broken.reports > 0
    assert broken.missing > 0
    rows = pq.read_table(publish.current(tmp_path / "data") / "reports.parquet").to_pylist()
    assert all(row["source_name"].startswith("synthetic-") and "合成数据" in row["title"] for row in rows)
    assert {row["region_status"] for row in rows} == {"stated"}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name, workers in (("one", 1), ("two", 2)):
        write(tmp_path / name, 0, 60, 4, "files", workers)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n / "documents").rglob("*.*")} for n in ("one", "two"))
    assert one == two


def test_a_corpus_goes_on_where_another_ended() -> None:
    bodies = Bodies(2)
    assert list(made(bodies, 0, 40)) == [*made(bodies, 0, 17), *made(bodies, 17, 23)]


def test_shares_are_those_that_are_told(reports: list[Made]) -> None:
    layouts, whole = Counter(one.layout for one in reports), sum(SHARES.values())
    for layout, share in SHARES.items():
        assert layouts[layout] / len(reports) == pytest.approx(share / whole, abs=0.03), layout
    assert 0.01 < sum(bool(one.damage) for one in reports) / len(reports) < 0.03
    assert {one.damage for one in reports} - {""} == {"cell lost", "cell twice", "cells merged", "label lost"}


def test_every_sum_holds_and_open_cases_go_on(reports: list[Made]) -> None:
    """Told once more and apart from the generator."""
    before: dict[str, dict[tuple[str, str], Cell]] = {}
    for one in reports:
        value = {key: cell.value or 0.0 for key, cell in one.truth.items()}
        for who in ("person", "enterprise", "total"):
            left = value["received", who] + value["carried_in", who]
            assert left == value["handled", who] + value["carried_out", who]
        last = before.get(one.agency.name)
        if last is not None and one.year > YEARS[0]:
            assert value["carried_in", "total"] == (last["carried_out", "total"].value or 0.0)
        before[one.agency.name] = one.truth


def test_agencies_are_many_and_each_has_its_years(reports: list[Made]) -> None:
    years = Counter(one.agency.name for one in reports)
    assert len(years) > 0.99 * len(reports) / len(YEARS)
    assert set(years.values()) <= {len(YEARS), len(reports) % len(YEARS)}
