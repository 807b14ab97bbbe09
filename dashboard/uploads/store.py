"""Folders for what visitors upload: one a session, below one a server, gone with either.

A session's folder goes when the session ends, or its owner says so; the server's goes at its end, and what a server
left that was killed is swept away by the next one.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import IO

from codebook.locking import try_lock

PREFIX, LOCK = "ogi-uploads-", ".lock"
FRESH = 3600.0  # seconds: a folder without a lock may be one that is just being made
LONGEST = 80  # characters of a file's name
_HELD: list[IO[bytes]] = []


class Room:
    """A session's folder. It is deleted by `end`, and at the latest when nothing refers to the room any more."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=root()))
        self.end = weakref.finalize(self, shutil.rmtree, self.folder, True)

    def put(self, files: Iterable[tuple[str, bytes]]) -> Path:
        """Write the documents, each in a folder of its own: none is the index of another, no name leads out."""
        into = self.folder / "in"
        shutil.rmtree(into, ignore_errors=True)
        for number, (name, content) in enumerate(files, start=1):
            folder = into / f"{number:03}"
            folder.mkdir(parents=True)
            (folder / plain(name)).write_bytes(content)
        return into


@cache
def root() -> Path:
    """The folder of this server process, made at its first upload."""
    sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    handle = (folder / LOCK).open("wb")
    _HELD.append(handle)
    try_lock(handle)
    atexit.register(_leave, folder)
    return folder


def _leave(folder: Path) -> None:
    while _HELD:
        _HELD.pop().close()
    shutil.rmtree(folder, ignore_errors=True)


def sweep(parent: Path) -> list[Path]:
    """Delete what servers left that are no more; the folders come back."""
    gone = []
    for folder in sorted(parent.glob(f"{PREFIX}*")):
        if _ours(folder) and _left(folder):
            shutil.rmtree(folder, ignore_errors=True)
            gone.append(folder)
    return gone


def _ours(folder: Path) -> bool:
    """A real folder of this user: what somebody else put under such a name is left alone."""
    found = folder.lstat()
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return mine and not folder.is_symlink() and folder.is_dir()


def _left(folder: Path) -> bool:
    try:
        with (folder / LOCK).open("rb+") as handle:
            return try_lock(handle)
    except FileNotFoundError:
        return time.time() - folder.lstat().st_mtime > FRESH
    except OSError:
        return False


def size(folder: Path) -> int:
    """Bytes of all files below; one that goes meanwhile counts nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size
        except FileNotFoundError:
            continue
    return total


def plain(name: str) -> str:
    """A file's name without folders, signs and dots that the loaders would take for something else."""
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, ending = re.sub(r"[^\w.()（）〔〕〈〉《》、，-]+", "_", last).rpartition(".")
    stem, ending = (stem, ending[:10]) if dot else (ending, "")
    kept = f"{(stem or 'file')[:LONGEST]}{dot}{ending}"
    # The loaders leave hidden files, indexes and notes out: a visitor's file is read and answered for.
    return f"file_{kept}" if kept.startswith(".") or kept.lower() in ("index.csv", "readme.md") else kept


def put_aside(folder: Path, files: Iterable[tuple[str, bytes]], most: int) -> int:
    """Keep documents for the operator, named by content; how many were new. Above `most` bytes nothing is added."""
    folder.mkdir(parents=True, exist_ok=True)
    new, held = 0, size(folder)
    for name, content in files:
        path = folder / f"{hashlib.sha256(content).hexdigest()[:16]}_{plain(name)}"
        if not path.exists() and held + len(content) <= most:
            work = path.with_name(f".{path.name}.tmp")
            work.write_bytes(content)
            work.replace(path)
            new, held = new + 1, held + len(content)
    return new
