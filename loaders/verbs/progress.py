"""How far a build is, at what rate, and how long it will take: a line on stderr, seldom where nobody looks on."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TextIO

from loaders.intake.sources import Found

SHOWN, LOGGED = 0.5, 30.0  # seconds between two lines, on a screen and in a file
SEVERAL = (".zip", ".jsonl", ".parquet", ".csv", ".gz", ".json")  # files that may hold any number of documents


class Progress:
    """Called with the number of documents that are read; `of` is how many there will be, None where nobody knows."""

    def __init__(self, of: int | None, out: TextIO | None = None) -> None:
        self._of, self._out = of, out or sys.stderr
        self._screen = self._out.isatty()
        self._started = self._last = time.monotonic()
        self._wrote = False

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now - self._last < (SHOWN if self._screen else LOGGED):
            return
        self._last, self._wrote = now, True
        line = told(done, self._of, now - self._started)
        self._out.write(f"\r{line}\x1b[K" if self._screen else line + "\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the screen clean for what comes."""
        if self._screen and self._wrote:
            self._out.write("\r\x1b[K")
            self._out.flush()


def expected(found: Sequence[Found]) -> int | None:
    """How many documents these files hold, where each is one."""
    return None if any(one.path.name.lower().endswith(SEVERAL) for one in found) else len(found)


def told(done: int, of: int | None, seconds: float) -> str:
    """The line."""
    rate = done / seconds if seconds > 0 else 0.0
    known = of is not None and of >= done
    words = [f"已读 · read {done:,}" + (f" / {of:,}" if known else "")]
    words.append(f"{rate:,.0f} 份/秒 · a second")
    if known and of is not None and rate > 0:
        left = round((of - done) / rate)
        words.append(f"余 · left {left // 3600}:{left // 60 % 60:02}:{left % 60:02}")
    return "，".join(words)
