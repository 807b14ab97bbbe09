"""Every rule of the codebook: a made-up report in which it holds, one change that breaks it, and the change undone."""

from __future__ import annotations

import pytest

from codebook import Check, book
from loaders.checks import assess
from loaders.checks.findings import BLANK_AS_ZERO, FAIL, NOT_ASSESSABLE, PASS
from tests import breaking

EACH = [(check, form) for check in book().checks for form in breaking.forms(check)]


@pytest.mark.parametrize(("check", "form"), EACH, ids=[f"{check.id} {form}" for check, form in EACH])
def test_a_rule_holds_breaks_and_is_restored(check: Check, form: str) -> None:
    """On each form that it is a rule of: a change makes it fail, the change undone makes it hold again."""
    made = breaking.holding(check, form)
    assert made is not None, "never holds"
    before = breaking.broken(made)
    assert before, "never fails"
    (finding, *_) = [one.finding for one in assess(check, made.subject()) if one.finding]
    assert (finding.check_id, finding.severity) == (check.id, check.severity)
    assert check.zh in finding.message
    for slot, value in before.items():
        made.put(slot, value)
    assert made.result() == PASS


@pytest.mark.parametrize(("check", "form"), EACH, ids=[f"{check.id} {form}" for check, form in EACH])
def test_a_rule_without_one_of_its_cells_never_passes(check: Check, form: str) -> None:
    """A blank is a result of its own, and a term that is not known makes the rule not assessable."""
    made = breaking.holding(check, form)
    assert made is not None
    for slot in made.slots:
        before = made.get(slot)
        made.put(slot, None)
        results = {one.result for one in assess(check, made.subject())}
        known = bool(check.each)  # at the other rows, applicants and cells it still holds
        assert made.result() != PASS or known, slot
        assert results <= {NOT_ASSESSABLE, FAIL, BLANK_AS_ZERO} or known, slot
        made.put(slot, before)


def test_every_rule_is_tried() -> None:
    assert {check.id for check, _ in EACH} == {check.id for check in book().checks}
