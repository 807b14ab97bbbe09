"""Title, body, year and dates of a report, and the masking of contacts: texts of our own, and the real ones beside us."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from loaders.identity.agencies import agency_level, agency_type
from loaders.identity.dates import han_number
from loaders.identity.identity import Identity, evidence, identify, mask_contacts
from loaders.identity.regions import Region, resolve
from loaders.identity.told import Told, related

SHARED = Path(__file__).resolve().parents[2] / "shared"
TABLE = "\n二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\n"


def read(text: str, form_years: tuple[int, int] | None = None) -> Identity:
    """The identity of a text whose tables begin at the mark of the first item."""
    found = re.search(r"第二十[条條]", text)
    return identify(text, found.start() if found else len(text), form_years)


TITLES = [
    ("甲县教育局2022年政府信息公开工作年度报告", "甲县教育局", 2022),
    ("2021年度甲县乙镇政府信息公开工作年度报告", "甲县乙镇", 2021),
    ("甲县乙镇人民政府\n2020年政府信息公开工作年度报告", "甲县乙镇人民政府", 2020),
    ("甲县乙街道办事处2020年\n政府信息公开工作年度报告", "甲县乙街道办事处", 2020),
    ("甲市商务局\n关于2020年度政府信息公开工作报告", "甲市商务局", 2020),
    ("甲市审批局政府信息公开工作\n2022年度情况的报告", "甲市审批局", 2022),
    ("关于甲县林业局２０２３年度政府信息公开工作的年度报告", "甲县林业局", 2023),
    ("甲县水利局二〇二〇年政府信息公开工作年度报告", "甲县水利局", 2020),
    ("甲镇人民政府信息公开年报（2021年度）", "甲镇人民政府", 2021),
    ("甲县乙镇2023年政府信息公开 工作告年度报", "甲县乙镇", 2023),
    ("甲縣乙鎮2022年政府信息公開工作年度報告", "甲县乙镇", 2022),
    ("甲縣(xiàn)乙鎮2022年政府信息公開(kāi)工作年度報告", "甲县乙镇", 2022),
    ("【年报】2022年甲县财政局政府信息公开工作年度报告", "甲县财政局", 2022),
    (
        "关于印发《甲县财政局2022年政府信息公开工作年度报告》的通知\n甲县财政局2022年政府信息公开工作年度报告",
        "甲县财政局",
        2022,
    ),
    ("标题：甲县财政局2022年政府信息公开工作年度报告", "甲县财政局", 2022),
    ("甲县财政局2022年政府信息公开工作年度报告_甲县人民政府网", "甲县财政局", 2022),
    ("甲县财政局2022年政府信息公开工作年度报告（2023年1月12日）", "甲县财政局", 2022),
    ("2022年政府信息公开工作年度报告（甲县财政局）", "甲县财政局", 2022),
    (
        "某市甲风景区管理委员会\n卫生健康办公室2023年政府信息公开工作年度报告",
        "某市甲风景区管理委员会卫生健康办公室",
        2023,
    ),
]


@pytest.mark.parametrize(("title", "agency", "year"), TITLES)
def test_titles(title: str, agency: str, year: int) -> None:
    told = read(f"首页 > 政务公开 > 政府信息公开年报\n{title}\n发布时间：2030-01-05\n{TABLE}")
    assert (told.agency, told.report_year) == (agency, year)
    assert told.year_evidence.startswith("标题")
    assert told.conflicts == ()


def test_spans_point_at_the_words_in_the_text() -> None:
    text = f"\n  某网\n甲县乙镇(zhèn)2022年\n政府信息公開工作年度報告\n发布日期：2023-01-09\n{TABLE}"
    told = read(text)
    assert told.agency_span is not None
    assert told.published_span is not None
    assert text[slice(*told.agency_span)] == "甲县乙镇"
    assert text[slice(*told.published_span)] == "2023-01-09"
    assert told.title == "甲县乙镇2022年政府信息公开工作年度报告"


def test_the_years_of_neighbours_in_a_list_are_not_taken() -> None:
    text = (
        "政府信息公开年报\n2019年政府信息公开年报\n2018年政府信息公开年报\n\n甲县统计局2020年政府信息公开工作年度报告\n"
    )
    told = read(text + TABLE)
    assert (told.agency, told.report_year) == ("甲县统计局", 2020)


def test_a_year_in_the_statistics_period_counts_where_the_title_has_none() -> None:
    told = read(f"甲县乙街道政府信息公开工作年度报告\n本文数据自2021年1月1日起至2021年12月31日止。{TABLE}")
    assert (told.report_year, told.year_evidence) == (2021, "统计期限")


def test_a_period_that_lost_its_year_characters_is_read() -> None:
    assert read(f"数据统计期限为20251月1日至202512月31日。{TABLE}").report_year == 2025


def test_an_index_names_the_body_in_full_and_fills_what_is_open() -> None:
    text = f"乙镇人民政府信息公开工作年度报告\n{TABLE}"
    told = identify(
        text, text.index("第二十条"), None, Told(agency="甲县乙镇人民政府", year=2021, published="2022-01-05")
    )
    assert (told.agency, told.report_year, told.published_on) == ("甲县乙镇人民政府", 2021, "2022-01-05")
    assert (told.year_evidence, told.published_evidence) == ("索引", "索引")
    assert "索引" in told.agency_evidence
    assert "乙镇" in told.agency_evidence
    assert told.conflicts == ()
    assert (told.agency_span, told.year_span, told.published_span) == (None, None, None)


def test_where_document_and_index_differ_a_conflict_says_so() -> None:
    text = f"甲县财政局2022年政府信息公开工作年度报告\n发布日期：2023-01-09\n{TABLE}"
    where = text.index("第二十条")
    told = identify(text, where, None, Told(agency="丙市审计局", year=2020, published="2023-02-01"))
    assert (told.agency, told.report_year, told.published_on) == ("丙市审计局", 2022, "2023-01-09")
    assert any("丙市审计局" in one and "甲县财政局" in one for one in told.conflicts)
    assert any("索引为2020" in one for one in told.conflicts)
    assert "索引2023-02-01" in told.published_evidence
    same = identify(text, where, None, Told(agency="甲县财政局", year=2022, published="2023-01-09"))
    assert same.conflicts == ()
    assert (same.agency_evidence, same.year_evidence) == ("标题", "标题、索引")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("锡盟商务局", "锡林郭勒盟商务局", True),
        ("甲县乙镇", "丙市甲县乙镇人民政府", True),
        ("丙市甲县乙镇", "甲县乙镇人民政府", True),
        ("甲县财政局", "甲县审计局", False),
        ("乙镇人民政府", "丁镇人民政府", False),
    ],
)
def test_one_name_with_parts_left_out(one: str, other: str, same: bool) -> None:
    assert related(one, other) is related(other, one) is same


def test_a_title_beats_the_period_and_says_so() -> None:
    told = read(f"甲县民政局2022年政府信息公开工作年度报告\n期限为2021年1月1日至2021年12月31日。{TABLE}")
    assert told.report_year == 2022
    assert len(told.conflicts) == 1
    assert "2021" in told.conflicts[0]
    assert told.conflicts[0] in told.year_evidence


def test_the_first_sentence_of_the_overview_counts() -> None:
    told = read(f"甲县民政局政府信息公开工作年度报告\n一、总体情况\n2020年，我局依法公开。国办〔2019〕60号。{TABLE}")
    assert (told.report_year, told.year_evidence) == (2020, "总体情况首句、开头")


@pytest.mark.parametrize("words", ["自2019年《条例》修订以来", "落实国办发〔2019〕14号", "按照2021年政务公开工作要点"])
def test_years_of_other_things_are_not_the_report_year(words: str) -> None:
    assert read(f"甲县民政局政府信息公开工作年度报告\n一、总体情况\n{words}，我局依法公开。{TABLE}").report_year is None


def test_a_day_of_publication_is_weak_evidence_and_says_so() -> None:
    told = read(f"甲县民政局政府信息公开工作年度报告\n发布日期：2021-01-20\n{TABLE}")
    assert told.report_year == 2020
    assert "弱证据" in told.year_evidence


def test_the_years_of_a_form_tell_a_conflict_and_choose_nothing() -> None:
    told = read(f"甲县民政局2023年政府信息公开工作年度报告{TABLE}", form_years=(2019, 2020))
    assert told.report_year == 2023
    assert "表式" in told.conflicts[0]


def test_a_day_before_the_years_end_is_a_conflict() -> None:
    told = read(f"甲县民政局2023年政府信息公开工作年度报告\n发布日期：2023-01-15\n{TABLE}")
    assert told.report_year == 2023
    assert told.conflicts


def test_the_portals_day_goes_before_the_signature() -> None:
    body = f"甲县民政局2020年政府信息公开工作年度报告\n时间:2021-01-22 16:30\n{TABLE}\n无。\n\n甲县民政局\n   2021年1月14日\n"
    told = read(body)
    assert told.published_on == "2021-01-22"
    assert "落款日期2021-01-14" in told.published_evidence
    signed = read(body.replace("时间:2021-01-22 16:30", ""))
    assert (signed.published_on, signed.published_evidence) == ("2021-01-14", "落款日期")
    assert signed.published_span is not None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("发布时间: | 2022年01月24日 08:47 |", "2022-01-24"),
        ("发布日期：2022/1/4  浏览次数：20", "2022-01-04"),
        ("索引号：000  成文日期：2022-01-30  公开方式：主动公开", "2022-01-30"),
        ("2022-01-31", "2022-01-31"),
        ("来源：甲局   时间：2022.02.03", "2022-02-03"),
        ("发布日期：2022-13-40", None),
        ("统计时间：2021年1月1日至2021年12月31日", None),
        ("浏览次数：2022", None),
    ],
)
def test_days_of_publication(line: str, day: str | None) -> None:
    assert read(f"甲县民政局2021年政府信息公开工作年度报告\n{line}\n{TABLE}").published_on == day


@pytest.mark.parametrize(
    ("head", "agency", "where"),
    [
        ("本年度报告由甲市乙区丙街道办事处编制。", "甲市乙区丙街道办事处", "编制语句"),
        ("现将甲县教育局2022年度政府信息公开情况报告如下。", "甲县教育局", "公布语句"),
        ("发布机构：甲县教育局\n来源：甲县融媒体中心", "甲县教育局", "发布机构"),
        ("2022年政府信息公开工作年度报告\n甲县教育局\n（2023年1月）", "甲县教育局", "标题下一行"),
        ("由甲县人民政府办公室根据各单位年报汇总而成。", "甲县人民政府办公室", "编制语句"),
        ("来源：甲县教育局  点击数：3", "甲县教育局", "来源"),
        ("来源：本网", None, "未见机关名"),
        ("来源：甲县融媒体中心", None, "未见机关名"),
        ("全县2022年政府信息公开工作年度报告", None, "未见机关名"),
        ("我局2022年政府信息公开工作年度报告", None, "未见机关名"),
        ("二、主动公开政府信息情况", None, "未见机关名"),
    ],
)
def test_a_body_without_a_title(head: str, agency: str | None, where: str) -> None:
    told = read(head + TABLE)
    assert (told.agency, told.agency_evidence) == (agency, where)


def test_a_body_that_signs() -> None:
    told = read(f"政府信息公开工作年度报告{TABLE}\n六、其他需要报告的事项\n无。\n甲县教育局\n2023年1月10日")
    assert (told.agency, told.agency_evidence) == ("甲县教育局", "落款")


def test_advertising_in_place_of_a_name_is_not_believed() -> None:
    told = read(f"新葡京博彩官网区北京街道2020年政府信息公开工作年度报告{TABLE}")
    assert told.agency is None
    assert "广告" in told.conflicts[0]
    assert told.report_year == 2020


def test_nothing_told_is_nothing() -> None:
    assert read(f"二、主动公开政府信息情况{TABLE}") == Identity()
    assert identify("", 0) == Identity()


@pytest.mark.parametrize(
    ("name", "level", "kind"),
    [
        ("平凉市崆峒区崆峒镇人民政府", "township", "township"),
        ("洪家街道", "street", "street_office"),
        ("洪山区人民政府珞南街道办事处", "street", "street_office"),
        ("嘉祥县教育局", "county", "bureau"),
        ("县教育局", "county", "bureau"),
        ("大冶市自然资源和规划局", "county", "bureau"),
        ("随州市审计局", "prefecture", "bureau"),
        ("益阳市人民政府", "prefecture", "government"),
        ("孝感市人民政府办公室", "prefecture", "general_office"),
        ("上海市科学技术委员会", "province", "bureau"),
        ("广东省文化和旅游厅", "province", "bureau"),
        ("国家税务总局平利县税务局", "county", "vertical"),
        ("宣城市气象局", "prefecture", "vertical"),
        ("国务院办公厅", "national", "bureau"),
        ("长春新区管理委员会", "zone", "zone_committee"),
        ("天津市滨海新区教育局", "county", "bureau"),
        ("农安县档案馆", "county", "institution"),
        ("市教育局", "unknown", "bureau"),
        (None, "unknown", "unknown"),
    ],
)
def test_level_and_kind_of_a_body(name: str | None, level: str, kind: str) -> None:
    assert (agency_level(name, 2020), agency_type(name)) == (level, kind)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("电话：88019022；传真：88019000；邮编：318015", ["88019022", "88019000"]),
        ("联系电话:0576-88019022、88019023", ["0576-88019022", "88019023"]),
        ("请拨打（0576）88019022", ["（0576）88019022"]),
        ("电话：０５７６－８８０１９０２２", ["０５７６－８８０１９０２２"]),
        ("手机13800001111", ["13800001111"]),
        ("电子邮箱:a.b-c@mail.example.cn。", ["a.b-c@mail.example.cn"]),
        ("工作QQ：123456789", ["123456789"]),
        ("联系人：王小明，电话6612345", ["王小明", "6612345"]),
        ("联系人：王 明", ["王 明"]),
    ],
)
def test_contacts_are_masked_in_place(text: str, hidden: list[str]) -> None:
    expected = text
    for word in hidden:
        expected = expected.replace(word, "■" * len(word))
    assert mask_contacts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "行政许可\n13812345678\n60\n",
        "| 行政处罚 | 13812345678 | 880190 |",
        "国办公开办函〔2019〕60号",
        "索引号：11331002002673022M/2020-113685",
        "邮编：318015",
        "电话、邮编：318015",
        "采购金额10274156元，12345热线受理4309件",
        "电话咨询1234567人次",
        "2020-01-30 15:57",
        "0 0 0 0 0 0 0",
        "2021年1月1日至2021年12月31日",
        "联系人：党政办",
    ],
)
def test_what_is_no_contact_stays(text: str) -> None:
    assert mask_contacts(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("二百二十", 220), ("十二", 12), ("一千零五", 1005), ("三万二千", 32000), ("百", None), ("一二", None)],
)
def test_chinese_numerals(text: str, value: int | None) -> None:
    assert han_number(text) == value


def test_names_beside_the_title_break_a_tie_only_together() -> None:
    def place(*beside: str) -> str | None:
        text = "\n".join([*beside, "方集镇2022年度政府信息公开工作年度报告", "发布日期：2023-01-18"]) + TABLE
        told = identify(text, len(text))
        return resolve(evidence(text, len(text), told), told.report_year).county

    assert place("网站首页", "阜南县") == "阜南县"
    assert place("阜南县", "固始县") is None
    assert place() is None


def whole(path: Path) -> tuple[str, Identity, Region]:
    text = path.read_text(encoding="utf-8")
    found = re.search(r"信\s*息\s*[内內]\s*(?:\([a-zè]+\))?容|第二十[条條]第", text)
    first = found.start() if found else len(text)
    told = identify(text, first)
    return text, told, resolve(evidence(text, first, told), told.report_year)


def test_the_five_reports() -> None:
    if not (SHARED / "seeds").is_dir():
        pytest.skip("the five source documents are not beside this repository")
    expected = {
        "000": ("洪家街道", "street", 2019, "2020-01-30", "浙江省台州市椒江区洪家街道"),
        "001": ("平凉市崆峒区崆峒镇人民政府", "township", 2020, "2021-01-22", "甘肃省平凉市崆峒区崆峒镇"),
        "002": ("嘉祥县卧龙山街道", "street", 2019, None, "山东省济宁市嘉祥县卧龙山街道"),
        "003": ("包头市昆都仑区前进道街道办事处", "street", 2023, None, "内蒙古自治区包头市昆都仑区前进道街道"),
        "004": ("东风区佳东街道办事处", "street", 2020, None, "黑龙江省佳木斯市东风区佳东街道"),
    }
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        _, told, region = whole(path)
        place = "".join(filter(None, (region.province, region.city, region.county, region.township)))
        found = (told.agency, told.agency_level, told.report_year, told.published_on, place)
        assert found == expected[path.name[:3]], path.name
        assert told.conflicts == ()


def test_more_real_reports_are_right_or_left_open() -> None:
    if not (SHARED / "harvest").is_dir():
        pytest.skip("the further real reports are not beside this repository")
    with (SHARED / "harvest" / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    years = days = places = 0
    for path in sorted((SHARED / "harvest" / "docs").glob("*.txt")):
        row = rows[path.name]
        _, told, region = whole(path)
        years += told.report_year is not None
        assert told.report_year is None or row["report_year"].startswith(str(told.report_year)), path.name
        day = "".join(re.findall(r"\d+", row["published"]))[:8]
        days += told.published_on is not None
        assert told.published_on is None or told.published_on.replace("-", "") == day, path.name
        places += region.province is not None
        for name, found in zip(
            ("province", "city", "county"), (region.province, region.city, region.county), strict=True
        ):
            stem = row[name].rstrip("省市县区州")[:2]  # the list abbreviates: 临夏州, 化隆县
            assert found is None or (stem and found.startswith(stem)), (path.name, name, found)
    assert (years, days) >= (72, 39)
    assert places >= 63
