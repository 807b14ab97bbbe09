"""Page numbers, running heads and what a browser prints around a page: told by their place and by repetition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from loaders.readers.drawn import Line
from loaders.readers.seams import Flow

ZONE = 0.14  # of the page's height, at its top and at its bottom
DEPTH = 2  # lines of a running head
NEAR = 6.0
FRAMED = re.compile(r"^[-—–－―─·•.\s]*第?\s*(\d{1,4})\s*页?(?:\s*[/／,，共of\s]+\s*(\d{1,4})\s*页?)?[-—–－―─·•.\s]*$")
NUMBER_LINE = 200  # characters of a line that may hold a page number alone
PRINTED = 1_000  # characters of a line in which a browser's mark would stand
BROWSER = re.compile(r"https?://|file:/|\b\d{1,2}:\d{2}\b.*20\d\d|20\d\d.*\b\d{1,2}:\d{2}\b")
FIGURES = re.compile(r"\d+")


def strip(flows: Sequence[Flow]) -> None:
    """Take page numbers and running heads out of the pages; a head on top of the first page stays there once."""
    offsets = Counter(number - flow.number for flow in flows for _, number in _numbers(flow))
    usual = {offset for offset, count in offsets.items() if count >= max(2, len(flows) // 2)} or {0}
    for flow in flows:
        out = {id(line) for line, number in _numbers(flow) if number - flow.number in usual}
        flow.items = [item for item in flow.items if id(item) not in out]
    heads = Counter(key for flow in flows for key in {_key(line, flow) for line in _edges(flow)})
    known = {key for key, count in heads.items() if count >= 2 and 2 * count >= len(flows)}
    for n, flow in enumerate(flows):
        out = {
            id(line)
            for line in _edges(flow)
            if any(_alike(_key(line, flow), key) for key in known)
            and (n or line.y > flow.height / 2 or BROWSER.search(line.text[:PRINTED]))
        }
        flow.items = [item for item in flow.items if id(item) not in out]


def _edges(flow: Flow) -> list[Line]:
    """The lines that open or close a page, in its outer zones."""
    found = []
    for items, inside in ((flow.items[:DEPTH], True), (flow.items[::-1][:DEPTH], False)):
        for item in items:
            if not isinstance(item, Line):
                break
            if item.y < ZONE * flow.height if inside else item.y > (1 - ZONE) * flow.height:
                found.append(item)
    return found


def _numbers(flow: Flow) -> list[tuple[Line, int]]:
    return [
        (line, int(m.group(1)))
        for line in _edges(flow)
        if len(line.text) <= NUMBER_LINE and (m := FRAMED.match(line.text))
    ]


def _key(line: Line, flow: Flow) -> tuple[str, int]:
    return FIGURES.sub("0", line.text.replace(" ", "")), round(line.y / NEAR)


def _alike(one: tuple[str, int], other: tuple[str, int]) -> bool:
    return one[0] == other[0] and abs(one[1] - other[1]) <= 1
