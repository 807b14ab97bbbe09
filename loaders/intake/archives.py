"""ZIP archives → their members, in memory and within bounds; nothing is unpacked to disk, so no path can lead out.

A member is a document named archive/member. What can't be read has a reason: ZIP_DAMAGED (truncated, wrong CRC),
ZIP_BOMB (too many members, too large, too dense), ZIP_OVERLAP (members that share bytes), ENCRYPTED,
UNSUPPORTED_CONTAINER (another way of packing), BAD_ARCHIVE (too many members that are empty or bad), TOO_DEEP (an archive in an archive in an archive).
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from loaders.errors import BadStructure
from loaders.report import Quarantined

MAGIC = b"PK\x03\x04"
MOST, LARGEST, TOTAL = 50_000, 50_000_000, 4_000_000_000  # members; bytes of one; bytes of all, as declared
DENSEST, AT_LEAST = 200, 1_000_000  # unpacked to packed, for members of this size
WORST = 1000  # members that are empty or can't be read: more of them, and the rest is not read
DEEPEST = 2  # an archive in an archive
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
HEADER = 30  # bytes before a member's name
END = struct.Struct("<4s4H2IH")  # the end of the directory: disks, entries, size, offset, length of the comment
OFFICE = ("word/", "xl/", "ppt/")
MARKED = {"mimetype", "OFD.xml"}  # OpenDocument, e-book; the Chinese layout format


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its name there, decoded, and its bytes."""

    name: str
    data: bytes


def is_archive(file: BinaryIO) -> bool:
    """Whether a file that starts as a ZIP is an archive of files, and not one document (DOCX, XLSX, ODT, OFD …)."""
    try:
        _directory(file)
        with zipfile.ZipFile(file) as archive:
            names = {info.filename for info in archive.infolist()[: MOST + 1]}
    except (BadStructure, zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        return True  # it is told what is wrong when it is opened
    office = "[Content_Types].xml" in names and any(name.startswith(OFFICE) for name in names)
    return not office and not names & MARKED


def members(name: str, file: BinaryIO, first: tuple[str, ...] = ()) -> Iterator[Member | Quarantined]:
    """The files of an archive by name, and those that can't be read with the reason why.

    Names that end in one of `first` come before all others.
    """
    try:
        _directory(file)
        with zipfile.ZipFile(file) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _bounded(infos)
            named = [(_name(info), info) for info in infos]
            named.sort(key=lambda one: (_rank(one[0], first), one[0], one[1].header_offset))
            bad = 0
            for number, (title, info) in enumerate(named, start=1):
                if _is_chrome(title):
                    continue
                member = _member(name, title, archive, info)
                yield member
                bad += isinstance(member, Quarantined) or not member.data
                if bad >= WORST and number < len(named):
                    detail = f"前 {number} 个文件中有 {bad} 个是空的或无法读取，其余 {len(named) - number} 个不再读取"
                    raise BadStructure("BAD_ARCHIVE", detail)
    except BadStructure as error:
        yield Quarantined(name, "", error.reason, str(error))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        yield Quarantined(name, "", "ZIP_DAMAGED", f"压缩包无法打开：{error}"[:300])


def _directory(file: BinaryIO) -> None:
    """Raises BadStructure where the directory at an archive's end is too large to be read at all."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - END.size - 65_535))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) - at >= END.size:
        *_, entries, length, _, _ = END.unpack_from(tail, at)
        if entries > MOST or length > LARGEST:
            raise BadStructure("ZIP_BOMB", f"压缩包目录有 {entries} 项、{length} 字节")


def _rank(title: str, first: tuple[str, ...]) -> int:
    return next((n for n, ending in enumerate(first) if title.endswith(ending)), len(first))


def _bounded(infos: list[zipfile.ZipInfo]) -> None:
    """Raises BadStructure where the directory of an archive promises more than an archive of reports holds."""
    if len(infos) > MOST:
        raise BadStructure("ZIP_BOMB", f"压缩包有 {len(infos)} 个文件，上限 {MOST}")
    total = sum(info.file_size for info in infos)
    if total > TOTAL:
        raise BadStructure("ZIP_BOMB", f"解压后有 {total} 字节，上限 {TOTAL}")
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise BadStructure("ZIP_OVERLAP", f"{_name(info)} 与前一个文件共用字节")
        end = info.header_offset + HEADER + info.compress_size


def _member(archive: str, title: str, packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member | Quarantined:
    place = f"{archive}/{title}"
    if info.flag_bits & 1:
        return Quarantined(place, "", "ENCRYPTED", "文件已加密，请解除密码后再放入")
    if stat.S_ISLNK(info.external_attr >> 16):
        return Quarantined(place, "", "NOT_A_FILE", "压缩包中的链接")
    if info.compress_type not in PACKED:
        return Quarantined(place, "", "UNSUPPORTED_CONTAINER", f"压缩方法 {info.compress_type} 暂不支持")
    if info.file_size > LARGEST:
        return Quarantined(place, "", "TOO_LARGE", f"解压后有 {info.file_size} 字节，上限 {LARGEST}")
    if info.file_size > AT_LEAST and info.file_size > DENSEST * max(1, info.compress_size):
        return Quarantined(
            place, "", "ZIP_BOMB", f"解压后是压缩大小的 {info.file_size // max(1, info.compress_size)} 倍"
        )
    try:
        with packed.open(info) as file:
            return Member(title, file.read(LARGEST + 1))
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError, RuntimeError) as error:
        return Quarantined(place, "", "ZIP_DAMAGED", f"{error}"[:300])


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name: archives made on Chinese systems write it in GBK without saying so."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_chrome(title: str) -> bool:
    """What the systems that pack leave behind: hidden files, resource forks."""
    parts = [part for part in title.split("/") if part not in {".", ".."}]
    return any(part.startswith(".") or part == "__MACOSX" for part in parts) or title.endswith("Thumbs.db")
