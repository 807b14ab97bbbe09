"""What people decided after a look, as rows of CSV that every build reads again.

aliases.csv      a printed label of a table → the row or column that it names, or "-": none of this table's
verdicts.csv     a cell, a refused table or a finding → printed so, misread, an error of the source
corrections.csv  a cell as printed → what it should say
places.csv       a document, or all reports of an agency → where it is

Every row says who decided, when and why. Of two rows on one thing the later date counts, of one date the later row.
A file's header tells what it holds, so that its name does not matter. A row that can't be meant is an error that
names file and line: a decision is never passed over in silence.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field, fields
from datetime import date
from pathlib import Path

from codebook.book import book
from codebook.spreadsheet import printed

ROOT = Path(__file__).resolve().parent.parent
VARIABLE, HOME = "OGI_DECISIONS", Path("data/decisions")
NO_NAME = "-"
AXES = ("row", "column")
VERDICTS = ("as_printed", "misread", "source_error")
STATES = ("number", "blank", "dash", "text")
PLACED = ("adcode", "township")
SIGNATURE = ("reason", "author", "date")
SHA256, CHECK, DAY = re.compile(r"[0-9a-f]{64}"), re.compile(r"[A-Z][A-Z0-9_.-]*"), re.compile(r"\d{4}-\d\d-\d\d")
Row = dict[str, str]


class BadDecision(ValueError):
    """A row that can't be what somebody decided; says file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A label and what it names in its table; `key` "-": nothing, it is not to be proposed again."""

    table: str
    axis: str
    alias: str
    key: str
    reason: str
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a doubt comes to. `kind` cell: table, code, applicant and raw tell it; table: table and check_id, the
    reason of its refusal; finding: check_id, codes and raw, what the check found or said ("" for whatever it found)."""

    kind: str
    source_sha256: str
    table: str
    code: str
    applicant: str
    raw: str
    check_id: str
    codes: str
    verdict: str
    reason: str
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What a cell that prints `raw` should say: a state, and for a number its value (money in yuan)."""

    source_sha256: str
    table: str
    code: str
    applicant: str
    raw: str
    state: str
    value: float | None
    reason: str
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document (source_sha256) or all reports of an agency (agency_id) belong: `field` adcode or township."""

    source_sha256: str
    agency_id: str
    field: str
    value: str
    author: str
    date: str
    reason: str


Decision = Alias | Verdict | Correction | Place
FILES: dict[type[Decision], str] = {
    Alias: "aliases.csv",
    Verdict: "verdicts.csv",
    Correction: "corrections.csv",
    Place: "places.csv",
}


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions, the ones that count last; `version` is a hash of them, "" where there is none."""

    aliases: tuple[Alias, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    corrections: tuple[Correction, ...] = ()
    places: tuple[Place, ...] = ()
    version: str = field(default="", compare=False)


def home() -> Path:
    """Where decisions are kept: OGI_DECISIONS, or data/decisions; relative to the project."""
    return ROOT / (os.environ.get(VARIABLE) or HOME)


def read(paths: Iterable[Path]) -> Decisions:
    """The decisions of files, and of all CSV files in folders. Raises BadDecision, FileNotFoundError, OSError."""
    found: list[Decision] = []
    for path in paths:
        for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
            found += parse(file.read_bytes(), file.name)
    found.sort(key=lambda one: one.date)
    told = json.dumps([[type(one).__name__, *astuple(one)] for one in found], ensure_ascii=False)
    return Decisions(
        tuple(one for one in found if isinstance(one, Alias)),
        tuple(one for one in found if isinstance(one, Verdict)),
        tuple(one for one in found if isinstance(one, Correction)),
        tuple(one for one in found if isinstance(one, Place)),
        hashlib.sha256(told.encode()).hexdigest()[:12] if found else "",
    )


def parse(content: bytes, name: str, signed: bool = True) -> list[Decision]:
    """The rows of one file. `signed`: each must say who, when and why. Raises BadDecision."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadDecision(f"{name}: 不是 UTF-8 · not UTF-8 ({error.start})") from None
    kind: type[Decision] | None = None
    names: list[str] = []
    found: list[Decision] = []
    for line, cells in _lines(text, name):
        try:
            if kind is None:
                kind = _kind(cells)
                names = cells
                continue
            if len(cells) != len(names):
                raise ValueError(f"{len(cells)} 格，应为 {len(names)} 格 · cells, not as many as the header")
            found.append(_made(kind, dict(zip(names, map(printed, cells), strict=True)), signed))
        except ValueError as error:
            raise BadDecision(f"{name}, 第 {line} 行 · line {line}: {error}") from None
    return found


def _lines(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BadDecision(f"{name}, 第 {line} 行 · line {line}: {error}") from None
        if cells is None:
            return
        if cells:
            yield line, cells


def _kind(header: list[str]) -> type[Decision]:
    for kind in FILES:
        if sorted(header) == sorted(one.name for one in fields(kind)):
            return kind
    wanted = " | ".join(",".join(one.name for one in fields(kind)) for kind in FILES)
    raise ValueError(f"表头应为 · the header should be {wanted}")


def _made(kind: type[Decision], row: Row, signed: bool) -> Decision:
    if signed and not all(row[name].strip() for name in SIGNATURE):
        raise ValueError("缺少人、日期或理由 · says not who, when and why")
    if (signed or row["date"]) and not _is_day(row["date"]):
        raise ValueError(f"日期应为年-月-日 · the date is no year-month-day: {row['date']!r}")
    if kind is Alias:
        return _alias(row)
    if kind is Place:
        return _place(row)
    if not SHA256.fullmatch(row["source_sha256"]):
        raise ValueError("source_sha256 应为 64 位十六进制 · is no SHA-256")
    return _verdict(row) if kind is Verdict else _correction(row)


def _is_day(text: str) -> bool:
    try:
        return bool(DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _alias(row: Row) -> Alias:
    known = keys(row["table"], row["axis"])
    if not known:
        raise ValueError(f"代码本里没有这张表的行或列 · no rows or columns of: {row['table']!r}, {row['axis']!r}")
    if row["key"] != NO_NAME and row["key"] not in known:
        raise ValueError(f"表 {row['table']} 没有 {row['key']!r} · no such {row['axis']} in this table")
    text = squeezed(row["alias"])
    own = {key for key, labels in known.items() if text in map(squeezed, labels)}
    if not text or (own and row["key"] not in own):
        raise ValueError(f"{row['alias']!r} 是空的，或是表式自己的标题 · empty, or a label of the form itself")
    return Alias(**row)


def keys(table: str, axis: str) -> dict[str, tuple[str, ...]]:
    """Rows or columns of a table in the form's order: key → the labels that vintages of the form print."""
    found: dict[str, dict[str, None]] = {}
    for layout in book().layouts_of(table) if axis in AXES else ():
        for line in layout.rows if axis == "row" else layout.columns:
            found.setdefault(line.key, {})[line.label] = None
    return {key: tuple(labels) for key, labels in found.items()}


def squeezed(text: str) -> str:
    """A label without width and spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _place(row: Row) -> Place:
    one = Place(**row)
    if bool(one.source_sha256) is bool(one.agency_id):
        raise ValueError("source_sha256 与 agency_id 须填一个 · one of the two")
    if one.source_sha256 and not SHA256.fullmatch(one.source_sha256):
        raise ValueError("source_sha256 应为 64 位十六进制 · is no SHA-256")
    if one.field not in PLACED or not one.value.strip():
        raise ValueError(f"更正的项应为 · the field should be one of {PLACED}: {one.field!r}")
    return one


def _verdict(row: Row) -> Verdict:
    one = Verdict(**row)
    if one.verdict not in VERDICTS:
        raise ValueError(f"裁定应为 · the verdict should be one of {VERDICTS}: {one.verdict!r}")
    if one.kind == "cell" and not (one.check_id or one.codes):
        _cell(row)
    elif one.kind == "table" and not (one.code or one.applicant or one.raw or one.codes):
        if book().table(one.table) is None:
            raise ValueError(f"代码本里没有这张表 · no such table: {one.table!r}")
    elif one.kind != "finding" or one.table or one.code or one.applicant or not CHECK.fullmatch(one.check_id):
        raise ValueError(f"{one.kind!r} 不应有这些栏 · these columns do not make a cell, a table or a finding")
    return one


def _correction(row: Row) -> Correction:
    _cell(row)
    if row["state"] not in STATES:
        raise ValueError(f"状态应为 · the state should be one of {STATES}: {row['state']!r}")
    value = float(row["value"]) if row["value"] else None  # ValueError says what is no number
    if (row["state"] == "number") is (value is None) or (value is not None and not math.isfinite(value)):
        raise ValueError("数字须有数值，其他状态没有 · a number has a value, other states have none")
    return Correction(**{**row, "value": value})  # type: ignore[arg-type]


def _cell(row: Row) -> None:
    measure = book().measures.get(row["code"])
    if measure is None or measure.table != row["table"]:
        raise ValueError(f"代码本里没有这一格 · no such cell: {row['table']!r}, {row['code']!r}")
    inside = row["applicant"] in book().applicants
    if inside is not (row["table"] == "requests") or (row["applicant"] and not inside):
        raise ValueError(f"申请人类别不对 · no applicant of this table: {row['applicant']!r}")
