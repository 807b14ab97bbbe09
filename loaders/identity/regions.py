"""Which division a report belongs to: names in its evidence, climbed through the gazetteer of the report year.

A name counts where it stands as a name: full names at a boundary, short names (嘉祥, 台州) only at the start of a
segment or behind another name and before a word of administration, so that 青海公司 or 江苏路 say nothing.
What is left open stays open: a tie gives the common ancestor and the candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from loaders.identity.gazetteer import CALLED_TOWN, CITY, COUNTY, PROVINCE, TOWNSHIP, ZONE, Gazetteer, gazetteer
from loaders.identity.script import plain

Kind = Literal["agency", "title", "index", "source", "breadcrumb", "signature", "lead", "address", "host"]
Status = Literal["stated", "inferred", "ambiguous", "unknown"]

ORDER: dict[Kind, tuple[str, float]] = {  # strongest first: the words for people, the confidence where it decides
    "agency": ("机关名", 0.95),
    "title": ("标题", 0.95),
    "index": ("索引号", 0.9),
    "source": ("来源", 0.8),
    "signature": ("落款", 0.8),
    "breadcrumb": ("栏目路径", 0.75),
    "host": ("网站域名", 0.75),
    "lead": ("正文首段", 0.7),
    "address": ("地址", 0.7),
}
RANK = {kind: rank for rank, kind in enumerate(ORDER)}
PROSE = {"lead", "address"}
CONTRADICTED, WEAK = 0.3, 0.15  # what further evidence against it, and each weakness, takes from the confidence
SHORT = 0.5  # weight of a character of a short name; 1 in a full one
COMMON = {"城区", "郊区", "矿区", "东区", "西区"}  # names of counties and common nouns
NEAR, APART = 88.0, 6.0  # rapidfuzz ratio of a township inside a county already known, and its lead over the next
SEGMENT = re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffff0-9]+")
HEADS = re.compile(r"^(?:中华人民共和国|国家税务总局|国家统计局|中国共产党|中共|中国)+")
BEFORE = set(
    "省市县区旗州盟府会处局厅委镇乡办队社年度的于在由为是与和及向至0123456789"
)  # behind these a name may begin
ADMINISTRATION = re.compile(
    r"\d|人民|政府|财政|教育|教体|民政|审计|统计|税务|气象|公安|司法|交通|水务|水利|农业|农村|林业|卫生|卫健|文化|文旅|文广|市场"
    r"|应急|生态|环境|自然|国土|住房|住建|人力|人社|发展|发改|工业|工信|科技|科学|商务|信访|医疗|医保|退役|行政|政务|城市|城管|城乡"
    r"|综合|国资|国有|金融|体育|档案|地方志|机关|民族|宗教|外事|乡村|扶贫|海洋|粮食|规划|调查|消防|烟草|邮政|海关|分局|经济|高新|开发"
    r"|保税|管委会|管理"
)
TOWN = re.compile(r"([\u3400-\u9fff\U00020000-\U0003ffff]{1,12}?(?:街道|镇|乡|苏木))(?:$|人民|政府|办|党|\d|年)")
CREDIT = re.compile(r"(?<![0-9A-Z])1[1-39]([1-8]\d{5})[0-9A-Z]{9}")  # unified credit code of a public body


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that may name the place, and where in the document they stand."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Region:
    """The place of a report: names at the report year, `adcode` the six digits of the deepest division known."""

    province: str | None = None
    city: str | None = None
    county: str | None = None
    township: str | None = None
    adcode: str | None = None
    region_status: Status = "unknown"
    region_confidence: float = 0.0
    region_evidence: str = "文中没有可辨认的行政区划名称"


class Match(NamedTuple):
    """A name found: the units it may mean, its weight, and whether it says nothing without an ancestor (城区)."""

    name: str
    end: int
    units: tuple[int, ...]
    weight: float
    bare: bool


def _name_at(text: str, at: int, linked: bool, prose: bool, book: Gazetteer) -> Match | None:
    for length in book.lengths.get(text[at : at + 2], ()):
        name = text[at : at + length]
        if len(name) < length:
            continue
        after = text[at + length : at + length + 4]
        if (units := book.full.get(name)) and not after.startswith("域"):
            short = book.short.get(name, [])
            called = name.endswith(CALLED_TOWN)
            divisions = [u for u in units if book.units[u].level != TOWNSHIP] or ([] if called else short)
            bare = name in COMMON or (not divisions and not (called and len(name) > 2))
            if len(name) > 2 or linked or (not at and not prose):
                return Match(name, at + length, tuple(dict.fromkeys([*(divisions or units), *short])), length, bare)
        if (units := book.short.get(name)) and (linked or (not at and not prose) or text[at - 1] in "局年"):
            styled = name[-1] in "州盟县旗区乡" and len(name) > 2  # 迪庆州, 三江县: a name by its own form
            if styled or not after or ADMINISTRATION.match(after) or _name_at(text, at + length, True, prose, book):
                return Match(name, at + length, tuple(units), SHORT * length, False)
    return None


@lru_cache(maxsize=64)  # a document repeats the name of its body, and its level is asked for by the same name
def _matches(evidence: Evidence) -> list[Match]:
    book = gazetteer()
    if evidence.kind == "index":
        codes = (m[1] for m in CREDIT.finditer(evidence.text))
        return [Match(code, 0, tuple(book.by_code[code]), 6.0, False) for code in codes if code in book.by_code]
    prose, matches = evidence.kind in PROSE, list[Match]()
    for words in SEGMENT.split(plain(evidence.text)):
        segment = HEADS.sub("", words)
        at, end = 0, 0
        while at < len(segment) - 1:
            linked = at == end and at > 0
            found = None
            if at == 0 or linked or segment[at - 1] in BEFORE:
                found = _name_at(segment, at, linked, prose, book)
            if found:
                matches.append(found)
                at = end = found.end
            else:
                at += 1
    return matches


def _candidates(matches: Iterable[Match], year: int | None, book: Gazetteer) -> dict[int, float]:
    """The units with the highest score: weights of the names on their chain, less what they are late."""
    names = list({m.name: m for m in matches}.values())
    scores: dict[int, float] = {}
    for match in names:
        for unit in match.units:
            if unit in scores:
                continue
            chain = set(book.chain(unit))
            others = sum(m.weight for m in names if m is not match and not chain.isdisjoint(m.units))
            if others or not match.bare:
                scores[unit] = match.weight + others - book.lateness(unit, year)
    best = max(scores.values(), default=0.0)
    return {unit: score for unit, score in scores.items() if score > best - 0.01}


def _common(units: Sequence[int], book: Gazetteer) -> int:
    shared = [u for u in book.chain(units[0]) if all(u in book.chain(other) for other in units[1:])]
    return shared[0] if shared else -1


def _path(unit: int, book: Gazetteer) -> str:
    return "".join(book.units[u].name for u in reversed(book.chain(unit)))


def _nearest_town(agency: str, matches: list[Match], unit: int, year: int | None, book: Gazetteer) -> tuple[int, str]:
    """The township of the agency's name inside the unit by likeness (-1: none is like it), with the words for it."""
    text = HEADS.sub("", "".join(SEGMENT.split(plain(agency))))
    last = next(m.name for m in reversed(matches) if not set(book.chain(unit)).isdisjoint(m.units))
    tail = text[text.rfind(last) + len(last) :].removeprefix("人民政府")
    if not (printed := TOWN.match(tail)):
        return -1, ""
    towns = [u for u in book.children.get(unit, ()) if book.units[u].level == TOWNSHIP and book.lateness(u, year) < 1]
    ranked = sorted(((fuzz.ratio(printed[1], book.units[u].name), u) for u in towns), reverse=True)
    if ranked and ranked[0][0] >= NEAR and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= APART):
        return ranked[0][1], f"“{printed[1]}”与“{book.units[ranked[0][1]].name}”相近（{ranked[0][0]:.0f}）"
    return -1, f"“{printed[1]}”不在区划表中"


def _region(unit: int, status: Status, confidence: float, words: str, book: Gazetteer) -> Region:
    names: dict[int, str] = {}
    code = None
    for u in book.chain(unit):
        row = book.units[u]
        names[row.level] = row.name
        if code is None and row.level in (PROVINCE, CITY, COUNTY):
            code = row.code
    province, city, county, township = (names.get(level) for level in (PROVINCE, CITY, COUNTY, TOWNSHIP))
    return Region(province, city, county, township, code, status, round(confidence, 2), words)


def resolve(names: Sequence[Evidence], year: int | None) -> Region:
    """The division that the evidence names in the report year, strongest evidence first; a tie is not a guess."""
    book = gazetteer()
    ranked = sorted(dict.fromkeys(e for e in names if e.text), key=lambda e: RANK[e.kind])
    read = [(e, m) for e in ranked if (m := _matches(e))]
    for at, (evidence, matches) in enumerate(read):
        if pool := _candidates(matches, year, book):
            return _resolved(evidence, matches, pool, read[at + 1 :], year, book)
    return Region()


def _resolved(
    evidence: Evidence,
    matches: list[Match],
    pool: dict[int, float],
    further: list[tuple[Evidence, list[Match]]],
    year: int | None,
    book: Gazetteer,
) -> Region:
    """The region of the candidates that the strongest evidence leaves, weighed against the further evidence."""
    label, confidence = ORDER[evidence.kind]
    words = [f"{label}：" + "、".join(f"“{m.name}”" for m in matches)]
    stated = {u for m in matches for u in m.units}
    for other, seen in further:
        stated |= {u for m in seen for u in m.units}
        names = f"{ORDER[other.kind][0]}“{'”“'.join(m.name for m in seen)}”"
        if len(pool) > 1:
            narrowed = _candidates([*matches, *seen], year, book).keys() & pool.keys()
            if narrowed and len(narrowed) < len(pool):
                pool = {u: pool[u] for u in narrowed}
                words.append(names + "相符")
                confidence = min(confidence, 0.9)
        elif rival := _candidates(seen, year, book):
            agrees = any(_agree(next(iter(pool)), u, book) for u in rival)
            words.append(names + ("相符" if agrees else "与此不符"))
            confidence -= 0 if agrees else CONTRADICTED
    units = sorted(pool, key=lambda u: book.units[u].code)
    if len(units) > 1:
        words.append("候选：" + "；".join(_path(u, book) for u in units[:6]) + ("等" if len(units) > 6 else ""))
        shared = _common(units, book)
        return _region(shared, "ambiguous", 0.4 if shared >= 0 else 0.0, "；".join(words), book)
    unit = units[0]
    row = book.units[unit]
    if evidence.kind in ("agency", "title", "signature") and row.level in (CITY, COUNTY):
        town, why = _nearest_town(evidence.text, matches, unit, year, book)
        words += [why] if why else []
        confidence -= WEAK if why else 0
        unit = town if town >= 0 else unit
    chain = [u for u in book.chain(unit) if book.units[u].level != ZONE]
    if all(m.weight < len(m.name) for m in matches):  # short names only
        confidence -= WEAK
    elif row.level == TOWNSHIP and stated.isdisjoint(chain[1:]):
        words.append("区划表中全国只此一处")
        confidence -= WEAK
    if book.lateness(units[0], year) > 1:
        words.append(f"{row.name}不见于{year}年的区划表")
        confidence -= WEAK
    status: Status = "stated" if stated.issuperset(chain) else "inferred"
    return _region(unit, status, max(confidence, 0.1), "；".join(words) + f" → {_path(unit, book)}", book)


def _agree(unit: int, other: int, book: Gazetteer) -> bool:
    return unit in book.chain(other) or other in book.chain(unit)
