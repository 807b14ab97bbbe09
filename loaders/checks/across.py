"""Rules that need other reports: the same agency's of the year before, and all those at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from codebook import Check, book
from loaders.checks import results
from loaders.checks.brief import Brief
from loaders.checks.copies import Copy
from loaders.checks.findings import Finding
from loaders.checks.rules import REPORT, assess
from loaders.checks.subject import Subject, Told

PREVIOUS = "prev"


@dataclass(frozen=True, slots=True)
class Across:
    """What the rules over several reports say of one: findings, counts by rule, its row of copies.parquet."""

    findings: tuple[Finding, ...]
    counts: list[tuple[int, dict[str, int]]]
    copies: dict[str, object]


def against(one: Brief, before: Brief | None, copy: Copy) -> Across:
    """Hold a report against the year before and against what it shares with others."""
    seen = _subject(one, before, copy)
    outcomes = [outcome for check in _rules() for outcome in assess(check, seen)]
    broken = tuple(outcome.finding for outcome in outcomes if outcome.finding is not None)
    return Across(broken, list(results.counts_of(results.counted(outcomes))), _row(one, before, copy))


@cache
def _rules() -> tuple[Check, ...]:
    return tuple(check for check in book().checks if check.scope != REPORT)


def _subject(one: Brief, before: Brief | None, copy: Copy) -> Subject:
    terms: dict[str, Told] = {"copy.requests_numbers": copy.numbers, "copy.requests_twins": copy.twins}
    known = {
        "copy.requests_changed": copy.changed,
        "copy.prose_previous": copy.previous,
        "copy.prose_other": copy.nearest if copy.nearest is not None else 0.0,
    }
    terms |= {term: value for term, value in known.items() if value is not None}
    other = dict(_others(before, copy))
    detail = {term: f"对照 {report.source}（{report.report_id}）" for term, report in other.items()}
    seen = one.subject
    return replace(
        seen,
        told={**seen.told, **terms},
        detail=detail,
        other={term: report.report_id for term, report in other.items()},
        previous=before.subject if before else None,
    )


def _others(before: Brief | None, copy: Copy) -> Iterator[tuple[str, Brief]]:
    """The report that each term was held against."""
    if before is not None:
        yield from dict.fromkeys((PREVIOUS, "copy.requests_changed", "copy.prose_previous"), before).items()
    if copy.twin is not None:
        yield "copy.requests_twins", copy.twin
    if copy.nearest_report is not None:
        yield "copy.prose_other", copy.nearest_report


def _row(one: Brief, before: Brief | None, copy: Copy) -> dict[str, object]:
    """A row of copies.parquet."""
    return {
        "report_id": one.report_id,
        "prose_characters": one.prose.characters,
        "previous_report_id": before.report_id if before else None,
        "prose_previous": _rounded(copy.previous),
        "nearest_report_id": copy.nearest_report.report_id if copy.nearest_report else None,
        "prose_nearest": _rounded(copy.nearest),
        "requests_twins": copy.twins,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
