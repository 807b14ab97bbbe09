"""Does it add up? The rules of codebook/checks.csv over the facts of a report, by step:

findings   what a rule comes to          sums       what a sum comes to in a report
subject    what the rules see            rules      one rule at each of its places
plans      the rules of a kind of report made ready, for cells that are plain numbers
derived    what a report tells of itself results    outcomes counted for checks.parquet
localise   the smallest set of cells to change
across     rules that need other reports: years, copies, prose
"""

from __future__ import annotations

from collections.abc import Iterable, Set

from loaders.checks.cells import Cell
from loaders.checks.findings import Finding, Key, Outcome
from loaders.checks.plans import within
from loaders.checks.rules import assess
from loaders.checks.subject import Subject, subject
from loaders.formulas import Formula, parse

__all__ = ["Finding", "Formula", "Key", "Outcome", "Subject", "assess", "parse", "run", "subject", "within"]


def run(facts: Iterable[Cell], forms: Set[str]) -> list[Outcome]:
    """Every rule of these forms that needs the facts of one report only."""
    return within(subject(facts, forms))
