"""CSV: UTF-8, with a byte-order mark unless told otherwise, text that a spreadsheet shows and does not run."""

from __future__ import annotations

import codecs
import io

import pandas as pd
import pyarrow as pa
from pyarrow.csv import WriteOptions, write_csv

from codebook.spreadsheet import neutral
from dashboard.take.table import Table, kind_of

LINES = WriteOptions(include_header=False, eol="\r\n", batch_size=16_384)


def csv(table: Table, *, mark: bool = True) -> bytes:
    """The table as CSV, texts in quotes, nothing for what is missing. `mark`: with the byte-order mark by which Excel
    knows UTF-8."""
    out = io.BytesIO(codecs.BOM_UTF8 if mark else b"")
    out.seek(0, io.SEEK_END)
    out.write(_slowly(pd.DataFrame(columns=pd.Index([neutral(c.name) for c in table.columns])), header=True))
    for part in table.parts():
        _write(safe(part), out)
    return out.getvalue()


def safe(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before text that would run as a formula; `codebook.spreadsheet.printed` undoes it."""
    made = {}
    for name in frame.columns:
        if kind_of(frame[name]) == "text":
            texts = frame[name].astype("str")
            # Few texts of a column differ, and fewer still begin with a sign.
            risky = {text: safe_ for text in texts.dropna().unique() if (safe_ := neutral(text)) != text}
            made[str(name)] = texts.map(lambda text, risky=risky: risky.get(text, text)) if risky else texts
    return frame.assign(**made)


def _write(frame: pd.DataFrame, out: io.BytesIO) -> None:
    try:
        rows = pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowException, UnicodeEncodeError):  # columns of one name, or half a character in a text
        out.write(_slowly(frame))
        return
    write_csv(rows, out, LINES)


def _slowly(frame: pd.DataFrame, *, header: bool = False) -> bytes:
    return frame.to_csv(index=False, header=header, lineterminator="\r\n").encode("utf-8", "surrogatepass")
