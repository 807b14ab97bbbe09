"""The rules over several reports, in blocks that any process can do, and what came of them, kept for the next build.

One row of a report beside the others: the key of all that went in, and findings, counts of rules and the row of copies
as JSON. Where nothing of that changed since the last build, its row is taken over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa

from loaders.checks.across import against
from loaders.checks.copies import copied
from loaders.gather.spool import Spool
from loaders.rows import Row, finding_rows

BLOCK = 400  # reports a task
SCHEMA = pa.schema(
    {"key": pa.binary(), "report": pa.int32(), **dict.fromkeys(("findings", "counts", "copies"), pa.string())}
)
PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True, slots=True)
class Beside:
    """A report that counts, by number, with the reports that it is held against; -1 and () for none."""

    report: int
    previous: int
    twins: int
    twin: int
    near: tuple[int, ...]

    @property
    def others(self) -> tuple[int, ...]:
        """All of them."""
        return tuple(n for n in (self.previous, self.twin, *self.near) if n >= 0)

    def key(self, digests: list[bytes]) -> bytes:
        """What came of it stays the same as long as this does; `digests` are of what the rules see of each report."""
        parts = [digests[n] if n >= 0 else b"-" for n in (self.report, self.previous, self.twin, *self.near)]
        return blake2b(b"|".join([str(self.twins).encode(), *parts]), digest_size=16).digest()


def told(block: list[tuple[bytes, Beside]], folder: Path) -> pa.RecordBatch:
    """What the rules say of each report of a block."""
    with Spool(folder) as spool:
        return pa.RecordBatch.from_pylist([_row(key, one, spool) for key, one in block], schema=SCHEMA)


def _row(key: bytes, one: Beside, spool: Spool) -> Row:
    mine = spool.brief(one.report)
    before = spool.brief(one.previous) if one.previous >= 0 else None
    twin = spool.brief(one.twin) if one.twin >= 0 else None
    said = against(mine, before, copied(mine, before, one.twins, twin, [spool.brief(n) for n in one.near]))
    return {
        "key": key,
        "report": one.report,
        "findings": _json(list(finding_rows(mine.report_id, said.findings))) if said.findings else None,
        "counts": _json(said.counts),
        "copies": _json(said.copies),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def batches(path: Path | None) -> Iterator[pa.RecordBatch]:
    """The rows of a file; none where there is none."""
    if path is not None:
        with pa.OSFile(str(path), "rb") as file, pa.ipc.open_stream(file) as stream:
            yield from stream


@contextmanager
def writing(path: Path) -> Iterator[pa.RecordBatchStreamWriter]:
    """A file for rows."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, SCHEMA, options=PACKED) as stream:
        yield stream


def taken_over(before: Path | None, wanted: dict[bytes, Beside], out: pa.RecordBatchStreamWriter) -> None:
    """Write the rows of the last build that still hold, and strike them off what is wanted."""
    for batch in batches(before):
        keys = batch["key"].to_pylist()
        known = [n for n, key in enumerate(keys) if key in wanted]
        if known:
            reports = pa.array([wanted.pop(keys[n]).report for n in known], pa.int32())
            some = batch.take(pa.array(known))
            out.write_batch(pa.RecordBatch.from_arrays([some["key"], reports, *some.columns[2:]], schema=SCHEMA))


def blocks(wanted: Mapping[bytes, Beside]) -> Iterator[list[tuple[bytes, Beside]]]:
    """What is wanted, some at a time."""
    some = list(wanted.items())
    return (some[start : start + BLOCK] for start in range(0, len(some), BLOCK))
