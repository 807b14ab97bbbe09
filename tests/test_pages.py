"""Every page runs: with data, with nothing selected, with an absurd address, in English; and says the true numbers."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from codebook.decisions import VERDICTS
from codebook.terms import notes
from dashboard import passage, places, queries, rates
from dashboard.data import load
from dashboard.filters import SHOWN
from dashboard.frame import MENU
from dashboard.words import LANGUAGES, TEXTS
from tests.boxes import tables
from tests.made import HARM, publish
from tests.made import TEXTS as SOURCES

ROOT = Path(__file__).resolve().parent.parent
PAGES = {path.stem: path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "pages").rglob("*.py"))}
UNFILTERED = {"upload", "codebook", "methods", "cite"}  # what they say holds whatever is selected
ABSURD = {
    "year": "1e9,<b>2035</b>",
    "province": "../../etc",
    "agency": "x" * 5000,
    "by": "nonsense",
    "grade": "all",
    "rate": "%00",
    "lang": "xx",
    "report": "<script>alert(1)</script>",
    "code": "no.such.code",
    "applicant": "no one",
    "version": "**old**",
    "doubt": "maybe",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("pages"))


@pytest.fixture(autouse=True)
def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_DATA", str(folder))


def visit(page: str, **params: str) -> AppTest:
    """The page as a reader's first request: a deep link."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in params.items():
        app.query_params[key] = value
    if page == "overview":
        app.run()
    else:
        app.switch_page(PAGES[page]).run()
    assert [error.value for error in app.exception] == []
    return app


def said(app: AppTest) -> str:
    kinds = (
        app.title,
        app.subheader,
        app.markdown,
        app.caption,
        app.info,
        app.warning,
        app.error,
        app.text,
        app.metric,
    )
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def figures(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def test_the_menu_has_every_page() -> None:
    assert set(PAGES) == {stem for section in MENU.values() for stem in section}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_with_data(page: str, lang: str) -> None:
    app = visit(page, lang=lang)
    assert app.title
    assert ("版本" if lang == "zh" else "Data version") in said(app)
    assert app.sidebar.multiselect
    if lang == "en":
        chrome = "\n".join(str(one.value) for kind in (app.title, app.subheader, app.caption) for one in kind)
        assert not re.search("[\u4e00-\u9fff]", re.sub("企业|商业企业|对外公开数量", "", chrome))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_says_that_it_shows_a_sample(page: str, lang: str) -> None:
    assert notes()["sample"][lang] in [one.value for one in visit(page, lang=lang).caption]


@pytest.mark.parametrize("page", PAGES)
def test_page_with_nothing_selected(page: str) -> None:
    app = visit(page, year="2035")
    assert any("2035" in one.value for one in app.warning)
    assert any("没有报告" in one.value for one in app.info) is (page not in UNFILTERED)
    assert figures(app) == []


@pytest.mark.parametrize("page", PAGES)
def test_page_with_an_absurd_address(page: str) -> None:
    app = visit(page, **ABSURD)
    assert app.warning
    assert "<" not in "".join(one.value for one in app.warning)
    assert len(str(app.warning)) < 5000


@pytest.mark.parametrize("page", ["volume", "procurement", "outcomes", "review"])
@pytest.mark.parametrize("by", ["province", "city", "county", "level", "agency", "form"])
def test_page_by_group(page: str, by: str) -> None:
    assert visit(page, by=by).query_params["by"] == by


def test_numbers_of_a_chart_are_those_of_the_data() -> None:
    app = visit("outcomes", year="2020")
    flow = figures(app)[0]["data"]
    assert [trace["y"] for trace in flow] == [[100.0], [0.0], [100.0], [0.0]]
    assert "计入 2/3 份报告" in said(app)


def test_filters_in_the_address_reach_the_page_and_stay_in_the_address() -> None:
    app = visit("outcomes", province="33", year="2020")
    assert figures(app)[0]["data"][0]["y"] == [40.0]
    assert app.query_params == {"province": "33", "year": "2020"}
    app.multiselect(key="filter.year").set_value(["2019"]).run()
    assert app.query_params == {"province": "33", "year": "2019"}
    assert figures(app)[0]["data"][0]["y"] == [10.0]
    app.switch_page(PAGES["volume"]).run()
    assert app.session_state["filter.province"] == ["33"]


def test_unknown_region_is_a_filter_value() -> None:
    app = visit("procurement", province="unknown")
    assert "单位未定的金额（1 份）" in said(app)


def test_amounts_follow_the_switch_of_grades() -> None:
    sums = {}
    for grade in ("printed", "high", "medium"):
        app = visit("procurement", grade=grade, doubt="1")
        traces = figures(app)[0]["data"]
        sums[grade] = sum(v for trace in traces for v in trace["y"] if v)
        assert "单位未定 1 份" in said(app)
    assert sums == {"printed": 23_580_000, "high": 24_607_415.6, "medium": 49_287_415.6}


def test_forms_are_never_joined() -> None:
    for figure in figures(visit("volume")):
        names = {trace["customdata"][0][1] for trace in figure["data"]}
        assert not {"normative.public_total", "normative.in_force"} <= names


def test_coverage_counts_reports_and_tables() -> None:
    """Six made-up reports: their years, what became of each of their tables, and the agency with several years."""
    app = visit("coverage")
    by_year, by_table, places, agencies = figures(app)
    assert by_year["layout"]["yaxis"]["ticktext"] == ["2019 · 1", "2020 · 3", "2021 · 1", "2023 · 1"]
    assert [trace["x"] for trace in by_year["data"]] == [[1.0, 2.0, 1.0, 1.0], [None, 1.0, None, None]]
    states = {trace["name"]: sum(v or 0 for v in trace["x"]) for trace in by_table["data"]}
    assert states == {"已读": 15.0, "不完整（未采用）": 25.0}
    assert [trace["text"] for trace in places["data"]] == [["1"] * 6]
    assert {mark[0] for trace in places["data"] for mark in trace["customdata"]} == {"33", "62", "unknown"}
    (drawn,) = agencies["data"]
    assert [mark[1] for mark in drawn["customdata"]] == ["2019", "2020", "2021"]
    assert "4 个机关中有 1 个不止一年" in said(app)


def test_coverage_lists_every_table_of_every_report() -> None:
    listed = tables(visit("coverage", by="form"))[-1]
    assert len(listed) == 6
    assert set(listed["规章和规范性文件"]) == {"已读"}
    assert set(listed["行政许可和其他对外管理服务事项"]) == {"不完整（未采用）：文本在表中间结束"}


def test_reports_of_unknown_agencies_are_not_drawn_as_one(folder: Path) -> None:
    """They stand in the table, and the page says so."""
    data = load(folder)
    rows = queries.cells(data, data.reports, queries.items("normative.made")).assign(agency_key="unknown")
    table = queries.totals(rows, "agency")
    assert set(table["group"]) == {"unknown"}
    assert len(queries.named(table, "agency")) == 0
    assert len(queries.named(table, "year")) == len(table)


def test_small_denominators_have_no_rate() -> None:
    drawn = figures(visit("outcomes", rate="disclosure"))[-1]["data"][0]
    assert drawn["x"] == [0.5]  # 2020 only: 50 of 100; ten, seven and none handled in the other years


def test_report_shows_the_cell_of_a_link() -> None:
    app = visit("report", report="r1", code="procurement.amount")
    html = "".join(str(one.proto.body) for one in app.get("html"))
    assert "2358万" in html
    assert "23,580,000" in html
    assert ">2358万</mark>" in html
    assert "<img" not in html
    assert "&lt;img src=x" in html


@pytest.mark.parametrize(
    ("report", "code", "sentence"),
    [
        ("r3", "procurement.amount", "表式没有这一项"),
        ("r5", "handled", "没有读到"),
        ("r1", "bogus", "不在代码本里"),
        ("r2", "procurement.amount", "没有附带来源文本"),
    ],
)
def test_report_says_why_there_is_nothing_to_show(report: str, code: str, sentence: str) -> None:
    assert sentence in said(visit("report", report=report, code=code))


def test_report_of_a_stranger_shows_no_other_report() -> None:
    app = visit("report", report="r99")
    assert app.selectbox(key="report.id").value is None
    assert "r99" in said(app)


def test_report_tells_the_kinds_of_empty_cells_apart() -> None:
    cells = {"r2": "〔空白〕", "r3": "〔短横〕", "r4": "多件"}
    for report, text in cells.items():
        app = visit("report", report=report)
        assert any((frame.value == text).any(axis=None) for frame in app.dataframe)


def test_harmful_names_reach_the_screen_as_text() -> None:
    app = visit("report", report="r4")
    html = "".join(str(one.proto.body) for one in app.get("html"))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    chart = figures(visit("outcomes", by="agency"))[0]
    assert "<script" not in json.dumps(chart)
    assert HARM not in "".join(one.value for one in visit("overview").markdown)


def test_damaged_data_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = publish(tmp_path) / "versions" / "made1" / "facts.parquet"
    facts.write_bytes(facts.read_bytes() + b"x")
    monkeypatch.setenv("OGI_DATA", str(tmp_path))
    app = visit("overview")
    assert "facts.parquet" in app.error[0].value
    monkeypatch.setenv("OGI_DATA", str(tmp_path / "none"))
    assert "python -m loaders build" in visit("overview").error[0].value


def test_texts_are_whole_in_both_languages() -> None:
    for section, keys in tomllib.loads(TEXTS.read_text(encoding="utf-8")).items():
        for key, texts in keys.items():
            assert set(texts) == set(LANGUAGES), (section, key)
            holes = [set(re.findall(r"{(\w+)}", texts[lang])) for lang in LANGUAGES]
            assert holes[0] == holes[1], (section, key)


def test_every_text_is_used() -> None:
    code = "\n".join(
        p.read_text(encoding="utf-8") for room in ("dashboard", "pages") for p in (ROOT / room).rglob("*.py")
    )
    names = {*queries.EMPTY, *SHOWN, *PAGES, *VERDICTS, "menu"}  # keys that are put together from the data's own names
    names |= {f"{name}_{form}" for name in ("documents", "regulations") for form in ("2019", "2021")}
    names |= {f"title_{how}" for how in rates.HOW} | {f"as_{kind}" for kind in places.DRAWN}
    keys = [key for section in tomllib.loads(TEXTS.read_text(encoding="utf-8")).values() for key in section]
    assert [
        key for key in keys if key not in names and not re.search(rf"[\".']{key.removesuffix('_lead')}[\"']", code)
    ] == []


def test_passage_refuses_a_span_outside_the_text() -> None:
    text = SOURCES["r1"]
    with pytest.raises(ValueError, match="outside"):
        passage.marked(text, 3, len(text) + 1)


def test_permalink_carries_every_choice() -> None:
    link = visit("procurement", year="2020", lang="en").code[0].value
    for part in ("year=2020", "lang=en", "version=made1", "by=year", "grade=high", "doubt=0"):
        assert part in link
    cell = visit("report", report="r1", code="received", applicant="total").code[0].value
    for part in ("report=r1", "code=received", "applicant=total", "lang=zh"):
        assert part in cell


def test_one_module_opens_the_data() -> None:
    opens = {
        path.name
        for room in ("dashboard", "pages")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"read_parquet|read_table|parquet as", path.read_text(encoding="utf-8"))
    }
    assert opens == {"asking.py", "data.py"}
