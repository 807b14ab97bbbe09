"""Regions, comparison and profile: tiles, the region finder, small multiples, peers; against numbers worked out here."""

import math
from pathlib import Path

import pandas as pd
import pytest

from codebook.terms import provinces
from dashboard import data, finder, multiples, peers, theme, tilemap
from dashboard.data import Dataset
from tests.made import publish
from tests.test_pages import figures, said, visit

POINTS = pd.DataFrame(
    {
        "group": ["a", "a", "a", "b", "b", "b"],
        "year": ["2019", "2020", "2021", "2019", "2020", "2021"],
        "line": [0, 0, 1, 0, 0, 1],
        "value": [0.0, 40.0, 60.0, 5.0, 10.0, 20.0],
        "form": ["2019", "2019", "2021", "2019", "2019", "2021"],
        "n": [1] * 6,
        "N": [1] * 6,
    }
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("compare"))


@pytest.fixture(autouse=True)
def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_DATA", str(folder))


@pytest.fixture(scope="module")
def dataset(folder: Path) -> Dataset:
    return data.read(folder / data.current(folder))


def tile(values: dict[str, float]) -> dict[str, str]:
    """Province → the colour of its square."""
    table = pd.DataFrame({"group": list(values), "value": list(values.values()), "n": 1, "N": 2})
    shapes = tilemap.figure(table, "zh", "件", "没有", ("33",))["layout"]["shapes"]
    return dict(zip(provinces(), (shape["fillcolor"] for shape in shapes), strict=True))


def test_every_province_has_one_square_and_no_two_share_one() -> None:
    assert len(provinces()) == 34
    assert len({(p.column, p.row) for p in provinces().values()}) == 34
    assert {len(p.short["en"]) for p in provinces().values()} == {2}


def test_squares_are_coloured_by_value_and_empty_where_nothing_is_known() -> None:
    colours = tile({"33": 1, "32": 2, "31": 3, "44": 4, "11": 5, "12": float("nan")})
    assert [colours[key] for key in ("33", "32", "31", "44", "11")] == list(theme.SCALE)
    assert colours["12"] == colours["71"] == theme.EMPTY
    assert set(tile({"33": 7, "32": 7}).values()) == {theme.SCALE[-1], theme.EMPTY}


def test_classes_never_part_equal_values() -> None:
    assert tilemap.steps([]) == []
    assert tilemap.steps([3, 3, 3]) == [3]
    bounds = tilemap.steps([0, 0, 0, 0, 9])
    assert tilemap.step(0, bounds) < tilemap.step(9, bounds) == len(theme.SCALE) - 1


def test_a_chosen_province_stands_out_and_a_click_carries_its_key() -> None:
    table = pd.DataFrame({"group": ["33"], "value": [4.0], "n": [1], "N": [1]})
    figure = tilemap.figure(table, "en", "items", "none", ("33",))
    keys = [key for (key,) in figure["data"][0]["customdata"]]
    thick = [key for key, shape in zip(keys, figure["layout"]["shapes"], strict=True) if shape["line"]["width"] == 3]
    assert (keys, thick) == (list(provinces()), ["33"])
    assert "Zhejiang<br>4 items" in figure["data"][0]["hovertext"][keys.index("33")]


def test_the_map_of_the_overview_counts_what_the_data_has() -> None:
    app = visit("overview", map="received")
    (chart,) = [one for one in figures(app) if len(one["data"][0]["x"]) == 34]
    told = dict(zip(provinces(), chart["data"][0]["hovertext"], strict=True))
    assert "<br>57 件<br>n = 3 / 3" in told["33"]  # 10 + 40 + 7 of the three reports of 甲县教育局
    assert "没有收录" in told["11"]
    narrow = visit("overview", map="received", province="62")
    (other,) = [one for one in figures(narrow) if len(one["data"][0]["x"]) == 34]
    assert other["data"][0]["hovertext"] == chart["data"][0]["hovertext"]  # the map shows where else there is something


def test_the_finder_names_paths_and_sets_the_filters(dataset: Dataset) -> None:
    known = finder.labels(dataset, "v", "f", "zh")
    assert known["33/3310"] == "浙江省 › 台州市"
    path = next(path for path, label in known.items() if label.startswith("浙江省 › 台州市 › 甲县"))
    app = visit("outcomes")
    app.selectbox(key=finder.BOX).set_value(path).run()
    assert [app.multiselect(key=f"filter.{level}").value for level in ("province", "city", "county")] == [
        [key] for key in path.split("/")
    ]
    assert app.selectbox(key=finder.BOX).value is None
    assert app.query_params["county"] == path.rpartition("/")[2]


def test_an_index_needs_a_year_in_which_all_have_more_than_zero() -> None:
    found, year = multiples.indexed(POINTS)
    assert year == "2020"
    kept = found[found["line"] == 0]
    assert list(kept["value"]) == [0.0, 100.0, 50.0, 100.0]
    assert found.loc[found["line"] == 1, "value"].isna().all()  # another line has no base: it is not the same quantity
    assert multiples.indexed(POINTS.assign(value=[1.0, math.nan, 1.0, math.nan, 1.0, 0.0]))[1] is None


def test_small_multiples_share_their_axes_and_break_their_lines() -> None:
    figure = multiples.figure(
        POINTS, {"a": "甲", "b": "乙"}, "zh", ["2019", "2021"], unit="件", percent=False, log=False
    )
    assert [(t["xaxis"], t["y"]) for t in figure["data"]] == [
        ("x", [0.0, 40.0]),
        ("x", [60.0]),
        ("x2", [5.0, 10.0]),
        ("x2", [20.0]),
    ]
    layout = figure["layout"]
    assert layout["xaxis"]["range"] == layout["xaxis2"]["range"]
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"]
    logged = multiples.figure(POINTS, {"a": "甲"}, "zh", ["2019", "2021"], unit="件", percent=False, log=True)
    assert [t["y"] for t in logged["data"]] == [[40.0], [60.0]]  # zero has no place on this axis


def test_peers_are_of_the_same_year_place_level_and_kind() -> None:
    reports = pd.DataFrame(
        {
            "year_key": ["2020"] * 4 + ["2019"],
            "level_key": ["county", "county", "county", "street", "county"],
            "agency_type": ["bureau"] * 5,
            "province_key": ["33", "33", "62", "33", "33"],
            "agency_key": ["a", "b", "c", "d", "b"],
        },
        index=["r1", "r2", "r3", "r4", "r5"],
    )
    assert list(peers.of(reports, "r1").index) == ["r2"]
    assert peers.of(reports.assign(province_key="unknown"), "r1").empty


def test_a_band_and_a_rank_need_five_peers() -> None:
    values = pd.Series([1.0, 2.0, 3.0, 4.0, math.nan])
    assert peers.band(values)[0] == 4
    assert math.isnan(peers.band(values)[2])
    assert peers.rank(3.0, values)[0] == 0
    five = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0])
    assert peers.band(five) == (5, 2.0, 3.0, 4.0)
    assert peers.rank(4.0, five) == (2, 0.7)


def test_compare_draws_what_the_address_names() -> None:
    app = visit("compare", kind="province", of="33,62", series="applications_received")
    (chart,) = figures(app)
    assert {t["customdata"][0][0]: t["y"] for t in chart["data"]} == {
        "33": [10.0, 40.0, 7.0],
        "62": [60.0, None, None, 0.0],
    }
    assert app.multiselect(key="compare.of").value == ["33", "62"]
    one = visit("compare", kind="province", of="33")
    assert "请至少选 2 个" in said(one)
    indexed = visit("compare", kind="province", of="33,62", series="applications_received", mode="index")
    assert "基年为 2020 年" in said(indexed)


def test_per_head_needs_a_population() -> None:
    app = visit("compare", kind="province", of="33,62", series="applications_received", mode="per100k")
    assert "2 个没有可用的人口数" in said(app)
    assert figures(app) == []


def test_a_profile_shows_years_with_every_kind_of_empty(dataset: Dataset) -> None:
    who = dataset.reports.loc["r2", "agency_key"]
    app = visit("profile", who=str(who))
    table = next(f.value for f in app.dataframe if "2020" in f.value.columns)
    rows = table.set_index(table.columns[0])
    made = rows.loc[next(name for name in rows.index if name.startswith("规范性文件·本年新公开数量"))]
    assert (made["2019"], made["2020"], made["2021"]) == ("2", "空白", "本表式无此项")
    repealed = rows.loc[next(name for name in rows.index if name.startswith("行政规范性文件·本年废止件数"))]
    assert (repealed["2021"], repealed["2019"]) == ("短横或斜杠", "本表式无此项")
