"""Counts that a report tells in its sentences: 主动公开信息220条, 未收到申请, 采购总金额2358万元.

The wordings are data, codebook/prose.csv, first fitting row first: a pattern is a regular expression in which `#` is
the number with its unit, `…` a few words without a number, and `<name>` the row word.<name>. Rows `not` are what a
count must not stand beside (in its clause, cut at commas); rows whose unit begins with 0 tell zero without a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from codebook.book import book
from loaders.identity.dates import HAN_YEAR, han_number, year_of
from loaders.identity.script import plain

SENTENCE = re.compile(r"[^。;!?\n]{1,1000}")  # longer ones are glued tables
NUMERAL = re.compile(r"[0-9〇零一二两三四五六七八九十百千][0-9,.〇零一二两三四五六七八九十百千]*")
DIGITS = re.compile(r"\d{1,3}(?:,\d{3}){1,4}|\d{1,12}(?:\.\d{1,8})?")
COUNTED = re.compile(
    r" ?(?P<scale>百万|千万|万|亿)? ?(?P<more>余|多|几)?(?P<late>万)?"
    r"(?P<unit>条|件|则|篇|项|份|宗|起|例|元|个|次|期|(?<=[万亿])(?![\u4e00-\u9fff]))(?P<tail>左右|以上|上下)?"
)
NOT_BEFORE = set("第〔[■-/.") | set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
SCALES = {None: 1, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
ABOUT = re.compile(r"(?:约|近|将近|接近|大约|超过?|逾|不到|上)\s?$")
TOTAL = re.compile(r"(?<!公)共|合计|总[计数量]|全年")
YEAR = re.compile(rf"(?<![\d〔\[])(20[0-4]\d|{HAN_YEAR})年")
THIS_YEAR = re.compile(r"今年|本年|全年|年内|报告期")
QUOTED = re.compile(r"《[^《》]{0,60}》")
CUE = re.compile(r"公开|发布|动态|申请|处理费|采购|微信|微博|公众号|推送|网站|抖音|公示|信息|收取|复议|诉讼|规范性文件")
NONE = re.compile(r"[未没无不]")
CLAUSE = re.compile(r"[,()]|(?<=[条件则篇项期次个元])、")
LEFT, RIGHT = 64, 24  # characters around a number in which its words stand
BACK = 600  # characters before a sentence in which the year it speaks of is looked for


@dataclass(frozen=True, slots=True)
class ProseCount:
    """A count told in a sentence: `raw` is text[start:end], the words that tell it; `value` money in yuan."""

    code: str
    value: float
    unit: str
    raw: str
    start: int
    end: int
    doubt: str | None = None


class _Number(NamedTuple):
    """A number with its unit in a sentence: `value` scaled, `about` whether words make it an approximate one."""

    value: float
    unit: str
    start: int
    end: int
    about: bool


class _Row(NamedTuple):
    code: str
    pattern: re.Pattern[str]
    units: tuple[str, ...]
    zero: bool
    doubt: str | None


class _Rules(NamedTuple):
    rows: tuple[_Row, ...]
    zeros: tuple[_Row, ...]
    nots: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _rules() -> _Rules:
    """The rows of prose.csv as patterns; raises KeyError where a pattern names a word that has no row."""
    words: dict[str, str] = {}
    rows, nots = [], []
    for row in book().prose:
        pattern = re.sub(r"<(\w+)>", lambda m: words[m[1]], row["pattern"]).replace("…", "[^#。0-9,、]{0,12}")
        if row["code"].startswith("word."):
            words[row["code"].removeprefix("word.")] = pattern
        elif row["code"].split()[0] == "not":
            nots.append((row["code"].removeprefix("not").strip(), re.compile(pattern)))
        else:
            zero = row["unit"].startswith("0 ")
            units = tuple(row["unit"].removeprefix("0 ").split())
            rows.append(_Row(row["code"], re.compile(pattern), units, zero, row["doubt"] or None))
    return _Rules(tuple(r for r in rows if not r.zero), tuple(r for r in rows if r.zero), tuple(nots))


def _numbers(sentence: str) -> Iterator[_Number]:
    for numeral in NUMERAL.finditer(sentence):
        start, end = numeral.span()
        counted = COUNTED.match(sentence, end)
        before = sentence[start - 1 : start]
        if not counted or (start and before in NOT_BEFORE) or (before in ("几", "数") and numeral[0][0] in "十百千"):
            continue  # 第二十条 and 几十条 tell no number
        digits = numeral[0]
        value = float(digits.replace(",", "")) if DIGITS.fullmatch(digits) else han_number(digits)
        if value is None:
            continue
        value = round(value * SCALES[counted["scale"]] * SCALES[counted["late"]], 6)
        about = bool(counted["more"] or counted["tail"] or ABOUT.search(sentence[max(0, start - 4) : start]))
        yield _Number(value, counted["unit"] or "元", start, counted.end(), about)


def _barred(code: str, clause: str) -> bool:
    return any((not only or only == code) and pattern.search(clause) for only, pattern in _rules().nots)


def _clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Where the clause around a place begins and ends: the words between its commas."""
    first = max((m.end() for m in CLAUSE.finditer(sentence, 0, start)), default=0)
    first += len(sentence[first:start]) - len(sentence[first:start].lstrip())
    after = CLAUSE.search(sentence, end)
    return first, after.start() if after else len(sentence.rstrip())


def _other_year(before: str, sentence: str, year: int | None) -> tuple[bool, str | None]:
    """Whether a sentence up to its number speaks of another year, and a doubt where the one before it does."""
    if year is None:
        return False, None
    if told := [year_of(m[1]) for m in YEAR.finditer(sentence)]:
        return told[-1] != year, None
    if THIS_YEAR.search(sentence):
        return False, None
    earlier = [year_of(m[1]) for m in YEAR.finditer(before)]
    if earlier and earlier[-1] != year:
        return False, f"前文所说为{earlier[-1]}年"
    return False, None


def _in_sentence(text: str, start: int, end: int, paragraph: int, year: int | None) -> Iterator[ProseCount]:
    """The counts of one sentence of the half-width text, `paragraph` being where its paragraph begins."""
    sentence = text[start:end]
    if not CUE.search(sentence):
        return
    sentence = QUOTED.sub(lambda m: "《" + "书" * (len(m[0]) - 2) + "》", sentence)
    rules = _rules()
    for number in _numbers(sentence):
        left = sentence[max(0, number.start - LEFT) : number.start]
        window = left + "#" + sentence[number.end : number.end + RIGHT]
        for row in rules.rows:
            if number.unit not in row.units or not (told := _telling(row.pattern, window, len(left))):
                continue
            first, last = _clause(sentence, number.start, number.end)
            clause = sentence[first : number.start] + "#" + sentence[number.end : last]
            other, doubt = _other_year(text[max(paragraph, start - BACK) : start], sentence[: number.start], year)
            parts = number.value != int(number.value) and row.units[0] != "元"
            if other or parts or _barred(row.code, clause):
                break
            about = f"约数：“{sentence[number.start : number.end]}”" if number.about else None
            doubts = "；".join(filter(None, [row.doubt, doubt, about])) or None
            first = min(first, number.start - len(left) + told.start())
            last = number.end + max(0, told.end() - len(left) - 1)
            yield ProseCount(row.code, number.value, row.units[0], "", start + first, start + last, doubts)
            break
    if not NONE.search(sentence):
        return
    for row in rules.zeros:
        for told in row.pattern.finditer(sentence):
            other, doubt = _other_year(text[max(paragraph, start - BACK) : start], sentence[: told.start()], year)
            first, last = _clause(sentence, told.start(), told.end())
            if not other and not _barred(row.code, sentence[first:last]):
                yield ProseCount(row.code, 0.0, row.units[0], "", start + first, start + last, doubt)
                break


def _telling(pattern: re.Pattern[str], window: str, at: int) -> re.Match[str] | None:
    """The match of a pattern whose # is the number at the place `at` of the window."""
    return next((m for m in pattern.finditer(window) if m.start() <= at < m.end()), None)


def _settled(found: list[ProseCount]) -> list[ProseCount]:
    """One row a code where the values agree or one is called the total; else all of them, each naming the others."""
    settled: list[ProseCount] = []
    for code in dict.fromkeys(count.code for count in found):
        told = {count.value: count for count in reversed(found) if count.code == code}
        counts = sorted(told.values(), key=lambda count: count.start)
        totals = [c for c in counts if TOTAL.search(c.raw)]
        if len(counts) > 1 and len(totals) == 1 and totals[0].value == max(told):
            counts = totals
        for count in counts:
            others = "、".join(f"{c.value:g}" for c in counts if c is not count)
            doubt = "；".join(filter(None, [count.doubt, f"文中另说{others}" if others else None])) or None
            settled.append(replace(count, doubt=doubt))
    return sorted(settled, key=lambda count: (count.start, count.code))


def counts(text: str, spans_outside_tables: Sequence[tuple[int, int]], year: int | None) -> list[ProseCount]:
    """The counts told in the sentences between the tables of a decoded document, in the order of the text.

    A count of another year, of a plan or of other business is left out; an approximate one carries a doubt, and so do
    two values told for one code.
    """
    found: list[ProseCount] = []
    for first, last in spans_outside_tables:
        flat, paragraph = plain(text[first:last]), 0
        for sentence in SENTENCE.finditer(flat):
            start, end = sentence.span()
            if start and flat[start - 1] == "\n":
                paragraph = start
            for count in _in_sentence(flat, start, end, paragraph, year):
                at = first + count.start, first + count.end
                found.append(replace(count, start=at[0], end=at[1], raw=text[at[0] : at[1]]))
    return _settled(found)
