"""Readers that fail as libraries do: what a document says is what its reader does. For tests of the sandbox."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable

from loaders.errors import BadStructure
from loaders.report import Quarantined, Source

MARK = b"%PDF-"  # a container that is read in the sandbox


def read(source: Source) -> Quarantined:
    """Do what the document says, then answer with the process that did it."""
    deed = source.data.removeprefix(MARK).decode().strip()
    DEEDS[deed]()
    return Quarantined(source.name, "", "DONE", f"{os.getpid()}")


def document(deed: str, name: str = "a.pdf") -> Source:
    """A document that makes its reader do something."""
    return Source(name, MARK + deed.encode())


def _leak() -> None:
    held = []
    while True:
        held.append(bytearray(16 << 20))


def _loop() -> None:
    while True:
        pass


def _sleep() -> None:
    time.sleep(60)


def _deaf() -> None:
    """Sleeps on, whatever the kernel's alarm says."""
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    _sleep()


def _dive() -> None:
    _dive()


def _refuse() -> None:
    raise BadStructure("STRUCTURE", "?")


def _raise(error: BaseException) -> Callable[[], None]:
    def deed() -> None:
        raise error

    return deed


def _segfault() -> None:
    ctypes.string_at(0)


def _litter() -> None:
    """Print where a protocol on standard output would be broken, and close it."""
    os.write(1, b"noise")
    os.close(1)


DEEDS: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "leak": _leak,
    "loop": _loop,
    "sleep": _sleep,
    "deaf": _deaf,
    "abort": os.abort,
    "segfault": _segfault,
    "leave": lambda: os._exit(3),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "dive": _dive,
    "litter": _litter,
    "MemoryError": _raise(MemoryError()),
    "SystemExit": _raise(SystemExit(4)),
    "KeyError": _raise(KeyError("x")),
    "refuse": _refuse,
}
