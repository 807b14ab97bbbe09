"""python -m loaders release [DATA] --out FOLDER: the data as a package that stands alone."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from loaders.release.described import sha256
from loaders.release.package import VERSION, release, today
from loaders.verbs import said
from loaders.verbs.places import PUBLISHED


def add(verbs: Any) -> None:
    """Register the verb."""
    verb = said.verb(
        verbs,
        "release",
        "write a dated data package: Parquet, CSV, code book, metadata, check sums",
        "release --out FOLDER                      # of data/published",
    )
    verb.add_argument("data", nargs="?", type=Path, default=PUBLISHED, metavar="DATA", help="data or version folder")
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
    size, digest = archive.stat().st_size, sha256(archive)
    if given.json:
        said.as_json({"folder": str(folder), "archive": str(archive), "bytes": size, "sha256": digest})
    else:
        print(f"{folder}\n{archive}（{size / 1e6:.1f} MB）\nSHA-256 {digest}")
    return 0
