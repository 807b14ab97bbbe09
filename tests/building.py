"""The command that builds a data set, as one types it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path


def command(documents: Iterable[Path], out: Path, *options: str, workers: int | str = 1) -> list[str]:
    """`python -m loaders build DOCUMENT… --out FOLDER --workers N`, with further options."""
    build = [sys.executable, "-m", "loaders", "build"]
    return [*build, *map(str, documents), "--out", str(out), "--workers", str(workers), *options]
