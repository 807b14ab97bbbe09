"""A version on disk, table by table: its reports at once, everything else as the rows of one report after another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from loaders import publish
from loaders.errors import Damaged
from loaders.schema import SCHEMAS

COMPARED = ("reports", "tables", "facts", "findings", "quarantine")
FURTHER = ("checks", "suggestions", "copies")
BATCH = 65_536  # rows at a time
Row = dict[str, Any]
Pair = tuple[str, pa.Table | None, pa.Table | None]


def opened(folder: Path) -> Path:
    """The folder with the Parquet files: what CURRENT of a data folder names, or the folder itself.

    Raises FileNotFoundError where no version is there, Damaged where a file differs from the manifest beside it.
    """
    version = publish.current(folder) if (folder / publish.CURRENT).exists() else folder
    missing = [name for name in COMPARED if not (version / f"{name}.parquet").is_file()]
    if missing:
        raise FileNotFoundError(f"没有数据版本 · no version of the data: {folder}（{missing[0]}.parquet）")
    if (version / publish.MANIFEST).exists():
        _check(version)
    return version


def _check(version: Path) -> None:
    """Only the tables compared, and not the folder's name: a version may have been copied, without its sources."""
    try:
        listed = json.loads((version / publish.MANIFEST).read_bytes())["tables"]
        expected = {name: listed[name]["sha256"] for name in (*COMPARED, *(set(FURTHER) & set(listed)))}
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{version / publish.MANIFEST}: {error}") from error
    for name, digest in expected.items():
        with (version / f"{name}.parquet").open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise Damaged(f"{name}.parquet differs from the manifest of {version.name}")


def is_there(version: Path, name: str) -> bool:
    """Whether a version has a table: older ones lack some."""
    return (version / f"{name}.parquet").is_file()


def has(version: Path, column: str) -> bool:
    """Whether the reports of a version have a column: older ones lack some, which is no difference."""
    return column in pq.read_schema(version / "reports.parquet").names


def rows(version: Path, name: str, columns: Sequence[str]) -> list[Row]:
    """A whole table as rows; a column that an older version lacks is None throughout."""
    found: list[Row] = _whole(pq.read_table(version / f"{name}.parquet"), name, columns).to_pylist()
    return found


def by_report(version: Path, name: str, columns: Sequence[str]) -> Iterator[tuple[str, pa.Table]]:
    """The rows of one report after another, in the order of the file.

    Raises Damaged where the rows of a report do not stand together: half of them would pass for all.
    """
    seen, parts, current = set[str](), list[pa.RecordBatch](), ""
    for report, part in _runs(version / f"{name}.parquet", {"report_id", *columns}):
        if parts and report != current:
            yield current, _whole(pa.Table.from_batches(parts), name, columns)
            parts = []
        if not parts and report in seen:
            raise Damaged(f"{name}.parquet: the rows of {report} do not stand together")
        seen.add(report)
        current = report
        parts.append(part)
    if parts:
        yield current, _whole(pa.Table.from_batches(parts), name, columns)


def _runs(path: Path, columns: set[str]) -> Iterator[tuple[str, pa.RecordBatch]]:
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        wanted = [name for name in file.schema_arrow.names if name in columns]
        for batch in file.iter_batches(batch_size=BATCH, columns=wanted, use_threads=False):
            runs, start = pc.run_end_encode(batch.column("report_id")), 0
            for report, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
                yield report, batch.slice(start, end - start)
                start = end


def _whole(table: pa.Table, name: str, columns: Sequence[str]) -> pa.Table:
    for column in columns:
        if column not in table.column_names:
            nothing = pa.nulls(len(table), SCHEMAS[name].field(column).type)
            table = table.append_column(column, nothing)
    return table.select(list(columns))


def together(
    old: Iterable[tuple[str, pa.Table]], new: Iterable[tuple[str, pa.Table]], mates: Mapping[str, str]
) -> Iterator[Pair]:
    """The rows of the same report on both sides (old id, old, new; None for no rows); `mates` maps new ids to old.

    Reports of one side only are passed over. Sides in the same order need no more memory than a few reports.
    """
    mine, theirs = iter(old), iter(new)
    known, early, late = set(mates.values()), dict[str, pa.Table](), dict[str, pa.Table]()
    before, after = next(mine, None), next(theirs, None)
    while before or after:
        if before and (report := before[0]) in known:
            if report in late:
                yield report, before[1], late.pop(report)
            else:
                early[report] = before[1]
        if after and (mate := mates.get(after[0])):
            if mate in early:
                yield mate, early.pop(mate), after[1]
            else:
                late[mate] = after[1]
        before, after = next(mine, None), next(theirs, None)
    yield from ((report, table, None) for report, table in early.items())
    yield from ((report, None, table) for report, table in late.items())
