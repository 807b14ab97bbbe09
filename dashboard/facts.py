"""The cells of a version: asked for by code, by report or by counts, and never held whole.

`PLACE` is the place of a cell's report among the reports that pages show; cells of superseded editions have none and
are left out everywhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from dashboard.asking import Asked

Item = tuple[str, str]
Numbers = npt.NDArray[np.int64]
PLACE, NUMBER = "report_place", "report_no"
# What versions published before there were decisions lack.
MARKS = {"verdict": "VARCHAR", "corrected_state": "VARCHAR", "corrected_value": "DOUBLE", "correction": "VARCHAR"}
MOST = 3_000_000  # cells of single items that are kept

ITEM = """
SELECT code, coalesce(applicant, '') AS part, state, value, unit_source, raw, doubt,
    verdict, corrected_state, corrected_value, correction, report_no
FROM facts
WHERE code IN (SELECT unnest(?::VARCHAR[])) AND coalesce(applicant, '') IN (SELECT unnest(?::VARCHAR[]))
ORDER BY code, part, report_no, file_row_number
"""
# Reports that lie together in the file are read together: the bounds leave out all other row groups.
SOME = """
SELECT * EXCLUDE (file_row_number) FROM facts
WHERE report_no BETWEEN ? AND ? AND report_no IN (SELECT unnest(?::INTEGER[])) ORDER BY report_no, file_row_number
"""
DOUBTED = """
SELECT * EXCLUDE (file_row_number) FROM facts
WHERE doubt IS NOT NULL AND report_no IN (SELECT unnest(?::INTEGER[])) ORDER BY report_no, file_row_number
"""
ITEMS = """
SELECT code, applicant, count(correction) > 0 AS corrected FROM facts
WHERE report_no IN (SELECT unnest(?::INTEGER[])) GROUP BY ALL ORDER BY ALL
"""
COUNTS = """
SELECT report_no, count(*) AS cells, count(*) FILTER ("table" <> 'narrative') AS known,
    count(*) FILTER (state = 'number') AS numbers,
    count(*) FILTER (state = 'number' AND "table" <> 'narrative') AS filled,
    count(*) FILTER (state = 'number' AND value IS NULL) AS unvalued,
    count(doubt) AS doubted,
    count(*) FILTER (doubt IS NOT NULL AND coalesce(verdict, '') NOT IN ('as_printed', 'corrected')) AS unsettled,
    count(correction) AS corrected
FROM facts GROUP BY report_no
"""


class Column:
    """The cells of one item: rows of facts, and where the one of each report stands among them."""

    def __init__(self, cells: pa.Table, places: Numbers, reports: int) -> None:
        self.cells = cells
        self._at = np.full(reports, -1, dtype=np.int64)
        shown = np.flatnonzero(places >= 0)[::-1]
        # An item told twice in prose has two facts: the first is the report's own order, so it is written last.
        self._at[places[shown]] = shown

    def __len__(self) -> int:
        return len(self.cells)

    def at(self, places: Numbers) -> Numbers:
        """The row of each of some reports' cells; -1 where a report has none."""
        return self._at[places]

    def taken(self, rows: Numbers) -> pa.Table:
        """These rows, all of nothing where there is none."""
        return self.cells.take(pa.array(rows, mask=rows < 0))


class Facts:
    """The cells of the reports of a version; `numbers` are the reports' rows in their file, in the order of the pages."""

    def __init__(self, folder: Path, numbers: pd.Series[int]) -> None:
        files = {"printed": folder / "facts.parquet", "known": folder / "reports.parquet"}
        self._asked = Asked(files, lambda columns: {"facts": _view(columns["printed"])})
        told = dict.fromkeys((*self._asked.columns["printed"], *MARKS))
        self.columns = tuple(name for name in told if name != NUMBER)
        self._ids, self._numbers = numbers.index, numbers.to_numpy()
        self._places = np.full(int(numbers.max()) + 2 if len(numbers) else 1, -1, dtype="int64")
        self._places[self._numbers] = np.arange(len(numbers))
        self._kept: OrderedDict[Item, Column] = OrderedDict()
        self._lock = Lock()

    def of_items(self, items: Iterable[Item]) -> dict[Item, Column]:
        """The cells of each item, a code and a part ("" outside the request table), by report; shared, not to be changed."""
        wanted = list(dict.fromkeys(items))
        with self._lock:
            found = {item: self._kept[item] for item in wanted if item in self._kept}
        if asked := [item for item in wanted if item not in found]:
            found |= self._of_items(asked)
        with self._lock:
            for item in wanted:
                self._kept[item] = found[item]
                self._kept.move_to_end(item)
            size = sum(map(len, self._kept.values()))
            while size > MOST and len(self._kept) > len(wanted):
                size -= len(self._kept.popitem(last=False)[1])
        return found

    def _of_items(self, asked: list[Item]) -> dict[Item, Column]:
        codes, parts = ([*dict.fromkeys(side)] for side in zip(*asked, strict=True))
        table = self._asked.table(ITEM, codes, parts).combine_chunks()
        places = self._place_of(table[NUMBER].to_numpy())
        # Sorted by item: each is a run of rows.
        one, other = (table[name].to_pandas() for name in ("code", "part"))
        starts = [*np.flatnonzero((one.ne(one.shift()) | other.ne(other.shift())).to_numpy()), len(table)]
        runs = {(one.iat[a], other.iat[a]): (a, b - a) for a, b in pairwise(starts)}
        cells = table.drop_columns(["code", "part", NUMBER])
        found = {item: runs.get(item, (0, 0)) for item in asked}
        return {item: Column(cells.slice(a, n), places[a : a + n], len(self._ids)) for item, (a, n) in found.items()}

    def number(self, report: str) -> int:
        """The row of a report in its file."""
        return int(self._numbers[self._ids.get_loc(report)])

    def of_reports(self, places: np.ndarray) -> pd.DataFrame:
        """The cells of some reports, told by their places here: by report, then as published."""
        numbers = self._numbers[places]
        low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, -1)
        return self._placed(self._asked.rows(SOME, low, high, numbers.tolist()))

    def doubted(self, places: np.ndarray) -> pd.DataFrame:
        """The cells of some reports that carry a doubt."""
        return self._placed(self._asked.rows(DOUBTED, self._numbers[places].tolist()))

    def items(self, places: np.ndarray) -> pd.DataFrame:
        """Which (code, applicant) some reports have, and whether one of them was corrected."""
        return self._asked.rows(ITEMS, self._numbers[places].tolist())

    @cached_property
    def counts(self) -> pd.DataFrame:
        """How many cells a report has, of which kinds: a row a report, by its key, in the order of the pages."""
        found = self._asked.rows(COUNTS)
        found = found.assign(**{PLACE: self._place_of(found[NUMBER].to_numpy(dtype="int64"))}).drop(columns=NUMBER)
        found = found[found[PLACE] >= 0].set_index(PLACE).reindex(range(len(self._ids)), fill_value=0)
        return found.set_axis(self._ids)

    def _placed(self, found: pd.DataFrame) -> pd.DataFrame:
        found = found.assign(**{PLACE: self._place_of(found[NUMBER].to_numpy(dtype="int64"))}).drop(columns=NUMBER)
        found = found.astype({name: "Int64" for name in ("start", "end") if name in found})
        return found[found[PLACE] >= 0].reset_index(drop=True)

    def _place_of(self, numbers: Numbers) -> Numbers:
        return self._places[np.minimum(numbers.astype(np.int64), len(self._places) - 1)]


def _view(columns: list[str]) -> str:
    """The cells with what later versions have: the number of their report, and what somebody decided on them."""
    marks = "".join(f", NULL::{kind} AS {name}" for name, kind in MARKS.items() if name not in columns)
    if NUMBER in columns:
        return f"SELECT *{marks} FROM printed"  # noqa: S608 - names of our own
    numbered = "printed.*, known.file_row_number AS report_no"
    return f"SELECT {numbered}{marks} FROM printed JOIN known USING (report_id)"  # noqa: S608
