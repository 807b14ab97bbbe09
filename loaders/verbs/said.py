"""How verbs speak: their help with examples, JSON for programs, and what their exit status means."""

from __future__ import annotations

import argparse
import json
from typing import Any

# Verbs with other meanings (diff, fetch) say so in their help.
DONE, FAILED, USAGE, BUSY, PIPE = 0, 1, 2, 3, 141
STATUS = "exit status: 0 done, 1 failed or not verified, 2 wrong use or no such file, 3 another build is running"


def verb(verbs: Any, name: str, told: str, *examples: str, status: str = STATUS) -> argparse.ArgumentParser:
    """A verb that can answer in JSON, with its help."""
    shown = "\n".join(["examples:", *(f"  python -m loaders {one}" for one in examples), "", status])
    made: argparse.ArgumentParser = verbs.add_parser(
        name, help=told, description=told, epilog=shown, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--json", action="store_true", help="JSON for programs in place of sentences")
    return made


def as_json(told: object) -> None:
    """One object, on a line of its own."""
    print(json.dumps(told, ensure_ascii=False), flush=True)
