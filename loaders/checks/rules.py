"""One rule of codebook/checks.csv held against one report, at each place that it runs over.

loaders.formulas says what a formula is. `each` says what a bare term runs over: row (terms are applicants), applicant
(terms are codes), cell (the term is `cell`) or nothing. A rule whose `when` does not hold says nothing; one with a
missing cell is not assessable, which is never a pass. Where blanks count as zero a rule that holds says so, and one
that fails is no more than a warning; one that fails by a count which the prose tells loosely is no more than a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codebook import Check, book
from loaders.checks.findings import BLANK_AS_ZERO, FAIL, NOT_ASSESSABLE, PASS, Finding, Outcome, codes
from loaders.checks.subject import Subject, applies
from loaders.checks.sums import MissingError, Reckoner, Seen, word
from loaders.formulas import Formula, conditions, parse

COUNTS = frozenset({"flow", "stock", "unknown"})
ERROR, WARNING, INFO = "error", "warning", "info"
REPORT = "report"


def assess(check: Check, one: Subject) -> list[Outcome]:
    """What a rule comes to in a report; empty where it is no rule of its form or its condition does not hold."""
    if not applies(check, one):
        return []
    if check.each == "cell":
        return _cell_by_cell(check, one)
    told = (settled(check, place, one) for place in _places(check, one))
    return [outcome for outcome in told if outcome is not None]


def _cell_by_cell(check: Check, one: Subject) -> list[Outcome]:
    """The outcome for every count of the tables; what holds for one holds for all that read the same."""
    found, alike = list[Outcome](), dict[tuple[str, float | None], Outcome]()
    measures = book().measures
    for (code, applicant), fact in one.cells.items():
        if fact.table == "narrative" or measures[code].kind not in COUNTS:
            continue
        same = (fact.state, fact.value)
        outcome = alike.get(same) or _outcome(check, f"{code}@{applicant}", one)
        if outcome is not None:
            found.append(outcome)
            if outcome.finding is None:
                alike[same] = outcome
    return found


def _places(check: Check, one: Subject) -> Iterator[str]:
    if check.each == "row":
        yield from sorted({code for code, applicant in one.cells if applicant}) or ("",)
    elif check.each == "applicant":
        yield from book().applicants
    else:
        yield ""


def settled(check: Check, place: str, one: Subject) -> Outcome | None:
    """The outcome, by the best of several counts that the prose tells for one code."""
    outcome = _outcome(check, place, one)
    if outcome is None or outcome.finding is None or not one.rivals:
        return outcome
    concerned = outcome.finding.codes.split()
    for key, rivals in one.rivals.items():
        for rival in rivals if key[0] in concerned else ():
            again = _outcome(check, place, replace(one, cells={**one.cells, key: rival}))
            if again is not None and again.finding is None:
                return again
    return outcome


def _outcome(check: Check, place: str, one: Subject) -> Outcome | None:
    seen, condition = Seen(), Seen()
    formula = parse(check.formula)
    try:
        if not all(
            _compared(each, check, Reckoner(check, place, condition), one)[0] for each in conditions(check.when)
        ):
            return None
        held, left, rights = _compared(formula, check, Reckoner(check, place, seen), one)
    except MissingError:
        return Outcome(check, NOT_ASSESSABLE)
    if seen.blank and not seen.filled:
        return Outcome(check, NOT_ASSESSABLE)
    seen.blank = seen.blank or condition.blank
    if held:
        return Outcome(check, BLANK_AS_ZERO if seen.blank else PASS)
    return Outcome(check, FAIL, _finding(check, place, formula, (left, *rights), one, seen))


def _compared(
    formula: Formula, check: Check, reckoner: Reckoner, one: Subject
) -> tuple[bool, float | str, list[float | str]]:
    """Whether a formula holds, and what its sides come to. Raises MissingError."""
    told = word(formula.left, one)
    if told is not None:
        words = [str(side[0][1]) for side in formula.rights]
        return (told in words) == (formula.comparison != "!="), told, [*words]
    left = reckoner.total(formula.left, one)
    rights = [reckoner.total(side, one) for side in formula.rights]
    return any(holds(formula.comparison, left, right, slack(check, left, right)) for right in rights), left, [*rights]


def slack(check: Check, left: float, right: float) -> float:
    """How far two sides may lie apart: a number, or a share of the greater one."""
    if not check.tolerance:
        return 0.0
    if check.tolerance.endswith("%"):
        return float(check.tolerance[:-1]) / 100 * max(abs(left), abs(right))
    return float(check.tolerance)


def holds(comparison: str, left: float, right: float, apart: float) -> bool:
    """Whether two sides compare so, where they may lie `apart`."""
    match comparison:
        case ">=":
            return left >= right - apart
        case "<=":
            return left <= right + apart
        case "!=":
            return abs(left - right) > apart
        case _:
            return abs(left - right) <= apart


def _finding(
    check: Check, place: str, formula: Formula, sides: tuple[float | str, ...], one: Subject, seen: Seen
) -> Finding:
    left, *rights = (side if isinstance(side, str) else f"{side:.12g}" for side in sides)
    right = "、".join(dict.fromkeys(rights))
    remarks = ["；空白按零计"] if seen.blank else []
    remarks += [f"；{one.detail[term]}" for term in dict.fromkeys(seen.terms) if term in one.detail]
    severity = WARNING if seen.blank and check.severity == ERROR else check.severity
    return Finding(
        check_id=check.id,
        severity=INFO if seen.doubted else severity,
        codes=codes(seen.keys),
        expected=f"{formula.comparison} {' | '.join(dict.fromkeys(rights))}",
        actual=left,
        message=f"{check.zh}{_where(check, place)}：{left} 与 {right}{''.join(remarks)}",
        cells=tuple(dict.fromkeys(seen.keys)) if check.severity == ERROR and check.scope == REPORT else (),
        other=next((one.other[term] for term in seen.terms if term in one.other), ""),
    )


def _where(check: Check, place: str) -> str:
    """A place in words: the row, the applicant, or both."""
    code, _, applicant = place.partition("@") if check.each != "applicant" else ("", "", place)
    named = [book().measures[code].label_zh] if code else []
    named += [book().applicants[applicant][0]] if applicant else []
    return f"（{'·'.join(named)}）" if named else ""
