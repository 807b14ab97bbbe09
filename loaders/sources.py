"""Which documents a build reads: files and folders, in an order that does not depend on the file system."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from loaders.report import Source

INDEX = "index.csv"  # beside documents: columns file, source_url, synthetic (yes) tell what a file can't


@dataclass(frozen=True, slots=True)
class Found:
    """A document on disk, not read yet."""

    path: Path
    url: str = ""
    synthetic: bool = False

    def load(self) -> Source:
        """The document with its bytes."""
        return Source(self.path.name, self.path.read_bytes(), self.url, self.synthetic)


def find(inputs: Iterable[Path], synthetic: bool = False) -> list[Found]:
    """All documents below the inputs, by file name; hidden files and the index itself are left out.

    Raises FileNotFoundError for an input that does not exist.
    """
    found: dict[Path, Found] = {}
    for given in inputs:
        if not given.exists():
            raise FileNotFoundError(f"没有这个文件或文件夹 · no such file or folder: {given}")
        for path in _files(given):
            row = _index(path.parent).get(path.name, {})
            marked = synthetic or row.get("synthetic", "") in {"yes", "true", "1"}
            found.setdefault(path.resolve(), Found(path, row.get("source_url", ""), marked))
    return sorted(found.values(), key=lambda one: (one.path.name, one.path.as_posix()))


def _files(given: Path) -> Iterator[Path]:
    if given.is_file():
        yield given
        return
    for path in sorted(given.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(given).parts)
        if path.is_file() and not hidden and path.name not in {INDEX, "README.md"}:
            yield path


@cache
def _index(folder: Path) -> dict[str, dict[str, str]]:
    if not (folder / INDEX).is_file():
        return {}
    with (folder / INDEX).open(encoding="utf-8-sig", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file) if row.get("file")}
