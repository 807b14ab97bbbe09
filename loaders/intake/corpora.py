"""Corpora → documents: JSON lines (also gzipped), JSON and Parquet with a text or page, its address, day and title.

A corpus is read row by row and never as a whole. Rows that can't be reports are counted and passed over; the others
are documents named file#row, counted from 1. The names of columns are those that public corpora use.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import IO, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.errors import BadStructure, Undecodable
from loaders.grids import storable
from loaders.identity.dates import DATE, date_of
from loaders.identity.told import Told
from loaders.intake.signature import is_likely
from loaders.readers import encoding
from loaders.report import Quarantined, Source

PAGE = ("html", "raw_html", "page_html")
TEXT = ("text", "content", "raw_content", "正文", "内容")
URL = ("url", "source_url", "link", "网址")
DAY = ("date", "publish_date", "pub_date", "published", "pubdate", "发布日期", "日期")
TITLE = ("title", "标题")
AGENCY = ("agency", "issuing_body", "机关", "发布机构")
BASIS = ("agency_basis",)
YEAR = ("report_year", "年度", "报告年度")
INSIDE = ("meta", "metadata")  # where some corpora keep address, day and title

LINES, WHOLE, PARQUET = (".jsonl", ".ndjson"), (".json",), (".parquet",)
GZIP = b"\x1f\x8b"
LONGEST = 32_000_000  # characters of a row, and bytes of a JSON file that is read at once
LONGEST_TITLE, LONGEST_NAME = 300, 60  # characters; what is longer is something else
BATCH = 64  # rows of a Parquet file at a time: pages can be large
DENSEST, AT_LEAST = 300, 100_000_000  # unpacked bytes to packed ones, once so many are unpacked
WORST = 1000  # rows that can't be read: more of them, and the file is no corpus
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Passed:
    """How many rows of a corpus can't be reports."""

    corpus: str
    rows: int


def is_corpus(name: str, head: bytes) -> bool:
    """Whether a file is a corpus, by its name and first bytes."""
    lower = name.lower()
    if head.startswith(GZIP):
        lower = lower.removesuffix(".gz")
        return lower.endswith(LINES)
    return lower.endswith((*LINES, *WHOLE)) or (lower.endswith(PARQUET) and head.startswith(b"PAR1"))


def documents(name: str, file: BinaryIO, synthetic: bool = False) -> Iterator[Source | Quarantined | Passed]:
    """The rows of a corpus that may be reports, the rows that can't be read, and how many were passed over."""
    passed, bad = 0, 0
    try:
        for number, row in _rows(name, file):
            place = f"{name}#{number}"
            if isinstance(row, Quarantined):
                bad += 1
                yield row
                if bad >= WORST:
                    raise BadStructure("BAD_CORPUS", f"前 {number} 行中有 {bad} 行无法读取，其余不再读取")
                continue
            source = _source(place, row, synthetic)
            if source is None:
                passed += 1
            else:
                yield source
    except BadStructure as error:
        yield Quarantined(name, "", error.reason, str(error))
    except (OSError, EOFError, ValueError, zlib.error, pa.ArrowException) as error:
        yield Quarantined(name, "", "CORPUS_DAMAGED", f"{type(error).__name__}: {error}"[:300])
    if passed:
        yield Passed(name, passed)


def _rows(name: str, file: BinaryIO) -> Iterator[tuple[int, Row | Quarantined]]:
    lower = name.lower().removesuffix(".gz")
    if lower.endswith(PARQUET):
        yield from _parquet(name, file)
        return
    packed = file.read(2) == GZIP
    file.seek(0)
    if lower.endswith(LINES):
        yield from _lines(name, _Bounded(file) if packed else file)
    else:
        yield from _whole(file.read(LONGEST + 1))


class _Bounded(io.RawIOBase):
    """A gzipped file that stops where it swells beyond what text does. Raises BadStructure(ZIP_BOMB)."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed, self._out = packed, 0
        self._file = gzip.GzipFile(fileobj=packed)

    def readline(self, size: int | None = -1, /) -> bytes:
        line = self._file.readline(-1 if size is None else size)
        self._out += len(line)
        if self._out > AT_LEAST and self._out > DENSEST * self._packed.tell():
            raise BadStructure("ZIP_BOMB", f"解压后超过压缩大小的 {DENSEST} 倍")
        return line


def _lines(name: str, file: IO[bytes] | _Bounded) -> Iterator[tuple[int, Row | Quarantined]]:
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST and not line.endswith(b"\n"):
            yield number, _bad(f"{name}#{number}", line[:1000], f"一行超过 {LONGEST} 字节")
            while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
            continue
        if not line.strip():
            continue
        try:
            row = json.loads(_decoded(line))
        except (ValueError, RecursionError) as error:
            yield number, _bad(f"{name}#{number}", line, f"不是 JSON：{error}"[:300])
            continue
        yield number, row if isinstance(row, dict) else _bad(f"{name}#{number}", line, "这一行不是 JSON 对象")


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("gb18030")


def _bad(place: str, data: bytes, detail: str) -> Quarantined:
    return Quarantined(place, sha256(data).hexdigest(), "BAD_ROW", detail)


def _whole(data: bytes) -> Iterator[tuple[int, Row]]:
    """A JSON file that holds one document, or a list of them."""
    if len(data) > LONGEST:
        raise BadStructure("TOO_LARGE", f"JSON 文件超过 {LONGEST} 字节，请改用每行一个对象的 JSONL")
    try:
        found = json.loads(_decoded(data))
    except (ValueError, RecursionError) as error:
        raise BadStructure("BAD_JSON", f"不是 JSON：{error}"[:300]) from error
    rows = found if isinstance(found, list) else [found]
    if not any(isinstance(row, dict) and body(row) for row in rows):
        raise BadStructure("NO_TEXT_COLUMN", "没有 " + "、".join((*TEXT, *PAGE)) + " 中的任何一栏")
    yield from ((number, row) for number, row in enumerate(rows, start=1) if isinstance(row, dict))


def _parquet(name: str, file: BinaryIO) -> Iterator[tuple[int, Row | Quarantined]]:
    table = pq.ParquetFile(file, page_checksum_verification=True)
    names = table.schema_arrow.names
    wanted = [
        name for name in names if name.lower() in {*PAGE, *TEXT, *URL, *DAY, *TITLE, *AGENCY, *BASIS, *YEAR, *INSIDE}
    ]
    if not any(name.lower() in {*PAGE, *TEXT} for name in wanted):
        raise BadStructure(
            "NO_TEXT_COLUMN", "没有 " + "、".join((*TEXT, *PAGE)) + f" 中的任何一栏，只有：{'、'.join(names[:20])}"
        )
    number = 0
    for batch in table.iter_batches(batch_size=BATCH, columns=wanted, use_threads=False):
        for at in range(len(batch)):
            number += 1
            yield number, _row(f"{name}#{number}", batch.slice(at, 1))


def _row(place: str, batch: pa.RecordBatch) -> Row | Quarantined:
    """The only row of a batch; the bytes of a text are not checked before they are taken out."""
    try:
        found: Row = batch.to_pylist()[0]
    except (ValueError, OverflowError) as error:
        return _bad(place, b"", f"{type(error).__name__}: {error}"[:300])
    return found


def _source(place: str, row: Row, synthetic: bool) -> Source | None:
    """The row as a document; None where it can't be a report."""
    found = body(row)
    if not found or not is_likely(found):
        return None
    return Source(place, found.encode("utf-8", "replace"), address(row), synthetic, told(row))


def body(row: Row) -> str:
    """The row's page, or else its text; "" where it has none."""
    return _first(row, PAGE) or _first(row, TEXT)


def told(row: Row) -> Told:
    """Title, body, year and day of a row; a column that holds something else is as good as none."""
    title, agency = (" ".join(_any(row, names).split()) for names in (TITLE, AGENCY))
    day, year = DATE.search(_any(row, DAY)), re.fullmatch(r"(20[0-4]\d)(?:\.0)?", _any(row, YEAR))
    return Told(
        title=title if len(title) < LONGEST_TITLE else "",
        agency=agency if 2 <= len(agency) <= LONGEST_NAME else "",
        basis=_any(row, BASIS),
        year=int(year[1]) if year else None,
        published=(date_of(day) or "") if day else "",
    )


def address(row: Row) -> str:
    """The row's address."""
    return _any(row, URL)


def _page(data: bytes) -> str:
    """A page kept as bytes."""
    try:
        return encoding.decode(data, encoding.declared(data))
    except Undecodable:
        return ""


def _any(row: Row, names: tuple[str, ...]) -> str:
    """The first of the columns that is filled, in the row or in its metadata."""
    found = _first(row, names)
    for inner in INSIDE:
        nested = row.get(inner)
        found = found or (_first(nested, names) if isinstance(nested, dict) else "")
    return found.strip()


def _first(row: Row, names: tuple[str, ...]) -> str:
    lower = {str(key).lower(): value for key, value in row.items()}
    for name in names:
        value = lower.get(name)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, bytes):
            value = _page(value)
        if isinstance(value, str) and value.strip():
            return storable(value)
    return ""
