"""The small language of codebook/checks.csv: sums of cells, compared.

    formula    sum (== | != | >= | <= | in) sum {| sum}     `in` allows several right sides
    sum        term {(+ | -) term}
    term       [number *] cell | number | function(sum {, sum})
    cell       code · code@applicant · family.* (every code below it on the form) · a term of codebook/derived.csv
    function   max, min, whole (the whole number below), prev (the same agency's report of the year before),
               past (as prev, but nothing where that report is not at hand)

A condition is one or several formulas joined by `and`. Where the left side is a word (meta.level) so are the right ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|[a-z]\w*(?:\.\w+)*(?:\.\*)?(?:@\w+)?|[-+*(),])")
COMPARISON = re.compile(r"\s(==|!=|>=|<=|in)\s")
FUNCTIONS = {"max": 2, "min": 2, "whole": 1, "prev": 1, "past": 1}  # how many sums each takes
YEARS = frozenset({"prev", "past"})


@dataclass(frozen=True, slots=True)
class Call:
    """A function of sums; the sums of prev and past are those of the report of the year before."""

    name: str
    sums: tuple[Sum, ...]


Term = str | Call
Sum = tuple[tuple[float, Term], ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: signed terms left, the comparison, and one or more right sides."""

    left: Sum
    comparison: str
    rights: tuple[Sum, ...]


@cache
def parse(text: str) -> Formula:
    """A formula of the codebook; ValueError where it is not in the language."""
    sides = COMPARISON.split(text)
    if len(sides) != 3:
        raise ValueError(f"no single comparison in {text!r}")
    return Formula(_whole(sides[0]), sides[1], tuple(_whole(side) for side in sides[2].split("|")))


@cache
def conditions(text: str) -> tuple[Formula, ...]:
    """The formulas of a condition, all of which must hold; none where the text is empty."""
    return tuple(parse(part) for part in text.split(" and ")) if text else ()


def sums(formula: Formula) -> tuple[Sum, ...]:
    """Both sides of a formula."""
    return (formula.left, *formula.rights)


def equation(text: str) -> tuple[tuple[int, str], ...] | None:
    """The signed cells that add up to zero where a formula is a plain equation of cells; None for any other."""
    formula = parse(text)
    if formula.comparison != "==" or len(formula.rights) != 1:
        return None
    found = list[tuple[int, str]]()
    for sign, term in (*formula.left, *((-sign, term) for sign, term in formula.rights[0])):
        if not isinstance(term, str) or is_number(term) or abs(sign) != 1:
            return None
        found.append((int(sign), term))
    return tuple(found)


def names(some: Sum, year: int = 0) -> Iterator[tuple[str, int]]:
    """Each cell that a sum names, with the year it is of: 0 this one, -1 the one before."""
    for _, term in some:
        if isinstance(term, Call):
            for inner in term.sums:
                yield from names(inner, year - (term.name in YEARS))
        elif not is_number(term):
            yield term, year


def is_number(term: Term) -> bool:
    """Whether a term is a plain number."""
    return isinstance(term, str) and term[0].isdigit()


def _whole(text: str) -> Sum:
    tokens = _tokens(text)
    found, rest = _sum(tokens, text)
    if rest:
        raise ValueError(f"not a sum of cells: {text!r}")
    return found


def _tokens(text: str) -> list[str]:
    found, at, end = list[str](), 0, len(text.rstrip())
    while at < end:
        token = TOKEN.match(text, at)
        if token is None:
            raise ValueError(f"not a sum of cells: {text!r}")
        found.append(token[1])
        at = token.end()
    return found


def _sum(tokens: list[str], text: str) -> tuple[Sum, list[str]]:
    """A sum at the head of the tokens, and what follows it."""
    found, rest = list[tuple[float, Term]](), tokens
    while rest and (not found or rest[0] in {"+", "-"}):
        sign = -1 if rest[0] == "-" else 1
        factor, term, rest = _term(rest[1:] if rest[0] in {"+", "-"} else rest, text)
        found.append((sign * factor, term))
    if not found:
        raise ValueError(f"not a sum of cells: {text!r}")
    return tuple(found), rest


def _term(tokens: list[str], text: str) -> tuple[float, Term, list[str]]:
    """A factor (1 unless printed), the term and what follows it."""
    match tokens:
        case [number, "*", *rest] if is_number(number) and rest and rest[0][0].isalpha():
            _, term, rest = _term(rest, text)
            return float(number), term, rest
        case [name, "(", *rest] if name in FUNCTIONS:
            inner = list[Sum]()
            while not inner or (rest and rest[0] == ","):
                some, rest = _sum(rest[1:] if inner else rest, text)
                inner.append(some)
            if rest[:1] == [")"] and len(inner) == FUNCTIONS[name]:
                return 1, Call(name, tuple(inner)), rest[1:]
        case [name, *rest] if name[0].isalnum():
            return 1, name, rest
    raise ValueError(f"not a sum of cells: {text!r}")
