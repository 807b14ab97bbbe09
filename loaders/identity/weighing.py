"""The candidates that the strongest evidence leaves, told apart, borne out or contradicted by all other evidence."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.identity.candidates import Seen, agree, candidates, common, lies_with, path, placed
from loaders.identity.evidence import HINTS, NAMES_A_BODY, ORDER, Region, Status
from loaders.identity.gazetteer import CITY, COUNTY, PROVINCE, TOWNSHIP, ZONE, Gazetteer
from loaders.identity.towns import falls_short, nearest_town

CONTRADICTED, DOUBTED, WEAK = 0.3, 0.1, 0.15  # what evidence against it, a hint against it, a weakness takes off


class Weighing:
    """The candidates that the strongest evidence leaves, weighed against all other evidence."""

    def __init__(
        self, first: Seen, pool: dict[int, float], further: list[Seen], body: str, year: int | None, book: Gazetteer
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

    def _hear(self, other: Seen) -> None:
        kind, book = other.evidence.kind, self.book
        strong = [m for m in other.found if not m.bare]
        if kind not in HINTS:
            self.stated |= {u for m in strong for u in m.units}
        rivals = {} if kind in HINTS else candidates(strong, self.year, book)
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
        agrees = any(lies_with(unit, m, book) for m in other.found)
        if agrees:
            self.words.append(other.words + "相符")
            self.borne_out = True
        elif kind == "phone":
            self.words.append(other.words + "与此不符")
            self.confidence -= DOUBTED
        elif rivals:
            if any(agree(unit, u, book) for u in rivals):
                self.words.append(other.words + "相符")
                return
            self.words.append(other.words + "与此不符")
            self.against.append(other.words)
            self.confidence -= CONTRADICTED

    def _narrowed(self, other: Seen, rivals: dict[int, float]) -> set[int]:
        """The candidates that agree with what the other evidence names; those it speaks for most where it only hints."""
        if rivals:
            return {unit for unit in self.pool if any(agree(unit, rival, self.book) for rival in rivals)}
        spoken = {u: sum(m.weight for m in other.found if lies_with(u, m, self.book)) for u in self.pool}
        most = max(spoken.values(), default=0.0)
        return {unit for unit, weight in spoken.items() if weight and weight > most - 0.01}

    def _ambiguous(self, units: Sequence[int], why: str = "") -> Region:
        book = self.book
        words = [*self.words, *([why] if why else [])]
        words.append("候选：" + "；".join(path(u, book) for u in units[:6]) + ("等" if len(units) > 6 else ""))
        shared = common(units, book)
        return placed(shared, "ambiguous", 0.4 if shared >= 0 else 0.0, "；".join(words), self.year, units)

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
        if first.evidence.kind not in NAMES_A_BODY and falls_short(self.body, unit, book):
            return self._ambiguous(units, f"机关名“{self.body}”与{row.name}的层级不符")
        if row.level == TOWNSHIP and (zone := self._zone_of_province(unit)) is not None:
            return self._ambiguous([zone, unit], "新区跨市，所辖乡镇另有代管")
        if first.evidence.kind in NAMES_A_BODY and row.level in (PROVINCE, CITY, COUNTY, ZONE):
            town, why = nearest_town(first.evidence.text, first.found, unit, self.year, book)
            self.words += [why] if why else []
            confidence -= WEAK if why else 0
            if why and town < 0 and row.level in (PROVINCE, ZONE):
                return self._ambiguous(units, "所在的县未定")
            unit = town if town >= 0 else unit
        chain = [u for u in book.chain(unit) if book.units[u].level != ZONE]
        alone = row.level == TOWNSHIP and self.stated.isdisjoint(chain[1:])
        short = all(m.weight < len(m.name) for m in first.found if lies_with(unit, m, book))
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
        return placed(unit, status, max(confidence, 0.1), "；".join(self.words) + f" → {path(unit, book)}", self.year)

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
        town, why = nearest_town(self.first.evidence.text, (), self.elsewhere, self.year, self.book)
        if town < 0:
            return None
        words = "；".join([*self.words, *self.against, why]) + f" → {path(town, self.book)}"
        return placed(town, "inferred", 0.7, words, self.year)
