"""Is it one report? Two in one file would lend each other their tables, their agency and their year."""

from __future__ import annotations

import re
from functools import cache

from codebook import book
from loaders.errors import BadStructure
from loaders.identity.script import plain
from loaders.identity.titles import Title, find_title
from loaders.reading import Reading

TELLING, LONG = "requests", 8
MARKS, ORDINAL = re.compile(r"[\s|│┃“”\"]+"), re.compile(r"^[\d一二三四]+[.、]")
NEAR = 40  # lines above a table in which the title of a second report stands
ONE = 1  # a single table may be printed twice by mistake; it is refused, and the report stays


def refuse_two(text: str, found: Reading) -> None:
    """Raises BadStructure (TWO_REPORTS) where several tables come twice and differ, or stand below another title."""
    differ = dict.fromkeys(again.table for again in found.again if not again.same)
    if len(differ) > ONE:
        raise BadStructure("TWO_REPORTS", "几张表各出现两次，数值不同：" + "、".join(differ))
    if not any(again.table == TELLING for again in found.again) and _printed_twice(text):
        raise BadStructure("TWO_REPORTS", "申请表的行标题印了两遍，两遍的排列不同，无法比较")
    if not found.again:
        return
    flat = plain(text)
    first = find_title(flat, found.spans[0][0] if found.spans else len(flat))
    for again in found.again:
        other = _title_above(flat, again.start)
        if first and other and _differ(first, other):
            raise BadStructure("TWO_REPORTS", f"文中有两份报告：“{first.text}”“{other.text}”")


@cache
def _rare() -> tuple[str, ...]:
    """Row labels that no prose prints: the long ones of the request table, spelled alike in all vintages."""
    layouts = book().layouts[TELLING]
    shared = set.intersection(*({ORDINAL.sub("", _squeezed(row.label)) for row in layout.rows} for layout in layouts))
    return tuple(sorted(label for label in shared if len(label) >= LONG))


def _squeezed(text: str) -> str:
    return MARKS.sub("", plain(text))


def _printed_twice(text: str) -> bool:
    """Whether half of these labels stand in the text more than once, in whatever layout."""
    flat = _squeezed(text)
    return 2 * sum(flat.count(label) > 1 for label in _rare()) >= len(_rare())


def _title_above(text: str, start: int) -> Title | None:
    at = start
    for _ in range(NEAR):
        at = text.rfind("\n", 0, max(at, 0))
        if at < 0:
            break
    part = text[max(at, 0) : start]
    return find_title(part, len(part))


def _differ(one: Title, other: Title) -> bool:
    """Whether two titles name different bodies or years; what one of them does not name does not count."""
    bodies = bool(one.agency and other.agency) and one.agency != other.agency
    return bodies or (bool(one.years and other.years) and one.years != other.years)
