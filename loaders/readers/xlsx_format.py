"""What a spreadsheet shows for a stored number: a small reading of number formats, honest about what it can't read.

shown      12, 1,234.50, 2358万元: the number format tells (General, digits, separators, quoted words, signs)
remark     12.345(显示为12.35): the format hides digits; the stored number stands, the remark tells what is shown
date       2021-01-20; percent 12.5%: as shown, and no value cell takes them for a number
kept       [12]: conditions, fractions, exponents, Chinese numerals, scaling: what is shown can't be known here
""  a zero that the format or the sheet hides
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise

GENERAL = {"", "general", "g/通用格式", "@"}
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@",
    37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    41: '#,##0;-#,##0;"-"', 42: '"¥"#,##0;-"¥"#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"', 44: '"¥"#,##0.00;-"¥"#,##0.00;"-"',
}  # fmt: skip
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
UNKNOWN = "未知"
STORED = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]'
    r"|\[(?:Red|Black|Blue|Green|White|Yellow|Cyan|Magenta|Color\d+|[红黑蓝绿白黄青]色?)\]"
    r"|([#0?.,]+)|(%)|([-+ ()（）¥￥$:、]|(?!未知)[\u4e00-\u9fff])",
    re.IGNORECASE,
)
DIGITS = re.compile(r"(?:[#0?]*(?:,[#0?]{3})*|#,##[#0?])(?:\.([#0?]+))?")
DATE_LETTERS = re.compile(r"[ydhsm年月日时分秒]", re.IGNORECASE)
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
LONGEST_CODE = 255
LARGEST = 15  # digits that a spreadsheet keeps
FIRST_DAY, OTHER_FIRST_DAY, LAST_DAY = date(1899, 12, 30), date(1904, 1, 1), 2_958_465


@dataclass(frozen=True, slots=True)
class Pattern:
    """One section of a format: what stands before and behind the digits, and how the digits are set."""

    before: str
    behind: str
    fixed: int  # decimals always shown
    most: int  # decimals shown at most
    grouped: bool
    percent: bool
    digits: bool


def shown(stored: str, code: str, zeros: bool = True, from_1904: bool = False) -> str:
    """What a cell with a stored number shows under a format code; see the module for the forms it takes."""
    if len(stored) > 40 or not STORED.fullmatch(stored):
        return f"[{stored[:40]}]"
    number = _cleaned(stored)
    if number == 0 and not zeros:
        return ""
    if code.strip().lower() in GENERAL:
        return _plain(number)
    if len(code) > LONGEST_CODE:
        return f"[{_plain(number)}]"
    if _dated(code):
        return _day(number, from_1904)
    section, signed = _section(code, number)
    if section.strip() and section.strip().lower() in GENERAL:
        return _plain(number)
    pattern = _pattern(section)
    if pattern is None:
        return f"[{_plain(number)}]"
    return _set(number, pattern, signed)


def code(format_id: int, own: dict[int, str]) -> str:
    """The format code of a number format id: a workbook's own, else a built-in one; "?" for unknown ones."""
    if format_id in own:
        return own[format_id]
    return "yyyy-mm-dd" if format_id in DATES else BUILT_IN.get(format_id, UNKNOWN)


def _cleaned(stored: str) -> Decimal:
    """The stored number without binary noise: 0.30000000000000004 is shown as 0.3."""
    exact = Decimal(stored)
    if len(exact.as_tuple().digits) <= LARGEST:
        return exact
    return Decimal(f"{exact:.{LARGEST}g}")


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if number else "0"


@cache
def _dated(code: str) -> bool:
    return code != UNKNOWN and "general" not in code.lower() and bool(DATE_LETTERS.search(QUOTED.sub("", code)))


def _day(number: Decimal, from_1904: bool) -> str:
    if not 1 <= number <= LAST_DAY - (1462 if from_1904 else 0):
        return f"[{_plain(number)}]"
    return ((OTHER_FIRST_DAY if from_1904 else FIRST_DAY) + timedelta(days=int(number))).isoformat()


def _section(code: str, number: Decimal) -> tuple[str, bool]:
    """The section of a format for this number, and whether the number's own sign is to be shown."""
    parts = _sections(code)
    if len(parts) >= 3 and number == 0:
        return parts[2], False
    if len(parts) >= 2 and number < 0:
        marked = any(sign in parts[1] for sign in "-(（")
        return parts[1], not marked  # a red 5 is a −5 that lost its sign
    return parts[0], True


@cache
def _sections(code: str) -> list[str]:
    """The parts of a format: positive; negative; zero; text. A semicolon in quotes parts nothing."""
    cuts = [n for n, char in enumerate(QUOTED.sub(lambda found: " " * len(found.group()), code)) if char == ";"]
    return [code[a + 1 : b] for a, b in pairwise([-1, *cuts, len(code)])]


@cache
def _pattern(section: str) -> Pattern | None:
    """A section of a format as a pattern; None where it holds something that is not read here."""
    before, behind, digits, percent, at = "", "", "", False, 0
    while at < len(section):
        token = TOKEN.match(section, at)
        if token is None:
            return None
        word = next((group for group in token.group(1, 2, 3, 6) if group is not None), "")
        if token.group(4):
            if digits or not DIGITS.fullmatch(token.group(4)):
                return None
            digits = token.group(4)
        elif token.group(5):
            percent, behind = True, behind + "%"
        elif digits:
            behind += word
        else:
            before += word
        at = token.end()
    if percent and "%" not in behind:
        return None
    decimals = digits.partition(".")[2]
    return Pattern(before, behind, decimals.count("0"), len(decimals), "," in digits, percent, bool(digits))


def _set(number: Decimal, pattern: Pattern, signed: bool) -> str:
    if not pattern.digits:  # words only: 会计专用 shows a zero as "-"
        words = (pattern.before + pattern.behind).strip()
        if not words:
            return "" if number == 0 else f"[{_plain(number)}]"
        return f"{_plain(number)}(显示为{words})" if _harmless(words) else f"[{_plain(number)}]"
    value = abs(number) * (100 if pattern.percent else 1)
    rounded = value.quantize(Decimal(1).scaleb(-pattern.most), ROUND_HALF_UP)
    text = f"{rounded:,f}" if pattern.grouped else f"{rounded:f}"
    if pattern.most > pattern.fixed:
        head, dot, tail = text.partition(".")
        tail = tail.rstrip("0").ljust(pattern.fixed, "0")
        text = head + dot + tail if tail else head
    sign = "-" if signed and number < 0 else ""
    before, behind = pattern.before.strip(), pattern.behind.strip()
    if rounded != value:
        said = f"{sign}{before}{text}{behind}"
        return f"{sign}{before}{_plain(value)}{behind}(显示为{said})" if _harmless(said) else f"[{_plain(number)}]"
    return f"{sign}{before}{text}{behind}"


def _harmless(words: str) -> bool:
    return not re.search(r"[()（）]", words) and len(words) <= 30
