"""Several Arrow tables in one string of bytes, each of which can be read without the others."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from typing import IO

import pyarrow as pa

from loaders.errors import Damaged

MAGIC = b"OGILOT1\n"
LENGTH = struct.Struct("<Q")
PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


def framed(tables: Mapping[str, pa.Table]) -> bytes:
    """The tables as bytes: a directory (name → place and length), then each as an Arrow stream."""
    parts = {name: _stream(table) for name, table in tables.items()}
    told, at = dict[str, tuple[int, int]](), 0
    for name, part in parts.items():
        told[name] = (at, len(part))
        at += len(part)
    directory = json.dumps(told).encode()
    return b"".join([MAGIC, LENGTH.pack(len(directory)), directory, *parts.values()])


def tables(file: IO[bytes], wanted: Iterable[str]) -> dict[str, pa.Table]:
    """The tables of these names. Raises Damaged where the bytes are not what `framed` made."""
    try:
        if file.read(len(MAGIC)) != MAGIC:
            raise Damaged("no lot of documents")
        (length,) = LENGTH.unpack(file.read(LENGTH.size))
        told = json.loads(file.read(length))
        start, found = file.tell(), {}
        for name in wanted:
            at, size = told[name]
            file.seek(start + at)
            found[name] = pa.ipc.open_stream(pa.BufferReader(file.read(size))).read_all()
    except (ValueError, KeyError, struct.error, pa.ArrowException) as error:
        raise Damaged(f"a lot of documents: {error}") from error
    return found


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=PACKED) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())
