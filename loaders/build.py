"""Documents → a published version: read them (in several processes where asked), gather the rows, publish."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from multiprocessing import connection
from pathlib import Path
from threading import Thread

from codebook.decisions import NO_NAME, Alias, Decisions
from codebook.wordings import learn, learned
from loaders import corrections, publish
from loaders import decided as decisions_on
from loaders.checks import Finding, across, results
from loaders.corrections import Correction
from loaders.errors import LoaderError
from loaders.identity import places, successors
from loaders.intake import inputs, tasks
from loaders.intake.corpora import Passed
from loaders.intake.inputs import Item
from loaders.intake.sandbox import Sandbox
from loaders.intake.sources import Found
from loaders.labels import lexicon, plain
from loaders.report import Label, Quarantined, Report, Sighting, Source
from loaders.schema import PARSER_VERSION
from loaders.trust import audit as audits
from loaders.trust.groups import differences, grouped

SHARE = 0.05  # of the documents are audited
CHUNK, HEAVY = 100, 8_000_000  # documents and bytes a task: below this, handing over costs more than reading
Result = Report | Quarantined | Passed


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build came to: the version published and how many documents there are, and of each status."""

    version: Path
    counts: dict[str, int]
    reasons: dict[str, int]
    tables: dict[str, int]
    audit: dict[str, int]
    documents: int = 0
    passed: dict[str, int] = field(default_factory=dict)  # rows of each corpus that can't be reports


def build(
    found: list[Found],
    out: Path,
    workers: int = 1,
    wait: float = 600.0,
    tell: Callable[[int], object] = int,
    audit: float = SHARE,
    corrected: Sequence[Correction] = (),
    decided: Decisions = Decisions(),  # noqa: B008
) -> Summary:
    """Read all documents and publish them as one version; a share of them is read in a second way and compared.

    `corrected` are the places that somebody corrected, laid over what was read; labels are read as `decided` says, its
    verdicts and corrections of cells stand beside what was read.

    Raises Busy, OSError; the last version stays whole.
    """
    with publish.locked(out, wait):
        told, passed = list[Report | Quarantined](), Counter[str]()
        learn(decided.aliases)
        try:
            work = partial(_chunk, audit=audit)
            for part in tasks.in_order(work, inputs.chunks(found, CHUNK, HEAVY), workers, partial(_begin, learned())):
                told.extend(one for one in part if not isinstance(one, Passed))
                passed.update({one.corpus: one.rows for one in part if isinstance(one, Passed)})
                tell(len(told))
        finally:
            _sandbox(audit).close()
        rows, reports = gather(told, corrected, decided)
        checked = results.table((one.report_id, one.judged.results) for one in reports)
        version = publish.publish(out, rows, {"checks": checked}, decided.version)
    return Summary(
        version=version,
        counts=dict(Counter(one.status for one in reports) + Counter(quarantined=len(rows["quarantine"]))),
        reasons=dict(Counter(str(row["reason"]) for row in [*rows["quarantine"], *rows["tables"]] if row["reason"])),
        tables=dict(Counter(str(row["status"]) for row in rows["tables"])),
        audit=dict(Counter(str(row["audit"]) for row in rows["tables"] if row["audit"])),
        documents=len(told),
        passed=dict(passed),
    )


def _begin(aliases: tuple[Alias, ...]) -> None:
    """A process of the pool knows the same labels, and ends when the build was killed: it would wait for ever."""
    learn(aliases)
    parent = multiprocessing.parent_process()
    if parent is not None:
        handle = parent.sentinel
        Thread(target=lambda: (connection.wait([handle]), os._exit(1)), daemon=True).start()


def _chunk(items: list[Item], audit: float) -> list[Result]:
    sandbox = _sandbox(audit)
    return [read_one(item, sandbox) for item in items]


@cache
def _sandbox(audit: float) -> Sandbox:
    """The sandbox of this process; it starts at the first risky document."""
    return Sandbox(partial(audits.read, share=audit))


def read_one(item: Item, sandbox: Sandbox) -> Result:
    """What came of one document, or of what stands in its place."""
    if isinstance(item, Quarantined | Passed):
        return item
    try:
        source = item if isinstance(item, Source) else item.load()
    except LoaderError as error:
        return Quarantined(item.name, "", error.reason, str(error))
    except OSError as error:
        return Quarantined(item.name, "", "UNREADABLE", error.strerror or str(error))
    return sandbox.read(source)


def gather(
    told: Iterable[Report | Quarantined],
    corrected: Sequence[Correction] = (),
    decided: Decisions = Decisions(),  # noqa: B008
) -> tuple[publish.Rows, list[Report]]:
    """The rows of every table, in an order that depends on the documents only, and the reports behind them."""
    reports: dict[str, Report] = {}
    quarantined: list[Quarantined] = []
    for one in sorted(told, key=lambda r: (r.source, r.sha256)):
        if isinstance(one, Quarantined):
            quarantined.append(one)
        elif one.sha256 in reports:
            known = reports[one.sha256].source
            quarantined.append(Quarantined(one.source, one.sha256, "SAME_BYTES", f"与 {known} 内容相同"))
        else:
            reports[one.sha256] = one
    laid = [corrections.applied(one, corrected) for one in reports.values()]
    kept = [one for one, _ in laid]
    used = Counter(row for _, rows in laid for row in rows)
    by_hand = {one.report_id for one, rows in laid if rows}
    groups = grouped(kept)
    current, apart = {group[0].report_id for group in groups}, differences(groups)
    beside = across.run(kept, current)
    kept = beside.reports
    tables: publish.Rows = {
        "reports": [_report_row(one, one.report_id in current, one.report_id in by_hand) for one in kept],
        "tables": [row for one in kept for row in _table_rows(one)],
        "facts": [{"report_id": one.report_id} | fact.row() for one in kept for fact in one.facts],
        "labels": _label_rows(kept),
        "sightings": [_sighting_row(one.report_id, seen) for one in kept for seen in one.sightings],
        "findings": [
            row
            for one in kept
            for row in _finding_rows(one, [*apart.get(one.report_id, []), *beside.findings.get(one.report_id, [])])
        ],
        "suggestions": [
            {"report_id": one.report_id} | asdict(suggestion) for one in kept for suggestion in one.judged.suggestions
        ],
        "copies": beside.copies,
        "quarantine": [_quarantine_row(one) for one in quarantined],
        "sources": [{"report_id": one.report_id, "text": one.text} for one in kept],
        "regions": places.region_rows(),
        "corrections": corrections.rows(corrected, used),
    }
    decisions_on.apply(tables, decided)
    return tables, kept


def _report_row(one: Report, is_current: bool, is_corrected: bool) -> dict[str, object]:
    who, where, body = one.identity, one.region, one.body
    deepest = where.county or where.city or where.province or ""
    return {
        "report_id": one.report_id,
        "source_name": one.source,
        "source_sha256": one.sha256,
        "source_url": one.url or None,
        "container": one.container,
        "layout": one.reading.layout,
        "title": who.title,
        "agency": who.agency,
        "agency_id": body.key,
        "agency_lineage": body.lineage,
        "agency_level": who.agency_level,
        "agency_type": who.agency_type,
        "agency_field": body.field,
        "agency_scope": one.scope.scope,
        "agency_scope_evidence": one.scope.evidence,
        "scope_doubt": one.scope_doubt,
        "province": where.province,
        "city": where.city,
        "county": where.county,
        "township": where.township,
        "zone": where.zone,
        "adcode": where.adcode,
        "adcode_today": successors.today(where.adcode, deepest) if where.adcode else None,
        "region_status": where.region_status,
        "region_confidence": where.region_confidence,
        "region_evidence": where.region_evidence,
        "region_candidates": "；".join(where.candidates) or None,
        "region_corrected": is_corrected,
        "population_2020": _residents(one, deepest),
        "report_year": who.report_year,
        "year_evidence": who.year_evidence,
        "form": one.reading.form or None,
        "published_on": who.published_on,
        "published_evidence": who.published_evidence or None,
        "is_current": is_current,
        "status": one.status,
        "synthetic": one.synthetic,
        "parser_version": PARSER_VERSION,
    }


def _residents(one: Report, division: str) -> int | None:
    """Residents, as a denominator: of a whole government's report only, where its division has a figure for its year."""
    who, where = one.identity, one.region
    whole = who.agency_type == "government" or one.scope.scope == "consolidated"
    placed = where.is_settled and where.adcode and not where.township and not where.zone
    if not (whole and placed and who.report_year and who.agency_level in ("province", "prefecture", "county")):
        return None
    return successors.residents(where.adcode or "", division, who.report_year)


def _table_rows(one: Report) -> Iterator[dict[str, object]]:
    for name, table in one.reading.tables.items():
        yield {
            "report_id": one.report_id,
            "table": name,
            "status": table.status,
            "cells": len(table.cells),
            "reason": table.reason or None,
            "audit": table.audit or None,
            "detail": table.detail or None,
        }


def _finding_rows(one: Report, apart: list[Finding]) -> Iterator[dict[str, object]]:
    for finding in (*one.findings, *apart):
        yield {
            "report_id": one.report_id,
            "check_id": finding.check_id,
            "severity": finding.severity,
            "codes": finding.codes,
            "expected": finding.expected,
            "actual": finding.actual,
            "message": finding.message,
            "other_report_id": finding.other or None,
        }


def _label_rows(reports: list[Report]) -> list[dict[str, object]]:
    counts = Counter(label for one in reports for label in one.labels)
    ordered = sorted(counts, key=lambda label: (label.scope, label.code, label.match, label.label_raw, label.form))
    return [
        {name: getattr(label, name) for name in label.__slots__} | {"reports": counts[label]} | _ruling(label)
        for label in ordered
    ]


def _ruling(label: Label) -> dict[str, object]:
    """Who decided on a label, when and why; nothing for the codebook's own wordings."""
    one = lexicon().ruled.get((label.scope, label.axis, plain(label.label_raw)))
    if one is None or not one.author:
        return {}
    decision = "rejected" if one.key == NO_NAME else "accepted"
    return {"decision": decision, "reason": one.reason, "author": one.author, "date": one.date}


def _sighting_row(report: str, seen: Sighting) -> dict[str, object]:
    label, traced = seen.label, seen.start >= 0
    told = {name: getattr(label, name) for name in ("scope", "axis", "label_raw", "form", "code", "match")}
    return {"report_id": report, **told, "start": seen.start if traced else None, "end": seen.end if traced else None}


def _quarantine_row(one: Quarantined) -> dict[str, object]:
    return {"source_name": one.source, "source_sha256": one.sha256, "reason": one.reason, "detail": one.detail}
