"""The catalogue of indicators: each formula against a sum by hand on a made-up report, and with a part missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from codebook import book, catalogue
from codebook.indicators import Indicator, indicators, parts
from codebook.indicators import catalogue as entries
from codebook.listing import forms_with
from dashboard import data, queries, rates, ratios, special
from dashboard.data import Dataset
from tests.made import write
from tests.test_pages import figures, folder, made, said, visit  # noqa: F401 - the pages' data are fixtures
from tests.test_series import fact, report

WITHHELD = ("state_secret", "other_law", "security_stability", "third_party", "internal_affairs", "deliberative")
OUTCOMES = {
    "granted": 40,
    "granted_in_part": 10,
    "unavailable.not_held": 20,
    "unavailable.must_create": 9,
    "unavailable.unclear": 11,
    "unprocessed.petition": 12,
    "unprocessed.repeat": 13,
    "unprocessed.publication": 14,
    "unprocessed.excessive": 15,
    "unprocessed.reissue": 16,
    "withheld.enforcement_file": 7,
    **{f"withheld.{ground}": n for n, ground in enumerate(WITHHELD, start=1)},
    "withheld.administrative_query": 8,
}  # 36 withheld, 40 unavailable, 70 not processed, 196 with what is disclosed
OTHER = {"2019": {"other": 4}, "2021": {"other.no_correction": 1, "other.unpaid_fee": 2, "other.other": 1}}
FLOWS = {"received": 190, "carried_in": 20, "handled": 200, "carried_out": 10}
PERSON = {"granted": 30, "granted_in_part": 5, "unavailable.not_held": 65, "handled": 100}
RECEIVED = {"person": 100, "enterprise": 50, "research": 3, "welfare": 7, "legal_service": 10, "other": 20}
PLAIN = {
    "reconsideration.upheld": 6,
    "reconsideration.corrected": 3,
    "reconsideration.other": 1,
    "reconsideration.pending": 2,
    "reconsideration.total": 12,
    "suit_direct.upheld": 4,
    "suit_direct.corrected": 2,
    "suit_direct.other": 2,
    "suit_direct.pending": 1,
    "suit_direct.total": 9,
    "suit_after.upheld": 3,
    "suit_after.corrected": 1,
    "suit_after.other": 1,
    "suit_after.pending": 1,
    "suit_after.total": 6,
}
BY_HAND: dict[str, tuple[float, float]] = {
    "clearance": (200, 210),
    "carry_forward": (10, 210),
    "disclosure": (50, 200),
    "disclosure_full": (40, 200),
    "disclosure_resolvable": (50, 86),
    "disclosure_held": (50, 95),
    "refusal": (36, 200),
    "refusal_ground": (28, 200),
    **{f"reason.{ground}": (n, 36) for n, ground in enumerate(WITHHELD, start=1)},
    "reason.enforcement_file": (7, 36),
    "reason.administrative_query": (8, 36),
    "discretionary": (14, 36),
    "not_held": (20, 200),
    "unavailable": (40, 200),
    "unclear": (11, 200),
    "unprocessed": (70, 200),
    "petition": (12, 200),
    "repeat": (28, 200),
    "other": (4, 200),
    "factual": (114, 150),
    **{f"mix.{applicant}": (count, 190) for applicant, count in RECEIVED.items()},
    "gap": (35, 100),
    "review": (12, 200),
    "suit": (15, 200),
    "dispute": (21, 200),
    "review_corrected": (3, 10),
    "suit_corrected": (3, 13),
    "review_pending": (2, 12),
    "suit_pending": (2, 15),
    "price": (1000, 8),
}
ONLY_2021 = {"overdue": (1, 4)}
RATIOS = [one for one in indicators().values() if one.kind in rates.RATIOS]


def facts_of(name: str, form: str) -> list[dict[str, Any]]:
    found = [fact(name, code, value, "total") for code, value in (OUTCOMES | OTHER[form] | FLOWS).items()]
    shown = [code for code in queries.codes_of_outcome() if form in forms_with(code)]
    found += [fact(name, code, PERSON.get(code, 0), "person") for code in (*shown, "handled")]
    found += [fact(name, "received", count, applicant) for applicant, count in RECEIVED.items()]
    found += [fact(name, code, value) for code, value in PLAIN.items()]
    if form == "2019":
        found += [fact(name, "procurement.amount", 1000), fact(name, "procurement.projects", 8)]
    return found


def published(
    at: Path, reports: list[dict[str, Any]], facts: list[dict[str, Any]], **more: list[dict[str, Any]]
) -> Dataset:
    tables: dict[str, list[dict[str, object]]] = {name: [] for name in data.NEEDED}
    write(at, "versions/rates", tables | {"reports": reports, "facts": facts} | more)
    return data.read(at / "versions" / "rates")


def wilson(hits: float, trials: float) -> tuple[float, float]:
    low, high = ratios.wilson(hits, trials)
    assert low is not None
    assert high is not None
    return low, high


def told(found: Dataset, *wanted: str, means: bool = False) -> dict[str, dict[str, Any]]:
    some = [indicators()[name] for name in wanted]
    cells = queries.cells(found, found.reports, ratios.needed(some)).assign(all_key="all")
    return {row["code"]: row for row in rows_of(ratios.rates(cells, "all", some, means=means))}


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[Any] = table.to_dict("records")
    return rows


def cells_of(at: Path, year: int, form: str) -> pd.DataFrame:
    """The cells of all ratios in a report on a form."""
    found = published(at, [report("a", year, form)], facts_of("a", form))
    return queries.cells(found, found.reports, ratios.needed(RATIOS)).assign(all_key="all")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return cells_of(tmp_path_factory.mktemp("rates"), 2019, "2019")


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return cells_of(tmp_path_factory.mktemp("rates"), 2021, "2021")


def test_every_ratio_is_worked_out_by_hand() -> None:
    assert {one.id for one in RATIOS} == BY_HAND.keys() | ONLY_2021.keys()
    assert sum((OUTCOMES | OTHER["2019"]).values()) == sum((OUTCOMES | OTHER["2021"]).values()) == FLOWS["handled"]


@pytest.mark.parametrize("name", BY_HAND)
def test_a_formula_by_hand(name: str, one: pd.DataFrame) -> None:
    (row,) = rows_of(ratios.rates(one, "all", [indicators()[name]]))
    top, bottom = BY_HAND[name]
    assert (row["numerator"], row["denominator"], row["n"], row["N"]) == (top, bottom, 1, 1)
    if indicators()[name].kind != "gap":
        assert row["rate"] == pytest.approx(top / bottom) or (pd.isna(row["rate"]) and bottom < row["least"])
    if indicators()[name].kind == "rate" and bottom >= row["least"]:
        assert (row["low"], row["high"]) == pytest.approx(wilson(top, bottom))


@pytest.mark.parametrize("name", [*BY_HAND, *ONLY_2021])
def test_a_missing_part_makes_the_rate_missing(name: str, one: pd.DataFrame, later: pd.DataFrame) -> None:
    """The first and the last cell of each part of the formula not read in turn, all others there."""
    cells, wanted = later if name in ONLY_2021 else one, indicators()[name]
    assert len(ratios.rates(cells, "all", [wanted])) == 1
    every = [[ratios.column(code, p.part) for code in p.codes] for terms in wanted.sums for p in parts(terms)]
    asked = {code for codes in every for code in (codes[0], codes[-1])}
    own = [ratios.column(*pair) for pair in zip(cells["code"], cells["part"], strict=True)]
    gone = [n for n, cell in enumerate(own) if cell in asked]
    assert gone
    for n in gone:
        unread = cells.index == n
        less = cells.assign(state=cells["state"].mask(unread, "unread"), value=cells["value"].mask(unread))
        # An outcome of none that is not read changes no sum: all handled are accounted for without it.
        assert len(ratios.rates(less, "all", [wanted])) == 0 or cells["value"][n] == 0, own[n]


def test_a_part_that_a_form_lacks_is_missing_and_not_zero(tmp_path: Path) -> None:
    reports = [report("a", 2019, "2019"), report("b", 2021, "2021")]
    found = told(
        published(tmp_path, reports, facts_of("a", "2019") + facts_of("b", "2021")), "overdue", "other", "price"
    )
    assert (found["overdue"]["numerator"], found["overdue"]["denominator"], found["overdue"]["n"]) == (1, 4, 1)
    assert (found["other"]["numerator"], found["other"]["denominator"], found["other"]["n"]) == (8, 400, 2)
    assert found["price"]["n"] == 1


def test_the_gap_is_the_difference_of_two_rates(one: pd.DataFrame) -> None:
    """35 of 100 natural persons, 15 of 100 organisations; Newcombe's interval from the two of Wilson."""
    (row,) = rows_of(ratios.rates(one, "all", [indicators()["gap"]]))
    assert row["rate"] == pytest.approx(0.35 - 0.15)
    (low, high), (below, above) = wilson(35, 100), wilson(15, 100)
    assert row["low"] == pytest.approx(0.2 - ((0.35 - low) ** 2 + (above - 0.15) ** 2) ** 0.5)
    assert row["high"] == pytest.approx(0.2 + ((high - 0.35) ** 2 + (0.15 - below) ** 2) ** 0.5)


def test_a_gap_needs_enough_on_both_sides(tmp_path: Path) -> None:
    facts = facts_of("a", "2019")
    for some in facts:
        if some["applicant"] == "person" and some["code"] in {"unavailable.not_held", "handled"}:
            some["value"] += 80  # 20 of 200 are left for organisations
    assert pd.isna(told(published(tmp_path, [report("a", 2019, "2019")], facts), "gap")["gap"]["rate"])


def test_sums_and_means_differ_and_a_mean_has_no_interval(tmp_path: Path) -> None:
    """50 of 200 and 100 of 100: 150 of 300 by sums, (0.25 + 1) / 2 by the reports' own ratios."""
    reports = [report("a", 2019, "2019"), report("b", 2020, "2019")]
    second = [fact("b", "granted", 100, "total"), fact("b", "handled", 100, "total")]
    found = published(tmp_path, reports, facts_of("a", "2019") + second)
    assert told(found, "disclosure")["disclosure"]["rate"] == pytest.approx(0.5)
    mean = told(found, "disclosure", means=True)["disclosure"]
    assert (mean["rate"], mean["n"]) == (pytest.approx(0.625), 2)
    assert pd.isna([mean["low"], mean["high"]]).all()


def test_concentration_over_agencies() -> None:
    """Six agencies with 50, 20, 10, 10, 5 and 5 requests, and one that is not known."""
    counts = [50, 20, 10, 10, 5, 5, 900]
    names = [*"abcdef", "unknown"]
    cells = pd.DataFrame(
        {
            "report_id": names, "all_key": "all", "agency_key": names, "value": counts, "state": "number", "doubt": None, "verdict": None,
            "code": "received", "part": "total",
        }
    )  # fmt: skip
    table = special.concentration(cells, "all", [indicators()["top5"], indicators()["gini"]]).set_index("code")
    assert [table.loc["top5", name] for name in ("numerator", "denominator", "rate", "n", "N")] == [95, 100, 0.95, 6, 6]
    # 2 * (1*5 + 2*5 + 3*10 + 4*10 + 5*20 + 6*50) / (6 * 100) - 7 / 6
    assert table.loc["gini", "rate"] == pytest.approx(2 * 485 / 600 - 7 / 6)
    assert special.gini(pd.Series([3.0, 3.0, 3.0])) == pytest.approx(0)
    assert pd.isna(special.gini(pd.Series([0.0])))
    few = special.concentration(cells.assign(value=1), "all", [indicators()["top5"]])
    assert few["rate"].notna().sum() == 0


@pytest.mark.parametrize(
    ("kind", "level", "year", "day", "met"),
    [
        ("bureau", "county", 2020, "2021-01-31", 1),
        ("bureau", "county", 2020, "2021-02-01", 0),
        ("government", "county", 2020, "2021-03-31", 1),
        ("government", "prefecture", 2020, "2021-04-01", 0),
        ("bureau", "township", 2020, "2021-01-01", None),
        ("township", "township", 2020, "2021-01-01", None),
        ("bureau", "county", 2020, None, None),
        ("bureau", "county", None, "2021-01-01", None),
    ],
)
def test_publication_in_time(
    kind: str, level: str, year: int | None, day: str | None, met: int | None, tmp_path: Path
) -> None:
    row = report("a", 2020, "2019") | {
        "report_year": year,
        "agency_type": kind,
        "agency_level": level,
        "published_on": day,
    }
    found = published(tmp_path, [row], [])
    table = special.shares_of_reports(found, found.reports.assign(all_key="all"), "all", [indicators()["on_time"]])
    assert table[["numerator", "denominator"]].to_numpy().tolist() == ([] if met is None else [[met, 1]])


def test_cells_filled_of_those_on_the_form(tmp_path: Path) -> None:
    facts = [
        fact("a", "received", 1, "total"),
        fact("a", "normative.made", None),
        fact("a", "narrative.disclosed_total", 3),
    ]
    found = published(tmp_path, [report("a", 2019, "2019")], facts)
    table = special.shares_of_reports(found, found.reports.assign(all_key="all"), "all", [indicators()["filled"]])
    assert table[["numerator", "denominator"]].to_numpy().tolist() == [[1, 198]]


def over_all(found: Dataset, name: str) -> list[Any]:
    """Numerator, denominator, rate, n and N of an indicator of whole reports."""
    reports = found.reports.assign(all_key="all")
    table = special.shares_of_reports(found, reports, "all", [indicators()[name]])
    return table[["numerator", "denominator", "rate", "n", "N"]].to_numpy().tolist()


def test_rules_that_hold_of_those_that_could_be_assessed(tmp_path: Path) -> None:
    """5 + 2 of 8 in one report, 1 of 2 in another; nothing could be assessed in the third, and the fourth has no rule."""
    counts = {"a": [(5, 0, 1, 9), (0, 2, 0, 0)], "b": [(1, 0, 1, 3)], "c": [(0, 0, 0, 7)]}
    names = ("passed", "passed_blank_as_zero", "failed", "not_assessable")
    rows: list[dict[str, Any]] = [
        {"report_id": name, "check_id": f"R{n}"} | dict(zip(names, some, strict=True))
        for name, each in counts.items()
        for n, some in enumerate(each)
    ]
    found = published(tmp_path, [report(name, 2020, "2019") for name in "abcd"], [], checks=rows)
    assert over_all(found, "consistency") == [[8, 10, pytest.approx(0.8), 2, 4]]


def test_wording_that_stands_elsewhere_is_a_mean_of_shares(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"report_id": "a", "prose_previous": 0.9, "prose_nearest": 0.2},
        {"report_id": "b", "prose_previous": None, "prose_nearest": 0.4},
    ]
    found = published(tmp_path, [report(name, 2020, "2019") for name in "abc"], [], copies=rows)
    assert over_all(found, "boilerplate_year") == [[0.9, 1, pytest.approx(0.9), 1, 3]]
    assert over_all(found, "boilerplate_other") == [[pytest.approx(0.6), 2, pytest.approx(0.3), 2, 3]]


def test_requests_per_head_need_both_a_count_and_residents(tmp_path: Path) -> None:
    """40 requests of 200,000 residents and 10 of 300,000: 10 per 100,000. A bureau has no residents."""
    people = {"a": 200_000, "b": 300_000, "c": None, "d": 100_000}
    reports = [report(name, 2020, "2019") | {"population_2020": count} for name, count in people.items()]
    facts = [fact(name, "received", count, "total") for name, count in (("a", 40), ("b", 10), ("c", 99))]
    facts.append(fact("d", "received", 7, "total") | {"doubt": "?"})
    found = published(tmp_path, reports, facts)
    base = found.reports.assign(all_key="all")
    cells = queries.cells(found, found.reports, [("received", "total")])
    rows = [
        special.per_head(cells, base, "all", indicators()["demand_per_100k"], doubt=doubt) for doubt in (False, True)
    ]
    assert [row[["numerator", "denominator", "rate", "n"]].to_numpy().tolist() for row in rows] == [
        [[50, 500_000, pytest.approx(10), 2]],
        [[57, 600_000, pytest.approx(9.5), 3]],
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("outcomes", "demand_per_100k"),
        ("overview", "consistency"),
        ("overview", "boilerplate_year"),
        ("overview", "boilerplate_other"),
    ],
)
def test_they_can_be_chosen_on_their_page(page: str, name: str, lang: str) -> None:
    one = indicators()[name]
    app = visit(page, lang=lang, rate=one.family, definition=name)
    assert one.label[lang].lower() in said(app).lower()


def test_the_catalogue_is_whole() -> None:
    assert {one.number for one in entries()} == set(range(1, 35))
    for one in entries():
        assert one.kind in catalogue.KINDS, one.id
        assert one.forms, one.id
        assert (one.kind == "none") == bool(one.needs["zh"]) == bool(one.needs["en"]), one.id
        assert (one.page in catalogue.PAGES) == (one.kind in {*rates.SHOWN, "split"}), one.id
        assert all(one.note.values()), one.id
        for terms in one.sums:
            assert all(part.codes for part in parts(terms)), one.id
    assert indicators()["overdue"].forms == ("2021",)
    assert "zhejiang2019" not in indicators()["review"].forms
    assert set(indicators()["clearance"].forms) == set(book().forms)


def test_the_page_of_the_catalogue_is_up_to_date() -> None:
    """`python -m codebook` writes it."""
    assert catalogue.PAGE.read_text(encoding="utf-8") == catalogue.page()
    assert all(f"(`{one.id}`)" in catalogue.page() for one in entries())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_definition_and_the_way_to_sum_change_chart_and_title(lang: str) -> None:
    titles, points = set[str](), list[list[float]]()
    for definition, how in (("disclosure", "sums"), ("disclosure_full", "sums"), ("disclosure", "means")):
        app = visit("outcomes", lang=lang, rate="disclosure", definition=definition, how=how)
        (title,) = [
            one.value for one in app.subheader if ("公开率：" if lang == "zh" else "Disclosure rate:") in one.value
        ]
        titles.add(title)
        points.append(figures(app)[-1]["data"][0]["x"])
    assert len(titles) == 3
    assert points == [[0.5], [0.5], [0.5]]  # 2020: 20 of 40 and 30 of 60 granted, no part


def test_a_definition_of_another_family_in_the_address_is_said_to_be_unknown() -> None:
    app = visit("outcomes", rate="refusal", definition="disclosure_full")
    assert any("disclosure" in one.value for one in app.warning)


def shown(name: str) -> Indicator:
    return indicators()[name]


def test_timeliness_and_completeness_stand_on_the_overview() -> None:
    app = visit("overview", rate="completeness")
    assert shown("filled").label["zh"] in said(app)
