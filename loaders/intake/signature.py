"""Whether a text can be an annual report at all: a cheap look for the words of its tables, before it is read.

A mixed corpus holds a thousand pages for each report. The look must never pass over a report; what it lets through is
read as any document is, and told apart there.
"""

from __future__ import annotations

import re
from functools import cache

from codebook import book
from loaders.labels import plain
from loaders.lists.wording import stem

SUBJECT = ("公开", "公開", "规章", "規章", "第二十条", "第二十條")
BETWEEN = re.compile(r"<[^<>]{0,2000}>|&nbsp;|[\s|*\u200b-\u200f\ufeff]+")
OTHER_SCRIPT = re.compile(
    r"[開項規數⺠⾏]|\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+\)"
)  # mirrors in traditional script, with pinyin
SHORTEST = 4  # a label of fewer characters stands in any text
OF_LIST = 8  # labels of each list of before 2019, the longest: they stand nowhere else
ENOUGH = 3  # different labels; the beginnings of reports that reach into their first table have five and more


def is_likely(text: str) -> bool:
    """Whether so many labels of the form stand in a text (or page) that it should be read."""
    if not any(word in text for word in SUBJECT):
        return False
    if _holds(text):  # most are printed as they are: no need to take anything away
        return True
    squeezed = BETWEEN.sub("", text)
    if _holds(squeezed):
        return True
    # By the function and not by its cache, which would keep whole pages.
    return bool(OTHER_SCRIPT.search(text)) and _holds(plain.__wrapped__(squeezed))


def _holds(squeezed: str) -> bool:
    found = 0
    for label in _labels():
        found += label in squeezed
        if found >= ENOUGH:
            return True
    return False


@cache
def _labels() -> tuple[str, ...]:
    """Labels of all forms without their brackets and ordinals, each once, those of the first table first."""
    found = dict[str, None]({"第二十条第": None})
    for layouts in book().layouts.values():
        for layout in layouts:
            for line in (*layout.rows, *layout.columns):
                label = re.split(r"[(（]", re.sub(r"^[(（]?[一二三四五六七八九十\d]+[)）、.]", "", plain(line.label)))[
                    0
                ]
                if len(label) >= SHORTEST:
                    found[label] = None
    for some in book().lists.values():
        for listing in some:
            stems = sorted((stem(entry.label) for entry in listing.entries if entry.units), key=len, reverse=True)
            found |= dict.fromkeys(stems[:OF_LIST])
    return tuple(found)
