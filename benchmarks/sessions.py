"""Fifty visitors of a real server over WebSocket, against the same page written naively; processor time a run."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bars import Bar, Bench, Measured
from benchmarks.looking import REPORTS, dataset
from tests.browser import served
from tests.visitors import Way, at, crowd, processor, stay

MANY, SECONDS, THINK = 50, 60.0, 2.0
PAGE = "outcomes"
# Each names grouping and year: what a link leaves out stays as its visitor had it.
QUERIES = tuple(f"by={by}&year={year}" for by in ("level", "province") for year in range(2019, 2023))


def seen(home: Path, script: str, page: str, log: Path, many: int) -> tuple[float, list[float], int]:
    """Processor seconds a run, seconds of each run, and how many went wrong; every view has been seen once before."""
    ways: list[Way] = [(page, query) for query in QUERIES]
    with served(home, log, script) as (address, pid):
        for way in ways:
            asyncio.run(stay(address, [way], 0.1, 0.0, 0))
        before = processor(pid)
        runs = asyncio.run(crowd(address, ways, many, SECONDS, THINK))
        used = processor(pid) - before
    return used / len(runs), [run.seconds for run in runs], sum(bool(run.wrong) for run in runs)


@cache
def both(size: int) -> tuple[float, float, str, int]:
    """The ratio of processor seconds a run, the 95th percentile of ours in ms, both in words, and what went wrong."""
    home = dataset(size).folder.parent.parent
    with TemporaryDirectory() as logs:
        mine, took, wrong = seen(home, "app.py", PAGE, Path(logs) / "ours.log", MANY)
        peer, theirs, _ = seen(home, "benchmarks/naive.py", "", Path(logs) / "peer.log", MANY)
    p95 = at(took, 0.95) * 1e3
    told = (
        f"{MANY} sessions, think {THINK:.0f} s, {size:,} reports: {mine * 1e3:.0f} ms a run, p95 {p95:.0f} ms of"
        f" {len(took):,}; peer {peer * 1e3:.0f} ms, p95 {at(theirs, 0.95) * 1e3:.0f} ms of {len(theirs):,}"
    )
    return mine / peer, p95, told, wrong


def run(rounds: int, size: int) -> Measured:
    """Processor seconds a run against the peer's; a minute is many runs, so there are no rounds."""
    ratio, _p95, told, wrong = both(size or REPORTS)
    return Measured(ratio, told, wrong)


def slowest(rounds: int, size: int) -> Measured:
    """How long a visitor waits, of twenty the one who waits longest."""
    _ratio, p95, told, wrong = both(size or REPORTS)
    return Measured(p95, told, wrong)


BENCH = Bench(Bar("50 sessions at a real server, processor a run", "the page naively with pandas and px", 0.15), run)
P95 = Bench(Bar("50 sessions at a real server, p95 in ms", "none", 500), slowest)
