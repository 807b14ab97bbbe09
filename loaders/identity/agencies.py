"""What kind of body an agency's name tells of, and on which level it works."""

from __future__ import annotations

import re
from typing import Literal

from loaders.identity.regions import Evidence, resolve

Level = Literal["national", "province", "prefecture", "county", "township", "street", "zone", "unknown"]
Type = Literal[
    "government", "general_office", "bureau", "township", "street_office", "vertical", "institution",
    "zone_committee", "unknown",
]  # fmt: skip

HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
NATIONAL = re.compile(
    r"^(?:国务院|中国|全国|海关总署|审计署|公安部|财政部|教育部|国家[^区]{2,12}(?:局|总局|委员会|署)$)"
)
ZONE = re.compile(
    r"(?:开发区|高新区|经开区|园区|工业园|产业园|新区|保税区|示范区|实验区|试验区|风景区|名胜区|度假区|管理区|合作区|管委会)"
)
ENDINGS: tuple[tuple[str, Type], ...] = (  # the first that fits decides
    (
        r"(?:税务局|税务分局|税务所|调查队|调查总队|气象局|海关|海事局|烟草专卖局|邮政管理局|通信管理局|消防救援(?:支|大|总)队)$",
        "vertical",
    ),
    (
        r"(?:银行|监管局|监管分局|证监局|煤矿安全监察局|矿山安全监察局|出入境边防检查站|供电公司|电力公司|公司)$",
        "vertical",
    ),
    (r"(?:街道|街道办|街道办事处|街办|地区办事处)$", "street_office"),
    (r"(?:镇|乡|苏木)(?:人民政府|政府)?$", "township"),
    (r"(?:管委会|管理委员会)$", "zone_committee"),
    (r"(?:人民政府|人民委员会|行政公署|公署)$|(?<![局委厅])政府$", "government"),
    (
        r"(?:政府办公室|政府办公厅|政府办|委办公室|行署办公室|(?:街道|镇|乡|办事处)[党综]政?(?:综合)?办公室|管委会办公室)$",
        "general_office",
    ),
    (
        r"(?:局|厅|委|委员会|分局|署|司法所|派出所)$|(?:信访|外事|侨务|港澳|台湾|扶贫|国资|金融|研究|人防|地方志|编制).{0,12}(?:办|办公室)$",
        "bureau",
    ),
    (
        r"(?:中心|馆|院|所|站|处|学校|大学|学院|中学|小学|医院|总队|支队|大队|协会|联合会|总社|联社|会|集团|台|社)$",
        "institution",
    ),
    (r"(?:办公室|办)$", "bureau"),
    (r"(?:开发区|高新区|经开区|园区|新区|示范区|实验区|风景区|度假区)$", "zone_committee"),
    (r"(?:省|市|县|区|州|盟|旗)$", "government"),
)
TYPES = tuple((re.compile(pattern), kind) for pattern, kind in ENDINGS)
BODY = re.compile("|".join(pattern for pattern, _ in ENDINGS))
STREET = re.compile(rf"[{HAN}](?:街道|街道办|街道办事处|街办|地区办事处)(?:$|[{HAN}]{{0,8}}(?:办公室|中心|所|站)$)")
TOWN = re.compile(rf"[{HAN}](?:镇|乡|苏木)(?:$|人民政府|政府|[{HAN}]{{2,8}}(?:办公室|中心|所|站)$)")


def is_body(name: str) -> bool:
    """Whether the name ends as public bodies do."""
    return 2 <= len(name) <= 45 and bool(BODY.search(name))


def agency_type(name: str | None) -> Type:
    """The kind of body by the ending of its name; vertical: run from above, such as tax offices and survey teams."""
    return next((kind for pattern, kind in TYPES if pattern.search(name or "")), "unknown")


def agency_level(name: str | None, year: int | None) -> Level:
    """The level the body works on: by its own word (镇, 街道, 管委会), else by the deepest division in its name."""
    if not name:
        return "unknown"
    if NATIONAL.match(name) and not re.match(rf"国家(?:税务总局|统计局)[{HAN}]", name):
        return "national"
    if STREET.search(name):
        return "street"
    if TOWN.search(name):
        return "township"
    place = resolve([Evidence("agency", name)], year)
    if ZONE.search(name.replace(place.county or "。", "")):  # 滨海新区 is a county by law, 长春新区 a zone
        return "zone"
    if place.township:
        return "township"
    if place.county or name[0] in "县区旗" or re.search(rf"[{HAN}][县旗区](?!域)", name):
        return "county"
    if place.city or re.match(rf"[{HAN}]{{2,12}}(?:州|盟|地区)", name):
        return "prefecture"
    if place.province or name[0] == "省" or name.startswith("自治区"):
        return "province"
    return "unknown"
