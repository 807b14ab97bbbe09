"""What a page draws, whatever library found it: glyphs and rules in points, y downwards from the top of the page."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

SAME_LINE, WORD_GAP, FIGURE_GAP, TWICE, OVER = 0.45, 0.3, 0.15, 0.15, 0.2  # in type sizes
RAISED, SMALL = 0.12, 0.8
FIGURES = frozenset("0123456789０１２３４５６７８９.,．，")
ROOM, PADDING, CLOSE = 1.2, 6.0, 1.9  # figures, points, type sizes
UNKNOWN = "\ufffd"
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A visible character: from x0 to x1 on its base line y; `turn` is 0, 90, 180 or 270 degrees counter-clockwise."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    turn: int = 0

    @property
    def middle(self) -> tuple[float, float]:
        """A point inside the character."""
        up = 0.35 * self.size
        if self.turn == 90:
            return self.x0 - up, self.y - (self.x1 - self.x0) / 2
        if self.turn == 270:
            return self.x0 + up, self.y + (self.x1 - self.x0) / 2
        if self.turn == 180:
            return self.x0 - (self.x1 - self.x0) / 2, self.y + up
        return (self.x0 + self.x1) / 2, self.y - up


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, level where y0 == y1, else upright; x0 <= x1, y0 <= y1."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def level(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Page:
    """A page as drawn; `hidden` are figures that nobody sees: white, unpainted, clipped away or painted over."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    hidden: tuple[Glyph, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Glyphs on one base line, from left to right, as text."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    words: tuple[tuple[str, float, float], ...]  # what a gap sets apart: text, left, right


def lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """Glyphs as lines of text from top to bottom; turned text stands behind upright text, each turn read its way.

    A small raised figure becomes a superscript, two characters in one place become U+FFFD: neither may melt into a
    number.
    """
    found, pool = list[Line](), list(glyphs)
    for turn in (0, 90, 180, 270):
        some = [_upright(glyph, turn) for glyph in pool if glyph.turn == turn]
        found += [_line(row) for row in rows(some)]
    return found


def text(glyphs: Iterable[Glyph], width: float) -> str:
    """The lines of a cell, one below the other; a number that `width` forced to run on in the next line is whole."""
    found, above = "", None
    for line in lines(glyphs):
        if above is not None and not (_full(above, line, width)):
            found += "\n"
        found += line.text
        above = line
    return found


def _full(line: Line, after: Line, width: float) -> bool:
    """Whether a line ends in a figure for want of room, and goes on with one: not two numbers, one above the other."""
    if not (line.text[-1] in FIGURES and after.text[0] in FIGURES and " " not in line.text + after.text):
        return False
    figure = (line.x1 - line.x0) / len(line.text)
    return width - (line.x1 - line.x0) < ROOM * figure + PADDING and after.y - line.y < CLOSE * line.size


def _upright(glyph: Glyph, turn: int) -> Glyph:
    if turn == 0:
        return glyph
    wide = glyph.x1 - glyph.x0
    along, down = {90: (-glyph.y, glyph.x0), 180: (-glyph.x0, -glyph.y), 270: (glyph.y, -glyph.x0)}[turn]
    return Glyph(glyph.text, along, along + wide, down, glyph.size)


def rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Glyphs by base line, from top to bottom."""
    found: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.y, g.x0)):
        if found and glyph.y - found[-1][0].y <= SAME_LINE * max(glyph.size, found[-1][0].size):
            found[-1].append(glyph)
        else:
            found.append([glyph])
    return found


def _line(row: list[Glyph]) -> Line:
    row = _once(sorted(row, key=lambda g: (g.x0, g.x1)))
    size = max(glyph.size for glyph in row)
    words: list[tuple[str, float, float]] = []
    for n, glyph in enumerate(row):
        shown = glyph.text
        if shown.isdigit() and any(_raised(glyph, other) for other in (*row[max(0, n - 2) : n], *row[n + 1 : n + 3])):
            shown = shown.translate(SUPERSCRIPT)
        both = bool(words) and words[-1][0][-1].isdigit() and shown[0].isdigit()  # 12 34 may be two numbers
        if words and glyph.x0 - words[-1][2] < (FIGURE_GAP if both else WORD_GAP) * size:
            before, left, right = words[-1]
            melted = min(right, glyph.x1) - max(left, glyph.x0) > 0 and glyph.x0 < right - (1 - OVER) * _wide(glyph)
            words[-1] = (before + (UNKNOWN if melted else "") + shown, left, max(right, glyph.x1))
        else:
            words.append((shown, glyph.x0, glyph.x1))
    return Line(" ".join(word for word, _, _ in words), words[0][1], words[-1][2], row[0].y, size, tuple(words))


def _raised(glyph: Glyph, beside: Glyph) -> bool:
    return glyph.size < SMALL * beside.size and beside.y - glyph.y > RAISED * beside.size


def _wide(glyph: Glyph) -> float:
    return max(glyph.x1 - glyph.x0, 0.25 * glyph.size)


def _once(row: list[Glyph]) -> list[Glyph]:
    """Bold type is often the same glyph set twice, a hair apart."""
    kept: list[Glyph] = []
    for glyph in row:
        close = TWICE * glyph.size
        same = any(
            g.text == glyph.text and abs(g.x0 - glyph.x0) < close and math.isclose(g.y, glyph.y, abs_tol=close)
            for g in kept[-3:]
        )
        if not same:
            kept.append(glyph)
    return kept
