"""What was fetched, on disk: the bytes as they came, a note beside each, index.csv of everything asked for.

FOLDER/<host>_<hash of the address>.<suffix>     the document
FOLDER/<…>.<suffix>.json                         its note: addresses, date, headers, hashes; `loaders build` reads it
FOLDER/index.csv                                 a row an address, also of those that failed, with the reason
FOLDER/.parts/                                   what is not whole yet, to go on with
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from codebook.spreadsheet import neutral
from loaders.errors import BadIndex, NotFetched
from loaders.fetch.urls import Url
from loaders.intake.sources import INDEX

PARTS = ".parts"
SUFFIXES = {".html", ".htm", ".shtml", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".csv", ".txt", ".md", ".zip", ".rtf"}
NEVER_PAGES = {".pdf", ".docx", ".xlsx", ".zip"}  # .doc and .xls often are pages that Word or Excel wrote
KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    "text/csv": ".csv",
    "text/plain": ".txt",
}
PAGE = (b"<!doctype html", b"<html", b"<head", b"<script", b"<meta", b"<body")
PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 47}  # window bits of zlib
COLUMNS = (
    *("file", "source_url", "title", "date", "state", "reason", "detail"),
    *("final_url", "status", "bytes", "sha256", "fetched_at"),
)
Note = dict[str, Any]


def stem(url: Url) -> str:
    """The file name of an address without its suffix, the same in every run."""
    host = url.host.replace(":", "-")[:80]
    return f"{host}_{hashlib.sha256(str(url).encode()).hexdigest()[:12]}"


@dataclass(slots=True)
class Part:
    """A document that is not whole: its bytes so far, and what tells that it is still the same on the other side."""

    path: Path
    final_url: str = ""
    validator: str = ""
    size: int = 0

    def keep(self, final_url: str, validator: str) -> None:
        """Begin anew, and note down how to go on later."""
        self.final_url, self.validator, self.size = final_url, validator, 0
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"")
        _replace(self._about, json.dumps([final_url, validator]).encode())

    def write(self, pieces: Iterable[bytes]) -> None:
        """Add pieces as they come."""
        with self.path.open("ab") as file:
            for piece in pieces:
                file.write(piece)
                self.size += len(piece)

    def drop(self) -> None:
        """Forget what is there."""
        self.path.unlink(missing_ok=True)
        self._about.unlink(missing_ok=True)
        self.final_url, self.validator, self.size = "", "", 0

    @property
    def _about(self) -> Path:
        return self.path.with_suffix(".json")

    @classmethod
    def at(cls, path: Path) -> Part:
        """The part that an earlier run left; an empty one where it left none that it can go on with."""
        part = cls(path)
        try:
            part.final_url, part.validator = json.loads(part._about.read_text(encoding="utf-8"))
            part.size = path.stat().st_size
        except (OSError, ValueError, TypeError):
            part.drop()
        if not part.validator or not part.size:
            part.drop()
        return part


class Store:
    """The folder of one user's documents."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._before = _rows(folder / INDEX)

    def there(self, url: Url) -> Note | None:
        """The note of a document that an earlier run fetched whole; None where it, or a byte of it, is missing."""
        for path in sorted(self.folder.glob(f"{stem(url)}.*.json")):
            try:
                note: Note = json.loads(path.read_text(encoding="utf-8"))
                with path.with_suffix("").open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() == note["sha256"]:
                        return note | {"file": path.stem}
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return None

    def part(self, url: Url) -> Part:
        """Where the bytes of an address are gathered."""
        return Part.at(self.folder / PARTS / f"{stem(url)}.part")

    def finish(self, url: Url, part: Part, note: Note, encoding: str, kind: str, largest: int) -> Note:
        """The part as a document with its note beside it; the note comes back with the file's name.

        Raises NotFetched: EMPTY, ENCODING, ZIP_BOMB, HTML_INSTEAD.
        """
        wire = part.path
        if encoding not in ("", "identity"):
            note = note | {"content_encoding": encoding, "wire_sha256": _sha256(wire)}
            _unpack(wire, encoding, largest)
        size, head = wire.stat().st_size, _head(wire)
        if not size:
            raise NotFetched("EMPTY", "0 B")
        suffix = _suffix(url, kind, head)
        name = stem(url) + suffix
        note = note | {"bytes": size, "sha256": _sha256(wire)}
        # The note first: were it to come second and never did, a document would be built without its address.
        _replace(self.folder / f"{name}.json", json.dumps(note, ensure_ascii=False, indent=1).encode() + b"\n")
        wire.replace(self.folder / name)
        part.drop()
        return note | {"file": name}

    def index(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Write index.csv: these rows, and those of earlier lists that are not asked for now."""
        new = {str(row["source_url"]): dict(row) for row in rows}
        old: dict[str, dict[str, object]] = {
            row.get("source_url", "") or row.get("file", ""): dict(row) for row in self._before
        }
        merged = [*((row | new.pop(key, {})) for key, row in old.items()), *new.values()]
        names = dict.fromkeys([*COLUMNS, *(name for row in merged for name in row)])
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(names), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"detail": neutral(str(row.get("detail") or ""))} for row in merged)
        _replace(self.folder / INDEX, ("\ufeff" + out.getvalue()).encode("utf-8", "replace"))
        with suppress(OSError):  # something is left in it to go on with
            (self.folder / PARTS).rmdir()


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of an index that is there. Raises BadIndex: what it says would be lost."""
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [{key: value or "" for key, value in row.items() if key} for row in csv.DictReader(file)]
    except (OSError, ValueError, csv.Error) as error:
        raise BadIndex(f"{path}: {error}") from error


def _suffix(url: Url, kind: str, head: bytes) -> str:
    """The suffix of a document: of its address, or else of the kind that the server names, or else of its bytes.

    Raises NotFetched(HTML_INSTEAD) where a page came instead of a file: it tells of an error, politely.
    """
    told = PurePosixPath(url.target.partition("?")[0]).suffix.lower()
    page = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(PAGE)
    if page and told in NEVER_PAGES:
        raise NotFetched("HTML_INSTEAD", f"{told}: {head[:60]!r}")
    if told in SUFFIXES:
        return told
    named = KINDS.get(kind.partition(";")[0].strip().lower(), "")
    return ".html" if page else named or (".pdf" if head.startswith(b"%PDF-") else ".bin")


def _unpack(path: Path, encoding: str, largest: int) -> None:
    """Undo the packing of a transfer, which was not asked for. Raises NotFetched(ENCODING, ZIP_BOMB)."""
    bits = PACKED.get(encoding)
    if bits is None:
        raise NotFetched("ENCODING", encoding[:50])
    work, size = path.with_suffix(".out"), 0
    try:
        with path.open("rb") as file, work.open("wb") as out:
            for piece in _plain(file, bits):
                size += len(piece)
                if size > largest:
                    raise NotFetched("ZIP_BOMB", f"{path.stat().st_size} B → > {largest} B")
                out.write(piece)
        work.replace(path)
    except zlib.error as error:
        raise NotFetched("ENCODING", f"{encoding}: {error}") from error
    finally:
        work.unlink(missing_ok=True)


def _plain(file: io.BufferedReader, bits: int) -> Iterator[bytes]:
    unpacker, packed = zlib.decompressobj(bits), b""
    while packed := unpacker.unconsumed_tail or file.read(65_536):
        yield unpacker.decompress(packed, 1_000_000)
        if unpacker.eof:
            break
    yield unpacker.flush()
    if not unpacker.eof or unpacker.unused_data or file.read(1):
        raise zlib.error("it ends before or behind its end")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1024)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or as it was."""
    work = path.with_name(f".{path.name}.tmp")
    work.write_bytes(data)
    work.replace(path)
