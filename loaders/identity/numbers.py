"""Places that numbers tell: a credit code or index number its division, an area code its cities, a postcode a province."""

from __future__ import annotations

import re
from functools import cache

from loaders.identity.gazetteer import gazetteer, rows

CREDIT = re.compile(r"(?<![0-9A-Z])1[1-39]([1-8]\d{5})[0-9A-Z]{9}")  # unified credit code of a public body
LEADING = re.compile(r"^([1-8]\d{5})(?=[A-Za-z/_-]|$)")  # 331002/2020-113685
AREA = re.compile(r"(?<![\dA-Za-z/-])[(（]?(0(?:10|2\d|[3-9]\d{2}))[)）]?(?=[ \-—–]{0,3}[1-9]\d{6,7}(?!\d)|$)")
POSTCODE = re.compile(r"(?<!\d)(\d{2})\d{4}(?!\d)")


@cache
def _table(name: str, key: str, codes: str) -> dict[str, tuple[int, ...]]:
    book = gazetteer()
    return {row[key]: tuple(u for code in row[codes].split() for u in book.by_code[code]) for row in rows(name)}


def index_units(text: str) -> dict[str, tuple[int, ...]]:
    """Division code → units, of the codes that an index number or credit code begins with."""
    book = gazetteer()
    codes = [m[1] for m in CREDIT.finditer(text)] or [m[1] for m in [LEADING.match(text.strip())] if m]
    return {code: tuple(book.by_code[code]) for code in codes if code in book.by_code}


def area_codes(text: str) -> list[str]:
    """The telephone area codes of a text, each once: of numbers with a code before them, or codes alone."""
    return [code for code in dict.fromkeys(m[1] for m in AREA.finditer(text)) if code in _areas()]


def _areas() -> dict[str, tuple[int, ...]]:
    return _table("areacodes.csv", "area", "codes")


def area_units(text: str) -> dict[str, tuple[int, ...]]:
    """Area code → the cities that share it."""
    return {code: _areas()[code] for code in area_codes(text)}


def postcode_units(text: str) -> dict[str, tuple[int, ...]]:
    """First two digits of a postcode → the province."""
    table = _table("postcodes.csv", "digits", "code")
    return {m[1]: table[m[1]] for m in POSTCODE.finditer(text) if m[1] in table}
