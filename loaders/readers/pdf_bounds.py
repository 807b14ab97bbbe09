"""Cheap bounds before a C library sees a PDF: size, end mark, what its streams unpack to, forms within forms.

Compressed streams end in a check sum that readers ignore: a damaged one gives other text without an error. Here each
is unpacked once and must end well. Pictures are left alone; nobody paints them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from loaders.errors import BadStructure

MOST_BYTES, MOST_UNPACKED, MOST_STREAMS, MOST_PAINTED = 40_000_000, 150_000_000, 20_000, 1_000_000
OTHERWISE_PACKED = 2_000_000  # bytes in filters that we don't unpack; they may hold a thousand times as much
TAIL, HEAD, PIECE, NESTED = 2048, 4096, 65536, 3
STREAM = re.compile(rb">>\s*stream(?:\r\n|\n|\r)")
OBJECT = re.compile(rb"(\d{1,9})\s+\d{1,5}\s+obj\b")
LENGTH = re.compile(rb"/Length\s+(\d{1,9})(?!\s+\d+\s+R)")
FILTER = re.compile(rb"/Filter\s*\[?\s*/(\w+)(?:[\s/]*/(\w+))?")
REFERENCE = re.compile(rb"(\d{1,9})\s+\d{1,5}\s+R\b")
DRAWS = re.compile(rb"/[^\s/<>\[\]()]+\s+Do\b")
FLATE, PICTURES = {b"FlateDecode", b"Fl"}, {b"DCTDecode", b"JPXDecode", b"CCITTFaxDecode", b"JBIG2Decode"}


@dataclass(slots=True)
class _Form:
    """A drawing that others may draw: how often it draws something, and the objects that it names."""

    draws: int
    names: set[int] = field(default_factory=set)


def check(data: bytes) -> None:
    """Nothing where a PDF is within bounds and its streams are whole.

    Raises BadStructure: TOO_LARGE, TRUNCATED (no end mark) or BROKEN_PDF (a stream that does not unpack).
    """
    if len(data) > MOST_BYTES:
        raise BadStructure("TOO_LARGE", f"文件超过 {MOST_BYTES // 1_000_000} MB")
    if b"%%EOF" not in data[-TAIL:]:
        raise BadStructure("TRUNCATED", "文件末尾缺失，可能没有下载完整")
    locked = b"/Encrypt" in data
    forms: dict[int, _Form] = {}
    unpacked = elsewhere = 0
    for count, (number, head, start, end) in enumerate(_streams(data)):
        if count > MOST_STREAMS:
            raise BadStructure("TOO_LARGE", f"数据流超过 {MOST_STREAMS} 个")
        filters = [name for name in FILTER.findall(head) for name in name if name]
        if re.search(rb"/Subtype\s*/Image\b", head) or PICTURES & set(filters):
            continue
        if locked or (filters and filters[0] not in FLATE):
            elsewhere += end - start
            body = b""
        elif filters:
            body = _unpack(data, start, end, MOST_UNPACKED - unpacked, len(filters))
        else:
            body = data[start:end]
        unpacked += len(body)
        if unpacked > MOST_UNPACKED or elsewhere > OTHERWISE_PACKED * (10 if locked else 1):
            raise BadStructure("TOO_LARGE", "解压后的内容过大")
        if re.search(rb"/Subtype\s*/Form\b", head):
            names = {int(name) for name in REFERENCE.findall(head)}
            forms[number] = _Form(sum(1 for _ in DRAWS.finditer(body)), names)
    if forms and _painted(forms, data) > MOST_PAINTED:
        raise BadStructure("TOO_LARGE", "图形层层嵌套，展开后过大")


def _streams(data: bytes) -> Iterator[tuple[int, bytes, int, int]]:
    """Each stream: the number of its object, the dictionary before it, where it starts and ends."""
    at = 0
    while found := STREAM.search(data, at):
        start = found.end()
        before = data[max(at, found.start() - HEAD) : found.start() + 2]
        heads = list(OBJECT.finditer(before))
        head = before[heads[-1].end() :] if heads else before
        length = LENGTH.search(head)
        end = start + int(length.group(1)) if length else -1
        if end < 0 or b"endstream" not in data[end : end + 16]:
            end = data.find(b"endstream", start)
        if end < 0:
            raise BadStructure("TRUNCATED", "数据流没有结尾，文件可能没有下载完整")
        yield int(heads[-1].group(1)) if heads else -1, head, start, end
        at = end


def _unpack(data: bytes, start: int, end: int, most: int, filters: int) -> bytes:
    """The content of a compressed stream. Raises BadStructure where it is damaged or unpacks to more than `most`."""
    body = data[start:end]
    for _ in range(min(filters, NESTED)):
        tool, parts, size = zlib.decompressobj(), list[bytes](), 0
        try:
            for at in range(0, len(body), PIECE):
                piece = body[at : at + PIECE]
                while piece and not tool.eof:
                    parts.append(tool.decompress(piece, PIECE * 16))
                    size += len(parts[-1])
                    piece = tool.unconsumed_tail
                    if size > most:
                        raise BadStructure("TOO_LARGE", "解压后的内容过大")
        except zlib.error:
            raise BadStructure("BROKEN_PDF", "数据流已损坏，校验不符") from None
        if not tool.eof:
            raise BadStructure("BROKEN_PDF", "数据流不完整，校验不符")
        body = b"".join(parts)
        if not body.startswith((b"\x78", b"\x58", b"\x48")):
            break
    return body


def _painted(forms: dict[int, _Form], data: bytes) -> int:
    """At most how many drawings come out of drawings that draw each other; a long chain counts as endless."""
    links = {int(m.group(1)): m.end() for m in OBJECT.finditer(data)}
    known: dict[int, int] = {}

    def below(names: set[int], hops: int) -> set[int]:
        found = names & forms.keys()
        if hops:
            for name in names - forms.keys():
                at = links.get(name)
                if at is not None:
                    body = data[at : at + HEAD].split(b"endobj")[0].split(b"stream")[0]
                    if b"/Page" not in body:
                        found |= below({int(n) for n in REFERENCE.findall(body)}, hops - 1)
        return found

    def painted(number: int, path: tuple[int, ...]) -> int:
        if number in path or len(path) > 30:
            return 1
        if number not in known:
            inner = max((painted(n, (*path, number)) for n in below(forms[number].names, 2)), default=0)
            known[number] = min(MOST_PAINTED + 1, 1 + forms[number].draws * inner)
        return known[number]

    return max(painted(number, ()) for number in forms)
