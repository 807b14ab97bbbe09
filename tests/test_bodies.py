"""One agency keeps one id over years, spellings and containers; two agencies never share one. And whose figures they are."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from codebook import book
from loaders.identity import bodies, scope
from loaders.identity.bodies import Body
from loaders.identity.regions import Evidence, resolve
from loaders.report import Report, Source, read

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
STREET = ROOT / "data" / "reports" / "004_402b3c2303c427b2.txt"


def body(name: str, year: int = 2020, url: str = "", own: str = "") -> Body:
    evidence = [Evidence("agency", name), *([Evidence("host", url)] if url else [])]
    return bodies.body(name, resolve(evidence, year), url, own)


@pytest.mark.parametrize(
    "names",
    [
        ["前进道街道", "昆都仑区前进道街道办事处", "包头市昆都仑区前进道街道", "昆都仑区前进街道办事处"],
        ["嘉祥县人民政府", "嘉祥县政府", "山东省嘉祥县人民政府", "山东省济宁市嘉祥县"],
        ["嘉祥县人民政府办公室", "嘉祥县政府办公室", "嘉祥县政府办"],
        ["崆峒区崆峒镇人民政府", "平凉市崆峒区崆峒镇", "崆峒镇政府"],
        ["国家税务总局平利县税务局", "平利县税务局"],
        ["武汉市卫生健康委员会", "武汉市卫健委", "武汉市卫生和计划生育委员会"],
        ["蠡县环境保护局", "蠡县生态环境局", "蠡县环保局"],
        ["广州市荔湾区人民政府南源街道办事处", "荔湾区南源街道"],
        ["杭州市规划和自然资源局", "杭州市国土资源局"],
        ["平利县扶贫开发办公室", "平利县乡村振兴局"],
    ],
)
def test_one_agency_one_id(names: list[str]) -> None:
    assert len({body(name).key for name in names}) == 1, [body(name) for name in names]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("嘉祥县人民政府", "嘉祥县人民政府办公室"),
        ("嘉祥县教育局", "嘉祥县体育局"),
        ("嘉祥县综合行政执法局", "嘉祥县城市管理局"),
        ("汉中市自然资源局", "汉中市自然资源局经济技术开发区分局"),
        ("嘉祥县卧龙山街道", "嘉祥县人民政府"),
        ("蠡县旅游局", "蠡县文化局"),
        ("梅列区教育局", "三元区教育局"),
        ("武汉市东湖生态旅游风景区管委会", "武汉市人民政府"),
        ("城关镇人民政府", "太平镇人民政府"),
        ("教育部", "财政部"),
    ],
)
def test_two_agencies_two_ids(one: str, other: str) -> None:
    assert body(one).key != body(other).key


def test_an_id_goes_on_under_a_new_name_of_the_county() -> None:
    assert body("禄丰县教育体育局", 2020).key == body("禄丰市教育体育局", 2022).key
    assert body("莱芜市莱城区国土资源局", 2017).key == body("济南市莱芜区自然资源局", 2020).key


def test_what_was_merged_has_an_id_of_its_own_and_todays_lineage() -> None:
    before, now = body("蠡县工商行政管理局", 2017), body("蠡县市场监督管理局", 2020)
    assert before.key != now.key
    assert (before.lineage, before.field) == (now.key, "market")
    assert body("梅列区教育局", 2020).lineage == body("三元区教育局", 2022).key


def test_one_name_on_two_sites_is_two_agencies_where_the_place_is_open() -> None:
    here = body("城关镇人民政府", own="a" * 64)
    assert here.key != body("城关镇人民政府", own="b" * 64).key
    assert body("城关镇人民政府", url="http://www.pingli.gov.cn").key == body("平利县城关镇").key
    assert body("县教育局", own="a").key != body("县教育局", own="b").key
    assert body("甲县教育局", own="a").key == body("甲县教育局", own="b").key  # a name of its own, known or not


def test_no_agency_has_no_id() -> None:
    assert bodies.body(None, resolve([], 2020)) == Body(None, None, None)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("嘉祥县教育和体育局", "education"),
        ("湛江市人民政府地方志办公室", "history"),
        ("盐城市行政审批局", "services"),
        ("迪庆州生态环境局维西分局", "ecology"),
        ("揭阳市揭东区工业信息化和科技局", "industry"),
        ("武汉经济技术开发区(汉南区)医疗保障局", "medical_insurance"),
        ("武汉市东湖生态旅游风景区管委会卫生健康办公室", "health"),
        ("嘉祥县人民政府", None),
        ("嘉祥县卧龙山街道", None),
    ],
)
def test_the_field_of_a_bureau(name: str, field: str | None) -> None:
    assert body(name).field == field


def test_the_tables_of_agencies_hold_together() -> None:
    names = [name for row in book().agency_fields for name in row["names"].split("|")]
    assert len(names) == len(set(names))
    assert {row["role"] for row in book().agency_fields} <= {"same", "merged", "kin"}
    with (ROOT / "codebook" / "values.csv").open(encoding="utf-8", newline="") as file:
        labelled = {(row["field"], row["value"]) for row in csv.DictReader(file)}
    assert {("agency_field", row["field"]) for row in book().agency_fields} <= labelled
    assert {("agency_type", row["type"]) for row in book().agency_types} <= labelled
    assert {("agency_scope", name) for name in ("own", "consolidated", "unknown")} <= labelled


@pytest.mark.parametrize(
    ("title", "prose", "expected"),
    [
        ("甲县人民政府本级2022年政府信息公开工作年度报告", "", "own"),
        ("甲县2022年政府信息公开工作年度报告（汇总）", "", "consolidated"),
        ("全县2022年政府信息公开工作年度报告", "", "consolidated"),
        (
            "甲县人民政府2022年政府信息公开工作年度报告",
            "本报告由县政府办根据各部门、各乡镇年度报告汇总编制。",
            "consolidated",
        ),
        ("甲县人民政府2022年政府信息公开工作年度报告", "所列数据仅包括本级，不含乡镇。", "own"),
        ("甲县人民政府2022年政府信息公开工作年度报告", "本报告根据条例编制。", "unknown"),
        ("甲县人民政府本级2022年政府信息公开工作年度报告", "根据各部门、各乡镇数据汇总。", "unknown"),
        (None, "", "unknown"),
    ],
)
def test_own_or_consolidated(title: str | None, prose: str, expected: str) -> None:
    told = scope.scope(title, prose)
    assert told.scope == expected
    assert told.evidence


def report(text: str) -> Report:
    told = read(Source("street.txt", text.encode()))
    assert isinstance(told, Report)
    return told


def test_figures_of_a_district_under_a_street_offices_title_are_a_doubt() -> None:
    told = report(STREET.read_text(encoding="utf-8"))
    assert told.scope_doubt is not None
    assert "953" in told.scope_doubt
    assert "SCOPE-DOUBT" in {finding.check_id for finding in told.findings}
    small = report(STREET.read_text(encoding="utf-8").replace("953", "12").replace("10087", "3"))
    assert small.scope_doubt is None


def test_prose_of_a_district_under_a_street_offices_title_is_a_doubt() -> None:
    one = report(STREET.read_text(encoding="utf-8"))
    assert scope.doubt("street", "2020年，我区认真贯彻条例。", [])
    assert scope.doubt("street", "2020年，我街道认真贯彻条例。按照我区要求公开。", []) is None
    assert scope.doubt("county", "2020年，我区认真贯彻条例。", one.findings) is None


def test_real_reports_raise_no_false_doubt() -> None:
    if not (SHARED / "harvest").is_dir():
        pytest.skip("the further real reports are not beside this repository")
    found = {}
    for path in sorted((SHARED / "seeds").glob("*.txt")) + sorted((SHARED / "harvest" / "docs").glob("4*.txt")):
        told = read(Source(path.name, path.read_bytes()))
        if isinstance(told, Report) and told.scope_doubt:
            found[path.name[:3]] = told.scope_doubt
    assert list(found) == ["004"]
    assert "我区" in found["004"]
