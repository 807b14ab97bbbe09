"""The terms of codebook/derived.csv that one report tells by itself: level, year, day of publication, cells, prose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from codebook import book
from loaders.checks.clauses import Prose
from loaders.checks.subject import Told
from loaders.facts import Fact
from loaders.identity.identity import Identity
from loaders.identity.naming import AGENCY
from loaders.reading import Reading

UNKNOWN = "unknown"
UPDATED = "更新"  # a portal's day of update tells nothing of when the report came out
YEAR, FORM = "年度：", "年度"  # how loaders.identity begins a conflict about the year, and about the years of the form
REFUSED = "incomplete"
FAMILIES = ("requests", "review", "proactive")


def told(who: Identity, found: Reading, facts: Iterable[Fact], prose: Prose) -> dict[str, Told]:
    """Every term that is known; the others are left out, and rules that need them are not assessable."""
    cells = _cells(found, [fact for fact in facts if fact.table != "narrative"])
    return _identity(who, found.form) | cells | _prose(prose)


def _identity(who: Identity, form: str) -> dict[str, Told]:
    terms: dict[str, Told] = {term: len(found) for term, found in conflicts(who).items()}
    words = {"meta.level": who.agency_level, "meta.type": who.agency_type}
    terms |= {term: word for term, word in words.items() if word != UNKNOWN}
    if (vintage := book().form(form)) is not None:
        terms["meta.form_first"], terms["meta.form_last"] = vintage.span
    if who.report_year:
        terms["meta.year"] = who.report_year
        if who.published_on and UPDATED not in who.published_evidence:
            day = date.fromisoformat(who.published_on)
            terms["meta.published"] = (day.year - who.report_year - 1) * 10000 + day.month * 100 + day.day
    return terms


def conflicts(who: Identity) -> dict[str, list[str]]:
    """Term → what contradicts, in words: the year, the body. That the form is of other years is told by a rule of its own."""
    kinds = {"meta.year_conflicts": YEAR} | ({"meta.agency_conflicts": AGENCY} if who.agency else {})
    return {term: [one for one in who.conflicts if one.startswith(kind)] for term, kind in kinds.items()}


def other_conflicts(who: Identity) -> list[str]:
    """What else speaks against the title or the agency."""
    return [conflict for conflict in who.conflicts if not conflict.startswith((FORM, AGENCY))]


def _cells(found: Reading, facts: list[Fact]) -> dict[str, Told]:
    terms: dict[str, Told] = {}
    counts = Counter(fact.table for fact in facts)
    for name in FAMILIES:
        due = [one for table, one in found.tables.items() if _family(table) == name and one.status != "not_on_form"]
        layouts = [one.layout for one in due if one.layout and one.cells]
        if due and len(layouts) == len(due):
            terms[f"cells.{name}"] = sum(count for table, count in counts.items() if _family(table) == name)
            terms[f"cells.{name}_form"] = sum(layout.cells for layout in layouts)
    if not any(table.status == REFUSED for table in found.tables.values()):
        terms["cells.numbers"] = sum(1 for fact in facts if fact.state == "number")
    return terms


def _prose(prose: Prose) -> dict[str, Told]:
    return {"prose.characters": prose.characters, "prose.fee_told": int(prose.fee_told)}


def _family(table: str) -> str:
    return table.partition(".")[0]
