"""What a reader takes along, in a real browser: pictures and every format of download, opened and compared."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from dashboard import data
from tests.visits import Visit, report_of


def test_a_saved_picture_carries_title_source_and_version(visit: Visit, published: Path) -> None:
    page = visit.go("procurement?year=2019&by=agency")
    assert not page.locator(".js-plotly-plot .gtitle").first.is_visible()  # on the page the heading says it
    page.get_by_test_id("stSidebar").get_by_text("SVG", exact=True).click()
    visit.settle()
    chart = page.locator(".js-plotly-plot").first
    chart.hover()
    with page.expect_download() as found:
        chart.locator("[data-title]").first.click()
    text = Path(found.value.path()).read_text(encoding="utf-8")
    version = data.current(published).rpartition("/")[2]
    assert found.value.suggested_filename == f"ogi_procurement-amount_all_2019_{version}.svg"
    for part in ("采购总金额（元）", "来源：政府信息公开年报数据 · 2019 · 2 份报告", f"数据版本 {version}", "卧龙山"):
        assert part in text
    assert 'width="960"' in text


def test_long_table_download_equals_the_data(visit: Visit, published: Path) -> None:
    visit.go("downloads?form=2021")
    found = list(csv.DictReader(io.StringIO(Path(visit.download().path()).read_bytes().decode("utf-8-sig"))))
    report = report_of(published, "003")
    stored = pq.read_table(published / data.current(published) / "facts.parquet").to_pylist()
    printed = [row for row in found if row["state"] not in ("unread", "not_on_form")]
    assert len(printed) == sum(f["report_id"] == report for f in stored)
    assert {row["report_id"] for row in found} == {report}
    assert {row["state"] for row in found} > {row["state"] for row in printed}  # what the form lacks is listed, too


OPENERS: dict[str, Callable[[bytes], pd.DataFrame]] = {
    "csv": lambda content: pd.read_csv(io.BytesIO(content)),
    "xlsx": lambda content: pd.read_excel(io.BytesIO(content), sheet_name="data"),
    "dta": lambda content: pd.read_stata(io.BytesIO(content)),
    "parquet": lambda content: pq.read_table(io.BytesIO(content)).to_pandas(),
}


def test_every_format_of_the_page_opens_and_equals_the_data(visit: Visit, published: Path) -> None:
    page = visit.go("downloads?form=2021")
    report, version = report_of(published, "003"), data.current(published).rpartition("/")[2]
    stored = [
        (f["code"], f["applicant"], f["value"])
        for f in pq.read_table(published / data.current(published) / "facts.parquet").to_pylist()
        if f["report_id"] == report
    ]
    total = {code: value for code, applicant, value in stored if applicant in (None, "total")}
    taken = {}
    buttons = page.get_by_test_id("stDownloadButton").get_by_role("button")
    for place in range(buttons.count()):
        with page.expect_download() as found:
            buttons.nth(place).click()
        visit.settle()
        name = found.value.suggested_filename
        assert name.startswith("ogi_")
        assert f"_2023_{version}." in name
        taken[name.split("_")[1] + Path(name).suffix] = Path(found.value.path()).read_bytes()
    files: dict[str, tuple[str, ...]] = {
        "long": ("csv", "xlsx", "dta", "parquet"),
        "wide": ("csv", "xlsx", "dta", "parquet"),
    }
    files |= {"reports": ("csv", "xlsx", "parquet"), "codebook": ("csv", "xlsx"), "bundle": ("zip",)}
    assert set(taken) == {f"{name}.{ending}" for name, endings in files.items() for ending in endings}

    for ending in ("csv", "xlsx", "dta", "parquet"):
        rows = OPENERS[ending](taken[f"long.{ending}"])
        values = rows.loc[rows["value"].notna(), "value"]
        assert sorted(values) == sorted(value for *_, value in stored if value is not None)
        row = OPENERS[ending](taken[f"wide.{ending}"]).iloc[0]
        for code, value in total.items():
            cell = row[code.replace(".", "_") if ending == "dta" else code]
            assert (None if pd.isna(cell) else cell) == value
    with zipfile.ZipFile(io.BytesIO(taken["bundle.zip"])) as archive:
        assert archive.read("long.csv") == taken["long.csv"]
        text = archive.read("README.md").decode()
    assert f"version={version}" in text
    assert "表式：2021年表式" in text
