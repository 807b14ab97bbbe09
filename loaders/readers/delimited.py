"""CSV → a transcript, as a spreadsheet saved it: the same rows, without merges, formats and hidden parts.

A text is taken for CSV only where the form's labels say so: lines in which figures and blanks alone follow a row label
of the codebook. Prose with commas has no such lines. Cells parted by tabs are a layout of plain text.
"""

from __future__ import annotations

import csv

from loaders.errors import BadStructure
from loaders.grids import Sheet
from loaders.labels import lexicon, plain
from loaders.readers.worksheet import MOST_CELLS, Page, write
from loaders.values import value

DELIMITERS = ",;"
FEWEST, LONGEST = 4, 60  # rows of the form that must show; characters of a cell that could be a label
SPACES = ' \t\r\u3000\xa0\ufeff"'


def sniff(text: str) -> str:
    """The delimiter of a text that holds the form's tables as CSV; "" where it is no CSV."""
    for mark in DELIMITERS:
        if text.count(mark) < FEWEST:
            continue
        rows = 0
        for line in text.split("\n"):
            rows += mark in line and _form_row(line.split(mark))
            if rows >= FEWEST:
                return mark
    return ""


def read(text: str, mark: str) -> Sheet:
    """The transcript of a CSV text. Raises BadStructure where it has too many cells or is damaged."""
    page, count = Page(), 0
    try:
        for number, fields in enumerate(csv.reader(text.lstrip("\ufeff").splitlines(keepends=True), delimiter=mark), 1):
            count += len(fields)
            if count > MOST_CELLS:
                raise BadStructure("SHEET_TOO_LARGE", f"单元格超过 {MOST_CELLS} 个")
            page.rows.append(number)
            page.texts.update({(number, column): field for column, field in enumerate(fields, 1)})
    except csv.Error as error:
        raise BadStructure("CSV_DAMAGED", f"不是完好的 CSV：{error}") from error
    sheet = Sheet()
    write(sheet, page, "")
    return sheet


def _form_row(fields: list[str]) -> bool:
    """Whether figures and blanks alone follow the last row label of a line, one figure at least."""
    texts = [field.strip(SPACES) for field in fields]
    if any(len(text) > LONGEST for text in texts):
        return False
    at = max(
        (n for n, text in enumerate(texts) if any(name.axis == "row" for name in lexicon().find(plain(text)))),
        default=-1,
    )
    behind = texts[at + 1 :]
    return at >= 0 and any(behind) and all(not text or value(text).state in {"number", "dash"} for text in behind)
