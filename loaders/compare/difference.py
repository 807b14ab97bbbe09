"""Two versions → every report, table, fact and finding that is not the same in both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from loaders.compare.stored import Row, by_report, has, is_there, opened, rows, together

ASPECTS = {  # what a report is taken for → its columns
    "document": ("source_sha256",),
    "title": ("title",),
    "agency": ("agency", "agency_id", "agency_level", "agency_type", "agency_lineage"),
    "scope": ("agency_scope", "scope_doubt"),
    "region": ("province", "city", "county", "township", "zone", "adcode", "region_status"),
    "year": ("report_year",),
    "form": ("form",),
    "published": ("published_on",),
    "status": ("status",),
    "current": ("is_current",),
    "synthetic": ("synthetic",),
}
REPORT = ("report_id", "source_name", *chain.from_iterable(ASPECTS.values()))
TABLE = ("table", "status", "reason", "cells")
FACT_KEY = ("table", "code", "applicant")
FACT_FIELDS = ("state", "value", "unit", "unit_source", "doubt", "match", "raw")
FACT = (*FACT_KEY, *FACT_FIELDS)
FINDING = ("check_id", "severity", "codes", "expected", "actual", "message")
BESIDE = {  # tables that older versions lack → what a row is of, and what is told of it
    "checks": (("check_id",), ("passed", "passed_blank_as_zero", "failed", "not_assessable")),
    "suggestions": (("table", "part", "set_no", "code", "applicant"), ("printed", "suggested", "reason")),
    "copies": ((), ("prose_previous", "prose_nearest", "requests_twins")),
}
QUARANTINE = ("source_name", "source_sha256", "reason")


class Moved(NamedTuple):
    """One column of a row before and after; None on the side where the row does not exist."""

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `kind` is what (report, table, fact, finding, check, suggestion, copy, refusal) and how (added, gone,
    changed)."""

    kind: str
    report_id: str
    source_name: str
    table: str = ""
    code: str = ""  # of a fact; of a finding its check
    applicant: str = ""
    moved: tuple[Moved, ...] = ()
    facts: int = 0  # of a report that is added or gone


def difference(old: Path, new: Path) -> list[Change]:
    """All differences between two data or version folders, by file name. Raises FileNotFoundError, Damaged.

    A report is the same one where the bytes are the same, or else where only one file on either side has its name.
    """
    before, after = opened(old), opened(new)
    mine = {row["report_id"]: row for row in rows(before, "reports", REPORT)}
    theirs = {row["report_id"]: row for row in rows(after, "reports", REPORT)}
    mates = _mates(mine, theirs)
    found = list(_reports(before, after, mine, theirs, mates))
    names = {report: str(mine[report]["source_name"]) for report in mates.values()}
    for name, columns, compare in (
        ("tables", TABLE, _tables),
        ("facts", FACT, _facts),
        ("findings", FINDING, _findings),
    ):
        sides = (by_report(before, name, columns), by_report(after, name, columns))
        for report, one, other in together(*sides, mates):
            if one is None or other is None or not one.equals(other):
                found += compare(report, names[report], _listed(one), _listed(other))
    for name, (key, told) in BESIDE.items():
        if is_there(before, name) and is_there(after, name):
            sides = (by_report(before, name, (*key, *told)), by_report(after, name, (*key, *told)))
            for report, one, other in together(*sides, mates):
                if one is None or other is None or not one.equals(other):
                    found += _beside(name, report, names[report], _listed(one), _listed(other))
    found += _refusals(before, after)
    return sorted(found, key=lambda c: (c.source_name, c.report_id))  # within: in the order of the form


def _mates(mine: dict[str, Row], theirs: dict[str, Row]) -> dict[str, str]:
    """Report on the new side → the same report on the old side."""
    found = {report: report for report in theirs if report in mine}
    gone = _only({r: row for r, row in mine.items() if r not in found})
    added = _only({r: row for r, row in theirs.items() if r not in found})
    return found | {added[name]: gone[name] for name in added if name in gone}


def _only(reports: dict[str, Row]) -> dict[str, str]:
    """File name → report, where one report has it."""
    counts = Counter(row["source_name"] for row in reports.values())
    return {row["source_name"]: report for report, row in reports.items() if counts[row["source_name"]] == 1}


def _reports(
    before: Path, after: Path, mine: dict[str, Row], theirs: dict[str, Row], mates: dict[str, str]
) -> Iterator[Change]:
    for version, kind, reports, known in (
        (before, "report gone", mine, set(mates.values())),
        (after, "report added", theirs, set(mates)),
    ):
        alone = {report: row for report, row in reports.items() if report not in known}
        counts = {report: len(part) for report, part in by_report(version, "facts", ("code",))} if alone else {}
        for report, row in alone.items():
            yield Change(kind, report, str(row["source_name"]), facts=counts.get(report, 0))
    columns = [name for name in (*REPORT[2:], "source_name") if has(before, name) and has(after, name)]
    for report, mate in mates.items():
        if moved := _moved(mine[mate], theirs[report], columns):
            yield Change("report changed", mate, str(mine[mate]["source_name"]), moved=moved)


def _moved(old: Row, new: Row, columns: list[str] | tuple[str, ...]) -> tuple[Moved, ...]:
    return tuple(Moved(name, old.get(name), new.get(name)) for name in columns if old.get(name) != new.get(name))


def _listed(table: pa.Table | None) -> list[Row]:
    found: list[Row] = [] if table is None else table.to_pylist()
    return found


def _tables(report: str, name: str, old: list[Row], new: list[Row]) -> Iterator[Change]:
    mine, theirs = ({row["table"]: row for row in side} for side in (old, new))
    for table in mine | theirs:
        if moved := _moved(mine.get(table, {}), theirs.get(table, {}), TABLE[1:]):
            yield Change("table changed", report, name, table, moved=moved)


def _facts(report: str, name: str, old: list[Row], new: list[Row]) -> Iterator[Change]:
    mine, theirs = _keyed(old), _keyed(new)
    for key in mine | theirs:
        kind = "fact gone" if key not in theirs else "fact changed" if key in mine else "fact added"
        if moved := _moved(mine.get(key, {}), theirs.get(key, {}), FACT_FIELDS):
            yield Change(kind, report, name, key[0], key[1], key[2], moved)


def _keyed(facts: list[Row]) -> dict[tuple[str, str, str, int], Row]:
    """Facts by their cell; several of one cell (a count that the text tells twice) are numbered."""
    found: dict[tuple[str, str, str, int], Row] = {}
    times = Counter[tuple[str, str, str]]()
    for fact in facts:
        cell = (fact["table"], fact["code"], fact["applicant"] or "")
        # How a number is written is no part of what it says; a text has nothing else.
        found[*cell, times[cell]] = fact if fact["state"] == "text" else fact | {"raw": None}
        times[cell] += 1
    return found


def _beside(name: str, report: str, source: str, old: list[Row], new: list[Row]) -> Iterator[Change]:
    key, told = BESIDE[name]
    mine, theirs = ({tuple(row[c] for c in key): row for row in side} for side in (old, new))
    what = {"checks": "check", "suggestions": "suggestion", "copies": "copy"}[name]
    for one in mine | theirs:
        how = "gone" if one not in theirs else "changed" if one in mine else "added"
        if moved := _moved(mine.get(one, {}), theirs.get(one, {}), told):
            of: Row = dict(zip(key, one, strict=True))
            code = of.get("check_id") or of.get("code") or ""
            yield Change(f"{what} {how}", report, source, of.get("table", ""), code, of.get("applicant") or "", moved)


def _findings(report: str, name: str, old: list[Row], new: list[Row]) -> Iterator[Change]:
    mine, theirs = (Counter(tuple(row[c] for c in FINDING) for row in side) for side in (old, new))
    for finding in (mine - theirs).elements():
        moved = tuple(Moved(c, value, None) for c, value in zip(FINDING, finding, strict=True))
        yield Change("finding gone", report, name, code=str(finding[0]), moved=moved)
    for finding in (theirs - mine).elements():
        moved = tuple(Moved(c, None, value) for c, value in zip(FINDING, finding, strict=True))
        yield Change("finding added", report, name, code=str(finding[0]), moved=moved)


def _refusals(before: Path, after: Path) -> Iterator[Change]:
    """Documents that are in one version's quarantine only, or for another reason."""
    mine, theirs = (
        Counter((r["source_name"], r["source_sha256"], r["reason"]) for r in rows(side, "quarantine", QUARANTINE))
        for side in (before, after)
    )
    for name, _, reason in (mine - theirs).elements():
        yield Change("refusal gone", "", name, moved=(Moved("reason", reason, None),))
    for name, _, reason in (theirs - mine).elements():
        yield Change("refusal added", "", name, moved=(Moved("reason", None, reason),))
