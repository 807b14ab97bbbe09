"""What a careful reader would find in real reports, and nothing else: rule, severity and what was found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from codebook import book
from loaders.build import gather
from loaders.checks import assess
from loaders.checks.subject import Subject, Told, subject
from loaders.report import Report, Source, read
from tests.breaking import fact
from tests.truth import load

ROOT = Path(__file__).resolve().parent.parent
SHIPPED, SHARED = ROOT / "data" / "reports", ROOT.parent / "shared" / "reports"
Seen = tuple[str, str, str, str]  # rule, severity, actual, expected

EXPECTED: dict[str, set[Seen]] = {
    # four reconsiderations where one request was handled
    "000": {("RL-VS-APP", "warning", "4", "<= 1")},
    "001": set(),
    # a sub-district office that made, published and holds one government rule each
    "002": {("DOC-REG-AUTH-L", "warning", "2", "<= 0")},
    "003": set(),
    # a sub-district office with the figures of its district
    "004": {("PWR-LEVEL-P", "warning", "953", "<= 300"), ("PWR-LEVEL-C", "warning", "10087", "<= 5000")},
}
RULES = {check.id for check in book().checks}


@pytest.mark.parametrize("number", EXPECTED)
def test_the_five_reports(number: str) -> None:
    (path,) = SHIPPED.glob(f"{number}_*.txt")
    one = read(Source(path.name, path.read_bytes()))
    assert isinstance(one, Report)
    rows, _ = gather([one])
    found = {
        tuple(str(row[name]) for name in ("check_id", "severity", "actual", "expected"))
        for row in rows["findings"]
        if row["check_id"] in RULES
    }
    assert found == EXPECTED[number]
    assert not [row for row in rows["facts"] if row["doubt"] and "勾稽" in str(row["doubt"])]


def shared(name: str) -> Path:
    if not SHARED.is_dir():
        pytest.skip("the other real reports are not beside this repository")
    return SHARED / name


def truth(name: str, form: str, year: int, level: str, previous: Subject | None = None) -> Subject:
    """True cells as a report, after that of the year before."""
    facts = [
        replace(fact(code, applicant, cell.value), state=cell.state, raw=cell.raw)
        for (code, applicant), cell in load(shared(f"truth/{name}.csv")).items()
    ]
    told: dict[str, Told] = {"meta.level": level, "meta.type": "government", "meta.year": year}
    return replace(subject(facts, frozenset({form}), told=told), previous=previous)


def broken(one: Subject) -> set[Seen]:
    """Rule, severity and both sides of each finding."""
    outcomes = [outcome for check in book().checks for outcome in assess(check, one)]
    found = [outcome.finding for outcome in outcomes if outcome.finding is not None]
    return {(finding.check_id, finding.severity, finding.actual, finding.expected) for finding in found}


def results(one: Subject, rule: str) -> list[str]:
    (check,) = [check for check in book().checks if check.id == rule]
    return [outcome.result for outcome in assess(check, one)]


def test_a_city_over_two_years_is_sound() -> None:
    """Every sum of both years holds; what one carried out the other carried in, in each column; the stock rolls on."""
    first = truth("003a", "2021", 2023, "prefecture")
    second = truth("003b", "2021", 2024, "prefecture", first)
    assert broken(first) == broken(second) == set()
    assert results(second, "XY-CARRY") == ["pass"] * 7
    assert results(second, "XY-STOCK-N") == results(second, "XY-STOCK-R") == ["pass"]


def test_a_zone_over_five_years() -> None:
    """The outcomes of 2020 add up to 27 and the total says 21; the stock of 2023 does not follow from 2022's."""
    chain, before = dict[int, set[Seen]](), None
    for year, name in enumerate(("112", "113", "114", "115", "116"), 2019):
        before = truth(name, "2019" if year < 2021 else "2021", year, "zone", before)
        chain[year] = broken(before)
    assert chain == {
        2019: set(),
        2020: {
            ("APP-TOT-B", "error", "26", "== 20"),
            ("APP-TOT-B", "error", "27", "== 21"),
            ("XY-PUBLIC-R", "info", "7", "<= 0"),
        },
        2021: set(),
        2022: set(),
        2023: {("XY-STOCK-N", "warning", "470", "== 643")},
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("001_hongze_2023.pdf", {("RL-SUM-R", "error", "11", "== 0"), ("RL-SUM-A", "error", "5", "== 0")}),
        ("009_blank_template_2021.docx", {("PARSE-EMPTY", "warning", "0", ">= 1")}),
        ("113_pingtan_2020.txt", {("APP-TOT-B", "error", "26", "== 20"), ("APP-TOT-B", "error", "27", "== 21")}),
        ("010_shuyang_fagaiju_2023.html", set()),
        ("116_pingtan_2023.txt", set()),  # its stock is in a run of digits that can be cut in many ways
    ],
)
def test_other_real_reports(name: str, expected: set[Seen]) -> None:
    """Read as they come."""
    one = read(Source(name, shared(name).read_bytes()))
    assert isinstance(one, Report)
    assert {(f.check_id, f.severity, f.actual, f.expected) for f in one.findings if f.check_id in RULES} == expected


def test_a_suggestion_for_a_total_of_nothing() -> None:
    """Ten upheld and one corrected beside a total of 0: the total alone can be wrong."""
    one = read(Source("001.pdf", shared("001_hongze_2023.pdf").read_bytes()))
    assert isinstance(one, Report)
    parts = sorted({(row.part, row.set_no, row.code, row.suggested) for row in one.judged.suggestions})
    assert parts[0] == (1, 1, "reconsideration.total", 11)
    assert {code for part, _, code, _ in parts if part == 2} == {"suit_after.upheld", "suit_after.total"}
