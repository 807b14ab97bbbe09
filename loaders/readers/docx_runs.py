"""A paragraph of a DOCX as it is read on paper: insertions in, deletions, hidden text and field codes out.

Marks that are no part of a figure are kept apart (see loaders.readers.marks): footnote references, raised and struck
text, formulas, symbols of other fonts; in a table cell also pictures, since a cell that shows one is not blank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from loaders.readers import docx_names as name
from loaders.readers.docx_names import W
from loaders.readers.docx_numbers import Numbers
from loaders.readers.docx_styles import Look, Styles
from loaders.readers.marks import Kind, Piece, joined
from loaders.readers.xml import Element

FIXED = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
    W + "softHyphen": "",
}
NOTES = {W + "footnoteReference", W + "endnoteReference"}
DRAWN = {W + "drawing", W + "pict", W + "object"}
INSERTED = {W + "ins", W + "moveTo"}


class Read(NamedTuple):
    """A paragraph's text, the text boxes anchored in it, and whether its end was deleted (the next one runs on)."""

    text: str
    boxes: list[Element]
    runs_on: bool


class Runs:
    """Reads paragraphs in the order of the document; fields may span several of them."""

    def __init__(self, styles: Styles, numbers: Numbers) -> None:
        self.told: Counter[str] = Counter()  # what was left out or taken in, for the remarks
        self._styles, self._numbers = styles, numbers
        self._fields: list[bool] = []  # one for each open field: are we behind its separator, in the result?
        self._pieces: list[Piece] = []
        self._boxes: list[Element] = []
        self._cell = False

    @property
    def in_code(self) -> bool:
        """Whether what comes next belongs to the code of a field and is not shown."""
        return not all(self._fields)

    def paragraph(self, paragraph: Element, cell: bool = False, table: str = "") -> Read:
        """A paragraph's text; `cell` says that it stands in a table cell, `table` names the table's style."""
        self._pieces, self._boxes, self._cell = [], [], cell
        properties = paragraph.find(W + "pPr")
        self._inline(paragraph, self._styles.paragraph(properties, table))
        text = joined(self._pieces)
        label = self._numbers.next(self._styles.numbered(properties)) if not self.in_code else ""
        mark = properties.find(W + "rPr") if properties is not None else None
        runs_on = mark is not None and any(mark.find(gone) is not None for gone in name.DELETED)
        return Read(self._numbered(label, text), self._boxes, runs_on)

    def _numbered(self, label: str, text: str) -> str:
        body = text.lstrip()
        if not label or (not body and not self._cell):
            return text
        if self._cell and (not body or body[0].isdigit()):
            return f"[{label}]{body}"  # 1. before 12 is no decimal
        return f"{label} {body}" if body[0].isdigit() else label + body

    def _inline(self, node: Element, around: Look) -> None:
        for child in node:
            tag = child.tag
            if tag == name.RUN:
                self._run(child, around)
            elif tag in name.SILENT or tag == W + "pPr":
                continue
            elif tag in name.DELETED:
                self.told["deleted"] += 1
            elif tag in name.FORMULAS:
                self._add("公式", "kept")
            elif tag == name.CONTROL:
                self._control(child, around)
            elif tag == name.ALTERNATE:
                choice = name.chosen(child)
                if choice is not None:
                    self._inline(choice, around)
            else:
                self.told["inserted"] += tag in INSERTED
                self._inline(child, around)

    def _control(self, control: Element, around: Look) -> None:
        if placeholder(control):
            self.told["placeholder"] += 1
            return
        content = control.find(W + "sdtContent")
        if content is not None:
            self._inline(content, around)

    def _run(self, run: Element, around: Look) -> None:
        look = self._styles.run(run.find(W + "rPr"), around)
        if look.hidden:
            self.told["hidden"] += any(text.text for text in run.iterfind(W + "t"))
        kind: Kind = "text"
        if look.raised:
            kind = "mark"
        elif look.struck:
            kind = "kept"
        elif look.shifted:
            kind = "shifted"
        self._content(run, kind, bool(look.hidden), around)

    def _content(self, run: Element, kind: Kind, hidden: bool, around: Look) -> None:
        for child in run:
            tag = child.tag
            if tag == W + "fldChar":
                self._field(child, hidden)
            elif hidden or self.in_code or tag in name.SILENT:
                continue
            elif tag == W + "t":
                text = child.text or ""
                keeps = child.get(name.XML_SPACE) == "preserve"
                self._add(text if keeps else text.strip(" \t\r\n"), kind)
            elif tag in FIXED:
                self._add(FIXED[tag], "text")
            elif tag in NOTES:
                self.told["note"] += 1
                self._add("注", "note")
            elif tag == W + "sym":
                self._add("符号", "kept")
            elif tag == W + "ruby":
                base = child.find(W + "rubyBase")
                if base is not None:
                    self._inline(base, around)
            elif tag in DRAWN:
                self._drawn(child)
            elif tag == name.ALTERNATE:
                choice = name.chosen(child)
                if choice is not None:
                    self._content(choice, kind, hidden, around)
            elif len(child):
                self._content(child, kind, hidden, around)

    def _field(self, mark: Element, hidden: bool) -> None:
        what = mark.get(W + "fldCharType")
        if what == "begin":
            options = mark.find(f"{W}ffData/{W}ddList")
            if options is not None and not hidden and not self.in_code:
                self._add(_option(options), "text")
            self._fields.append(False)
        elif what == "separate" and self._fields:
            self._fields[-1] = True
        elif what == "end" and self._fields:
            self._fields.pop()

    def _drawn(self, drawing: Element) -> None:
        boxes = list(_boxes(drawing))
        self._boxes += boxes
        if self._cell and not boxes and any(node.tag in name.PICTURES for node in drawing.iter()):
            self.told["picture"] += 1
            self._add("图", "kept")

    def _add(self, text: str, kind: Kind) -> None:
        if kind == "kept" and self._only_words(text):
            kind = "text"
        self._pieces.append(Piece(text, kind))

    def _only_words(self, text: str) -> bool:
        """Struck text without a digit is read as it stands: it can't spoil a figure."""
        return text not in {"公式", "符号", "图"} and not any(char.isdigit() for char in text)


def placeholder(control: Element) -> bool:
    """Whether a content control shows its prompt (单击此处输入文字): nobody has filled it in."""
    return name.toggle(control.find(W + "sdtPr"), "showingPlcHdr") is True


def _option(options: Element) -> str:
    """What a drop-down form field shows: the entry chosen, else the first; it has no result run."""
    entries = [entry.get(W + "val") or "" for entry in options.iterfind(W + "listEntry")]
    at = name.number(name.value(options, "result") or name.value(options, "default"), 0)
    return entries[at] if 0 <= at < len(entries) else ""


def _boxes(node: Element) -> Iterator[Element]:
    for child in node:
        if child.tag == name.BOX:
            yield child
        elif child.tag == name.ALTERNATE:
            choice = name.chosen(child)
            if choice is not None:
                yield from _boxes(choice)
        else:
            yield from _boxes(child)
