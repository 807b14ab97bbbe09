"""A table to take along: named and labelled columns, and its rows in parts, so that no format needs all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from codebook import book
from codebook.datapackage import Column
from codebook.terms import fields, values


@dataclass(frozen=True, slots=True)
class Table:
    """`parts` gives the rows as frames with just these columns, in order; it may be called again."""

    name: str
    columns: tuple[Column, ...]
    rows: int
    parts: Callable[[], Iterable[pd.DataFrame]] = field(repr=False)
    key: tuple[str, ...] = ()

    def whole(self) -> pd.DataFrame:
        """All rows as one frame."""
        return pd.concat(list(self.parts()), ignore_index=True)


def of_frame(name: str, frame: pd.DataFrame, room: str = "") -> Table:
    """A frame as a table; its columns are described as those of `room` (a table of codebook/fields.csv)."""
    columns = tuple(described(str(column), kind_of(frame[column]), room) for column in frame.columns)
    return Table(name, columns, len(frame), lambda: [frame])


def kind_of(column: pd.Series) -> str:
    """boolean, integer, number or text."""
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(column) else "text"


def described(name: str, kind: str, *rooms: str) -> Column:
    """A column with label and note from the first of `rooms` that has it, else from those of every download."""
    for room in (*rooms, "download"):
        if told := fields().get((room, name)):
            return Column(name, kind, told["label_zh"], told["label_en"], told["note_zh"], told["note_en"])
    return Column(name, kind)


def of_item(name: str, kind: str = "number") -> Column:
    """The column of a wide table: code, code__applicant, with __state or __unit_source behind it."""
    code, *more = name.split("__")
    measure = book().measures.get(code)
    zh, en = (measure.label_zh, measure.label_en) if measure else (code, code)
    unit = values().get(("unit", measure.unit), {"zh": "", "en": ""}) if measure and kind == "number" else None
    for part in more:
        told = book().applicants.get(part) or _tail(part)
        zh, en = f"{zh} · {told[0]}", f"{en} · {told[1]}"
    return Column(name, kind, zh, en, *((unit["zh"], unit["en"]) if unit else ("", "")))


def _tail(part: str) -> tuple[str, str]:
    told = fields().get(("facts", part), {"label_zh": part, "label_en": part})
    return told["label_zh"], told["label_en"]


def blocks(rows: pd.DataFrame, size: int) -> Iterator[pd.DataFrame]:
    """The rows in blocks of `size`; one empty block where there are none."""
    for start in range(0, max(1, len(rows)), size):
        yield rows.iloc[start : start + size]


def have(frame: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Those of `names` that the frame has: a data set may lack columns that are not needed."""
    return [name for name in names if name in frame]
