"""One report as rows of the tables that a build publishes; what depends on other reports is added later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codebook.decisions import NO_NAME
from loaders.checks import Finding
from loaders.identity import successors
from loaders.labels import lexicon, plain
from loaders.report import Label, Report, Sighting
from loaders.schema import PARSER_VERSION

Row = dict[str, object]
Rows = dict[str, list[Row]]  # by table


def report_row(one: Report, is_corrected: bool) -> Row:
    """The row of reports.parquet; whether it is the one that counts is not known yet."""
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
        "is_current": True,
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


def table_rows(one: Report) -> Iterator[Row]:
    """The rows of tables.parquet."""
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


def finding_rows(report_id: str, findings: Iterable[Finding]) -> Iterator[Row]:
    """The rows of findings.parquet."""
    for finding in findings:
        yield {
            "report_id": report_id,
            "check_id": finding.check_id,
            "severity": finding.severity,
            "codes": finding.codes,
            "expected": finding.expected,
            "actual": finding.actual,
            "message": finding.message,
            "other_report_id": finding.other or None,
        }


def ruling(label: Label) -> Row:
    """Who decided on a label, when and why; nothing for the codebook's own wordings."""
    one = lexicon().ruled.get((label.scope, label.axis, plain(label.label_raw)))
    if one is None or not one.author:
        return {}
    decision = "rejected" if one.key == NO_NAME else "accepted"
    return {"decision": decision, "reason": one.reason, "author": one.author, "date": one.date}


def sighting_row(report: str, seen: Sighting) -> Row:
    """A row of sightings.parquet."""
    label, traced = seen.label, seen.start >= 0
    told = {name: getattr(label, name) for name in ("scope", "axis", "label_raw", "form", "code", "match")}
    return {"report_id": report, **told, "start": seen.start if traced else None, "end": seen.end if traced else None}
