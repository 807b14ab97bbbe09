"""What the dashboard asks of a data set: a report page, a chart's cells and totals, a file of many rows.

The data set is that of a synthetic corpus, or one that OGI_BENCH names (a data folder with CURRENT).
"""

from __future__ import annotations

import io
import os
import random
import statistics
import time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from benchmarks.bars import Bar, Bench, Measured, pairs
from benchmarks.builds import SEED, WORKERS, built
from benchmarks.corpus.writing import write
from dashboard import data, queries
from dashboard.data import Dataset
from dashboard.take.comma import csv
from dashboard.take.table import of_frame

REPORTS, ROWS, VISITS = 2000, 20_000, 200
FLOW = queries.items("received", "carried_in", "handled", "carried_out", applicant="total")


@cache
def _room() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


@cache
def dataset(size: int) -> Dataset:
    """A data set of `size` made reports, or the one that is named."""
    if named := os.environ.get("OGI_BENCH"):
        home = Path(named)
    else:
        corpus, home = Path(_room().name) / f"corpus{size}", Path(_room().name) / f"data{size}"
        write(corpus, 0, size, SEED, "jsonl", WORKERS)
        built([corpus], home, WORKERS)
    return data.read(home / data.current(home))


def report(_: int, size: int) -> Measured:
    """The 95th percentile, in ms, of a report's cells and source text, reports taken at random."""
    one, chance, took = dataset(size or REPORTS), random.Random(1), list[float]()  # noqa: S311
    for _ in range(VISITS):
        place = chance.randrange(len(one.reports))
        started = time.perf_counter()
        one.facts.of_reports(np.array([place]))
        one.source(str(one.reports.index[place]))
        took.append((time.perf_counter() - started) * 1e3)
    took.sort()
    p95 = took[int(0.95 * len(took))]
    return Measured(p95, f"{len(one.reports):,} reports, {VISITS} pages: median {statistics.median(took):.0f} ms")


def chart(rounds: int, size: int) -> Measured:
    """Totals by year of four items with what each stands on, against pandas with the cells in memory."""
    one = dataset(size or REPORTS)
    version = one.folder
    facts = pd.read_parquet(
        version / "facts.parquet", columns=["report_id", "code", "applicant", "state", "value", "doubt"]
    )
    years = pd.read_parquet(version / "reports.parquet", columns=["report_id", "report_year"])
    codes = [code for code, _ in FLOW]

    def ours() -> pd.DataFrame:
        return queries.totals(queries.cells(one, one.reports, FLOW), "year")

    def peer() -> pd.DataFrame:
        rows = facts[facts["code"].isin(codes) & (facts["applicant"] == "total")].merge(years, on="report_id")
        sure = rows[(rows["state"] == "number") & rows["doubt"].isna()]
        return sure.groupby(["report_year", "code"])["value"].sum().reset_index()

    told = {(str(row["group"]), str(row["code"])): float(row["value"]) for row in ours().to_dict("records") if row["n"]}
    asked = {(str(row["report_year"]), str(row["code"])): float(row["value"]) for row in peer().to_dict("records")}
    wrong = sum(told.get(key) != value for key, value in asked.items()) + len(told.keys() - asked.keys())
    ratio, mine, theirs = pairs(ours, peer, rounds)
    return Measured(ratio, f"{len(one.reports):,} reports: {mine * 1e3:.0f} ms, pandas {theirs * 1e3:.0f} ms", wrong)


def rows(rounds: int, size: int) -> Measured:
    """Rows of the panel as CSV with a byte-order mark, against pandas.to_csv of the same frame."""
    panel = pq.read_table(dataset(REPORTS).folder / "panel.parquet").to_pandas()
    texts = {name: panel[name].astype("str") for name in panel if isinstance(panel[name].dtype, pd.CategoricalDtype)}
    frame = pd.concat([panel.assign(**texts)] * (1 + (size or ROWS) // len(panel)), ignore_index=True)[: size or ROWS]
    table = of_frame("panel", frame)
    back = pd.read_csv(io.BytesIO(csv(table)), low_memory=False)
    numeric = [name for name in frame if pd.api.types.is_numeric_dtype(frame[name])]
    wrong = sum(not frame[name].astype("float64").equals(back[name].astype("float64")) for name in numeric)

    def peer() -> None:
        frame.to_csv(index=False, lineterminator="\r\n")

    ratio, mine, theirs = pairs(lambda: csv(table), peer, rounds)
    told = f"{len(frame):,} rows of {len(frame.columns)} columns: {mine:.1f} s, pandas {theirs:.1f} s"
    return Measured(ratio, told, wrong)


REPORT = Bench(Bar("report page: cells and source, p95 in ms", "none", 50), report)
CHART = Bench(Bar("totals of four items by year, with their basis", "pandas with the columns in memory", 0.15), chart)
CSV = Bench(Bar("CSV with byte-order mark of panel rows", "pandas.to_csv", 0.15, 0.05), rows)
