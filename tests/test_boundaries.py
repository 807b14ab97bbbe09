"""A reader's own GeoJSON: projected, coloured, clickable; whatever else lies in the folder is told and not drawn."""

import json
from math import radians, sin
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard import boundaries, theme
from dashboard.boundaries import BadBoundaries
from tests.made import publish
from tests.test_pages import figures, said, visit


def square(code: object, left: float, bottom: float, turn: int = 1) -> dict[str, Any]:
    ring = [[left, bottom], [left + 1, bottom], [left + 1, bottom + 1], [left, bottom + 1], [left, bottom]][::turn]
    return {"type": "Feature", "properties": {"adcode": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def put(folder: Path, *features: dict[str, Any], name: str = "a.geojson") -> Path:
    folder.mkdir(exist_ok=True)
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_projection_is_equal_area_and_upright() -> None:
    west, middle, east = (boundaries.project(x, 35) for x in (95, 105, 115))
    assert middle[0] == pytest.approx(0)
    assert west[0] == pytest.approx(-east[0])
    assert boundaries.project(105, 50)[1] > middle[1]

    def area(bottom: float) -> float:
        ring = [boundaries.project(100 + i / 20, bottom) for i in range(21)]
        ring += [boundaries.project(101 - i / 20, bottom + 1) for i in range(21)]
        pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
        return abs(sum(a * d - b * c for (a, b), (c, d) in pairs)) / 2

    band = (sin(radians(51)) - sin(radians(50))) / (sin(radians(21)) - sin(radians(20)))
    assert area(50) / area(20) == pytest.approx(band, rel=1e-3)


def test_winding_does_not_matter_and_codes_of_any_form_are_read(tmp_path: Path) -> None:
    here = boundaries.shapes(put(tmp_path / "a", square("330000", 120, 28), square(156620000, 103, 36)))
    there = boundaries.shapes(put(tmp_path / "b", square(330000, 120, 28, -1), square("620000", 103, 36, -1)))
    assert here
    assert there
    assert (here.level, set(here.rings)) == ("province", {"33", "62"})
    assert sorted(here.rings["33"][0]) == sorted(there.rings["33"][0])


def test_no_folder_no_map_and_a_bad_file_says_why(tmp_path: Path) -> None:
    assert boundaries.shapes(tmp_path / "none") is None
    for name, text in {"a": "{", "b": '{"features": [{"geometry": 1, "properties": {"adcode": 330000}}]}'}.items():
        folder = put(tmp_path / name)
        (folder / "a.geojson").write_text(text, encoding="utf-8")
        with pytest.raises(BadBoundaries, match=r"a\.geojson"):
            boundaries.shapes(folder)
    with pytest.raises(BadBoundaries, match="no feature"):
        boundaries.shapes(put(tmp_path / "c", square("x", 1, 1)))


def test_colours_are_those_of_the_values(tmp_path: Path) -> None:
    found = boundaries.shapes(put(tmp_path / "a", square("330000", 120, 28), square("620000", 103, 36)))
    assert found
    table = pd.DataFrame({"group": ["33"], "value": [7.0], "n": [1], "N": [2]})
    drawn = boundaries.figure(found, table, {"33": "<b>浙江"}, "zh", "件", "没有")["data"]
    assert {trace["fillcolor"] for trace in drawn[:-1]} == {theme.SCALE[-1], theme.EMPTY}
    assert drawn[-1]["customdata"] == [["33"], ["62"]]
    assert drawn[-1]["hovertext"] == ["&lt;b&gt;浙江<br>7 件<br>n = 1 / 2", "62<br>没有"]


def test_the_overview_switches_between_boundaries_and_squares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_DATA", str(publish(tmp_path / "data")))
    monkeypatch.setattr(
        boundaries, "FOLDER", put(tmp_path / "own", square("331000", 120, 28), square("620800", 106, 35))
    )
    monkeypatch.setattr(boundaries.shapes, "__defaults__", (tmp_path / "own",))
    app = visit("overview")
    assert "自备的边界" in said(app)
    (chart,) = [one for one in figures(app) if one["data"][-1].get("customdata") == [["3310"], ["6208"]]]
    assert "<br>3 份" in chart["data"][-1]["hovertext"][0]
    squares = visit("overview", drawn="squares")
    assert "一省一格" in said(squares)
    (tmp_path / "own" / "a.geojson").write_text("{", encoding="utf-8")
    assert "读不了" in said(visit("overview"))
