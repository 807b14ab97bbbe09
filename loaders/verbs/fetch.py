"""python -m loaders fetch urls.csv --out FOLDER: download the reports of a list, politely."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from codebook.terms import values
from loaders import publish
from loaders.errors import BadIndex
from loaders.verbs import said

ALL, SOME, TROUBLE = 0, 1, 2
SLOWEST, FASTEST = 3600.0, 1.0  # seconds between two requests to a host


def add(verbs: Any) -> None:
    """Register the verb."""
    verb = said.verb(
        verbs,
        "fetch",
        "download the reports of a list, politely; the only verb that goes to the network",
        "fetch urls.csv --out FOLDER               # then: build FOLDER",
        status="exit status: 0 all are there, 1 some failed, 2 trouble",
    )
    verb.add_argument(
        "urls", type=Path, metavar="urls.csv", help="columns url and, if known, title, date, agency, report_year"
    )
    verb.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the originals are kept")
    verb.add_argument("--interval", type=_seconds, default=FASTEST, help="seconds between requests to a host (from 1)")
    verb.add_argument("--largest", type=int, default=50, help="MB of a document (default: 50)")
    verb.add_argument("--total", type=float, default=300.0, help="seconds for a document (default: 300)")
    verb.set_defaults(run=run)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not FASTEST <= seconds <= SLOWEST:
        raise argparse.ArgumentTypeError(f"{FASTEST:.0f} - {SLOWEST:.0f}")
    return seconds


def run(given: argparse.Namespace) -> int:
    """Fetch, telling each row; 0 where all are there, 1 where some failed, 2 where the list can't be read."""
    # Here and not above: no other verb so much as loads what can open a connection.
    from loaders.fetch import listing  # noqa: PLC0415
    from loaders.fetch.pace import Clock, Pace  # noqa: PLC0415
    from loaders.fetch.run import counts, fetch  # noqa: PLC0415
    from loaders.fetch.wire import Limits, Wire  # noqa: PLC0415

    clock = Clock()
    wire = Wire(Limits(largest=given.largest * 1_000_000, total=given.total), clock)
    try:
        wanted = listing.read(given.urls)
        pace = Pace(clock, given.interval)
        with publish.locked(given.out):
            rows = fetch(wanted, given.out, wire, pace, clock, said.as_json if given.json else _tell)
    except BadIndex as error:
        print(f"失败 · failed: {error}", file=sys.stderr)
        return TROUBLE
    if not given.json:
        print("，".join(f"{name} {n}" for name, n in sorted(counts(rows).items())) or "0")
    return SOME if any(row["state"] == "failed" for row in rows) else ALL


def _tell(row: dict[str, object]) -> None:
    label = values().get(("fetch", str(row["reason"])), {"zh": "", "en": ""})
    said = " · ".join(filter(None, (label["zh"], label["en"], str(row["detail"]))))
    print(f"{row['reason'] or row['state']}  {row['source_url']}" + (f"（{said}）" if said else ""), flush=True)
