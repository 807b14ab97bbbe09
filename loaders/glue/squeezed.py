"""A text without what layouts change: width, script, spaces, quotes. Every character knows where it came from.

Labels are looked for here and values are cut here; the places handed on are those of the original text.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from codebook import book
from loaders.labels import PINYIN, SPACE

QUOTES = frozenset("“”\"'‘’「」『』")
CIRCLED = "<circle>"  # NFKC would melt the ordinal ② into the figure before it


@dataclass(frozen=True, slots=True)
class Squeezed:
    """`chars` and, for each of them, its place in the original `text`."""

    chars: str
    places: tuple[int, ...]
    text: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of squeezed characters stands in the original; a place for an empty one."""
        if start >= end:
            at = self.places[start] if start < len(self.places) else len(self.text)
            return at, at
        return self.places[start], self.places[end - 1] + 1

    def gap(self, at: int) -> str:
        """What the original shows between a squeezed character and the one before it; quotes left out."""
        if not 0 < at < len(self.places):
            return "\n"  # the text begins and ends at a break
        between = self.text[self.places[at - 1] + 1 : self.places[at]]
        return "".join(char for char in between if SPACE.fullmatch(char))


def squeeze(text: str) -> Squeezed:
    """The squeezed form of a text, character by character: equal labels are equal strings in it."""
    chars, places = list[str](), list[int]()
    for place, char in enumerate(text):
        for one in _plain(char):
            chars.append(one)
            places.append(place)
    whole = "".join(chars)
    if "(" in whole:
        for found in reversed(list(PINYIN.finditer(whole))):
            whole = whole[: found.start()] + whole[found.end() :]
            del places[found.start() : found.end()]
    return Squeezed(whole, tuple(places), text)


@cache
def _plain(char: str) -> str:
    """What is left of one character: nothing, itself in standard width and script, or an ordinal with its dot."""
    if SPACE.fullmatch(char) or char in QUOTES:
        return ""
    if unicodedata.category(char) == "No":
        told = unicodedata.decomposition(char)
        if told.startswith(CIRCLED):
            return unicodedata.normalize("NFKC", char) + "."
        return char if told.startswith(("<super>", "<sub>", "<fraction>")) else unicodedata.normalize("NFKC", char)
    wide = SPACE.sub("", unicodedata.normalize("NFKC", char))
    return "".join(book().characters.get(one, one) for one in wide).replace("\\", "/")
