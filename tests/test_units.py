"""Whose word the unit of an amount is: the cell's, the header's, the form's, or a graded guess that may stay open."""

from __future__ import annotations

import pytest

from loaders import report
from loaders.facts import Fact
from loaders.report import Report, Source
from loaders.units import procurement
from loaders.values import Number, number
from tests.rendering import LAYOUTS, places, render

TOWN: frozenset[str] = frozenset({"township"})
STREET = frozenset({"street", "street_office"})
COUNTY = frozenset({"county", "government"})

# Seven reports that state their unit: projects, amount as printed, unit, yuan.
STATED = [
    *((6, "251000", "元", 251_000), (2, "70487", "元", 70_487), (22, "184719", "元", 184_719)),
    *((67, "1646.5", "万元", 16_465_000), (13, "477.35", "万元", 4_773_500), (24, "2358", "万", 23_580_000)),
    (19, "18.6198", "万元", 186_198),
]
# Reports that state none: projects, amount, the body, and what the reasoning comes to.
UNSTATED = [
    (138, "1027415.6", STREET, 1027415.6, "inferred_high"),  # 洪家街道 2019: 10 billion if 万元
    (9, "172425", TOWN, 172_425, "inferred_high"),  # 崆峒镇 2020: 1.7 billion if 万元
    (25, "2468", STREET, 24_680_000, "inferred_medium"),  # 佳东街道 2020: 99 元 a project if 元
    (1, "8040", TOWN, 8040, "inferred_medium"),  # 中村乡 2020
    (3, "1035000", frozenset({"county", "bureau"}), 1_035_000, "inferred_high"),
    (138, "1027415.6", COUNTY, 1027415.6, "inferred_medium"),  # of a county 10 billion is not out of the question
    (9, "72425", COUNTY, 72_425, "inferred_medium"),
    (1, "12.3456", TOWN, 123_456, "inferred_high"),  # four decimals speak for 万元
    (1, "12.34", TOWN, 123_400, "inferred_medium"),
    (10, "1999", TOWN, 19_990_000, "inferred_medium"),  # just below 200 a project
    *((10, "2000", TOWN, None, "unknown"), (10, "30000", TOWN, None, "unknown"), (1, "999.5", TOWN, None, "unknown")),
    (10, "30010", TOWN, 30_010, "inferred_medium"),  # just above 3,000 a project
    (10, "300010", TOWN, 300_010, "inferred_high"),  # just above 30,000
    *((None, "2468", TOWN, None, "unknown"), (0, "2468", TOWN, None, "unknown"), (5, "-20", TOWN, None, "unknown")),
    *((0, "0", TOWN, 0, None), (None, "0", TOWN, 0, None), (25, "0.00", TOWN, 0, None)),
]


def printed(text: str) -> Number:
    found = number(text)
    assert found is not None
    return found


@pytest.mark.parametrize(("projects", "amount", "unit", "yuan"), STATED)
def test_a_printed_unit_decides(projects: int, amount: str, unit: str, yuan: float) -> None:
    in_cell = procurement(printed(amount + unit), projects, TOWN)
    in_header = procurement(printed(amount), projects, TOWN, unit)
    assert (
        (in_cell.yuan, in_cell.source, in_cell.why)
        == (in_header.yuan, in_header.source, in_header.why)
        == (yuan, "printed", "")
    )


@pytest.mark.parametrize(("projects", "amount", "unit", "yuan"), STATED)
def test_the_reasoning_finds_the_stated_unit(projects: int, amount: str, unit: str, yuan: float) -> None:
    """Back-test with the unit removed: seven of seven, as the bounds were fitted on them."""
    told = procurement(printed(amount), projects, frozenset())
    assert told.yuan == yuan
    assert told.source in {"inferred_high", "inferred_medium"}
    assert told.why


@pytest.mark.parametrize(("projects", "amount", "body", "yuan", "source"), UNSTATED)
def test_an_unstated_unit_is_graded_or_unknown(
    projects: int | None, amount: str, body: frozenset[str], yuan: float | None, source: str | None
) -> None:
    told = procurement(printed(amount), projects, body)
    assert (told.yuan, told.source) == (yuan, source)


@pytest.mark.parametrize(("projects", "amount"), [(45049, "19"), (3, "120000000"), (100, "1.5")])
def test_a_mean_that_fits_no_unit_stays_unknown(projects: int, amount: str) -> None:
    """19 for 45,049 projects is 4 yuan each even in 万元; 120 million for three is 40 million yuan each."""
    told = procurement(printed(amount), projects, frozenset())
    assert (told.yuan, told.source) == (None, "unknown")
    assert "都说不通" in told.why


def test_cell_and_header_that_contradict_are_doubted() -> None:
    told = procurement(printed("2358万元"), 24, TOWN, "元")
    assert (told.yuan, told.source) == (23_580_000, "printed")
    assert told.why


def test_another_unit_is_no_unit_of_money() -> None:
    told = procurement(printed("24件"), 24, TOWN, "万元")
    assert (told.yuan, told.source) == (None, "unknown")


def read(form: str, cells: dict[str, str], *changes: tuple[str, str]) -> dict[str, Fact]:
    """The facts of a made-up report outside the request table, with words of its text changed."""
    shown = {key: cells.get(key[0], "0") for key in places(form)}
    text = render(shown, form, LAYOUTS["pipe rows"])
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    found = report.read(Source("synthetic.txt", text.encode(), synthetic=True))
    assert isinstance(found, Report)
    return {fact.code: fact for fact in found.facts if not fact.applicant}


@pytest.mark.parametrize("header", ["采购总金额(万元)", "采购总金额（单位：万元）", "采购总金额(单位:万元)"])
def test_header_with_unit(header: str) -> None:
    cells = {"procurement.projects": "13", "procurement.amount": "477.35"}
    told = read("2019", cells, ("采购总金额", header))["procurement.amount"]
    assert (told.value, told.unit_source, told.raw, told.doubt) == (4_773_500, "printed", "477.35", None)


def test_an_undecided_amount_has_no_value_and_says_why() -> None:
    told = read("2019", {"procurement.projects": "10", "procurement.amount": "20000"})["procurement.amount"]
    assert (told.state, told.value, told.unit_source, told.raw) == ("number", None, "unknown", "20000")
    assert told.doubt


def test_an_inferred_amount_is_no_doubt_but_a_grade() -> None:
    told = read("2019", {"procurement.projects": "25", "procurement.amount": "2468"})["procurement.amount"]
    assert (told.value, told.unit_source, told.doubt) == (24_680_000, "inferred_medium", None)


def test_the_fee_takes_the_unit_of_the_form() -> None:
    assert read("2021", {"fees.amount": "190.457379"})["fees.amount"].value == pytest.approx(1_904_573.79)
    told = read("2021", {"fees.amount": "75.9260"})["fees.amount"]
    assert (told.value, told.unit_source, told.doubt) == (759_260, "form", None)
    told = read("2021", {"fees.amount": "3.5万元"})["fees.amount"]
    assert (told.value, told.unit_source, told.doubt) == (35_000, "printed", None)
    told = read("2021", {"fees.amount": "35000元"})["fees.amount"]
    assert (told.value, told.unit_source) == (35_000, "printed")
    assert told.doubt, "the header says 万元"
    told = read("2021", {"fees.amount": "75.9260"}, ("(单位:万元)", ""))["fees.amount"]
    assert (told.value, told.unit_source) == (759_260, "inferred_high")


def test_a_count_told_as_money_has_no_value() -> None:
    told = read("2019", {"procurement.projects": "24万元"})["procurement.projects"]
    assert told.value is None
    assert told.doubt


def test_a_round_count_is_doubted() -> None:
    told = read("2019", {"licensing.decisions": "12万"})["licensing.decisions"]
    assert told.value == 120_000
    assert told.doubt
