"""META-AGENCY: two names in one report that are one body's, and those that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.identity import naming
from loaders.identity.identity import identify
from loaders.report import Report, Source, read

STREET = Path(__file__).resolve().parent.parent / "data" / "reports" / "003_15cf22d5a5bab8ab.txt"
TABLE = "\n二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲县乙镇", "丙市甲县乙镇人民政府"),
        ("甲县乙镇人民政府", "甲县人民政府"),  # the portal of the government above
        ("甲县乙镇人民政府", "甲县人民政府办公室"),
        ("甲县人民政府", "丙市人民政府"),
        ("甲县财政局", "甲县政务公开办公室"),
        ("甲县国土资源局", "甲县自然资源局"),  # renamed in 2018
        ("锡盟商务局", "锡林郭勒盟商务局"),
        ("丙市乙街道办事处", "乙街道"),
        ("甲县乙乡", "甲县乙苗族乡人民政府"),
    ],
)
def test_names_that_differ_honestly(one: str, other: str) -> None:
    assert naming.same_body(one, other)
    assert naming.same_body(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲县财政局", "甲县审计局"),
        ("甲县财政局", "乙县财政局"),
        ("甲县东风镇人民政府", "甲县向阳镇人民政府"),
        ("甲区前进道街道办事处", "前进街道办事处"),
        ("甲县东风镇", "甲县财政局"),
        ("甲县人民政府", "乙县人民政府"),
    ],
)
def test_names_of_two_bodies(one: str, other: str) -> None:
    assert not naming.same_body(one, other)
    assert not naming.same_body(other, one)


def test_a_title_and_another_bodys_signature_contradict() -> None:
    prose = "2022年，我局依法公开。" * 40
    text = f"甲县财政局2022年政府信息公开工作年度报告\n{prose}\n{TABLE}\n{prose}\n{{}}\n2023年1月9日\n"
    for signer, found in (("甲县财政局", 0), ("甲县审计局", 1)):
        whole = text.format(signer)
        told = identify(whole, whole.index("第二十条"))
        assert len(told.conflicts) == found
        assert all(f"标题为“甲县财政局”，落款为“{signer}”" in one for one in told.conflicts)
        assert told.year_evidence == "标题、开头"  # what contradicts the body says nothing of the year


def test_prose_that_writes_a_streets_name_one_character_short() -> None:
    name = "甲区前进道街道办事处"
    twice = "2023年，前进街道依法公开。前进街道收到申请0件。"
    assert list(naming.in_prose(name, "street", twice)) == [f"机关：机关名为“{name}”，正文又称“前进街道”（2处）"]
    assert not list(naming.in_prose(name, "street", twice.replace("前进街道", "前进道街道")))
    assert not list(naming.in_prose(name, "street", "前进街道在东。"))  # once may be another's name
    assert not list(
        naming.in_prose("甲县城关镇", "township", "城镇居民。城镇居民。")
    )  # two characters: too short to tell


def test_prose_that_speaks_as_a_larger_body_contradicts_a_street_office() -> None:
    (told,) = naming.in_prose("甲区乙街道办事处", "street", "2020年，我区认真贯彻条例。")
    assert "我区" in told
    assert not list(naming.in_prose("甲区乙街道办事处", "street", "2020年，我街道认真贯彻条例。"))
    assert not list(naming.in_prose("甲区财政局", "county", "2020年，我区认真贯彻条例。"))


def test_a_real_report_under_two_names_is_found_and_restored() -> None:
    text = STREET.read_text(encoding="utf-8")
    told, mended = (read(Source("a.txt", one.encode())) for one in (text, text.replace("前进街道", "前进道街道")))
    assert isinstance(told, Report)
    assert isinstance(mended, Report)
    (finding,) = [one for one in told.findings if one.check_id == "META-AGENCY"]
    assert "前进道街道" in finding.message
    assert "又称“前进街道”（2处）" in finding.message
    assert not [one for one in mended.findings if one.check_id == "META-AGENCY"]
