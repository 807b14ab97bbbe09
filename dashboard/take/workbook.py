"""XLSX: sheets data, codebook, sources and about. Text is text, never a formula; the same table gives the same bytes."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from codebook.citation import work
from codebook.spreadsheet import neutral
from dashboard.take.slip import Slip
from dashboard.take.table import Table

MOST = 300_000  # rows: a sheet has room for a million, and half a minute is the patience of a browser
LONGEST = 32_767  # characters a cell holds
CUT = "…〔此格超过 Excel 的长度 · longer than Excel's cells〕"
WIDEST, NARROWEST, LOOKED_AT = 48, 9, 200  # characters a column, and rows that its width goes by
# A workbook carries the day it was made; ours carries none, so that equal data are equal bytes.
DAY = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 (the format has no zone)
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class TooManyRowsError(ValueError):
    """More rows than a workbook should hold."""


def xlsx(data: Table, slip: Slip, others: Sequence[Table] = ()) -> bytes:
    """A workbook with a sheet for `data` (named data), one for each of `others`, and what `slip` tells (about).

    Raises TooManyRowsError above MOST rows.
    """
    if max(table.rows for table in (data, *others)) > MOST:
        raise TooManyRowsError(f"{data.rows} rows, at most {MOST}")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {**PLAIN, "in_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": work()["title_zh"], "author": work()["author_zh"], "created": DAY})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for name, table in (("data", data), *((one.name, one) for one in others)):
        _fill(book.add_worksheet(name), table, head)
    about = book.add_worksheet("about")
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 110)
    for row, (label, text) in enumerate(slip.rows()):
        about.write_string(row, 0, neutral(label), head)
        about.write_string(row, 1, neutral(text)[:LONGEST])
    book.close()
    return out.getvalue()


def _fill(sheet: Worksheet, table: Table, head: Format) -> None:
    sheet.freeze_panes(1, 0)
    widths = [len(column.name) for column in table.columns]
    for at, column in enumerate(table.columns):
        sheet.write_string(0, at, neutral(column.name), head)
    row = 1
    for part in table.parts():
        # Column by column to lists of plain Python values: a frame's own cells are boxed one by one.
        cells = [part[column.name].astype(object).tolist() for column in table.columns]
        for values in zip(*cells, strict=True):
            for at, value in enumerate(values):
                _write(sheet, row, at, value)
                if row < LOOKED_AT and isinstance(value, str):
                    widths[at] = max(widths[at], sum(2 if c > "\u2e80" else 1 for c in value))
            row += 1
    for at, width in enumerate(widths):
        sheet.set_column(at, at, min(WIDEST, max(NARROWEST, width + 2)))
    if row > 1 and table.columns:
        sheet.autofilter(0, 0, row - 1, len(table.columns) - 1)


def _write(sheet: Worksheet, row: int, at: int, value: object) -> None:
    match value:
        case bool():
            sheet.write_boolean(row, at, value)
        case int() | float() if math.isfinite(value):
            sheet.write_number(row, at, value)
        case str() if value:
            text = neutral(value)
            sheet.write_string(row, at, text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT)
        case _:  # None, NA, NaN and "" are an empty cell
            pass
