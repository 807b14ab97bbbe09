"""A visitor's documents are read by `python -m loaders build` in a process of its own, within limits.

It is the loaders' command and nothing else: this side knows its arguments, its exit status and the Parquet it leaves.
However the reading ends, the whole group of processes ends with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore

from dashboard.data import ROOT
from dashboard.uploads.limits import LIMITS, Limits
from dashboard.uploads.store import size

if sys.platform != "win32":
    import resource

STEP = 0.2  # seconds between two looks
_READERS = BoundedSemaphore(LIMITS.readers)
# The operator's switches and secrets are nothing to a reader of foreign documents.
PASSED = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


class ReadingError(Exception):
    """The documents were not read; `key` names the sentence that says why."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


# Address space is bounded, and threads would reserve far more of it than they ever touch.
FRUGAL = {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def read(documents: Path, out: Path, tell: Callable[[float], object], limits: Limits) -> Path:
    """Read the documents into a version folder below `out`. `tell` is called with the seconds gone, again and again;
    what it raises ends the reading. Raises ReadingError."""
    started = time.monotonic()
    while not _READERS.acquire(timeout=STEP):
        tell(time.monotonic() - started)
        if time.monotonic() - started > limits.patience:
            raise ReadingError("upload.busy")
    try:
        return _read(documents, out, tell, limits)
    finally:
        _READERS.release()


def _read(documents: Path, out: Path, tell: Callable[[float], object], limits: Limits) -> Path:
    command = [sys.executable, "-m", "loaders", "build", str(documents), "--out", str(out), "--workers", "1"]
    work = out.with_name(f"{out.name}-tmp")
    work.mkdir(parents=True, exist_ok=True)
    environment = {name: os.environ[name] for name in PASSED if name in os.environ}
    environment |= {"PYTHONUTF8": "1", "TMPDIR": str(work), "TEMP": str(work), "HOME": str(work)}
    environment |= FRUGAL
    started = time.monotonic()
    process = subprocess.Popen(
        [*command, "--wait", "0"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _bound(process.pid, limits)
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(STEP)
                break
            gone = time.monotonic() - started
            tell(gone)
            if gone > limits.wall:
                raise ReadingError("upload.time", seconds=f"{limits.wall:g}")
            if size(out.parent) > limits.everybody:
                raise ReadingError("upload.full")
    finally:
        _end(process)
    if process.returncode != 0:
        raise ReadingError("upload.failed", status=process.returncode)
    return out / (out / "CURRENT").read_text(encoding="utf-8").strip()


def _bound(pid: int, limits: Limits) -> None:
    """Limits of the system for the process and all that it starts. Where there are none the wall limit holds."""
    if sys.platform == "linux":
        seconds = int(limits.wall) + 1
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_AS, (limits.memory, limits.memory))
            resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds))
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (limits.everybody, limits.everybody))
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the group, also children that outlived their parent."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
