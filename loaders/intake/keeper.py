"""The far side of the sandbox: a clean process that forks limited workers and tells how one of them ended.

The keeper is started anew (never forked from a build), so that it holds no lock and no threads of the build. It
loads the code once; a worker is then a fork of a few milliseconds, replaced when it dies or has read its share of
documents. Where there is no fork (Windows) the keeper reads by itself and only the wall limit, kept by the sandbox,
holds.
"""

from __future__ import annotations

import gc
import math
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait

from codebook.decisions import Alias
from codebook.wordings import learn
from loaders.identity.gazetteer import gazetteer
from loaders.labels import lexicon

if sys.platform != "win32":
    import resource

MIB = 1 << 20
READY = b"ready"
SPENT, NO_MEMORY = 77, "超出内存上限"
GRACE = 2.0  # seconds that the next one outside waits longer: worker, keeper, sandbox


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take; `memory` (bytes) comes on top of what the code and its tables take themselves."""

    memory: int = 800 * MIB
    cpu: float = 12.0
    wall: float = 15.0
    documents: int = 200  # a worker is replaced after so many: leaks of a library end with it


@dataclass(frozen=True, slots=True)
class Died:
    """How a document ended that was not read: a reason code and words."""

    reason: str
    detail: str


Work = Callable[[object], object]


def keep(wire: Connection, work: Work, limits: Limits, aliases: tuple[Alias, ...] = ()) -> None:
    """Answer each document that comes along the wire, until it is closed; labels are read as `aliases` say."""
    learn(aliases)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the build; the closed wire ends this process
    lexicon(), gazetteer()  # loaded here once and not in every worker
    gc.freeze()
    wire.send_bytes(READY)
    if sys.platform == "win32":
        serve(wire, work, None)
        return
    worker: _Worker | None = None
    with suppress(EOFError, OSError):
        while True:
            task = wire.recv_bytes()
            if worker is None or worker.left == 0:
                _dismiss(worker)
                worker = _Worker(wire, work, limits)
            answer = worker.answer(task, wire)
            if isinstance(answer, Died):
                worker = None
                wire.send(answer)
            else:
                wire.send_bytes(answer)
    _dismiss(worker)


def _dismiss(worker: _Worker | None) -> None:
    if worker is not None:
        worker.end()


def serve(wire: Connection, work: Work, limits: Limits | None) -> None:
    """A worker's life: read what comes, within the limits, until the wire is closed or its share is done."""
    for _ in range(limits.documents if limits else sys.maxsize):
        try:
            source = wire.recv()
        except (EOFError, OSError):
            return
        if limits:
            _start_clock(limits)
        try:
            answer = work(source)
        except MemoryError:
            if limits:
                os._exit(SPENT)  # its memory may be in pieces: another one takes its place
            answer = Died("KILLED_MEMORY", NO_MEMORY)
        except BaseException as error:  # also SystemExit: nothing that a library raises ends the build
            answer = Died("CRASHED", type(error).__name__)
        _send(wire, answer)
        if limits:
            _stop_clock()


def _send(wire: Connection, answer: object) -> None:
    try:
        wire.send(answer)
    except MemoryError:
        wire.send(Died("KILLED_MEMORY", NO_MEMORY))
    except (RecursionError, TypeError, AttributeError) as error:
        wire.send(Died("CRASHED", type(error).__name__))


if sys.platform != "win32":

    class _Worker:
        """A forked process that reads documents; `left` is how many it still may."""

        def __init__(self, outer: Connection, work: Work, limits: Limits) -> None:
            self.limits, self.left = limits, limits.documents
            self.wire, theirs = Pipe()
            self.pid = os.fork()
            if self.pid == 0:
                status = 1
                try:
                    outer.close()
                    self.wire.close()
                    _limit_memory(limits)
                    serve(theirs, work, limits)
                    status = 0
                finally:
                    os._exit(status)
            theirs.close()

        def answer(self, task: bytes, outer: Connection) -> bytes | Died:
            """The pickled answer to a pickled document. Raises EOFError where the build has gone meanwhile."""
            self.left -= 1
            try:
                self.wire.send_bytes(task)
                ready = wait([self.wire, outer], self.limits.wall + GRACE)
                if self.wire in ready:
                    return self.wire.recv_bytes()
            except (EOFError, OSError):
                return self._post_mortem()
            self.end()
            if ready:
                raise EOFError
            return Died("KILLED_TIME", f"超过 {self.limits.wall:g} 秒")

        def end(self) -> None:
            """Kill it, whatever it does."""
            self.wire.close()
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

        def _post_mortem(self) -> Died:
            self.wire.close()
            _, status, usage = os.wait4(self.pid, 0)
            if not os.WIFSIGNALED(status):
                code = os.waitstatus_to_exitcode(status)
                return Died("KILLED_MEMORY", NO_MEMORY) if code == SPENT else Died("CRASHED", f"exit {code}")
            told = signal.Signals(os.WTERMSIG(status)).name
            if told in {"SIGALRM", "SIGXCPU"}:
                return Died("KILLED_TIME", f"超过 {self.limits.wall:g} 秒（{self.limits.cpu:g} 秒处理器时间）")
            # Killed from outside means out of memory; a library that got none most often aborts.
            grown = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
            if told == "SIGKILL" or grown > self.limits.memory:
                return Died("KILLED_MEMORY", f"{NO_MEMORY}（{told}）")
            return Died("CRASHED", told)

    def _limit_memory(limits: Limits) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(OSError, ValueError):  # macOS knows the limit by name only
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 (a fork should load nothing)
                mapped = int(file.read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (mapped + limits.memory, hard))

    def _start_clock(limits: Limits) -> None:
        """Both limits kill by the kernel's hand: no library can put them off."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = math.ceil(used.ru_utime + used.ru_stime + limits.cpu)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        signal.setitimer(signal.ITIMER_REAL, limits.wall)

    def _stop_clock() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
