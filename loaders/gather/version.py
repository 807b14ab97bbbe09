"""Everything that was read → the tables of a version, in one order that depends on the documents only."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from codebook import book
from codebook.decisions import Decisions, Place
from loaders import corrections, decided
from loaders.gather import beside, cube, panel
from loaders.gather.compare import compared
from loaders.gather.engine import LINE, Engine, asked, engine, in_order
from loaders.gather.order import Order, order
from loaders.gather.streams import Read, arriving
from loaders.identity import places
from loaders.lots.lot import IN_LOT, LABELS
from loaders.publish import Draft, rows_of
from loaders.report import Label
from loaders.rows import Row, Rows, ruling
from loaders.schema import NUMBER

CHANGED = ("reports", "facts", "tables", "findings")  # the tables that decisions change
FURTHER = 1 << 40  # a line behind those of the document itself
DOUBLE = "SAME_BYTES"
SOME = 5_000  # rows at a time
COUNTED = """
SELECT *, count(*) AS reports FROM labels GROUP BY ALL
ORDER BY scope, code, match, label_raw, form, axis, score, runner_up, runner_up_score
"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All documents in order, and what the rules over several of them said."""

    read: Read
    order: Order
    engine: Engine
    said: Path
    apart: Mapping[int, list[Row]]

    def batches(
        self, name: str, only: Collection[int] | None = None, without: Collection[int] = ()
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a table, with what was said over several reports, in any order."""
        if name in IN_LOT:
            yield from self.read.batches(name, only, without)
        if name == "findings":
            found = ((n, FURTHER, rows) for n, rows in self.apart.items())
            further = chain(found, ((n, 2 * FURTHER, rows) for n, rows in _said(self.said, "findings")))
            yield from _batches(name, further, only, without)
        elif name == "checks":
            yield from _batches(name, _counts(self), only, without)
        elif name == "copies":
            yield from _batches(name, ((n, 0, [row]) for n, row in _said(self.said, "copies")), only, without)


def gather(
    read: Read,
    draft: Draft,
    corrected: Sequence[Place],
    rulings: Decisions,
    workers: int,
    begin: Callable[[], None],
) -> dict[str, Counter[str]]:
    """Write every table of a version; how many reports, tables, audits and reasons there are of each kind."""
    found = order(read.documents)
    read.put(found)
    work = draft.work / ".work"
    work.mkdir()
    with engine(work, workers) as duck:
        said, apart = compared(read, found, duck, work, workers, begin)
        one = Gathered(read, found, duck, said, apart)
        ruled = _ruled(one, rulings)
        _sorted(one, draft, ruled)
        draft.write("labels", rows_of("labels", _labels(one)))
        _summed(duck, draft, work)
    refused = _refused(one)
    draft.write("quarantine", rows_of("quarantine", refused))
    draft.write("regions", rows_of("regions", places.region_rows()))
    draft.write("corrections", rows_of("corrections", [*_laid(one, corrected), *ruled.get("corrections", [])]))
    draft.write("verdicts", rows_of("verdicts", ruled.get("verdicts", [])))
    read.store.put_beside(said)
    shutil.rmtree(work)
    return _counted(one, draft, refused)


def _sorted(one: Gathered, draft: Draft, ruled: Rows) -> None:
    """The tables with rows of single reports; those that were decided on as they are now."""
    ids = {str(row["report_id"]): int(str(row[NUMBER])) for row in ruled.get("reports", ())}
    for name in ("reports", "tables", "facts", "sightings", "findings", "checks", "suggestions", "copies", "sources"):
        changed = name in CHANGED and ids
        rows = one.batches(name, without=ids.values() if changed else ())
        if changed:
            again = [row | {NUMBER: ids[str(row["report_id"])], LINE: n} for n, row in enumerate(ruled[name])]
            rows = chain(rows, pa.Table.from_pylist(again, schema=arriving(name)).to_batches())
        if name == "reports":
            rows = _counting(rows, one.order)
        draft.write(name, in_order(one.engine, arriving(name), rows))


def _summed(duck: Engine, draft: Draft, work: Path) -> None:
    """The panel and the cube, out of the tables of reports and facts."""
    reports, facts, parts = draft.path("reports"), draft.path("facts"), work / "cube"
    items = panel.items_of(reports)
    with pa.OSFile(str(parts), "wb") as sink, pa.ipc.new_stream(sink, cube.PARTS) as told:
        draft.write("panel", _panelled(panel.blocks(items, reports, facts), items, told), items.schema)
    with pa.OSFile(str(parts), "rb") as file, pa.ipc.open_stream(file) as rows:
        draft.write("cube", asked(duck, cube.SUMMED, parts=rows), cube.SCHEMA)


def _panelled(
    blocks: Iterable[panel.Block], items: panel.Items, told: pa.RecordBatchStreamWriter
) -> Iterator[pa.RecordBatch]:
    """The rows of the panel; what they add to the cube is told on the way."""
    for block in blocks:
        told.write_table(cube.parts(items, block))
        yield block.batch(items)


def _counting(rows: Iterable[pa.RecordBatch], order: Order) -> Iterator[pa.RecordBatch]:
    """Reports with whether each is the one that counts."""
    for batch in rows:
        at = batch.schema.get_field_index("is_current")
        yield batch.set_column(at, batch.schema.field(at), pa.array(order.counts[np.asarray(batch[NUMBER])]))


def _ruled(one: Gathered, rulings: Decisions) -> Rows:
    """The rows of the reports that somebody decided on, as decided, and the tables of decisions."""
    if not (rulings.verdicts or rulings.corrections):
        return {}
    documents = {row.source_sha256 for row in rulings.verdicts} | {row.source_sha256 for row in rulings.corrections}
    at = np.flatnonzero(np.asarray(pc.is_in(one.read.documents["sha256"], pa.array(sorted(documents)))))
    only = {int(n) for n in one.order.place[at] if n >= 0}
    rows: Rows = {}
    for name in CHANGED:
        parts = [pa.Table.from_batches([batch]) for batch in one.batches(name, only=only)]
        table = pa.concat_tables([arriving(name).empty_table(), *parts]).sort_by(
            [(NUMBER, "ascending"), (LINE, "ascending")]
        )
        rows[name] = table.drop_columns([LINE]).to_pylist()
    decided.apply(rows, rulings)
    return rows


def _said(path: Path, column: str) -> Iterator[tuple[int, Any]]:
    """What was said of each report, by its number: rows, or a row, or counts with the number of their rule."""
    for batch in beside.batches(path):
        for report, told in zip(batch["report"].to_pylist(), batch[column].to_pylist(), strict=True):
            if told is not None:
                yield report, json.loads(told)


def _counts(one: Gathered) -> Iterator[tuple[int, int, list[Row]]]:
    """The rows of checks.parquet of the rules over several reports; a line is the rule's number."""
    names = [check.id for check in book().checks]
    hashes = one.read.documents["sha256"].take(pa.array(one.order.rows))
    for report, counts in _said(one.said, "counts"):
        name = f"r{hashes[report].as_py()[:16]}"
        for rule, told in counts:
            yield report, rule, [{"report_id": name, "check_id": names[rule], **told}]


def _batches(
    name: str, found: Iterable[tuple[int, int, list[Row]]], only: Collection[int] | None, without: Collection[int]
) -> Iterator[pa.RecordBatch]:
    """Rows with the number of their report and the line of the first, some at a time."""
    waiting = list[Row]()
    for report, line, rows in found:
        if (only is None or report in only) and report not in without:
            waiting.extend(row | {NUMBER: report, LINE: line + n} for n, row in enumerate(rows))
        if len(waiting) >= SOME:
            yield pa.RecordBatch.from_pylist(waiting, schema=arriving(name))
            waiting = []
    yield pa.RecordBatch.from_pylist(waiting, schema=arriving(name))


def _labels(one: Gathered) -> list[Row]:
    """The rows of labels.parquet: each label once, with the reports that it stands in and who decided on it."""
    rows = pa.RecordBatchReader.from_batches(LABELS, one.read.labels())
    found = [row for batch in asked(one.engine, COUNTED, labels=rows) for row in batch.to_pylist()]
    return [row | ruling(Label(**{name: row[name] for name in Label.__slots__})) for row in found]


def _refused(one: Gathered) -> list[Row]:
    """The rows of quarantine.parquet."""
    documents = one.read.documents.select(["source_name", "sha256", "reason", "detail"])
    rows: list[Row] = documents.take(pa.array(one.order.refused)).to_pylist()
    for doc, row in zip(one.order.refused.tolist(), rows, strict=True):
        row["source_sha256"] = row.pop("sha256")
        if doc in one.order.double:
            known = documents["source_name"][one.order.double[doc]].as_py()
            row |= {"reason": DOUBLE, "detail": f"与 {known} 内容相同"}
    return rows


def _laid(one: Gathered, corrected: Sequence[Place]) -> list[Row]:
    """The rows of corrections.parquet that are of places, with the number of reports each was laid over."""
    laid = one.read.documents["laid"].take(pa.array(one.order.rows)).to_pylist() if corrected else []
    used = Counter(mark for marks in laid for mark in (marks or "").split())
    return corrections.rows(corrected, {row: n for row in corrected if (n := used[corrections.mark(row)])})


def _counted(one: Gathered, draft: Draft, refused: list[Row]) -> dict[str, Counter[str]]:
    """How many there are of each kind."""
    states = one.read.documents["status"].take(pa.array(one.order.rows))
    told = {name: Counter[str]() for name in ("status", "reason", "audit")}
    tables = pq.ParquetFile(draft.path("tables"))
    for batch in tables.iter_batches(columns=[*told]):
        for name, counts in told.items():
            counts.update(_kinds(batch[name]))
    reasons = told["reason"] + Counter(str(row["reason"]) for row in refused)
    reports = Counter(_kinds(states)) + Counter(quarantined=len(refused))
    return {"reports": reports, "tables": told["status"], "audit": told["audit"], "reasons": reasons}


def _kinds(column: pa.Array | pa.ChunkedArray) -> dict[str, int]:
    return {one["values"]: one["counts"] for one in pc.value_counts(column).to_pylist() if one["values"] is not None}
