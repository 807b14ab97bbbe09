"""Rules over several reports: the year before, copied tables, copied prose. All reports here are made up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from codebook import book
from loaders.build import build
from loaders.checks.clauses import prose
from loaders.intake.sources import find
from loaders.report import Report, Source, read
from tests.filling import balanced
from tests.gathering import published
from tests.rendering import LAYOUTS, Around, places, render
from tests.truth import Key

Row = dict[str, object]
SENTENCES = (
    "本局把公开摆在重要位置，主要负责同志亲自过问",
    "专人负责信息的收集整理，逐条登记来源和去向",
    "对拟公开的内容先审后发，谁提供谁负责",
    "网站栏目按目录归类，过期内容当月清理",
    "申请一律当面登记，五日内分送有关科室",
    "答复文书统一编号，法制机构逐件审阅",
    "接受社会评议，所提意见逐条回复",
    "组织学习两次，新到岗人员先学后办",
    "热线和窗口同步受理，答复口径保持一致",
    "年底逐栏自查，缺漏之处限期补齐",
    "档案按年度装订，借阅须经分管领导同意",
    "重大事项先听取群众意见，再行公布",
    "解读材料与文件同步起草，同步上网",
    "会议记录整理成册，定期移交档案室",
    "科室之间互查互评，结果张榜公布",
    "存在的不足是更新不够及时，解读形式单一",
    "下步打算是增设专栏，充实一线力量",
    "遇有疑难先行会商，必要时请示上级",
)
PROSE = "。".join(SENTENCES) + "。"


def numbers(form: str, *counts: int) -> dict[Key, int]:
    """Request and review tables from a few figures over and over."""
    return balanced(iter(list(counts) * 300), form)


def document(
    agency: str, year: int, cells: Mapping[Key, int], form: str = "2021", words: str = PROSE, **more: str
) -> Report:
    """A report of an agency and year."""
    shown = {key: str(cells.get(key, 0)) for key in places(form)}
    shown |= {(code.replace("__", "."), ""): text for code, text in more.items()}
    text = render(shown, form, LAYOUTS["pipe rows"], around=Around(prose=words))
    text = text.replace("合成示例局", agency).replace(f"{book().forms[form].span[0] + 1}年", f"{year}年")
    told = read(Source(f"{agency}{year}.txt", text.encode(), synthetic=True))
    assert isinstance(told, Report)
    assert (told.identity.agency, told.identity.report_year) == (agency, year)
    return told


def found(*reports: Report, scope: str = "XY") -> list[tuple[str, str, str]]:
    """Source, rule and place in words of each finding of these rules."""
    rows = published(reports)
    names = {row["report_id"]: str(row["source_name"]) for row in rows["reports"]}
    return [
        (names[row["report_id"]], str(row["check_id"]), str(row["message"]))
        for row in rows["findings"]
        if str(row["check_id"]).startswith(scope)
    ]


def carried(cells: dict[Key, int], before: dict[Key, int]) -> dict[Key, int]:
    """The figures with what was carried in as the year before carried out; received makes the sums hold."""
    out = dict(cells)
    for (code, applicant), value in before.items():
        if code == "carried_out":
            out["received", applicant] += out["carried_in", applicant] - value
            out["carried_in", applicant] = value
    return out


def test_what_is_carried_in_is_what_was_carried_out() -> None:
    first = numbers("2021", 3, 0, 1)
    second = carried(numbers("2021", 7, 2, 5), first)
    right = [document("合成县教育局", 2022, first), document("合成县教育局", 2023, second)]
    assert found(*right) == []
    wrong = {**second, ("carried_in", "person"): second["carried_in", "person"] + 1}
    ((source, check, message),) = found(right[0], document("合成县教育局", 2023, wrong))
    assert (source, check) == ("合成县教育局2023.txt", "XY-CARRY")
    assert "自然人" in message
    assert "合成县教育局2022.txt" in message


def test_a_finding_over_years_names_the_other_report_and_puts_no_cell_in_doubt() -> None:
    reports = [document("合成县教育局", 2022, numbers("2021", 3)), document("合成县教育局", 2023, numbers("2021", 1))]
    rows = published(reports)
    told = [row for row in rows["findings"] if row["check_id"] == "XY-CARRY"]
    assert {(row["report_id"], row["other_report_id"]) for row in told} == {
        (reports[1].report_id, reports[0].report_id)
    }
    assert {row["severity"] for row in told} == {"warning"}
    assert not [row for row in rows["facts"] if row["doubt"]]


@pytest.mark.parametrize(("agency", "year"), [("合成县教育局", 2024), ("另一县教育局", 2023)])
def test_a_gap_or_another_agency_is_no_year_before(agency: str, year: int) -> None:
    """The rule is not assessable then, and says so."""
    reports = [document("合成县教育局", 2022, numbers("2021", 3)), document(agency, year, numbers("2021", 1))]
    assert found(*reports, scope="XY-CARRY") == []
    rows = published(reports)["checks"]
    counts = [row for row in rows if row["check_id"] == "XY-CARRY" and row["report_id"] == reports[1].report_id]
    assert [(row["passed"], row["failed"], row["not_assessable"]) for row in counts] == [(0, 0, 7)]


def test_the_stock_rolls_on() -> None:
    cells = numbers("2021", 0)
    before = document("合成县教育局", 2022, cells, normative__in_force="698")
    told: dict[str, str] = {"normative__issued": "77", "normative__repealed": "132"}
    assert found(before, document("合成县教育局", 2023, cells, normative__in_force="643", **told)) == []
    ((_, check, message),) = found(before, document("合成县教育局", 2023, cells, normative__in_force="470", **told))
    assert check == "XY-STOCK-N"
    assert "470 与 643" in message


def test_years_on_different_forms_are_not_compared() -> None:
    """What the two forms share is compared, stocks that mean different things are not."""
    cells = numbers("2019", 0)
    reports = [
        document("合成县教育局", 2020, cells, "2019", normative__public_total="900"),
        document("合成县教育局", 2021, numbers("2021", 0), normative__in_force="3"),
    ]
    assert found(*reports) == []


def test_the_same_request_table_as_last_year_is_a_note() -> None:
    cells = numbers("2021", 3, 0, 5, 9)
    reports = [document("合成县教育局", year, cells) for year in (2022, 2023)]
    assert {check for _, check, _ in found(*reports)} == {"XY-SAMETEXT", "XY-CARRY"}
    one = {(code, who): 1 for code in ("received", "granted", "handled") for who in ("person", "total")}
    assert found(*(document("合成县教育局", year, one) for year in (2022, 2023))) == []


def test_the_same_request_table_as_another_agency_is_told_on_both() -> None:
    cells = numbers("2021", 3, 0, 5, 9, 14)
    reports = [document(agency, 2022, cells) for agency in ("合成县教育局", "合成县民政局", "合成县财政局")]
    told = found(*reports, scope="COPY-TABLE")
    assert sorted(source for source, _, _ in told) == sorted(one.source for one in reports)
    trivial = [document(one.identity.agency or "", 2022, numbers("2021", 0, 1)) for one in reports]
    assert found(*trivial, scope="COPY-TABLE") == []


def test_copied_prose_is_a_share_and_new_figures_do_not_hide_it() -> None:
    cells = numbers("2021", 0)
    last = document("合成县教育局", 2022, cells, words=PROSE + "全年主动公开信息120条，比往年更多更全面。")
    again = document("合成县教育局", 2023, cells, words=PROSE + "全年主动公开信息305条，比往年更多更全面。")
    other = document(
        "合成县民政局",
        2023,
        cells,
        words="。".join(f"第{n}组同志完成{n}项民政任务" for n in "甲乙丙丁戊己庚辛") * 3 + "。",
    )
    rows = published([last, again, other])
    shares = {row["report_id"]: row for row in rows["copies"]}
    ids = {one.source: one.report_id for one in (last, again, other)}
    mine = shares[ids["合成县教育局2023.txt"]]
    assert (mine["prose_previous"], mine["previous_report_id"]) == (1.0, ids["合成县教育局2022.txt"])
    assert mine["prose_nearest"] is None
    assert {
        (row["report_id"], row["check_id"]) for row in rows["findings"] if str(row["check_id"]).startswith("COPY")
    } == {(ids["合成县教育局2023.txt"], "COPY-PROSE-Y")}


@pytest.mark.parametrize(("kept", "copied"), [(18, True), (9, False)])
def test_prose_of_another_agency(kept: int, copied: bool) -> None:
    """Eighteen of eighteen sentences are a copy, nine of eighteen are not."""
    own = tuple(sentence[::-1] for sentence in SENTENCES[kept:])
    cells = numbers("2021", 0)
    reports = [
        document("合成县教育局", 2022, cells),
        document("合成县民政局", 2023, cells, words="。".join((*SENTENCES[:kept], *own)) + "。"),
    ]
    told = sorted(source for source, _, _ in found(*reports, scope="COPY-PROSE"))
    assert told == (["合成县教育局2022.txt", "合成县民政局2023.txt"] if copied else [])


def test_clauses_of_prose() -> None:
    """Lines without a sentence are chrome, numbers and line breaks are nothing, a part is a share by characters."""
    text = "首页 政务公开 办事服务\n" + PROSE
    whole = prose(text, [(0, len(text))])
    assert whole.characters == len(PROSE)
    broken = "\n".join(PROSE[n : n + 40] for n in range(0, len(PROSE), 40))
    assert prose(broken, [(0, len(broken))]).hashes == whole.hashes
    half = prose(PROSE, [(0, len(PROSE) // 2)])
    assert half.share_in(whole) > 0.9 > whole.share_in(half) > 0.3
    assert prose("", []).share_in(whole) == 0.0
    assert not whole.fee_told
    assert prose("本年度未收取信息处理费。", [(0, 12)]).fee_told


def test_without_reports_the_tables_are_there_and_empty(tmp_path: Path) -> None:
    version = build([], tmp_path).version
    for name in ("checks", "suggestions", "copies"):
        assert pq.read_table(version / f"{name}.parquet").num_rows == 0


def test_it_is_published_the_same_in_any_order(tmp_path: Path) -> None:
    """checks, copies and suggestions are tables of the version; documents in another order make the same bytes."""
    cells = numbers("2021", 3, 0, 5, 9, 14)
    wrong = {**cells, ("granted", "person"): cells["granted", "person"] + 4}
    for year, some in ((2022, cells), (2023, wrong)):
        one = document("合成县教育局", year, some)
        (tmp_path / one.source).write_text(one.text, encoding="utf-8")
    version = build(find([tmp_path]), tmp_path / "out").version
    rows = pq.read_table(version / "checks.parquet").to_pylist()
    later = {row["check_id"]: row for row in rows if row["failed"]}
    assert {"APP-ROW", "APP-TOT-C", "XY-CARRY"} <= later.keys()
    assert later["APP-ROW"] | {"report_id": ""} == {
        "report_id": "", "check_id": "APP-ROW", "passed": 24, "passed_blank_as_zero": 0, "failed": 1,
        "not_assessable": 0, "report_no": 1,
    }  # fmt: skip
    (suggested,) = pq.read_table(version / "suggestions.parquet").to_pylist()
    assert (suggested["code"], suggested["applicant"], suggested["set_no"]) == ("granted", "person", 1)
    assert suggested["suggested"] == cells["granted", "person"]
    assert pq.read_table(version / "copies.parquet").num_rows == 2
