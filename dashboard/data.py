"""The published data: which version is current, whether its files are whole, and their tables.

Damaged         the data cannot be shown; `key` names the sentence that says why
└─ Missing      there is nothing published here yet
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import streamlit as st

from dashboard.asking import GoneError
from dashboard.facts import NUMBER, Facts
from dashboard.regions import with_keys
from dashboard.selection import FILTERS

ROOT = Path(__file__).resolve().parents[1]
DEFAULT = Path("data/published")
NEEDED = {
    "reports": ("report_id", "title", "agency", "agency_id", "province", "report_year", "form", "status"),
    "tables": ("report_id", "table", "status", "cells", "reason"),
    "facts": ("report_id", "table", "code", "applicant", "state", "value", "unit_source", "raw", "doubt"),
    "labels": ("label_raw", "code"),
    "findings": ("report_id", "check_id", "severity", "message"),
    "quarantine": ("source_name", "reason"),
}
# What versions published before there were decisions lack: tables, and columns of the tables above.
LATER = {
    "labels": ("scope", "form", "match", "score", "runner_up", "runner_up_score", "reports"),
    "sightings": ("report_id", "scope", "axis", "label_raw", "start", "end"),
    "verdicts": ("report_id", "kind", "table", "code", "applicant", "raw", "stands", "reason", "author", "date"),
    "corrections": ("report_id", "table", "code", "applicant", "raw", "before", "after", "applied"),
}
MARKS = {
    "findings": ("verdict", "codes", "actual", "expected"),
    "tables": ("verdict", "detail"),
    "labels": ("axis", "decision", "author", "date"),
}

TRIES = 10  # versions that may be published while one is opened
SCHEMA = 1  # the newest structure of the tables that is known here: schema_version of the manifest
FACTS = "facts"  # asked for, never held
WHOLE = ("report_year", "start", "end")


class DamagedError(Exception):
    """The data cannot be shown; `key` and `values` make the sentence in texts.toml."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key, self.values = key, values


class MissingError(DamagedError):
    """Nothing is published here yet."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """One version of the data; tables as in the contract, reports with filter keys beside the names."""

    version: str
    folder: Path
    manifest: dict[str, Any]
    reports: pd.DataFrame
    tables: pd.DataFrame
    facts: Facts
    findings: pd.DataFrame
    quarantine: pd.DataFrame
    labels: pd.DataFrame
    sightings: pd.DataFrame
    verdicts: pd.DataFrame
    corrections: pd.DataFrame
    damage: DamagedError | None = None  # of the current version, where this one is shown in its stead
    private: bool = False  # a visitor's own uploads: kept in no cache that others share

    @cached_property
    def keys(self) -> dict[str, pd.Categorical]:
        """The filter keys of all reports by name, in their order: what many cells share is kept once."""
        return {f"{by}_key": pd.Categorical(self.reports[f"{by}_key"]) for by in FILTERS}

    def places(self, reports: pd.Index[str]) -> np.ndarray:
        """Where reports stand among all."""
        return self.reports.index.get_indexer(reports)

    def source(self, report_id: str) -> str | None:
        """The decoded source text of a report, or None where the publisher kept none."""
        path = self.folder / "sources.parquet"
        if not path.exists():
            return None
        wanted: list[tuple[str, str, object]] = [("report_id", "=", report_id)]
        if NUMBER in pq.read_schema(path).names and report_id in self.reports.index:
            wanted.append((NUMBER, "=", self.facts.number(report_id)))  # its bounds leave out all other row groups
        rows = pq.read_table(path, columns=["text"], filters=wanted).column("text")
        return str(rows[0]) if len(rows) and rows[0].is_valid else None

    @cached_property
    def regions(self) -> pd.DataFrame:
        """The divisions with their pinyin, one row each."""
        return self._more("regions", ("code", "pinyin", "initials", "province", "city", "county", "last_year"))

    @cached_property
    def suggestions(self) -> pd.DataFrame:
        """What would mend failing sums, a row a cell."""
        columns = ("report_id", "table", "part", "set_no", "code", "applicant", "printed", "suggested", "reason")
        return self._more("suggestions", columns)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """How often each rule held and failed, a row a report and rule."""
        return self._more("checks", ("report_id", "passed", "passed_blank_as_zero", "failed"))

    @cached_property
    def copies(self) -> pd.DataFrame:
        """The shares of each report's prose that stand in others, a row a report."""
        return self._more("copies", ("report_id", "prose_previous", "prose_nearest"))

    def _more(self, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
        """A table that few pages ask for; without rows where the data set was published without it."""
        path = self.folder / f"{name}.parquet"
        return (
            pd.read_parquet(path, columns=list(columns)) if path.exists() else pd.DataFrame(columns=pd.Index(columns))
        )

    @cached_property
    def synthetic(self) -> int:
        """How many reports are made up (for tests and demonstrations)."""
        return int(self.reports["synthetic"].fillna(False).sum()) if "synthetic" in self.reports else 0


def home() -> Path:
    """The folder that holds CURRENT: OGI_DATA, or data/published; relative to the repository."""
    return ROOT / Path(os.environ.get("OGI_DATA") or DEFAULT)


def current(folder: Path) -> str:
    """The path, relative to `folder`, of the version that CURRENT names. Raises MissingError or DamagedError."""
    try:
        name = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise MissingError("data.nothing") from None
    if not name or not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise DamagedError("data.pointer", name=name)
    return name


def load(folder: Path) -> Dataset:
    """The current version, checked before it is used and again when one of its files is touched; where it is damaged
    the newest other version that is whole, with the damage told. Raises DamagedError where there is none."""
    found, name = _newest(folder)
    if isinstance(found, Dataset):
        return found
    for other in _others(folder, name):
        whole = _opened(str(folder), other, _stamp(folder / other))
        if isinstance(whole, Dataset):
            return replace(whole, damage=found)
    raise found


def _newest(folder: Path) -> tuple[Dataset | DamagedError, str]:
    """The current version; where it went while it was opened, the one that took its place."""
    name = current(folder)
    found = _opened(str(folder), name, _stamp(folder / name))
    for _ in range(TRIES):
        if isinstance(found, Dataset) or (newer := current(folder)) == name:
            break
        name = newer
        found = _opened(str(folder), name, _stamp(folder / name))
    return found, name


def _others(folder: Path, name: str) -> list[str]:
    """Other versions beside one, the newest first."""
    home = (folder / name).parent
    beside = (
        [path for path in home.iterdir() if path.is_dir() and not path.name.startswith(".")] if home.is_dir() else []
    )
    beside.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    return [str(path.relative_to(folder)) for path in beside if path != folder / name]


def _stamp(folder: Path) -> str:
    """Changes whenever a file of a version does."""
    files = sorted(folder.glob("*.*")) if folder.is_dir() else []
    return " ".join(f"{path.name}:{told.st_mtime_ns}:{told.st_size}" for path in files for told in [path.stat()])


@st.cache_resource(max_entries=3, show_spinner=False)
def _opened(folder: str, name: str, stamp: str) -> Dataset | DamagedError:
    try:
        return read(Path(folder) / name)
    except DamagedError as damage:
        return damage
    except (GoneError, OSError) as error:
        return DamagedError("data.file", name=Path(getattr(error, "filename", None) or "").name or "…")


def read(folder: Path) -> Dataset:
    """One version folder as a Dataset. Raises DamagedError where a file is missing, altered or lacks a column."""
    if not (folder / "manifest.json").exists():
        raise DamagedError("data.file", name="manifest.json")
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        listed = {name: (entry["rows"], entry["sha256"]) for name, entry in manifest["tables"].items()}
        structure = int(manifest.get("schema_version", SCHEMA))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DamagedError("data.manifest") from None
    if structure > SCHEMA:
        raise DamagedError("data.newer", schema=structure)
    for name in NEEDED.keys() - listed.keys():
        raise DamagedError("data.file", name=f"{name}.parquet")
    for name, (_, digest) in listed.items():
        _check(folder / f"{name}.parquet", digest)
    held = [name for name in listed if (name in NEEDED or name in LATER) and name != FACTS]
    tables = {name: _table(folder, name, listed[name][0]) for name in held}
    _shape(folder, FACTS, listed[FACTS][0])
    tables |= {name: pd.DataFrame(columns=pd.Index(LATER[name])) for name in LATER.keys() - tables.keys()}
    for name, marks in MARKS.items():
        for mark in marks:
            if mark not in tables[name]:
                tables[name][mark] = None
    tables["reports"][NUMBER] = range(len(tables["reports"]))
    reports = with_keys(_shown(tables["reports"]))
    numbers = reports.pop(NUMBER)
    return Dataset(
        version=str(manifest.get("version", folder.name)),
        folder=folder,
        manifest=manifest,
        reports=reports,
        tables=tables["tables"],
        facts=Facts(folder, numbers),
        findings=tables["findings"],
        quarantine=tables["quarantine"],
        labels=tables["labels"],
        sightings=tables["sightings"],
        verdicts=tables["verdicts"],
        corrections=tables["corrections"],
    )


def _check(path: Path, digest: str) -> None:
    if not path.exists():
        raise DamagedError("data.file", name=path.name)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != digest:
            raise DamagedError("data.altered", name=path.name)


def _table(folder: Path, name: str, rows: int) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(folder / f"{name}.parquet")
    except (OSError, ValueError):
        raise DamagedError("data.altered", name=f"{name}.parquet") from None
    _shape(folder, name, rows)
    # Whole numbers that may be missing: pandas would read them as 2019.0.
    return frame.astype({column: "Int64" for column in WHOLE if column in frame})


def _shape(folder: Path, name: str, rows: int) -> None:
    """Raises DamagedError where a file lacks a column or has another number of rows than the manifest says."""
    try:
        told = pq.read_metadata(folder / f"{name}.parquet")
    except (OSError, ValueError):
        raise DamagedError("data.altered", name=f"{name}.parquet") from None
    known = set(told.schema.to_arrow_schema().names)
    lacking = [column for column in NEEDED.get(name, ()) if column not in known]
    if lacking:
        raise DamagedError("data.column", name=f"{name}.parquet", column=", ".join(lacking))
    if told.num_rows != rows:
        raise DamagedError("data.rows", name=f"{name}.parquet", rows=rows, found=told.num_rows)


def _shown(reports: pd.DataFrame) -> pd.DataFrame:
    # A superseded edition of a report stays in the data for the record; pages count the current one.
    return reports[reports["is_current"].fillna(True).astype(bool)] if "is_current" in reports else reports
