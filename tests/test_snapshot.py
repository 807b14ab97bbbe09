"""The shipped library reads as the snapshot says: a change of its reading is told, cell by cell, and reviewed."""

import json
from pathlib import Path

import pytest

from tests import made, snapshot

LARGEST = 1_000_000  # bytes


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library as it is read now."""
    return snapshot.library(tmp_path_factory.mktemp("library"))


def test_the_library_reads_as_before(now: Path, tmp_path: Path) -> None:
    told = snapshot.compared(snapshot.KEPT.read_text(encoding="utf-8"), now, tmp_path)
    assert not told, f"\n{told[:8000]}\n\nIf this is meant: python -m tests.snapshot, and tell it in CHANGELOG.md."


def test_the_snapshot_is_small() -> None:
    assert 0 < snapshot.KEPT.stat().st_size < LARGEST


def test_a_cell_read_otherwise_is_told_with_its_place(now: Path, tmp_path: Path) -> None:
    lines = snapshot.written(now).splitlines()
    at = next(n for n, line in enumerate(lines) if '"procurement.amount"' in line and json.loads(line)[3][0])
    row = json.loads(lines[at])
    row[3][0] *= 10_000
    lines[at] = json.dumps(row, ensure_ascii=False)
    told = snapshot.compared("\n".join(lines), now, tmp_path).splitlines()
    assert "1 × centralised procurement" in told[0]
    assert "moved from 万元 to 元" in told[0]
    assert "procurement.amount" in told[2]


@pytest.mark.parametrize("source", ["library", "made"])
def test_nothing_compared_is_lost_in_the_snapshot(source: str, now: Path, tmp_path: Path) -> None:
    version = now if source == "library" else made.publish(tmp_path / "made")
    text = snapshot.written(version)
    assert snapshot.written(snapshot.unpacked(text, tmp_path / "again")) == text
    assert snapshot.compared(text, version, tmp_path / "compared") == ""
