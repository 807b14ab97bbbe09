"""Rules that need other reports: the same agency's of the year before, and all those at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from codebook import book
from loaders.checks import results
from loaders.checks.copies import Copy, copies
from loaders.checks.document import subject_of
from loaders.checks.findings import Finding
from loaders.checks.rules import REPORT, assess
from loaders.checks.subject import Subject, Told
from loaders.report import Report

PREVIOUS = "prev"


@dataclass(frozen=True, slots=True)
class Across:
    """What the rules over several reports came to: findings by report, reports with their counts, rows of copies."""

    findings: dict[str, list[Finding]]
    reports: list[Report]
    copies: list[dict[str, object]]


def run(reports: list[Report], current: set[str]) -> Across:
    """Hold the reports that count against the year before and against each other; the others stay as they are."""
    counting = [one for one in reports if one.report_id in current]
    agencies = {one.report_id: key for one in counting if (key := one.agency_id)}
    before = _previous(counting, agencies)
    copied, names = copies(counting, agencies, before), {one.report_id: one.source for one in reports}
    findings, kept, rows = dict[str, list[Finding]](), list[Report](), list[dict[str, object]]()
    checks = [check for check in book().checks if check.scope != REPORT]
    for one in reports:
        copy = copied.get(one.report_id)
        if copy is None:
            kept.append(one)
            continue
        seen = _subject(one, before.get(one.report_id), copy, names)
        outcomes = [outcome for check in checks for outcome in assess(check, seen)]
        if broken := [outcome.finding for outcome in outcomes if outcome.finding is not None]:
            findings[one.report_id] = broken
        kept.append(replace(one, judged=replace(one.judged, results=results.counted(outcomes, one.judged.results))))
        rows.append(_row(one, before.get(one.report_id), copy))
    return Across(findings, kept, rows)


def _previous(counting: Iterable[Report], agencies: Mapping[str, str]) -> dict[str, Report]:
    """Report → the same agency's report of the year before."""
    known = {(agencies[one.report_id], one.identity.report_year): one for one in counting if one.report_id in agencies}
    return {
        one.report_id: known[key]
        for (agency, year), one in known.items()
        if year is not None and (key := (agency, year - 1)) in known
    }


def _subject(one: Report, before: Report | None, copy: Copy, names: Mapping[str, str]) -> Subject:
    terms: dict[str, Told] = {"copy.requests_numbers": copy.numbers, "copy.requests_twins": copy.twins}
    known = {
        "copy.requests_changed": copy.changed,
        "copy.prose_previous": copy.previous,
        "copy.prose_other": copy.nearest if copy.nearest is not None else 0.0,
    }
    terms |= {term: value for term, value in known.items() if value is not None}
    other = dict[str, str]()
    if before is not None:
        other |= dict.fromkeys((PREVIOUS, "copy.requests_changed", "copy.prose_previous"), before.report_id)
    if copy.twin:
        other["copy.requests_twins"] = copy.twin
    if copy.nearest_report:
        other["copy.prose_other"] = copy.nearest_report
    detail = {term: f"对照 {names[report]}（{report}）" for term, report in other.items()}
    seen, previous = _seen(one), _seen(before) if before else None
    return replace(seen, told={**seen.told, **terms}, detail=detail, other=other, previous=previous)


def _seen(one: Report) -> Subject:
    return subject_of(one.identity, one.reading, one.facts, one.judged.prose)


def _row(one: Report, before: Report | None, copy: Copy) -> dict[str, object]:
    """A row of copies.parquet."""
    return {
        "report_id": one.report_id,
        "prose_characters": one.judged.prose.characters,
        "previous_report_id": before.report_id if before else None,
        "prose_previous": _rounded(copy.previous),
        "nearest_report_id": copy.nearest_report or None,
        "prose_nearest": _rounded(copy.nearest),
        "requests_twins": copy.twins,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
