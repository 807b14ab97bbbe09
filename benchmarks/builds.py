"""Whole builds of a synthetic corpus: by one worker and by two, of growing size, and after one report in a hundred is new.

Each build is a process of its own; its time is that of the wall, its memory what that process itself held at most (its
workers apart). What comes out is held against the corpus' truth.
"""

from __future__ import annotations

import math
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bars import Bar, Bench, Measured
from benchmarks.corpus.checking import check
from benchmarks.corpus.writing import write

ROOT = Path(__file__).resolve().parent.parent
SEED, WORKERS = 11, 2
# Runs in the build's process: its own peak, in MB, goes to the last line of its output.
CODE = (
    "import resource, sys\n"
    "from loaders.__main__ import main\n"
    "ended = main(sys.argv[1:])\n"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    "sys.exit(ended)\n"
)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build took."""

    seconds: float
    megabytes: int
    wrong: int


def built(corpora: list[Path], out: Path, workers: int, *, checked: Path | None = None) -> Built:
    """Build these corpora into `out`; hold it against one of them where asked."""
    arguments = [*(str(one / "documents") for one in corpora), "--out", str(out), "--workers", str(workers)]
    started = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", CODE, "build", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    seconds = time.perf_counter() - started
    score = check(out, checked) if checked else None
    return Built(seconds, int(ended.stdout.split()[-1]), score.wrong + score.unmarked if score else 0)


def workers(rounds: int, size: int) -> Measured:
    """How much quicker two workers are than one."""
    size = size or 4000
    with TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        write(corpus, 0, size, SEED, "jsonl", WORKERS)
        pairs, wrong = list[tuple[Built, Built]](), 0
        for _ in range(max(1, rounds)):
            one, two = (_fresh(corpus, Path(folder) / "out", n) for n in (1, WORKERS))
            pairs.append((one, two))
            wrong += one.wrong + two.wrong
    ratio = statistics.median(one.seconds / two.seconds for one, two in pairs)
    alone, both = (statistics.median(times) for times in zip(*((a.seconds, b.seconds) for a, b in pairs), strict=True))
    told = f"{size:,} reports: {alone:.0f} s with one worker, {both:.0f} s with two ({size / both:.0f} a second)"
    return Measured(ratio, told, wrong)


def _fresh(corpus: Path, out: Path, many: int) -> Built:
    shutil.rmtree(out, ignore_errors=True)
    return built([corpus], out, many, checked=corpus)


def growth(_: int, size: int) -> Measured:
    """The exponent of time over a size, a tenth and a hundredth of it; that of the parent's memory is told."""
    sizes = [n for n in ((size or 10_000) // 100, (size or 10_000) // 10, size or 10_000) if n >= 100]
    took, wrong = list[Built](), 0
    with TemporaryDirectory() as folder:
        for n in sizes:
            corpus = Path(folder) / f"corpus{n}"
            write(corpus, 0, n, SEED, "jsonl", WORKERS)
            took.append(_fresh(corpus, Path(folder) / "out", WORKERS))
            wrong += took[-1].wrong
    # The smallest is mostly the start of the processes: the slope is taken between the two largest.
    (few, less), (many, more) = ((sizes[n], took[n]) for n in (-2, -1))
    time_slope = math.log(more.seconds / less.seconds) / math.log(many / few)
    memory_slope = math.log(more.megabytes / less.megabytes) / math.log(many / few)
    told = ", ".join(f"{n:,}: {b.seconds:.1f} s, parent {b.megabytes} MB" for n, b in zip(sizes, took, strict=True))
    return Measured(time_slope, f"{told}; exponent of the parent's memory {memory_slope:.2f}", wrong)


def incremental(rounds: int, size: int) -> Measured:
    """A rebuild with one new report in a hundred, against a build of everything into an empty folder."""
    size = size or 10_000
    new = size // 100
    with TemporaryDirectory() as folder:
        old, more = Path(folder) / "old", Path(folder) / "new"
        write(old, 0, size, SEED, "jsonl", WORKERS)
        write(more, size, new, SEED, "jsonl", WORKERS)
        out, whole = Path(folder) / "out", Path(folder) / "whole"
        built([old], out, WORKERS)
        again = built([old, more], out, WORKERS, checked=more)
        fulls = list[Built]()
        for _ in range(max(1, rounds // 5)):
            shutil.rmtree(whole, ignore_errors=True)
            fulls.append(built([old, more], whole, WORKERS, checked=old))
        same = (out / "CURRENT").read_text(encoding="utf-8") == (whole / "CURRENT").read_text(encoding="utf-8")
    full = statistics.median(one.seconds for one in fulls)
    told = f"{size:,} reports and {new:,} new: {again.seconds:.1f} s, everything {full:.1f} s; the same version: {same}"
    return Measured(again.seconds / full, told, again.wrong + sum(one.wrong for one in fulls) + (not same))


WORKERS_BENCH = Bench(Bar("corpus to published Parquet, 2 workers", "1 worker", 1.6, 1.8, more=True), workers)
GROWTH = Bench(Bar("build of n/100, n/10, n reports: exponent of time", "itself", 1.05), growth)
INCREMENTAL = Bench(Bar("rebuild with 1 % new", "build of everything", 0.05, 0.02), incremental)
