"""Does it add up? The rules of codebook/checks.csv over the facts of a report, by step:

findings   what a rule comes to          sums       what a sum comes to in a report
subject    what the rules see            rules      one rule at each of its places
derived    what a report tells of itself results    outcomes counted for checks.parquet
localise   the smallest set of cells to change
across     rules that need other reports: years, copies, prose
"""

from __future__ import annotations

from collections.abc import Iterable, Set

from codebook import book
from loaders.checks.cells import Cell
from loaders.checks.findings import Finding, Key, Outcome
from loaders.checks.rules import REPORT, assess
from loaders.checks.subject import Subject, subject
from loaders.formulas import Formula, parse

__all__ = ["Finding", "Formula", "Key", "Outcome", "Subject", "assess", "parse", "run", "subject", "within"]


def run(facts: Iterable[Cell], forms: Set[str]) -> list[Outcome]:
    """Every rule of these forms that needs the facts of one report only."""
    return within(subject(facts, forms))


def within(one: Subject) -> list[Outcome]:
    """Every rule that needs one report only, once for each row, applicant or cell that it runs over."""
    return [outcome for check in book().checks if check.scope == REPORT for outcome in assess(check, one)]
