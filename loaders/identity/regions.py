"""Which division a report belongs to: names in its evidence, climbed through the gazetteer of the report year.

The strongest evidence that names a place proposes, further evidence tells its candidates apart, bears them out or
speaks against them. What is left open stays open: a tie gives the common ancestor and the candidates.
"""

from __future__ import annotations

from collections.abc import Sequence

from loaders.identity import hosts
from loaders.identity.candidates import Seen, candidates, common, matched, placed
from loaders.identity.evidence import HINTS, NAMES_A_BODY, ORDER, PORTAL, RANK, Evidence, Region
from loaders.identity.gazetteer import Gazetteer, gazetteer
from loaders.identity.weighing import Weighing

__all__ = ["ORDER", "Evidence", "Region", "resolve"]


def resolve(names: Sequence[Evidence], year: int | None) -> Region:
    """The division that the evidence names in the report year, strongest evidence first; a tie is not a guess.

    Where a host is given that is not the government's, the words of the site are no evidence: it may be a copy.
    """
    book = gazetteer()
    copied = any(e.kind == "host" and e.text and not hosts.is_official(e.text) for e in names)
    ranked = sorted(dict.fromkeys(e for e in names if e.text), key=lambda e: RANK[e.kind])
    kept = [e for e in ranked if not (copied and (e.kind in PORTAL or e.kind == "host"))]
    seen = [Seen(e, m) for e in kept if (m := matched(e))]
    for at, one in enumerate(seen):
        if pool := candidates(one.found, year, book, one.evidence.kind in NAMES_A_BODY):
            body = next((e.text for e in kept if e.kind == "agency"), "")
            return Weighing(one, pool, seen[:at] + seen[at + 1 :], body, year, book).region()
    hints = [one for one in seen if one.evidence.kind in HINTS]
    return _hinted(hints, year, book) if hints else Region()


def _hinted(hints: list[Seen], year: int | None, book: Gazetteer) -> Region:
    """What area code and postcode alone say: a common ancestor with candidates, never a place."""
    units = hints[0].found[0].units
    words = "；".join(one.words for one in hints) + "，不足以定位"
    return placed(common(units, book), "ambiguous", 0.3, words, year, units)
