"""Pages of government sites → a transcript: paragraphs, and the rows of tables with their merged cells.

bytes → characters (a declared charset is only one candidate) → bounds → tree → transcript

What a visitor does not see is not read: scripts, styles, `display:none`, Word's hidden text. What libxml2 would lose
without a word (content below depth 256 or past 10 MB, cells that it dropped) refuses the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from loaders.errors import BadStructure, Empty
from loaders.grids import Sheet
from loaders.readers import encoding, htmlhead, markdown
from loaders.readers.htmltable import CELLS, Placed, rows
from loaders.readers.htmltext import BLOCKS, Text, children, unseen

LARGEST = 20_000_000  # bytes; the longest real pages with Word's markup have two million
PROSE, LONGEST_CELL = 120, 600  # characters: a cell longer than this with a full stop, or this long, is running text
NO_STRUCTURE = re.compile(r"<(?:html|body|p|div|br|li)[\s/>]", re.IGNORECASE)
METADATA = re.compile(
    r"^[\[【]?(?:索\s*引\s*[号號]|信息索引号|统一编号|信息分类|主题分类|体裁分类|服务对象|组配分类|主\s*题\s*词|关\s*键\s*词|"
    r"发[布文]\s*[机單单]\s*[构构关位]|[发發][布佈][机機][构構]|公开主体|公开机构|信息来源|文章来源|来\s*源|责任编辑|作者|"
    r"成文日期|发文日期|生成日期|[发發][布佈](?:日期|时间)|公开日期|更新日期|公开方式|公开时限|公开范围|公开类别|"
    r"文\s*号|有\s*效\s*性|时\s*效\s*性|信息状态|名\s*称|标\s*题|信息名称|内容概述)[\]】]?\s*[:：]?$"
)
NAMES = re.compile(r"名\s*称|标\s*题")  # their value is a title, and stands as a line of its own


def read(data: bytes) -> Sheet:
    """The transcript of a page. Raises Empty, Undecodable, BadStructure (TOO_LARGE, TOO_DEEP, CELLS_LOST, …)."""
    if len(data) > LARGEST:
        raise BadStructure("TOO_LARGE", f"网页有 {len(data)} 字节，上限为 {LARGEST}")
    source = encoding.decode(data, encoding.declared(data))
    page = _Page(lined=not NO_STRUCTURE.search(source))
    tree = _tree(source)
    _nothing_lost(source, tree)
    for line in htmlhead.lines(tree):
        page.sheet.paragraph(line)
    page.flow(tree)
    page.flush()
    if _is_cut(source):
        page.sheet.cut()
    return page.sheet


def _tree(source: str) -> etree._Element:
    """The page as a tree. Raises Empty for a page without elements, BadStructure where libxml2 gave up."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True)
    try:
        tree = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadStructure("HTML_BROKEN", f"网页无法解析：{error}") from error
    fatal = next((entry for entry in parser.error_log if entry.level_name == "FATAL"), None)
    if fatal is not None:
        raise BadStructure(
            "TOO_DEEP" if "depth" in fatal.message else "TOO_LARGE", f"网页超出解析上限：{fatal.message}"
        )
    if tree is None:
        raise Empty("网页里没有内容")
    return tree


def _nothing_lost(source: str, tree: etree._Element) -> None:
    """Every cell of the source is in the tree: an unclosed comment or script swallows what follows it in silence."""
    seen = _markup(source)
    printed = len(re.findall(r"<t[dh][\s/>]", seen))
    kept = sum(1 for _ in tree.iter(*CELLS))
    if kept < printed:
        raise BadStructure("CELLS_LOST", f"网页源码有 {printed} 个单元格，解析后只剩 {kept} 个")


def _markup(source: str) -> str:
    """The source in lower case without comments, scripts and styles."""
    text = source.lower()
    for start, end in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"), ("<textarea", "</textarea")):
        kept, at = [], 0
        while (begin := text.find(start, at)) >= 0:
            stop = text.find(end, begin + len(start))
            if stop < 0:
                break
            kept.append(text[at:begin])
            at = stop + len(end)
        text = "".join(kept) + text[at:]
    return text


def _is_cut(source: str) -> bool:
    """Whether the page ends inside its last table, so that its last cell may have been cut off."""
    text = source.lower()
    return text.rfind("<table") > text.rfind("</table")


class _Page:
    """Walks the tree once and writes the transcript."""

    def __init__(self, lined: bool) -> None:
        self.sheet = Sheet()
        self.lined = lined  # text with tables only: lines are paragraphs, as in Markdown
        self.text = Text(lined)

    def flush(self) -> None:
        """End a paragraph."""
        text = self.text.take()
        self.sheet.paragraph(markdown.HEADING.sub("", text) if self.lined else text)

    def flow(self, element: etree._Element) -> None:
        """Running text, with the tables in it."""
        if unseen(element):
            return
        if element.tag == "table":
            self.flush()
            self._table(element)
            return
        if not self._holds_blocks(element):
            self.text.add(element)
            return
        self.flush()
        self.text.say(element.text)
        for child in children(element):
            if isinstance(child, str):
                self.text.say(child)
            else:
                self.flow(child)
        self.flush()

    def _holds_blocks(self, element: etree._Element) -> bool:
        return next(element.iter(*BLOCKS), None) is not None

    def _table(self, table: etree._Element) -> None:
        for row in rows(table):
            for stray in row.strays:
                self._stray(stray)
            texts = [self._cell(cell) for cell in row.cells]
            if any(text is None for text in texts):
                for cell in row.cells:
                    self.flow_inside(cell.element)
            elif row.cells:
                self._row(row.cells, [text or "" for text in texts])
        self.sheet.gap()

    def _stray(self, stray: str | etree._Element) -> None:
        if isinstance(stray, str):
            self.text.say(stray)
        else:
            self.flow(stray)
        self.flush()

    def flow_inside(self, element: etree._Element) -> None:
        """What stands in a cell that is no cell of data: running text, or further tables."""
        self.flush()
        self.text.say(element.text)
        for child in children(element):
            if isinstance(child, str):
                self.text.say(child)
            else:
                self.flow(child)
        self.flush()

    def _cell(self, cell: Placed) -> str | None:
        """The text of a cell of data; None where it holds tables, cells that fell into it, or running text."""
        if next((inner for inner in cell.element.iterdescendants("table", *CELLS)), None) is not None:
            return None
        text = Text(cell=True)
        text.inside(cell.element)
        body = text.take()
        running = len(body) > LONGEST_CELL or (len(body) > PROSE and "。" in body)
        return None if running else body

    def _row(self, cells: list[Placed], texts: list[str]) -> None:
        bodies = [" ".join(text.split()) for text in texts]
        first = next((body for body in bodies if body), "")
        if METADATA.match(first) or METADATA.match(re.split("[:：]", first)[0]):
            for line in _metadata(bodies):
                self.sheet.paragraph(line)
            return
        self.sheet.row(bodies, [(cell.column, cell.span) for cell in cells])


def _metadata(bodies: list[str]) -> Iterator[str]:
    """A row of labels and values (索引号, 发布机构, 成文日期 …) as lines such as 发布机构：…"""
    waiting = ""
    for body in filter(None, bodies):
        if METADATA.match(body):
            if waiting:
                yield waiting + "："
            waiting = body.strip("[]【】").rstrip(":： ")
        elif waiting:
            yield body if NAMES.search(waiting) else f"{waiting}：{body}"
            waiting = ""
        else:
            label, _, value = body.replace("：", ":", 1).partition(":")
            yield value if value and NAMES.search(label) and METADATA.match(label) else body
    if waiting:
        yield waiting + "："
