"""What kind of body an agency's name tells of, on which level it works, and in which field.

The endings, the national bodies and the fields are data, codebook/agencies.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, cast

from codebook import book
from loaders.identity.names import headless
from loaders.identity.regions import Evidence, Region, resolve

Level = Literal["national", "province", "prefecture", "county", "township", "street", "zone", "unknown"]
Type = Literal[
    "government", "general_office", "bureau", "township", "street_office", "vertical", "institution",
    "zone_committee", "unknown",
]  # fmt: skip

HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
NATIONAL = re.compile(rf"^(?:国务院|国家|中国|全国|中央)[{HAN}]{{0,24}}$")
ZONE = re.compile(
    r"(?:开发区|高新区|经开区|园区|工业园|产业园|新区|新城(?!区)|保税区|示范区|实验区|试验区|风景区|名胜区|度假区|管理区|合作区|投资区|生态城|管委会)"
)
STREET = re.compile(
    rf"(?:^|[{HAN}])(?:街道|街道办|街道办事处|街办|地区办事处)(?:$|[{HAN}]{{0,8}}(?:办公室|中心|所|站)$)"
)
TOWN = re.compile(rf"(?:^|[{HAN}])(?:镇|乡|苏木)(?:$|人民政府|政府|[{HAN}]{{2,8}}(?:办公室|中心|所|站)$)")
BRACKET = re.compile(r"(?<=.)[(（][^()（）]*[)）]$")
DIVISION = re.compile(r"自治区|市辖区|地区|城区(?=[分管])|社区|校区|院区|区域")  # no district by their 区


@cache
def _types() -> tuple[tuple[re.Pattern[str], Type], ...]:
    return tuple((re.compile(row["pattern"]), cast("Type", row["type"])) for row in book().agency_types)


@cache
def _body() -> re.Pattern[str]:
    return re.compile("|".join(row["pattern"] for row in book().agency_types))


@cache
def _organs() -> frozenset[str]:
    return frozenset(row["head"] for row in book().agency_heads if row["role"] == "organ")


def is_body(name: str) -> bool:
    """Whether the name ends as public bodies do."""
    return 2 <= len(name) <= 45 and bool(_body().search(name))


def agency_type(name: str | None) -> Type:
    """The kind of body by the ending of its name; vertical: run from above, such as tax offices and survey teams."""
    plain = BRACKET.sub("", name or "")
    return next((kind for pattern, kind in _types() if pattern.search(plain)), "unknown")


def is_national(name: str) -> bool:
    """Whether a name without a place is that of a body of the whole country: a ministry, or one named by its ministry."""
    bare = name.removeprefix("中华人民共和国")
    if bare in _organs() or NATIONAL.match(bare):
        return True
    rest = headless(bare)
    return rest != bare and bare[: len(bare) - len(rest)] in _organs() and not re.match("[省市县区州盟旗]", rest)


def agency_level(name: str | None, year: int | None, place: Region | None = None) -> Level:
    """The level the body works on: by its own word (镇, 街道, 管委会), else by the deepest division in its name.

    `place` is where the report was placed: it tells what the name alone leaves open (市教育局).
    """
    if not name:
        return "unknown"
    if STREET.search(name):
        return "street"
    if TOWN.search(name):
        return "township"
    named = _placed(name, year)
    if ZONE.search(name.replace(named.county or "。", "")):  # 滨海新区 is a county by law, 长春新区 a zone
        return "zone"
    if (level := _level(named)) != "unknown":
        return _deeper(name, level)
    if named.region_status == "unknown" and is_national(name):
        return "national"
    word = DIVISION.sub("", headless(name))
    if re.match("[县旗]|区(?![域块])", name) or re.search(rf"[{HAN}][县旗区]", word):
        return "county"
    if re.match(rf"[{HAN}]{{2,12}}(?:州|盟|地区(?!管理))|[州盟]", name):
        return "prefecture"
    if name[0] == "省" or name.startswith("自治区"):
        return "province"
    return _level(place) if place and place.is_settled else "unknown"


@lru_cache(maxsize=4096)
def _placed(name: str, year: int | None) -> Region:
    """Where the name alone places a body."""
    return resolve([Evidence("agency", name)], year)


def _level(place: Region) -> Level:
    if place.township:
        return "township"
    if place.county:
        return "county"
    return "prefecture" if place.city else "province" if place.province else "unknown"


def _deeper(name: str, level: Level) -> Level:
    """A district that the place leaves open (鼓楼区 of four cities, 甲区) makes the body a county's all the same."""
    if level in ("province", "prefecture") and re.search(
        rf"[{HAN}]{{2}}[县旗区](?!域)", DIVISION.sub("", headless(name))
    ):
        return "county"
    return level
