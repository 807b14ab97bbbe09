"""A version → a folder and a .zip with everything that a reader of the data needs; the same data and date, the same bytes.

ogi-reports-<version>/
  README.md CITATION.cff datapackage.json SHA256SUMS manifest.json codebook.md codebook.csv
  parquet/<table>.parquet   as published
  csv/<table>.csv           the same
ogi-reports-<version>.zip
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from codebook import book, listing
from codebook.__main__ import page
from loaders import publish
from loaders.errors import Exists
from loaders.release import papers
from loaders.release.described import Json, resource, sha256
from loaders.release.tables import write_csv, write_rows
from loaders.schema import SCHEMAS

LEFT_OUT = {"sources"}  # the texts of the documents: read here, not ours to hand on
TABLES = tuple(name for name in SCHEMAS if name not in LEFT_OUT)
NAME = "ogi-reports"
EPOCH = "SOURCE_DATE_EPOCH"  # what build systems set where a build must not depend on the clock
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}")
EARLIEST = date(1980, 1, 1)  # of a ZIP archive
MODE = 0o100644 << 16


def today() -> date:
    """SOURCE_DATE_EPOCH where it is set, else today in UTC."""
    told = os.environ.get(EPOCH)
    return (datetime.fromtimestamp(int(told), UTC) if told else datetime.now(UTC)).date()


def release(data: Path, out: Path, day: date, version: str = "") -> tuple[Path, Path]:
    """Write the package of a data (or version) folder under `out`; the folder and the archive come back.

    A package that is there already and is the same is left alone. Raises Damaged where the data differ from their
    manifest, Exists where another package has the name, FileNotFoundError, ValueError, OSError.
    """
    source = publish.current(data) if (data / publish.CURRENT).exists() else data
    if not (source / publish.MANIFEST).exists():
        raise FileNotFoundError(f"没有数据版本 · no version of the data: {data}")
    manifest = publish.check(source)
    told: Json = {"version": version or f"{day:%Y.%m.%d}", "date": day.isoformat(), "data_version": source.name}
    if not VERSION.fullmatch(told["version"]) or day < EARLIEST:
        raise ValueError(f"{told['version']} {day}")
    out.mkdir(parents=True, exist_ok=True)
    folder = out / f"{NAME}-{told['version']}"
    archive = folder.with_name(folder.name + ".zip")
    with tempfile.TemporaryDirectory(prefix=".tmp-", dir=out) as work:
        made, packed = Path(work) / folder.name, Path(work) / archive.name
        _write(source, made, manifest, told)
        _zip(made, packed, day)
        _place(made, folder)
        _place(packed, archive)
    return folder, archive


def _write(source: Path, made: Path, manifest: Json, told: Json) -> None:
    (made / "parquet").mkdir(parents=True)
    (made / "csv").mkdir()
    rows, resources = dict[str, int](), list[Json]()
    for name in TABLES:
        parquet, csv = made / "parquet" / f"{name}.parquet", made / "csv" / f"{name}.csv"
        shutil.copyfile(source / f"{name}.parquet", parquet)
        write_csv(parquet, csv)
        rows[name] = pq.read_metadata(parquet).num_rows
        schema = pq.read_schema(parquet)
        resources.append(resource(made, f"csv/{csv.name}", name, name, schema))
        resources.append(resource(made, f"parquet/{parquet.name}", f"{name}-parquet", name, schema))
    write_rows(listing.rows(), listing.COLUMNS, made / "codebook.csv")
    named = pa.schema([pa.field(column, pa.string()) for column in listing.COLUMNS])
    resources.append(resource(made, "codebook.csv", "codebook", "codebook", named))
    shutil.copyfile(source / publish.MANIFEST, made / publish.MANIFEST)
    for name, text in (
        ("codebook.md", page(book())),
        ("README.md", papers.readme(made / "parquet", rows, manifest, told)),
        ("CITATION.cff", papers.citation(told)),
        ("datapackage.json", papers.package(told, resources)),
    ):
        (made / name).write_text(text, encoding="utf-8", newline="\n")
    sums = [f"{sha256(made / name)}  {name}\n" for name in _files(made)]
    (made / "SHA256SUMS").write_text("".join(sums), encoding="utf-8", newline="\n")


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _zip(folder: Path, archive: Path, day: date) -> None:
    """The folder as an archive whose bytes depend on its files and the date only."""
    with zipfile.ZipFile(archive, "w") as packed:
        for name in _files(folder):
            path = folder / name
            entry = zipfile.ZipInfo(f"{folder.name}/{name}", (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, MODE, 3
            entry.file_size = path.stat().st_size
            with path.open("rb") as file, packed.open(entry, "w") as to:
                shutil.copyfileobj(file, to, 1 << 20)


def _place(made: Path, final: Path) -> None:
    """Move what was made to its place. Raises Exists where something else stands there."""
    if not final.exists():
        made.rename(final)
    elif _hashes(made) != _hashes(final):
        raise Exists(f"{final.name} 已存在且内容不同，请换一个版本号 · is there and differs: give another --version")


def _hashes(path: Path) -> dict[str, str]:
    if path.is_file():
        return {"": sha256(path)}
    return {name: sha256(path / name) for name in _files(path)}
