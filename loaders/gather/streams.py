"""The rows of lots as they will be published: those of documents that are reports, each with its report's number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from loaders.gather.engine import LINE
from loaders.gather.order import Numbers, Order, runs
from loaders.lots.lot import BLOBS, DOC, DOCUMENTS, RULE, TABLES, quarantined
from loaders.lots.store import ROOM, Store
from loaders.report import Quarantined
from loaders.schema import NUMBER, SCHEMAS

LIGHT = tuple(name for name in DOCUMENTS.names if name not in BLOBS)


@dataclass(slots=True)
class Read:
    """All documents of a build: where each stands in the store (-1 for those that were never read)."""

    store: Store
    places: Numbers
    documents: pa.Table
    reports: dict[int, Numbers] = field(default_factory=dict)  # lot → report of each of its documents, -1 for none

    @classmethod
    def of(cls, store: Store, places: Numbers, unread: Sequence[Quarantined]) -> Read:
        """The documents at these places, and those that were never read."""
        places = np.sort(places)
        parts = [
            lot["documents"].select(list(LIGHT)).take(pa.array(places[start:end] % ROOM))
            for start, end in runs(places // ROOM)
            for lot in [store.read(int(places[start] // ROOM), ("documents",))]
        ]
        schema = pa.schema([DOCUMENTS.field(name) for name in LIGHT])
        never = pa.Table.from_pylist([quarantined(one) for one in unread], schema=schema)
        documents = pa.concat_tables([*parts, never]).combine_chunks()
        return cls(store, np.concatenate([places, np.full(len(unread), -1, dtype=np.int64)]), documents)

    def put(self, order: Order) -> None:
        """Know which report each document of each lot is."""
        held = self.places[order.rows]
        for number in np.unique(held // ROOM):
            mine = np.flatnonzero(held // ROOM == number)
            docs = held[mine] % ROOM
            reports = np.full(docs.max() + 1, -1, dtype=np.int64)
            reports[docs] = mine
            self.reports[int(number)] = reports

    def batches(
        self, name: str, only: Collection[int] | None = None, without: Collection[int] = ()
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a table, of some reports only or without some; of checks a line is the rule's number."""
        schema = arriving(name)
        for number, reports in self.reports.items():
            if only is not None and not np.isin(reports, list(only)).any():
                continue
            table = self.store.read(number, (name,))[name]
            report = self.report_of(number, table[DOC])
            at = np.flatnonzero((report >= 0) & among(report, only, without))
            some = table.take(pa.array(at))
            line = some[RULE].cast(pa.int64()) if name == "checks" else pa.array(at)
            told = {column: some[column] for column in TABLES[name].names if column in schema.names}
            told |= {NUMBER: pa.array(report[at], pa.int32()), LINE: line}
            yield from pa.table([told[column] for column in schema.names], schema=schema).to_batches()

    def labels(self) -> Iterator[pa.RecordBatch]:
        """The labels of each report."""
        for number in self.reports:
            table = self.store.read(number, ("labels",))["labels"]
            held = self.report_of(number, table[DOC]) >= 0
            yield from table.filter(pa.array(held)).drop_columns([DOC]).to_batches()

    def blobs(self, names: Sequence[str], only: Numbers) -> Iterator[tuple[int, tuple[bytes, ...]]]:
        """Blobs of some reports."""
        wanted = np.zeros(max(0, *(r.max(initial=-1) for r in self.reports.values()), 0) + 1, dtype=bool)
        wanted[only] = True
        for number, reports in self.reports.items():
            docs = np.flatnonzero((reports >= 0) & wanted[reports])
            if len(docs):
                table = self.store.read(number, ("documents",))["documents"].select(list(names)).take(pa.array(docs))
                columns = [table[name].to_pylist() for name in names]
                yield from zip(reports[docs].tolist(), zip(*columns, strict=True), strict=True)

    def report_of(self, number: int, doc: pa.ChunkedArray) -> Numbers:
        """The report of each document of a lot, -1 for none."""
        known = self.reports[number]
        docs = np.asarray(doc)
        return np.where(docs < len(known), known[np.minimum(docs, len(known) - 1)], -1)


def among(report: Numbers, only: Collection[int] | None, without: Collection[int]) -> npt.NDArray[np.bool_]:
    """Which of these reports are among some, and not among others."""
    held = np.ones(len(report), dtype=bool) if only is None else np.isin(report, list(only))
    return held & ~np.isin(report, list(without)) if without else held


def arriving(name: str) -> pa.Schema:
    """The columns of a table that is to be sorted."""
    return SCHEMAS[name].append(pa.field(LINE, pa.int64()))
