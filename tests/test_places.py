"""What hosts, index numbers, area codes and other evidence tell of a place, and the tables behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.identity import hosts, numbers, successors
from loaders.identity.adverts import ADVERT
from loaders.identity.gazetteer import COUNTY, FOLDER, TOWNSHIP, gazetteer, rows
from loaders.identity.places import region_rows
from loaders.identity.regions import Evidence, Region, resolve


def told(url: str) -> list[str]:
    """The names that a host may mean, weak ones in brackets."""
    book = gazetteer()
    return [f"({book.units[u].name})" if t.weak else book.units[u].name for t in hosts.told_by(url) for u in t.units]


def placed(*evidence: tuple[str, str], year: int = 2020) -> Region:
    return resolve([Evidence(kind, text) for kind, text in evidence], year)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("https://www.pingli.gov.cn/Content-2095752.html", ["平利县"]),
        ("http://www.szgm.gov.cn/xxgk/", ["(光明区)"]),
        ("http://www.bjtzh.gov.cn", ["(通州区)"]),
        ("www.hnyanling.gov.cn", ["鄢陵县", "炎陵县"]),
        ("http://qionghai.hainan.gov.cn/a", ["琼海市", "海南省", "海南藏族自治州", "海南区"]),
        ("http://jyj.yuyang.gov.cn", ["榆阳区"]),
        ("http://lixian.gov.cn", ["蠡县", "澧县", "理县", "礼县"]),
        ("http://www.pingli.com", []),
        ("http://pingli.gov.cn.example.com/", []),
        ("", []),
    ],
)
def test_a_host_says_where(url: str, names: list[str]) -> None:
    assert told(url) == names


def test_initials_tell_candidates_apart_and_place_nothing() -> None:
    assert placed(("agency", "江北区财政局"), ("host", "www.nbjb.gov.cn")).city == "宁波市"
    assert placed(("agency", "县教育局"), ("host", "www.nbjb.gov.cn")) == Region()


def test_a_host_that_is_not_the_governments_takes_the_site_with_it() -> None:
    beside = ("source", "吉林省长春市朝阳区人民政府")
    assert placed(("agency", "红旗街道办事处"), beside).county == "朝阳区"
    copied = placed(("agency", "红旗街道办事处"), beside, ("host", "http://www.example.com/a.html"))
    assert (copied.region_status, copied.county) == ("ambiguous", None)


def test_advertising_is_no_evidence() -> None:
    assert placed(("source", "新葡京博彩官网区平利县")) == Region()
    assert placed(("source", "平利县人民政府")).county == "平利县"


def test_no_place_is_taken_for_advertising() -> None:
    assert [unit.name for unit in gazetteer().units if ADVERT.search(unit.name)] == []


def test_a_county_word_asks_for_a_county() -> None:
    city = placed(("agency", "县教育局"), ("source", "安康市人民政府"))
    assert (city.region_status, city.city, city.county) == ("ambiguous", "安康市", None)
    assert placed(("agency", "市教育局"), ("source", "安康市人民政府")).is_settled


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("电话：0472-5223344", ["0472"]),
        ("（0576）88019022", ["0576"]),
        ("010-12345678", ["010"]),
        ("0915", ["0915"]),
        ("索引号：2020-0310-1234567", []),
        ("行政许可\n0310\n12345678", []),
        ("共受理0312件", []),
        ("0999999", []),
    ],
)
def test_area_codes(text: str, codes: list[str]) -> None:
    assert numbers.area_codes(text) == codes


def test_an_area_code_tells_candidates_apart_and_places_nothing() -> None:
    assert placed(("agency", "和平区人民政府"), ("phone", "024")).city == "沈阳市"
    alone = placed(("agency", "教育局"), ("phone", "0915"))
    assert (alone.region_status, alone.city, alone.county) == ("ambiguous", "安康市", None)
    shared = placed(("agency", "市教育局"), ("phone", "028"))
    assert (shared.province, shared.city) == ("四川省", None)


def test_a_postcode_is_weak() -> None:
    assert placed(("agency", "和平区人民政府"), ("postcode", "110000")).city == "沈阳市"
    against = placed(("agency", "平利县教育局"), ("postcode", "650200"))
    assert (against.county, against.region_confidence) == ("平利县", 0.95)


@pytest.mark.parametrize(
    ("index", "county"),
    [("331002/2020-113685", "椒江区"), ("11331002002673022M/2020-1", "椒江区"), ("000014349/2020-00001", None)],
)
def test_an_index_number_begins_with_its_division(index: str, county: str | None) -> None:
    assert placed(("index", index)).county == county


def test_a_single_word_against_other_evidence_is_left_open() -> None:
    against = placed(("agency", "崆峒镇"), ("source", "嘉祥县人民政府"))
    assert against.region_status == "ambiguous"
    assert placed(("agency", "平凉市崆峒区崆峒镇"), ("source", "嘉祥县人民政府")).is_settled


@pytest.mark.parametrize("name", ["市场监督管理局", "乡村振兴局", "区域经济合作局"])
def test_a_field_is_no_level(name: str) -> None:
    assert placed(("agency", name), ("host", "www.pingli.gov.cn")).county == "平利县"


def test_what_stands_behind_a_name_lies_in_it() -> None:
    region = placed(("agency", "瑞安市滨海新区管理委员会"))
    assert (region.city, region.county) == ("温州市", "瑞安市")  # not the district of Tianjin


def test_a_zone_over_two_cities_leaves_its_townships_open() -> None:
    region = placed(("agency", "西咸新区太平镇人民政府"), year=2022)
    assert (region.province, region.city, region.region_status) == ("陕西省", None, "ambiguous")
    assert any("泾阳县太平镇" in one for one in region.candidates)


def test_a_word_of_a_department_is_no_county() -> None:
    assert placed(("agency", "荆州市公安局")).county is None  # 公安县 lies in 荆州
    assert placed(("agency", "荆州市公安县公安局")).county == "公安县"


def test_market_is_no_city() -> None:
    assert placed(("agency", "无为市场监督管理局"), year=2012).county == "无为县"


@pytest.mark.parametrize(
    ("code", "name", "now"),
    [
        ("371202", "莱城区", "370116"),
        ("350402", "梅列区", "350404"),
        ("542232", "错那县", "540581"),
        ("330110", "余杭区", "330110"),
        ("330104", "江干区", "330102"),
        ("652201", "哈密市", "650502"),
        ("500105", "江北区", "500157"),
        ("110105", "朝阳区", "110105"),
    ],
)
def test_todays_code(code: str, name: str, now: str) -> None:
    assert successors.today(code, name) == now


def test_what_was_merged_keeps_its_own_code() -> None:
    assert successors.lasting("350402", "梅列区") == "350402"
    assert successors.lasting("350403", "三元区") == successors.lasting("350404", "三元区") == "350404"


@pytest.mark.parametrize(
    ("code", "name", "year", "people"),
    [
        ("370829", "嘉祥县", 2014, 820036),
        ("532331", "禄丰县", 2019, 366512),
        ("532302", "禄丰市", 2023, 366512),
        ("330110", "余杭区", 2020, 2402514),
        ("330110", "余杭区", 2021, None),  # 临平区 was split off
        ("310106", "静安区", 2012, None),  # 闸北区 came to it
        ("340100", "合肥市", 2010, None),  # 巢湖 came to it
        ("410308", "孟津区", 2022, None),  # with 吉利区
    ],
)
def test_residents_are_told_for_the_same_area_only(code: str, name: str, year: int, people: int | None) -> None:
    assert successors.residents(code, name, year) == people


def test_the_tables_fit_each_other() -> None:
    book = gazetteer()
    named = {row["name"] for row in rows("pinyin.csv")}
    assert {unit.name for unit in book.units if unit.level <= COUNTY and not unit.is_local} <= named
    assert all(len(row["pinyin"].split()) == len(row["name"]) for row in rows("pinyin.csv"))
    for table, column in (("areacodes", "codes"), ("hosts", "codes"), ("aliases", "code"), ("postcodes", "code")):
        assert [row for row in rows(f"{table}.csv") if not set(row[column].split()) <= book.by_code.keys()] == []
    assert [row for row in rows("zones.csv") if row["host"] not in book.by_code] == []
    stands = {(unit.code, unit.name) for unit in book.units if unit.level <= COUNTY}
    assert [row for row in rows("successors.csv") if not {row["code"], row["new_code"]} <= book.by_code.keys()] == []
    assert [row for row in rows("successors.csv") if (row["code"], row["name"]) not in stands] == []


def test_every_division_that_is_gone_has_a_successor() -> None:
    book = gazetteer()
    told = {(row["code"], row["name"]) for row in rows("successors.csv")}
    gone = {(u.code, u.name) for at, u in enumerate(book.units) if u.level <= COUNTY and book.own[at][1] < 9999}
    assert gone <= told
    assert [one for one in gone if not any(book.own[u][1] == 9999 for u in book.by_code[successors.today(*one)])] == []


def test_the_gazetteer_stays_small() -> None:
    assert sum(path.stat().st_size for path in Path(FOLDER).iterdir()) < 2_000_000


def test_rows_for_a_picker() -> None:
    found = {(row["code"], row["name"]): row for row in region_rows()}
    county = found["331002", "椒江区"]
    assert (county["city"], county["pinyin"], county["initials"], county["last_year"]) == (
        *("台州市", "jiaojiangqu", "jjq"),
        None,
    )
    assert (found["371202", "莱城区"]["last_year"], found["371202", "莱城区"]["code_today"]) == (2017, "370116")
    assert sum(row["level"] == "county" for row in found.values()) > 3000
    assert all(unit.level != TOWNSHIP for unit in gazetteer().units if not unit.is_local)
