"""The tables of a package: Parquet as published, and CSV that says the same and runs nothing in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from codebook.spreadsheet import neutral, printed

MARK = "\ufeff".encode()  # without it Excel takes UTF-8 for the system's encoding, and Chinese is lost
BATCH = 65_536  # rows at a time


def write_csv(parquet: Path, csv: Path) -> None:
    """A Parquet file as CSV: UTF-8 with byte-order mark, texts in quotes, nothing for null, "" for an empty text."""
    with pq.ParquetFile(parquet, page_checksum_verification=True) as file:
        _write(file.schema_arrow, file.iter_batches(batch_size=BATCH, use_threads=False), csv)


def write_rows(rows: list[dict[str, str]], columns: Iterable[str], csv: Path) -> None:
    """Rows of texts as the same kind of CSV."""
    schema = pa.schema([pa.field(name, pa.string()) for name in columns])
    _write(schema, [pa.RecordBatch.from_pylist(rows, schema=schema)], csv)


def _write(schema: pa.Schema, batches: Iterable[pa.RecordBatch], csv: Path) -> None:
    with csv.open("wb") as file:
        file.write(MARK)
        with pc.CSVWriter(file, schema) as writer:
            for batch in batches:
                writer.write_batch(_texts(batch, neutral))


def read_csv(csv: Path, schema: pa.Schema) -> pa.Table:
    """What `write_csv` wrote, as it was: the way back for tests and users."""
    options = pc.ConvertOptions(
        column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
    )
    table = pc.read_csv(csv, parse_options=pc.ParseOptions(newlines_in_values=True), convert_options=options)
    back = [_texts(batch, printed) for batch in table.cast(schema).to_batches()]
    return pa.Table.from_batches(back, schema)


def _texts(batch: pa.RecordBatch, change: Callable[[str], str]) -> pa.RecordBatch:
    """The batch with every text changed; each different text once, for they repeat."""
    return pa.RecordBatch.from_arrays([_text(column, change) for column in batch.columns], schema=batch.schema)


def _text(column: pa.Array, change: Callable[[str], str]) -> pa.Array:
    if not pa.types.is_string(column.type):
        return column
    found = column.dictionary_encode()
    return pa.array([change(text) for text in found.dictionary.to_pylist()], pa.string()).take(found.indices)
