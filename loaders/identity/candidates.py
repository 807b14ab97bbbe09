"""The units that evidence may mean: its names climbed through the gazetteer of the year, the best of them kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from loaders.identity import hosts, numbers
from loaders.identity.adverts import ADVERT
from loaders.identity.evidence import ORDER, PROSE, Evidence, Region, Status
from loaders.identity.gazetteer import CITY, COUNTY, PROVINCE, TOWNSHIP, ZONE, Gazetteer, gazetteer
from loaders.identity.names import Match, matches


class Seen(NamedTuple):
    evidence: Evidence
    found: tuple[Match, ...]

    @property
    def words(self) -> str:
        return f"{ORDER[self.evidence.kind][0]}“{'”“'.join(dict.fromkeys(m.name for m in self.found))}”"


def matched(evidence: Evidence) -> tuple[Match, ...]:
    kind, text = evidence.kind, evidence.text
    if kind == "host":
        told = hosts.told_by(text)
        return tuple(Match(t.label, 0, 0, t.units, 3.0 + len(t.label) / 100, t.weak, 1) for t in told)
    if kind in ("index", "phone", "postcode"):
        read = {"index": numbers.index_units, "phone": numbers.area_units, "postcode": numbers.postcode_units}[kind]
        return tuple(Match(code, 0, 0, units, 6.0, kind != "index", 1) for code, units in read(text).items())
    return () if ADVERT.search(text) else matches(text, kind in PROSE)


def lies_with(unit: int, match: Match, book: Gazetteer) -> bool:
    """Whether a match speaks for the unit: it is on the chain, or a zone whose host is."""
    chain = book.chain(unit)
    return any(u in chain or (book.units[u].level == ZONE and book.units[u].parent in chain[1:]) for u in match.units)


def candidates(found: Iterable[Match], year: int | None, book: Gazetteer, anchored: bool = False) -> dict[int, float]:
    """The units with the highest score: weights of the names on their chain, less what they are late.

    Names go from large to small: `anchored`, what stands behind the name that opens a text must lie in it.
    """
    names = list({m.name: m for m in found}.values())
    scores: dict[int, float] = {}
    for match in names:
        for unit in match.units:
            if unit in scores:
                continue
            others = sum(m.weight for m in names if m is not match and lies_with(unit, m, book))
            if others or not match.bare:
                alone = not others and book.units[unit].level == TOWNSHIP  # a namesake of any year leaves it open
                scores[unit] = match.weight + others - (0.0 if alone else book.lateness(unit, year))
    first = next((m for m in names if m.opens and not m.bare), None) if anchored else None
    if first and any(book.units[u].level != TOWNSHIP for u in first.units):
        scores = {u: score for u, score in scores.items() if lies_with(u, first, book)}
    best = max(scores.values(), default=0.0)
    return {unit: score for unit, score in scores.items() if score > best - 0.01}


def common(units: Sequence[int], book: Gazetteer) -> int:
    shared = [u for u in book.chain(units[0]) if all(u in book.chain(other) for other in units[1:])]
    return shared[0] if shared else -1


def path(unit: int, book: Gazetteer) -> str:
    return "".join(book.units[u].name for u in reversed(book.chain(unit)))


def agree(unit: int, other: int, book: Gazetteer) -> bool:
    return unit in book.chain(other) or other in book.chain(unit)


def placed(
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
    candidates = tuple(path(u, book) for u in others)
    zone = names.get(ZONE)
    return Region(
        province, city, county, township, code, status, round(max(confidence, 0.0), 2), words, zone, candidates
    )
