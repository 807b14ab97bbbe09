"""The keys of a filter: a region by the code that most of its reports carry, never two regions under one key."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboard.regions import NONE, UNKNOWN, with_keys

PLACE = ("province", "city", "county", "adcode", "region_status")
Row = tuple[str | None, str | None, str | None, str | None, str]


def keys(rows: Sequence[Row], level: str) -> list[str]:
    """The keys of reports of these places."""
    of_report = {"agency": "某局", "agency_id": None, "agency_level": "county", "form": "2021", "report_year": 2022}
    reports = pd.DataFrame(
        [
            {"report_id": f"r{n}", **of_report, **dict(zip(PLACE, row, strict=True))}
            for n, row in enumerate(rows)
        ]
    )  # fmt: skip
    return [str(key) for key in with_keys(reports)[f"{level}_key"]]


def test_a_region_has_the_code_that_most_of_its_reports_carry() -> None:
    place = ("浙江省", "杭州市", "西湖区")
    rows = [(*place, code, "stated") for code in ("330105", "330106", "330106")]
    assert keys(rows, "county") == ["330106"] * 3
    assert keys(rows[::-1], "county") == ["330106"] * 3


def test_of_codes_equally_often_carried_the_first_in_the_data_stands() -> None:
    place = ("浙江省", "杭州市", "西湖区")
    assert keys([(*place, "330106", "stated"), (*place, "330105", "stated")], "county") == ["330106"] * 2


def test_two_regions_with_one_code_stay_two() -> None:
    rows = [("浙江省", "杭州市", name, "330106", "stated") for name in ("西湖区", "上城区")]
    assert sorted(keys(rows, "county")) == ["330106", "西湖区"]


def test_a_code_of_the_province_is_no_code_of_its_city() -> None:
    rows: list[Row] = [("浙江省", "杭州市", None, "330000", "stated")]
    assert keys(rows, "city") == ["杭州市"]
    assert keys(rows, "county") == [NONE]
    assert keys(rows, "province") == ["33"]


def test_a_place_that_could_not_be_told_is_no_place_that_is_not_there() -> None:
    rows: list[Row] = [("浙江省", None, None, None, "ambiguous"), ("浙江省", None, None, "330000", "stated")]
    assert keys(rows, "city") == [UNKNOWN, NONE]
