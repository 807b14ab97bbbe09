"""One agency over years, spellings and containers: a key from where it is and what is left of its name.

前进道街道办事处 is 前进街道, 县人民政府 is 县政府, 国土资源局 of a place is its 自然资源局. What was merged into another body
keeps a key of its own, and its lineage is that of the body of today; codebook/agencies/fields.csv says which is which.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import NamedTuple

from codebook import book
from loaders.identity import hosts, successors
from loaders.identity.agencies import agency_type, is_national
from loaders.identity.evidence import Region
from loaders.identity.gazetteer import ZONE, gazetteer
from loaders.identity.names import matches, segments
from loaders.identity.script import plain
from loaders.identity.towns import OWN_WORD, TOWN

SAME, MERGED = "same", "merged"
OFFICE = re.compile(r"^(?:人民)?政府(?:办公室|办公厅|办)$")
WHOLE = re.compile(r"^(?:(?:人民)?政府|行政公署|行署)?$")
LOCAL = re.compile(r"^(?:人民)?(?:政府)?(?:街道|地区)?(?:办事处|街办|办)?$")
ENDING = re.compile(r"(?:委员会办公室|委员会|办公室|总局|局|厅|委|办)$")
ABOVE = re.compile(r"^(?:人民政府|管委会|管理委员会)(?=.)")
JOINTS = re.compile(r"[和与及、]")
LENGTH = 12  # characters of a key


class Body(NamedTuple):
    """`key` is the agency_id, `lineage` the id of the body of today that took over, `field` what a bureau works on."""

    key: str | None
    lineage: str | None
    field: str | None


@cache
def _fields() -> dict[str, tuple[str, str]]:
    """Name of a bureau without its ending → field and role."""
    return {
        JOINTS.sub("", name): (row["field"], row["role"])
        for row in book().agency_fields
        for name in row["names"].split("|")
    }


def field_of(rest: str) -> tuple[str | None, str]:
    """The field of a bureau by what is left of its name, and its role where the whole name is in the list ("" where not)."""
    rest = ABOVE.sub("", rest) or rest
    core = JOINTS.sub("", ENDING.sub("", rest))
    if core in _fields() and core != JOINTS.sub("", rest):
        return _fields()[core]
    before = core.split("局")[0].split("委员会")[0]
    starts = [name for name in _fields() if before.startswith(name)]
    return (_fields()[max(starts, key=len)][0] if starts else None), ""


def rest_of(name: str, place: Region, zones: bool = False) -> str:
    """What is left of an agency's name without the places in it, in simplified script: 教育局, 人民政府办公室.

    `zones`: without the zones in it too, which are places but not the report's where a district shares its ground.
    """
    book_, known = gazetteer(), {place.province, place.city, place.county, place.township, place.zone}
    parts = segments(name)
    for match in reversed(matches(name, prose=False)):
        units = [book_.units[u] for u in match.units]
        if known & {unit.name for unit in units} or (zones and any(unit.level == ZONE for unit in units)):
            part = parts[match.segment]
            parts[match.segment] = part[: match.start] + part[match.end :]
    rest = "".join(parts)
    if place.township and (near := TOWN.match(rest.removeprefix("人民政府"))):  # 前进街道 for 前进道街道
        rest = rest.removeprefix("人民政府")[near.end(1) :]
    return rest


def _plainly(rest: str, place: Region) -> str:
    """One wording for what is the same: 政府 for 人民政府, nothing for a street's own office."""
    if place.township and LOCAL.match(rest):
        return ""
    if OFFICE.match(rest):
        return "政府办公室"
    if WHOLE.match(rest):
        return "政府"
    return JOINTS.sub("", rest).replace("管理委员会", "管委会").replace("委员会", "委").replace("人民政府", "政府")


def body(name: str | None, place: Region, url: str = "", own: str = "") -> Body:
    """The keys of an agency; `own` tells reports apart whose place is open: 城关镇 of one site is not 城关镇 of another."""
    if not name:
        return Body(None, None, None)
    rest = rest_of(name, place)
    field, role = None, ""
    if agency_type(name) in ("bureau", "vertical"):
        field, role = field_of(rest)
        field = field or field_of(rest_of(name, place, zones=True))[0]
    if not place.is_settled:
        told = "".join(segments(name)) if not is_national(plain(name)) else plain(name)
        alone = place.region_status == "ambiguous" or OWN_WORD.match(told) or not matches_a_place(told)
        where = (hosts.host_of(url) or own) if alone and not is_national(plain(name)) else ""
        key = _hashed("?", place.adcode or "", told, where)
        return Body(key, key, field)
    said = _plainly(rest, place)
    zone, town = place.zone or "", place.township or ""
    code = place.adcode or ""
    deepest = place.county or place.city or place.province or ""
    kept = f"field:{field}" if role == SAME else said
    later = f"field:{field}" if role in (SAME, MERGED) else said
    key = _hashed(successors.lasting(code, deepest), zone, town, kept)
    return Body(key, _hashed(successors.today(code, deepest), zone, town, later), field)


def matches_a_place(name: str) -> bool:
    """Whether a name has a word of its own before its office, known to the table or not: 甲县教育局, not 教育局."""
    return bool(re.match(r".{1,12}?[省市县区旗州盟镇乡]|.{1,8}(?:街道|苏木)", name))


def _hashed(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:LENGTH]
