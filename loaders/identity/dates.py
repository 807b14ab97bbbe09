"""Dates and years as reports print them, in digits or in Chinese numerals."""

from __future__ import annotations

import re
from datetime import date

DIGITS = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0, "O": 0, "0": 0, "两": 2}
MYRIADS = {"十": 10, "百": 100, "千": 1000}
HAN_YEAR = r"二[〇零○O0][〇零○O0一二三四][〇零○O0一二三四五六七八九]"
YEAR = r"(?:20[0-4]\d|" + HAN_YEAR + ")"
DATE = re.compile(  # begins with one character class: quick to search
    r"[2二](?:(?<=2)(?<![\d/]2)(0[0-4]\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)(?:\s*日)?"
    r"|(?<=二)(" + HAN_YEAR[1:] + r")年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日)"
)


def year_of(text: str) -> int:
    """A year printed 2020 or 二〇二〇; raises KeyError where a character is neither."""
    return int(text) if text.isdecimal() else int("".join(str(DIGITS[c]) for c in text))


def han_number(text: str) -> int | None:
    """The value of a Chinese numeral such as 二百二十 or 一千零五; None where it is none."""
    if not text:
        return None
    total = section = digit = 0
    for place, char in enumerate(text):
        if char in MYRIADS:
            if not digit and (place or char != "十"):
                return None
            section, digit = section + (digit or 1) * MYRIADS[char], 0
        elif char == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        elif char in DIGITS and (not digit or text[place - 1] == "零"):
            digit = DIGITS[char]
        else:
            return None
    return total + section + digit


def date_of(match: re.Match[str]) -> str | None:
    """The day of a match of DATE as ISO text; None where there is no such day."""
    if match[1]:
        parts: list[int | None] = [2000 + int(match[1]), int(match[2]), int(match[3])]
    else:
        parts = [year_of("二" + match[4]), han_number(match[5]), han_number(match[6])]
    year, month, day = (part or 0 for part in parts)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
