"""Parquet: the table with types as in the published data, labels of the columns as metadata, text as it stands."""

from __future__ import annotations

import io

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from dashboard.take.slip import Slip
from dashboard.take.table import Table

TYPES = {"text": pa.string(), "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}


def parquet(table: Table, slip: Slip) -> bytes:
    """The table as Parquet, written part by part."""
    about = {"version": slip.version, "about": slip.line("zh"), "about_en": slip.line("en")}
    fields = [
        pa.field(c.name, TYPES[c.kind], metadata={"label_zh": c.label_zh, "label_en": c.label_en})
        for c in table.columns
    ]
    schema = pa.schema(fields, metadata=about)
    out = io.BytesIO()
    with ParquetWriter(out, schema, compression="zstd") as writer:
        for part in table.parts():
            writer.write_table(pa.Table.from_pandas(part, schema=schema, preserve_index=False, safe=False))
    return out.getvalue()
