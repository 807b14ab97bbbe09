"""XLSX → a transcript: the used range of every visible sheet as rows, as they are shown on paper.

Read from the XML and not with openpyxl, which was tried: it melts a raised footnote mark into the figure (12¹ becomes
121), hands out rounded, dated and percent numbers without what is shown, and knows no hidden rows in its lean mode.
Numbers are shown by their format (loaders.readers.xlsx_format); formulas by their stored result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.errors import BadStructure
from loaders.grids import Sheet
from loaders.readers import xlsx_format
from loaders.readers.marks import Kind, Piece, joined
from loaders.readers.package import Package
from loaders.readers.worksheet import MOST_CELLS, MOST_COLUMNS, MOST_RANGES, MOST_SHEETS, Page, Place, write
from loaders.readers.xml import Element

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class Look:
    """What a cell format says: the code of its numbers, and whether its text is struck out or raised."""

    code: str = "General"
    kind: Kind = "text"


def read(data: bytes) -> Sheet:
    """The transcript of an XLSX. Raises BadStructure with the reason why it can't be read."""
    package = Package(data)
    main = package.main("xlsx")
    workbook, parts = package.xml(main), package.related(main)
    shared, styles = package.one(main, "sharedStrings"), package.one(main, "styles")
    reader = _Reader(
        [_string(one) for one in package.xml(shared).iterfind(S + "si")] if shared else [],
        _looks(package.xml(styles)) if styles else [],
        _on(workbook.find(S + "workbookPr"), "date1904"),
    )
    sheet, hidden = Sheet(), 0
    for n, line in enumerate(workbook.iterfind(f"{S}sheets/{S}sheet")):
        if n >= MOST_SHEETS:
            raise BadStructure("SHEET_TOO_LARGE", f"工作表超过 {MOST_SHEETS} 张")
        part = parts.get(line.get(R + "id") or "")
        if (line.get("state") or "visible") != "visible":
            hidden += 1
        elif part is not None and part.kind == "worksheet":
            write(sheet, reader.page(package.xml(part.target)), line.get("name") or "")
    if hidden:
        sheet.remark(f"有 {hidden} 张隐藏的工作表，未读取")
    for remark in reader.remarks():
        sheet.remark(remark)
    return sheet


class _Reader:
    """Turns worksheets into pages with what the workbook shares."""

    def __init__(self, strings: list[str], looks: list[Look], from_1904: bool) -> None:
        self._strings, self._looks, self._from_1904 = strings, looks, from_1904
        self._unknown, self._zeros = 0, 0

    def remarks(self) -> list[str]:
        """What the formats of the cells read left open."""
        found = [f"有 {self._unknown} 个公式没有存下结果"] if self._unknown else []
        return found + ([f"有 {self._zeros} 个零按格式不显示，按空白读取"] if self._zeros else [])

    def page(self, root: Element) -> Page:
        """A worksheet as shown. Raises BadStructure where its cells contradict each other or are too many."""
        page = Page()
        views = root.find(f"{S}sheetViews/{S}sheetView")
        zeros = views is None or (views.get("showZeros") or "1") not in {"0", "false"}
        for line in root.iterfind(f"{S}cols/{S}col"):
            if _on(line, "hidden") or line.get("width") == "0":
                page.hidden_columns.append((_int(line.get("min")), _int(line.get("max"))))
        if len(page.hidden_columns) > MOST_RANGES:
            raise BadStructure("SHEET_TOO_LARGE", "列的设置过多")
        row, seen, count = 0, set[int](), 0
        for line in root.iterfind(f"{S}sheetData/{S}row"):
            row = _int(line.get("r")) if line.get("r") else row + 1
            if row in seen:
                raise BadStructure("XLSX_ROW_TWICE", f"第 {row} 行出现两次")
            seen.add(row)
            if _on(line, "hidden") or line.get("ht") == "0":
                page.hidden_rows.add(row)
            column = 0
            for cell in line.iterfind(S + "c"):
                at = _place(cell.get("r") or "") if cell.get("r") else (row, column + 1)
                column, count = at[1], count + 1
                if at[0] != row or at in page.texts or count > MOST_CELLS:
                    raise BadStructure("XLSX_CELLS", f"第 {row} 行的单元格重复、错位或过多")
                page.texts[at] = self._text(cell, zeros)
        page.rows = sorted(seen)
        for line in root.iterfind(f"{S}mergeCells/{S}mergeCell"):
            first, _, last = (line.get("ref") or "").partition(":")
            page.merges.append((_place(first), _place(last or first)))
        return page

    def _text(self, cell: Element, zeros: bool) -> str:
        kind, stored = cell.get("t") or "n", cell.find(S + "v")
        look = self._look(cell.get("s"))
        body = (stored.text or "") if stored is not None else ""
        if kind == "inlineStr":
            inline = cell.find(S + "is")
            text = _string(inline) if inline is not None else ""
        elif kind == "s":
            at = _int(body)
            if at >= len(self._strings):
                raise BadStructure("XLSX_CELLS", "单元格引用了不存在的文字")
            text = self._strings[at]
        elif kind in {"str", "d"}:
            text = _unescaped(body)
        elif kind == "b":
            text = "TRUE" if body.strip() == "1" else "FALSE"
        elif kind == "e":
            text = body if body.startswith("#") else f"#{body}"
        elif not body.strip():
            self._unknown += (no_result := cell.find(S + "f") is not None)
            text = "[公式]" if no_result else ""
        else:
            text = xlsx_format.shown(body.strip(), look.code, zeros, self._from_1904)
            self._zeros += not text
        return joined([Piece(text, look.kind)]) if text else ""

    def _look(self, style: str | None) -> Look:
        at = _int(style) if style else 0
        return self._looks[at] if at < len(self._looks) else Look(xlsx_format.UNKNOWN if style else "General")


def _string(item: Element) -> str:
    """A shared or inline string; phonetic guides are no text, raised and struck runs are kept apart."""
    pieces: list[Piece] = []
    for child in item:
        if child.tag == S + "t":
            pieces.append(Piece(_unescaped(child.text or "")))
        elif child.tag == S + "r":
            text = "".join(_unescaped(t.text or "") for t in child.iterfind(S + "t"))
            pieces.append(Piece(text, _kind(child.find(S + "rPr"), text)))
    return joined(pieces)


def _kind(font: Element | None, text: str = "0") -> Kind:
    if font is None:
        return "text"
    align = font.find(S + "vertAlign")
    if align is not None and align.get("val") in {"superscript", "subscript"}:
        return "mark"
    strike = font.find(S + "strike")
    struck = strike is not None and (strike.get("val") or "1") not in {"0", "false"}
    return "kept" if struck and any(char.isdigit() for char in text) else "text"


def _looks(root: Element) -> list[Look]:
    own = {_int(f.get("numFmtId")): f.get("formatCode") or "" for f in root.iterfind(f"{S}numFmts/{S}numFmt")}
    kinds = [_kind(font) for font in root.iterfind(f"{S}fonts/{S}font")]
    found = []
    for line in root.iterfind(f"{S}cellXfs/{S}xf"):
        font = _int(line.get("fontId"))
        code = xlsx_format.code(_int(line.get("numFmtId")), own)
        found.append(Look(code, kinds[font] if font < len(kinds) else "text"))
    return found


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def _on(element: Element | None, name: str) -> bool:
    return element is not None and (element.get(name) or "0").lower() in {"1", "true"}


def _int(text: str | None) -> int:
    """A count or index, at most nine digits. Raises BadStructure for anything else; "" and None are 0."""
    if not text:
        return 0
    if len(text) > 9 or not text.strip().isdecimal():
        raise BadStructure("XLSX_CELLS", f"不是整数：{text[:20]}")
    return int(text)


def _place(text: str) -> Place:
    found = PLACE.fullmatch(text)
    if found is None:
        raise BadStructure("XLSX_CELLS", f"不是单元格的位置：{text[:20]}")
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    if column > MOST_COLUMNS:
        raise BadStructure("XLSX_CELLS", f"列号过大：{text}")
    return int(found.group(2)), column
