"""Hostile and broken files, the same ones each time: what a folder of downloads may hold at its worst.

`python -m tests.hostile FOLDER` writes the long form (more truncations, larger files) and builds it.
"""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.bones import DOCUMENT, GOOD, RELATIONS, TYPES, docx, flagged, html, pdf, xls, xlsx, zipped
from tests.bones import good as good_text

ROOT = Path(__file__).resolve().parent.parent
KIB, MIB = 1 << 10, 1 << 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Files = Iterator[tuple[str, bytes]]


def empty_and_noise(long: bool) -> Files:
    """Nothing, next to nothing, and bytes that mean nothing."""
    chance = random.Random(20190101)  # noqa: S311
    for n, blank in enumerate(
        (b"", b" ", b"\n" * 99, b"\t \r\n" * 9, "\u3000\xa0".encode(), b"\xef\xbb\xbf", b"\xff\xfe")
    ):
        yield f"blank_{n}.txt", blank
    for n, suffix in enumerate(
        ("txt", "html", "docx", "pdf", "xls", "xlsx", "doc", "wps", "rtf", "zip") * (9 if long else 2)
    ):
        yield f"noise_{n}.{suffix}", chance.randbytes(chance.choice((1, 17, 999, 70_000)))
    for n, byte in enumerate((0, 0x20, 0x41, 0x7C, 0x80, 0xFF)):
        yield f"same_byte_{n}.txt", bytes([byte]) * 100_000


def truncated(long: bool) -> Files:
    """A good document of each container, cut anywhere."""
    whole = {"txt": GOOD.read_bytes(), "html": html(), "docx": docx(), "xlsx": xlsx(), "xls": xls(), "pdf": pdf()}
    for suffix, data in whole.items():
        for part in range(1, 200 if long else 12):
            yield f"cut_{part}.{suffix}", data[: len(data) * part // (200 if long else 12)]


def mislabelled(_: bool) -> Files:
    """One container under the name of another."""
    bodies = {
        "text": GOOD.read_bytes(),
        "html": html(),
        "docx": docx(),
        "xlsx": xlsx(),
        "xls": xls(),
        "pdf": pdf(),
        "ole": OLE + bytes(4096),
    }
    for kind, data in bodies.items():
        for suffix in ("txt", "html", "docx", "pdf", "xlsx"):
            yield f"really_{kind}.{suffix}", data + b"\n" * len(suffix)  # no two alike
    yield "encrypted.docx", OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(4096)
    yield "encrypted.pdf", pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard /V 5 /R 6 >>")
    yield "encrypted.zip", flagged(docx())
    yield "picture.png", b"\x89PNG\r\n\x1a\n" + bytes(999)
    yield "macro.docx", zipped({"word/document.xml": DOCUMENT % b"", "word/vbaProject.bin": OLE})


def bombs(long: bool) -> Files:
    """Small files that become large, deep or endless."""
    size = (900 if long else 150) * MIB
    zeros = _deflated(size)
    yield "bomb_one.docx", docx(b"", **{"word/media/image1.png": b"\x00" * (40 * MIB)})
    yield "bomb_document.docx", _stored("word/document.xml", zeros, size)
    yield "bomb_sheet.xlsx", _stored("xl/worksheets/sheet1.xml", zeros, size)
    yield "bomb_lying.docx", _stored("word/document.xml", zeros, 10)
    yield "bomb_lying_large.docx", _stored("word/document.xml", zlib.compress(b"1")[2:-4], 4_000_000_000)
    nest = docx()
    for n in range(40):
        nest = zipped({f"{n}.zip": nest, f"{n}.docx": nest} if n < 8 else {f"{n}.zip": nest})
    yield "bomb_nested.zip", nest
    yield "bomb_overlapping.docx", _overlapping(200)
    yield (
        "bomb_entries.docx",
        zipped({f"word/{n}.xml": b"" for n in range(60_000 if long else 20_000)}, zipfile.ZIP_STORED),
    )
    yield "bomb_twice.docx", docx() + zipped({"word/document.xml": DOCUMENT % b"", "word/Document.xml": b"<a/>"})
    paragraphs = 1_000_000 if long else 150_000
    yield "paragraphs.docx", docx(b"<w:p/>" * paragraphs)
    yield "deep.docx", docx(b"<w:tbl><w:tr><w:tc>" * 5_000 + b"</w:tc></w:tr></w:tbl>" * 5_000)
    yield (
        "spans.docx",
        docx(b'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr></w:tc></w:tr></w:tbl>'),
    )
    yield "cells.xlsx", xlsx(b"<row>" + b"<c><v>1</v></c>" * (1_000_000 if long else 200_000) + b"</row>")
    yield "far_cell.xlsx", xlsx(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    for n, (open_, close) in enumerate(
        (("<table><tr><td>", "</td></tr></table>"), ("<div>", "</div>"), ("<b>", ""), ("<p><i>", ""))
    ):
        for depth in (300, 3_000, *([100_000] if long else [30_000])):
            yield f"deep_{n}_{depth}.html", html(open_ * depth + "1" + close * depth)
    for n, span in enumerate((0, -1, 65_535, 10**9, 10**30)):
        yield (
            f"colspan_{n}.html",
            html(f"<table><tr><td colspan={span}>规章</td><td rowspan={span}>1</td></tr></table>"),
        )
    cross = "".join(f"<tr><td rowspan=1000 colspan=1000>{n}</td></tr>" for n in range(1000))
    yield "spans_crossed.html", html(f"<table>{cross}</table>")
    yield "cells.html", html("<table>" + ("<tr>" + "<td>1" * 1000) * (1000 if long else 200) + "</table>")
    yield "tables.html", html("<table><tr><td>1</table>" * (200_000 if long else 40_000))
    yield "attributes.html", html("<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">")
    yield "text_node.html", html("<p>" + "公" * (4 * MIB) + "</p>" + good_text())
    yield "pages.pdf", pdf(pages=b"[" + b"3 0 R " * (5_000 if long else 500) + b"]")
    yield "flate.pdf", _flate_pdf(size)
    yield "glyphs.pdf", pdf(b"BT /F1 1 Tf 1 1 Td " + b"(12345678) Tj " * (25_000 if long else 8_000) + b"ET")
    yield "rectangles.pdf", pdf(b"0 0 1 1 re S " * (100_000 if long else 20_000))
    forms = b"".join(
        b"%d 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >> /Length 72 >> stream\n%s\nendstream endobj\n"
        % (n, n + 1, b"/X Do " * 12)
        for n in range(10, 20)
    )
    yield "forms.pdf", pdf(b"/X Do", page=b"/Resources << /XObject << /X 10 0 R >> >>", more=forms)


def _deflated(size: int) -> bytes:
    """The raw deflate stream of so many zeros."""
    packer, parts, left = zlib.compressobj(9, zlib.DEFLATED, -15), list[bytes](), size
    while left > 0:
        parts.append(packer.compress(bytes(min(left, MIB))))
        left -= MIB
    return b"".join((*parts, packer.flush()))


def _stored(name: str, stream: bytes, said: int) -> bytes:
    """An archive of one deflated entry whose headers say what they like of its size."""
    raw = name.encode()
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(stream), said & 0xFFFFFFFF, len(raw), 0)
    local = b"PK\x03\x04" + common + raw + stream
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


def _overlapping(entries: int) -> bytes:
    """Many entries that share one stream."""
    stream, raw = _deflated(8 * MIB), b"word/document.xml"
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(stream), 8 * MIB, len(raw), 0)
    local = b"PK\x03\x04" + common + raw + stream
    central = (b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw) * entries
    return (
        local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, entries, entries, len(central), len(local), 0)
    )


def _flate_pdf(size: int) -> bytes:
    stream = zlib.compress(b"0", 9)[:2] + _deflated(size) + b"\0\0\0\0"
    return pdf(stream).replace(b"/Length %d" % len(stream), b"/Length %d /Filter /FlateDecode" % len(stream))


def entities(_: bool) -> Files:
    """Entities that grow, entities that fetch, relations that lead outside."""
    laughs = b"<!DOCTYPE x [<!ENTITY a0 'ha'>%s]>" % b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    square = b"<!DOCTYPE x [<!ENTITY a '%s'>]>" % (b"A" * 50_000)
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "%s">]>'
    kinds = {
        "laughs": laughs + b"<x>&a11;</x>",
        "square": square + b"<x>" + b"&a;" * 50_000 + b"</x>",
        "file": outside % b"file:///etc/passwd" + b"<x>&a;</x>",
        "net": outside % b"http://127.0.0.1:9/x" + b"<x>&a;</x>",
        "dtd": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
        "parameter": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///dev/zero">%a;]><x/>',
    }
    for name, xml in kinds.items():
        yield f"xml_{name}.xml", b'<?xml version="1.0"?>' + xml
        yield f"xml_{name}.docx", zipped({"[Content_Types].xml": TYPES, "word/document.xml": xml})
        yield f"xml_{name}.html", b"<html><body>" + xml + b"</body></html>"
    for n, target in enumerate(
        (b"http://127.0.0.1:9/x", b"file:///etc/passwd", b"../../../etc/passwd", b"\\\\127.0.0.1\\x")
    ):
        relation = RELATIONS % (b"attachedTemplate", target, b' TargetMode="External"')
        yield f"relation_{n}.docx", docx(b"", **{"word/_rels/document.xml.rels": relation})
    for n, name in enumerate(
        ("../../outside.txt", "/outside.txt", "C:\\outside.txt", "word/../../../x", "a\x00b", "x" * 5000)
    ):
        yield f"traversal_{n}.docx", zipped({name: b"outside", "word/document.xml": DOCUMENT % b""})
    yield (
        "script.html",
        html("<script>fetch('http://127.0.0.1:9')</script><iframe src='file:///etc/passwd'></iframe>" * 99),
    )


def loops(_: bool) -> Files:
    """Structures of PDF that lead back to themselves, or nowhere."""
    yield "kids_loop.pdf", pdf(pages=b"[2 0 R]")
    yield "parent_loop.pdf", pdf(pages=b"[3 0 R 2 0 R 3 0 R]")
    yield "no_pages.pdf", pdf().replace(b"/Pages 2 0 R", b"")
    yield "count.pdf", pdf().replace(b"/Count 1", b"/Count 2147483647")
    yield "xref_loop.pdf", pdf().replace(b"/Size 9", b"/Size 9 /Prev 0") + b"startxref\n0\n%%EOF"
    yield "length.pdf", pdf().replace(b"/Length", b"/Length 999999999999 %")
    yield "content_loop.pdf", pdf().replace(b"/Contents 4 0 R", b"/Contents 3 0 R")
    yield "filters.pdf", pdf().replace(b"/Length", b"/Filter [" + b"/FlateDecode " * 5_000 + b"] /Length")
    yield "arrays.pdf", pdf(page=b"/X " + b"[" * 50_000)
    yield "box.pdf", pdf().replace(b"[0 0 600 800]", b"[0 0 1e38 -1e38]")
    yield "head_only.pdf", b"%PDF-1.7\n"
    yield "no_text.pdf", pdf(b"0 0 600 800 re f")
    yield "head_only.docx", b"PK\x03\x04"
    yield "end_only.zip", b"PK\x05\x06" + bytes(18)
    yield "head_only.doc", OLE
    yield "deep.rtf", b"{\\rtf1" + b"{" * 200_000
    yield "bin.rtf", b"{\\rtf1\\bin2147483647 x}"


def texts(long: bool) -> Files:
    """Text at its worst: encodings, marks, lengths, and tables without end."""
    good = good_text()
    for n, encoding in enumerate(("gb18030", "big5", "utf-16-le", "utf-16-be", "utf-16", "utf-32", "utf-7")):
        yield f"encoding_{n}.txt", good.encode(encoding, "replace")
    half = good[: len(good) // 2]
    yield "mixed_1.txt", half.encode() + half.encode("gb18030")
    yield "mixed_2.txt", half.encode("gb18030") + half.encode("utf-16")
    yield "wrong_mark.txt", b"\xff\xfe" + good.encode()
    yield "surrogate_1.txt", half.encode() + b"\xed\xa0\x80" + half.encode()
    yield "surrogate_2.txt", b"\xff\xfe" + half.encode("utf-16-le") + b"\x00\xd8" + half.encode("utf-16-le")
    yield "surrogate.html", html("&#xD800;&#xDFFF;&#x110000;&#0;" + half)
    yield "nul.txt", good.replace("\n", "\n\0", 5).encode()
    yield "overridden.txt", "\u202e".join(good[n : n + 40] for n in range(0, len(good), 40)).encode()
    yield "zero_width.txt", "\u200b".join(good).encode()
    yield "combining.txt", (good[:500] + "a" + "\u0301" * 100_000).encode()
    yield "controls.txt", bytes(range(1, 32)) * 999 + good.encode()
    yield "one_line.txt", ("第二十条第(一)项 信息内容 规章 1 2 3 " * (5 * MIB // 50)).encode()
    yield "no_spaces.txt", good.replace("\n", "").replace("\t", "").encode()
    yield "digits.txt", b"1" * (2 * MIB if long else 200 * KIB)
    yield "digits_spaced.txt", b"1 " * (100 * KIB)
    yield (
        "commas.txt",
        ("第二十条第（九）项\n信息内容\n采购项目数量\n采购总金额\n政府集中采购\n" + "1," * 100_000).encode(),
    )
    yield "pipes.txt", b"|" * (200 * KIB)
    yield "pipe_rows.txt", b"|\n" * (100 * KIB)
    yield "rules.txt", b"|---" * (50 * KIB)
    yield "tabs.txt", b"\n\t" * (100 * KIB)
    yield "line_ends.txt", b"\r" * (200 * KIB)
    yield "brackets.txt", ("信息公开年度报告" + "(（[" * 60_000).encode()
    yield "headings.txt", "一、总体情况\n".encode() * 12_000
    yield "titles.txt", "某某县政府信息公开工作2020年度报告\n".encode() * 5_000
    yield "dates.txt", "发布日期：2020年1月1日\n统计期限自2019年1月1日起至12月31日止".encode() * 2_500
    yield "units.txt", ("采购总金额" + "万" * 80_000 + "元").encode()
    yield "labels.txt", "自然人\n商业企业\n科研机构\n".encode() * 6_000
    yield "label_beginnings.txt", ("本年新\n" * 20_000).encode()
    yield "request_rows.txt", ("一、本年新收政府信息公开申请数量\n" + "1\n" * 7).encode() * 4_000
    yield "prose.txt", ("主动公开政府信息12条，受理申请3件；" * 8_000).encode()
    yield "prose_one_sentence.txt", ("主动公开政府信息12条，受理申请3件，" * 5_000).encode()
    yield "contacts.txt", ("电话：010-12345678、邮箱：a@b.cn " * 5_000).encode()
    yield "places.txt", ("河北省石家庄市长安区" * 8_000).encode()
    yield "table_repeated.txt", (good * (200 if long else 20)).encode()
    yield "tables.txt", ("第二十条第（一）项\n信息内容\n" * (200_000 if long else 8_000)).encode()
    yield "changed_tables.txt", "".join(good.replace("\t0", f"\t{n}") for n in range(9)).encode()
    yield "large.txt", (good * (20 * MIB // len(good.encode()) + 1)).encode()
    yield "large_prose.txt", ("本年主动公开政府信息12条。\n" * ((20 if long else 2) * MIB // 38)).encode()


MAKERS = (empty_and_noise, truncated, mislabelled, bombs, entities, loops, texts)
NAMES = (
    "行\n内.txt",
    "名" * 80 + ".txt",
    "e\u0301.txt",
    "é.txt",
    "\u202etxt.exe",
    "a\tb.txt",
    "=cmd.txt",
    "<b>.txt",
    "%s%n.txt",
    "x.txt ",
    "CON.txt",
)


def make(folder: Path, long: bool = False) -> int:
    """Write all of them into a folder, the good report among them; how many entries there are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for maker in MAKERS:
        for name, data in maker(long):
            (folder / f"{maker.__name__}_{name}").write_bytes(data)
            written += 1
    for n, name in enumerate(NAMES):
        with suppress(OSError):  # Windows refuses some of them
            (folder / name).write_text(f"名 {n}", encoding="utf-8")
            written += 1
    (folder / "good.txt").write_bytes(GOOD.read_bytes())
    written += 1 + _special(folder)
    with (folder / "too_large.txt").open("wb") as file:
        file.truncate(100_000_000)  # takes no room on disk
    return written + 1


def _special(folder: Path) -> int:
    """What is in a folder and no document: pipes, devices, links, folders that go deep."""
    if sys.platform == "win32":
        return 0
    os.mkfifo(folder / "pipe.txt")
    for name, target in {
        "link_out.txt": "/etc/passwd",
        "link_up.txt": "../",
        "link_device.txt": "/dev/zero",
        "link_self.txt": "link_self.txt",
        "link_nowhere.txt": "nowhere.txt",
        "link_inside.txt": "good.txt",
        "link_folder": "/etc",
    }.items():
        (folder / name).symlink_to(target)
    (folder / os.fsdecode(b"bytes_\xff\xfe.txt")).write_bytes(b"bytes")
    (folder / "loop").mkdir()
    (folder / "loop" / "back").symlink_to("..")
    deep = folder.joinpath(*["d"] * 150)
    deep.mkdir(parents=True)
    (deep / "deep.txt").write_text("deep")
    return 11


def main(arguments: list[str]) -> int:
    """Write the long form into a folder and build it; the exit status is the build's."""
    folder = Path(arguments[0])
    print(make(folder / "in", long=True), "files")
    started = time.monotonic()
    command = [sys.executable, "-m", "loaders", "build", str(folder / "in"), "--out", str(folder / "out")]
    ended = subprocess.run(command, cwd=ROOT, check=False)
    print(f"{time.monotonic() - started:.0f} s")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
