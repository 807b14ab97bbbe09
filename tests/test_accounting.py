"""Every number of a table read is taken by a cell or stands in a label: what a cell leaves over is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.report import Report, Source, read
from loaders.trust import accounting
from tests import library

ROOT = Path(__file__).resolve().parent.parent
REPORTS = library.TRANSCRIBED
SHARED = ROOT.parent / "shared"


def report(data: bytes) -> Report:
    """A document that is a report."""
    told = read(Source("a.txt", data))
    assert isinstance(told, Report)
    return told


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem[:3])
def test_nothing_is_left_over(path: Path) -> None:
    assert [f for f in report(path.read_bytes()).findings if f.check_id == "UNUSED-NUMBER"] == []


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem[:3])
def test_each_number_that_no_cell_took_is_told(path: Path) -> None:
    """Take one cell away at a time: its number is left over, at its place."""
    one = report(path.read_bytes())
    cells = [fact for fact in one.facts if fact.table != "narrative"]
    for n, gone in enumerate(cells):
        if gone.state != "number" or n % 7:
            continue
        told = accounting.unused(one.text, one.reading, cells[:n] + cells[n + 1 :])
        assert [(finding.check_id, finding.codes) for finding in told] == [("UNUSED-NUMBER", gone.table)]
        digits = "".join(char for char in gone.raw if char.isdigit())
        assert "".join(char for char in told[0].actual if char.isdigit()) in digits
        assert f"第{one.text.index(told[0].actual, gone.start)}至" in told[0].message


def test_a_number_below_a_foreign_mark_is_left_over() -> None:
    """Another table's line that slips into a block is no cell of it."""
    text = "\n".join(
        (
            *(
                "第二十条第（一）项",
                "第二十条第（五）项",
                "办件 97",
                "| 信息内容 |",
                "本年制发件数 |",
            ),
            *(
                "本年废止件数 |",
                "现行有效件数 |",
                "规章 |",
                "0 |",
                "0 |",
                "0 |",
                "行政规范性文件 |",
                "13 |",
                "0 |",
                "55 |",
            ),
        )
    )
    one = report(text.encode())
    assert [fact.raw for fact in one.facts] == ["0", "0", "0", "13", "0", "55"]
    assert [finding.actual for finding in one.findings if finding.check_id == "UNUSED-NUMBER"] == ["97"]


@pytest.mark.parametrize("text", ["1.属于国家秘密", "2. 重复申请", "（3）其他", "2020年新制作数量", "无"])
def test_what_is_no_value(text: str) -> None:
    assert all(accounting._means_nothing(text, found.start()) for found in accounting.NUMBER.finditer(text))


@pytest.mark.parametrize("folder", ["seeds", "reports/excerpts", "harvest/docs"])
def test_sources_at_hand_leave_nothing_over(folder: str) -> None:
    if not (SHARED / folder).is_dir():
        pytest.skip(f"no source documents beside the project ({folder}): the shipped transcriptions are tested")
    left = {}
    for path in sorted((SHARED / folder).glob("*.txt")):
        told = read(Source(path.name, path.read_bytes()))
        if isinstance(told, Report):
            left[path.name] = [f.message for f in told.findings if f.check_id == "UNUSED-NUMBER"]
    assert left
    assert {name: some for name, some in left.items() if some} == {}
