"""The divisions as rows of regions.parquet: what a picker of 3,000 counties asks for, and a map of today's codes."""

from __future__ import annotations

from functools import cache

from loaders.identity import successors
from loaders.identity.gazetteer import CITY, COUNTY, FOREVER, PROVINCE, gazetteer, rows, short_names

LEVELS = {PROVINCE: "province", CITY: "prefecture", COUNTY: "county"}
FIRST = 2007  # the table begins here; what stood before is not known


@cache
def region_rows() -> list[dict[str, object]]:
    """Every division since 2007: code, names, level, years, pinyin, today's code, residents of 2020; in order of code.

    `first_year` and `last_year` are None where it stood before the table or still stands.
    """
    book = gazetteer()
    spelled = {row["name"]: row["pinyin"] for row in rows("pinyin.csv")}
    found: list[dict[str, object]] = []
    for at, unit in enumerate(book.units):
        if unit.level not in LEVELS:
            continue
        names = {book.units[u].level: book.units[u].name for u in book.chain(at)}
        first, last = book.own[at]
        short = next(iter(short_names(unit.name, unit.level)), unit.name)
        pinyin = spelled.get(unit.name, "")
        found.append(
            {
                "code": unit.code,
                "name": unit.name,
                "level": LEVELS[unit.level],
                "parent": book.units[unit.parent].code if unit.parent >= 0 else None,
                "province": names.get(PROVINCE),
                "city": names.get(CITY),
                "county": names.get(COUNTY),
                "short": short,
                "pinyin": pinyin.replace(" ", ""),
                "initials": "".join(syllable[0] for syllable in pinyin.split()),
                "first_year": first or None,
                "last_year": None if last == FOREVER else last,
                "code_today": successors.today(unit.code, unit.name),
                "population_2020": successors.residents(unit.code, unit.name, successors.CENSUS),
            }
        )
    return sorted(found, key=lambda row: (str(row["code"]), str(row["name"])))
