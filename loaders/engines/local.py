"""Processes of this machine, with only a few tasks in memory at a time; what comes of them keeps its order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import TypeVar

AHEAD = 3  # tasks a process that wait for it
Task = TypeVar("Task")
Done = TypeVar("Done")


def in_order(
    work: Callable[[Task], Done], tasks: Iterable[Task], workers: int, initializer: Callable[[], None]
) -> Iterator[Done]:
    """What came of each task; in this process for a single worker or task."""
    waiting_in_line = iter(tasks)
    first = list(islice(waiting_in_line, 2))
    everything = chain(first, waiting_in_line)
    if workers <= 1 or len(first) <= 1:
        yield from map(work, everything)
        return
    with ProcessPoolExecutor(workers, initializer=initializer) as pool:
        running = deque[Future[Done]]()
        for task in everything:
            running.append(pool.submit(work, task))
            if len(running) > AHEAD * workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
