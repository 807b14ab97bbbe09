"""A zipped office package (DOCX, XLSX), opened within bounds: nothing is unpacked or parsed before it has been weighed.

What is refused, each with its reason code: ZIP_DAMAGED (truncated, wrong CRC), ZIP_BOMB (too many members, too large,
too dense), ZIP_OVERLAP (members that share bytes), ZIP_DUPLICATE (two members of one name: which one is shown?),
ENCRYPTED, MACRO, EXTERNAL_CONTENT (parts that stand elsewhere; links and templates are never followed and harmless).
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from loaders.errors import BadStructure, LoaderError
from loaders.readers import xml
from loaders.readers.xml import Element

MIB = 1 << 20
MOST_PACKED, MOST_DIRECTORY, MOST_MEMBERS = 64 * MIB, MIB, 4_000
MOST_UNPACKED, MOST_READ = 512 * MIB, 48 * MIB  # as declared for the whole package; of the parts that we read
DENSE, DENSE_FROM = 200, MIB  # a real form reaches 20:1, its blank cells 60:1; deflate ends at 1032:1
END, LOCAL = b"PK\x05\x06", b"PK\x03\x04"
CONTENT_TYPES = "[Content_Types].xml"
HARMLESS = {"hyperlink", "attachedTemplate", "image"}  # told by the last part of the relationship's type
KINDS = (
    ("docx", "wordprocessingml.document.main+xml"),
    ("docx", "wordprocessingml.template.main+xml"),
    ("xlsx", "spreadsheetml.sheet.main+xml"),
    ("xlsx", "spreadsheetml.template.main+xml"),
)
FOLDERS = (("docx", "word/", "word/document.xml"), ("xlsx", "xl/", "xl/workbook.xml"))


@dataclass(frozen=True, slots=True)
class Related:
    """A part that another one names: what it is (styles, header, worksheet, …) and its member name."""

    kind: str
    target: str


class Package:
    """The parts of an office file. Raises BadStructure where the file is damaged, hostile or beyond bounds."""

    def __init__(self, data: bytes) -> None:
        with _damage():
            self._zip = _opened(data)
        members = self._zip.infolist()
        _weigh(members, data)
        self._members = {info.filename.lower(): info for info in members}
        if len(self._members) != len(members):
            raise BadStructure("ZIP_DUPLICATE", "压缩包中有同名的部件，无法判断哪一个有效")
        if any(info.flag_bits & 1 for info in members):
            raise BadStructure("ENCRYPTED", "文件已加密，请解除密码后另存")
        self._left = MOST_READ
        self._types = self._content_types()
        self._refuse_macros()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def main(self, kind: str) -> str:
        """The part that holds the document. Raises BadStructure(NOT_A_DOCX, NOT_A_XLSX) where there is none."""
        for related in self.related("").values():
            if related.kind == "officeDocument" and related.target in self:
                told = self._types.get("/" + related.target.lower(), "")
                if any(told.endswith(ending) for name, ending in KINDS if name == kind):
                    return related.target
        raise BadStructure(f"NOT_A_{kind.upper()}", f"压缩包中没有 {kind} 的正文")

    def read(self, name: str) -> bytes:
        """A part's bytes, CRC checked."""
        info = self._members.get(name.lower())
        if info is None:
            raise BadStructure("PART_MISSING", f"缺少部件 {name}")
        self._left -= info.file_size
        if self._left < 0:
            raise BadStructure("ZIP_BOMB", f"展开后超过 {MOST_READ // MIB} MB")
        with _damage():
            return self._zip.read(info)

    def xml(self, name: str) -> Element:
        """A part parsed; see loaders.readers.xml for what is refused."""
        return xml.parse(self.read(name), name)

    def related(self, part: str) -> dict[str, Related]:
        """Relationship id → part, of a part or (part "") of the package."""
        folder, _, base = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        found: dict[str, Related] = {}
        for line in self.xml(rels) if rels in self else ():
            kind, target = (line.get("Type") or "").rpartition("/")[2], line.get("Target") or ""
            if (line.get("TargetMode") or "").lower() == "external":
                if kind not in HARMLESS:
                    raise BadStructure("EXTERNAL_CONTENT", f"内容引自文件之外（{kind}），不予读取")
                continue
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found[line.get("Id") or ""] = Related(kind, posixpath.normpath(path))
        return found

    def one(self, part: str, kind: str) -> str:
        """The part of a kind that another part names; "" where there is none."""
        return next((r.target for r in self.related(part).values() if r.kind == kind and r.target in self), "")

    def _content_types(self) -> dict[str, str]:
        if CONTENT_TYPES not in self:
            raise BadStructure("NOT_A_PACKAGE", "压缩包中没有 [Content_Types].xml")
        lines = list(self.xml(CONTENT_TYPES))
        defaults = {(line.get("Extension") or "").lower(): line.get("ContentType") or "" for line in lines}
        found = {"/" + name: defaults.get(name.rpartition(".")[2], "") for name in self._members}
        parts = ((line.get("PartName") or "", line.get("ContentType") or "") for line in lines)
        return found | {name.lower(): kind for name, kind in parts if name}

    def _refuse_macros(self) -> None:
        stated = any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in self._types.values())
        if stated or any(name.endswith("vbaproject.bin") for name in self._members):
            raise BadStructure("MACRO", "文件带有宏，请另存为不带宏的 .docx 或 .xlsx")


def kind(data: bytes) -> str:
    """docx, xlsx or zip: what a ZIP archive is by its members; a damaged one by the names that stand in it."""
    try:
        with _damage():
            names = [info.filename.lower() for info in _opened(data).infolist()]
    except LoaderError:
        office = CONTENT_TYPES.encode() in data
        named = ((found, folder if office else part) for found, folder, part in FOLDERS)
        return next((found for found, name in named if name.encode() in data), "zip")
    for found, folder, part in FOLDERS:
        if part in names or (CONTENT_TYPES.lower() in names and any(name.startswith(folder) for name in names)):
            return found
    return "zip"


@contextmanager
def _damage() -> Iterator[None]:
    """Whatever zipfile and zlib raise on broken bytes, as one error."""
    try:
        yield
    except NotImplementedError as error:
        raise BadStructure("ZIP_METHOD", "压缩方法不受支持") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error) as error:
        raise BadStructure("ZIP_DAMAGED", f"压缩包已损坏：{error}") from error


def _opened(data: bytes) -> zipfile.ZipFile:
    """The archive; its list of members is weighed before it is read, since a million of them would fill the memory."""
    if len(data) > MOST_PACKED:
        raise BadStructure("ZIP_BOMB", f"文件超过 {MOST_PACKED // MIB} MB")
    at = data.rfind(END, max(0, len(data) - 65_557))
    if at < 0 or at + 22 > len(data):
        raise BadStructure("ZIP_DAMAGED", "压缩包不完整")
    count, size = struct.unpack_from("<HI", data, at + 10)
    if count > MOST_MEMBERS or size > MOST_DIRECTORY:
        raise BadStructure("ZIP_BOMB", f"压缩包有 {count} 个部件")
    return zipfile.ZipFile(io.BytesIO(data))


def _weigh(members: list[zipfile.ZipInfo], data: bytes) -> None:
    if len(members) > MOST_MEMBERS or sum(info.file_size for info in members) > MOST_UNPACKED:
        raise BadStructure("ZIP_BOMB", f"压缩包展开后超过 {MOST_UNPACKED // MIB} MB")
    for info in members:
        if info.file_size > DENSE_FROM and info.file_size > DENSE * max(1, info.compress_size):
            raise BadStructure("ZIP_BOMB", f"部件 {info.filename[:60]} 展开后是原来的 {DENSE} 倍以上")
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise BadStructure("ZIP_METHOD", "压缩方法不受支持")
    behind = 0
    for info in sorted(members, key=lambda one: one.header_offset):
        at = info.header_offset
        if at < behind:
            raise BadStructure("ZIP_OVERLAP", "压缩包的部件互相重叠")
        if data[at : at + 4] != LOCAL or at + 30 > len(data):
            raise BadStructure("ZIP_DAMAGED", f"部件 {info.filename[:60]} 的位置不对")
        behind = at + 30 + sum(struct.unpack_from("<HH", data, at + 26)) + info.compress_size
    if behind > len(data):
        raise BadStructure("ZIP_DAMAGED", "压缩包不完整")
