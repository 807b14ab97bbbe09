"""python -m loaders release [DATA] --out FOLDER: the data as a package that stands alone."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from loaders.release.described import sha256
from loaders.release.package import VERSION, release, today


def add(verbs: Any, published: Path) -> None:
    """Register the verb; `published` is the data folder where none is given."""
    verb = verbs.add_parser("release", help="write a dated data package: Parquet, CSV, code book, metadata, check sums")
    verb.add_argument("data", nargs="?", type=Path, default=published, metavar="DATA", help="data or version folder")
    verb.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where folder and .zip are written")
    verb.add_argument(
        "--version", type=_version, default=None, help="name of the package's version (default: the date)"
    )
    verb.add_argument(
        "--date",
        type=_day,
        default=None,
        metavar="YYYY-MM-DD",
        help="stands in names and metadata only (default: SOURCE_DATE_EPOCH, else today)",
    )
    verb.set_defaults(run=run)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("YYYY-MM-DD") from error


def _version(text: str) -> str:
    if not VERSION.fullmatch(text):
        raise argparse.ArgumentTypeError("letters, digits and . + _ -")
    return text


def run(given: argparse.Namespace) -> int:
    """Write the package and tell where it is."""
    folder, archive = release(given.data, given.out, given.date or today(), given.version or "")
    print(f"{folder}\n{archive}（{archive.stat().st_size / 1e6:.1f} MB）\nSHA-256 {sha256(archive)}")
    return 0
