"""The same report in every container, layout and encoding gives the same facts; damaged ones are never silently wrong.

The full matrix is a command (tests/mutation_matrix.py); here runs its share for every commit.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

from codebook import book
from loaders import report
from loaders.report import Report, Source
from tests import sheet_damage, showing
from tests.mutating import swap_cells
from tests.mutation_matrix import SHARES, VAGUE, drawn, matrix, outcome, run
from tests.pieces import PROACTIVE, document
from tests.render_html import traditional
from tests.rendering import LAYOUTS, Dress
from tests.sheet_tables import Tables
from tests.truth import Cell, Key

FORMS = tuple(book().forms)
ENCODINGS = (*("utf-8", "utf-8-sig", "gbk", "gb18030", "gb2312", "big5", "utf-16", "utf-16-le", "utf-16-be"),)
WORDS = str.maketrans("减结转较务栏项", "減結轉較務欄項")
SMALL = 9_999  # wider figures than that wrap in the narrow columns of the printed page
Facts = dict[Key, tuple[str, float | None, str]]


@cache
def rich(form: str, blanks: bool, largest: int = 999_999) -> dict[Key, Cell]:
    """A filling that has all there is: large figures, dashes, remarks, units, and blanks where asked for."""
    for seed in range(500):
        found = drawn(random.Random(f"{form} {seed}"), form, blanks, largest)  # noqa: S311 - the same for everybody
        cells = list(found.values())
        money = [cell for key, cell in found.items() if book().measures[key[0]].kind == "money"]
        if (
            sum((cell.value or 0) > largest / 10 for cell in cells) > 5
            and {"dash", "text", "number"} <= {cell.state for cell in cells}
            and (not blanks or sum(cell.state == "blank" for cell in cells) > 2)
            and any(cell.raw.endswith("件") for cell in cells)
            and any("（" in cell.raw or "(" in cell.raw for cell in cells)
            and all(cell.unit_source in {"printed", "inferred_high", "form"} and cell.value for cell in money)
        ):
            return found
    raise AssertionError(f"no rich filling for {form}")


def facts(data: bytes) -> Facts:
    """State, value and source of the unit of every cell in a table."""
    found = report.read(Source("synthetic", data, synthetic=True))
    assert isinstance(found, Report), found
    assert [f"{t.table}: {t.reason}, {t.detail}" for t in found.reading.tables.values() if t.reason] == []
    assert [fact.doubt for fact in found.facts if fact.doubt] == []
    return {
        (fact.code, fact.applicant or ""): (fact.state, fact.value, fact.unit_source or "")
        for fact in found.facts
        if fact.table != "narrative"
    }


def expected(truth: dict[Key, Cell]) -> Facts:
    return {key: (cell.state, cell.value, cell.unit_source) for key, cell in truth.items()}


def other(found: Facts, truth: dict[Key, Cell]) -> list[str]:
    """Where facts and truth part."""
    want = expected(truth)
    return [
        f"{key}: {found.get(key)}, not {want.get(key)}"
        for key in sorted(found.keys() | want.keys())
        if found.get(key) != want.get(key)
    ]


@pytest.mark.parametrize("container", showing.CONTAINERS)
@pytest.mark.parametrize("form", FORMS)
def test_every_container_gives_the_same_facts(form: str, container: str) -> None:
    for blanks in (False, True):
        truth = rich(form, blanks, SMALL if container.startswith("pdf") else 999_999)
        shown = showing.CONTAINERS[container](Tables(truth, form, Dress()).sheets(), form)
        assert other(facts(shown), truth) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", FORMS)
def test_every_text_layout_gives_the_same_facts(form: str, layout: str) -> None:
    for blanks in (False, True) if LAYOUTS[layout].blanks and layout != VAGUE else (False,):
        truth = rich(form, blanks)
        shown = showing.in_text(layout)(Tables(truth, form, Dress()).sheets(), form)
        assert other(facts(shown), truth) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", FORMS)
def test_every_encoding_gives_the_same_facts(form: str, encoding: str) -> None:
    truth = rich(form, blanks=True)
    text = showing.text(Tables(truth, form, Dress()).sheets(), form, LAYOUTS["pipe rows"])
    assert other(facts(encoded(text, encoding)), truth) == []


def encoded(text: str, encoding: str) -> bytes:
    """The bytes of a text. GB 2312 has another long dash; Big5 is traditional script, and what it lacks in prose and
    channel names (no label and no figure) is lost."""
    match encoding:
        case "gb2312":
            return text.replace("—", "―").encode(encoding)
        case "big5":
            return text.translate(traditional()).translate(WORDS).encode(encoding, "replace")
        case _:
            return text.encode(encoding)


def test_a_share_of_the_mutation_matrix() -> None:
    """Every container takes part; the rest of the matrix is `python -m tests.mutation_matrix`."""
    tally = matrix(1600, seed=7)
    for container in SHARES:
        tally.add(run(7, [container], 0))
    assert tally.silent == []
    assert set(tally.containers) == set(SHARES)
    assert set(tally.forms) == set(FORMS)
    assert len(tally.kinds) >= 60
    # Else a reader that refuses everything would pass.
    untouched = tally.kinds["(none)"]
    assert untouched["right"] + untouched["doubted"] == untouched.total()
    assert untouched["right"] > untouched["doubted"]


@pytest.mark.parametrize(("seed", "batch"), [(9, 897)])
def test_batches_that_once_had_a_silent_value(seed: int, batch: int) -> None:
    assert run(seed, tuple(SHARES), batch).silent == []


def test_the_judge_sees_a_wrong_value() -> None:
    """A reader that keeps a value where the copy shows another report's is silent; a copy that says so is not."""
    truth = rich("2021", blanks=False)
    tables = Tables(truth, "2021", Dress())
    shown = showing.comma(tables.sheets(), "2021").encode()
    doc = document("a", showing.text(tables.sheets(), "2021", LAYOUTS["pipe rows"]), PROACTIVE)
    key = next(key for key, cell in doc.truth.items() if cell.state == "number" and not key[0].startswith("fees"))
    lied = {**doc.truth, key: Cell("987654", "number", 987654.0)}
    assert outcome(shown, replace(doc, truth=lied), [])[0] == "SILENT"
    assert outcome(shown, replace(doc, truth=lied), [doc.truth])[0] in {"no sum covers", "as shown"}


def test_an_amount_among_counts_says_what_it_prints() -> None:
    """12.5 (万元) that changes places with the number of projects says 12.5 projects there, not 125,000."""
    truth = rich("beijing2019", blanks=False)
    counts, money = ("procurement.projects", ""), ("procurement.amount", "")
    truth |= {counts: Cell("3", "number", 3.0), money: Cell("12.5", "number", 125000.0, "inferred_medium")}
    text = showing.text(Tables(truth, "beijing2019", Dress()).sheets(), "beijing2019", LAYOUTS["pipe rows"])
    doc = replace(document("a", text, PROACTIVE), truth=truth)
    swaps = (swap_cells(doc, random.Random(seed)) for seed in range(999))  # noqa: S311 - the same for everybody
    labelled = next(m.labelled for m in swaps if m and m.labelled and m.labelled[counts] != truth[counts])
    assert labelled[counts].value == 12.5


def test_a_run_goes_on_where_it_ended() -> None:
    """Parts of a run are the whole run."""
    whole = matrix(40, seed=3, containers=["text"])
    first = matrix(1, seed=3, containers=["text"])
    behind = matrix(whole.total - first.total, seed=3, containers=["text"], first=first.next)
    first.add(behind)
    assert (first.kinds, first.forms, behind.next) == (whole.kinds, whole.forms, whole.next)


def test_there_are_kinds_enough() -> None:
    assert len(sheet_damage.KINDS) >= 20
