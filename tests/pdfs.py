"""Made-up reports as PDF: a printer that sets tables on pages, and a writer of the few objects a PDF needs.

The font is one of those that every reader knows (STSong-Light, Adobe-GB1) and is not embedded; what matters here is
where characters and rules stand, not how they look.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from codebook import book
from tests.rendering import LATER_SECTIONS, SECTIONS, SYNTHETIC, Box, Dress, Sheet, sheets
from tests.truth import Key

FIGURES = "0123456789０１２３４５６７８９"
FIGURE = re.compile(r"[\d,，.]+(?:件|亿元|万元|万|元)?(?:[（(].*)?")
WIDTH, HEIGHT, MARGIN, SIZE, LEAD, PAD = 595.0, 842.0, 60.0, 9.0, 12.0, 3.0


@dataclass(frozen=True, slots=True)
class Text:
    """Characters from x to the right on a base line y (from the top of the page)."""

    x: float
    y: float
    text: str
    size: float = SIZE
    before: str = ""  # operators that set colour or render mode


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight rule."""

    x0: float
    y0: float
    x1: float
    y1: float


Mark = Text | Stroke
Pages = list[list[Mark]]


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is printed.

    rules: lines · bars (thin filled boxes) · none. sides: whether the outer rules stand. head: a running head.
    number: how page numbers are printed. again: header rows are repeated on a new page. tall: the height of a page.
    bold: everything in a table is set twice, a hair apart.
    """

    rules: str = "lines"
    sides: bool = True
    head: str = ""
    number: str = "- {} -"
    again: bool = False
    tall: float = HEIGHT
    bold: bool = False


@dataclass(slots=True)
class Placed:
    """A cell with the columns and rows that it spans."""

    left: int
    span: int
    top: int
    depth: int
    text: str
    lines: list[str] = field(default_factory=list)


def report(printed: Mapping[Key, str], form: str, look: Look = Look(), dress: Dress = Dress()) -> Pages:  # noqa: B008
    """A whole report of a form as pages of marks."""
    tables = sheets(printed, form, dress)
    year = book().forms[form].span[0] + 1
    title = f"合成示例局{year}年政府信息公开工作年度报告（{SYNTHETIC}）"
    headings = ((SECTIONS[1], "proactive"), (SECTIONS[2], "requests"), (LATER_SECTIONS[0], "review"))
    sections = [(heading, [sheet for sheet in tables if sheet.table.startswith(names)]) for heading, names in headings]
    before, behind = (
        (SECTIONS[0], "本报告为测试而作，数字均非真实。"),
        (LATER_SECTIONS[1], "无。", LATER_SECTIONS[2], "无。"),
    )
    return set_pages(title, before, sections, behind, look)


def set_pages(
    title: str,
    before: Sequence[str],
    sections: Sequence[tuple[str, Sequence[Sheet]]],
    behind: Sequence[str],
    look: Look,
) -> Pages:
    """Ready sheets below their headings, with lines before and behind them, as pages of marks."""
    press = _Press(look)
    press.line(title, 14, centred=True)
    for text in before:
        press.line(text)
    for heading, some in sections:
        press.line(heading)
        for sheet in some:
            press.table(sheet)
            press.y += LEAD
    for text in behind:
        press.line(text)
    return press.finished()


class _Press:
    """Sets lines and tables one below the other, on as many pages as it takes."""

    def __init__(self, look: Look) -> None:
        self.look, self.pages, self.y = look, Pages([[]]), MARGIN

    @property
    def bottom(self) -> float:
        return self.look.tall - MARGIN

    def line(self, text: str, size: float = 11, centred: bool = False) -> None:
        if self.y + 2 * LEAD > self.bottom:
            self.turn()
        x = (WIDTH - len(text) * size) / 2 if centred else MARGIN
        self.pages[-1].append(Text(x, self.y + size, text, size))
        self.y += 2 * LEAD

    def turn(self) -> None:
        self.pages.append([])
        self.y = MARGIN

    def finished(self) -> Pages:
        for number, page in enumerate(self.pages, start=1):
            if self.look.head:
                page.insert(0, Text(MARGIN, 32, self.look.head))
            if self.look.number:
                page.append(Text(WIDTH / 2, self.look.tall - 30, self.look.number.format(number)))
        return self.pages

    def table(self, sheet: Sheet) -> None:
        cells, xs = cells_of(sheet), _columns(sheet)
        heights = _heights(sheet, cells, xs)
        figures = [r for r, row in enumerate(sheet.rows) if r and any(map(_is_figure, row))]
        heads = figures[0] if figures else len(sheet.rows) - 1
        start = 0
        while start < len(sheet.rows):
            room, end = self.bottom - self.y, start
            used = sum(heights[:heads]) if start and self.look.again else 0.0
            while end < len(sheet.rows) and used + heights[end] <= room:
                used += heights[end]
                end += 1
            if end == start or (end <= heads < len(sheet.rows) and self.y > MARGIN):
                self.turn()
                continue
            if start and self.look.again:
                self._rows(cells, xs, heights, 0, heads)
            self._rows(cells, xs, heights, start, end)
            start = end
            if start < len(sheet.rows):
                self.turn()

    def _rows(self, cells: list[Placed], xs: list[float], heights: list[float], start: int, end: int) -> None:
        page, ys = self.pages[-1], [self.y]
        for height in heights[start:end]:
            ys.append(ys[-1] + height)
        for cell in cells:
            top, bottom = max(cell.top, start), min(cell.top + cell.depth, end)
            if top >= bottom:
                continue
            x0, x1, y0, y1 = xs[cell.left], xs[cell.left + cell.span], ys[top - start], ys[bottom - start]
            page += self._frame(x0, y0, x1, y1, len(xs) - 1 == cell.left + cell.span, cell.left == 0)
            if cell.top >= start:
                for n, text in enumerate(cell.lines):
                    size = min(SIZE, (x1 - x0 - PAD) / wide(text)) if FIGURE.fullmatch(text) else SIZE
                    mark = Text(x0 + PAD, y0 + LEAD * (n + 1) - 2, text, size)
                    page += [mark, replace(mark, x=mark.x + 0.3)] if self.look.bold else [mark]
        self.y = ys[-1]

    def _frame(self, x0: float, y0: float, x1: float, y1: float, last: bool, first: bool) -> list[Mark]:
        if self.look.rules == "none":
            return []
        edges = [Stroke(x0, y0, x1, y0), Stroke(x0, y1, x1, y1)]
        if self.look.sides or not first:
            edges.append(Stroke(x0, y0, x0, y1))
        if self.look.sides or not last:
            edges.append(Stroke(x1, y0, x1, y1))
        return list(edges)


def _is_figure(box: Box) -> bool:
    return not box.covered and box.span == 1 and (not box.text or box.text[0] in "+-—/－＋" + FIGURES)


def cells_of(sheet: Sheet) -> list[Placed]:
    """The cells of a table, each once, with the rows and columns that it spans."""
    found: dict[int, Placed] = {}
    cells = []
    for top, row in enumerate(sheet.rows):
        left = 0
        for box in row:
            if box.covered and left in found:
                found[left].depth += 1
            else:
                found[left] = Placed(left, box.span, top, 1, box.text)
                cells.append(found[left])
            left += box.span
    return cells


def _columns(sheet: Sheet) -> list[float]:
    """Where columns begin: the first ones hold labels and are wide where there is room."""
    room = WIDTH - 2 * MARGIN
    narrow = min(60.0, room / (sheet.width + 4)) if sheet.table == "requests" else min(90.0, room / sheet.width)
    labels = {"requests": sheet.width - 7, "review": 0}.get(sheet.table, 1)
    wide = (room - narrow * (sheet.width - labels)) / max(1, labels) if sheet.table == "requests" else 160.0
    xs = [MARGIN]
    for n in range(sheet.width):
        xs.append(xs[-1] + (wide if n < labels else narrow))
    return xs


def _heights(sheet: Sheet, cells: list[Placed], xs: list[float]) -> list[float]:
    heights = [LEAD + 2 * PAD] * len(sheet.rows)
    for cell in cells:
        fits = max(1, int((xs[cell.left + cell.span] - xs[cell.left] - 2 * PAD) / SIZE))
        cell.lines = [part for line in cell.text.split("\n") for part in _wrapped(line, fits)]
        missing = len(cell.lines) * LEAD + 2 * PAD - sum(heights[cell.top : cell.top + cell.depth])
        if missing > 0:
            heights[cell.top + cell.depth - 1] += missing
    return heights


def _wrapped(text: str, fits: int) -> list[str]:
    if wide(text) <= fits or FIGURE.fullmatch(text):  # a figure is set smaller and never broken
        return [text] if text else []
    return [text[n : n + fits] for n in range(0, len(text), fits)]


def wide(text: str) -> float:
    """How many type sizes a text takes."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def pdf(pages: Sequence[Sequence[Mark]], rules: str = "lines", packed: bool = False, tall: float = HEIGHT) -> bytes:
    """Pages of marks as a PDF."""
    return assemble([content(page, rules, tall) for page in pages], packed=packed, tall=tall)


def content(page: Sequence[Mark], rules: str, tall: float) -> bytes:
    """What a page draws."""
    return b"\n".join(operators(mark, rules, tall) for mark in page)


def operators(mark: Mark, rules: str, tall: float) -> bytes:
    """One mark as the operators of a content stream."""
    if isinstance(mark, Text):
        code = mark.text.encode("utf-16-be").hex()
        return f"q {mark.before} BT /F1 {mark.size} Tf {mark.x:.2f} {tall - mark.y:.2f} Td <{code}> Tj ET Q".encode()
    x0, y0, x1, y1 = mark.x0, tall - mark.y0, mark.x1, tall - mark.y1
    if rules == "bars":
        wide, high = max(0.5, x1 - x0), max(0.5, abs(y1 - y0))
        return f"{x0:.2f} {min(y0, y1):.2f} {wide:.2f} {high:.2f} re f".encode()
    return f"0.5 w {x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S".encode()


FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe)"
    b" /Ordering (GB1) /Supplement 2 >> /DW 1000 /W [1 95 500] /FontDescriptor 5 0 R >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
    b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


def assemble(
    contents: Sequence[bytes],
    *,
    packed: bool = False,
    tall: float = HEIGHT,
    page: bytes = b"",
    extra: Sequence[bytes] = (),
    trailer: bytes = b"",
    resources: bytes = b"",
    boxed: bool = True,
) -> bytes:
    """A PDF of page contents; `page` goes into each page's dictionary (with its box unless `boxed`), `extra` are
    further objects from number 6 on.

    Objects: 1 catalogue, 2 page tree, 3-5 font, then `extra`, then each page and its content.
    """
    first = 6 + len(extra)
    kids = b" ".join(b"%d 0 R" % (first + 2 * n) for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(contents), kids),
        *FONT,
        *extra,
    ]
    box = b"/MediaBox [0 0 %d %d]" % (WIDTH, tall) if boxed else b""
    for n, body in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R %s /Resources << /Font << /F1 3 0 R >> %s >> /Contents %d 0 R %s >>"
            % (box, resources, first + 2 * n + 1, page)
        )
        objects.append(stream(body, packed=packed))
    return write(objects, trailer)


def stream(content: bytes, head: bytes = b"", packed: bool = False) -> bytes:
    """A stream object."""
    body = zlib.compress(content) if packed else content
    how = b"/Filter /FlateDecode " if packed else b""
    return b"<< %s%s /Length %d >>\nstream\n%s\nendstream" % (how, head, len(body), body)


def write(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Objects, numbered from 1, as a file with its table of places."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)
