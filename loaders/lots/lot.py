"""A lot: documents read, as one Arrow table a kind of row. Workers make it; the build puts all lots in order.

Every row names its document by its number in the lot (`doc`). The table `documents` holds one row a document: its key,
what decides which report counts and where it is put, and the report in short for the rules over several reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from hashlib import blake2b
from operator import attrgetter

import pyarrow as pa

from codebook import book
from codebook.decisions import Place
from loaders import corrections
from loaders.checks import brief
from loaders.checks.document import subject_of
from loaders.checks.results import counts_of
from loaders.facts import Fact
from loaders.report import Label, Quarantined, Report
from loaders.rows import Row, finding_rows, report_row, sighting_row, table_rows
from loaders.schema import BY_REPORT, NUMBER, SCHEMAS

DOC, RULE = "doc", "rule"
SAMPLE = 24  # hashes of a report: of two that share half their text about a third of these are the same
PASSING = frozenset({"KILLED_MEMORY", "KILLED_TIME", "CRASHED", "UNREADABLE"})  # reasons that may be gone next time
TEXT, INT, BYTES = pa.string(), pa.int32(), pa.binary()
DOCUMENTS = pa.schema(
    {
        "key": BYTES,
        "sha256": TEXT,
        "source_name": TEXT,
        "reason": TEXT,  # why it is in the quarantine; null for a report
        "detail": TEXT,
        "agency_id": TEXT,
        "agency_read": TEXT,  # the agency before its place was corrected: corrections name that one
        "report_year": INT,
        "published_on": TEXT,
        "cells": INT,
        "province": TEXT,
        "city": TEXT,
        "county": TEXT,
        "status": TEXT,
        "laid": TEXT,  # hashes of the corrections of its place that were laid over it
        "concerned": TEXT,  # hashes of all corrections that concern it; "" for none
        "requests": BYTES,  # its request table as one hash; null where it is empty
        "digest": BYTES,  # all that rules over several reports see of it, as one hash
        "sample": BYTES,  # the smallest hashes of its clauses, eight bytes each
        "brief": BYTES,
        "prose": BYTES,
    }
)
BLOBS = ("sample", "brief", "prose")  # columns that only some steps need, larger than all others together
IN_LOT = ("reports", "tables", "facts", "sightings", "findings", "checks", "suggestions", "sources")
_label = attrgetter(*Label.__slots__)


def schema(name: str) -> pa.Schema:
    """The columns of a table in a lot: those published, but for the number that only the whole build tells."""
    one = SCHEMAS[name]
    if name in BY_REPORT:
        one = one.remove(one.get_field_index(NUMBER))
    more = (DOC, RULE) if name == "checks" else (DOC,)
    return pa.schema([*one, *(pa.field(extra, INT) for extra in more)])


LABELS = pa.schema([SCHEMAS["labels"].field(name) for name in Label.__slots__])
TABLES = {name: schema(name) for name in IN_LOT} | {"documents": DOCUMENTS, "labels": LABELS.append(pa.field(DOC, INT))}


def lot(read: Sequence[tuple[bytes | None, Report | Quarantined]], corrected: Sequence[Place]) -> dict[str, pa.Table]:
    """What came of documents with their keys, as tables."""
    rows = {name: list[Row]() for name in (*IN_LOT, "documents")}
    facts, labels = _Columns(TABLES["facts"]), _Columns(TABLES["labels"])
    for doc, (key, one) in enumerate(read):
        if isinstance(one, Quarantined):
            again = None if one.reason in PASSING else key
            rows["documents"].append({"key": again} | quarantined(one))
            continue
        laid, used = corrections.applied(one, corrected)
        about = [row for row in corrected if corrections.concerns(row, one.sha256, one.agency_id)]
        rows["documents"].append({"key": key} | _document(laid, one, used, about))
        for name, some in _rows(laid, bool(used)).items():
            rows[name].extend(row | {DOC: doc} for row in some)
        facts.add(laid.report_id, doc, laid.facts, Fact._fields)
        labels.add("", doc, map(_label, laid.labels), Label.__slots__)
    made = {name: pa.Table.from_pylist(some, schema=TABLES[name]) for name, some in rows.items() if name != "facts"}
    return made | {"facts": facts.table(), "labels": labels.table()}


def quarantined(one: Quarantined) -> Row:
    """A document that was not read, as a row of `documents`."""
    return {"sha256": one.sha256, "source_name": one.source, "reason": one.reason, "detail": one.detail}


def _rows(one: Report, is_corrected: bool) -> Mapping[str, Iterable[Row]]:
    return {
        "reports": [report_row(one, is_corrected)],
        "tables": table_rows(one),
        "sightings": (sighting_row(one.report_id, seen) for seen in one.sightings),
        "findings": finding_rows(one.report_id, one.findings),
        "checks": check_rows(one.report_id, counts_of(one.judged.results)),
        "suggestions": ({"report_id": one.report_id} | asdict(told) for told in one.judged.suggestions),
        "sources": [{"report_id": one.report_id, "text": one.text}],
    }


def check_rows(report_id: str, counts: Iterable[tuple[int, Mapping[str, int]]]) -> Iterator[Row]:
    """The rows of checks.parquet of one report, with the number of the rule."""
    for rule, told in counts:
        yield {"report_id": report_id, "check_id": book().checks[rule].id, RULE: rule, **told}


def _document(one: Report, before: Report, used: Iterable[Place], about: Iterable[Place]) -> Row:
    prose = one.judged.prose
    seen = subject_of(one.identity, one.reading, one.facts, prose)
    blobs = {"brief": brief.packed(seen, brief.short(one.facts)), "prose": brief.packed_prose(prose)}
    return blobs | {
        "sha256": one.sha256,
        "source_name": one.source,
        "agency_id": one.agency_id,
        "agency_read": before.agency_id,
        "report_year": one.identity.report_year,
        "published_on": one.identity.published_on,
        "cells": len({(fact.code, fact.applicant) for fact in one.facts if fact.table != brief.NARRATIVE}),
        "province": one.region.province,
        "city": one.region.city,
        "county": one.region.county,
        "status": one.status,
        "laid": " ".join(map(corrections.mark, used)),
        "concerned": " ".join(map(corrections.mark, about)),
        "requests": _requests(one.facts),
        "digest": _hash(one.report_id.encode(), one.source.encode(), *blobs.values()),
        "sample": prose.hashes[:SAMPLE].tobytes(),
    }


def _requests(facts: Iterable[Fact]) -> bytes | None:
    filled = sorted((f.code, f.applicant or "", f.value) for f in facts if f.table == "requests" and f.value)
    return _hash(repr(filled).encode()) if filled else None


def _hash(*parts: bytes) -> bytes:
    return blake2b(b"\0".join(parts), digest_size=16).digest()


class _Columns:
    """Rows as tuples turned into columns, the quick way: facts are two hundred a report."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._told: dict[str, list[object]] = {}
        self._reports: list[str] = []
        self._docs: list[int] = []

    def add(self, report_id: str, doc: int, rows: Iterable[tuple[object, ...]], names: Sequence[str]) -> None:
        columns = list(zip(*rows, strict=True))
        if columns:
            for name, values in zip(names, columns, strict=True):
                self._told.setdefault(name, []).extend(values)
            self._reports.extend([report_id] * len(columns[0]))
            self._docs.extend([doc] * len(columns[0]))

    def table(self) -> pa.Table:
        told = {**self._told, "report_id": self._reports, DOC: self._docs}
        rows = len(self._docs)
        return pa.Table.from_arrays(
            [
                pa.array(told[field.name], field.type) if field.name in told else pa.nulls(rows, field.type)
                for field in self._schema
            ],
            schema=self._schema,
        )
