"""python -m loaders build [INPUT…]: read documents and publish a new version of the data set."""

from __future__ import annotations

import argparse
import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from loaders import corrections
from loaders.build import SHARE, Summary, build
from loaders.engines import local
from loaders.engines.remote import brought, sent
from loaders.engines.spread import cluster
from loaders.intake.sources import find
from loaders.verbs import said
from loaders.verbs.places import CORRECTIONS, PUBLISHED, REPORTS, decided_in, decisions_option
from loaders.verbs.progress import Progress, expected


def add(verbs: Any) -> None:
    """Register the verb."""
    verb = said.verb(
        verbs,
        "build",
        "read documents and publish a new version of the data set",
        "build                                     # data/reports → data/published",
        "build FOLDER reports.zip --out data/own   # your own reports",
        "build FOLDER --json | jq .reports         # what became of them",
    )
    verb.add_argument("inputs", nargs="*", metavar="INPUT", help="files, folders or addresses (default: data/reports)")
    verb.add_argument("--out", default=None, metavar="FOLDER", help="data folder or address (default: data/published)")
    verb.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)")
    verb.add_argument(
        "--engine", choices=("local", "dask"), default="local", help="where documents are read (default: here)"
    )
    verb.add_argument(
        "--scheduler",
        default=None,
        metavar="ADDRESS",
        help="of a Dask cluster (default: one of --workers processes here)",
    )
    verb.add_argument("--wait", type=float, default=600.0, help="seconds to wait for another build (default: 600)")
    verb.add_argument(
        "--anew", action="store_true", help="read again what an earlier build with the same code has read"
    )
    verb.add_argument("--synthetic", action="store_true", help="mark every document as synthetic")
    verb.add_argument(
        "--audit",
        type=_share,
        default=SHARE,
        metavar="SHARE",
        help=f"share of the documents read twice (default: {SHARE})",
    )
    decisions_option(verb)
    verb.add_argument(
        "--corrections",
        type=Path,
        default=CORRECTIONS,
        metavar="FILE",
        help="places corrected (default: data/corrections.csv)",
    )
    verb.set_defaults(run=run)


def _share(text: str) -> float:
    share = float(text)
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError("a share between 0 and 1")
    return share


def run(given: argparse.Namespace) -> int:
    """Build and tell what came of it."""
    started = time.monotonic()
    decided = decided_in(given.decisions)
    corrected = [*corrections.read(given.corrections), *corrections.of(decided.places)]
    with ExitStack() as open_ones:
        inputs_here = open_ones.enter_context(brought(given.inputs or [str(REPORTS)]))
        out = open_ones.enter_context(sent(given.out))
        in_order = local.in_order
        if given.engine == "dask":
            in_order = open_ones.enter_context(cluster(given.scheduler, given.workers))
        found = find(inputs_here, synthetic=given.synthetic)
        if not found:
            raise FileNotFoundError(f"没有可读的文件，未发布 · no file to read, nothing was published: {_named(given)}")
        progress = Progress(expected(found))
        open_ones.callback(progress.end)
        summary = build(
            found,
            out or PUBLISHED,
            given.workers,
            given.wait,
            progress,
            given.audit,
            corrected,
            decided,
            anew=given.anew,
            in_order=in_order,
        )
    seconds = time.monotonic() - started
    if given.json:
        said.as_json(_told(summary, seconds))
    else:
        _print(summary, seconds)
    return said.DONE


def _named(given: argparse.Namespace) -> str:
    return ", ".join(given.inputs or [str(REPORTS)])


def _told(summary: Summary, seconds: float) -> dict[str, object]:
    """The same for programs."""
    return {
        "version": summary.version.name,
        "folder": str(summary.version),
        "documents": summary.documents,
        "known": summary.known,
        "seconds": round(seconds, 3),
        "reports": summary.counts,
        "tables": summary.tables,
        "audit": summary.audit,
        "reasons": summary.reasons,
        "passed": summary.passed,
    }


def _print(summary: Summary, seconds: float) -> None:
    known = f"，其中 {summary.known} 份此前已读" if summary.known else ""
    print(f"{summary.documents} 份文件{known}，{seconds:.1f} 秒 → {summary.version}")
    for corpus, rows in sorted(summary.passed.items()):
        print(f"  语料 {corpus}：略过 {rows} 行，不含年报表格的标题")
    for title, counts in (
        ("报告", summary.counts),
        ("表", summary.tables),
        ("另一读法", summary.audit),
        ("原因", summary.reasons),
    ):
        if counts:
            print(f"  {title}：" + "，".join(f"{name} {n}" for name, n in sorted(counts.items())))
