"""Agency names of every level with their places, by hand: right or left open, and never a wrong place."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from loaders.identity.agencies import agency_level, agency_type
from loaders.identity.identity import evidence, identify
from loaders.identity.regions import ORDER, Evidence, Region, resolve

SHARED = Path(__file__).resolve().parents[2] / "shared"
LIST = Path(__file__).parent / "regions_names.csv"
PARTS = ("province", "city", "county", "township")
TITLES = (
    "{name}{year}年政府信息公开工作年度报告\n",
    "{year}年度{name}政府信息公开工作年度报告\n",
    "{name}\n{year}年政府信息公开工作年度报告\n",
)
BODY = "\n一、总体情况\n本年度我单位认真贯彻条例。\n二、主动公开政府信息情况\n"
Row = dict[str, str]


def listed() -> list[Row]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def further(row: Row) -> list[Evidence]:
    """The evidence besides the name: kind=words; kind=words."""
    told = (part.split("=", 1) for part in row["evidence"].split(";") if part)
    return [Evidence(kind, words) for kind, words in told if kind in ORDER]


def judged(row: Row, region: Region) -> str:
    """right, refused (less is told than there is, or it is left open) or wrong (a name that is not the place's)."""
    got = [getattr(region, part) or "" for part in PARTS]
    expected = [row[part] for part in PARTS]
    beyond = any(mine and mine != theirs for mine, theirs in zip(got, expected, strict=True))
    if beyond or (region.is_settled and row["expect"] == "ambiguous"):
        return "wrong"
    return "right" if got == expected and region.is_settled == (row["expect"] == "placed") else "refused"


def test_the_list_is_long_enough() -> None:
    rows = listed()
    kinds = Counter(row["expect"] for row in rows)
    assert len(rows) >= 200
    assert kinds["ambiguous"] >= 30
    assert sum(row["level"] == "national" for row in rows) >= 15
    assert {row["level"] for row in rows} >= {"province", "prefecture", "county", "township", "street", "zone"}


def test_no_name_is_placed_wrongly() -> None:
    told = {
        (row["name"], row["evidence"], row["year"]): judged(
            row, resolve([Evidence("agency", row["name"]), *further(row)], int(row["year"]))
        )
        for row in listed()
    }
    assert [name for name, verdict in told.items() if verdict == "wrong"] == []
    assert [name for name, verdict in told.items() if verdict == "refused"] == []


@pytest.mark.parametrize("title", TITLES)
def test_nor_is_one_in_a_title(title: str) -> None:
    refused = []
    for row in listed():
        text = title.format(**row) + BODY
        first = text.index("二、")
        told = identify(text, first)
        region = resolve([*evidence(text, first, told), *further(row)], told.report_year)
        verdict = judged(row, region)
        assert verdict != "wrong", (text, region)
        refused += [row["name"]] if verdict == "refused" else []
    assert refused == []


def test_level_and_kind() -> None:
    for row in listed():
        year = int(row["year"])
        region = resolve([Evidence("agency", row["name"]), *further(row)], year)
        level = agency_level(row["name"], year, region)
        assert (row["level"] or level) == level, (row["name"], level)
        assert (row["type"] or agency_type(row["name"])) == agency_type(row["name"]), row["name"]


def test_a_wrong_place_would_show() -> None:
    row = {"expect": "placed", "province": "江苏省", "city": "南京市", "county": "鼓楼区", "township": ""}
    there = Region("福建省", "福州市", "鼓楼区", region_status="inferred")
    assert judged(row, there) == "wrong"
    assert judged(row, Region("江苏省", region_status="ambiguous")) == "refused"
    assert (
        judged(row | {"expect": "ambiguous"}, Region("江苏省", "南京市", "鼓楼区", region_status="inferred")) == "wrong"
    )


def test_real_bodies_with_their_sites_are_right_or_left_open() -> None:
    if not (SHARED / "harvest").is_dir():
        pytest.skip("the further real reports are not beside this repository")
    verdicts = Counter[str]()
    for index in ("harvest/index.csv", "reports/index.csv"):
        with (SHARED / index).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                verdicts[_real(row)] += 1
    assert verdicts["wrong"] == 0
    assert verdicts["right"] >= 123
    assert verdicts["refused"] <= 6  # and a zone is no county: there less is told than the list says


def _real(row: Row) -> str:
    """How a row of an index comes out: its places are abbreviated there (临夏州), and zones stand as counties."""
    year = re.match(r"20\d\d", row["report_year"])
    body, url = row["agency"].partition("(name")[0], row.get("source_url") or ""
    region = resolve([Evidence("agency", body), Evidence("host", url)], int(year[0]) if year else None)
    expected = [re.sub(r"[省市县区州]?(?:[(?].*)?$", "", row[part])[:2] for part in PARTS[:3]]
    got = [getattr(region, part) or "" for part in PARTS[:3]]
    if any(mine and not (theirs and mine.startswith(theirs)) for mine, theirs in zip(got, expected, strict=True)):
        return "wrong"
    whole = all(bool(mine) == bool(theirs) for mine, theirs in zip(got, expected, strict=True))
    return "right" if whole and region.is_settled else "part" if region.is_settled else "refused"
