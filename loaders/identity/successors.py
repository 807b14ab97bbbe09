"""Divisions over the years: today's code of one that is gone, the same one under another code, its residents of 2020."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pyarrow.parquet as pq

from loaders.identity.gazetteer import COUNTY, FOLDER, FOREVER, Unit, gazetteer, rows

CENSUS = 2020
STAYS = "continues"  # the same division under another name or code; `merged` and `split` are not


class Step(NamedTuple):
    """What became of a division: in `year` it was `code` and no longer what it was before."""

    year: int
    code: str
    name: str
    kind: str


@cache
def _steps() -> dict[tuple[str, str], Step]:
    found = {}
    for row in rows("successors.csv"):
        step = Step(int(row["year"]), row["new_code"], row["new_name"], row["kind"])
        if row["kind"] == STAYS or not _stands(row["code"], row["name"]):
            found[row["code"], row["name"]] = step
    return found


def _stands(code: str, name: str) -> bool:
    book = gazetteer()
    return any(book.units[u].name == name and book.own[u][1] == FOREVER for u in book.by_code[code])


@cache
def _walk(code: str, name: str, only_same: bool) -> tuple[str, str]:
    for _ in range(9):
        step = _steps().get((code, name))
        if step is None or (only_same and step.kind != STAYS):
            break
        code, name = step.code, step.name
    return code, name


def today(code: str, name: str) -> str:
    """The code of the division that holds the place today; of one split up, of the part with its seat."""
    return _walk(code, name, only_same=False)[0]


def lasting(code: str, name: str) -> str:
    """The last code under which the division itself goes on; what was merged into another keeps its own."""
    return _walk(code, name, only_same=True)[0]


@cache
def _changed() -> dict[str, tuple[int, ...]]:
    """Division code → years in which it gained or lost a part, so that residents before and after do not compare."""
    found: dict[str, set[int]] = {}
    for row in rows("successors.csv"):
        year, old, new = int(row["year"]), row["code"], row["new_code"]
        if row["kind"] != STAYS:
            found.setdefault(new, set()).add(year)
            found.setdefault(old, set()).add(year)
        cities = (old[:4] + "00", new[:4] + "00")
        if cities[0] != cities[1] and not _same_city(*cities):
            for city in cities:
                found.setdefault(city, set()).add(year)
    return {code: tuple(sorted(years)) for code, years in found.items()}


def _same_city(old: str, new: str) -> bool:
    return any(code == old and step.code == new and step.kind == STAYS for (code, _), step in _steps().items())


@cache
def _population() -> dict[str, int]:
    table = pq.read_table(FOLDER / "population_2020.parquet", use_threads=False).to_pydict()
    return {code: int(pop) for code, pop in zip(table["code"], table["pop"], strict=True) if pop is not None}


def residents(code: str, name: str, year: int) -> int | None:
    """Residents in the census of 2020 of a division as it stood in the year; None where its area changed between."""
    of_2020 = _of_census().get(_walk(code, name, only_same=True))
    if of_2020 is None:
        return None
    first, last = sorted((year, CENSUS))
    changed = [y for c in {code, of_2020.code} for y in _changed().get(c, ())]
    return None if any(first < y <= last for y in changed) else _population().get(of_2020.code)


@cache
def _of_census() -> dict[tuple[str, str], Unit]:
    """Where a division of 2020 ends up, through changes of name and code only → the division of 2020."""
    book = gazetteer()
    units = ((unit, book.own[at]) for at, unit in enumerate(book.units) if unit.level <= COUNTY)
    return {_walk(u.code, u.name, only_same=True): u for u, span in units if span[0] <= CENSUS <= span[1]}
