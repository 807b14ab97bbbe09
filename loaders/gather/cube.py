"""cube.parquet: counts and sums by year, province, level, type, form and item: what charts over all reports are made of.

`reports` have the cell on their form, or tell it; of them `n` have a number without doubt, whose sum is `value`, from so
many `agencies` that are known; `doubtful` and `doubtful_value` are numbers with a doubt that nobody settled; `unvalued`
are amounts in an unknown unit; then blank, dash, text and unread. Only reports that count are in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from loaders.gather.panel import DOUBTFUL, NUMBERED, STATES, UNITS, Block, Items
from loaders.schema import NUMBER

BY = ("report_year", "province", "agency_level", "agency_type", "form")
COUNTS = ("n", "doubtful", "unvalued", "blank", "dash", "text", "unread")  # in the order of STATES
TEXT, INT, REAL = pa.string(), pa.int64(), pa.float64()
SCHEMA = pa.schema(
    {
        "report_year": INT, **dict.fromkeys((*BY[1:], "code", "applicant", "unit_source"), TEXT),
        "reports": INT, "agencies": INT, "value": REAL, "doubtful_value": REAL, **dict.fromkeys(COUNTS, INT),
    }
)  # fmt: skip
PARTS = SCHEMA.append(pa.field("part", INT))
SUMMED = """
SELECT report_year, province, agency_level, agency_type, form, code, applicant, unit_source,
    sum(reports)::BIGINT AS reports, sum(agencies)::BIGINT AS agencies, sum(value ORDER BY part) AS value,
    sum(doubtful_value ORDER BY part) AS doubtful_value, sum(n)::BIGINT AS n, sum(doubtful)::BIGINT AS doubtful,
    sum(unvalued)::BIGINT AS unvalued, sum(blank)::BIGINT AS blank, sum(dash)::BIGINT AS dash,
    sum("text")::BIGINT AS "text", sum(unread)::BIGINT AS unread
FROM parts GROUP BY ALL
ORDER BY code, applicant, unit_source, report_year, province, agency_level, agency_type, form
"""
Numbers = npt.NDArray[Any]


def parts(items: Items, block: Block) -> pa.Table:
    """The rows of the cube that a block of the panel comes to; SUMMED adds those of several blocks, in their order:
    sums of broken numbers depend on it."""
    held = np.flatnonzero(np.asarray(block.reports["is_current"]))
    keys = pa.Table.from_batches([block.reports]).select(list(BY)).take(pa.array(held))
    group, groups = _grouped(keys)
    known = np.asarray(pc.is_valid(block.reports["agency_id"]))[held]
    place = {n: at for at, n in enumerate(items.money)}
    found = list[pa.Table]()
    for n, (code, applicant) in enumerate(items.all):
        unit = block.units[held, place[n]] + 1 if n in place else np.zeros(len(held), dtype=np.int64)
        cell = group * (len(UNITS) + 1) + unit
        counted = _counted(cell, len(groups) * (len(UNITS) + 1), block.states[held, n], block.values[held, n], known)
        at = np.flatnonzero(counted[0])
        if len(at):
            found.append(_rows(groups.take(pa.array(at // (len(UNITS) + 1))), at, counted, code, applicant))
    whole = pa.concat_tables(found) if found else SCHEMA.empty_table()
    first = block.reports[NUMBER][0].as_py() if len(block.reports) else 0
    return whole.append_column(PARTS.field("part"), pa.array([first] * len(whole), INT))


def _grouped(keys: pa.Table) -> tuple[npt.NDArray[np.int64], pa.Table]:
    """A number for each row, and what it stands for."""
    numbered = keys.append_column("row", pa.array(np.arange(len(keys))))
    groups = numbered.group_by(list(BY), use_threads=False).aggregate([("row", "list")]).combine_chunks()
    group = np.empty(len(keys), dtype=np.int64)
    for n, rows in enumerate(groups["row_list"].to_pylist()):
        group[rows] = n
    return group, groups.select(list(BY))


def _counted(
    cell: npt.NDArray[np.int64], cells: int, state: npt.NDArray[np.int8], value: Numbers, known: npt.NDArray[np.bool_]
) -> list[Numbers]:
    """By cell: reports, agencies, value, doubtful value, then each of COUNTS."""
    there, sure, doubtful = state >= 0, state == NUMBERED, state == DOUBTFUL
    each = [np.bincount(cell[state == n], minlength=cells) for n in range(len(STATES))]
    return [
        np.bincount(cell[there], minlength=cells),
        np.bincount(cell[sure & known], minlength=cells),
        *(np.bincount(cell[some], weights=value[some], minlength=cells) for some in (sure, doubtful)),
        *each,
    ]


def _rows(groups: pa.Table, at: npt.NDArray[np.int64], counted: list[Numbers], code: str, applicant: str) -> pa.Table:
    unit = at % (len(UNITS) + 1) - 1
    told: dict[str, pa.Array] = {name: groups[name] for name in BY}
    told |= {"code": pa.array([code] * len(at), TEXT), "applicant": pa.array([applicant or None] * len(at), TEXT)}
    told["unit_source"] = pa.array(UNITS, TEXT).take(pa.array(unit, mask=unit < 0))
    for name, column in zip(SCHEMA.names[8:], counted, strict=True):
        told[name] = pa.array(column[at]).cast(SCHEMA.field(name).type)
    # A sum of nothing is no zero.
    for name, of in (("value", "n"), ("doubtful_value", "doubtful")):
        told[name] = pc.if_else(pc.equal(told[of], 0), pa.scalar(None, REAL), told[name])
    return pa.table([told[name] for name in SCHEMA.names], schema=SCHEMA)
