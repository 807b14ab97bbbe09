"""Tables and prose that stand in another report as well: last year's of the same agency, or another agency's.

Prose is compared clause by clause (loaders.checks.clauses); which reports of other agencies it is worth comparing with
is told by loaders.gather.nearest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loaders.checks.brief import Brief
from loaders.checks.findings import Key

LEAST = 2  # numbers from here on tell tables apart; zeros and ones stand in all of them


@dataclass(frozen=True, slots=True)
class Copy:
    """What of a report stands in others: shares of its prose with the report concerned, and equal request tables."""

    numbers: int
    changed: int | None
    twins: int
    twin: Brief | None
    previous: float | None
    nearest: float | None
    nearest_report: Brief | None


def copied(one: Brief, before: Brief | None, twins: int, twin: Brief | None, near: Sequence[Brief]) -> Copy:
    """How much of a report stands in last year's, in its twin and in the nearest of some others."""
    cells = one.requests
    best = max(((one.prose.share_in(other.prose), other) for other in near), key=lambda pair: pair[0], default=None)
    return Copy(
        numbers=len({value for value in cells.values() if value and value >= LEAST}),
        changed=_changed(cells, before.requests) if before else None,
        twins=twins,
        twin=twin,
        previous=one.prose.share_in(before.prose) if before and before.prose.characters else None,
        nearest=best[0] if best else None,
        nearest_report=best[1] if best else None,
    )


def _changed(cells: Mapping[Key, float | None], before: Mapping[Key, float | None]) -> int | None:
    """How many cells differ, blanks as zero; None where one of the tables was not read."""
    if not cells or not before:
        return None
    return sum(1 for key in cells.keys() | before.keys() if (cells.get(key) or 0) != (before.get(key) or 0))
