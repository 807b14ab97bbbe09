"""python -m loaders diff OLD NEW: what changed from one version of the data to another."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from loaders.compare.difference import difference
from loaders.compare.words import as_json, line, summary
from loaders.errors import LoaderError
from loaders.verbs import said

EQUAL, DIFFERENT, TROUBLE = 0, 1, 2


def add(verbs: Any) -> None:
    """Register the verb."""
    verb = said.verb(
        verbs,
        "diff",
        "what changed between two versions: 0 nothing, 1 something, 2 trouble",
        "diff data/published data/own              # a sentence for each kind of change, then every cell",
        "diff OLD NEW --json | jq .summary",
        status="exit status: 0 nothing changed, 1 something did, 2 trouble",
    )
    verb.add_argument("old", type=Path, metavar="OLD", help="data folder (with CURRENT) or version folder")
    verb.add_argument("new", type=Path, metavar="NEW", help="the same")
    verb.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Print the summary and every difference; 0 equal, 1 different, 2 where a version can't be read."""
    try:
        changes = difference(given.old, given.new)
    except (LoaderError, OSError) as error:
        print(f"失败 · failed: {error}", file=sys.stderr)
        return TROUBLE
    told = summary(changes)
    if given.json:
        found = {"equal": not changes, "summary": told, "changes": [as_json(change) for change in changes]}
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print("\n".join(told or ["两个版本相同 · the versions are equal"]))
        print("\n".join(["", *map(line, changes)]) if changes else "", end="\n" if changes else "")
    return DIFFERENT if changes else EQUAL
