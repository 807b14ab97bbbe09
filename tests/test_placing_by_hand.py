"""A place corrected on the page of regions is in the next build, stays in the one after, and is handed out as a file."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from codebook import decisions
from codebook.decisions import BadDecision, Place
from loaders import corrections
from loaders.__main__ import main
from loaders.errors import BadCorrections
from tests.desk import said, visit

REPORT = "二、主动公开政府信息情况\n第二十条第(五)项\n信息内容\n本年处理决定数量\n行政许可\n0\n"
HASH = "a" * 64


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set of one report that nothing places."""
    document = tmp_path / "in" / "一.txt"
    document.parent.mkdir()
    document.write_text(f"太平镇人民政府2021年政府信息公开工作年度报告\n{REPORT}", encoding="utf-8")
    monkeypatch.setenv("OGI_DATA", str(tmp_path / "out"))
    monkeypatch.setenv("OGI_DECISIONS", str(tmp_path / "decisions"))
    monkeypatch.setenv("OGI_DESK", "1")
    assert build(tmp_path)["region_status"] != "stated"
    return tmp_path


def build(place: Path) -> dict[str, object]:
    """The row of the one report after a build."""
    assert main(["build", str(place / "in"), "--out", str(place / "out"), "--workers", "1"]) == 0
    version = place / "out" / (place / "out" / "CURRENT").read_text(encoding="utf-8").strip()
    (row,) = pq.read_table(version / "reports.parquet").to_pylist()
    return dict(row)


def test_a_place_corrected_on_the_page_is_in_the_next_build_and_the_one_after(built: Path) -> None:
    app = visit("evidence/regions")
    app.selectbox(key="regions.code").set_value("331002")
    app.text_input(key="regions.author").set_value("甲")
    app.text_area(key="regions.reason").set_value("网站页脚写明")
    app.run()
    app.button(key="regions.sign").click().run()
    assert "下次构建" in said(app)
    (told,) = decisions.read([built / "decisions"]).places
    assert (told.field, told.value, told.author) == ("adcode", "331002", "甲")
    for _ in range(2):
        row = build(built)
        assert (row["county"], row["region_status"], row["region_corrected"]) == ("椒江区", "stated", True)
        assert "corrected by 甲" in str(row["region_evidence"])
        assert "网站页脚写明" in str(row["region_evidence"])


def test_a_decision_on_a_place_that_cannot_be_meant_is_an_error() -> None:
    head = "source_sha256,agency_id,field,value,author,date,reason\n"
    for row in (
        f"{HASH},abc,adcode,331002,a,2026-11-25,r",  # of both a document and an agency
        ",,adcode,331002,a,2026-11-25,r",
        "xyz,,adcode,331002,a,2026-11-25,r",
        f"{HASH},,province,331002,a,2026-11-25,r",
        f"{HASH},,adcode,,a,2026-11-25,r",
        f"{HASH},,adcode,331002,a,gestern,r",
    ):
        with pytest.raises(BadDecision, match=r"places\.csv"):
            decisions.parse((head + row).encode(), "places.csv")
    nowhere = Place(HASH, "", "adcode", "999999", "a", "2026-11-25", "r")
    with pytest.raises(BadCorrections, match="999999"):
        corrections.of([nowhere])
