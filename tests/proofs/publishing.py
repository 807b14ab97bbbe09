"""Publishing under fire: killed at random moments, no room at the Nth write, read while it goes on."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pyarrow.parquet as pq

from dashboard import data as shown
from loaders import publish
from loaders.__main__ import DONE, FAILED, main
from loaders.errors import Damaged
from tests import library
from tests.gathering import written
from tests.proofs.proof import Tried

ROOT = Path(__file__).resolve().parents[2]
TAGGED = ("reports", "sources", "findings")
# Publishes version after version, each table of which carries the number of its version.
WRITER = """
import sys
from pathlib import Path
from loaders import publish
from tests.proofs.publishing import tagged
from tests.gathering import written
out, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
for number in range(first, first + count):
    with publish.locked(out):
        written(out, tagged(number))
"""


def tagged(number: int) -> dict[str, list[dict[str, object]]]:
    """Rows that tell their version's number in every table that has any."""
    one = {"report_id": f"r{number}", "report_no": 0}
    return {
        "reports": [{"report_id": f"r{number}", "source_name": f"{number}.txt", "is_current": True, "synthetic": True}],
        "sources": [one | {"text": str(number)}],
        "findings": [one | {"check_id": "X", "severity": "info", "message": str(number)}],
    }


def _writer(out: Path, first: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(out), str(first), str(count)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    if running.stdout.readline() != "ready\n":  # else a proof would hold because nothing was tried
        running.communicate()
        raise RuntimeError("the process that publishes did not start")
    return running


def _end(running: subprocess.Popen[str]) -> None:
    running.kill()
    running.communicate()


def _number(version: Path) -> set[str]:
    """The numbers that the tables of a version carry: one, where nothing is mixed."""
    return {str(pq.read_table(version / f"{name}.parquet")["report_id"][0]) for name in TAGGED}


def killed(times: int) -> Tried:
    """kill -9 at random moments of publishing: the last version is whole, what was left is swept at the next start."""
    tried, amid = Tried(told=""), 0
    chance = random.Random(1)  # noqa: S311 - the same for everybody
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        written(out, tagged(0))
        for number in range(1, times + 1):
            running = _writer(out, number * 1000, 1000)
            time.sleep(chance.random() * 0.3)
            _end(running)
            tried.times += 1
            amid += bool(_leftovers(out))
            try:
                version = publish.current(out)
                publish.check(version)
                if len(_number(version)) != 1:
                    tried.broken.append(f"{number}: mixed")
                with publish.locked(out, wait=0):
                    written(out, tagged(number * 1000 + 999))
                if _leftovers(out):
                    tried.broken.append(f"{number}: leftovers")
            except (Damaged, OSError) as error:
                tried.broken.append(f"{number}: {error}")
    tried.told = (
        f"random moments within 0.3 s of a process that publishes without a pause; {amid} left a version unfinished"
    )
    return tried


def _leftovers(out: Path) -> list[Path]:
    return list((out / publish.VERSIONS).glob(publish.TEMPORARY + "*"))


def _failing(real: Callable[..., object], at: int, code: int, met: list[int]) -> Callable[..., object]:
    def call(*arguments: object, **options: object) -> object:
        met[0] += 1
        if met[0] < at:
            return real(*arguments, **options)
        raise OSError(code, os.strerror(code))

    return call


def no_room(times: int) -> Tried:
    """ENOSPC, EIO and EROFS from the Nth write on, for every N until a build comes through: old data intact, exit not
    zero, a reason."""
    tried = Tried(
        told="ENOSPC, EIO, EROFS; os.fsync, Parquet row groups, rename, replace; every N up to the first whole build"
    )
    places = [(os, "fsync"), (pq.ParquetWriter, "write_table"), (Path, "rename"), (Path, "replace")]
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        assert main(["build", str(library.TRANSCRIBED[0]), "--out", str(out), "--workers", "1"]) == DONE
        for code in (errno.ENOSPC, errno.EIO, errno.EROFS):
            for owner, what in places:
                for at in range(1, times + 1):
                    before, met = publish.current(out), [0]
                    with patch.object(owner, what, _failing(getattr(owner, what), at, code, met)):
                        ended = main(
                            ["build", str(library.TRANSCRIBED[1]), "--out", str(out), "--anew", "--workers", "1"]
                        )
                    if met[0] < at:
                        break
                    tried.times += 1
                    after = publish.current(out)
                    try:
                        publish.check(before)
                        publish.check(after)
                    except Damaged as error:
                        tried.broken.append(f"{what} {at} {errno.errorcode[code]}: {error}")
                    if ended != FAILED:
                        tried.broken.append(f"{what} {at} {errno.errorcode[code]}: exit {ended}")
                    if after != before:  # the pointer was moved before the last write failed: start again from there
                        main(["build", str(library.TRANSCRIBED[0]), "--out", str(out), "--workers", "1"])
    return tried


def loads(times: int) -> Tried:
    """Loads against publishes: no version is mixed, no reader crashes."""
    tried = Tried(told=f"a writer publishes {max(10, times // 100)} versions while this process loads")
    with tempfile.TemporaryDirectory() as name:
        out, seen = Path(name), set[str]()
        written(out, tagged(0))
        running = _writer(out, 1, max(10, times // 100))
        try:
            while tried.times < times:
                tried.times += 1
                _load(out, tried, seen)
                if running.poll() is not None and tried.times < times // 2:
                    _end(running)
                    running = _writer(out, 10_000 + tried.times, max(10, times // 100))
        finally:
            _end(running)
        tried.told += f"; {len(seen)} versions were seen"
    return tried


def _load(out: Path, tried: Tried, seen: set[str]) -> None:
    """One load, as a page does it; what goes wrong is noted."""
    try:
        one = shown.load(out)
        numbers = {*one.reports.index, *one.findings["report_id"]}
        seen |= numbers
        if one.damage is not None:
            tried.broken.append(f"said to be damaged: {one.damage}")
        if len(numbers) != 1:
            tried.broken.append(f"mixed: {sorted(numbers)}")
    except (shown.DamagedError, OSError) as error:
        tried.broken.append(str(error))
