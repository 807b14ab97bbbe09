"""The licence of every package that is installed with the product: python -m tests.licences [LOCK].

Fails (exit 1) on one that would bind the product (GPL, AGPL, SSPL) or that names none. File-based copyleft (MPL, LGPL of
a library that is only used) binds its own files and passes.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"^([a-z0-9][\w.-]*)==", re.MULTILINE)
BINDING = re.compile(r"\b(?:A?GPL|GNU (?:Affero )?General Public|SSPL|Commons Clause|BUSL)", re.IGNORECASE)
LESSER = re.compile(r"\bLGPL|Lesser General Public", re.IGNORECASE)


def licence(one: Distribution) -> str:
    """What a package says of its licence: the expression, else the classifiers, else the first line of the field."""
    told = one.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    classified = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or () if c.startswith("License ::")]
    classified = [c for c in classified if c != "OSI Approved"]
    return " / ".join(classified) or _named(one) or _printed(one)


def _named(one: Distribution) -> str:
    return one.metadata["License"].strip().split("\n")[0] if "License" in one.metadata else ""


def _printed(one: Distribution) -> str:
    """The first line of the licence that lies in the package."""
    papers = [path for path in one.files or () if path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))]
    lines = (line.strip() for path in papers for line in path.read_text().splitlines())
    return next((line for line in lines if line), "")


def binding(text: str) -> bool:
    """Whether a licence would bind what uses the package; one of several that may be chosen does not."""
    choices = re.split(r"\bOR\b|/", text)
    return all(BINDING.search(one) and not LESSER.search(one) for one in choices)


def listed(lock: str) -> dict[str, str]:
    """Package → licence, of a lock; "" for one that names none. What another system needs and is not here is left out."""
    found = {}
    for name in NAME.findall((ROOT / lock).read_text(encoding="utf-8")):
        try:
            found[name] = licence(distribution(name))
        except PackageNotFoundError:
            continue
    return found


def main(arguments: list[str]) -> int:
    """List the licences; 1 where one binds or is missing."""
    found = listed(arguments[0] if arguments else "requirements.txt")
    bad = [name for name, text in found.items() if not text or binding(text)]
    for name, text in found.items():
        print(f"{'!' if name in bad else ' '} {name:28} {text}")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
