"""Automatic numbers of paragraphs (一、 （一） 1.): Word prints them, and the text does not hold them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.readers.docx_names import W, number, value
from loaders.readers.xml import Element

HAN = "〇一二三四五六七八九"
COUNTED = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCountingThousand",
    "ideographDigital",
}
CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
HIGHEST, LEVELS = 99, 9
PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it counts, what it prints around the number."""

    start: int
    style: str
    text: str


class Numbers:
    """Counts the numbered paragraphs of a document in reading order."""

    def __init__(self, root: Element | None = None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        if root is None:
            return
        for one in root.iterfind(W + "abstractNum"):
            levels = {number(level.get(W + "ilvl"), 0): _level(level) for level in one.iterfind(W + "lvl")}
            self._levels[one.get(W + "abstractNumId") or ""] = levels
        for one in root.iterfind(W + "num"):
            starts = {
                number(over.get(W + "ilvl"), 0): number(value(over, "startOverride"), 1)
                for over in one.iterfind(W + "lvlOverride")
                if value(over, "startOverride") is not None
            }
            self._lists[one.get(W + "numId") or ""] = (value(one, "abstractNumId") or "", starts)

    def next(self, numbered: Element | None) -> str:
        """The number printed before a paragraph with this w:numPr; "" for bullets and for what we can't count."""
        name, at = value(numbered, "numId") or "", number(value(numbered, "ilvl"), 0)
        if name not in self._lists:
            return ""
        abstract, starts = self._lists[name]
        levels = self._levels.get(abstract, {})
        if at not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if name not in self._begun and at in starts:
            counts[at] = starts[at] - 1
        self._begun.add(name)
        counts[at] = counts.get(at, levels[at].start - 1) + 1
        for deeper in range(at + 1, LEVELS):
            counts.pop(deeper, None)
        return _printed(levels, counts, at)


def _level(level: Element) -> Level:
    return Level(number(value(level, "start"), 1), value(level, "numFmt") or "decimal", value(level, "lvlText") or "")


def _printed(levels: dict[int, Level], counts: dict[int, int], at: int) -> str:
    if levels[at].style in {"bullet", "none"}:
        return ""
    text = levels[at].text
    for place in PLACE.findall(text):
        upper = int(place) - 1
        level = levels.get(upper)
        spelt = _spelt(counts.get(upper, level.start), level.style) if level else ""
        if not spelt:
            return ""
        text = text.replace(f"%{place}", spelt)
    return text


def _spelt(count: int, style: str) -> str:
    if not 0 < count <= HIGHEST:
        return ""
    if style in COUNTED:
        tens, ones = divmod(count, 10)
        head = "" if not tens else "十" if tens == 1 else HAN[tens] + "十"
        return head + (HAN[ones] if ones else "")
    if style in CIRCLED:
        return chr(0x2460 + count - 1) if count <= 20 else ""
    if style == "decimal":
        return str(count)
    if style in {"upperLetter", "lowerLetter"} and count <= 26:
        return chr((65 if style == "upperLetter" else 97) + count - 1)
    return ""
