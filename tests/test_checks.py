"""Does it add up: the small language of the rules, what a blank counts, and each rule of the codebook over made cells."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from codebook import Check, book
from loaders import checks, report
from loaders.checks import Outcome, parse
from loaders.facts import Fact
from loaders.formulas import Call, conditions, equation, names
from loaders.report import Report, Source
from tests.filling import balanced
from tests.rendering import LAYOUTS, places, render
from tests.truth import Key

NAMES = ("person", "enterprise", "research", "welfare", "legal_service", "other")
Cells = Mapping[Key, float | str]


def made(cells: Cells) -> list[Fact]:
    """Facts with these values; a text stands for a state without one."""
    found = []
    for (code, applicant), told in cells.items():
        state, value = (told, None) if isinstance(told, str) else ("number", told)
        where = ("x", code, applicant or None, state, value, None, None, str(told), "", "exact", 100.0, "", 0, 0, None)
        found.append(Fact(*where))
    return found


def outcomes(cells: Cells, form: str, rule: str) -> list[Outcome]:
    (check,) = [one for one in book().checks if one.id == rule]
    return checks.assess(check, checks.subject(made(cells), {form}))


def results(cells: Cells, form: str, rule: str) -> set[str]:
    return {one.result for one in outcomes(cells, form, rule)}


def row(*values: float | str, code: str = "granted") -> dict[Key, float | str]:
    """A request row: six applicants and their total."""
    return {(code, name): value for name, value in zip((*NAMES, "total"), values, strict=True)}


def test_terms_signs_and_sides() -> None:
    assert parse("a + b - c == d").left == ((1, "a"), (1, "b"), (-1, "c"))
    assert parse("a.x@total >= 0").rights == (((1, "0"),),)
    assert parse("a in b | c + d").rights == (((1, "b"),), ((1, "c"), (1, "d")))
    assert parse("- a <= b").left == ((-1, "a"),)
    assert parse("withheld.* == handled").comparison == "=="


def test_factors_functions_and_conditions() -> None:
    assert parse("a <= 10 * b - 0.5").rights == (((10.0, "b"), (-1, "0.5")),)
    assert parse("max(a, b + 1) >= prev(c.*@total)").left == ((1, Call("max", (((1, "a"),), ((1, "b"), (1, "1"))))),)
    assert list(names(parse("a - prev(b + past(c)) != d").left)) == [("a", 0), ("b", -1), ("c", -2)]
    assert [one.comparison for one in conditions("a in b | c and d >= 1")] == ["in", ">="]
    assert conditions("") == ()
    assert equation("a + b == c - d") == ((1, "a"), (1, "b"), (-1, "c"), (1, "d"))
    assert [equation(text) for text in ("a >= b", "a == b | c", "a == 1", "2 * a == b", "max(a, b) == c")] == [None] * 5


@pytest.mark.parametrize(
    "formula",
    [
        "max(a) == b",
        "max(a, b == c",
        "prev(a, b) == c",
        "2 * 3 == a",
        "2 * == a",
        "a ==  == b",
        "a",
        "a = b",
        "a == b == c",
        "a b == c",
        "a * b == c",
        "a == b / 2",
        "f(a) == b",
        "a == b; import os",
        "a == 'b'",
        "",
    ],
)
def test_what_is_not_in_the_language_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(formula)


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ((1, 2, 3, 4, 5, 6, 21), "pass"),
        ((1, 2, 3, 4, 5, 6, 20), "fail"),
        ((0, 0, 0, 0, 0, 0, 0), "pass"),
        ((1, "blank", 0, 0, 0, 0, 1), "pass_blank_as_zero"),
        ((1, "dash", "dash", 0, 0, 0, 1), "pass_blank_as_zero"),
        ((1, "blank", 0, 0, 0, 0, 2), "fail"),
        ((1, 0, 0, 0, 0, 0, "blank"), "fail"),
        (("blank",) * 7, "not_assessable"),
        (("dash",) * 7, "not_assessable"),
        ((1, "text", 0, 0, 0, 0, 1), "not_assessable"),
    ],
)
def test_rows_and_blanks(values: tuple[float | str, ...], result: str) -> None:
    """A blank is not zero: it passes as zero only under that name, and a failure with a blank is no more than a warning."""
    (told,) = outcomes(row(*values), "2019", "APP-ROW")
    assert told.result == result
    if told.finding is not None:
        assert told.finding.severity == ("warning" if "blank" in values else "error")
        assert ("空白按零计" in told.finding.message) == ("blank" in values)


def test_a_missing_cell_is_never_a_pass() -> None:
    cells = row(1, 2, 3, 4, 5, 6, 21)
    del cells["granted", "research"]
    assert results(cells, "2019", "APP-ROW") == {"not_assessable"}


def test_a_finding_tells_expected_actual_and_cells() -> None:
    (told,) = outcomes(row(1, 2, 3, 4, 5, 6, 20), "2019", "APP-ROW")
    assert told.finding is not None
    assert (told.finding.actual, told.finding.expected) == ("21", "== 20")
    assert set(told.finding.cells) == {("granted", name) for name in (*NAMES, "total")}
    assert told.finding.codes.split()[0] == "granted@person"


def test_the_rules_above_are_all_identities_of_cells() -> None:
    identities = [
        c for c in book().checks if c.severity == "error" and equation(c.formula) and "cells." not in c.formula
    ]
    assert [c for c in identities if not set(c.forms) & set(book().older)] == RULES  # those of lists: test_lists.py


def whole(form: str) -> dict[Key, float | str]:
    """A report's request and review cells, every sum right and no cell zero."""
    return dict(balanced(iter([*range(1, 250)]), form).items())


RULES = [check for check in book().checks if check.id.startswith(("APP-ROW", "APP-BAL", "APP-TOT", "RL-SUM"))]


@pytest.mark.parametrize("check", RULES, ids=[check.id for check in RULES])
def test_each_rule_sees_each_of_its_cells_change(check: Check) -> None:
    """Right figures pass; one more in any cell fails the rule wherever that cell is in it."""
    for form in check.forms:
        cells = whole(form)
        right = outcomes(cells, form, check.id)
        assert {one.result for one in right} <= {"pass", "not_assessable"}
        assert "pass" in {one.result for one in right} or not _has_totals(form, check)
        for key in cells:
            broken = outcomes({**cells, key: float(cells[key]) + 1}, form, check.id)
            named = [one.finding for one in broken if one.finding and key in one.finding.cells]
            assert len([one for one in broken if one.result == "fail"]) == len(named) <= 1


def _has_totals(form: str, check: Check) -> bool:
    return not (check.id.startswith("RL-SUM") and form == "zhejiang2019")


def test_every_cell_of_request_and_review_is_in_a_rule() -> None:
    """161 and 175 request cells stand in a row sum, and in the balance or the sum of outcomes; 15 review cells in one sum."""
    for form, requests, review in (("2019", 161, 15), ("2021", 175, 15), ("zhejiang2019", 161, 12)):
        cells = whole(form)
        assert sum(1 for _, name in cells if name) == requests
        assert sum(1 for _, name in cells if not name) == review
        for key in cells:
            told = checks.run(made({**cells, key: float(cells[key]) + 1}), {form})
            failed = {one.check.id for one in told if one.result == "fail"}
            assert len(failed) == (2 if key[1] else int(form != "zhejiang2019")) + (key[0] == "handled"), (key, failed)


def test_forms_keep_their_own_rules() -> None:
    assert results(whole("2019"), "2019", "APP-TOT-C") == set()
    assert results(whole("2021"), "2021", "APP-TOT-B") == set()
    assert results(whole("zhejiang2019"), "zhejiang2019", "RL-SUM-R") <= {"not_assessable"}


@pytest.mark.parametrize(
    ("told", "result"), [(3, "pass"), (5, "pass"), (4, "pass"), (2, "fail"), (0, "fail"), (None, "not_assessable")]
)
def test_a_count_told_in_prose_may_be_any_of_three(told: float | None, result: str) -> None:
    """收到 N 件 may mean what came in, that and what was carried in, or what was handled."""
    cells: dict[Key, float | str] = {("received", "total"): 3, ("carried_in", "total"): 2, ("handled", "total"): 4}
    if told is not None:
        cells["narrative.requests_received", ""] = told
    assert results(cells, "2021", "APP-NARR") == {result}


@pytest.mark.parametrize(("told", "result"), [(100.0, "pass"), (100.9, "pass"), (102.0, "fail")])
def test_a_tolerance_is_a_share_of_the_greater_side(told: float, result: str) -> None:
    cells: dict[Key, float | str] = {("procurement.amount", ""): 100.0, ("narrative.procurement_amount", ""): told}
    assert results(cells, "2019", "PROC-NARR") == {result}


def narrative(*counts: tuple[float, str | None]) -> list[Fact]:
    """Requests received as told in prose, several times with a doubt or none."""
    (one,) = made({("narrative.requests_received", ""): 0})
    return [one._replace(table="narrative", value=value, doubt=doubt) for value, doubt in counts]


def test_a_count_told_loosely_is_no_more_than_a_note() -> None:
    cells = made({("received", "total"): 3, ("carried_in", "total"): 0, ("handled", "total"): 3})
    (check,) = [one for one in book().checks if one.id == "APP-NARR"]
    for doubt, severity in ((None, "warning"), ("约数", "info")):
        (told,) = checks.assess(check, checks.subject([*cells, *narrative((9, doubt))], {"2021"}))
        assert told.finding is not None
        assert told.finding.severity == severity


def test_of_several_counts_told_the_one_that_fits_counts() -> None:
    cells = made({("received", "total"): 3, ("carried_in", "total"): 0, ("handled", "total"): 3})
    (check,) = [one for one in book().checks if one.id == "APP-NARR"]
    for second, result in ((3, "pass"), (4, "fail")):
        told = checks.subject([*cells, *narrative((9, "文中另说"), (second, "文中另说"))], {"2021"})
        assert [one.result for one in checks.assess(check, told)] == [result]


def test_a_table_on_another_form_has_the_rules_of_its_own() -> None:
    """A report of the 2021 form whose request table is of 2019."""
    facts = [fact._replace(table="requests") for fact in made(whole("2019")) if fact.applicant]
    one = checks.subject(facts, {"2021"}, {"requests": ("2019", "hubei2019", "beijing2019")})
    told = {outcome.check.id: outcome.result for outcome in checks.within(one)}
    assert told["APP-TOT-B"] == "pass"
    assert "APP-TOT-C" not in told
    assert told["RL-SUM-R"] == "not_assessable"
    assert "PWR-DELTA-BI" not in told


def test_a_condition_that_does_not_hold_says_nothing() -> None:
    (check,) = [one for one in book().checks if one.id == "PWR-LEVEL-C"]
    cells = made({("compulsory.decisions", ""): 9000})
    for level, found in (("street", ["fail"]), ("county", []), (None, ["not_assessable"])):
        told = {"meta.level": level} if level else {}
        one = checks.subject(cells, {"2021"}, told=told)
        assert [outcome.result for outcome in checks.assess(check, one)] == found


def test_a_broken_sum_doubts_its_cells_and_changes_none() -> None:
    numbers = balanced(iter([1] * 250), "2021")
    shown = {key: str(numbers.get(key, 0)) for key in places("2021")} | {("granted", "person"): "9"}
    found = report.read(Source("synthetic.txt", render(shown, "2021", LAYOUTS["pipe rows"]).encode(), synthetic=True))
    assert isinstance(found, Report)
    facts = {(fact.code, fact.applicant or ""): fact for fact in found.facts}
    assert facts["granted", "person"].value == 9
    doubted = {key for key, fact in facts.items() if fact.doubt}
    assert doubted == {
        key
        for key in facts
        if key[0] == "granted" or (key[1] == "person" and key[0] not in {"received", "carried_in", "carried_out"})
    }
    assert {finding.check_id for finding in found.findings} == {"APP-ROW", "APP-TOT-C"}
    assert all(finding.severity == "error" for finding in found.findings)


def test_a_warning_doubts_nothing() -> None:
    shown = dict.fromkeys(places("2019"), "0") | {("licensing.items_change", ""): "-7"}
    found = report.read(Source("synthetic.txt", render(shown, "2019", LAYOUTS["pipe rows"]).encode(), synthetic=True))
    assert isinstance(found, Report)
    assert [(finding.check_id, finding.severity) for finding in found.findings] == [("PWR-DELTA-L", "warning")]
    assert not [fact for fact in found.facts if fact.doubt]
