"""The forward model's sheets as a workbook of Excel 97-2003: merged cells, typed numbers and their formats."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import xlwt

from tests.render_docx import UNDRESSED
from tests.render_xlsx import PLAIN, Look, worksheets
from tests.render_xlsx import Page as Worksheet
from tests.rendering import Printed, sheets

PLACE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")
KINDS = (  # as printed → number format; what stands in brackets is stored
    (re.compile(r"(-?(?:0|[1-9]\d{0,14}))", re.ASCII), "General"),
    (re.compile(r"([1-9]\d{0,2}(?:,\d{3})+)", re.ASCII), "#,##0"),
    (re.compile(r"((?:0|[1-9]\d{0,9})\.\d{0,3}[1-9])", re.ASCII), "0.0#########"),
    (re.compile(r"((?:0|[1-9]\d{0,9}))件", re.ASCII), '0"件"'),
)


class Page(Worksheet):
    """A worksheet as it is written: cells by place instead of XML."""

    def __init__(self, look: Look = PLAIN) -> None:
        super().__init__(look, [])
        self.cells: list[tuple[int, int, str]] = []

    def line(self, texts: Sequence[tuple[int, int, str]], width: int) -> None:
        """A row of (column, columns spanned, text)."""
        self.cells += [(self.at - 1, column, text) for column, _, text in texts]
        super().line(texts, width)

    def write(self, sheet: xlwt.Worksheet) -> None:
        """The cells and merges into a worksheet of xlwt."""
        for row, column, text in self.cells:
            if text:
                put(sheet, row, column, text, self.look.texts)
        for merge in self.merges:
            found = PLACE.fullmatch(merge)
            assert found
            left, top, right, bottom = found.groups()
            sheet.merge(int(top) - 1, int(bottom) - 1, ord(left) - 65, ord(right) - 65)


def put(sheet: xlwt.Worksheet, row: int, column: int, text: str, as_text: bool = False) -> None:
    """A cell: a number with its format where the text is one, else text."""
    for kind, code in () if as_text or text == "-0" else KINDS:
        if found := kind.fullmatch(text):
            stored = found.group(1).replace(",", "")
            sheet.write(row, column, float(stored) if "." in stored else int(stored), xlwt.easyxf(num_format_str=code))
            return
    sheet.write(row, column, text)


def saved(book: xlwt.Workbook) -> bytes:
    """A workbook of xlwt as bytes."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xls(*pages: Page) -> bytes:
    """A workbook of ready worksheets."""
    book = xlwt.Workbook(encoding="utf-8", style_compression=2)
    for n, page in enumerate(pages, start=1):
        page.write(book.add_sheet(f"表{n}"))
    return saved(book)


def workbook(printed: Printed, form: str, before: Sequence[str], behind: Sequence[str], look: Look = PLAIN) -> bytes:
    """A whole report: lines of text, the tables of a form under their headings, lines of text."""
    return xls(*worksheets(sheets(printed, form, UNDRESSED), before, behind, lambda: Page(look), look.apart))
