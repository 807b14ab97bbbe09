"""Time the loaders beside a peer: python -m benchmarks [--rounds N].

The peer names each cell by the best of all labels (rapidfuzz extractOne, the flat way), as a reader without forms
would. Both read the same shipped reports in turn, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rapidfuzz import process

from loaders import reading
from loaders.labels import lexicon, plain
from loaders.readers import encoding
from loaders.readers import text as text_reader

REPORTS = Path(__file__).resolve().parent.parent / "data" / "reports"


def ours(name: str, text: str) -> int:
    """Cells read by the loaders' table reader."""
    return reading.read(text_reader.read(name, text)).cells


def flat(_: str, text: str) -> int:
    """Cells that follow a line which some label of the codebook resembles: the peer."""
    labels = list(lexicon().names)
    found = 0
    for line in text.split("\n"):
        cell = plain(line)
        if cell and not cell[0].isdigit():
            process.extractOne(cell, labels, score_cutoff=75)
        found += bool(cell) and cell.isdigit()
    return found


def seconds(work: Callable[[str, str], int], documents: dict[str, str]) -> float:
    """Wall seconds to read all documents once."""
    started = time.perf_counter()
    for name, text in documents.items():
        work(name, text)
    return time.perf_counter() - started


def main(arguments: list[str]) -> int:
    """Print the medians and the ratio of the two."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args(arguments).rounds
    documents = {p.name: encoding.decode(p.read_bytes()) for p in sorted(REPORTS.glob("*.txt"))}
    pairs = [(seconds(ours, documents), seconds(flat, documents)) for _ in range(rounds + 1)][1:]
    mine, peer = (statistics.median(times) / len(documents) * 1000 for times in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"{len(documents)} shipped reports, {rounds} rounds, median a report")
    print(f"  tables by label and form    {mine:8.2f} ms")
    print(f"  flat best-of-all-labels     {peer:8.2f} ms   ratio {ratio:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
