"""Add a decision to its file: whole or not at all, and never over what another one writes at the same time."""

from __future__ import annotations

import csv
import io
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path

from codebook.decisions import FILES, Alias, Decision, parse
from codebook.locking import try_lock
from codebook.spreadsheet import neutral

CODEBOOK = Path(__file__).resolve().parent
WAIT = 10.0  # seconds for somebody else's row


def append(folder: Path, one: Decision) -> Path:
    """Add a row to the folder's file of its kind, and give the file.

    Raises BadDecision where the row or the file is bad, TimeoutError where the file stays locked, OSError.
    """
    path = (folder / FILES[type(one)]).resolve()  # a link stays one: what it leads to is written
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.parent / ".lock"):
        before = path.read_bytes() if path.exists() else text([], type(one)).encode()
        if before and not before.endswith(b"\n"):
            before += b"\n"
        after = before + _row(one).encode()
        # The codebook's own wordings need no name beside the evidence.
        parse(after, path.name, signed=not isinstance(one, Alias) or path.parent != CODEBOOK)
        _replace(path, after)
    return path


def text(rows: Iterable[Decision], kind: type[Decision]) -> str:
    """Decisions of one kind as a file that a build reads: CSV that runs nothing in a spreadsheet."""
    return ",".join(one.name for one in fields(kind)) + "\n" + "".join(_row(one) for one in rows)


def _row(one: Decision) -> str:
    out = io.StringIO()
    cells = (
        "" if cell is None else f"{cell!r}".removesuffix(".0") if isinstance(cell, float) else cell
        for cell in astuple(one)
    )
    csv.writer(out, lineterminator="\n").writerow([neutral(cell) for cell in cells])
    return out.getvalue()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    deadline = time.monotonic() + WAIT
    with path.open("a+b") as handle:
        while not try_lock(handle):
            if time.monotonic() >= deadline:
                raise TimeoutError(f"{path.parent.name}: 另有人在写 · somebody else is writing")
            time.sleep(0.02)
        yield


def _replace(path: Path, content: bytes) -> None:
    work = path.with_name(f".{path.name}.tmp")  # one writer at a time: the lock is held
    with work.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    if path.exists():
        shutil.copymode(path, work)
    work.replace(path)
