"""The command line: python -m loaders build | explain | verify | diff | release | fetch."""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from codebook import decisions
from codebook.decisions import BadDecision, Decisions
from codebook.wordings import learn
from loaders import corrections
from loaders.build import SHARE, Summary, build, read_one
from loaders.engines import local
from loaders.engines.remote import brought, sent
from loaders.engines.spread import cluster
from loaders.errors import Busy, LoaderError
from loaders.explain import explain
from loaders.intake import inputs
from loaders.intake.corpora import Passed
from loaders.intake.sandbox import Sandbox
from loaders.intake.sources import find
from loaders.trust.verify import verify
from loaders.verbs import diff, fetch, release
from loaders.verbs.progress import Progress, expected

ROOT = Path(__file__).resolve().parent.parent
REPORTS, PUBLISHED = ROOT / "data" / "reports", ROOT / "data" / "published"
DECISIONS = "file or folder of decisions on labels, doubts and values (default: OGI_DECISIONS or data/decisions)"
CORRECTIONS = ROOT / "data" / "corrections.csv"
DONE, FAILED, USAGE, BUSY = 0, 1, 2, 3


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 done, 1 failed or not verified, 2 wrong use, 3 another build is running."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that can't show Chinese must not fail a build
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except Busy as error:
        print(f"另一个构建正在进行 · {error}", file=sys.stderr)
        return BUSY
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return USAGE
    except (LoaderError, BadDecision, OSError) as error:
        print(f"失败 · failed: {error}", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loaders", description="政府信息公开年报 → Parquet, offline.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    make = verbs.add_parser("build", help="read documents and publish a new version of the data set")
    make.add_argument("inputs", nargs="*", metavar="INPUT", help="files, folders or addresses (default: data/reports)")
    make.add_argument("--out", default=None, help="data folder or address (default: data/published)")
    make.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)")
    make.add_argument(
        "--engine", choices=("local", "dask"), default="local", help="where documents are read (default: here)"
    )
    make.add_argument(
        "--scheduler",
        default=None,
        metavar="ADDRESS",
        help="of a Dask cluster (default: one of --workers processes here)",
    )
    make.add_argument("--wait", type=float, default=600.0, help="seconds to wait for another build (default: 600)")
    make.add_argument(
        "--anew", action="store_true", help="read again what an earlier build with the same code has read"
    )
    make.add_argument("--synthetic", action="store_true", help="mark every document as synthetic")
    make.add_argument(
        "--audit",
        type=_share,
        default=SHARE,
        metavar="SHARE",
        help=f"share of the documents read twice (default: {SHARE})",
    )
    make.add_argument("--decisions", type=Path, action="append", metavar="PATH", help=DECISIONS)
    make.add_argument(
        "--corrections", type=Path, default=CORRECTIONS, help="places corrected (default: data/corrections.csv)"
    )
    make.set_defaults(run=_build)
    tell = verbs.add_parser("explain", help="tell in words how one document was understood")
    tell.add_argument("file", type=Path)
    tell.add_argument("--decisions", type=Path, action="append", metavar="PATH", help=DECISIONS)
    tell.set_defaults(run=_explain)
    test = verbs.add_parser("verify", help="check the manifest and read every value at its place again")
    test.add_argument("folder", nargs="?", type=Path, default=PUBLISHED)
    test.set_defaults(run=_verify)
    diff.add(verbs)
    release.add(verbs, PUBLISHED)
    fetch.add(verbs)
    return parser


def _share(text: str) -> float:
    share = float(text)
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError("a share between 0 and 1")
    return share


def _build(given: argparse.Namespace) -> int:
    started = time.monotonic()
    decided = _decisions(given.decisions)
    corrected = [*corrections.read(given.corrections), *corrections.of(decided.places)]
    with ExitStack() as open_ones:
        inputs_here = open_ones.enter_context(brought(given.inputs or [str(REPORTS)]))
        out = open_ones.enter_context(sent(given.out))
        in_order = local.in_order
        if given.engine == "dask":
            in_order = open_ones.enter_context(cluster(given.scheduler, given.workers))
        found = find(inputs_here, synthetic=given.synthetic)
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
    _print(summary, time.monotonic() - started)
    return DONE


def _decisions(paths: list[Path] | None) -> Decisions:
    """Those of the files and folders named, else of the place where they are kept, if there is one."""
    return decisions.read(paths or [home for home in (decisions.home(),) if home.exists()])


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


def _explain(given: argparse.Namespace) -> int:
    learn(_decisions(given.decisions).aliases)
    found = find([given.file])
    with Sandbox() as sandbox:
        for item in inputs.documents(found if given.file.is_file() else found[:1]):
            one = read_one(item, sandbox)
            if not isinstance(one, Passed):
                print("\n".join(explain(one)))
    return DONE


def _verify(given: argparse.Namespace) -> int:
    told = verify(given.folder)
    print(f"{told.version}：{told.again} 个值在原处重读，{told.placeless} 个空白格没有位置，{len(told.wrong)} 个不符")
    for line in told.wrong[:20]:
        print("  " + line)
    return FAILED if told.wrong else DONE


if __name__ == "__main__":
    sys.exit(main())
