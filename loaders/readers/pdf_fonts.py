"""One font in place of all Chinese ones that a PDF names and does not bring along.

pdfium takes a font of the machine for these, leaves out a lone character that the machine's font lacks, and measures
the ink of the font that it took: the same document would read otherwise on another machine. box.ttf has one glyph,
a box, for every character (640 bytes; its cmap is of format 13, all of Unicode onto that glyph). Where characters
stand and how far they reach is told by the document itself.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

BOX = Path(__file__).with_name("box.ttf").read_bytes()
EAST_ASIAN = {
    pdfium.FXFONT_SHIFTJIS_CHARSET,
    pdfium.FXFONT_HANGEUL_CHARSET,
    pdfium.FXFONT_GB2312_CHARSET,
    pdfium.FXFONT_CHINESEBIG5_CHARSET,
}
HANDLE = 1  # pdfium passes back whatever stands for the font; anything but zero will do


@cache
def settle() -> None:
    """From now on pdfium draws with box.ttf what documents do not embed. Once a process, before the first document."""
    _Box().setup()


class _Box(pypdfium2.PdfSysfontBase):  # type: ignore[misc]
    """What pdfium asks for fonts, by the names of its C interface."""

    def EnumFonts(self, _: Any, mapper: Any) -> None:  # noqa: N802
        """No font of the machine is offered."""

    def MapFont(self, _: Any, weight: int, slanted: int, charset: int, *rest: Any) -> int | None:  # noqa: N802
        """The box for East Asian fonts; for the rest pdfium has fonts of its own with the known widths."""
        return HANDLE if charset in EAST_ASIAN else None

    def GetFont(self, *_: Any) -> None:  # noqa: N802
        """No font of the machine is found by its name."""

    def GetFontData(self, _: Any, font: Any, table: int, buffer: Any, size: int) -> int:  # noqa: N802
        """The whole file where no single table is asked for; its length where there is no room."""
        if table:
            return 0
        if buffer and size >= len(BOX):
            ctypes.memmove(buffer, BOX, len(BOX))
        return len(BOX)

    def GetFaceName(self, *_: Any) -> int:  # noqa: N802
        return 0

    def GetFontCharset(self, *_: Any) -> int:  # noqa: N802
        return int(pdfium.FXFONT_GB2312_CHARSET)

    def DeleteFont(self, *_: Any) -> None:  # noqa: N802
        """There is nothing to free."""
