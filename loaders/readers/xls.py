"""XLS, the workbooks of Excel 97-2003 → a transcript, through xlrd.

xlrd hands out stored numbers with the code of their format, rich text with its fonts, merged cells and what is hidden;
from there on a workbook is read as an XLSX is (loaders.readers.worksheet, loaders.readers.xlsx_format).
"""

from __future__ import annotations

import io
import re
from typing import Any

import xlrd

from loaders.errors import BadStructure
from loaders.grids import Sheet
from loaders.readers import xlsx_format
from loaders.readers.marks import Kind, Piece, joined
from loaders.readers.worksheet import MOST_CELLS, MOST_RANGES, MOST_SHEETS, Page, write

LOCKED = re.compile(r"encrypt|password", re.IGNORECASE)
WHOLE = 15  # digits that a spreadsheet keeps


def read(data: bytes) -> Sheet:
    """The transcript of an XLS. Raises BadStructure with ENCRYPTED, BROKEN_XLS, SHEET_TOO_LARGE or another reason."""
    log = io.StringIO()
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=log)
    except Exception as error:  # xlrd raises whatever a damaged record leads it to
        if LOCKED.search(str(error)):
            raise BadStructure("ENCRYPTED", "文件已加密，请解除密码后另存") from None
        raise BadStructure("BROKEN_XLS", f"无法打开 .xls：{type(error).__name__}") from None
    if book.nsheets > MOST_SHEETS:
        raise BadStructure("SHEET_TOO_LARGE", f"工作表超过 {MOST_SHEETS} 张")
    sheet, hidden, zeros = Sheet(), 0, 0
    for one in book.sheets():
        if one.visibility:
            hidden += 1
            continue
        try:
            page = _Page(book, one)
        except LookupError:  # a cell names a format or a font that the workbook does not have
            raise BadStructure("BROKEN_XLS", f"工作表“{one.name}”的格式已损坏") from None
        write(sheet, page.page, one.name)
        zeros += page.zeros
    if hidden:
        sheet.remark(f"有 {hidden} 张隐藏的工作表，未读取")
    if zeros:
        sheet.remark(f"有 {zeros} 个零按格式不显示，按空白读取")
    return sheet


class _Page:
    """One worksheet; places count from 1, as they do on the sheet."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._book, self._sheet, self.zeros = book, sheet, 0
        if sheet.nrows * max(1, sheet.ncols) > MOST_CELLS or len(sheet.colinfo_map) > MOST_RANGES:
            raise BadStructure("SHEET_TOO_LARGE", f"工作表有 {sheet.nrows} 行 {sheet.ncols} 列")
        rows = range(1, sheet.nrows + 1)
        self.page = Page(
            texts={(row, column + 1): self._text(row - 1, column) for row in rows for column in range(sheet.ncols)},
            rows=list(rows),
            hidden_rows={row + 1 for row, look in sheet.rowinfo_map.items() if look.hidden},
            hidden_columns=[(c + 1, c + 1) for c, look in sheet.colinfo_map.items() if look.hidden],
            merges=[((top + 1, left + 1), (bottom, right)) for top, bottom, left, right in sheet.merged_cells],
        )

    def _text(self, row: int, column: int) -> str:
        cell = self._sheet.cell(row, column)
        form = self._book.xf_list[cell.xf_index]
        if cell.ctype in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
            return ""
        if cell.ctype == xlrd.XL_CELL_TEXT:
            return joined(self._pieces(cell.value, form.font_index, row, column))
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#"))
        code = self._book.format_map[form.format_key].format_str
        text = xlsx_format.shown(
            f"{cell.value:.{WHOLE}g}", code, bool(self._sheet.show_zero_values), self._book.datemode == 1
        )
        self.zeros += not text
        return joined([Piece(text, self._kind(form.font_index, text))]) if text else ""

    def _pieces(self, text: str, font: int, row: int, column: int) -> list[Piece]:
        """A text cut where its font changes."""
        runs = [(0, font), *self._sheet.rich_text_runlist_map.get((row, column), ())]
        ends = [start for start, _ in runs[1:]] + [len(text)]
        parts = [(text[start:end], font) for (start, font), end in zip(runs, ends, strict=True) if end > start]
        return [Piece(part, self._kind(font, part)) for part, font in parts]

    def _kind(self, font: int, text: str) -> Kind:
        look = self._book.font_list[font]
        if look.escapement:
            return "mark"  # raised or lowered: a footnote and no part of a figure
        return "kept" if look.struck_out and any(char.isdigit() for char in text) else "text"
