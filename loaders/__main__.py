"""The command line: python -m loaders build | explain | verify | diff | release | fetch | completion."""

from __future__ import annotations

import argparse
import io
import os
import sys

from codebook.decisions import BadDecision
from loaders.errors import Busy, LoaderError
from loaders.schema import PARSER_VERSION
from loaders.verbs import build, completion, diff, explain, fetch, release, verify
from loaders.verbs.said import BUSY, DONE, FAILED, PIPE, STATUS, USAGE

__all__ = ["BUSY", "DONE", "FAILED", "USAGE", "main"]
VERBS = (build, explain, verify, diff, release, fetch, completion)


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 done, 1 failed or not verified, 2 wrong use, 3 another build is running."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that can't show Chinese must not fail a build
    given = _parser().parse_args(arguments)
    try:
        ended = int(given.run(given))
        sys.stdout.flush()
        return ended
    except Busy as error:
        print(f"另一个构建正在进行 · {error}", file=sys.stderr)
        return BUSY
    except BrokenPipeError:
        # Whoever read our lines has seen enough. Nothing may be written at the end of the process either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return USAGE
    except (LoaderError, BadDecision, OSError) as error:
        print(f"失败 · failed: {error}", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m loaders",
        description="政府信息公开年报 → Parquet，离线、可核对。\nReports on open government information, read into data that can be checked.",
        epilog=f"python -m loaders VERB --help tells more of each.\n{STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=PARSER_VERSION)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for one in VERBS:
        one.add(verbs)
    return parser


if __name__ == "__main__":
    sys.exit(main())
