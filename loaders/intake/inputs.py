"""Files found → documents to read: archives are opened, corpora read row by row, everything else is a document.

Documents come one by one, in an order that does not depend on the file system, so that an input of any size needs no
more memory than its largest document. What stands beside documents (index.csv, a JSON of the same name without a
text) tells their address, title and day.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from loaders.errors import BadIndex
from loaders.intake import archives, corpora
from loaders.intake.corpora import Passed
from loaders.intake.sources import INDEX, LEFT_OUT, Found
from loaders.report import Quarantined, Source

Item = Found | Source | Quarantined | Passed
LONGEST_MAGIC, LARGEST_NOTE = 8, 1_000_000  # bytes
NOTE = ".json"


@dataclass(slots=True)
class _Beside:
    """What stands beside documents, by the path of the document or of its name without suffix."""

    told: dict[str, Mapping[str, object]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def take(self, path: str, data: bytes) -> bool:
        """Whether a JSON file is a note on a document, and no document itself."""
        try:
            row = json.loads(data.decode("utf-8-sig")) if len(data) <= LARGEST_NOTE else None
        except (ValueError, RecursionError):
            return False
        if not isinstance(row, dict) or corpora.body(row):
            return False
        self.told[path.removesuffix(NOTE)] = row
        return True

    def index(self, folder: str, data: bytes) -> None:
        """The rows of an index. Raises BadIndex: without it a made-up report would pass as real."""
        try:
            lines = io.StringIO(data.decode("utf-8-sig"), newline="")
            self.told |= {folder + row["file"]: row for row in csv.DictReader(lines) if row.get("file")}
        except (ValueError, csv.Error, KeyError) as error:
            raise BadIndex(f"{folder}{INDEX}: {error}") from error

    def of(self, path: str) -> Mapping[str, object]:
        """What is told of a document."""
        stem = path.rpartition(".")[0]
        key = path if path in self.told else stem
        self.used.add(key)
        return self.told.get(key, {})

    def unused(self) -> list[str]:
        """Notes without a document."""
        return sorted(self.told.keys() - self.used)


def documents(found: Iterable[Found]) -> Iterator[Item]:
    """Every document in files, archives and corpora; a file that is one document itself is not opened yet."""
    found, beside, notes = list(found), _Beside(), dict[str, Found]()
    for one in found:
        path = one.path.as_posix()
        if path.endswith(NOTE) and not one.refusal and beside.take(path, _start(one)):
            notes[path] = one
    for one in found:
        if one.path.as_posix() not in notes:
            yield from _documents(one, beside)
    for path in beside.unused():
        yield Quarantined(notes[path + NOTE].name, "", "NO_TEXT_COLUMN", "旁边没有同名的文件，自身也没有正文")


def _start(one: Found) -> bytes:
    try:
        with one.path.open("rb") as file:
            return file.read(LARGEST_NOTE + 1)
    except OSError:
        return b""


def _documents(one: Found, beside: _Beside) -> Iterator[Item]:
    if one.refusal or not one.path.is_file():
        yield one  # why it is not read is told where it is loaded
        return
    try:
        file = one.path.open("rb")
    except OSError:
        yield one
        return
    with file:
        kind = _kind(one.name, file)
        if kind:
            yield from _inside(one.name, kind, file, one.synthetic, 1)
            return
    row = beside.of(one.path.as_posix())
    yield replace(one, url=one.url or corpora.address(row), told=corpora.told(row)) if row else one


def _kind(name: str, file: BinaryIO) -> str:
    """archive or corpus; "" for a document."""
    head = file.read(LONGEST_MAGIC)
    file.seek(0)
    if corpora.is_corpus(name, head):
        return "corpus"
    is_archive = head.startswith(archives.MAGIC) and archives.is_archive(file)
    file.seek(0)
    return "archive" if is_archive else ""


def _inside(name: str, kind: str, file: BinaryIO, synthetic: bool, depth: int) -> Iterator[Item]:
    if kind == "corpus":
        yield from corpora.documents(name, file, synthetic)
    elif depth > archives.DEEPEST:
        yield Quarantined(name, "", "TOO_DEEP", f"压缩包套了 {depth} 层，上限 {archives.DEEPEST}")
    else:
        try:
            yield from _archive(name, file, synthetic, depth)
        except BadIndex as error:
            yield Quarantined(name, "", error.reason, str(error))


def _archive(name: str, file: BinaryIO, synthetic: bool, depth: int) -> Iterator[Item]:
    """The documents of an archive. Raises BadIndex."""
    beside = _Beside()
    for member in archives.members(name, file, first=(INDEX, NOTE)):
        if isinstance(member, Quarantined):
            yield member
            continue
        folder, slash, base = member.name.rpartition("/")
        if base == INDEX:
            beside.index(folder + slash, member.data)
        if base in LEFT_OUT or (base.endswith(NOTE) and beside.take(member.name, member.data)):
            continue
        row = beside.of(member.name)
        marked = synthetic or row.get("synthetic", "") in {"yes", "true", "1"}
        place, data = f"{name}/{member.name}", io.BytesIO(member.data)
        if inner := _kind(base, data):
            yield from _inside(place, inner, data, marked, depth + 1)
        else:
            yield Source(place, member.data, corpora.address(row), marked, corpora.told(row))
