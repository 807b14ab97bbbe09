"""Reports in memory as a build would publish them, without files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from codebook.decisions import Decisions
from loaders import publish
from loaders.gather.streams import Read
from loaders.gather.version import gather
from loaders.lots.frames import framed
from loaders.lots.lot import lot
from loaders.lots.store import ROOM, Store
from loaders.report import Quarantined, Report
from loaders.rows import Rows
from loaders.schema import SCHEMAS


def published(documents: Iterable[Report | Quarantined], decided: Decisions = Decisions()) -> Rows:  # noqa: B008
    """The rows of each table of a version with these documents."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store.open(folder, "tests", ())
        read = [(None, one) for one in documents]
        start = store.add(framed(lot(read, ()))) * ROOM
        known = Read.of(store, np.arange(start, start + len(read), dtype=np.int64), [])
        with publish.draft(folder) as draft:
            gather(known, draft, (), decided, 1, lambda: None)
            version = draft.publish()
        return {name: pq.read_table(version / f"{name}.parquet").to_pylist() for name in SCHEMAS}


def written(folder: Path, rows: Rows) -> Path:
    """A version of these rows; tables that are not told are empty. The caller holds the lock, or is alone."""
    with publish.draft(folder) as draft:
        for name, some in rows.items():
            draft.write(name, publish.rows_of(name, some))
        return draft.publish()
