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
import pandas as pd

from dashboard.asking import Asked

Item = tuple[str, str]
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
        self._kept: OrderedDict[Item, pd.DataFrame] = OrderedDict()
        self._lock = Lock()

    def of_items(self, items: Iterable[Item]) -> dict[Item, pd.DataFrame]:
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

    def _of_items(self, asked: list[Item]) -> dict[Item, pd.DataFrame]:
        codes, parts = ([*dict.fromkeys(side)] for side in zip(*asked, strict=True))
        rows = self._placed(self._asked.rows(ITEM, codes, parts))
        # Sorted by item: each is a run of rows.
        new = rows["code"].ne(rows["code"].shift()) | rows["part"].ne(rows["part"].shift())
        starts = [*np.flatnonzero(new.to_numpy()), len(rows)]
        runs = {(rows["code"].iat[a], rows["part"].iat[a]): slice(a, b) for a, b in pairwise(starts)}
        cells = rows.drop(columns=["code", "part"])
        return {item: cells.iloc[runs.get(item, slice(0, 0))].reset_index(drop=True) for item in asked}

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
        found = found.assign(**{PLACE: self._place_of(found[NUMBER])}).drop(columns=NUMBER)
        found = found[found[PLACE] >= 0].set_index(PLACE).reindex(range(len(self._ids)), fill_value=0)
        return found.set_axis(self._ids)

    def _placed(self, found: pd.DataFrame) -> pd.DataFrame:
        found = found.assign(**{PLACE: self._place_of(found[NUMBER])}).drop(columns=NUMBER)
        found = found.astype({name: "Int64" for name in ("start", "end") if name in found})
        return found[found[PLACE] >= 0].reset_index(drop=True)

    def _place_of(self, numbers: pd.Series[int]) -> np.ndarray:
        return self._places[np.minimum(numbers.to_numpy(dtype="int64"), len(self._places) - 1)]


def _view(columns: list[str]) -> str:
    """The cells with what later versions have: the number of their report, and what somebody decided on them."""
    marks = "".join(f", NULL::{kind} AS {name}" for name, kind in MARKS.items() if name not in columns)
    if NUMBER in columns:
        return f"SELECT *{marks} FROM printed"  # noqa: S608 - names of our own
    numbered = "printed.*, known.file_row_number AS report_no"
    return f"SELECT {numbered}{marks} FROM printed JOIN known USING (report_id)"  # noqa: S608
