"""What stands beside a document: the row of an index, a note, the columns of a corpus. It is somebody's word on it."""

from __future__ import annotations

import re
from dataclasses import dataclass

OFFICE = re.compile(r"(?:人民政府|政府|办事处)$")


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a document from outside: title, body, year, day as ISO text; empty or None where nothing is."""

    title: str = ""
    agency: str = ""
    basis: str = ""  # where the body's name was read, in the words of the index
    year: int | None = None
    published: str = ""


NOTHING = Told()


def related(one: str, other: str) -> bool:
    """Whether one name is the other with parts left out: 锡盟商务局 and 锡林郭勒盟商务局, 甲县乙镇 and 丙市甲县乙镇人民政府."""
    short, long = sorted((OFFICE.sub("", name) for name in (one, other)), key=len)
    rest = iter(long)
    return all(char in rest for char in short)
