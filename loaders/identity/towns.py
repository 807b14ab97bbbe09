"""What a body's own words ask for: a township nearly so written in a county already known, or a level (县教育局)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from loaders.identity.candidates import lies_with
from loaders.identity.gazetteer import CITY, COUNTY, PROVINCE, TOWNSHIP, Gazetteer
from loaders.identity.names import Match, headless, segments

NEAR, APART = 88.0, 6.0  # rapidfuzz ratio of a township inside a county already known, and its lead over the next
TOWN = re.compile(r"([\u3400-\u9fff\U00020000-\U0003ffff]{1,12}?(?:街道|镇|乡|苏木))(?:$|人民|政府|办|党|\d|年)")
OWN_WORD = re.compile(r"^(省|自治区|市(?![场政容])|州|盟|县|区(?![域块])|旗|镇|乡(?!村)|街道)")  # 市场, 乡村: no levels
ASKS = {
    **dict.fromkeys(("省", "自治区"), (PROVINCE,)), "市": (PROVINCE, CITY, COUNTY),
    **dict.fromkeys("州盟", (CITY,)), **dict.fromkeys("县区旗", (COUNTY,)),
    **dict.fromkeys(("镇", "乡", "街道"), (TOWNSHIP,)),
}  # fmt: skip


def nearest_town(body: str, found: Sequence[Match], unit: int, year: int | None, book: Gazetteer) -> tuple[int, str]:
    """The township of the body's name inside the unit by likeness (-1: none is like it), with the words for it."""
    text = "".join(segments(body))
    last = next((m.name for m in reversed(found) if lies_with(unit, m, book)), "")
    tail = (text[text.rfind(last) + len(last) :] if last else text).removeprefix("人民政府")
    if not (printed := TOWN.match(tail)):
        return -1, ""
    towns = [u for u in book.children.get(unit, ()) if book.units[u].level == TOWNSHIP and book.lateness(u, year) < 1]
    ranked = sorted(((fuzz.ratio(printed[1], book.units[u].name), u) for u in towns), reverse=True)
    if ranked and ranked[0][0] >= NEAR and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= APART):
        return ranked[0][1], f"“{printed[1]}”与“{book.units[ranked[0][1]].name}”相近（{ranked[0][0]:.0f}）"
    return -1, f"“{printed[1]}”不在区划表中"


def falls_short(body: str, unit: int, book: Gazetteer) -> bool:
    """Whether the body's own word (县教育局, 镇人民政府) asks for another level than the unit's."""
    own = OWN_WORD.match(headless(body))
    if not own:
        return False
    row = book.units[unit]
    levels = ASKS[own[1]]
    return row.level not in levels or (own[1] in "市州盟县区旗" and not row.name.endswith(own[1]))
