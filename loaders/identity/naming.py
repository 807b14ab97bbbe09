"""Whether the names that a report gives its body are those of one body: title, signature, portal, and its own prose.

Names differ honestly: parts are left out, a government's office signs for it, a portal names the government above, a
bureau was renamed. What is left are two bodies, or one name written in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from loaders.identity.agencies import agency_level, agency_type
from loaders.identity.bodies import field_of
from loaders.identity.scope import spoken
from loaders.identity.script import plain
from loaders.identity.told import related

AGENCY = "机关："  # how a conflict about the body's name begins
SMALL = ("township", "street_office")
ITSELF = ("bureau", *SMALL)  # what answers for itself; governments, their offices and centres publish for others
FOR_OTHERS = re.compile(r"办公室$|办$")
TOWN = re.compile(r"(?:街道办事处|街道办|街办|街道|人民政府|政府|办事处)$")
PLACE = re.compile(r"[\u4e00-\u9fff]+?[省市县区旗州盟]")
OWN_WORD = re.compile(
    r"(?:^|[省市县区旗州盟])(?P<proper>(?:(?![省市县区旗州盟])[\u4e00-\u9fff]){3,6})"
    r"(?P<word>街道|镇|乡)(?:办事处|人民政府)?$"
)
TWICE = 2  # the other spelling is no slip of one place


def same_body(one: str, other: str, year: int | None = None) -> bool:
    """Whether two names may be those of one body, or of one that publishes for the other."""
    kinds = agency_type(one), agency_type(other)
    peoples = "族" in one, "族" in other  # 乙苗族乡 is 乙乡 for short
    if all(kind in SMALL for kind in kinds) and peoples[0] == peoples[1]:
        short, long = sorted((TOWN.sub("", name) for name in (one, other)), key=len)
        return long.endswith(short)
    if related(one, other):
        return True
    if kinds == ("government", "government"):
        return agency_level(one, year) != agency_level(other, year)
    if any(kind not in ITSELF for kind in kinds) or any(FOR_OTHERS.search(name) for name in (one, other)):
        return True
    if kinds != ("bureau", "bureau"):
        return False
    fields = [field_of(PLACE.sub("", name))[0] for name in (one, other)]
    places = [PLACE.findall(name)[-1:] for name in (one, other)]
    return None in fields or (fields[0] == fields[1] and (not all(places) or places[0] == places[1]))


def apart(told: Iterable[tuple[str, str]], year: int | None) -> Iterator[str]:
    """A conflict for each name that is another body's than the first; `told` are pairs of where and name."""
    first, *others = [*told] or [("", "")]
    for where, name in dict.fromkeys(others):
        if not same_body(first[1], name, year):
            yield f"{AGENCY}{first[0]}为“{first[1]}”，{where}为“{name}”"


def in_prose(agency: str | None, level: str, prose: str) -> Iterator[str]:
    """A conflict where the prose speaks as a larger body, or writes the name of a township or street one character short."""
    if word := spoken(level, prose):
        yield AGENCY + word
    found = OWN_WORD.search(agency or "")
    if found is None:
        return
    proper, word = found["proper"], found["word"]
    text = plain(prose).replace(proper + word, "")
    for at in range(len(proper)):
        short = proper[:at] + proper[at + 1 :] + word
        if (count := text.count(short)) >= TWICE:
            yield f"{AGENCY}机关名为“{agency}”，正文又称“{short}”（{count}处）"
