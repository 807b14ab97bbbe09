"""Where things are unless the command line says otherwise."""

from __future__ import annotations

import argparse
from pathlib import Path

from codebook import decisions
from codebook.decisions import Decisions

ROOT = Path(__file__).resolve().parents[2]
REPORTS, PUBLISHED = ROOT / "data" / "reports", ROOT / "data" / "published"
CORRECTIONS = ROOT / "data" / "corrections.csv"


def decisions_option(verb: argparse.ArgumentParser) -> None:
    """Let a verb be told of decisions."""
    verb.add_argument(
        "--decisions",
        type=Path,
        action="append",
        metavar="PATH",
        help="file or folder of decisions on labels, doubts and values (default: OGI_DECISIONS or data/decisions)",
    )


def decided_in(paths: list[Path] | None) -> Decisions:
    """Decisions of the files and folders named, else of the place where they are kept, if there is one."""
    return decisions.read(paths or [home for home in (decisions.home(),) if home.exists()])
