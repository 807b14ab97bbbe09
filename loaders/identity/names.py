"""Names of divisions in a text: where one stands as a name, and where its characters are part of another word.

Full names count at a boundary, short ones (嘉祥, 台州) only at the start of a segment or behind another name and before
a word of administration, so that 青海公司, 保安部门 or 江苏路 say nothing.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from codebook import book as codebook
from loaders.identity.gazetteer import CALLED_TOWN, CITY, TOWNSHIP, ZONE, Gazetteer, gazetteer
from loaders.identity.script import plain

SHORT = 0.5  # weight of a character of a short name; 1 in a full one
COMMON = {"城区", "郊区", "矿区", "东区", "西区"}  # names of counties and common nouns
SEGMENT = re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffff0-9]+")
BEFORE = set(
    "省市县区旗州盟府会处局厅委镇乡办队社年度的于在由为是与和及向至司部0123456789"
)  # behind these a name may begin
BRANCH = set("局年司部行")  # behind these a short one may: 市公安局朝阳分局
ADMINISTRATION = re.compile(
    r"\d|人民|政府|财政|教育|教体|民政|审计|统计|税务|气象|公安|司法|交通|水务|水利|农业|农村|农牧|林业|林草|卫生|卫健|文化|文旅|文广|文体|市场"
    r"|应急|生态|环境|环保|自然|国土|住房|住建|建设|人力|人社|发展|发改|工业|工信|科技|科学|商务|信访|医疗|医保|退役|行政|政务|城市|城管|城乡"
    r"|综合|国资|国有|金融|体育|档案|地方志|史志|机关|民族|民宗|宗教|外事|乡村|扶贫|海洋|粮食|规划|调查|消防|烟草|邮政|通信|海关|海事|分局|分行|中心支"
    r"|监管|银保监|银监|证监|供电|电力|地震|防震|安全生产|安监|能源|投资|招商|审批|数据|大数据|人防|人民防空|残疾|妇女|红十字|公共资源|政协|人大"
    r"|经济|高新|开发|保税|综保|管委会|管理|国家级|物价|旅游|园林|水库|公路|铁路|民航|交警|疾病|融媒|供销|新闻|检察|法院|工商|质监|质量|食品|药品|劳动|人事|侨务|法制|市政|局$"
)
END = re.compile(r"$|\d|[人政党办村社综财司农便计小中派的在于]|教|卫|水|文|民|退|市|应")
ZONE_WORD = re.compile(r"(?:国家级)?(?:经济技术开发区|高新技术|高新区|经开区|综合保税区|保税区|保税港区|高教园)")


class Match(NamedTuple):
    """A name found: the units it may mean, its weight, whether it says nothing without an ancestor (城区), where."""

    name: str
    start: int
    end: int
    units: tuple[int, ...]
    weight: float
    bare: bool
    segment: int = 0

    @property
    def opens(self) -> bool:
        """Whether it opens the whole text: what stands behind lies in it."""
        return self.segment == 0 and self.start == 0


@cache
def _heads() -> re.Pattern[str]:
    """National bodies before the place they speak of: 国家税务总局平利县税务局."""
    names = sorted((row["head"] for row in codebook().agency_heads), key=len, reverse=True)
    return re.compile(rf"^(?:{'|'.join(map(re.escape, names))}|中国(?!农业))+")


def headless(segment: str) -> str:
    """The segment without the national bodies that it begins with."""
    return _heads().sub("", segment)


def segments(text: str) -> list[str]:
    """The stretches of Chinese characters and digits of a text in simplified script, heads of national bodies off."""
    return [headless(words) for words in SEGMENT.split(plain(text)) if words]


def _short(text: str, at: int, name: str, linked: bool, prose: bool, book: Gazetteer) -> Match | None:
    if not ((units := book.short.get(name)) and (linked or (not at and not prose) or text[at - 1] in BRANCH)):
        return None
    end = at + len(name)
    if ADMINISTRATION.fullmatch(name):  # 公安 is a county, and the police of any other
        return None
    after = text[end : end + 4]
    styled = name[-1] in "州盟县旗区乡" and len(name) > 2  # 迪庆州, 三江县: a name by its own form
    if ZONE_WORD.match(text, end) and (cities := [u for u in units if book.units[u].level <= CITY]):
        units = cities  # 西安高新技术产业开发区 is a city's: no district calls itself 西安
    if styled or not after or ADMINISTRATION.match(text, end) or _at(text, end, True, prose, book):
        return Match(name, at, end, tuple(units), SHORT * len(name), False)
    return None


def _full(text: str, at: int, name: str, linked: bool, prose: bool, book: Gazetteer) -> Match | None:
    if not (units := book.full.get(name)) or text.startswith("域", at + len(name)):
        return None
    if name[-1] == "市" and text.startswith("场", at + len(name)):
        return None  # 无为市场监督管理局 is 无为's
    if not (len(name) > 2 or linked or (not at and not prose)):
        return None
    short = book.short.get(name, [])
    called = name.endswith(CALLED_TOWN)
    large = [u for u in units if book.units[u].level != TOWNSHIP] or ([] if called else short)
    speaks = [u for u in large if book.units[u].level != ZONE or not book.units[u].is_local]
    large = speaks or large  # a national zone goes before a park of the same name
    bare = name in COMMON or (not speaks and not (called and len(name) > 2))
    return Match(name, at, at + len(name), tuple(dict.fromkeys([*(large or units), *short])), float(len(name)), bare)


def _at(text: str, at: int, linked: bool, prose: bool, book: Gazetteer) -> Match | None:
    """The longest name at a place; one that says nothing by itself gives way to a shorter one that does."""
    bare = torn = None
    for length in book.lengths.get(text[at : at + 2], ()):
        name = text[at : at + length]
        if len(name) == length:
            found = _full(text, at, name, linked, prose, book) or _short(text, at, name, linked, prose, book)
            if found and torn and not book.full_at(text, found.end):
                return torn  # 平谷镇 in 平谷镇罗营镇 unless 平谷 and 镇罗营镇 leave nothing over
            if found and not found.bare:
                if name[-1] not in "镇乡" or torn or END.match(text, found.end):
                    return found
                torn = found
            bare = bare or found
    return torn or bare


@lru_cache(maxsize=256)  # a document repeats the name of its body, and its level is asked for by the same name
def matches(text: str, prose: bool) -> tuple[Match, ...]:
    """The names in a text, longest first at each place; `prose` allows full names of three characters and more only."""
    book, found = gazetteer(), list[Match]()
    for number, segment in enumerate(segments(text)):
        at, end = 0, 0
        while at < len(segment) - 1:
            linked = at == end and at > 0
            one = None
            if at == 0 or linked or segment[at - 1] in BEFORE:
                one = _at(segment, at, linked, prose, book)
            if one:
                found.append(one._replace(segment=number))
                at = end = one.end
            else:
                at += 1
    return tuple(found)
