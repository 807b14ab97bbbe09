"""Does it add up? The rules of codebook/checks.csv over the facts of one report.

loaders.formulas says what a formula is. `each` says what a bare term runs over: row (terms are applicants), applicant
(terms are codes) or nothing. A rule with a missing cell is not assessable, which is never a pass; blank cells, dashes
and the word 无 count as zero, and the finding says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cache

from codebook import Check, book
from loaders.facts import Fact
from loaders.formulas import Formula, parse

__all__ = ["Finding", "Formula", "Outcome", "parse", "run"]

Key = tuple[str, str]
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "==": lambda left, right: left == right,
    "in": lambda left, right: left == right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
}


NOTHING = frozenset({"无"})  # a word that counts as a blank does: without it a report that writes it has no sums


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a report breaks: the columns of findings.parquet; `cells` are the facts concerned."""

    check_id: str
    severity: str
    codes: str
    expected: str
    actual: str
    message: str
    cells: tuple[Key, ...] = ()  # those that a broken identity puts in doubt


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule came to at one place: pass, pass_blank_as_zero, fail or not_assessable."""

    check: Check
    result: str
    finding: Finding | None = None


def run(facts: Iterable[Fact], forms: Set[str]) -> list[Outcome]:
    """Every rule that applies to the forms of the tables read, once for each row or applicant that it runs over."""
    cells = {(fact.code, fact.applicant or ""): fact for fact in facts}
    return [
        _assess(check, place, cells)
        for check in book().checks
        if not check.forms or forms & set(check.forms)
        for place in _places(check, cells)
    ]


def _places(check: Check, cells: dict[Key, Fact]) -> Iterator[str]:
    if check.each == "row":
        yield from sorted({code for code, applicant in cells if applicant})
    elif check.each == "applicant":
        yield from book().applicants
    else:
        yield ""


@cache
def _family(prefix: str) -> tuple[str, ...]:
    return tuple(code for code in book().measures if code.startswith(prefix))


def _keys(term: str, check: Check, place: str) -> list[Key]:
    if check.each == "row":
        return [(place, term)]
    code, _, applicant = term.partition("@")
    applicant = applicant or (place if check.each == "applicant" else "")
    if code.endswith(".*"):
        return [(member, applicant) for member in _family(code[:-1])]
    return [(code, applicant)]


def _sum(
    terms: tuple[tuple[int, str], ...], check: Check, place: str, cells: dict[Key, Fact]
) -> tuple[float, list[Key], str]:
    total, used, state = 0.0, list[Key](), "full"
    for sign, term in terms:
        if term.isdigit():
            total += sign * float(term)
            continue
        keys = _keys(term, check, place)
        for key in keys:
            fact = cells.get(key)
            if fact is None or (fact.state == "number" and fact.value is None):
                return 0.0, used, "missing"
            if fact.state == "text" and fact.raw.strip() not in NOTHING:
                return 0.0, used, "missing"
            used.append(key)
            state = "blank" if fact.value is None else state
            total += sign * (fact.value or 0.0)
        if not keys:
            return 0.0, used, "missing"
    return total, used, state


def _assess(check: Check, place: str, cells: dict[Key, Fact]) -> Outcome:
    formula = parse(check.formula)
    left, used, state = _sum(formula.left, check, place, cells)
    states, rights, keys = [state], [], list(used)
    for side in formula.rights:
        right, more, state = _sum(side, check, place, cells)
        rights.append((right, state))
        states.append(state)
        keys += more
    if "missing" in states or all(cells[key].value is None for key in keys):
        return Outcome(check, "not_assessable")
    if any(COMPARE[formula.comparison](left, right) for right, _ in rights):
        return Outcome(check, "pass_blank_as_zero" if "blank" in states else "pass")
    return Outcome(check, "fail", _finding(check, place, formula, left, rights[0][0], "blank" in states, keys))


def _finding(
    check: Check, place: str, formula: Formula, left: float, right: float, blank: bool, keys: list[Key]
) -> Finding:
    where = ""
    if place:
        named = book().applicants.get(place)
        where = f"（{named[0] if named else book().measures[place].label_zh}）"
    remark = "；空白按零计" if blank else ""
    severity = "warning" if blank and check.severity == "error" else check.severity
    return Finding(
        check_id=check.id,
        severity=severity,
        codes=" ".join(dict.fromkeys(f"{code}@{applicant}" if applicant else code for code, applicant in keys)),
        expected=f"{formula.comparison} {right:g}",
        actual=f"{left:g}",
        message=f"{check.zh}{where}：{left:g} 与 {right:g}{remark}",
        cells=tuple(dict.fromkeys(keys)) if check.severity == "error" else (),
    )
