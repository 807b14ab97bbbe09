"""CSV: UTF-8, with a byte-order mark unless told otherwise, text that a spreadsheet shows and does not run."""

from __future__ import annotations

import codecs
import io

import pandas as pd

from codebook.spreadsheet import neutral
from dashboard.take.table import Table, kind_of


def csv(table: Table, *, mark: bool = True) -> bytes:
    """The table as CSV. `mark`: with the byte-order mark by which Excel knows UTF-8."""
    out = io.BytesIO(codecs.BOM_UTF8 if mark else b"")
    out.seek(0, io.SEEK_END)
    out.write(_lines(pd.DataFrame(columns=pd.Index([neutral(c.name) for c in table.columns]))))
    for part in table.parts():
        out.write(_lines(safe(part), header=False))
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


def _lines(frame: pd.DataFrame, *, header: bool = True) -> bytes:
    return frame.to_csv(index=False, header=header, lineterminator="\r\n").encode("utf-8", "surrogatepass")
