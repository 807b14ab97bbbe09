"""What would mend failing sums is shown where the findings are, as a suggestion, with the way to each cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from loaders import publish
from tests.boxes import tables
from tests.test_pages import said, visit

NAMES = {
    "zh": ("怎样改动，勾稽才能成立", "只是建议，从不改动数据", "原样", "可成立的数", "改法"),
    "en": ("What would mend the sums", "Suggestions only, never applied", "Printed", "Would fit", "Alternative"),
}


@pytest.fixture(autouse=True)
def here(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_DATA", str(shipped))


@pytest.fixture(scope="module")
def rows(shipped: Path) -> list[dict[str, Any]]:
    """The suggestions as published."""
    found: list[dict[str, Any]] = pq.read_table(publish.current(shipped) / "suggestions.parquet").to_pylist()
    assert found
    return found


def shown(page: str, lang: str, **params: str) -> pd.DataFrame:
    """The table of suggestions on a page."""
    app = visit(page, lang=lang, **params)
    title, lead, printed, *_ = NAMES[lang]
    assert title in said(app)
    assert lead in said(app)
    (table,) = [one for one in tables(app) if printed in one and NAMES[lang][3] in one]
    return table


def told(table: pd.DataFrame, lang: str) -> list[tuple[str, str]]:
    return sorted(zip(table[NAMES[lang][2]], table[NAMES[lang][3]], strict=True))


def expected(rows: list[dict[str, Any]], blank: str) -> list[tuple[str, str]]:
    return sorted(
        (row["printed"] or blank if row["code"] else "", f"{row['suggested']:,.0f}" if row["code"] else "")
        for row in rows
    )


@pytest.mark.parametrize(("lang", "blank"), [("zh", "空白"), ("en", "blank")])
def test_every_suggestion_is_on_the_page_of_findings(lang: str, blank: str, rows: list[dict[str, Any]]) -> None:
    table = shown("findings", lang)
    assert told(table, lang) == expected(rows, blank)
    assert all("report=" in one for one in table.iloc[:, 0])


def test_a_report_shows_its_own(rows: list[dict[str, Any]]) -> None:
    report = rows[0]["report_id"]
    mine = [row for row in rows if row["report_id"] == report]
    table = shown("report", "zh", report=report)
    assert told(table, "zh") == expected(mine, "空白")
    alternatives = {row["set_no"] for row in mine if row["part"] == 1}
    assert table[NAMES["zh"][4]].iloc[0] == (
        "唯一的最小改动" if len(alternatives) == 1 else f"第 1 种，共 {len(alternatives)} 种"
    )


def test_a_report_whose_sums_hold_shows_none(shipped: Path, rows: list[dict[str, Any]]) -> None:
    reports = pq.read_table(publish.current(shipped) / "reports.parquet")["report_id"].to_pylist()
    sound = next(one for one in reports if one not in {row["report_id"] for row in rows})
    assert NAMES["zh"][0] not in said(visit("report", report=sound))
