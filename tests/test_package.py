"""Office files that are hostile, broken or not what they say: a reason code each, within bounds, before anything is parsed."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Callable

import pytest

from loaders import containers, report
from loaders.readers import package, xml
from loaders.report import Quarantined, Source
from tests import render_xlsx
from tests.render_docx import docx, paragraph, relationship, run, zipped
from tests.render_docx import package as packaged

GOOD = docx(paragraph(run("年度报告")))
BOOK = render_xlsx.xlsx({"表": render_xlsx.worksheet("")})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCUMENT = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
MIB = 1 << 20


def ole(stream: str) -> bytes:
    """An OLE file whose directory names one stream."""
    name = (stream + "\0").encode("utf-16-le")
    return OLE + bytes(512 - 8) + name.ljust(64, b"\0") + struct.pack("<H", len(name)) + bytes(62) + bytes(1024)


def flagged(data: bytes, at: int, bits: int) -> bytes:
    """An archive with bits set in the field at this offset of each central header."""
    changed = bytearray(data)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + at] |= bits
        place = changed.find(b"PK\x01\x02", place + 1)
    return bytes(changed)


def spoilt(data: bytes) -> bytes:
    """A stored archive with one byte of its document changed: the CRC no longer fits."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as new:
        for info in old.infolist():
            new.writestr(zipfile.ZipInfo(info.filename), old.read(info))
    return file.getvalue().replace("年度".encode(), "半度".encode(), 1)


def overlapping() -> bytes:
    """Two members of the directory that point at the same bytes."""
    data = bytearray(zipped({"a": b"1" * 50, "b": b"2" * 50, "word/document.xml": DOCUMENT.format("")}))
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 1)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def twice() -> bytes:
    """Two members that differ in capitals only."""
    return packaged(DOCUMENT.format(""), {"Word/Document.xml": DOCUMENT.format(paragraph(run("0")))})


def related(kind: str, target: str, mode: str = "External") -> bytes:
    """A document with one more relationship."""
    return docx(paragraph(run("年度报告")), related=relationship(kind, target, mode))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted": (lambda: ole("EncryptedPackage"), "ENCRYPTED"),
    "encrypted members": (lambda: flagged(GOOD, 8, 1), "ENCRYPTED"),
    "old Word": (lambda: ole("WordDocument"), "LEGACY_DOC"),
    "old Excel, empty": (lambda: ole("Workbook"), "BROKEN_XLS"),
    "older Excel, empty": (lambda: ole("Book"), "BROKEN_XLS"),
    "other OLE": (lambda: ole("Contents"), "LEGACY_OLE"),
    "truncated": (lambda: GOOD[: len(GOOD) // 2], "ZIP_DAMAGED"),
    "truncated at the end": (lambda: GOOD[:-5], "ZIP_DAMAGED"),
    "wrong CRC": (lambda: spoilt(GOOD), "ZIP_DAMAGED"),
    "other method": (lambda: flagged(GOOD, 10, 4), "ZIP_METHOD"),
    "overlapping": (overlapping, "ZIP_OVERLAP"),
    "twice": (twice, "ZIP_DUPLICATE"),
    "dense": (lambda: docx("", {"word/media/a.png": b"\0" * (4 * MIB)}), "ZIP_BOMB"),
    "many members": (lambda: zipped({"word/document.xml": b"", **{f"{n}": b"" for n in range(5_000)}}), "ZIP_BOMB"),
    "no content types": (lambda: zipped({"word/document.xml": b"<a/>"}), "NOT_A_PACKAGE"),
    "no document": (lambda: packaged(DOCUMENT.format(""), kind="text/plain"), "NOT_A_DOCX"),
    "no body": (lambda: packaged("<a/>"), "NOT_A_DOCX"),
    "macro": (lambda: docx("", {"word/vbaProject.bin": "x"}), "MACRO"),
    "macro type": (lambda: packaged("<a/>", kind="application/vnd.ms-word.document.macroEnabled.main+xml"), "MACRO"),
    "doctype": (lambda: packaged("<!DOCTYPE a [<!ENTITY b 'c'>]>" + DOCUMENT.format("&b;")), "XML_DOCTYPE"),
    "doctype in UTF-16": (lambda: packaged(("<!DOCTYPE a>" + DOCUMENT.format("")).encode("utf-16")), "XML_DOCTYPE"),
    "other encoding": (
        lambda: packaged("<?xml version='1.0' encoding='gb18030'?><a>规</a>".encode("gb18030")),
        "XML_ENCODING",
    ),
    "not well-formed": (lambda: packaged("<a><b></a>"), "XML_DAMAGED"),
    "deep": (lambda: docx("<w:sdt>" * 300 + "</w:sdt>" * 300), "XML_DAMAGED"),
    "deep tables": (
        lambda: docx("<w:tbl><w:tr><w:tc>" * 60 + "<w:p><w:r/></w:p>" + "</w:tc></w:tr></w:tbl>" * 60),
        "TOO_DEEP",
    ),
    "marks": (lambda: docx(noise("<w:p/>", 810_000)), "XML_TOO_LARGE"),
    "paragraphs": (lambda: docx(noise("<w:p><w:r/></w:p>", 90_000)), "TOO_LARGE"),
    "long text": (lambda: docx(paragraph(run(noise("规a1", 3_600_000)))), "XML_DAMAGED"),
    "linked object": (lambda: related("oleObject", "http://127.0.0.1:9/x"), "EXTERNAL_CONTENT"),
    "linked chunk": (lambda: related("aFChunk", "file:///x"), "EXTERNAL_CONTENT"),
    "chunk": (lambda: docx('<w:altChunk r:id="r1"/>'), "EMBEDDED_CHUNK"),
    "part outside": (lambda: related("styles", "../../../outside.xml", ""), "NO_TABLES"),
    "cells": (lambda: book(noise("<row><c><v>1</v></c></row>", 110_000)), "XLSX_CELLS"),
    "far cells": (lambda: book('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "NO_TABLES"),
    "merges": (lambda: book("<row/>", noise('<mergeCell ref="A1:XFD1048576"/>', 50_000)), "NO_TABLES"),
}


def noise(element: str, count: int) -> str:
    """An element many times, with comments between that make the archive less dense than a bomb."""
    state, found = 1, []
    for n in range(count):
        found.append(element)
        if n % 40 == 0:
            state = state * 6364136223846793005 % (1 << 64)
            found.append(f"<!--{state:x}-->" if element.endswith(">") else f"{state:x}")
    return "".join(found)


def book(rows: str, merges: str = "") -> bytes:
    """A workbook of one worksheet."""
    return render_xlsx.xlsx({"表": render_xlsx.worksheet(rows, merges)})


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_has_a_reason(name: str) -> None:
    make, reason = HOSTILE[name]
    data = make()
    begun = time.process_time()
    found = report.read(Source("synthetic.docx", data))
    assert isinstance(found, Quarantined), found
    assert (found.reason, bool(found.detail)) == (reason, True)
    assert time.process_time() - begun < 8


@pytest.mark.parametrize("kind", ["hyperlink", "attachedTemplate", "image"])
def test_links_are_not_followed_and_harmless(kind: str) -> None:
    assert containers.document("a.docx", related(kind, "http://127.0.0.1:9/x"), str).text == "年度报告\n"


def test_told_by_members_and_not_by_name() -> None:
    assert [package.kind(data) for data in (GOOD, BOOK, zipped({"a.txt": b""}), GOOD[:-5])] == [
        "docx",
        "xlsx",
        "zip",
        "docx",
    ]
    assert containers.tell("a.xls", BOOK).container == "xlsx"
    # An archive of Word files is no Word file.
    assert package.kind(zipped({"word/a.docx": GOOD, "b.docx": GOOD})) == "zip"


def test_any_byte_changed_is_read_or_refused() -> None:
    for n in range(0, len(GOOD), 3):
        for data in (GOOD[:n] + bytes([GOOD[n] ^ 0x41]) + GOOD[n + 1 :], GOOD[:n] + GOOD[n + 7 :]):
            assert isinstance(report.read(Source("synthetic.docx", data)), Quarantined)


def test_parts_are_parsed_in_either_encoding() -> None:
    assert xml.parse("<a>规</a>".encode("utf-16"), "a").text == "规"
    assert xml.parse("\ufeff<?xml version='1.0' encoding='UTF-8'?><a>规</a>".encode(), "a").text == "规"
