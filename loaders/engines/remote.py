"""Inputs and outputs at any address that fsspec knows (s3://…, gs://…, memory://…); plain paths stay what they are.

Documents come to a folder of this machine first, whole; a version that was published here goes out file by file, and
CURRENT last, so that a reader there never sees half a version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from loaders.errors import Unsupported

MARK, CURRENT = "://", "CURRENT"


def is_remote(place: str) -> bool:
    """Whether a place is an address and no path."""
    return MARK in place


@contextmanager
def brought(places: Sequence[str]) -> Iterator[list[Path]]:
    """The places as paths here; what was brought goes with the block. Raises Unsupported, FileNotFoundError."""
    with TemporaryDirectory(prefix="ogi-") as folder:
        found = list[Path]()
        for number, place in enumerate(places):
            if not is_remote(place):
                found.append(Path(place))
                continue
            files, path = _files(place)
            name = PurePosixPath(path.rstrip("/")).name or "root"
            here = Path(folder) / str(number) / name
            here.parent.mkdir(parents=True)
            if not files.exists(path):
                raise FileNotFoundError(f"没有这个地址 · no such address: {place}")
            if files.isdir(path):
                here.mkdir()
                for one in sorted(files.find(path)):
                    to = here / PurePosixPath(one).relative_to(path.rstrip("/"))
                    to.parent.mkdir(parents=True, exist_ok=True)
                    files.get_file(one, str(to))
            else:
                files.get_file(path, str(here))
            found.append(here)
        yield found


@contextmanager
def sent(place: str | None) -> Iterator[Path | None]:
    """A folder to publish into: the path itself, or one of this machine whose version goes to the address at the end."""
    if place is None or not is_remote(place):
        yield None if place is None else Path(place)
        return
    files, path = _files(place)
    with TemporaryDirectory(prefix="ogi-") as folder:
        here = Path(folder)
        yield here
        version = (here / CURRENT).read_text(encoding="utf-8").strip()
        base = path.rstrip("/")
        for one in sorted((here / version).rglob("*")):
            if one.is_file():
                to = f"{base}/{one.relative_to(here).as_posix()}"
                files.makedirs(to.rpartition("/")[0], exist_ok=True)
                files.put_file(str(one), to)
        files.pipe_file(f"{base}/{CURRENT}", f"{version}\n".encode())


def _files(place: str) -> tuple[Any, str]:
    try:
        import fsspec  # noqa: PLC0415
    except ImportError:
        raise Unsupported(f"{place} 需要 requirements-cluster.txt · needs requirements-cluster.txt") from None
    files, path = fsspec.core.url_to_fs(place)
    return files, str(path)
