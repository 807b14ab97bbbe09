"""Time the product beside its peers, in the same run: python -m benchmarks [NAME…] [--rounds N] [--size N] [--write].

Without a name every benchmark runs that takes minutes and not hours. --write puts what came out into
benchmarks/RESULTS.md; a benchmark that was not run keeps its line there. `corpus` and `check` are verbs of their own.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import builds, first, labels, looking, pages, pdf, results, sessions, text
from benchmarks.bars import ROUNDS, Bench
from benchmarks.corpus import __main__ as corpus

BENCHES: dict[str, Bench] = {
    "text": text.BENCH,
    "html": pages.HTML,
    "docx": pages.DOCX,
    "pdf": pdf.BENCH,
    "labels": labels.BENCH,
    "report": looking.REPORT,
    "chart": looking.CHART,
    "csv": looking.CSV,
    "first": first.BENCH,
    "sessions": sessions.BENCH,
    "sessions-p95": sessions.P95,
    "workers": builds.WORKERS_BENCH,
    "growth": builds.GROWTH,
    "incremental": builds.INCREMENTAL,
}
LONG = {"workers", "growth", "incremental"}  # only by name: minutes to hours


def main(arguments: list[str]) -> int:
    """Run the benchmarks and print a line each; 1 where a cell is wrong or a bar does not hold."""
    if arguments[:1] in (["corpus"], ["check"]):
        return corpus.main(arguments)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], metavar="NAME", help=" · ".join(BENCHES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--size", type=int, default=0, help="how much a benchmark takes; 0: the usual")
    parser.add_argument("--write", action="store_true", help="keep the results in benchmarks/RESULTS.md")
    given = parser.parse_args(arguments)
    found = list[results.Result]()
    for name in given.names or [name for name in BENCHES if name not in LONG]:
        bench = BENCHES[name]
        found.append(results.Result(name, bench, bench.run(given.rounds, given.size)))
        print(found[-1].line(), flush=True)
    if given.write:
        results.keep(found, list(BENCHES))
    return int(any(one.holds is False for one in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
