"""Places from names: what a name says, what it leaves open, and what is no name of a place at all."""

from __future__ import annotations

import pytest

from loaders.identity.gazetteer import TOWNSHIP, gazetteer
from loaders.identity.regions import Evidence, Region, resolve


def place(region: Region) -> str:
    return "".join(filter(None, (region.province, region.city, region.county, region.township)))


def named(name: str, year: int | None = 2020) -> Region:
    return resolve([Evidence("agency", name)], year)


@pytest.mark.parametrize(
    ("name", "year", "expected", "adcode"),
    [
        ("洪家街道", 2019, "浙江省台州市椒江区洪家街道", "331002"),
        ("平凉市崆峒区崆峒镇人民政府", 2020, "甘肃省平凉市崆峒区崆峒镇", "620802"),
        ("嘉祥县卧龙山街道", 2019, "山东省济宁市嘉祥县卧龙山街道", "370829"),
        ("包头市昆都仑区前进道街道办事处", 2023, "内蒙古自治区包头市昆都仑区前进道街道", "150203"),
        ("东风区佳东街道办事处", 2020, "黑龙江省佳木斯市东风区佳东街道", "230805"),
        ("蠡县审计局", 2022, "河北省保定市蠡县", "130635"),
        ("锡盟商务局", 2021, "内蒙古自治区锡林郭勒盟", "152500"),
        ("科左后旗卫生健康委员会", 2022, "内蒙古自治区通辽市科尔沁左翼后旗", "150522"),
        ("三江县民政局", 2020, "广西壮族自治区柳州市三江侗族自治县", "450226"),
        ("黔东南州财政局", 2021, "贵州省黔东南苗族侗族自治州", "522600"),
        ("迪庆州生态环境局维西分局", 2021, "云南省迪庆藏族自治州维西傈僳族自治县", "533423"),
        ("国家税务总局平利县税务局", 2021, "陕西省安康市平利县", "610926"),
        ("中华人民共和国杭州海关", 2021, "浙江省杭州市", "330100"),
        ("重庆市合川区二郎镇人民政府", 2019, "重庆市合川区二郎镇", "500117"),
        ("琼海市大路镇人民政府", 2019, "海南省琼海市大路镇", "469002"),
        ("東風區佳東街道辦事處", 2020, "黑龙江省佳木斯市东风区佳东街道", "230805"),
        ("临安区於潜镇", 2020, "浙江省杭州市临安区於潜镇", "330112"),
        ("天津市河北区教育局", 2020, "天津市河北区", "120105"),
    ],
)
def test_a_name_that_says_where(name: str, year: int, expected: str, adcode: str) -> None:
    region = named(name, year)
    assert (place(region), region.adcode) == (expected, adcode)
    assert region.region_status in ("stated", "inferred")
    assert region.region_confidence >= 0.6


@pytest.mark.parametrize(
    "name",
    [
        "青海公司",
        "保安部门",
        "和平安全协会",
        "江苏路小学",
        "新区建设局",
        "国务院办公厅",
        "城区财政局",
        "县教育局",
        "本单位",
        "",
    ],
)
def test_what_is_no_name_of_a_place(name: str) -> None:
    assert named(name) == Region()


@pytest.mark.parametrize(
    ("name", "shared"),
    [("城关镇人民政府", ""), ("江苏路街道办事处", ""), ("鼓楼区民政局", ""), ("吉林教育局", "吉林省")],
)
def test_a_tie_is_not_a_guess(name: str, shared: str) -> None:
    region = named(name)
    assert (region.region_status, place(region)) == ("ambiguous", shared)
    assert "候选" in region.region_evidence
    assert region.region_confidence < 0.6


def test_further_evidence_breaks_a_tie() -> None:
    told = [Evidence("agency", "团结乡人民政府"), Evidence("breadcrumb", "首页 > 通榆县人民政府 > 团结乡")]
    region = resolve(told, 2020)
    assert place(region) == "吉林省白城市通榆县团结乡"
    assert "栏目路径" in region.region_evidence


def test_an_index_number_breaks_a_tie() -> None:
    told = [Evidence("agency", "鼓楼区民政局"), Evidence("index", "11320106004287693T/2021-00021")]
    assert place(resolve(told, 2020)) == "江苏省南京市鼓楼区"


def test_an_index_number_alone_is_enough() -> None:
    assert place(resolve([Evidence("index", "11331002002673022M/2020-113685")], 2020)) == "浙江省台州市椒江区"


def test_evidence_against_a_name_lowers_confidence() -> None:
    against = resolve([Evidence("agency", "崆峒镇"), Evidence("source", "嘉祥县人民政府")], 2020)
    assert against.township == "崆峒镇"
    assert against.region_confidence < named("崆峒镇").region_confidence
    assert "不符" in against.region_evidence


def test_the_year_chooses_between_namesakes() -> None:
    assert place(named("公主岭市档案局", 2019)) == "吉林省四平市公主岭市"
    assert place(named("公主岭市档案局", 2021)) == "吉林省长春市公主岭市"


def test_a_division_gone_since_is_found_with_less_confidence() -> None:
    region = named("莱芜市莱城区教育局", 2023)
    assert place(region) == "山东省莱芜市莱城区"
    assert "2023" in region.region_evidence


def test_a_township_nearly_so_written_is_found_in_its_county_only() -> None:
    near = named("包头市昆都仑区前进街道办事处", 2023)
    assert (near.township, near.region_status) == ("前进道街道", "inferred")
    assert "相近" in near.region_evidence
    assert named("前进街道办事处", 2023).county is None


def test_a_township_unknown_to_the_table_is_left_out_with_a_word() -> None:
    region = named("嘉祥县无此镇人民政府")
    assert (region.county, region.township) == ("嘉祥县", None)
    assert "无此镇" in region.region_evidence


def test_a_zone_tells_its_host_only() -> None:
    region = named("长春新区科技局", 2023)
    assert (place(region), region.adcode) == ("吉林省长春市", "220100")
    assert place(named("洪江区交通运输局")) == "湖南省怀化市"  # the zone, not the city of Hongjiang


def test_stated_means_that_every_word_of_the_chain_is_in_the_text() -> None:
    assert named("广东省广州市荔湾区南源街道办事处").region_status == "stated"
    assert named("荔湾区南源街道办事处").region_status == "inferred"


def test_a_paragraph_gives_full_names_only() -> None:
    assert place(resolve([Evidence("lead", "本报告由嘉祥县教育局编制")], 2020)) == "山东省济宁市嘉祥县"
    assert resolve([Evidence("lead", "台州干部来访，和平安全，新县城建成")], 2020) == Region()


def test_every_county_with_its_township_is_right_or_left_open() -> None:
    book = gazetteer()
    for unit in range(0, len(book.units), 29):
        row = book.units[unit]
        if row.level != TOWNSHIP or not row.name.endswith(("街道", "镇", "乡")) or book.lateness(unit, 2020):
            continue
        county = book.units[row.parent].name
        region = named(f"{county}{row.name}人民政府")
        wanted = {book.units[u].name for u in book.chain(unit)}
        assert {region.province, region.city, region.county, region.township} <= wanted | {None}, (county, row.name)
