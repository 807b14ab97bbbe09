"""How the data is cited: by GB/T 7714-2015 (a data set online, [DS/OL]) and as BibTeX, with version, date and address."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
# What BibTeX reads as its own; an address keeps its signs between \url's braces, but for those that end them.
SPECIAL = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"} | {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}"})
URL_SPECIAL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation names: the version of the data, the day it was looked at, its address, and what part of it."""

    version: str
    day: date
    address: str = ""
    part_zh: str = ""
    part_en: str = ""


@cache
def work() -> dict[str, str]:
    """work.toml: name, titles, authors, licence and terms of the data set."""
    return tomllib.loads((HERE / "work.toml").read_text(encoding="utf-8"))


def gbt7714(one: Cited) -> str:
    """责任者. 题名[DS/OL]. 版本[引用日期]. 网址. The address is left out where there is none."""
    title = work()["title_zh"] + (f"：{one.part_zh}" if one.part_zh else "")
    told = f"{work()['author_zh']}. {title}[DS/OL]. 数据版本 {one.version}[{one.day.isoformat()}]."
    return f"{told} {one.address}." if one.address else told


def bibtex(one: Cited) -> str:
    """An entry @misc that any BibTeX style sets; its key carries the version."""
    title = work()["title_en"] + (f" ({one.part_en})" if one.part_en else "")
    entries = {
        "author": f"{{{work()['author_en'].translate(SPECIAL)}}}",
        "title": f"{{{title.translate(SPECIAL)}}}",
        "year": str(one.day.year),
        "howpublished": "Data set",
        "version": one.version.translate(SPECIAL),
        "note": f"Data version {one.version.translate(SPECIAL)}, accessed {one.day.isoformat()}",
        "url": one.address.translate(URL_SPECIAL),
    }
    lines = [f"  {key:12} = {{{value}}}," for key, value in entries.items() if value]
    key = "".join(c for c in f"ogi_{one.version}" if c.isascii() and (c.isalnum() or c == "_"))
    return "\n".join([f"@misc{{{key},", *lines, "}"])
