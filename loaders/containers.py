"""Which reader a document needs, told by its first bytes and not by its name, and the document that comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

from loaders.errors import Empty, Unsupported
from loaders.grids import Cell, Document, Grid, Sheet
from loaders.readers import delimited, docx, encoding, html, markdown, ole, package, pdf, text, xls, xlsx

Mask = Callable[[str], str]
MAGIC = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
)
HTML_SIGNS = (b"<html", b"<!doctype html", b"<table", b"<body", b"<div", b"<p>", b"<meta")
TABLE_SIGNS = (b"<table", b"<tr", b"<td", b"</table>")  # anywhere: Markdown may hold tables as HTML
KINDS = {"zip": package.kind, "ole": ole.kind}  # wrappings of several containers
SHEETS: dict[str, Callable[[bytes], Sheet]] = {  # containers whose reader writes a transcript
    "html": html.read,
    "docx": docx.read,
    "xlsx": xlsx.read,
    "pdf": pdf.read,
    "xls": xls.read,
    "ole": ole.read,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a document is: its container, and why where the name says otherwise."""

    container: str
    remark: str = ""


def tell(name: str, data: bytes) -> Told:
    """The container of a document by its first bytes. Raises Empty for a document without any."""
    if not data.strip():
        raise Empty("文件是空的")
    for magic, container in MAGIC:
        if data.startswith(magic):
            return Told(KINDS[container](data) if container in KINDS else container)
    head = data[:4096].lower().replace(b"\x00", b"")
    if any(sign in head for sign in HTML_SIGNS) or all(sign in data for sign in TABLE_SIGNS):
        return Told("html")
    suffix = PurePath(name).suffix.lower()
    return Told("text", "" if suffix in {".txt", ".md", ".text", ""} else f"{suffix} 文件的内容是纯文本")


def document(name: str, data: bytes, mask: Mask) -> Document:
    """The document with contact details masked in its text. Raises Empty, Undecodable, Unsupported, BadStructure."""
    told = tell(name, data)
    if told.container == "text":
        return _text(name, encoding.decode(data), mask)
    reader = SHEETS.get(told.container)
    if reader is None:
        raise Unsupported(f"{told.container} 文件暂不支持")
    return _transcribed(name, told.container, reader(data), mask)


def _text(name: str, decoded: str, mask: Mask) -> Document:
    comma = delimited.sniff(decoded)
    if comma:
        return _transcribed(name, "csv", delimited.read(decoded, comma), mask)
    return text.read(name, mask(markdown.unmarked(decoded)))


def _transcribed(name: str, container: str, sheet: Sheet, mask: Mask) -> Document:
    written = sheet.text
    masked = mask(written)
    grid = sheet.grid(container)
    if masked != written:
        grid = replace(grid, cells=tuple(_again(cell, masked) for cell in grid.cells))
    return Document(name, container, masked, _grids(grid, masked), sheet.remarks)


def _again(cell: Cell, masked: str) -> Cell:
    return cell._replace(text=masked[cell.start : cell.end])


def _grids(grid: Grid, masked: str) -> Iterator[Grid]:
    yield grid
    yield from text.read("", masked).grids  # a page whose tables are drawn with running text
