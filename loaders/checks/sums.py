"""What a sum of the rules' language comes to in a report, with the cells that it was taken from."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from codebook import Check
from loaders.checks.cells import Cell
from loaders.checks.findings import Key
from loaders.checks.subject import Subject, Told, members
from loaders.formulas import YEARS, Call, Sum, Term

NOTHING = frozenset({"无"})  # a word that counts as a blank does: without it a report that writes it has no sums
SKIP = "skip"  # the blank policy under which a blank cell is a missing one


class MissingError(Exception):
    """A term has no value: no such cell, words in it, or the report of the year before is not at hand."""


@dataclass(slots=True)
class Seen:
    """What a rule looked at: this report's cells and terms, whether a blank counted as zero or a count is doubted."""

    keys: list[Key] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    filled: bool = False
    blank: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Reckoner:
    """The sums of one rule at one place of one report."""

    check: Check
    place: str
    seen: Seen

    def total(self, some: Sum, one: Subject | None, now: bool = True) -> float:
        """What a sum comes to; None in the place of the report is nothing at all. Raises MissingError."""
        return sum(sign * self._term(term, one, now) for sign, term in some)

    def _term(self, term: Term, one: Subject | None, now: bool) -> float:
        if isinstance(term, Call):
            return self._call(term, one, now)
        if term[0].isdigit():
            return float(term)
        if one is None:
            return 0.0
        if (told := one.told.get(term)) is not None:
            if isinstance(told, str):
                raise MissingError(term)
            if now:
                self.seen.terms.append(term)
            return told
        value = 0.0
        for key in self._keys(term, one):
            value += self._cell(key, one.cells.get(key), now)
        return value

    def _call(self, call: Call, one: Subject | None, now: bool) -> float:
        if call.name in YEARS:
            before = one.previous if one else None
            if before is None and call.name == "prev":
                raise MissingError(call.name)
            if before is not None:
                self.seen.terms.append("prev")
            return self.total(call.sums[0], before, now=False)
        values = [self.total(some, one, now) for some in call.sums]
        if call.name == "whole":
            return float(math.floor(values[0]))
        return max(values) if call.name == "max" else min(values)

    def _keys(self, term: str, one: Subject) -> Iterator[Key]:
        """The cells that a term stands for. Raises MissingError where a family has no member on the form."""
        if self.check.each == "row":
            yield self.place, term
        elif term == "cell":
            code, _, applicant = self.place.partition("@")
            yield code, applicant
        else:
            code, _, applicant = term.partition("@")
            applicant = applicant or (self.place if self.check.each == "applicant" else "")
            codes = members(code, one) if code.endswith(".*") else (code,)
            if not codes:
                raise MissingError(term)
            for member in codes:
                yield member, applicant

    def _cell(self, key: Key, fact: Cell | None, now: bool) -> float:
        if fact is None or (fact.state == "number" and fact.value is None):
            raise MissingError(key)
        if fact.state == "text" and fact.raw.strip() not in NOTHING:
            raise MissingError(key)
        if fact.value is None and self.check.blank == SKIP:
            raise MissingError(key)
        seen = self.seen
        if now:
            seen.keys.append(key)
        seen.filled = seen.filled or fact.value is not None
        seen.blank = seen.blank or fact.value is None
        seen.doubted = seen.doubted or (fact.table == "narrative" and bool(fact.doubt))
        return fact.value or 0.0


def word(some: Sum, one: Subject) -> str | None:
    """The word that a sum of one term stands for (meta.level), or None where it stands for a number."""
    told: Told | None = None
    if len(some) == 1 and isinstance(some[0][1], str):
        told = one.told.get(some[0][1])
    return told if isinstance(told, str) else None
