"""Release the code: python deploy/release.py 0.2.0 [--date 2026-12-31] [--dry-run].

Writes the version to pyproject.toml, loaders/schema.py and CITATION.cff, gives the Unreleased part of CHANGELOG.md its name and
day, commits and tags. Runs on main with a clean tree only, after `python dev.py test` on this very commit: the script asks.
Nothing is pushed. Code book and data have versions of their own (docs/architecture.md).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NUMBER = re.compile(r"(\d+)\.(\d+)\.(\d+)")
PLACES = {
    "pyproject.toml": r'(?m)^(version = ")([\d.]+)(")',
    "loaders/schema.py": r'(?m)^(PARSER_VERSION = ")([\d.]+)(")',
    "CITATION.cff": r'(?m)^(version: ")([\d.]+)(")',
}
UNRELEASED = "## Unreleased\n"


class Refused(Exception):
    """Why nothing is released."""


def versions() -> dict[str, str]:
    """File → the version that it names."""
    found = {}
    for name, pattern in PLACES.items():
        match = re.search(pattern, (ROOT / name).read_text(encoding="utf-8"))
        if match is None:
            raise Refused(f"{name} names no version")
        found[name] = match[2]
    return found


def written(version: str, day: date) -> dict[str, str]:
    """File → its text for the release. Raises Refused."""
    known = versions()
    if len(set(known.values())) != 1:
        raise Refused(f"files disagree on the version: {known}")
    (now,) = set(known.values())
    if not NUMBER.fullmatch(version) or _key(version) <= _key(now):
        raise Refused(f"{version} does not come after {now}")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    head, mark, rest = changes.partition(UNRELEASED)
    own = re.split(r"(?m)^## ", rest)[0]
    if not mark or not re.search(r"(?m)^- ", own):
        raise Refused("CHANGELOG.md tells of nothing under Unreleased")
    texts = {"CHANGELOG.md": f"{head}{UNRELEASED}\n## {version} · {day}\n{rest}"}
    for name, pattern in PLACES.items():
        texts[name] = re.sub(pattern, rf"\g<1>{version}\g<3>", (ROOT / name).read_text(encoding="utf-8"), count=1)
    dated = re.sub(r"(?m)^date-released: .*\n", "", texts["CITATION.cff"])
    texts["CITATION.cff"] = re.sub(r'(?m)^(version: ".*"\n)', rf"\g<1>date-released: {day}\n", dated, count=1)
    return texts


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _ready(version: str) -> None:
    """Raises Refused where git is not as it should be."""
    if _git("status", "--porcelain"):
        raise Refused("there are changes that are not committed")
    if (branch := _git("rev-parse", "--abbrev-ref", "HEAD")) != "main":
        raise Refused(f"this is {branch}, not main")
    if _git("tag", "--list", f"v{version}"):
        raise Refused(f"v{version} is there already")


def main(arguments: list[str]) -> int:
    """Release, or say why not: 0 released (or could be), 1 refused."""
    parser = argparse.ArgumentParser(prog="python deploy/release.py", description=__doc__)
    parser.add_argument("version", help="as 0.2.0")
    parser.add_argument(
        "--date", type=date.fromisoformat, default=datetime.now(UTC).date(), help="day (default: today)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would change")
    parser.add_argument("--tested", action="store_true", help="`python dev.py test` went well on this commit")
    given = parser.parse_args(arguments)
    try:
        _ready(given.version)
        texts = written(given.version, given.date)
        if not given.dry_run and not given.tested:
            raise Refused("run `python dev.py test` on this commit, then say --tested")
    except (Refused, subprocess.CalledProcessError) as error:
        print(f"Refused: {error}", file=sys.stderr)
        return 1
    print(f"v{given.version}, {given.date}: {', '.join(sorted(texts))}")
    if not given.dry_run:
        for name, text in texts.items():
            (ROOT / name).write_text(text, encoding="utf-8")
        _git("commit", "--quiet", "--all", "--message", f"Release {given.version}")
        _git("tag", "--annotate", f"v{given.version}", "--message", f"{given.version}")
        print(f"Committed and tagged. To publish: git push origin main v{given.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
