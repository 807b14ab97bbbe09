"""Which division a report belongs to: names in its evidence, climbed through the gazetteer of the report year.

The strongest evidence that names a place proposes, further evidence tells its candidates apart, bears them out or
speaks against them. What is left open stays open: a tie gives the common ancestor and the candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from loaders.identity import hosts, numbers
from loaders.identity.adverts import ADVERT
from loaders.identity.gazetteer import CITY, COUNTY, PROVINCE, TOWNSHIP, ZONE, Gazetteer, gazetteer
from loaders.identity.names import Match, headless, matches, segments

Kind = Literal[
    "agency", "title", "index", "source", "signature", "breadcrumb", "host", "lead", "statistics", "address",
    "phone", "postcode",
]  # fmt: skip
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
    "statistics": ("统计语句", 0.7),
    "address": ("地址", 0.7),
    "phone": ("电话区号", 0.4),
    "postcode": ("邮政编码", 0.3),
}
RANK = {kind: rank for rank, kind in enumerate(ORDER)}
PROSE = {"lead", "statistics", "address"}
NAMES_A_BODY = {"agency", "title", "signature"}
PORTAL = {"source", "breadcrumb"}  # words of the site, not of the report
HINTS = {"phone", "postcode"}  # tell candidates apart, place nothing by themselves
CONTRADICTED, DOUBTED, WEAK = 0.3, 0.1, 0.15  # what evidence against it, a hint against it, a weakness takes off
SETTLED = 0.6  # a place below this is not settled
NEAR, APART = 88.0, 6.0  # rapidfuzz ratio of a township inside a county already known, and its lead over the next
TOWN = re.compile(r"([\u3400-\u9fff\U00020000-\U0003ffff]{1,12}?(?:街道|镇|乡|苏木))(?:$|人民|政府|办|党|\d|年)")
OWN_WORD = re.compile(r"^(省|自治区|市|州|盟|县|区|旗|镇|乡|街道)(?![\u3400-\u9fff]?(?:道|域|际))")
ASKS = {
    **dict.fromkeys(("省", "自治区"), (PROVINCE,)), "市": (PROVINCE, CITY, COUNTY),
    **dict.fromkeys("州盟", (CITY,)), **dict.fromkeys("县区旗", (COUNTY,)),
    **dict.fromkeys(("镇", "乡", "街道"), (TOWNSHIP,)),
}  # fmt: skip
NOTHING = "文中没有可辨认的行政区划名称"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that may name the place, and where in the document they stand; `host` takes an address or a host."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Region:
    """The place of a report: names at the report year, `adcode` the six digits of the deepest division known.

    `zone` is a development zone that the evidence names: it is no division, the place is that of its host.
    """

    province: str | None = None
    city: str | None = None
    county: str | None = None
    township: str | None = None
    adcode: str | None = None
    region_status: Status = "unknown"
    region_confidence: float = 0.0
    region_evidence: str = NOTHING
    zone: str | None = None
    candidates: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether the place is told and not left open."""
        return self.region_status in ("stated", "inferred")


class _Seen(NamedTuple):
    evidence: Evidence
    found: tuple[Match, ...]

    @property
    def words(self) -> str:
        return f"{ORDER[self.evidence.kind][0]}“{'”“'.join(dict.fromkeys(m.name for m in self.found))}”"


def _matches(evidence: Evidence) -> tuple[Match, ...]:
    kind, text = evidence.kind, evidence.text
    if kind == "host":
        told = hosts.told_by(text)
        return tuple(Match(t.label, 0, 0, t.units, 3.0 + len(t.label) / 100, t.weak, 1) for t in told)
    if kind in ("index", "phone", "postcode"):
        read = {"index": numbers.index_units, "phone": numbers.area_units, "postcode": numbers.postcode_units}[kind]
        return tuple(Match(code, 0, 0, units, 6.0, kind != "index", 1) for code, units in read(text).items())
    return () if ADVERT.search(text) else matches(text, kind in PROSE)


def _lies_with(unit: int, match: Match, book: Gazetteer) -> bool:
    """Whether a match speaks for the unit: it is on the chain, or a zone whose host is."""
    chain = book.chain(unit)
    return any(u in chain or (book.units[u].level == ZONE and book.units[u].parent in chain[1:]) for u in match.units)


def _candidates(found: Iterable[Match], year: int | None, book: Gazetteer, anchored: bool = False) -> dict[int, float]:
    """The units with the highest score: weights of the names on their chain, less what they are late.

    Names go from large to small: `anchored`, what stands behind the name that opens a text must lie in it.
    """
    names = list({m.name: m for m in found}.values())
    scores: dict[int, float] = {}
    for match in names:
        for unit in match.units:
            if unit in scores:
                continue
            others = sum(m.weight for m in names if m is not match and _lies_with(unit, m, book))
            if others or not match.bare:
                alone = not others and book.units[unit].level == TOWNSHIP  # a namesake of any year leaves it open
                scores[unit] = match.weight + others - (0.0 if alone else book.lateness(unit, year))
    first = next((m for m in names if m.opens and not m.bare), None) if anchored else None
    if first and any(book.units[u].level != TOWNSHIP for u in first.units):
        scores = {u: score for u, score in scores.items() if _lies_with(u, first, book)}
    best = max(scores.values(), default=0.0)
    return {unit: score for unit, score in scores.items() if score > best - 0.01}


def _common(units: Sequence[int], book: Gazetteer) -> int:
    shared = [u for u in book.chain(units[0]) if all(u in book.chain(other) for other in units[1:])]
    return shared[0] if shared else -1


def _path(unit: int, book: Gazetteer) -> str:
    return "".join(book.units[u].name for u in reversed(book.chain(unit)))


def _nearest_town(body: str, found: Sequence[Match], unit: int, year: int | None, book: Gazetteer) -> tuple[int, str]:
    """The township of the body's name inside the unit by likeness (-1: none is like it), with the words for it."""
    text = "".join(segments(body))
    last = next((m.name for m in reversed(found) if _lies_with(unit, m, book)), "")
    tail = (text[text.rfind(last) + len(last) :] if last else text).removeprefix("人民政府")
    if not (printed := TOWN.match(tail)):
        return -1, ""
    towns = [u for u in book.children.get(unit, ()) if book.units[u].level == TOWNSHIP and book.lateness(u, year) < 1]
    ranked = sorted(((fuzz.ratio(printed[1], book.units[u].name), u) for u in towns), reverse=True)
    if ranked and ranked[0][0] >= NEAR and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= APART):
        return ranked[0][1], f"“{printed[1]}”与“{book.units[ranked[0][1]].name}”相近（{ranked[0][0]:.0f}）"
    return -1, f"“{printed[1]}”不在区划表中"


def _falls_short(body: str, unit: int, book: Gazetteer) -> bool:
    """Whether the body's own word (县教育局, 镇人民政府) asks for another level than the unit's."""
    own = OWN_WORD.match(headless(body))
    if not own:
        return False
    row = book.units[unit]
    levels = ASKS[own[1]]
    return row.level not in levels or (own[1] in "市州盟县区旗" and not row.name.endswith(own[1]))


def _region(
    unit: int, status: Status, confidence: float, words: str, year: int | None, others: Sequence[int] = ()
) -> Region:
    """The place of a unit (-1: none) by the names of the year: 襄樊市 until 2009, under the code of 襄阳市."""
    book = gazetteer()
    names: dict[int, str] = {}
    code = None
    for u in book.chain(unit):
        row = book.units[u]
        named = (book.units[v] for v in book.by_code.get(row.code, ()) if not book.lateness(v, year))
        names[row.level] = next(named, row).name if book.lateness(u, year) else row.name
        if code is None and row.level in (PROVINCE, CITY, COUNTY):
            code = row.code
    told = (names.get(level) for level in (PROVINCE, CITY, COUNTY, TOWNSHIP))
    province, city, county, township = told
    candidates = tuple(_path(u, book) for u in others)
    zone = names.get(ZONE)
    return Region(
        province, city, county, township, code, status, round(max(confidence, 0.0), 2), words, zone, candidates
    )


def resolve(names: Sequence[Evidence], year: int | None) -> Region:
    """The division that the evidence names in the report year, strongest evidence first; a tie is not a guess.

    Where a host is given that is not the government's, the words of the site are no evidence: it may be a copy.
    """
    book = gazetteer()
    copied = any(e.kind == "host" and e.text and not hosts.is_official(e.text) for e in names)
    ranked = sorted(dict.fromkeys(e for e in names if e.text), key=lambda e: RANK[e.kind])
    kept = [e for e in ranked if not (copied and (e.kind in PORTAL or e.kind == "host"))]
    seen = [_Seen(e, m) for e in kept if (m := _matches(e))]
    for at, one in enumerate(seen):
        if pool := _candidates(one.found, year, book, one.evidence.kind in NAMES_A_BODY):
            body = next((e.text for e in kept if e.kind == "agency"), "")
            return _Weighing(one, pool, seen[:at] + seen[at + 1 :], body, year, book).region()
    hints = [one for one in seen if one.evidence.kind in HINTS]
    return _hinted(hints, year, book) if hints else Region()


def _hinted(hints: list[_Seen], year: int | None, book: Gazetteer) -> Region:
    """What area code and postcode alone say: a common ancestor with candidates, never a place."""
    units = hints[0].found[0].units
    words = "；".join(one.words for one in hints) + "，不足以定位"
    return _region(_common(units, book), "ambiguous", 0.3, words, year, units)


class _Weighing:
    """The candidates that the strongest evidence leaves, weighed against all other evidence."""

    def __init__(
        self, first: _Seen, pool: dict[int, float], further: list[_Seen], body: str, year: int | None, book: Gazetteer
    ) -> None:
        self.first, self.pool, self.body, self.year, self.book = first, pool, body, year, book
        label, self.confidence = ORDER[first.evidence.kind]
        self.words = [f"{label}：" + "、".join(f"“{m.name}”" for m in first.found)]
        self.stated = {u for m in first.found for u in m.units}
        self.against: list[str] = []
        self.borne_out = False
        self.elsewhere = -1  # the one place that evidence against all candidates names
        for other in further:
            self._hear(other)

    def _hear(self, other: _Seen) -> None:
        kind, book = other.evidence.kind, self.book
        strong = [m for m in other.found if not m.bare]
        if kind not in HINTS:
            self.stated |= {u for m in strong for u in m.units}
        rivals = {} if kind in HINTS else _candidates(strong, self.year, book)
        if len(self.pool) > 1:
            narrowed = self._narrowed(other, rivals)
            if narrowed and len(narrowed) < len(self.pool):
                self.pool = {u: self.pool[u] for u in narrowed}
                self.words.append(other.words + "相符")
                self.confidence = min(self.confidence, 0.8 if kind in HINTS else 0.9)
                self.borne_out = True
            elif rivals and not narrowed:
                self.against.append(other.words)
                if self.elsewhere < 0 and len(rivals) == 1:
                    self.elsewhere = next(iter(rivals))
            return
        unit = next(iter(self.pool))
        agrees = any(_lies_with(unit, m, book) for m in other.found)
        if agrees:
            self.words.append(other.words + "相符")
            self.borne_out = True
        elif kind == "phone":
            self.words.append(other.words + "与此不符")
            self.confidence -= DOUBTED
        elif rivals:
            if any(_agree(unit, u, book) for u in rivals):
                self.words.append(other.words + "相符")
                return
            self.words.append(other.words + "与此不符")
            self.against.append(other.words)
            self.confidence -= CONTRADICTED

    def _narrowed(self, other: _Seen, rivals: dict[int, float]) -> set[int]:
        """The candidates that agree with what the other evidence names; those it speaks for most where it only hints."""
        if rivals:
            return {unit for unit in self.pool if any(_agree(unit, rival, self.book) for rival in rivals)}
        spoken = {u: sum(m.weight for m in other.found if _lies_with(u, m, self.book)) for u in self.pool}
        most = max(spoken.values(), default=0.0)
        return {unit for unit, weight in spoken.items() if weight and weight > most - 0.01}

    def _ambiguous(self, units: Sequence[int], why: str = "") -> Region:
        book = self.book
        words = [*self.words, *([why] if why else [])]
        words.append("候选：" + "；".join(_path(u, book) for u in units[:6]) + ("等" if len(units) > 6 else ""))
        shared = _common(units, book)
        return _region(shared, "ambiguous", 0.4 if shared >= 0 else 0.0, "；".join(words), self.year, units)

    def _one_of_one(self, units: list[int]) -> list[int]:
        """Of candidates that are one place written twice the one that counts: zones of one host, a township whose county
        was renamed or redrawn inside its city."""
        book = self.book
        rows = [book.units[u] for u in units]
        if len(units) > 1 and {row.level for row in rows} == {ZONE} and len({row.parent for row in rows}) == 1:
            return units[-1:]
        cities = {next((u for u in book.chain(unit) if book.units[u].level <= CITY), -1) for unit in units}
        if len(units) > 1 and {row.level for row in rows} == {TOWNSHIP} and len(cities) == 1:
            standing = [u for u in units if book.lateness(u, self.year) < 0.5]
            return standing if len(standing) == 1 else units
        return units

    def region(self) -> Region:
        """The place, or what is common to the candidates where more than one is left."""
        book = self.book
        units = self._one_of_one(sorted(self.pool, key=lambda u: book.units[u].code))
        if len(units) > 1:
            return self._near() or self._ambiguous(units)
        unit, row = units[0], book.units[units[0]]
        first, confidence = self.first, self.confidence
        if first.evidence.kind not in NAMES_A_BODY and _falls_short(self.body, unit, book):
            return self._ambiguous(units, f"机关名“{self.body}”与{row.name}的层级不符")
        if row.level == TOWNSHIP and (zone := self._zone_of_province(unit)) is not None:
            return self._ambiguous([zone, unit], "新区跨市，所辖乡镇另有代管")
        if first.evidence.kind in NAMES_A_BODY and row.level in (PROVINCE, CITY, COUNTY, ZONE):
            town, why = _nearest_town(first.evidence.text, first.found, unit, self.year, book)
            self.words += [why] if why else []
            confidence -= WEAK if why else 0
            if why and town < 0 and row.level in (PROVINCE, ZONE):
                return self._ambiguous(units, "所在的县未定")
            unit = town if town >= 0 else unit
        chain = [u for u in book.chain(unit) if book.units[u].level != ZONE]
        alone = row.level == TOWNSHIP and self.stated.isdisjoint(chain[1:])
        short = all(m.weight < len(m.name) for m in first.found if _lies_with(unit, m, book))
        if first.evidence.kind in NAMES_A_BODY and (short or alone):
            confidence -= WEAK
        if alone:
            self.words.append("区划表中全国只此一处")
        if book.lateness(units[0], self.year) > 1:
            self.words.append(f"{row.name}不见于{self.year}年的区划表")
            confidence -= WEAK
        if self.against and (alone or short) and not self.borne_out:
            return self._ambiguous(units, "只凭一个名称，别处证据与之不符")
        status: Status = "stated" if self.stated.issuperset(chain) else "inferred"
        return _region(unit, status, max(confidence, 0.1), "；".join(self.words) + f" → {_path(unit, book)}", self.year)

    def _zone_of_province(self, unit: int) -> int | None:
        """The zone that the names put a township in, where the zone is a province's: 西咸新区 runs what the table gives 咸阳."""
        book = self.book
        zones = [u for m in self.first.found for u in m.units if book.units[u].level == ZONE]
        held = (z for z in zones if z not in book.chain(unit) and book.units[book.units[z].parent].level == PROVINCE)
        return next(held, None)

    def _near(self) -> Region | None:
        """A township nearly so written in the one county that other evidence names: 前进街道 in 昆都仑区."""
        if self.elsewhere < 0 or self.first.evidence.kind not in NAMES_A_BODY:
            return None
        town, why = _nearest_town(self.first.evidence.text, (), self.elsewhere, self.year, self.book)
        if town < 0:
            return None
        words = "；".join([*self.words, *self.against, why]) + f" → {_path(town, self.book)}"
        return _region(town, "inferred", 0.7, words, self.year)


def _agree(unit: int, other: int, book: Gazetteer) -> bool:
    return unit in book.chain(other) or other in book.chain(unit)
