"""Which documents a build reads: regular files below the inputs, in an order that does not depend on the file system.

What is no document (a pipe, a device, a link out of the folder, a folder that may not be opened) is found too, with
the reason why it is not read: it lands in the quarantine and not in silence.
"""

from __future__ import annotations

import csv
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from loaders.errors import BadIndex, NotAFile, TooLarge
from loaders.identity.told import NOTHING, Told
from loaders.intake import corpora
from loaders.report import Source

# Beside documents; its columns tell what a file can't: file, source_url, synthetic (yes), and what corpora.told reads.
INDEX = "index.csv"
LEFT_OUT = {INDEX, "README.md"}
LARGEST = 50_000_000  # bytes; the largest scanned reports take a fifth of it


@dataclass(frozen=True, slots=True)
class Found:
    """A document on disk, not read yet; `refusal` says why it never will be."""

    path: Path
    url: str = ""
    synthetic: bool = False
    refusal: str = ""
    told: Told = NOTHING  # what an index or a note beside it tells

    @property
    def name(self) -> str:
        """The file's name as text; bytes that are none are written as \\xNN."""
        return os.fsencode(self.path.name).decode("utf-8", "backslashreplace")

    def load(self) -> Source:
        """The document with its bytes. Raises NotAFile, TooLarge, OSError."""
        if self.refusal:
            raise NotAFile(self.refusal)
        # Opened first and looked at then, so that nothing can be put in its place between; a pipe does not block.
        handle = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise NotAFile(_kind(found.st_mode))
            if found.st_size > LARGEST:
                raise TooLarge(f"{found.st_size / 1e6:.0f} MB，上限 {LARGEST / 1e6:.0f} MB")
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise TooLarge(f"超过 {LARGEST / 1e6:.0f} MB")
        return Source(self.name, data, self.url, self.synthetic, self.told)


def find(inputs: Iterable[Path], synthetic: bool = False) -> list[Found]:
    """All documents below the inputs, by file name; hidden files and the index itself are left out.

    Raises FileNotFoundError for an input that does not exist, BadIndex for an index that is no CSV.
    """
    found: dict[Path, Found] = {}
    for given in inputs:
        if not given.exists():
            raise FileNotFoundError(f"没有这个文件或文件夹 · no such file or folder: {given}")
        for path, refusal in _files(given):
            row = _index(path.parent).get(path.name, {}) if not refusal else {}
            marked = synthetic or row.get("synthetic", "") in {"yes", "true", "1"}
            place = path.absolute() if refusal else path.resolve()
            found.setdefault(place, Found(path, corpora.address(row), marked, refusal, corpora.told(row)))
    return sorted(found.values(), key=lambda one: (one.name, os.fsencode(one.path)))


def _files(given: Path) -> Iterator[tuple[Path, str]]:
    """Files below an input with the reason why one is not to be read ("" for documents)."""
    if not given.is_dir():
        yield given, "" if given.is_file() else _kind(given.stat().st_mode)
        return
    root, open_folders = given.resolve(), [given]
    while open_folders:
        folder = open_folders.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield folder, f"文件夹无法打开：{error.strerror}"
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name in LEFT_OUT:
                continue
            path = folder / entry.name
            if entry.is_symlink():
                yield from _linked(path, root)
            elif entry.is_dir(follow_symlinks=False):
                open_folders.append(path)
            else:
                regular = entry.is_file(follow_symlinks=False)
                yield path, "" if regular else _kind(entry.stat(follow_symlinks=False).st_mode)


def _linked(path: Path, root: Path) -> Iterator[tuple[Path, str]]:
    """A link to a document of the same folder is that document, which is found anyway; any other leads elsewhere."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        yield path, "链接没有目标"
        return
    if not target.is_relative_to(root):
        yield path, "链接指向文件夹之外"


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "文件夹"), (stat.S_ISFIFO, "管道"), (stat.S_ISSOCK, "套接字"))
    return "不是普通文件：" + next((name for test, name in kinds if test(mode)), "设备")


@cache
def _index(folder: Path) -> dict[str, dict[str, str]]:
    """What the index beside documents tells of each. Raises BadIndex: without it a made-up report would pass as real."""
    if not (folder / INDEX).is_file():
        return {}
    try:
        with (folder / INDEX).open(encoding="utf-8-sig", newline="") as file:
            return {row["file"]: row for row in csv.DictReader(file) if row.get("file")}
    except (OSError, ValueError, csv.Error) as error:
        raise BadIndex(f"{folder / INDEX}: {error}") from error
