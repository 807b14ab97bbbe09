"""The bones of each container, made by hand: just enough to be taken for one."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import xlwt

GOOD = Path(__file__).resolve().parent.parent / "data" / "reports" / "002_661fbc7c25e971f6.txt"


def good() -> str:
    """The text of a good report."""
    return GOOD.read_text(encoding="utf-8")


DOCUMENT = (
    b'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/'
    b'2006/main"><w:body>%s</w:body></w:document>'
)
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    b'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
    b'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"%s/></Relationships>'
)


def zipped(parts: dict[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive with fixed dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, packed)
    return out.getvalue()


def docx(body: bytes | None = None, **parts: bytes) -> bytes:
    """A Word document; without a body the lines of the good report."""
    if body is None:
        body = b"".join(b"<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % line.encode() for line in good().split("\n"))
    main = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS % (b"officeDocument", b"word/document.xml", b"")}
    return zipped(main | {"word/document.xml": DOCUMENT % body} | parts)


def xlsx(rows: bytes = b"<row><c><v>1</v></c></row>") -> bytes:
    """The bones of a workbook."""
    book = b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>'
    return zipped({"[Content_Types].xml": TYPES, "xl/workbook.xml": book, "xl/worksheets/sheet1.xml": SHEET % rows})


def xls() -> bytes:
    """A workbook of Excel 97-2003 with the lines of the good report as cells."""
    book, out = xlwt.Workbook(encoding="utf-8"), io.BytesIO()
    sheet = book.add_sheet("1")
    for row, line in enumerate(good().split("\n")):
        sheet.write(row, 0, line)
    book.save(out)
    return out.getvalue()


def html(body: str | None = None) -> bytes:
    """A page; without a body the lines of the good report as cells."""
    if body is None:
        body = "<table>" + "".join(f"<tr><td>{line}</td></tr>" for line in good().split("\n")) + "</table>"
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


def pdf(
    content: bytes = b"BT /F1 12 Tf 72 720 Td (1 2 3) Tj ET",
    pages: bytes = b"[3 0 R]",
    page: bytes = b"",
    more: bytes = b"",
) -> bytes:
    """A page with a stream; no cross-reference table, which readers mend."""
    return (
        b"%%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
        b"2 0 obj << /Type /Pages /Kids %s /Count 1 >> endobj\n"
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> %s >> endobj\n"
        b"4 0 obj << /Length %d >> stream\n%s\nendstream endobj\n%s\ntrailer << /Root 1 0 R /Size 9 >>\n%%%%EOF\n"
    ) % (pages, page, len(content), content, more)


def flagged(archive: bytes) -> bytes:
    """The archive with all entries said to be encrypted."""
    data = bytearray(archive)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)
