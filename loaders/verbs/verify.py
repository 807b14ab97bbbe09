"""python -m loaders verify [DATA]: does a published version say what its sources say."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loaders.trust.verify import verify
from loaders.verbs import said
from loaders.verbs.places import PUBLISHED

SHOWN = 20


def add(verbs: Any) -> None:
    """Register the verb."""
    verb = said.verb(
        verbs,
        "verify",
        "check the manifest and read every value at its place again; 1 where something differs",
        "verify                                    # data/published",
        "verify data/own --json | jq .wrong",
    )
    verb.add_argument("folder", nargs="?", type=Path, default=PUBLISHED, metavar="DATA", help="data folder")
    verb.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Verify and tell."""
    told = verify(given.folder)
    if given.json:
        said.as_json(asdict(told))
    else:
        print(
            f"{told.version}：{told.again} 个值在原处重读，{told.placeless} 个空白格没有位置，{len(told.wrong)} 个不符"
        )
        for line in told.wrong[:SHOWN]:
            print("  " + line)
    return said.FAILED if told.wrong else said.DONE
