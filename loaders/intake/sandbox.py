"""Documents of risky containers are read in a process of their own, within limits of memory and time.

A crash, an abort, a hang or a hunger for memory of a library becomes the reason why that one document was refused
(KILLED_MEMORY, KILLED_TIME, CRASHED); the next one is read. Plain text of ordinary size is read in the process
itself. What a process costs: about a second at the first risky document, then the way there and back.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

from codebook.wordings import learned
from loaders import containers, report
from loaders.errors import LoaderError
from loaders.intake.keeper import GRACE, READY, Died, Limits, Work, keep
from loaders.report import Quarantined, Report, Source

Read = Callable[[Source], Report | Quarantined]
LARGE = 256 * 1024  # bytes; reports as text take a tenth of it
START = 120.0  # seconds for a new process to load the code, on a machine that is busy


def risky(source: Source) -> bool:
    """Whether a document needs the sandbox: any container but plain text, and text far larger than reports are."""
    if len(source.data) > LARGE:
        return True
    try:
        return containers.tell(source.name, source.data).container != "text"
    except LoaderError:
        return False


def guarded(read: Read, source: Source) -> Report | Quarantined:
    """Read a document; what the reader raises against its promise is a reason too, and never ends a build."""
    try:
        return read(source)
    except MemoryError:
        raise
    except Exception as error:
        return _quarantined(source, "CRASHED", f"{type(error).__name__}: {error}"[:500])


def _quarantined(source: Source, reason: str, detail: str) -> Quarantined:
    return Quarantined(source.name, hashlib.sha256(source.data).hexdigest(), reason, detail)


class Sandbox:
    """Reads documents one by one, risky ones in a process that may die. Starts at the first of them; close it."""

    def __init__(self, read: Read = report.read, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._read = read
        self._wire: Connection | None = None
        self._process: SpawnProcess | None = None

    def read(self, source: Source) -> Report | Quarantined:
        """The report in a document, or the reason why there is none. Raises nothing for what a document holds."""
        if not risky(source):
            try:
                return guarded(self._read, source)
            except MemoryError:
                return _quarantined(source, "KILLED_MEMORY", "超出内存上限")
        answer = self._ask(source)
        if isinstance(answer, Report | Quarantined):
            return answer
        died = answer if isinstance(answer, Died) else Died("CRASHED", "no answer")
        return _quarantined(source, died.reason, died.detail)

    def close(self) -> None:
        """End the process; the next risky document starts another."""
        wire, process, self._wire, self._process = self._wire, self._process, None, None
        if wire is not None:
            wire.close()
        if process is not None:
            process.join(GRACE)
            process.kill()
            process.join()
            process.close()

    def _ask(self, source: Source) -> object:
        try:
            wire = self._open()
            try:
                wire.send(source)
            except OSError:  # it died while it waited: this document is not to blame
                self.close()
                wire = self._open()
                wire.send(source)
            if wire.poll(self.limits.wall + 2 * GRACE):
                return wire.recv()
            died = Died("KILLED_TIME", f"超过 {self.limits.wall:g} 秒")
        except (EOFError, OSError) as error:
            died = Died("CRASHED", type(error).__name__)
        self.close()
        return died

    def _open(self) -> Connection:
        """The wire to a process that is ready. Raises EOFError, OSError where none can be started."""
        if self._wire is None:
            # Started anew and not forked: a fork would hold the build's lock, and the threads of pyarrow half dead.
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            work: Work = partial(guarded, self._read)
            process = context.Process(target=keep, args=(theirs, work, self.limits, learned()), daemon=True)
            process.start()
            theirs.close()
            self._wire, self._process = ours, process
            if not ours.poll(START) or ours.recv_bytes() != READY:
                raise EOFError("the sandbox does not start")
        return self._wire

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self.close()
