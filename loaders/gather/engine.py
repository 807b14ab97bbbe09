"""Work on more rows than fit in memory: DuckDB sorts and joins them, within a bound and with a folder to spill into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

LINE = "line"  # the place of a row within its report
MEMORY, ROWS = "400MB", 65_536
IN_ORDER = "SELECT * EXCLUDE (line) FROM rows ORDER BY report_no, line"

Engine = duckdb.DuckDBPyConnection


@contextmanager
def engine(folder: Path, workers: int) -> Iterator[Engine]:
    """A connection that reads nothing but what it is given, with so many threads: each takes address space."""
    settings = {
        "memory_limit": MEMORY,
        "threads": str(max(1, workers)),
        "temp_directory": str(folder),
        "autoinstall_known_extensions": "false",
    }
    with duckdb.connect(config={**settings, "preserve_insertion_order": "false"}) as one:
        yield one


def asked(one: Engine, statement: str, **tables: pa.Table | pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """What a statement tells of these tables, in parts."""
    for name, table in tables.items():
        one.register(name, table)
    try:
        yield from one.sql(statement).to_arrow_reader(ROWS)
    finally:
        for name in tables:
            one.unregister(name)


def in_order(one: Engine, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows by report and line; `schema` is theirs, with both."""
    return asked(one, IN_ORDER, rows=pa.RecordBatchReader.from_batches(schema, batches))
