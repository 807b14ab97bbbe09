"""Tables and prose that stand in another report as well: last year's of the same agency, or another agency's.

Prose is compared clause by clause (loaders.checks.clauses). Which reports of other agencies to compare with is told
by the smallest hashes of each: two reports that share much of their text share some of these. So the cost grows with
the number of reports and not with its square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from loaders.checks.findings import Key
from loaders.report import Report

SAMPLE = 24  # smallest hashes of a report: of two that share half their text about a third are the same
LISTED = 40  # reports kept for one hash: set phrases stand in thousands
TRIED = 4  # candidates whose share is worked out
AGREEING = 2  # hashes that a candidate shares at least
LEAST = 2  # numbers from here on tell tables apart; zeros and ones stand in all of them


@dataclass(frozen=True, slots=True)
class Copy:
    """What of a report stands in others: shares of its prose with the report concerned, and equal request tables."""

    numbers: int
    changed: int | None
    twins: int
    twin: str
    previous: float | None
    nearest: float | None
    nearest_report: str


def copies(current: Sequence[Report], agencies: Mapping[str, str], previous: Mapping[str, Report]) -> dict[str, Copy]:
    """Report → its copies; `agencies` are the keys of those that name one, `previous` last year's reports of the same."""
    twins, near = _twins(current, agencies), _nearest(current, agencies)
    found = {}
    for one in current:
        before, cells = previous.get(one.report_id), _requests(one)
        share, other = near.get(one.report_id, (None, ""))
        found[one.report_id] = Copy(
            numbers=len({value for value in cells.values() if value and value >= LEAST}),
            changed=_changed(cells, _requests(before)) if before else None,
            twins=twins.get(one.report_id, (0, ""))[0],
            twin=twins.get(one.report_id, (0, ""))[1],
            previous=one.judged.prose.share_in(before.judged.prose)
            if before and before.judged.prose.characters
            else None,
            nearest=share,
            nearest_report=other,
        )
    return found


def _requests(one: Report) -> dict[Key, float | None]:
    return {(f.code, f.applicant or ""): f.value for f in one.facts if f.table == "requests"}


def _changed(cells: Mapping[Key, float | None], before: Mapping[Key, float | None]) -> int | None:
    """How many cells differ, blanks as zero; None where one of the tables was not read."""
    if not cells or not before:
        return None
    return sum(1 for key in cells.keys() | before.keys() if (cells.get(key) or 0) != (before.get(key) or 0))


def _twins(current: Sequence[Report], agencies: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Report → how many reports of other agencies have the same request table, and the first of them."""
    alike = dict[bytes, list[Report]]()
    for one in current:
        filled = sorted((key, value) for key, value in _requests(one).items() if value)
        if filled and one.report_id in agencies:
            alike.setdefault(blake2b(repr(filled).encode(), digest_size=16).digest(), []).append(one)
    found = dict[str, tuple[int, str]]()
    for group in alike.values():
        counts = Counter(agencies[one.report_id] for one in group)
        firsts = list({agencies[one.report_id]: one.report_id for one in reversed(group)}.items())[::-1][:2]
        for one in group if len(counts) > 1 else ():
            mine = agencies[one.report_id]
            other = next(report for agency, report in firsts if agency != mine)
            found[one.report_id] = (len(group) - counts[mine], other)
    return found


def _nearest(current: Sequence[Report], agencies: Mapping[str, str]) -> dict[str, tuple[float, str]]:
    """Report → the greatest share of its prose that stands in one report of another agency, and that report."""
    known = [one for one in current if one.report_id in agencies and one.judged.prose.hashes]
    owners = [agencies[one.report_id] for one in known]
    listed = dict[int, list[int]]()
    for n, one in enumerate(known):
        for digest in one.judged.prose.hashes[:SAMPLE]:
            some = listed.setdefault(digest, [])
            if len(some) < LISTED:
                some.append(n)
    found = dict[str, tuple[float, str]]()
    for one, mine in zip(known, owners, strict=True):
        votes = Counter(n for digest in one.judged.prose.hashes[:SAMPLE] for n in listed[digest])
        others = [(n, count) for n, count in votes.items() if owners[n] != mine and count >= AGREEING]
        others.sort(key=lambda pair: (-pair[1], pair[0]))
        shares = [(one.judged.prose.share_in(known[n].judged.prose), known[n].report_id) for n, _ in others[:TRIED]]
        if shares:
            found[one.report_id] = max(shares, key=lambda pair: pair[0])
    return found
