"""The small language of codebook/checks.csv: sums of cells, compared.

A formula compares sums of cells: `received + carried_in == handled + carried_out`. A term is a code, a code with an
applicant (`received@total`), a family (`withheld.*`) or a whole number; the comparison is ==, >=, <= or `in`, which
allows several right sides parted by |.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

TERM = re.compile(r"\s*([+-]?)\s*(\d+|[a-z]\w*(?:\.\w+)*(?:\.\*)?(?:@\w+)?)(?=\s|$)")
COMPARISON = re.compile(r"\s(==|>=|<=|in)\s")


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: signed terms left, the comparison, and one or more right sides."""

    left: tuple[tuple[int, str], ...]
    comparison: str
    rights: tuple[tuple[tuple[int, str], ...], ...]


@cache
def parse(text: str) -> Formula:
    """A formula of the codebook; ValueError where it is not in the language."""
    sides = COMPARISON.split(text)
    if len(sides) != 3:
        raise ValueError(f"no single comparison in {text!r}")
    return Formula(_terms(sides[0]), sides[1], tuple(_terms(side) for side in sides[2].split("|")))


def _terms(text: str) -> tuple[tuple[int, str], ...]:
    found, at = list[tuple[int, str]](), 0
    text = text.strip()
    while at < len(text):
        term = TERM.match(text, at)
        if term is None or (found and not term[1]):
            raise ValueError(f"not a sum of cells: {text!r}")
        found.append((-1 if term[1] == "-" else 1, term[2]))
        at = term.end()
    return tuple(found)
