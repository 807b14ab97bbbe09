"""python -m loaders explain FILE: how one document was understood, in words or as JSON."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from codebook.wordings import learn
from loaders.build import read_one
from loaders.explain import explain
from loaders.intake import inputs
from loaders.intake.corpora import Passed
from loaders.intake.sandbox import Sandbox
from loaders.intake.sources import find
from loaders.report import Quarantined, Report
from loaders.verbs import said
from loaders.verbs.places import decided_in, decisions_option


def add(verbs: Any) -> None:
    """Register the verb."""
    verb = said.verb(
        verbs,
        "explain",
        "tell in words how one document was understood",
        "explain report.docx                       # agency, place, form, tables, doubts",
        "explain report.docx --json | jq .facts    # every cell with its place",
    )
    verb.add_argument("file", type=Path, metavar="FILE", help="a document, or a folder of which the first one is told")
    decisions_option(verb)
    verb.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read the document and tell it; FAILED where no report is in it."""
    reports = 0
    learn(decided_in(given.decisions).aliases)
    found = find([given.file])
    with Sandbox() as sandbox:
        for item in inputs.documents(found if given.file.is_file() else found[:1]):
            one = read_one(item, sandbox)
            if isinstance(one, Passed):
                continue
            reports += isinstance(one, Report)
            if given.json:
                said.as_json(_told(one))
            else:
                print("\n".join(explain(one)))
    return said.DONE if reports else said.FAILED


def _told(one: Report | Quarantined) -> dict[str, object]:
    """The same for programs: `facts` and `findings` have the columns of the tables of the data set."""
    if isinstance(one, Quarantined):
        return {"source": one.source, "sha256": one.sha256, "reason": one.reason, "detail": one.detail}
    who, where = one.identity, one.region
    return {
        "source": one.source,
        "sha256": one.sha256,
        "status": one.status,
        "title": who.title,
        "agency": who.agency,
        "agency_level": who.agency_level,
        "report_year": who.report_year,
        "province": where.province,
        "city": where.city,
        "county": where.county,
        "region_status": where.region_status,
        "form": one.reading.form,
        "tables": {
            name: {"status": table.status, "cells": len(table.cells), "reason": table.reason, "detail": table.detail}
            for name, table in one.reading.tables.items()
        },
        "facts": [fact.row() for fact in one.facts],
        "findings": [
            {"check_id": finding.check_id, "severity": finding.severity, "message": finding.message}
            for finding in one.findings
        ],
    }
