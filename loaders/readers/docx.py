"""DOCX → a transcript: paragraphs and tables in the order of the document, read from the XML.

A merged cell stands once, where it begins: continuations of a vertical merge are no cells, real blank cells are.
Wrappers (content controls, tracked insertions, custom XML) are walked through at every level, so that a wrapped cell
is not lost and later values don't shift. A table inside a cell is read as rows where the outer table only lays out the
page; inside a form table it stays one cell, in brackets that no number has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loaders.errors import BadStructure
from loaders.grids import Sheet
from loaders.readers import docx_names as name
from loaders.readers.docx_names import W
from loaders.readers.docx_numbers import Numbers
from loaders.readers.docx_runs import Runs, placeholder
from loaders.readers.docx_styles import Styles
from loaders.readers.package import Package
from loaders.readers.xml import Element

SPAN, GONE = W + "gridSpan", W + "cellDel"
MERGES = frozenset({W + "vMerge", W + "cellMerge", W + "hMerge"})
WIDEST, DEEPEST, MOST_BLOCKS = 1_000, 30, 80_000
REMARKS = {
    "inserted": "有 {} 处修订插入，按已接受读取",
    "deleted": "有 {} 处修订删除，未读取",
    "hidden": "有 {} 处隐藏文字，未读取",
    "placeholder": "有 {} 处未填写的内容控件，按空白读取",
    "note": "有 {} 处脚注标记，不作为数字的一部分",
    "picture": "有 {} 个单元格内是图片",
    "nested": "有 {} 个单元格内嵌套了表格，未逐格读取",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a row: its element, the grid columns that it covers, and whether a vertical merge runs through it."""

    cell: Element
    at: int
    span: int
    merged: bool
    continues: bool


def read(data: bytes) -> Sheet:
    """The transcript of a DOCX. Raises BadStructure with the reason why it can't be read."""
    package = Package(data)
    main = package.main("docx")
    parts = package.related(main).values()
    styles = next((package.xml(p.target) for p in parts if p.kind == "styles" and p.target in package), None)
    numbers = next((package.xml(p.target) for p in parts if p.kind == "numbering" and p.target in package), None)
    root = package.xml(main)
    body = root.find(W + "body")
    if body is None:
        raise BadStructure("NOT_A_DOCX", "文件没有正文")
    sheet, runs = Sheet(), Runs(Styles(styles), Numbers(numbers))
    header = _first_header(package, main, body)
    if header is not None:
        for paragraph in header.iter(name.PARAGRAPH):
            sheet.paragraph(runs.paragraph(paragraph).text)
    _Story(sheet, runs).blocks(body)
    if runs.in_code:
        raise BadStructure("FIELD_UNCLOSED", "有一个域没有结束，其后的文字无法判断是否显示")
    for what, remark in REMARKS.items():
        if runs.told[what]:
            sheet.remark(remark.format(runs.told[what]))
    return sheet


def _first_header(package: Package, main: str, body: Element) -> Element | None:
    """The header of the title page, where the document has one of its own: it may carry title and number."""
    section = next(body.iter(W + "sectPr"), None)
    if section is None or not name.toggle(section, "titlePg"):
        return None
    parts = package.related(main)
    for line in section.iterfind(W + "headerReference"):
        part = parts.get(line.get(name.R + "id") or "")
        if line.get(W + "type") == "first" and part is not None and part.target in package:
            return package.xml(part.target)
    return None


class _Story:
    """Walks the blocks of a document into a sheet."""

    def __init__(self, sheet: Sheet, runs: Runs) -> None:
        self.sheet, self.runs = sheet, runs
        self._unfinished = ""
        self._count = 0

    def blocks(self, node: Element, depth: int = 0, table: str = "") -> None:
        """Paragraphs and tables below a node; `table` is the style of the layout table around them."""
        if depth > DEEPEST:
            raise BadStructure("TOO_DEEP", f"嵌套超过 {DEEPEST} 层")
        for block in self._blocks(node):
            if block.tag == name.TABLE:
                self._table(block, depth)
            else:
                self._paragraph(block, depth, table)

    def _blocks(self, node: Element) -> Iterator[Element]:
        """Paragraphs with something in them and tables, counted: no report has as many as a hostile file."""
        for block in _blocks(node):
            if len(block):
                self._counted(1)
                yield block

    def _counted(self, more: int) -> None:
        self._count += more
        if self._count > MOST_BLOCKS:
            raise BadStructure("TOO_LARGE", f"段落和单元格超过 {MOST_BLOCKS} 个")

    def _paragraph(self, paragraph: Element, depth: int, table: str) -> None:
        told = self.runs.paragraph(paragraph, table=table)
        text = self._unfinished + told.text
        self._unfinished = text if told.runs_on else ""
        if not told.runs_on:
            parts = text.strip().split("\t")
            if len(parts) > 2 and "\n" not in text:  # cells drawn with tabs
                self.sheet.row(parts)
            else:
                self.sheet.paragraph(text)
        for box in told.boxes:
            self.blocks(box, depth + 1)

    def _table(self, table: Element, depth: int) -> None:
        style = name.value(table.find(W + "tblPr"), "tblStyle") or ""
        rows = [_boxes_of(row) for row in _rows(table)]
        lays_out = _lays_out(rows)
        self._counted(sum(map(len, rows)))
        above: list[Box] = []
        for boxes in rows:
            merged = {box.at for box in above if box.merged}
            shown = [box for box in boxes if not (box.continues and box.at in merged)]
            if lays_out or (len(boxes) == 1 and shown and _inner(boxes[0].cell) is None):
                self._running(shown, depth, style)
            elif shown:
                texts = [self._text(box.cell, style, depth) for box in shown]
                self.sheet.row(texts, [(box.at, box.span) for box in shown])
            above = boxes
        self.sheet.gap()

    def _running(self, boxes: list[Box], depth: int, style: str) -> None:
        """Cells of a page layout, and titles that fill a whole row, are running text; a blank one stays a cell."""
        before = len(self.sheet)
        for box in boxes:
            self.blocks(box.cell, depth + 1, style)
        if len(self.sheet) == before:
            self.sheet.row([""] * len(boxes))

    def _text(self, cell: Element, style: str, depth: int) -> str:
        """All text of a cell; tables and text boxes in it are kept in brackets."""
        if depth > DEEPEST:
            raise BadStructure("TOO_DEEP", f"嵌套超过 {DEEPEST} 层")
        control = cell.getparent().getparent() if cell.tag == name.CELL else None
        if control is not None and control.tag == name.CONTROL and placeholder(control):
            self.runs.told["placeholder"] += 1
            return ""
        text = ""
        for block in self._blocks(cell):
            if block.tag == name.TABLE:
                inner = " ".join(
                    self._text(box.cell, style, depth + 1) for row in _rows(block) for box in _boxes_of(row)
                )
                self.runs.told["nested"] += 1
                text += f"[表 {inner}]\n"
                continue
            told = self.runs.paragraph(block, cell=True, table=style)
            text += told.text + ("" if told.runs_on else "\n")
            for box in told.boxes:
                inner = self._text(box, style, depth + 1)
                text += f"[框 {inner}]\n" if inner else ""
        return text.strip()


def _blocks(node: Element) -> Iterator[Element]:
    """Paragraphs and tables below a node through all wrappers. Raises BadStructure for content kept in another format."""
    for child in node:
        tag = child.tag
        if tag in {name.PARAGRAPH, name.TABLE}:
            yield child
        elif tag == name.CHUNK:
            raise BadStructure("EMBEDDED_CHUNK", "正文嵌在另一种格式里，请用 Word 打开后另存为 .docx")
        elif tag == W + "subDoc":
            raise BadStructure("EXTERNAL_CONTENT", "正文的一部分在另一个文件里，请合并后另存")
        elif tag == name.ALTERNATE:
            choice = name.chosen(child)
            yield from _blocks(choice) if choice is not None else ()
        elif tag not in name.SILENT and tag not in name.DELETED and not (tag == name.CONTROL and _prompt(child)):
            yield from _blocks(child)


def _prompt(control: Element) -> bool:
    """A control around whole blocks that shows its prompt; around cells and rows the cells stay, blank or not."""
    return placeholder(control) and next(control.iter(name.CELL), None) is None


def _below(node: Element, wanted: str) -> Iterator[Element]:
    """The next rows of a table or cells of a row, through all wrappers."""
    for child in node:
        if child.tag == wanted:
            yield child
        elif child.tag == name.ALTERNATE:
            choice = name.chosen(child)
            yield from _below(choice, wanted) if choice is not None else ()
        elif child.tag not in name.SILENT and child.tag not in name.DELETED:
            yield from _below(child, wanted)


def _rows(table: Element) -> Iterator[Element]:
    for row in _below(table, name.ROW):
        properties = row.find(W + "trPr")
        gone = properties is not None and any(properties.find(tag) is not None for tag in name.DELETED)
        if not gone and not name.toggle(properties, "hidden"):
            yield row


def _boxes_of(row: Element) -> list[Box]:
    """The cells of a row with their place in the table's grid. Raises BadStructure for spans no page has."""
    found: list[Box] = []
    at = name.number(name.value(row.find(W + "trPr"), "gridBefore"), 0)
    for cell in _below(row, name.CELL):
        properties = cell.find(W + "tcPr")
        stated = {child.tag for child in properties} if properties is not None else set()
        span = name.number(name.value(properties, "gridSpan"), 1) if SPAN in stated else 1
        if not 0 <= at + span <= WIDEST:
            raise BadStructure("SPAN_TOO_WIDE", f"单元格跨 {span} 列")
        if GONE in stated:
            continue
        if stated.isdisjoint(MERGES):  # most cells
            found.append(Box(cell, at, span, merged=False, continues=False))
            at += span
            continue
        merge = name.value(properties, "vMerge")
        tracked = name.value(properties, "cellMerge", "vMerge")
        continues = merge in {"", "continue"} or tracked == "cont"
        if name.value(properties, "hMerge") not in {"", "continue"}:
            found.append(Box(cell, at, span, merge is not None or tracked is not None, continues))
        at += span
    return found


def _inner(cell: Element) -> Element | None:
    return next(cell.iter(name.TABLE), None)


def _lays_out(rows: list[list[Box]]) -> bool:
    """Whether a table only lays out the page: the tables in its cells hold more cells than it has itself."""
    own = sum(len(row) for row in rows)
    both = sum(1 for row in rows for box in row for _ in box.cell.iter(name.CELL))
    return both - own > own
