"""Four kinds of empty, and zero: told apart in every chart, its table and its file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from codebook.listing import forms_with
from dashboard import absent, charts, data
from dashboard.charts import Series
from dashboard.desk import Desk
from dashboard.selection import Selection
from dashboard.words import Words
from tests.boxes import tables
from tests.made import write
from tests.test_pages import figures, said, visit
from tests.test_series import fact, report

CODES = ("normative.made", "normative.published")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2015 a figure and a blank, 2016 a zero and a dash, 2017 nothing read, 2018 no report, 2019 another form, 2020 a
    doubt and words; form 2019 throughout but for the one year."""
    reports = [report(str(year), year, "2021" if year == 2019 else "2019") for year in (2015, 2016, 2017, 2019, 2020)]
    rows = {"2015": (7, None), "2016": (0, None), "2020": (5, None)}
    facts = [
        fact(year, code, value) for year, values in rows.items() for code, value in zip(CODES, values, strict=True)
    ]
    facts[3] |= {"state": "dash", "raw": "—"}
    facts[4] |= {"doubt": "?"}
    facts[5] |= {"state": "text", "raw": "若干"}
    tables: dict[str, list[dict[str, object]]] = {name: [] for name in data.NEEDED}
    return write(tmp_path_factory.mktemp("absent"), "versions/one", tables | {"reports": reports, "facts": facts})


@pytest.fixture(autouse=True)
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_DATA", str(folder))


def signs(figure: dict[str, Any]) -> list[tuple[float, str]]:
    """Place along the groups and sign of each mark."""
    upright = figure["data"][0]["orientation"] == "v"
    marks = [one for one in figure["layout"]["annotations"] if one["text"] in absent.SIGNS.values()]
    return sorted((one["x" if upright else "y"], one["text"]) for one in marks)


def test_signs_are_told_apart() -> None:
    assert len(set(absent.SIGNS.values())) == len(absent.SIGNS)


def test_a_chart_says_at_each_place_why_there_is_no_bar() -> None:
    app = visit("volume", doubt="0")
    (chart,) = [one for one in figures(app) if [t["name"] for t in one["data"]][:1] == ["规范性文件·新制作"]]
    made = chart["data"][0]
    assert [name.split("<br>")[0] for name in chart["layout"]["xaxis"]["ticktext"]] == [
        str(y) for y in range(2015, 2021)
    ]
    assert made["y"] == [7, 0, None, None, None, None]
    assert made["text"][1] == "0"
    third = absent.BAND / 3  # three series a year
    assert signs(chart) == [
        (pytest.approx(0.0), "□"), (pytest.approx(third), "?"),
        (pytest.approx(1.0), "–"), (pytest.approx(1 + third), "?"),
        (2, "?"), (3, "…"), (4, "∅"),
        (pytest.approx(5 - third), "△"), (pytest.approx(5.0), "T"), (pytest.approx(5 + third), "?"),
    ]  # fmt: skip
    text = said(app)
    for word in ("□ 空白", "– 短横或斜杠", "T 文字", "? 未读到", "△ 存疑", "∅ 本表式无此项", "… 没有收集到报告"):
        assert word in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_has_a_column_for_each_kind(lang: str) -> None:
    app = visit("volume", lang=lang)
    words = Words(lang)
    (table,) = [
        one for one in tables(app) if words("table.blank") in one and len(one) == 12
    ]  # four years of the form, three items
    assert table[[words(f"table.{kind}") for kind in ("blank", "dash", "text", "unread", "doubted")]].sum().tolist() == [
        1, 1, 1, 6, 1,
    ]  # fmt: skip


def test_a_stack_without_any_value_has_one_mark_and_a_doubt_that_counts_none(folder: Path) -> None:
    read = data.read(folder / "versions" / "one")
    desk = Desk(read, Selection(), Words("zh"), read.reports, doubt=True, corrected=False)
    table = pd.DataFrame(
        [
            {"group": group, "code": code, "part": "", "value": value, "n": 0, "N": 1, "agencies": 0}
            | dict.fromkeys(absent.COUNTED, 0) | {"blank": int(value is None)}
            for group, values in {"2015": (1.0, None), "2016": (None, None)}.items()
            for code, value in zip("ab", values, strict=True)
        ]
    )  # fmt: skip
    series = [Series(code, code, "#000000") for code in "ab"]
    groups = {"2015": "2015", "2016": "2016", "2018": "2018"}
    figure = charts.bars(table, series, groups, "zh", upright=True, stacked=True)
    (sentence,) = absent.bars(figure, desk, table, series, groups, "year", stacked=True)
    assert signs(figure) == [(1, "□"), (2, "…")]
    assert "空白" in sentence
    assert "没有收集到报告" in sentence


def test_years_between_are_filled_and_the_unknown_stays_last() -> None:
    assert absent.years(["2019", "2016", "unknown"]) == ["2016", "2017", "2018", "2019", "unknown"]
    assert absent.years([]) == []


def gaps(rows: list[dict[str, Any]]) -> Iterator[int]:
    """Years inside the span of an agency's reports that have none."""
    for agency in {row["agency_id"] for row in rows if row["agency_id"]}:
        years = sorted({row["report_year"] for row in rows if row["agency_id"] == agency and row["report_year"]})
        for before, after in pairwise(years):
            yield from range(before + 1, after)


def test_panels_of_a_comparison_mark_every_year_without_a_point(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The zone: one panel, years in which no report is at hand, and years whose request table was not read."""
    monkeypatch.setenv("OGI_DATA", str(shipped))
    rows = pq.read_table(shipped / data.current(shipped) / "reports.parquet").to_pylist()
    app = visit("compare")
    (figure,) = figures(app)
    panel = [one for one in figure["layout"]["annotations"] if one.get("xref") == "x" and "domain" in one["yref"]]
    zone = figure["data"][0]["customdata"][0][0]
    mine = [row for row in rows if row["agency_id"] == zone and row["is_current"]]
    drawn = {
        int(x)
        for t in figure["data"]
        if t["xaxis"] == "x"
        for x, y in zip(t["x"], t["y"], strict=True)
        if y is not None
    }
    marked = {one["x"]: one["text"] for one in panel}
    assert drawn & marked.keys() == set()
    inside = set(gaps(mine))
    assert {year for year, sign in marked.items() if sign == "…"} >= inside
    for year in {row["report_year"] for row in mine} - drawn:
        form = next(row["form"] for row in mine if row["report_year"] == year)
        assert marked[year] == ("×" if form in forms_with("received") or form.startswith("fujian") else "∅")
