"""Numbers of the pages against a data set whose sums are known by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from codebook.indicators import indicators
from dashboard import data, queries, ratios
from dashboard.data import Dataset
from dashboard.selection import Selection, options
from tests.made import publish, write


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return data.read(publish(tmp_path_factory.mktemp("made")) / "versions" / "made1")


def by_key(table: pd.DataFrame, *keys: str) -> dict[Any, Any]:
    """Key columns → the row as a mapping."""
    return {tuple(row[k] for k in keys) if len(keys) > 1 else row[keys[0]]: row for row in table.to_dict("records")}


def totals(made: Dataset, codes: list[queries.Item], by: str, doubt: bool = False) -> dict[Any, Any]:
    table = queries.totals(queries.cells(made, made.reports, codes), by, doubt=doubt)
    return by_key(table, "group", "code")


def test_flows_are_summed_by_year(made: Dataset) -> None:
    found = totals(made, [("received", "total")], "year")
    assert {group: (row["value"], row["n"], row["N"]) for (group, _), row in found.items()} == {
        "2019": (10.0, 1, 1),
        "2020": (100.0, 2, 3),
        "2021": (7.0, 1, 1),
        "2023": (0.0, 1, 1),
    }
    assert found["2020", "received"]["unread"] == 1


def test_empty_cells_keep_their_kind(made: Dataset) -> None:
    found = totals(made, queries.items("normative.*"), "year")
    assert found["2020", "normative.published"]["blank"] == 1
    assert found["2020", "normative.public_total"]["text"] == 1
    assert found["2021", "normative.repealed"]["dash"] == 1
    assert pd.isna(found["2021", "normative.repealed"]["value"])
    assert found["2023", "normative.issued"]["value"] == 2


def test_a_form_without_the_cell_has_no_row(made: Dataset) -> None:
    cells = queries.cells(made, made.reports, queries.items("normative.public_total", "normative.in_force"))
    assert set(cells.loc[cells["code"] == "normative.public_total", "form_key"]) == {"2019"}
    assert set(cells.loc[cells["code"] == "normative.in_force", "form_key"]) == {"2021"}


def test_stocks_are_not_added_over_years(made: Dataset) -> None:
    found = totals(made, queries.items("normative.made", "normative.public_total"), "province")
    assert found["33", "normative.made"]["value"] == 7  # a flow: 2019 and 2020
    assert found["33", "normative.public_total"]["value"] == 15  # a stock: 2020 only


def test_doubtful_amounts_wait_for_the_switch(made: Dataset) -> None:
    assert pd.isna(totals(made, queries.items("procurement.amount"), "province")["62", "procurement.amount"]["value"])
    counted = totals(made, queries.items("procurement.amount"), "province", doubt=True)
    assert counted["62", "procurement.amount"]["value"] == 24_680_000


def test_figures_of_a_larger_body_wait_for_the_switch(made: Dataset) -> None:
    """r2 of 甲县教育局 may tell the county's figures: its documents and amounts wait, its requests do not."""
    reports = made.reports.assign(scope_doubt=pd.Series({"r2": "疑为全县数字"}).reindex(made.reports.index))
    told = replace(made, reports=reports)
    assert totals(told, queries.items("normative.made"), "province")["33", "normative.made"]["value"] == 3
    switched = totals(told, queries.items("normative.made"), "province", doubt=True)
    assert switched["33", "normative.made"]["value"] == 7
    assert totals(told, [("received", "total")], "province")["33", "received"]["value"] == 57


def test_amounts_by_grade_and_unknown_units_apart(made: Dataset) -> None:
    rows = queries.graded(queries.cells(made, made.reports, queries.items("procurement.amount")))
    parts = dict(zip(rows["report_id"], rows["part"], strict=True))
    assert parts == {"r1": "printed", "r2": "inferred_high", "r4": "inferred_medium", "r5": "unknown"}
    table = queries.totals(rows, "form")
    assert table.set_index("part")["unvalued"].to_dict()["unknown"] == 1
    assert table["value"].sum() == pytest.approx(23_580_000 + 1_027_415.6)


def test_shares_have_numerator_and_denominator(made: Dataset) -> None:
    cells = queries.cells(made, made.reports, [(code, "total") for code in (*queries.codes_of_outcome(), "handled")])
    table = queries.shares(cells, "year")
    found = by_key(table, "group", "code")
    assert [found["2020", "granted"][name] for name in ("value", "whole", "n", "N")] == [50, 100, 2, 3]
    assert found["2020", "withheld"]["share"] == pytest.approx(0.23)
    assert pd.isna(found["2023", "granted"]["share"])  # nothing handled: no share
    sums = table.groupby("group")["share"].sum().to_dict()
    assert sums == pytest.approx({"2019": 1, "2020": 1, "2021": 1, "2023": 0})


def test_applicants_add_up_to_all_received(made: Dataset) -> None:
    cells = queries.cells(made, made.reports, [("received", a) for a in queries.APPLICANTS])
    person = by_key(queries.mix(cells, "year"), "group", "part")["2020", "person"]
    assert (person["value"], person["whole"]) == (100, 100)


def test_rates_are_ratios_of_sums_and_guard_small_denominators(made: Dataset) -> None:
    cells = queries.cells(made, made.reports, [(code, "total") for code in (*queries.codes_of_outcome(), "handled")])
    found = by_key(ratios.rates(cells, "year", [indicators()["disclosure"]]), "group")
    assert [found["2020"][name] for name in ("numerator", "denominator", "rate")] == [50, 100, 0.5]
    assert 0.40 < found["2020"]["low"] < 0.5 < found["2020"]["high"] < 0.60
    assert found["2019"]["denominator"] == 10
    assert pd.isna(found["2019"]["rate"])


@pytest.mark.parametrize(
    ("hits", "trials", "interval"), [(0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (81, 263, (0.2554, 0.3662))]
)
def test_wilson(hits: int, trials: int, interval: tuple[float, float]) -> None:
    assert ratios.wilson(hits, trials) == pytest.approx(interval, abs=1e-3)


@pytest.mark.parametrize(("hits", "trials"), [(0, 0), (3, 2)])
def test_wilson_without_an_interval(hits: int, trials: int) -> None:
    assert ratios.wilson(hits, trials) == (None, None)


def test_an_outcome_that_does_not_close_is_left_out(made: Dataset) -> None:
    cells = queries.cells(made, made.reports, [(code, "total") for code in (*queries.codes_of_outcome(), "handled")])
    wrong = cells.assign(value=cells["value"].mask((cells["report_id"] == "r4") & (cells["code"] == "granted"), 31))
    assert "r4" not in queries.closing(wrong, "code", "handled").index
    assert set(queries.closing(cells, "code", "handled").index) == {"r1", "r2", "r3", "r4", "r6"}


def test_filters_narrow_by_code(made: Dataset) -> None:
    chosen = Selection(province=("33",), year=("2019", "2021")).apply(made.reports)
    assert list(chosen.index) == ["r1", "r3"]
    assert list(Selection(province=("unknown",)).apply(made.reports).index) == ["r5"]
    assert list(Selection(county=("none",)).apply(made.reports).index) == ["r6"]
    assert list(options(made.reports, Selection(province=("62",)), "city")) == ["6208", "none"]
    assert Selection(province=("99",)).apply(made.reports).empty


def test_no_cells_is_an_empty_table(made: Dataset) -> None:
    none = made.reports.iloc[:0]
    cells = queries.cells(made, none, queries.items("received", applicant="total"))
    assert cells.empty
    assert queries.totals(cells, "year").empty
    assert queries.shares(queries.cells(made, none, [("handled", "total")]), "year").empty


def damage(folder: Path, how: Callable[[Path], object]) -> data.DamagedError:
    how(folder / "versions" / "made1")
    with pytest.raises(data.DamagedError) as caught:
        data.read(folder / "versions" / "made1")
    return caught.value


def test_damage_is_told(tmp_path: Path) -> None:
    facts = publish(tmp_path / "a") / "versions" / "made1" / "facts.parquet"
    assert damage(tmp_path / "a", lambda _: facts.write_bytes(facts.read_bytes()[:-1])).key == "data.altered"
    publish(tmp_path / "b")
    assert damage(tmp_path / "b", lambda v: (v / "tables.parquet").unlink()).key == "data.file"
    publish(tmp_path / "c")
    assert (
        damage(tmp_path / "c", lambda v: (v / "manifest.json").write_text("{", encoding="utf-8")).key == "data.manifest"
    )


def test_current_stays_inside_its_folder(tmp_path: Path) -> None:
    with pytest.raises(data.MissingError):
        data.current(tmp_path)
    (tmp_path / "CURRENT").write_text("../elsewhere\n", encoding="utf-8")
    with pytest.raises(data.DamagedError) as caught:
        data.current(tmp_path)
    assert caught.value.key == "data.pointer"


def test_a_new_version_is_picked_up(tmp_path: Path) -> None:
    folder = publish(tmp_path)
    first = data.load(folder)
    assert data.load(folder) is first
    write(folder, "versions/made2", {name: [] for name in data.NEEDED})
    assert data.load(folder).version == "made2"
    assert len(first.reports) == 6


def test_cells_without_a_key_are_nobody_elses(made: Dataset) -> None:
    """They stand in a group of their own; counted as another group's they would be silently wrong."""
    rows = queries.cells(made, made.reports, [("received", "total")])
    lost = rows.assign(year_key=rows["year_key"].astype("str").where(rows["report_id"] != "r2"))
    before, after = (queries.totals(some, "year") for some in (rows, lost))
    assert after["N"].sum() == before["N"].sum() == len(rows)
    (nameless,) = after[after["group"].isna()].to_dict("records")
    assert (nameless["N"], nameless["value"]) == (1, rows.set_index("report_id")["value"]["r2"])
