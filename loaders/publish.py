"""Reports → Parquet: an immutable version folder, a manifest, and a pointer that is replaced last.

DIR/CURRENT               one line: versions/<id>
DIR/versions/<id>/        Parquet files and manifest.json; <id> is the hash of the manifest, so that the same
                          input gives the same folder
DIR/.lock                 held while a build runs; the system frees it when the process dies
DIR/versions/.tmp-*       an unfinished build; swept at the next start
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from codebook import book
from codebook.locking import try_lock
from loaders.errors import Busy, Damaged, TooNew
from loaders.schema import BY_REPORT, NUMBER, PARSER_VERSION, SCHEMA_VERSION, SCHEMAS

CURRENT, MANIFEST, VERSIONS, TEMPORARY = "CURRENT", "manifest.json", "versions", ".tmp-"
GROUP, GROUPS = 65_536, {"sources": 1_000, "panel": 16_384}  # rows of a row group: fewer where a row is long
KEPT = 3  # a page may still show the version before the last
_HELD: set[IO[bytes]] = set()


@contextmanager
def locked(folder: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the data folder for one build; Busy when another one still runs after `wait` seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    deadline, told = time.monotonic() + wait, False
    with (folder / ".lock").open("a+b") as handle:
        while not try_lock(handle):
            if time.monotonic() >= deadline:
                raise Busy(f"another build holds {folder}")
            if not told:
                print(f"另一个构建正在进行，等待中 · another build is running in {folder}, waiting", file=sys.stderr)
                told = True
            time.sleep(0.1)
        _HELD.add(handle)
        try:
            yield
        finally:
            _HELD.discard(handle)


def _let_go() -> None:
    """A forked child closes the locks of its parent: were it to outlive the parent, it would hold them on."""
    for handle in _HELD:
        handle.close()
    _HELD.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


class Draft:
    """A version that is being written: table after table, in parts, so that none has to fit in memory."""

    def __init__(self, folder: Path, work: Path) -> None:
        self._folder, self.work = folder, work
        self._tables: dict[str, dict[str, object]] = {}

    def write(self, name: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema | None = None) -> None:
        """One table, from parts of any size; its row groups are all of one size."""
        self._tables[name] = _write(self.path(name), name, batches, schema or SCHEMAS[name])

    def path(self, name: str) -> Path:
        """Where a table stands once it is written."""
        return self.work / f"{name}.parquet"

    def publish(self, decided: str = "") -> Path:
        """Make it the version that CURRENT names. `decided` names the decisions that went into it."""
        for name in SCHEMAS.keys() - self._tables.keys():
            self.write(name, ())
        manifest = _manifest(self._tables, decided)
        _durable(self.work / MANIFEST, manifest)
        _sync(self.work)
        versions = self._folder / VERSIONS
        final = versions / _name(manifest)
        if final.exists() and not _intact(final):
            final.rename(self.work.with_name(self.work.name + "-damaged"))
        if not final.exists():
            self.work.rename(final)
            _sync(versions)
        _point(self._folder, final)
        _prune(versions, final)
        return final


@contextmanager
def draft(folder: Path) -> Iterator[Draft]:
    """A draft of the next version; the caller holds the lock. On any error the last version stands."""
    versions = folder / VERSIONS
    versions.mkdir(parents=True, exist_ok=True)
    _sweep(versions)
    work = versions / f"{TEMPORARY}{os.getpid()}"
    work.mkdir()
    try:
        yield Draft(folder, work)
    finally:
        _sweep(versions)


def _sweep(versions: Path) -> None:
    for leftover in versions.glob(TEMPORARY + "*"):
        shutil.rmtree(leftover, ignore_errors=True)


def current(folder: Path) -> Path:
    """The version folder that CURRENT names; FileNotFoundError where nothing was published."""
    try:
        return folder / (folder / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        told = (
            f"没有已发布的数据，先运行 build · nothing is published here, run `python -m loaders build` first: {folder}"
        )
        raise FileNotFoundError(told) from None


def check(version: Path) -> dict[str, object]:
    """The manifest, after every file was compared with it. Raises Damaged with the name of what differs, TooNew where
    newer code wrote it."""
    try:
        content = (version / MANIFEST).read_bytes()
        if _name(content) != version.name:
            raise Damaged(f"{MANIFEST} differs from the name of its folder {version.name}")
        manifest: dict[str, dict[str, dict[str, object]]] = json.loads(content)
        expected = {MANIFEST, *(f"{name}.parquet" for name in manifest["tables"])}
        if strangers := {path.name for path in version.iterdir()} - expected:
            raise Damaged(f"{version.name} holds files that its manifest does not: {', '.join(sorted(strangers))}")
        for name, table in manifest["tables"].items():
            if _sha256(version / f"{name}.parquet") != table["sha256"]:
                raise Damaged(f"{name}.parquet differs from the manifest of {version.name}")
        structure = int(str(manifest.get("schema_version", SCHEMA_VERSION)))
    except (OSError, ValueError, KeyError) as error:
        raise Damaged(f"{version.name}: {error}") from error
    if structure > SCHEMA_VERSION:
        told = f"由更新的代码写成，请先升级 · written by newer code, upgrade first: {version.name} (schema {structure})"
        raise TooNew(told)
    return dict(manifest)


def _name(manifest: bytes) -> str:
    return hashlib.sha256(manifest).hexdigest()[:16]


def rows_of(name: str, rows: list[dict[str, object]]) -> list[pa.RecordBatch]:
    """Rows as parts of a table."""
    batches: list[pa.RecordBatch] = pa.Table.from_pylist(rows, schema=SCHEMAS[name]).to_batches()
    return batches


def _write(path: Path, name: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> dict[str, object]:
    rows = 0
    ordered = [pq.SortingColumn(schema.get_field_index(NUMBER))] if name in BY_REPORT else None
    with pq.ParquetWriter(
        path, schema, compression="zstd", write_page_checksum=True, sorting_columns=ordered
    ) as writer:
        for group in _groups(batches, schema, GROUPS.get(name, GROUP)):
            writer.write_table(group, row_group_size=max(1, len(group)))
            rows += len(group)
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())
    return {"rows": rows, "sha256": _sha256(path)}


def _groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema, size: int) -> Iterator[pa.Table]:
    """The rows in parts of exactly this size, but for the last."""
    waiting, rows = list[pa.Table](), 0
    for batch in batches:
        waiting.append(pa.Table.from_batches([batch]).select(schema.names).cast(schema))
        rows += len(batch)
        while rows >= size:
            whole = pa.concat_tables(waiting)
            yield whole.slice(0, size)
            waiting, rows = [whole.slice(size)], rows - size
    if rows:
        yield pa.concat_tables(waiting)


def _manifest(tables: dict[str, dict[str, object]], decided: str) -> bytes:
    content = {
        "schema_version": SCHEMA_VERSION,
        "parser_version": PARSER_VERSION,
        "codebook_version": book().version,
        "decisions_version": decided,
        "tables": tables,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _point(folder: Path, version: Path) -> None:
    work = folder / f"{CURRENT}.tmp"
    _durable(work, f"{VERSIONS}/{version.name}\n".encode())
    work.replace(folder / CURRENT)
    _sync(folder)


def _durable(path: Path, data: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def _sync(folder: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _intact(version: Path) -> bool:
    try:
        check(version)
    except Damaged:
        return False
    return True


def _prune(versions: Path, kept: Path) -> None:
    """Keep the version just published and the ones before it that a page may still hold open."""
    others = sorted((p for p in versions.iterdir() if p.is_dir() and p != kept), key=lambda p: p.stat().st_mtime)
    for version in others[: max(0, len(others) - KEPT + 1)]:
        shutil.rmtree(version, ignore_errors=True)
