"""Lots on disk: what was read by this very reader need not be read again, after a kill or when new documents came.

DIR/.read/<reader>/<hash>.lot    a lot, named by the hash of its bytes; whole or not there
DIR/.read/<reader>/<hash>.beside what the rules over several reports said of them
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa

from codebook.decisions import Place
from loaders import corrections
from loaders.errors import Damaged
from loaders.lots.frames import tables

FOLDER, SUFFIX, BESIDE, HALF = ".read", ".lot", ".beside", ".part"
KEYS = ("key", "sha256", "agency_read", "concerned")
ROOM = 1 << 20  # documents of a lot, at most: a place is lot * ROOM + document


@dataclass(slots=True)
class Store:
    """The lots of one reader; `known` tells where the document of a key stands."""

    folder: Path
    lots: list[Path] = field(default_factory=list)
    known: dict[bytes, int] = field(default_factory=dict)
    beside: Path | None = None

    @classmethod
    def open(cls, out: Path, reader: str, corrected: Sequence[Place], anew: bool = False) -> Store:
        """The lots that are whole; broken ones are removed, and all of them where everything is to be read anew.
        Documents that other corrections concern now than when they were read are not known."""
        one = cls(out / FOLDER / reader)
        if anew:
            shutil.rmtree(one.folder, ignore_errors=True)
        one.folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(one.folder.iterdir()):
            try:
                if path.suffix not in {SUFFIX, BESIDE} or _hash_of(path) != path.stem:
                    raise Damaged(path.name)
                if path.suffix == BESIDE:
                    one.beside = path
                else:
                    one._take(path, corrected)
            except Damaged:
                path.unlink()
        return one

    def add(self, data: bytes) -> int:
        """Keep a lot; its number."""
        path = self.folder / (hashed(data) + SUFFIX)
        half = path.with_suffix(HALF)
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        self.lots.append(path)
        return len(self.lots) - 1

    def read(self, number: int, wanted: Sequence[str]) -> dict[str, pa.Table]:
        """Some tables of a lot."""
        with self.lots[number].open("rb") as file:
            return tables(file, wanted)

    def each(self, wanted: Sequence[str]) -> Iterator[tuple[int, dict[str, pa.Table]]]:
        """All lots in turn."""
        for number in range(len(self.lots)):
            yield number, self.read(number, wanted)

    def put_beside(self, half: Path) -> None:
        """Keep what the rules said, in the place of what they said at the last build."""
        path = self.folder / (_hash_of(half) + BESIDE)
        half.replace(path)
        if self.beside not in {None, path}:
            self.beside.unlink(missing_ok=True)
        self.beside = path

    def keep(self, used: Set[int]) -> None:
        """Drop the lots of which nothing was used, and all that other readers read."""
        for number, path in enumerate(self.lots):
            if number not in used:
                path.unlink(missing_ok=True)
        for other in self.folder.parent.iterdir():
            if other != self.folder:
                shutil.rmtree(other, ignore_errors=True)

    def _take(self, path: Path, corrected: Sequence[Place]) -> None:
        with path.open("rb") as file:
            documents = tables(file, ("documents",))["documents"].select(list(KEYS))
        number = len(self.lots)
        self.lots.append(path)
        for doc, (key, sha, agency, concerned) in enumerate(
            zip(*(documents[n].to_pylist() for n in KEYS), strict=True)
        ):
            if key is not None and concerned_by(sha, agency, corrected) == (concerned or ""):
                self.known[key] = number * ROOM + doc


def concerned_by(sha256: str, agency: str | None, corrected: Sequence[Place]) -> str:
    """The marks of the corrections that concern a document."""
    return " ".join(corrections.mark(row) for row in corrected if corrections.concerns(row, sha256, agency))


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=16)).hexdigest()


def hashed(data: bytes) -> str:
    """The name of a lot."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
