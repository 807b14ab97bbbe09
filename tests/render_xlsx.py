"""The forward model's sheets as an XLSX, its XML written by hand: merged cells, typed numbers and their formats."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar

from tests.render_docx import HEAD, TYPE, UNDRESSED, relationships, zipped
from tests.rendering import LATER_SECTIONS, SECTIONS, Dress, Printed, Sheet, sheets

S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
GROUPED, TEXT, DECIMALS, COUNT = 1, 2, 3, 4  # cell formats of the workbook, 0 is General
HIDDEN_COLUMN = 44
FORMATS = ("General", "#,##0", "@", "0.0#########", '0"件"')


@dataclass(frozen=True, slots=True)
class Look:
    """How a workbook is dressed; what a reader sees stays the same."""

    shared: bool = False  # texts in the shared table, else in the cells
    formulas: bool = False  # numbers as stored results of formulas
    hidden: bool = False  # a hidden column, row and sheet full of nines
    apart: bool = False  # a sheet for each table
    texts: bool = False  # numbers stored as texts
    merged: bool = True  # merged cells, else the text in the first of them


PLAIN = Look()


class Page:
    """A worksheet as it is written."""

    def __init__(self, look: Look, strings: list[str]) -> None:
        self.look, self.strings = look, strings
        self.rows: list[str] = []
        self.merges: list[str] = []
        self.at = 1

    def line(self, texts: Sequence[tuple[int, int, str]], width: int) -> None:
        """A row of (column, columns spanned, text); hidden neighbours where the look has them."""
        cells = "".join(self._cell(place(self.at, column), text) for column, _, text in texts)
        for column, span, _ in texts:
            if span > 1 and self.look.merged:
                self.merges.append(f"{place(self.at, column)}:{place(self.at, column + span - 1)}")
        if self.look.hidden:
            cells += value(place(self.at, HIDDEN_COLUMN), "9")
        self.rows.append(f'<row r="{self.at}">{cells}</row>')
        self.at += 1
        if self.look.hidden and self.at % 3 == 0:
            nines = "".join(value(place(self.at, column + 1), "9") for column in range(width))
            self.rows.append(f'<row r="{self.at}" hidden="1">{nines}</row>')
            self.at += 1

    def sheet(self, sheet: Sheet, shift: int = 0) -> None:
        """The rows of a table; cells that a merged cell above covers are part of its merge."""
        tall: dict[int, tuple[int, int, int]] = {}  # column → first row, last row, span
        for boxes in sheet.rows:
            column, texts = shift, list[tuple[int, int, str]]()
            here = self.at
            for box in boxes:
                if not box.covered:
                    self._merge(tall.pop(column, None), column)
                    tall[column] = (here, here, box.span)
                    texts.append((column, box.span if not self.look.merged else 1, box.text))
                elif column in tall:
                    tall[column] = (tall[column][0], here, max(tall[column][2], box.span))
                column += box.span
            self.line(texts, shift + sheet.width)
        for column, one in tall.items():
            self._merge(one, column)

    def _merge(self, one: tuple[int, int, int] | None, column: int) -> None:
        if one is not None and self.look.merged and (one[0] != one[1] or one[2] > 1):
            self.merges.append(f"{place(one[0], column)}:{place(one[1], column + one[2] - 1)}")

    def _cell(self, at: str, text: str) -> str:
        if not text:
            return f'<c r="{at}" s="0"/>'
        plain = text.isascii() and re.fullmatch(r"-?(0|[1-9]\d{0,14})", text)
        if plain and text != "-0" and not self.look.texts:
            return value(at, text, formula="SUM(1,2)" if self.look.formulas else "")
        if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+", text) and text.isascii() and not self.look.texts:
            return value(at, text.replace(",", ""), GROUPED)
        if re.fullmatch(r"(0|[1-9]\d{0,9})\.\d{1,4}", text) and text.isascii() and not text.endswith("0"):
            return value(at, text, DECIMALS)
        if re.fullmatch(r"(0|[1-9]\d{0,9})件", text) and text.isascii() is False and text[:-1].isascii():
            return value(at, text[:-1], COUNT)
        if self.look.shared:
            self.strings.append(f'<si><t xml:space="preserve">{escape(text)}</t><rPh sb="0" eb="1"><t>9</t></rPh></si>')
            return f'<c r="{at}" t="s" s="{TEXT}"><v>{len(self.strings) - 1}</v></c>'
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'

    @property
    def xml(self) -> str:
        """The worksheet part."""
        width = '<cols><col min="40" max="60" hidden="1"/></cols>'
        merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in self.merges)
        return worksheet("".join(self.rows), merges, width)


def place(row: int, column: int) -> str:
    """A cell's name, the column from 0."""
    letters = chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)
    return f"{letters}{row}"


def value(at: str, stored: str, style: int = 0, formula: str = "") -> str:
    """A cell with a stored number."""
    told = f"<f>{formula}</f>" if formula else ""
    return f'<c r="{at}" s="{style}">{told}<v>{stored}</v></c>'


def worksheet(rows: str, merges: str = "", columns: str = "", views: str = "") -> str:
    """A worksheet part of ready rows."""
    merged = f"<mergeCells>{merges}</mergeCells>" if merges else ""
    return f'{HEAD}<worksheet xmlns="{S}">{views}{columns}<sheetData>{rows}</sheetData>{merged}</worksheet>'


def xlsx(
    pages: Mapping[str, str],
    strings: Sequence[str] = (),
    hidden: Sequence[str] = (),
    formats: Sequence[str] = FORMATS,
    properties: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook of ready worksheets by name; `strings` are ready w:si, `formats` the codes of its cell formats."""
    names = [f"sheet{n}" for n in range(1, len(pages) + 1)]
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}" state="{"hidden" if name in hidden else "visible"}"/>'
        for n, name in enumerate(pages, start=1)
    )
    lines = "".join(
        f'<Relationship Id="r{n}" Type="{TYPE}worksheet" Target="worksheets/{name}.xml"/>'
        for n, name in enumerate(names, 1)
    )
    lines += f'<Relationship Id="rs" Type="{TYPE}sharedStrings" Target="sharedStrings.xml"/>'
    lines += f'<Relationship Id="ry" Type="{TYPE}styles" Target="styles.xml"/>'
    codes = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{escape(code)}"/>' for n, code in enumerate(formats))
    looks = "".join(f'<xf numFmtId="{200 + n}" fontId="0"/>' for n in range(len(formats)))
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{MAIN}"/></Types>',
        "_rels/.rels": relationships(
            '<Relationship Id="r1" Type="' + TYPE + 'officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/_rels/workbook.xml.rels": relationships(lines),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{S}" xmlns:r="{TYPE[:-1]}"><workbookPr {properties}/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{S}">{"".join(strings)}</sst>',
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{S}"><numFmts>{codes}</numFmts><fonts><font/><font><strike/></font>'
        f'<font><vertAlign val="superscript"/></font></fonts><cellXfs>{looks}<xf fontId="1"/><xf fontId="2"/></cellXfs>'
        "</styleSheet>",
    }
    for name, xml in zip(names, pages.values(), strict=True):
        members[f"xl/worksheets/{name}.xml"] = xml
    return zipped(members | dict(parts or {}))


def workbook(
    printed: Printed,
    form: str,
    before: Sequence[str],
    behind: Sequence[str],
    look: Look = PLAIN,
    dress: Dress = UNDRESSED,
) -> bytes:
    """A whole report: lines of text, the tables of a form under their headings, lines of text."""
    found, strings = sheets(printed, form, dress), list[str]()
    pages = worksheets(found, before, behind, lambda: Page(look, strings), look.apart)
    named = {f"表{n}": page.xml for n, page in enumerate(pages, start=1)}
    if look.hidden:
        secret = Page(PLAIN, strings)
        for sheet in found:
            secret.sheet(sheet)
        named["旧"] = secret.xml
    return xlsx(named, strings, hidden=["旧"])


P = TypeVar("P", bound=Page)


def worksheets(
    found: Sequence[Sheet], before: Sequence[str], behind: Sequence[str], new: Callable[[], P], apart: bool = False
) -> list[P]:
    """The worksheets of a whole report, each table on one of its own where `apart`."""
    pages, width = [new()], max(sheet.width for sheet in found)

    def lines(texts: Sequence[str]) -> None:
        for text in filter(None, texts):
            pages[-1].line([(0, width, text)], width)

    lines(before)
    for heading, family in zip((*SECTIONS[1:], LATER_SECTIONS[0]), ("proactive", "requests", "review"), strict=True):
        lines([heading])
        for sheet in found:
            if sheet.table.startswith(family):
                if apart:
                    pages.append(new())
                pages[-1].sheet(sheet)
                pages[-1].at += 1
    lines(behind)
    return pages


def csv_text(
    printed: Printed, form: str, before: Sequence[str], behind: Sequence[str], mark: str = ",", dress: Dress = UNDRESSED
) -> str:
    """The same report as a spreadsheet saves it as CSV: merged cells are blank but for their first, rows equally wide."""
    found = sheets(printed, form, dress)
    width = max(sheet.width for sheet in found)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=mark)

    def lines(texts: Sequence[str]) -> None:
        for text in filter(None, texts):
            writer.writerow([text] + [""] * (width - 1))

    lines(before)
    for heading, family in zip((*SECTIONS[1:], LATER_SECTIONS[0]), ("proactive", "requests", "review"), strict=True):
        lines([heading])
        for sheet in (sheet for sheet in found if sheet.table.startswith(family)):
            for boxes in sheet.rows:
                cells = [text for box in boxes for text in (box.text, *[""] * (box.span - 1))]
                writer.writerow(cells + [""] * (width - len(cells)))
    lines(behind)
    return file.getvalue()


def page_of(printed: Printed, form: str, before: Sequence[str], behind: Sequence[str]) -> str:
    """A whole report as the XML of one worksheet with its texts in the cells."""
    with zipfile.ZipFile(io.BytesIO(workbook(printed, form, before, behind))) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()
