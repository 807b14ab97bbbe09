"""What a document read before is known by: its bytes and all that is told of it, read by the very same reader."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import astuple
from functools import cache
from importlib.metadata import version
from pathlib import Path

from codebook.decisions import Alias
from loaders.report import Source

ROOT = Path(__file__).resolve().parents[2]
READER = (
    "loaders/**/*.py",
    "loaders/**/*.ttf",
    "codebook/**/*.py",
    "codebook/**/*.csv",
    "codebook/**/*.toml",
    "data/gazetteer/**/*",
)
LIBRARIES = ("lxml", "pypdfium2", "xlrd", "rapidfuzz", "pyarrow")


def key(source: Source) -> bytes:
    """The key of a document: the same for the same bytes, name and word of an index."""
    told = (source.name, source.url, source.synthetic, astuple(source.told))
    return hashlib.blake2b(hashlib.sha256(source.data).digest() + repr(told).encode(), digest_size=16).digest()


def reader(aliases: Iterable[Alias], audit: float) -> str:
    """A name for all that decides how a document is read: this code and its data, libraries, decided wordings."""
    told = (_code(), [astuple(one) for one in aliases], audit)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@cache
def _code() -> str:
    whole = hashlib.sha256(repr((sys.version, [(name, version(name)) for name in LIBRARIES])).encode())
    for pattern in READER:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                whole.update(f"\0{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes())
    return whole.hexdigest()
