"""Series over forms: which values may stand on one line, and where a chart breaks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from codebook import book
from codebook.listing import forms_with
from codebook.series import Formula, Term, join, lines, parse, series
from codebook.terms import notes
from dashboard import curves, data, trends
from dashboard.curves import Mark
from dashboard.data import Dataset
from dashboard.queries import cells, codes
from tests.made import write
from tests.test_pages import figures, folder, made, said, visit  # noqa: F401 - the pages' data are fixtures

OF_MODEL = {  # grade 2014 to 2019 and 2019 to 2021, as the comparability was settled; "" where one has no item
    "applications_received": ("medium", "high"),
    "applications_closed": ("medium", "high"),
    "granted": ("medium", "high"),
    "partial": ("medium", "high"),
    "refused": ("low", "high"),
    "not_held": ("low", "high"),
    "other_handling": ("none", "medium"),
    "review_total": ("medium", "high"),
    "review_corrected_rate": ("low", "high"),
    "litigation_total": ("medium", "high"),
    "normative_made": ("medium", "medium"),
    "normative_in_force": ("none", "none"),
    "license_decisions": ("none", "high"),
    "penalty_decisions": ("none", "high"),
    "coercion_decisions": ("none", "high"),
    "procurement_amount": ("none", "none"),
    "fee_amount": ("none", "none"),
    "disclosed_items": ("low", "high"),
}


def test_grades_between_forms() -> None:
    assert {
        name: (join(name, "national2014", "2019").grade, join(name, "2019", "2021").grade) for name in series()
    } == OF_MODEL


def test_a_join_is_the_same_from_either_side_and_gives_its_reason() -> None:
    forms = (*book().forms, *book().older)
    for name in series():
        for one in forms:
            for other in forms:
                told = join(name, one, other)
                assert told == join(name, other, one)
                first, second = series()[name].of(one), series()[name].of(other)
                same = first is not None and first == second
                assert bool(told.why["zh"]) == bool(told.why["en"]) == (not same), (name, one, other)
                assert told.grade == "high" or not same


def test_stock_and_total_are_never_joined_and_steps_take_the_weakest() -> None:
    assert join("normative_in_force", "2021", "2019").grade == "none"
    assert "normative.public_total" not in {
        t.code for f in series()["normative_in_force"].formulas.values() for t in f.terms
    }
    assert join("normative_made", "national2014", "2021").grade == "medium"
    assert join("refused", "national2014", "2021").grade == "low"
    assert join("review_total", "zhejiang2019", "national2014").grade == "medium"
    assert join("granted", "hubei2019", "beijing2019").grade == "high"


def test_lines() -> None:
    assert lines("refused", ("national2014", "2019", "2021")) == {"national2014": 0, "2019": 1, "2021": 1}
    assert lines("granted", ("national2014", "2019", "2021")) == dict.fromkeys(("national2014", "2019", "2021"), 0)
    assert lines("granted", ("fujian2008", "fujian2014", "2021")) == {"fujian2008": 0, "fujian2014": 0, "2021": 1}


def test_formulas_name_cells_of_their_forms() -> None:
    for one in series().values():
        assert one.note == "" or one.note in notes()
        for form, formula in one.formulas.items():
            for term in formula.terms:
                found = codes(term.code)
                assert found, (one.series, term)
                assert all(form in forms_with(code) or code.startswith("narrative.") for code in found), (
                    one.series,
                    term,
                )
                assert not term.part or term.part in book().applicants


def test_the_language_of_formulas() -> None:
    a, b = Term(1, "a.x", ""), Term(-1, "b.*", "total")
    assert parse("a.x - b.*@total") == Formula((a, b))
    assert parse("a.x / a.x - b.*@total") == Formula((a,), (a, b))
    for text in ("a b", "+ a", "a +", "a * b"):
        with pytest.raises(ValueError, match="not a sum"):
            parse(text)


def report(name: str, year: int, form: str, agency: str = "合成县教育局") -> dict[str, Any]:
    return {
        "report_id": name, "source_name": f"{name}.txt", "title": agency, "agency": agency, "agency_id": agency,
        "agency_level": "county", "province": "福建省", "adcode": "350128", "report_year": year, "form": form,
        "is_current": True, "status": "complete", "synthetic": True,
    }  # fmt: skip


def fact(
    name: str, code: str, value: float | None, applicant: str | None = None, doubt: str | None = None
) -> dict[str, Any]:
    state = "blank" if value is None else "number"
    measure = book().measures[code]
    return {
        "report_id": name, "table": measure.table, "code": code, "applicant": applicant, "state": state, "value": value,
        "unit": measure.unit, "raw": "" if value is None else f"{value:g}", "label_raw": code, "doubt": doubt,
    }  # fmt: skip


def published(at: Path, reports: list[dict[str, Any]], facts: list[dict[str, Any]]) -> Dataset:
    tables: dict[str, list[dict[str, object]]] = {name: [] for name in data.NEEDED}
    write(at, "versions/series", tables | {"reports": reports, "facts": facts})
    return data.read(at / "versions" / "series")


def told(found: Dataset, name: str, *, doubt: bool = False) -> pd.DataFrame:
    one = series()[name]
    rows = cells(found, found.reports, trends.items(one)).assign(all_key=trends.EVERY)
    return trends.points(rows, one, trends.EVERY, doubt=doubt)


def outcomes(name: str, form: str, **some: float) -> list[dict[str, Any]]:
    """All outcomes of a report, blank but for `some` (dots as __)."""
    given = {code.replace("__", "."): value for code, value in some.items()}
    shown = [
        code
        for code in codes(
            "granted", "granted_in_part", "withheld.*", "unavailable.*", "unprocessed.*", "other", "other.*"
        )
        if form in forms_with(code)
    ]
    return [fact(name, code, given.get(code), "total") for code in (*shown, "handled")]


def test_a_line_breaks_where_values_may_not_be_joined(tmp_path: Path) -> None:
    """Refusals: 9 - 2 on the national table of 2018, 5 of 2019, 6 of 2021, the last on one line of its own."""
    reports = [report("a", 2018, "national2014"), report("b", 2019, "2019"), report("c", 2021, "2021")]
    facts = [fact("a", "n14.reply.refused", 9), fact("a", "n14.reply.refused.not_gov_info", 2)]
    facts += outcomes("b", "2019", withheld__state_secret=5, handled=5) + outcomes(
        "c", "2021", withheld__third_party=6, handled=6
    )
    table = told(published(tmp_path, reports, facts), "refused")
    assert table[["year", "line", "value", "n", "N"]].values.tolist() == [
        ["2018", 0, 7.0, 1, 1],
        ["2019", 1, 5.0, 1, 1],
        ["2021", 1, 6.0, 1, 1],
    ]
    drawn = curves.figure(table, {trends.EVERY: "合计"}, "zh", [Mark(2018.5, "x", True)], percent=False, unit="件")
    assert [(trace["x"], trace["y"]) for trace in drawn["data"]] == [
        ([2018], [7.0]),
        ([2019, 2020, 2021], [5.0, None, 6.0]),
    ]
    assert [trace["connectgaps"] for trace in drawn["data"]] == [False, False]
    assert [shape["x0"] for shape in drawn["layout"]["shapes"]] == [2018.5]


def test_a_missing_part_is_no_value(tmp_path: Path) -> None:
    reports = [report("a", 2018, "national2014"), report("b", 2017, "national2014")]
    facts = [fact("a", "n14.reply.refused", 9), fact("b", "n14.reply.refused", 9)]
    facts += [fact("b", "n14.reply.refused.not_gov_info", 2, doubt="?")]
    found = published(tmp_path, reports, facts)
    assert told(found, "refused")["value"].isna().all()
    assert told(found, "refused", doubt=True)["value"].tolist()[0] == 7.0


def test_a_rate_of_few_cases_is_no_point(tmp_path: Path) -> None:
    reports = [report("a", 2019, "2019"), report("b", 2020, "2019")]
    facts = [
        fact(r, f"reconsideration.{k}", v)
        for r, n in (("a", 3), ("b", 6))
        for k, v in (("upheld", n), ("corrected", n), ("other", 0))
    ]
    table = told(published(tmp_path, reports, facts), "review_corrected_rate").set_index("year")["value"]
    assert pd.isna(table["2019"])
    assert table["2020"] == 0.5


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_marks_the_change_of_form_and_says_why(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = [report("a", 2017, "fujian2017"), report("b", 2020, "2019"), report("c", 2021, "2021")]
    facts = [fact("a", "fj.requests_received", 4), fact("b", "received", 5, "total"), fact("c", "received", 6, "total")]
    published(tmp_path, reports, facts)
    monkeypatch.setenv("OGI_DATA", str(tmp_path))
    app = visit("outcomes", lang=lang)
    lines_ = [
        figure
        for figure in figures(app)
        if figure["data"] and figure["data"][0]["type"] == "scatter" and "error_x" not in figure["data"][0]
    ]
    (drawn,) = lines_
    assert [trace["y"] for trace in drawn["data"]] == [[4.0], [5.0, 6.0]]
    assert [shape["x0"] for shape in drawn["layout"]["shapes"]] == [2018.5, 2020.5]
    assert ("线在此断开" if lang == "zh" else "the line breaks") in said(app)
    assert ("项目相同" if lang == "zh" else "the same item") in said(app)
    by_agency = visit("outcomes", lang=lang, by="agency", series="granted")
    assert by_agency.query_params["series"] == "granted"


def test_bars_over_years_mark_the_change_of_form() -> None:
    flow = figures(visit("outcomes"))[0]
    assert [shape["x0"] for shape in flow["layout"]["shapes"]] == [1.5]
