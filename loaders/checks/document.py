"""The rules over one document: what they find, how often each passed, what would mend its sums, its prose as hashes."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace

from loaders.checks import Subject, derived, results, subject, within
from loaders.checks.clauses import Prose, prose
from loaders.checks.findings import Finding
from loaders.checks.suggest import Suggestion, suggested
from loaders.facts import Fact
from loaders.identity.identity import Identity
from loaders.reading import Reading


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of one document; `results` as loaders.checks.results counts them."""

    findings: tuple[Finding, ...]
    suggestions: tuple[Suggestion, ...]
    prose: Prose
    results: array[int]


def judged(
    text: str, outside: Sequence[tuple[int, int]], who: Identity, found: Reading, facts: Sequence[Fact]
) -> Judged:
    """Every rule that needs this document only; `outside` are the stretches of its text outside the tables."""
    words = prose(text, outside)
    outcomes = within(subject_of(who, found, facts, words))
    broken = [outcome.finding for outcome in outcomes if outcome.finding is not None]
    suggestions, told = suggested(facts, found, broken)
    return Judged(tuple(told), tuple(suggestions), words, results.counted(outcomes))


def subject_of(who: Identity, found: Reading, facts: Sequence[Fact], words: Prose) -> Subject:
    """A document as the rules see it."""
    tables = {name: table.layout.forms for name, table in found.tables.items() if table.cells and table.layout}
    forms = frozenset({found.form} if found.form else ())
    one = subject(facts, forms, tables, derived.told(who, found, facts, words))
    return replace(one, detail={term: "；".join(told) for term, told in derived.conflicts(who).items()})
