"""Cells that ran together: what is read without a doubt is right, what one cutting explains is read, the rest is refused."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook import book
from loaders.errors import Refused
from loaders.facts import Fact
from loaders.glue import balance
from loaders.glue.cuts import Budget, Run, Sum, cuts, parted
from loaders.glue.squeezed import squeeze
from loaders.identity.contacts import mask_contacts
from loaders.report import Report, Source, read
from tests.gluing import Cells, Style, figures, glue
from tests.truth import load

REPORTS = Path(__file__).resolve().parent.parent.parent / "shared" / "reports"
PINGTAN = {"112": 181, "113": 181, "114": 194, "115": 194, "116": 194}  # cells read of the flattened pages
FORMS = ("2019", "2021", "zhejiang2019")
ROW = (Sum((*((1, n) for n in range(6)), (-1, 6))),)
SEVEN = ("count",) * 7
BUSY = settings(max_examples=80)


def report(text: str) -> Report:
    """The text read; a failure where it is no report."""
    found = read(Source("合成.txt", text.encode()))
    assert isinstance(found, Report), found
    return found


def told(one: Report) -> Iterator[Fact]:
    """The facts of tables; every one is at its place in the text."""
    for fact in one.facts:
        if fact.table != "narrative":
            assert fact.start is None or one.text[fact.start : fact.end] == fact.raw
            yield fact


def silently_wrong(one: Report, cells: Cells) -> list[str]:
    """Cells that are not as printed and carry no doubt."""
    return [
        f"{fact.code} {fact.applicant or ''}: {fact.raw!r} for {cells[fact.code, fact.applicant or '']!r}"
        for fact in told(one)
        if not fact.doubt and fact.raw != cells[fact.code, fact.applicant or ""]
    ]


def states(one: Report) -> dict[str, str]:
    """What became of each table: its reason, else its status."""
    return {name: table.reason or table.status for name, table in one.reading.tables.items()}


def zeros(form: str) -> Cells:
    """A report that prints 0 everywhere."""
    return dict.fromkeys(figures(random.Random(0), form, 3), "0")  # noqa: S311


styles = st.builds(
    Style,
    between=st.sampled_from((0.0, 0.3, 0.7, 1.0)),
    inside=st.sampled_from((0.0, 0.0, 0.0, 0.1)),
    behind_row=st.sampled_from(("", "\n", "\n\n")),
    point=st.sampled_from((".", "、", "", "none")),
    seed=st.integers(0, 9999),
)
forms, seeds, largest = st.sampled_from(FORMS), st.integers(0, 99_999), st.sampled_from((3, 30, 300, 3000))


@BUSY
@given(forms, seeds, largest, styles)
def test_what_is_read_without_a_doubt_is_right(form: str, seed: int, largest: int, style: Style) -> None:
    cells = figures(random.Random(seed), form, largest)  # noqa: S311
    assert not silently_wrong(report(glue(cells, form, style)), cells)


@BUSY
@given(forms, seeds, largest, styles, st.integers(1, 4), st.sampled_from(("", "0", "1", "10", "12", "101", "500")))
def test_nothing_is_silently_wrong_where_the_source_breaks_its_own_sums(
    form: str, seed: int, largest: int, style: Style, edits: int, edit: str
) -> None:
    chance = random.Random(seed)  # noqa: S311
    cells = figures(chance, form, largest)
    summed = [key for key in cells if key[1] or key[0].startswith(("reconsideration", "suit"))]
    for key in chance.sample(summed, edits):
        cells[key] = edit
    assert not silently_wrong(report(glue(cells, form, style)), cells)


@BUSY
@given(forms, seeds, styles)
def test_nothing_is_silently_wrong_where_cells_are_blank(form: str, seed: int, style: Style) -> None:
    chance = random.Random(seed)  # noqa: S311
    cells = figures(chance, form, 30)
    often = chance.choice((0.02, 0.2, 1.0))
    cells = {key: "" if text == "0" and chance.random() < often else text for key, text in cells.items()}
    wrong = silently_wrong(report(glue(cells, form, style)), cells)
    assert not wrong


@BUSY
@given(st.sampled_from(FORMS[:2]), seeds, styles)
def test_small_request_tables_are_read(form: str, seed: int, style: Style) -> None:
    """Where every cell has one figure there is one cutting, whatever spaces and line ends stand between the cells."""
    cells = zeros(form)
    chance = random.Random(seed)  # noqa: S311
    for who in ("person", "enterprise"):
        count = str(chance.randint(0, 4))
        for code in ("received", "granted", "handled"):
            cells[code, who] = count
    for code in ("received", "granted", "handled"):
        cells[code, "total"] = str(int(cells[code, "person"]) + int(cells[code, "enterprise"]))
    one = report(glue(cells, form, replace(style, inside=0.0)))
    assert not silently_wrong(one, cells)
    assert {"read"} == {state for state in states(one).values() if state != "not_on_form"}
    assert not any(fact.doubt for fact in told(one))


@pytest.mark.parametrize("form", FORMS[:2])
@pytest.mark.parametrize("point", [".", "、", "", "none"])
def test_ordinals_are_no_figures(form: str, point: str) -> None:
    cells = zeros(form)
    counts = {"received": "25", "handled": "25", "withheld.other_law": "12", "withheld.state_secret": "13"}
    for code, count in counts.items():
        cells[code, "person"] = cells[code, "total"] = count
    one = report(glue(cells, form, Style(point=point)))
    assert states(one)["requests"] == "read"
    assert not silently_wrong(one, cells)


def test_a_row_cut_by_sums_says_so() -> None:
    cells = zeros("2021")
    for code in ("received", "granted", "handled"):
        cells[code, "person"], cells[code, "other"], cells[code, "total"] = "20", "1", "21"
    by_code = {(fact.code, fact.applicant): fact for fact in told(report(glue(cells, "2021", Style())))}
    cut, plain = by_code["received", "total"], by_code["carried_in", "total"]
    assert (cut.value, cut.match, cut.score, cut.doubt) == (21.0, "position", 95.0, None)
    assert "按行内勾稽切分" in cut.place
    assert (plain.match, plain.score) == ("position", 100.0)


def test_a_request_table_with_several_solutions_is_refused() -> None:
    """2 22 0 and 2 2 20 have one sum, and where all rows concerned may be cut both ways every column agrees."""
    cells = zeros("2021")
    for code in ("received", "granted", "handled"):
        cells[code, "person"], cells[code, "enterprise"], cells[code, "total"] = "2", "22", "24"
    one = report(glue(cells, "2021", Style()))
    assert states(one)["requests"] == "GLUED_AMBIGUOUS"
    assert "3 种" in one.reading.tables["requests"].detail


def test_spaces_decide_where_enough_of_them_stand_between_cells() -> None:
    cells = zeros("2021")
    for code in ("received", "granted", "handled"):
        cells[code, "person"], cells[code, "enterprise"], cells[code, "total"] = "2", "22", "24"
    one = report(glue(cells, "2021", Style(between=0.8, seed=1)))
    assert states(one)["requests"] == "read"
    assert not silently_wrong(one, cells)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        (("0", "0", "0"), "read"),
        (("396", "442", "278"), "GLUED_AMBIGUOUS"),
        (("12", "-3", "5"), "GLUED_AMBIGUOUS"),
        (("1", "23", "4"), "GLUED_AMBIGUOUS"),
        (("0", "+5", "0"), "read"),
        (("/", "/", "/"), "read"),
    ],
)
def test_a_row_without_sums_is_read_only_where_one_cutting_exists(values: tuple[str, str, str], state: str) -> None:
    cells = zeros("2019")
    for column, value in zip(("items_prior", "items_change", "decisions"), values, strict=True):
        cells[f"licensing.{column}", ""] = value
    one = report(glue(cells, "2019", Style()))
    assert states(one)["proactive.20_5"] == state
    assert not silently_wrong(one, cells)


def test_one_figure_a_cell_is_read_with_a_doubt_where_blanks_would_allow_another_cut() -> None:
    cells = zeros("2019")
    cells["normative.made", ""] = "1"
    facts = {fact.code: fact for fact in told(report(glue(cells, "2019", Style())))}
    assert facts["normative.made"].value == 1.0
    assert "空白" in (facts["normative.made"].doubt or "")
    assert not facts["regulations.made"].doubt


def test_spaces_between_all_cells_part_a_row_without_sums() -> None:
    cells = zeros("2019")
    for column, value in zip(("items_prior", "items_change", "decisions"), ("396", "442", "278"), strict=True):
        cells[f"licensing.{column}", ""] = value
    text = glue(cells, "2019", Style(tables=("proactive.20_5",)))
    glued = states(report(text))["proactive.20_5"]
    apart = report(text.replace("396442278", " 396 442 278 ").replace("事项000", "事项 0 0 0\n"))
    assert (glued, states(apart)["proactive.20_5"]) == ("GLUED_AMBIGUOUS", "read")
    assert not silently_wrong(apart, cells)


def test_amounts_beside_counts_are_never_guessed() -> None:
    cells = zeros("2019")
    cells["procurement.projects", ""], cells["procurement.amount", ""] = "", "15000元"
    assert states(report(glue(cells, "2019", Style())))["proactive.20_9"] == "GLUED_AMBIGUOUS"


def test_columns_that_do_not_add_up_leave_a_doubt_on_every_cell() -> None:
    cells = zeros("2019")
    for code in ("received", "handled"):
        cells[code, "person"] = cells[code, "total"] = "20"
    cells["granted", "person"] = cells["granted", "total"] = "26"
    one = report(glue(cells, "2019", Style()))
    facts = [fact for fact in told(one) if fact.table == "requests"]
    assert len(facts) == 161
    assert all(fact.doubt and fact.score == 50 for fact in facts)


def test_a_row_that_no_sum_explains_refuses_the_table() -> None:
    cells = zeros("2019")
    for code in ("received", "granted", "handled"):
        cells[code, "person"], cells[code, "total"] = "20", "31"
    assert states(report(glue(cells, "2019", Style())))["requests"] == "GLUED_INCONSISTENT"


def test_a_blank_form_is_blank_and_labels_without_figures_beside_figures_are_refused() -> None:
    nothing = dict.fromkeys(zeros("2021"), "")
    assert set(states(report(glue(nothing, "2021", Style()))).values()) <= {"blank", "not_on_form"}
    partly = nothing | {key: "0" for key in nothing if key[1]}
    found = states(report(glue(partly, "2021", Style())))
    assert (found["requests"], found["proactive.20_5"]) == ("read", "GLUED_BLANKS")


@pytest.mark.parametrize("after", ["5万元", "元整", "2023年本局工作", "人", "，比上年增加"])
def test_what_may_belong_to_the_last_figure_refuses_the_table(after: str) -> None:
    text = glue(zeros("2021"), "2021", Style(tables=("proactive.20_6",), after=after))
    assert states(report(text))["proactive.20_6"] in {"GLUED_TAIL", "GLUED_UNCUT", "CELLS_RUN_TOGETHER"}


def test_a_figure_at_the_very_end_of_the_text_may_be_cut_off() -> None:
    cells = zeros("2021") | {("compulsory.decisions", ""): "54"}
    one = report(glue(cells, "2021", Style(tables=("proactive.20_6",), after="")))
    doubts = {fact.code: fact.doubt for fact in told(one)}
    assert "截断" in (doubts["compulsory.decisions"] or "")
    assert not doubts["penalties.decisions"]


def test_a_table_in_the_text_twice_must_say_the_same() -> None:
    cells = zeros("2021")
    style = Style(tables=("proactive.20_5",), after="\n")
    text = glue(cells, "2021", style)
    other = glue(cells | {("licensing.decisions", ""): "7"}, "2021", style)
    assert states(report(text + text))["proactive.20_5"] == "read"
    assert states(report(text + other))["proactive.20_5"] == "TABLE_TWICE"


def test_cells_that_stand_apart_are_left_to_the_layouts() -> None:
    """A cell a line, one of three missing: 12 0 must not become 1 2 0."""
    cells = zeros("2019")
    lines = glue(cells, "2019", Style(tables=("proactive.20_1",), gap="\n", between=1.0))
    text = lines.replace("信息内容", "\n信息内容\n").replace("数量", "数量\n").replace("规章\n0\n0\n0", "规章\n12\n0")
    assert states(report(text))["proactive.20_1"] == "ROW_CELLS"


def test_seven_cells_are_no_phone_number() -> None:
    row = "一、本年新收政府信息公开申请数量18200000183二、上年结转"
    assert mask_contacts(row) == row
    assert "■" in mask_contacts("请联系办公室18200000183办理")


@settings(max_examples=80)
@given(st.lists(st.integers(0, 400), min_size=6, max_size=6))
def test_the_true_cut_of_a_row_is_always_among_those_found(values: list[int]) -> None:
    row = [*values, sum(values)]
    found = cuts(Run("".join(map(str, row))), SEVEN, ROW, Budget())
    assert tuple(row) in {cut.values for cut in found}
    assert all(sum(cut.values[:6]) == cut.values[6] for cut in found)


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=3), min_size=4, max_size=4)
)
def test_the_solver_finds_what_trying_everything_finds(rows: list[list[tuple[int, int]]]) -> None:
    across = tuple(((1, 0, n), (1, 1, n), (-1, 2, n), (-1, 3, n)) for n in range(2))
    every: list[tuple[int, ...]] = [()]
    for cuts_of_row in rows:
        every = [(*way, n) for way in every for n in range(len(cuts_of_row))]
    right = {way for way in every if all(sum(s * rows[r][way[r]][c] for s, r, c in terms) == 0 for terms in across)}
    assert set(balance.solutions(rows, across, Budget())) == right


def test_zeros_have_one_cut_and_spaces_part_only_where_they_are_as_many_as_cells() -> None:
    assert [cut.values for cut in cuts(Run("0000000"), SEVEN, ROW, Budget())] == [(0,) * 7]
    assert cuts(Run("000000"), SEVEN, ROW, Budget()) == []
    assert parted(Run("12345", frozenset({2})), ("count",) * 3) is None
    whole = parted(Run("12345", frozenset({2, 3})), ("count",) * 3)
    assert whole is not None
    assert whole.values == (12, 3, 45)


@pytest.mark.parametrize("digits", ["1", "12", "10", "9", "123456789", "1 ", "100"])
@pytest.mark.parametrize("length", [20, 33, 60, 79, 4000])
def test_long_runs_end_within_bounds(digits: str, length: int) -> None:
    cells = dict.fromkeys(zeros("2021"), "")
    rows = {code for code, who in cells if who}
    cells |= {(code, "person"): (digits * length)[:length] for code in rows}
    cells["reconsideration.upheld", ""] = (digits * length)[:length]
    began = time.perf_counter()
    one = report(glue(cells, "2021", Style()))
    assert time.perf_counter() - began < 10
    assert not silently_wrong(one, cells)
    assert states(one)["requests"] not in {"read", "blank"}


def test_the_budget_is_one_for_all() -> None:
    budget = Budget(50)
    with pytest.raises(Refused, match="GLUED_UNDECIDED"):
        cuts(Run("1" * 30), SEVEN, ROW, budget)


def test_squeezed_places_lead_back() -> None:
    text = "３．危 及“三安\n全”①②０"
    found = squeeze(text)
    assert found.chars == "3.危及三安全1.2.0"
    assert text[slice(*found.span(2, 7))] == "危 及“三安\n全"
    assert (found.gap(3), found.gap(4), found.gap(6)) == (" ", "", "\n")
    assert squeeze("规(guī)章12²").chars == "规章12²"


@pytest.mark.skipif(not REPORTS.exists(), reason="the sources of the flattened pages are not at hand")
@pytest.mark.parametrize("number", PINGTAN)
def test_flattened_pages_hold_no_wrong_value(number: str) -> None:
    (path,) = REPORTS.glob(f"{number}_*.txt")
    truth = load(REPORTS / "truth" / f"{number}.csv")
    found = read(Source(path.name, path.read_bytes()))
    assert isinstance(found, Report)
    facts = list(told(found))
    wrong = [f for f in facts if f.value != truth[f.code, f.applicant or ""].value]
    assert not wrong
    assert len(facts) >= PINGTAN[number] - 10
    assert {t.reason for t in found.reading.tables.values() if t.status == "incomplete"} == {"GLUED_AMBIGUOUS"}


def test_every_sum_of_the_codebook_reaches_the_solver() -> None:
    for form in ("2019", "2021"):
        layout = next(one for one in book().layouts["requests"] if form in one.forms)
        sums = balance.sums("requests", layout.forms)
        assert [len(some) for some in sums.within] == [1] * len(layout.rows)
        assert len(sums.across) == 14  # seven columns: what came in is what went out, outcomes add up
