"""One page of a PDF as pdfium finds it: visible glyphs and rules. pdfium is C: bounds first, and one thread."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from loaders.errors import BadStructure
from loaders.readers.drawn import FIGURES, UNKNOWN, Glyph, Page, Rule

MOST_GLYPHS, MOST_OBJECTS, MOST_SEGMENTS, DEEPEST = 30_000, 30_000, 100_000, 12
MOST_WIDE, DESCENT = 2.2, 0.1  # in type sizes
THIN = 3.0  # points: a filled box thinner than this is a rule
SHORTEST = 1.0
LIGHT = 250  # a colour channel from here on is paper
HIDDEN_MODES = {3, 7}  # text render modes that paint nothing: the invisible layer of a scan
LINE, MOVE = 0, 2  # FPDF_SEGMENT_LINETO, _MOVETO

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class _Type:
    """What all glyphs of one text object share."""

    shown: bool
    light: bool
    clip: Box | None
    order: int


@dataclass(slots=True)
class _Ink:
    """What the objects of a page amount to, in the page's own coordinates."""

    rules: list[Box] = field(default_factory=list)
    fills: list[tuple[Box, bool, bool]] = field(default_factory=list)  # box, light, covers; in the order of painting
    types: dict[int, _Type] = field(default_factory=dict)
    objects: int = 0
    segments: int = 0


class Leaf:
    """An open page; `read` gives what it draws."""

    def __init__(self, page: Any, number: int) -> None:
        self.page, self.number = page, number
        self.crop: Box = page.get_cropbox()
        self.turn = int(page.get_rotation()) % 360
        self.ink = _Ink()

    def read(self) -> Page:
        """The page. Raises BadStructure (TOO_LARGE) beyond the bounds."""
        for index in range(self._count(pdfium.FPDFPage_CountObjects(self.page))):
            self._object(pdfium.FPDFPage_GetObject(self.page, index), SAME, 0)
        found = list(self._glyphs())
        left, bottom, right, top = self.crop
        wide, high = right - left, top - bottom
        size = (high, wide) if self.turn in {90, 270} else (wide, high)
        rules = tuple(self._rule(box) for box in self.ink.rules)
        seen = tuple(glyph for glyph, shown in found if shown)
        hidden = tuple(glyph for glyph, shown in found if not shown and glyph.text in FIGURES)
        return Page(self.number, *size, seen, rules, hidden)

    def _count(self, objects: int) -> int:
        self.ink.objects += max(0, objects)
        if self.ink.objects > MOST_OBJECTS:
            raise BadStructure("TOO_LARGE", f"第 {self.number} 页的图形对象超过 {MOST_OBJECTS} 个")
        return max(0, objects)

    def _object(self, item: Any, outer: Matrix, depth: int) -> None:
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._path(item, _times(_matrix(item), outer), depth)
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
            mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
            light, clear = _colour(item)
            clip = _clip(item) if depth == 0 else None
            self.ink.types[_address(item)] = _Type(
                mode not in HIDDEN_MODES and not clear, light, clip, len(self.ink.fills)
            )
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            matrix = _times(_matrix(item), outer)
            for index in range(self._count(pdfium.FPDFFormObj_CountObjects(item))):
                self._object(pdfium.FPDFFormObj_GetObject(item, index), matrix, depth + 1)

    def _path(self, item: Any, matrix: Matrix, depth: int) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
        if not (fill.value or stroke.value):
            return
        light, clear = _colour(item)
        boxes = []
        for points, straight in self._outlines(item, matrix):
            box = _box(points)
            if stroke.value and straight:
                self.ink.rules += _edges(points)
            elif stroke.value and box[2] - box[0] > THIN and box[3] - box[1] > THIN and len(points) >= 4:
                self.ink.rules += _edges(_corners(box))  # a box with rounded corners
            boxes.append(box)
        if not fill.value:
            return
        for box in boxes:
            if min(box[2] - box[0], box[3] - box[1]) <= THIN:
                self.ink.rules.append(box)
            elif any(_frames(box, other) for other in boxes):
                self.ink.rules += _edges(_corners(box))
            elif not clear:
                covers = depth == 0 and not pdfium.FPDFPageObj_HasTransparency(item)
                clip = _clip(item) if covers else None
                self.ink.fills.append((_common(box, clip) if clip else box, light, covers))

    def _outlines(self, item: Any, matrix: Matrix) -> Iterator[tuple[list[tuple[float, float]], bool]]:
        """The parts of a path as points on the page, and whether they are joined by straight lines only."""
        points, straight = list[tuple[float, float]](), True
        x, y = ctypes.c_float(), ctypes.c_float()
        count = pdfium.FPDFPath_CountSegments(item)
        self.ink.segments += max(0, count)
        if self.ink.segments > MOST_SEGMENTS:
            raise BadStructure("TOO_LARGE", f"第 {self.number} 页的线段超过 {MOST_SEGMENTS} 条")
        for index in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(item, index)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            if kind == MOVE and points:
                if len(points) > 1:
                    yield points, straight
                points, straight = [], True
            points.append(_at(matrix, x.value, y.value))
            straight = straight and kind in {LINE, MOVE}
            if pdfium.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        if len(points) > 1:
            yield points, straight

    def _glyphs(self) -> Iterator[tuple[Glyph, bool]]:
        """All characters, and whether they are seen."""
        textpage = self.page.get_textpage()
        count = textpage.count_chars()
        if count > MOST_GLYPHS:
            raise BadStructure("TOO_LARGE", f"第 {self.number} 页的字符超过 {MOST_GLYPHS} 个")
        x, y, loose, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        sides = [ctypes.c_double() for _ in range(4)]
        for index in range(count):
            code = pdfium.FPDFText_GetUnicode(textpage, index)
            char = chr(code) if 0 < code < 0x110000 else UNKNOWN
            if char.isspace():
                continue
            item = pdfium.FPDFText_GetTextObject(textpage, index)
            kind = self.ink.types.get(_address(item))
            pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
            pdfium.FPDFText_GetLooseCharBox(textpage, index, loose)
            pdfium.FPDFText_GetMatrix(textpage, index, matrix)
            angle = math.degrees(math.atan2(matrix.b, matrix.a))
            turn = round(angle / 90) * 90
            if abs(angle - turn) > 5:
                continue  # slanting text is a watermark
            if pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1:
                char = UNKNOWN
            size = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d) or 1.0
            box, origin = (loose.left, loose.bottom, loose.right, loose.top), (x.value, y.value)
            stated = _stated_width(item, code, size)
            if max(box[2] - box[0], box[3] - box[1]) > MOST_WIDE * size:
                # For fonts written downwards pdfium gives boxes many times the type size, and the origin above.
                pdfium.FPDFText_GetCharBox(textpage, index, *sides)
                box = (sides[0].value, sides[2].value, sides[1].value, sides[3].value)
                origin, turn, stated = (box[0], box[1] + DESCENT * size), 0, 0.0
            middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            if not _holds(self.crop, middle):
                continue
            wide = stated or (box[2] - box[0] if turn % 180 == 0 else box[3] - box[1])
            px, py = self._onto(*origin)
            glyph = Glyph(char, px, px + wide, py, size, (turn - self.turn) % 360)
            yield glyph, kind is None or self._seen(kind, middle)

    def _seen(self, kind: _Type, at: tuple[float, float]) -> bool:
        """Whether text is painted, not clipped away, not painted over later, and not white on white."""
        if not kind.shown or (kind.clip is not None and not _holds(kind.clip, at)):
            return False
        if any(covers and _holds(box, at) for box, _, covers in self.ink.fills[kind.order :]):
            return False
        below = [light for box, light, _ in self.ink.fills[: kind.order] if kind.light and _holds(box, at)]
        return not kind.light or (bool(below) and not below[-1])

    def _onto(self, x: float, y: float) -> tuple[float, float]:
        """A place of the page's own coordinates on the page as shown."""
        left, bottom, right, top = self.crop
        if self.turn == 90:
            return y - bottom, x - left
        if self.turn == 180:
            return right - x, y - bottom
        if self.turn == 270:
            return top - y, right - x
        return x - left, top - y

    def _rule(self, box: Box) -> Rule:
        (x0, y0), (x1, y1) = self._onto(box[0], box[1]), self._onto(box[2], box[3])
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        if x1 - x0 >= y1 - y0:
            return Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
        return Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)


def _address(item: Any) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def _matrix(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _box(points: list[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _corners(box: Box) -> list[tuple[float, float]]:
    x0, y0, x1, y1 = box
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]


def _edges(points: list[tuple[float, float]]) -> list[Box]:
    """The level and upright stretches along a row of points."""
    found = []
    for (ax, ay), (bx, by) in pairwise(points):
        wide, high = abs(bx - ax), abs(by - ay)
        if max(wide, high) >= SHORTEST and min(wide, high) <= 0.02 * max(wide, high) + 0.3:
            found.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
    return found


def _frames(box: Box, other: Box) -> bool:
    """Whether two boxes differ by a hair on every side: a frame drawn as the space between them."""
    return box != other and all(abs(a - b) <= THIN for a, b in zip(box, other, strict=True))


def _holds(box: Box, at: tuple[float, float]) -> bool:
    return box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3]


def _colour(item: Any) -> tuple[bool, bool]:
    """Whether an object is filled with the colour of paper, and whether it is wholly transparent."""
    r, g, b, a = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item, r, g, b, a):
        return False, False
    return min(r.value, g.value, b.value) >= LIGHT, a.value == 0


def _stated_width(item: Any, code: int, size: float) -> float:
    """How wide the document says that a character is, in points; 0 where its font stands in the document.

    For a font that is not embedded pdfium measures the ink of whatever font this machine has in its place.
    """
    font = pdfium.FPDFTextObj_GetFont(item)
    if not font or pdfium.FPDFFont_GetIsEmbedded(font) != 0:
        return 0.0
    wide = ctypes.c_float()
    return wide.value if pdfium.FPDFFont_GetGlyphWidth(font, code, size, wide) else 0.0


def _clip(item: Any) -> Box | None:
    """The box outside which an object is not painted."""
    path = pdfium.FPDFPageObj_GetClipPath(item)
    count = pdfium.FPDFClipPath_CountPaths(path) if path else 0
    found: Box | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(max(0, count)):
        points = []
        for at in range(max(0, pdfium.FPDFClipPath_CountPathSegments(path, index))):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(path, index, at), x, y)
            points.append((x.value, y.value))
        if points:
            box = _box(points)
            found = _common(box, found) if found is not None else box
    return found


def _common(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
