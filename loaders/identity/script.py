"""One way of writing for matching: half-width, simplified, without the pinyin that mirrors put into the text."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

TRADITIONAL = Path(__file__).resolve().parents[2] / "data" / "gazetteer" / "traditional.csv"
PINYIN = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{1,6}\)")  # 区(qū): mirrors gloss simplified readers


@cache
def _characters() -> dict[str, str]:
    with TRADITIONAL.open(encoding="utf-8", newline="") as file:
        table = {row["traditional"]: row["simplified"] for row in csv.DictReader(file)}
    table |= {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms of ASCII
    return table | dict.fromkeys("\u3000\xa0\u2002\u2003", " ")


@lru_cache(maxsize=8)  # the head of a document is asked for by several readers in a row
def plain(text: str) -> str:
    """The text half-width and in simplified characters, of the same length, so that places stay valid."""
    table = _characters()
    for character in table.keys() & set(text):  # a dozen of them: far quicker than str.translate
        text = text.replace(character, table[character])
    return text


def unglossed(text: str) -> tuple[str, list[int] | None]:
    """The text of `plain` without pinyin glosses, and the old place of every character (None: nothing taken out)."""
    if not PINYIN.search(text):
        return text, None
    kept, places, at = [], list[int](), 0
    for gloss in PINYIN.finditer(text):
        kept.append(text[at : gloss.start()])
        places.extend(range(at, gloss.start()))
        at = gloss.end()
    kept.append(text[at:])
    places.extend(range(at, len(text) + 1))
    return "".join(kept), places
