"""Write a synthetic corpus, or hold a data set against the truth of one.

    python -m benchmarks corpus --reports 100000 --out FOLDER [--first 0] [--seed 1] [--as jsonl|files] [--workers 2]
    python -m benchmarks check DATA FOLDER

FOLDER/documents is what `python -m loaders build` reads, FOLDER/truth what is in it. Everything is marked synthetic:
in the index, in each title and in each file's name.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.corpus.checking import check
from benchmarks.corpus.writing import KINDS, write


def main(arguments: list[str]) -> int:
    """Write or check; 1 where a cell is wrong, without a doubt, or a report not marked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    corpus = what.add_parser("corpus")
    corpus.add_argument("--reports", type=int, required=True)
    corpus.add_argument("--out", type=Path, required=True)
    corpus.add_argument("--first", type=int, default=0, help="number of the first report: a corpus can be added to")
    corpus.add_argument("--seed", type=int, default=1)
    corpus.add_argument("--as", dest="kind", choices=KINDS, default="jsonl")
    corpus.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    checked = what.add_parser("check")
    checked.add_argument("data", type=Path)
    checked.add_argument("corpus", type=Path)
    given = parser.parse_args(arguments)
    if given.what == "check":
        ok = True
        for name, damage in (("whole", False), ("broken", True)):
            score = check(given.data, given.corpus, damage)
            print(name, *(f"{key} {value:,}" for key, value in asdict(score).items()), sep="  ")
            ok = ok and not score.wrong and not score.unmarked
        return 0 if ok else 1
    started = time.perf_counter()
    count = write(given.out, given.first, given.reports, given.seed, given.kind, given.workers)
    print(f"{count:,} reports in {time.perf_counter() - started:.1f} s, marked synthetic")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
