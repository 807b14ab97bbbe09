"""Documents → a published version: read those that are new (in several processes where asked), gather all, publish."""

from __future__ import annotations

import gc
import multiprocessing
import os
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from multiprocessing import connection
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np

from codebook.decisions import Alias, Decisions, Place
from codebook.wordings import learn, learned
from loaders import publish
from loaders.engines import local
from loaders.errors import LoaderError
from loaders.gather.streams import Read
from loaders.gather.version import gather
from loaders.intake import inputs
from loaders.intake.corpora import Passed
from loaders.intake.inputs import Item
from loaders.intake.sandbox import Sandbox
from loaders.intake.sources import Found
from loaders.lots.frames import framed
from loaders.lots.keys import key, reader
from loaders.lots.lot import lot
from loaders.lots.store import ROOM, Store
from loaders.report import Quarantined, Report, Source
from loaders.trust import audit as audits

SHARE = 0.05  # of the documents are audited
RARELY = (20_000, 20, 50)
CHUNK, HEAVY = 100, 8_000_000  # documents and bytes a task: below this, handing over costs more than reading
Lot = list[Source | Found]
InOrder = Callable[[Callable[[Any], Any], Iterable[Any], int, Callable[[], None]], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build came to: the version published and how many documents there are, and of each status."""

    version: Path
    counts: dict[str, int]
    reasons: dict[str, int]
    tables: dict[str, int]
    audit: dict[str, int]
    documents: int = 0
    passed: dict[str, int] = field(default_factory=dict)  # rows of each corpus that can't be reports
    known: int = 0  # documents that an earlier build had read


@dataclass(slots=True)
class Intake:
    """The documents of a build: where each stands in the store, and what takes the place of those not read."""

    store: Store
    places: array[int] = field(default_factory=lambda: array("q"))
    unread: list[Quarantined] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    known: int = 0

    def __len__(self) -> int:
        return len(self.places) + len(self.unread)

    def lots(self, found: Sequence[Found]) -> Iterator[Lot]:
        """The documents that have to be read, in lots of so many, fewer where their bytes are many."""
        waiting, size = Lot(), 0
        for item in inputs.documents(found):
            if (new := self._new(item)) is None:
                continue
            waiting.append(new)
            size += len(new.data) if isinstance(new, Source) else 0
            if len(waiting) >= CHUNK or size >= HEAVY:
                yield waiting
                waiting, size = Lot(), 0
        if waiting:
            yield waiting

    def add(self, data: bytes, documents: int) -> None:
        """Keep what was read of a lot."""
        start = self.store.add(data) * ROOM
        self.places.extend(range(start, start + documents))

    def _new(self, item: Item) -> Source | Found | None:
        """The document, where it has to be read."""
        if isinstance(item, Passed):
            self.passed[item.corpus] += item.rows
            return None
        if isinstance(item, Quarantined):
            self.unread.append(item)
            return None
        if not self.store.known:
            return item
        source = loaded(item)
        if isinstance(source, Quarantined):
            self.unread.append(source)
            return None
        place = self.store.known.get(key(source))
        if place is None:
            return source
        self.places.append(place)
        self.known += 1
        return None


def build(
    found: list[Found],
    out: Path,
    workers: int = 1,
    wait: float = 600.0,
    tell: Callable[[int], object] = int,
    audit: float = SHARE,
    corrected: Sequence[Place] = (),
    decided: Decisions = Decisions(),  # noqa: B008
    anew: bool = False,
    in_order: InOrder = local.in_order,
) -> Summary:
    """Read all documents and publish them as one version; a share of them is read in a second way and compared.

    What an earlier build read with the same code and codebook, or one that was killed, is not read again, but `anew`.
    `corrected` are the places that somebody corrected, laid over what was read; labels are read as `decided` says, its
    verdicts and corrections of cells stand beside what was read. `in_order` does the reading: processes of this
    machine, or a cluster (loaders.engines.spread); what is published is the same.

    Raises Busy, OSError; the last version stays whole.
    """
    with publish.locked(out, wait):
        learn(decided.aliases)
        begin = partial(_begin, learned())
        store = Store.open(out, reader(learned(), audit), corrected, anew)
        intake = Intake(store)
        sizes = deque[int]()
        try:
            for data in in_order(
                partial(_lot, audit=audit, corrected=corrected), _measured(intake.lots(found), sizes), workers, begin
            ):
                intake.add(data, sizes.popleft())
                tell(len(intake))
        finally:
            _sandbox(audit).close()
        read = Read.of(store, np.array(intake.places, dtype=np.int64), intake.unread)
        with publish.draft(out) as draft:
            counts = gather(read, draft, corrected, decided, workers, begin)
            version = draft.publish(decided.version)
        store.keep({int(n) for n in np.unique(np.array(intake.places, dtype=np.int64) // ROOM)})
    return Summary(
        version=version,
        counts=dict(counts["reports"]),
        reasons=dict(counts["reasons"]),
        tables=dict(counts["tables"]),
        audit=dict(counts["audit"]),
        documents=len(intake),
        passed=dict(intake.passed),
        known=intake.known,
    )


def _measured(lots: Iterator[Lot], sizes: deque[int]) -> Iterator[Lot]:
    """The lots, with how many documents each has noted on the way."""
    for one in lots:
        sizes.append(len(one))
        yield one


def _begin(aliases: tuple[Alias, ...]) -> None:
    """A process of the pool knows the same labels, and ends when the build was killed: it would wait for ever.

    What it holds for good is no garbage, and what a document leaves is seldom a cycle: looking for it costs a tenth.
    """
    learn(aliases)
    gc.freeze()
    gc.set_threshold(*RARELY)
    parent = multiprocessing.parent_process()
    if parent is not None:
        handle = parent.sentinel
        Thread(target=lambda: (connection.wait([handle]), os._exit(1)), daemon=True).start()


def _lot(items: Lot, audit: float, corrected: Sequence[Place]) -> bytes:
    """What came of some documents, as a lot."""
    sandbox = _sandbox(audit)
    sources = [loaded(item) for item in items]
    return framed(
        lot(
            [
                (None, source) if isinstance(source, Quarantined) else (key(source), sandbox.read(source))
                for source in sources
            ],
            corrected,
        )
    )


@cache
def _sandbox(audit: float) -> Sandbox:
    """The sandbox of this process; it starts at the first risky document."""
    return Sandbox(partial(audits.read, share=audit))


def loaded(item: Source | Found) -> Source | Quarantined:
    """A document with its bytes, or the reason why it has none."""
    if isinstance(item, Source):
        return item
    try:
        return item.load()
    except LoaderError as error:
        return Quarantined(item.name, "", error.reason, str(error))
    except OSError as error:
        return Quarantined(item.name, "", "UNREADABLE", error.strerror or str(error))


def read_one(item: Item, sandbox: Sandbox) -> Report | Quarantined | Passed:
    """What came of one document, or of what stands in its place."""
    if isinstance(item, Quarantined | Passed):
        return item
    source = loaded(item)
    return source if isinstance(source, Quarantined) else sandbox.read(source)
