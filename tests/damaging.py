"""What happens to files on a disk."""

from __future__ import annotations

import random
from pathlib import Path


def altered(path: Path, chance: random.Random) -> None:
    """A byte changed, lost or added, the file cut, or gone."""
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    match chance.choice(("change", "lose", "add", "cut", "gone", "empty")):
        case "change":
            content[at] ^= 1 << chance.randrange(8)
        case "lose":
            del content[at]
        case "add":
            content.insert(at, chance.randrange(256))
        case "cut":
            del content[at:]
        case "gone":
            path.unlink()
            return
        case _:
            content.clear()
    path.write_bytes(bytes(content))
