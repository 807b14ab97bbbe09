"""The same reading over a Dask cluster: tasks go out, lots come back in order, and one process publishes.

Needs requirements-cluster.txt here and on every machine of the cluster, and the same code there: what a worker reads
is told apart by the hash of its code, and a cluster with other code is refused. A worker that dies loses nothing: the
scheduler gives its tasks to another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Any

from codebook.decisions import Alias
from codebook.wordings import learn, learned
from loaders.engines.local import AHEAD, Done, Task
from loaders.errors import OtherReader, Unsupported
from loaders.lots.keys import reader

# Reading names labels by the wordings of its process and keeps one sandbox: a task at a time, whatever the threads.
TURN = Lock()


@contextmanager
def cluster(scheduler: str | None, workers: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """A way to do tasks in order on the cluster at an address, or on one of `workers` processes of this machine.

    Raises Unsupported where Dask is not installed, OtherReader where a worker has other code, OSError where nobody
    answers at the address.
    """
    try:
        import dask  # noqa: PLC0415
        from distributed import Client, LocalCluster  # noqa: PLC0415
    except ImportError:
        raise Unsupported("--engine dask 需要 requirements-cluster.txt · needs requirements-cluster.txt") from None
    # A reader starts a sandbox, a process of its own, which daemonic workers may not.
    with dask.config.set({"distributed.worker.daemon": False}):
        if scheduler:
            with Client(scheduler) as client:
                yield partial(_in_order, client)
        else:
            options = {"n_workers": max(1, workers), "threads_per_worker": 1, "dashboard_address": None}
            with LocalCluster(**options) as own, Client(own) as client:
                yield partial(_in_order, client)


def _in_order(
    client: Any, work: Callable[[Task], Done], tasks: Iterable[Task], workers: int, begin: Callable[[], None]
) -> Iterator[Done]:
    """What came of each task, in their order; `workers` and `begin` are for processes of this machine."""
    aliases = learned()
    _same_reader(client, aliases)
    do, running = partial(_done, work, aliases), deque[Any]()
    for task in tasks:
        running.append(client.submit(do, task, pure=False, retries=3))
        if len(running) > AHEAD * max(1, len(client.scheduler_info()["workers"])):
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def _done(work: Callable[[Task], Done], aliases: tuple[Alias, ...], task: Task) -> Done:
    """On a worker: the task, with the wordings of the build."""
    with TURN:
        learn(aliases)
        return work(task)


def _same_reader(client: Any, aliases: tuple[Alias, ...]) -> None:
    ours = reader(aliases, 0.0)
    others = sorted(where for where, told in client.run(reader, aliases, 0.0).items() if told != ours)
    if others:
        raise OtherReader("工作机的代码或数据与这里不同 · other code or data on " + "、".join(others))
