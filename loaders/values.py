"""What number stands in a cell: one grammar for all forms.

blank    nothing but spaces (or an empty bookmark of the word processor)
dash     -, —, /, \\ and their relatives: the agency says "does not apply"
number   an optional sign, digits with or without thousands separators, a decimal part, a unit, a remark in brackets
text     anything else; never turned into a number by leaving something out
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

State = Literal["number", "blank", "dash", "text"]

BOOKMARK = re.compile(r"\[bookmark:\s*_GoBack\]")  # Word paste leaves the cursor's bookmark in a cell
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # they reorder what a reader sees: 12 may be printed 21
DASH = re.compile(r"[-‐‑‒–—―−ー/\\]+")
NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?"
    r"(?P<unit>亿元|万元|亿|万|元|人次|批次|[件条项个次人宗篇])?(?P<remark>\([^()]{1,40}\))?"
)
WORDED_CHANGE = re.compile(r"(?P<word>增加|减少|新增|增|减)(?P<digits>\d+)(?P<unit>[项件个])?")
YES_NO = frozenset({"是", "否", "有", "无", "已更新", "未更新", "√", "×"})
LOOSE = re.compile(r"\s+")
# Other minus and plus signs, and the words of the grammar in traditional script.
MINUS = str.maketrans(
    {"−": "-", "–": "-", "＋": "+", "﹢": "+", "﹣": "-", "萬": "万", "億": "亿", "減": "减", "項": "项", "條": "条"}
)
SHORT = 24  # characters: figures are shorter; what is longer is not kept
PUT_ON = {"No"}  # superscripts, circled digits: NFKC would melt a footnote mark into the figure


class NotANumber(ValueError):
    """A cell holds digits, but not in a way that the grammar knows: footnote mark, exponent, double sign."""


class Number(NamedTuple):
    """A printed number: `value` as printed (not scaled), `unit` the word behind it or "", `decimals` how many."""

    value: float
    unit: str = ""
    decimals: int = 0
    remark: str = ""


class Value(NamedTuple):
    """A cell's content: a number only where the state is number; `why` tells what was not understood."""

    state: State
    number: Number | None = None
    why: str = ""


def clean(text: str) -> str:
    """A cell's text without bookmarks, invisible characters and outer spaces."""
    if text.isascii() and "[" not in text:
        return text.strip()
    return INVISIBLE.sub("", BOOKMARK.sub("", text)).strip().strip("\u3000\xa0")


def number(text: str) -> Number | None:
    """The number printed in a cell with sign and unit, e.g. "2358万"; None where there is no digit at all.

    Raises NotANumber with the text where digits are mixed with something else.
    """
    text = clean(text)
    if text.isascii() and text.isdigit():
        return Number(float(text))
    if _marked(text):
        raise NotANumber(text)
    plain = LOOSE.sub("", unicodedata.normalize("NFKC", text)).translate(MINUS)
    if not any(char.isdigit() for char in plain):
        return None
    if re.search(r"\d\s+\d", text):  # 12 34: two numbers or one? the text does not tell
        raise NotANumber(text)
    found = NUMBER.fullmatch(plain)
    if found is None or not plain.isprintable() or not _western(plain):
        raise NotANumber(text)
    decimals = found["decimals"] or ""
    value = float(found["sign"] + found["digits"].replace(",", "") + decimals)
    return Number(value, found["unit"] or "", max(0, len(decimals) - 1), found["remark"] or "")


def change(text: str) -> Number | None:
    """A change told in words, e.g. 增10 or 减少3, as a signed number; None for anything else."""
    text = clean(text)
    found = (
        None
        if _marked(text)
        else WORDED_CHANGE.fullmatch(LOOSE.sub("", unicodedata.normalize("NFKC", text)).translate(MINUS))
    )
    if found is None or not _western(found["digits"]):
        return None
    return Number((-1.0 if found["word"].startswith("减") else 1.0) * float(found["digits"]), found["unit"] or "")


def value(text: str, kind: str = "flow") -> Value:
    """The state of a cell and its number, given the kind of quantity that the form asks for there."""
    return _value(text, kind) if len(text) <= SHORT else _value.__wrapped__(text, kind)


@lru_cache(maxsize=32768)
def _value(text: str, kind: str) -> Value:
    text = clean(text)
    if not text:
        return Value("blank")
    if kind == "text":
        return Value("dash" if DASH.fullmatch(text) else "text")
    if DASH.fullmatch(unicodedata.normalize("NFKC", text)):
        return Value("dash")
    try:
        found = number(text)
    except NotANumber:
        found = change(text) if kind == "change" else None
        return Value("number", found) if found else Value("text", why="unclear_number")
    if found:
        return Value("number", found)
    return Value("text", why="" if kind == "yes_no" else "unclear_number" if _strayed(text) else "not_a_number")


def _strayed(text: str) -> bool:
    """Whether a dash stands on a line of its own beside lines of words: they may be no part of the cell."""
    lines = [unicodedata.normalize("NFKC", line).strip() for line in text.splitlines()]
    return len(lines) > 1 and any(DASH.fullmatch(line) for line in lines)


def _marked(text: str) -> bool:
    """Footnote marks and turning marks, which normalisation would melt into the figure."""
    return any(unicodedata.category(char) in PUT_ON for char in text) or bool(TURNING.search(text))


def _western(text: str) -> bool:
    """Digits of other scripts (Arabic-Indic, …) survive NFKC and float(): they are not what a form prints."""
    return all(char in "0123456789" for char in text if char.isdigit())
