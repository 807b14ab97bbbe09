"""panel.parquet: one row a report, a column an item, for questions that look at many reports and few cells.

An item is a code, in the request table `code@applicant`. Its column holds the number (yuan for money), the column
`item:state` says what stands in the report: number, doubtful (a number with a doubt that nobody settled), unvalued (an
amount in an unknown unit), blank, dash, text, unread (the table is refused or absent); null where the report's form has
no such cell. Amounts have `item:unit`, how their unit is known. A report on a larger body's figures has all its
proactive cells doubtful, as on the pages. Only items are there that some report of the version may have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from codebook import book
from loaders.schema import NUMBER, SCHEMAS

UNITS = ("printed", "form", "prose", "inferred_high", "inferred_medium", "unknown")
STATES = ("number", "doubtful", "unvalued", "blank", "dash", "text", "unread")
NUMBERED, DOUBTFUL, UNVALUED, UNREAD, NOTHING = 0, 1, 2, 6, -1
SETTLED = ("as_printed",)  # verdicts after which a number is as good as any
LARGER = "proactive"  # tables in which a larger body's figures would count twice
ROWS = 16_384  # reports of a row group: a report is some hundred columns wide
OF_REPORT = (
    "report_no", "report_id", "report_year", "province", "city", "county", "adcode", "region_status", "agency", "agency_id",
    "agency_level", "agency_type", "agency_field", "agency_scope", "form", "population_2020", "is_current", "status",
    "synthetic", "scope_doubt",
)  # fmt: skip
Bytes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Items:
    """The items of a panel: code and applicant ("" outside the request table)."""

    forms: tuple[str, ...]

    @cached_property
    def all(self) -> list[tuple[str, str]]:
        """In the order of the codebook; those of forms that no report follows are left out."""
        held = [m for m in book().measures.values() if not book().forms_of(m.code) or self._on(m.code)]
        return [(m.code, part) for m in held for part in (book().applicants if m.table == "requests" else ("",))]

    @cached_property
    def numbers(self) -> dict[tuple[str, str], int]:
        """Item → its number."""
        return {item: n for n, item in enumerate(self.all)}

    @cached_property
    def names(self) -> list[str]:
        """The columns of the numbers."""
        return [f"{code}@{part}" if part else code for code, part in self.all]

    @cached_property
    def money(self) -> list[int]:
        """The items that are amounts."""
        return [n for n, (code, _) in enumerate(self.all) if book().measures[code].kind == "money"]

    @cached_property
    def larger(self) -> npt.NDArray[np.bool_]:
        """Whether an item is of a table that may tell a larger body's figures."""
        return np.array([book().measures[code].table.startswith(LARGER) for code, _ in self.all], dtype=bool)

    @cached_property
    def expected(self) -> npt.NDArray[np.bool_]:
        """Form (in their order) × item: whether the form has it."""
        return np.array([[form in book().forms_of(code) for code, _ in self.all] for form in self.forms], dtype=bool)

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns of the panel."""
        name = pa.dictionary(pa.int8(), pa.string())
        told = [SCHEMAS["reports"].field(name) for name in OF_REPORT]
        for n, item in enumerate(self.names):
            told += [pa.field(item, pa.float64()), pa.field(f"{item}:state", name)]
            told += [pa.field(f"{item}:unit", name)] if n in self.money else []
        return pa.schema(told)

    def _on(self, code: str) -> bool:
        return bool(book().forms_of(code) & set(self.forms))


@dataclass(frozen=True, slots=True)
class Block:
    """Some reports, and of each item the number (NaN for none), the state and the unit by their numbers, -1 for none."""

    reports: pa.RecordBatch
    values: npt.NDArray[np.float64]
    states: Bytes
    units: Bytes

    def batch(self, items: Items) -> pa.RecordBatch:
        """As rows of the panel."""
        return pa.RecordBatch.from_arrays([*self.reports.columns, *_columns(items, self)], schema=items.schema)


def items_of(reports: Path) -> Items:
    """The items of a version whose table of reports is written."""
    column = pq.read_table(reports, columns=["form"])["form"]
    return Items(tuple(sorted(one for one in pc.unique(column).to_pylist() if one)))


def blocks(items: Items, reports: Path, facts: Path) -> Iterator[Block]:
    """The panel of a version whose tables of reports and facts are written."""
    cells = _Cells(facts)
    with pq.ParquetFile(reports) as file:
        for batch in file.iter_batches(ROWS, columns=list(OF_REPORT), use_threads=False):
            start = batch[NUMBER][0].as_py()
            yield _filled(items, batch.select(list(OF_REPORT)), cells.until(start + len(batch)))


class _Cells:
    """Facts in the order of their reports, a stretch of reports at a time."""

    COLUMNS = (NUMBER, "table", "code", "applicant", "state", "value", "unit_source", "doubt", "verdict")

    def __init__(self, facts: Path) -> None:
        self._batches = pq.ParquetFile(facts).iter_batches(
            columns=list(self.COLUMNS), use_threads=False, batch_size=65_536
        )
        self._left: pa.Table | None = None

    def until(self, end: int) -> pa.Table:
        """The facts of the reports before one."""
        parts = [self._left] if self._left is not None else []
        while not parts or not len(parts[-1]) or parts[-1][NUMBER][-1].as_py() < end:
            batch = next(self._batches, None)
            if batch is None:
                break
            parts.append(pa.Table.from_batches([batch]))
        if not parts:
            return pa.table({name: pa.array([], SCHEMAS["facts"].field(name).type) for name in self.COLUMNS})
        whole = pa.concat_tables(parts)
        at = int(np.searchsorted(np.asarray(whole[NUMBER]), end))
        self._left = whole.slice(at)
        return whole.slice(0, at)


def _filled(items: Items, reports: pa.RecordBatch, cells: pa.Table) -> Block:
    rows, start = len(reports), reports[NUMBER][0].as_py()
    form = np.asarray(pc.fill_null(pc.index_in(reports["form"], pa.array(items.forms, pa.string())), -1))
    on_form = (
        (form >= 0)[:, None] & items.expected[form] if items.forms else np.zeros((rows, len(items.all)), dtype=bool)
    )
    states = np.where(on_form, UNREAD, NOTHING).astype(np.int8)
    values = np.full(states.shape, np.nan)
    units = np.full((rows, len(items.money)), -1, dtype=np.int8)
    row, item = np.asarray(cells[NUMBER]).astype(np.int64) - start, _numbers(items, cells)
    known = np.flatnonzero(item >= 0)[::-1]  # of an item told twice the first stands: it is written last
    row, item, cells = row[known], item[known], cells.take(pa.array(known))
    larger = np.asarray(pc.is_valid(reports["scope_doubt"]))[row] & items.larger[item]
    value = np.asarray(cells["value"].combine_chunks().fill_null(np.nan))
    state = _states(cells, larger, np.isnan(value))
    states[row, item] = state
    values[row, item] = np.where(state <= DOUBTFUL, value, np.nan)
    unit = np.asarray(pc.fill_null(pc.index_in(cells["unit_source"].combine_chunks(), pa.array(UNITS)), -1))
    for at, n in enumerate(items.money):
        units[row[item == n], at] = unit[item == n]
    return Block(reports, values, states, units)


def _columns(items: Items, block: Block) -> Iterator[pa.Array]:
    place = {n: at for at, n in enumerate(items.money)}
    for n in range(len(items.all)):
        yield pa.array(block.values[:, n], from_pandas=True)
        yield _named(block.states[:, n], STATES)
        if n in place:
            yield _named(block.units[:, place[n]], UNITS)


def _named(code: Bytes, names: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(code, mask=code < 0), pa.array(names))


def _numbers(items: Items, cells: pa.Table) -> npt.NDArray[np.int64]:
    """The item of each cell, -1 where it has no column."""
    code, part = (
        cells[name].combine_chunks().dictionary_encode(null_encoding="encode") for name in ("code", "applicant")
    )
    codes, parts = code.dictionary.to_pylist(), part.dictionary.to_pylist()
    table = np.array(
        [[items.numbers.get((one, other or ""), -1) for other in parts] for one in codes], dtype=np.int64
    ).reshape(len(codes), len(parts))
    if not len(cells):
        return np.empty(0, dtype=np.int64)
    found: npt.NDArray[np.int64] = table[np.asarray(code.indices), np.asarray(part.indices)]
    return found


def _states(cells: pa.Table, larger: npt.NDArray[np.bool_], no_value: npt.NDArray[np.bool_]) -> Bytes:
    kinds = pc.index_in(cells["state"].combine_chunks(), pa.array(STATES))
    state: Bytes = np.asarray(pc.fill_null(kinds, UNREAD)).astype(np.int8)
    settled = np.asarray(pc.fill_null(pc.is_in(cells["verdict"], pa.array(SETTLED)), False))
    doubtful = (np.asarray(pc.is_valid(cells["doubt"])) | larger) & ~settled
    number = state == NUMBERED
    state[number & doubtful] = DOUBTFUL
    state[number & no_value] = UNVALUED
    return state
