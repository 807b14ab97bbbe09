"""A corpus on disk: documents in folders or row by row, an index that marks them synthetic, and the truth apart."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.corpus.bodies import Bodies
from benchmarks.corpus.reports import Made, made
from codebook import book

ROWS, FILES = 2000, 500  # reports of a JSONL file or of a folder
DOCUMENTS, TRUTH = "documents", "truth"
KINDS = ("jsonl", "files")
TRUE = pa.schema(
    [
        ("source", pa.string()),
        ("table", pa.string()),
        ("code", pa.string()),
        ("applicant", pa.string()),
        ("state", pa.string()),
        ("value", pa.float64()),
        ("layout", pa.string()),
        ("damage", pa.string()),
    ]
)


def write(out: Path, first: int, count: int, seed: int, kind: str, workers: int) -> int:
    """Write reports `first` … `first + count - 1` below `out`; gives how many. The same arguments, the same bytes."""
    size = ROWS if kind == "jsonl" else FILES
    for folder in (DOCUMENTS, TRUTH):
        (out / folder).mkdir(parents=True, exist_ok=True)
    starts = range(first, first + count, size)
    counts = [min(size, first + count - start) for start in starts]
    make = partial(_lines if kind == "jsonl" else _files, out, seed)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        names = list(pool.map(make, starts, counts))
    if kind == "jsonl":
        _index(out / DOCUMENTS, ((name, "") for name in names))
    return count


def _lines(out: Path, seed: int, first: int, count: int) -> str:
    """One JSONL file; Word files can't stand in it and are left to folders."""
    name = f"synthetic-{first:08}.jsonl"
    rows, truth = list[str](), list[dict[str, object]]()
    reports = (one for one in made(Bodies(seed), first, count) if one.container != "docx")
    for line, one in enumerate(reports, start=1):
        body = {"html" if one.container == "html" else "text": one.document}
        told = {"url": one.url, "date": one.day, "title": one.title}
        rows.append(json.dumps(body | told, ensure_ascii=False))
        truth += _true(one, f"{name}#{line}")
    (out / DOCUMENTS / name).write_text("\n".join([*rows, ""]), encoding="utf-8", newline="\n")
    _store(out / TRUTH / f"{first:08}.parquet", truth)
    return name


def _files(out: Path, seed: int, first: int, count: int) -> str:
    """A folder of documents with their index."""
    folder = out / DOCUMENTS / f"synthetic-{first:08}"
    folder.mkdir(parents=True, exist_ok=True)
    endings = {"text": "txt", "html": "html", "docx": "docx"}
    listed, truth = list[tuple[str, str]](), list[dict[str, object]]()
    for one in made(Bodies(seed), first, count):
        name = f"synthetic-{one.number:08}.{endings[one.container]}"
        data = one.document if isinstance(one.document, bytes) else one.document.encode()
        (folder / name).write_bytes(data)
        listed.append((name, one.url))
        truth += _true(one, name)
    _index(folder, listed)
    _store(out / TRUTH / f"{first:08}.parquet", truth)
    return folder.name


def _index(folder: Path, listed: Iterable[tuple[str, str]]) -> None:
    with (folder / "index.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("file", "source_url", "synthetic"))
        writer.writerows((name, url, "yes") for name, url in listed)


def _true(one: Made, source: str) -> Iterator[dict[str, object]]:
    known = book().measures
    for ((code, applicant), cell), damage in zip(one.truth.items(), repeat(one.damage)):
        yield {
            "source": source,
            "table": known[code].table,
            "code": code,
            "applicant": applicant,
            "state": cell.state,
            "value": cell.value,
            "layout": one.layout,
            "damage": damage,
        }


def _store(path: Path, rows: list[dict[str, object]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows, schema=TRUE), path, compression="zstd")
