"""Decisions put beside what was read: verdicts and corrections, each tied to the very text that it was made on.

What is printed stays as it is: raw, state and value of a fact are the document's. A verdict or a correction whose
cell now reads otherwise is not applied; it stays in its table with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from codebook import book
from codebook.decisions import Correction, Decisions, Verdict
from loaders.rows import Row, Rows

One = TypeVar("One", Verdict, Correction)
MISREAD = "经核对为误读"  # a cell that somebody found misread is in doubt, whatever the checks say
NOT_HERE, LATER, NO_SUCH = "来源不在这一版数据里", "后来另有决定", "这一版里没有这一条"
SIGNED = ("reason", "author", "date")


@dataclass(slots=True)
class _Read:
    """What was read of the documents that decisions are about: cells by their place, tables and findings by report."""

    reports: dict[str, str]
    cells: dict[tuple[str, ...], list[Row]] = field(default_factory=lambda: defaultdict(list))
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    findings: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))


def apply(rows: Rows, decided: Decisions) -> None:
    """Mark facts, tables and findings with what was decided on them, and add the tables verdicts and corrections."""
    read = _read(
        rows, {one.source_sha256 for one in decided.verdicts} | {one.source_sha256 for one in decided.corrections}
    )
    corrections = [_corrected(one, last, read) for one, last in _told(decided.corrections)]
    rows["verdicts"] = [_judged(one, last, read) for one, last in _told(decided.verdicts)]
    rows.setdefault("corrections", []).extend(row for row, _ in corrections)  # behind those of places
    rows["findings"].extend(finding for _, finding in corrections if finding)


def _read(rows: Rows, documents: set[str]) -> _Read:
    read = _Read(
        {sha: str(row["report_id"]) for row in rows["reports"] if (sha := str(row["source_sha256"])) in documents}
    )
    named = set(read.reports.values())
    for fact in rows["facts"] if named else ():
        if fact["report_id"] in named:
            place = (fact["report_id"], fact["table"], fact["code"], fact["applicant"] or "")
            read.cells[tuple(map(str, place))].append(fact)
    for name, found in (("tables", read.tables), ("findings", read.findings)):
        for row in rows[name] if named else ():
            found[str(row["report_id"])].append(row)
    return read


def _told(decisions: Sequence[One]) -> list[tuple[One, bool]]:
    """The decisions, each with whether it is the last on its subject."""
    last = {_subject(one): one for one in decisions}
    return [(one, last[_subject(one)] is one) for one in decisions]


def _subject(one: Verdict | Correction) -> tuple[str, ...]:
    if isinstance(one, Verdict):
        return (one.kind, *_place(one), one.raw, one.check_id, one.codes)
    return (*_place(one), one.raw)


def _place(one: Verdict | Correction) -> tuple[str, ...]:
    return (one.source_sha256, one.table, one.code, one.applicant)


def _cells(one: Verdict | Correction, last: bool, read: _Read) -> tuple[list[Row], str | None, str]:
    """The cells that a decision is about, or why there is none, and what is printed there instead."""
    if one.source_sha256 not in read.reports:
        return [], NOT_HERE, ""
    if not last:
        return [], LATER, ""
    found = read.cells.get((read.reports[one.source_sha256], one.table, one.code, one.applicant), [])
    fit = [fact for fact in found if fact["raw"] == one.raw]
    printed = "、".join(str(fact["raw"]) for fact in found)
    why_not = f"这一格原样是“{printed}”，不是“{one.raw}”" if found else "这一格没有读到"
    return fit, None if fit else why_not, printed


def _corrected(one: Correction, last: bool, read: _Read) -> tuple[Row, Row | None]:
    """A row of corrections.parquet, and the finding that it could not be applied."""
    fit, why_not, printed = _cells(one, last, read)
    for fact in fit:
        fact |= {"corrected_state": one.state, "corrected_value": one.value, "correction": one.reason}
    report = read.reports.get(one.source_sha256)
    row = _row(one, ("source_sha256", "table", "code", "raw", *SIGNED)) | {
        "report_id": report,
        "field": "cell",
        "applicant": one.applicant or None,
        "before_state": fit[0]["state"] if fit else None,
        "before": fit[0]["value"] if fit else None,
        "after_state": one.state,
        "after": one.value,
        "applied": bool(fit),
        "why_not": why_not,
    }
    stale = report is not None and last and not fit
    return row, _unapplied(one, report, str(why_not), printed) if stale else None


def _unapplied(one: Correction, report: str | None, why_not: str, printed: str) -> Row:
    return {
        "report_id": report,
        "check_id": "CORRECTION-UNAPPLIED",
        "severity": "warning",
        "codes": f"{one.code}@{one.applicant}" if one.applicant else one.code,
        "expected": one.raw,
        "actual": printed,
        "message": f"更正未采用（{book().measures[one.code].label_zh}）：{why_not}",
    }


def _judged(one: Verdict, last: bool, read: _Read) -> Row:
    """A row of verdicts.parquet."""
    report = read.reports.get(one.source_sha256, "")
    if one.kind == "cell":
        fit, why_not, _ = _cells(one, last, read)
    else:
        among = read.tables if one.kind == "table" else read.findings
        fit = [row for row in among.get(report, []) if last and _is_meant(one, row)]
        why_not = None if fit else NOT_HERE if not report else NO_SUCH if last else LATER
    for row in fit:
        row["verdict"] = one.verdict
        if one.kind == "cell" and one.verdict == "misread":
            row["doubt"] = "；".join(filter(None, [str(row["doubt"] or ""), MISREAD]))
    return asdict(one) | {"report_id": report or None, "stands": bool(fit), "why_not": why_not}


def _is_meant(one: Verdict, row: Row) -> bool:
    if one.kind == "table":
        return (row["table"], row["reason"] or "") == (one.table, one.check_id)
    same = (row["check_id"], row["codes"] or "") == (one.check_id, one.codes)
    return same and one.raw in ("", row["actual"], row["message"])


def _row(one: object, names: Iterable[str]) -> Row:
    return {name: getattr(one, name) for name in names}
