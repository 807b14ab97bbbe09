"""Time the placing of agencies beside a peer: python -m benchmarks.places [--names N] [--rounds N].

The peer looks for every name of the gazetteer in every agency's name and takes the longest, as simple packages do: it
knows neither years nor boundaries nor ties. Both place the same names in turn; memory is that of the gazetteer with
its indexes over the process that has the libraries loaded.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet  # noqa: F401  loaded before memory is measured: what is over is ours

STATUS = Path("/proc/self/statm")
PAGE = 4096
EVERY = 11  # of the townships are taken, in the order of their codes


def megabytes() -> float:
    """Memory of this process in MB; 0 where the system does not tell."""
    return int(STATUS.read_text().split()[1]) * PAGE / 1e6 if STATUS.exists() else 0.0


def agencies(count: int) -> list[str]:
    """Names of counties' bureaus and of townships with their counties, the same ones each time."""
    from loaders.identity.gazetteer import COUNTY, TOWNSHIP, gazetteer  # noqa: PLC0415

    book = gazetteer()
    counties = [unit.name + "教育局" for unit in book.units if unit.level == COUNTY]
    towns = [book.units[u.parent].name + u.name + "人民政府" for u in book.units[::EVERY] if u.level == TOWNSHIP]
    return [*counties, *towns][:count]


def ours(name: str) -> object:
    """The place of a name by the loaders."""
    from loaders.identity.regions import Evidence, resolve  # noqa: PLC0415

    return resolve([Evidence("agency", name)], 2020)


def flat(name: str) -> object:
    """The longest name of the gazetteer that the agency's name contains: the peer."""
    from loaders.identity.gazetteer import gazetteer  # noqa: PLC0415

    return max((one for one in gazetteer().full if one in name), key=len, default=None)


def rate(work: Callable[[str], object], names: list[str]) -> float:
    """Names a second of processor time."""
    started = time.process_time()
    for name in names:
        work(name)
    return len(names) / (time.process_time() - started)


def main(arguments: list[str]) -> int:
    """Print names a second of both, and the memory of the gazetteer."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.places", description=__doc__)
    parser.add_argument("--names", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(arguments)
    import loaders.identity.regions  # noqa: F401, PLC0415

    before, started = megabytes(), time.process_time()
    names = agencies(given.names)
    ours(names[0])
    loading, more = time.process_time() - started, megabytes() - before
    pairs = [(rate(ours, names), rate(flat, names[:: len(names) // 100 or 1])) for _ in range(given.rounds)]
    mine, peer = (statistics.median(rates) for rates in zip(*pairs, strict=True))
    print(f"{len(names)} names, {given.rounds} rounds, one core, median")
    print(f"  by boundary, chain and year {mine:10,.0f} names/s")
    print(f"  longest name contained      {peer:10,.0f} names/s   ratio {mine / peer:.1f}")
    print(f"  gazetteer: {loading:.1f} s to load, {more:.0f} MB over the process")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
