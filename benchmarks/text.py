"""Text reports, the full path: decoded, tables found and read, cells with their places, identity, region, checks."""

from __future__ import annotations

from benchmarks.bars import Bar, Bench, Measured, pairs
from benchmarks.documents import documents, wrong
from loaders.readers import encoding
from loaders.report import Source, read

REPORTS = 150


def run(rounds: int, size: int) -> Measured:
    """Processor time of a report in the mix of layouts against opening, reading and decoding its file."""
    found = documents("text", size or REPORTS)
    paths = [path for path, _ in found]
    bad, right = wrong(found)

    def ours() -> None:
        for path in paths:
            read(Source(path.name, path.read_bytes()))

    def peer() -> None:
        for _ in range(20):
            for path in paths:
                encoding.decode(path.read_bytes())

    ratio, mine, theirs = pairs(ours, peer, rounds)
    cells = right / len(found)
    each, bare = mine / len(found) * 1e3, theirs / 20 / len(found) * 1e3
    return Measured(
        ratio * 20, f"{len(found)} made reports of {cells:.0f} cells: {each:.2f} ms, bare {bare:.3f} ms", bad
    )


BENCH = Bench(Bar("text reports, full path to facts with spans and checks", "bare read and decode", 60, 30), run)
