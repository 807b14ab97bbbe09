"""What a benchmark is: work and its peer done in turn in the same run, the ratio of the two, and the bar it must hold."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]
ROUNDS = 5  # pairs at the least


@dataclass(frozen=True, slots=True)
class Bar:
    """What is measured against what: the ratio of ours to the peer's must not be above `must`, the aim is `aim`.

    Where `more` is True a higher ratio is the better one (a gain by more workers).
    """

    work: str
    peer: str
    must: float | None = None
    aim: float | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out: the ratio (or exponent, or number), and in words what was done; `wrong` cells fail the bench."""

    ratio: float
    told: str
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Bench:
    """A benchmark by name; `run` takes rounds and a size (0: the usual one)."""

    bar: Bar
    run: Callable[[int, int], Measured]

    def holds(self, found: Measured) -> bool | None:
        """Whether the bar holds; None where there is none."""
        if found.wrong:
            return False
        if self.bar.must is None:
            return None
        return found.ratio >= self.bar.must if self.bar.more else found.ratio <= self.bar.must


def cpu(work: Work) -> float:
    """Processor seconds of this process for doing the work once."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def pairs(
    ours: Work, peer: Work, rounds: int = ROUNDS, clock: Callable[[Work], float] = cpu
) -> tuple[float, float, float]:
    """The median ratio of interleaved pairs, and the median seconds of each; one pair goes first and is not counted."""
    found = [(clock(ours), clock(peer)) for _ in range(max(rounds, ROUNDS) + 1)][1:]
    mine, theirs = (statistics.median(times) for times in zip(*found, strict=True))
    return statistics.median(a / b for a, b in found), mine, theirs
