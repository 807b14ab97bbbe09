"""parse(render(truth)) == truth, for every form of the codebook and every text layout."""

from __future__ import annotations

import math

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from codebook import book
from loaders import report
from loaders.facts import Fact
from loaders.report import Report, Source
from tests.filling import Filling, fillings
from tests.rendering import LAYOUTS, SYNTHETIC, Around, Dress, TextLayout, render
from tests.truth import Cell

EXAMPLES = 5  # a form and layout: 65 pairs, 325 documents
# Where the rest of a merged cell looks like a blank one: behind two columns of three it is a single mark.
VAGUE = {(form, "cell and | a line, colspan rest as |||") for form in book().forms}
DRESSES = st.builds(
    Dress,
    *(st.integers(0, 99), st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    *(st.booleans(), st.booleans()),
)
AROUND = st.builds(Around, page_number=st.booleans())


def read(text: str) -> Report:
    """The report in a text; the test fails where it is none."""
    found = report.read(Source("synthetic.txt", text.encode(), synthetic=True))
    assert isinstance(found, Report), found
    return found


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize("form", book().forms)
def test_a_rendered_report_reads_as_its_truth(form: str, layout: TextLayout) -> None:
    @settings(max_examples=EXAMPLES, phases=[Phase.generate])  # to shrink 400 draws takes minutes and shows nothing
    @given(fillings(form, layout.blanks and (form, layout.name) not in VAGUE), DRESSES, AROUND)
    def same(truth: Filling, dress: Dress, around: Around) -> None:
        text = render({key: cell.raw for key, cell in truth.items()}, form, layout, dress, around)
        found = read(text)
        tables = [fact for fact in found.facts if fact.table != "narrative"]
        assert SYNTHETIC in text.splitlines()[0]
        assert found.reading.form == form
        assert [f"{t.table}: {t.reason}, {t.detail}" for t in found.reading.tables.values() if t.reason] == []
        assert sorted((fact.code, fact.applicant or "") for fact in tables) == sorted(truth)
        assert [told for fact in tables for told in other(fact, truth[fact.code, fact.applicant or ""])] == []
        assert [fact.raw for fact in tables if not _in_place(fact, found.text, layout)] == []
        assert not [finding for finding in found.findings if finding.severity == "error"]

    same()


NO_ROOM_FOR_BLANKS = ("pipe rows, newline in cells", "Markdown", "cells parted by tabs")


@pytest.mark.parametrize(
    ("form", "name"), sorted({(form, name) for form in book().forms for name in NO_ROOM_FOR_BLANKS} | VAGUE)
)
def test_blanks_that_cannot_be_placed_are_doubted_or_refused(form: str, name: str) -> None:
    """Where a blank cell looks like the rest of a merged one, what is read without a doubt is still right."""

    @settings(max_examples=EXAMPLES, phases=[Phase.generate])
    @given(fillings(form, True), DRESSES)
    def right_or_doubted(truth: Filling, dress: Dress) -> None:
        text = render({key: cell.raw for key, cell in truth.items()}, form, LAYOUTS[name], dress)
        facts = [fact for fact in read(text).facts if fact.table != "narrative" and not fact.doubt]
        assert [told for fact in facts for told in other(fact, truth[fact.code, fact.applicant or ""])] == []

    right_or_doubted()


def other(fact: Fact, cell: Cell) -> list[str]:
    """What a fact says otherwise than its true cell; a doubt is right only where the unit can't be told."""
    told = []
    if (fact.state, fact.raw, fact.unit_source or "") != (cell.state, cell.raw, cell.unit_source):
        told.append(f"{fact.code} {fact.applicant}: {fact.state} {fact.raw!r} {fact.unit_source}, not {cell}")
    if (fact.value is None) != (cell.value is None) or not math.isclose(fact.value or 0, cell.value or 0):
        told.append(f"{fact.code} {fact.applicant}: {fact.value}, not {cell}")
    if bool(fact.doubt) != (cell.unit_source == "unknown"):
        told.append(f"{fact.code} {fact.applicant}: doubt {fact.doubt}, {cell}")
    return told


def _in_place(fact: Fact, text: str, layout: TextLayout) -> bool:
    """Whether the source says at the fact's place what the fact says; a blank may have left no place."""
    if fact.start is None or fact.end is None:
        return fact.state == "blank" and not layout.blanks
    return text[fact.start : fact.end] == fact.raw
