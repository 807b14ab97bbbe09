"""One journey a page for those whose journey stands nowhere else, and one without a mouse.

The numbers are held against the published Parquet, not against what the dashboard computes.
"""

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from playwright.sync_api import Locator, Page, expect

from dashboard import data
from tests.visits import Visit, report_of

expect.set_options(timeout=30_000)


def stored(published: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(published / data.current(published) / f"{name}.parquet").to_pylist()
    return rows


def taken(visit: Visit, within: Locator, place: int = 0) -> list[dict[str, str]]:
    """What a CSV button of a part of the page hands out: the first, or the one at `place`."""
    visit.settle()
    with visit.page.expect_download() as found:
        within.get_by_role("button", name="下载 CSV").nth(place).click()
    return list(csv.DictReader(io.StringIO(Path(found.value.path()).read_bytes().decode("utf-8-sig"))))


def opened(visit: Visit, text: str, place: int = 0) -> Locator:
    """An expander of the page, unfolded."""
    box = visit.page.get_by_test_id("stExpander").filter(has_text=text).nth(place)
    box.locator("summary").click()
    visit.settle()
    return box


def totals(published: Path, code: str) -> dict[str, float]:
    """Year → sum of a code's undoubted values."""
    years = {row["report_id"]: str(row["report_year"]) for row in stored(published, "reports")}
    found: Counter[str] = Counter()
    for fact in stored(published, "facts"):
        sure = fact["value"] is not None and not fact["doubt"]
        if sure and fact["code"] == code and fact["applicant"] in (None, "total"):
            found[years[fact["report_id"]]] += fact["value"]
    return dict(found)


def test_volume_by_year_then_by_agency(visit: Visit, published: Path) -> None:
    page = visit.go("volume")
    expect(page.get_by_role("heading", name="主动公开", exact=True)).to_be_visible()
    rows = taken(visit, opened(visit, "数据表", 1))
    made = {row["年份"]: float(row["数值"]) for row in rows if row["项目"] == "规范性文件·新制作" and row["数值"]}
    assert made == totals(published, "normative.made")
    page.get_by_test_id("stMain").get_by_role("radio", name="机关", exact=True).click()
    page.wait_for_url("**by=agency**")
    visit.settle()
    assert visit.params() == {"by": ["agency"]}
    page.reload()
    visit.settle()
    expect(page.get_by_test_id("stMain").get_by_role("radio", name="机关", exact=True)).to_be_checked()


def test_outcomes_and_the_cells_behind_them(visit: Visit, published: Path) -> None:
    page = visit.go("outcomes")
    rows = taken(visit, opened(visit, "数据表"))
    received = {row["年份"]: float(row["数值"]) for row in rows if row["项目"].startswith("新收") and row["数值"]}
    assert received == totals(published, "received")
    cells = opened(visit, "逐份核对")
    listed = taken(visit, cells)
    assert sum(float(row["数值"]) for row in listed if row["项目"].startswith("新收")) == sum(received.values())
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_review_counts_cases_as_printed(visit: Visit, published: Path) -> None:
    visit.go("review?by=agency")
    rows = taken(visit, opened(visit, "数据表"))
    assert {row["单位"] for row in rows} == {"件"}
    upheld = sum(float(row["数值"]) for row in rows if row["项目"].endswith("结果维持") and row["数值"])
    assert upheld == sum(totals(published, "reconsideration.upheld").values())


def test_profile_of_an_agency_that_was_chosen_by_name(visit: Visit, published: Path) -> None:
    page = visit.go("profile")
    box = page.get_by_role("combobox", name="选择机关", exact=False)
    box.fill("卧龙")
    page.get_by_role("option").first.click()
    page.wait_for_url("**who=**")
    visit.settle()
    named = next(row for row in stored(published, "reports") if "卧龙" in str(row["agency"]))
    expect(page.get_by_text(str(named["agency"])).first).to_be_visible()
    rows = taken(visit, page.get_by_test_id("stMain"), place=1)
    told = [float(row["2019"]) for row in rows if row["2019"] and row["项目"].startswith("政府集中采购")]
    printed = [
        f["value"]
        for f in stored(published, "facts")
        if f["report_id"] == named["report_id"] and f["code"].startswith("procurement.")
    ]
    assert told == printed


def test_compare_two_provinces_then_one_is_too_few(visit: Visit, published: Path) -> None:
    page = visit.go("compare?kind=province&of=33,62&series=received")
    expect(page.get_by_role("heading", name="比较", exact=True)).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    rows = taken(visit, opened(visit, "数据表"))
    places = {row["report_id"]: row["province"] for row in stored(published, "reports")}
    values = [
        f["value"]
        for f in stored(published, "facts")
        if f["code"] == "received"
        and f["applicant"] == "total"
        and not f["doubt"]
        and str(places[f["report_id"]]).startswith(("浙江", "甘肃"))
    ]
    assert sorted(float(row["数值"]) for row in rows if row["数值"]) == sorted(values)
    page.get_by_test_id("stMain").get_by_role("radio", name="对数").click()
    page.wait_for_url("**scale=log**")
    visit.settle()
    page.get_by_test_id("stMultiSelect").get_by_label("Remove", exact=False).first.click()
    expect(page.get_by_text("请至少选 2 个。")).to_be_visible()


def test_findings_of_one_severity_and_one_rule(visit: Visit, published: Path) -> None:
    page = visit.go("findings?severity=error")
    rows = taken(visit, opened(visit, "数据表"))
    kept = Counter(row["check_id"] for row in stored(published, "findings") if row["severity"] == "error")
    assert {row["检查"]: int(row["发现"]) for row in rows} == dict(kept)
    expect(page.get_by_role("heading", name="待核对", exact=True)).to_be_visible()


def test_codebook_is_searched_and_taken_whole(visit: Visit) -> None:
    page = visit.go("codebook")
    search = page.get_by_role("textbox", name="搜索")
    before = page.get_by_text("条", exact=False)
    expect(before.first).to_be_visible()
    search.fill("采购")
    search.press("Enter")
    visit.settle()
    expect(page.get_by_text("procurement", exact=False).first).to_be_attached()
    rows = taken(visit, page.get_by_test_id("stMain"))
    assert len(rows) > 300
    assert any("procurement.amount" in row.values() for row in rows)


def test_regions_tells_how_each_report_was_placed(visit: Visit, published: Path) -> None:
    page = visit.go("regions")
    expect(page.get_by_role("heading", name="地区", exact=True)).to_be_visible()
    rows = taken(visit, page.get_by_test_id("stMain"))
    assert len(rows) == len(stored(published, "reports"))


def test_methods_and_cite_name_the_version(visit: Visit, published: Path) -> None:
    page = visit.go("methods")
    opened(visit, "各表式有哪些指标")
    expect(page.get_by_test_id("stDataFrame").nth(1)).to_be_visible()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="怎样引用").click()
    expect(page.get_by_role("heading", name="怎样引用", exact=True)).to_be_visible()
    visit.settle()
    version = data.current(published).rpartition("/")[2]
    blocks = page.get_by_test_id("stCode").all_inner_texts()
    assert len(blocks) == 2
    assert all(version in block for block in blocks)
    assert blocks[1].startswith("@")


def focused(page: Page, wanted: str, most: int = 200) -> None:
    """Go on with the tab key until what has the focus meets a selector."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"the tab key never came to {wanted}")


def test_by_keyboard_alone_from_a_filter_to_the_passage(visit: Visit, published: Path) -> None:
    """No pointer: a year in the side bar, the rows behind a chart, one row's report, its passage."""
    page = visit.go("procurement")
    page.locator("body").focus()
    focused(page, "[data-testid=stSidebar] input[aria-label=年份]")
    page.keyboard.type("2019")
    page.keyboard.press("Enter")
    page.wait_for_url("**year=2019**")
    visit.settle()
    focused(
        page, "[data-testid=stExpander]:has([aria-label*=逐份核对]) summary, .st-key-procurement-amount-rows summary"
    )
    page.keyboard.press("Enter")
    visit.settle()
    focused(page, "input[type=number]")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    visit.settle()
    expect(page.get_by_test_id("stText").filter(has_text="嘉祥县卧龙山街道 · 2019")).to_be_visible()
    focused(page, "[data-testid=stLinkButton] a, a[data-testid^=stBaseLinkButton]")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    second = Visit(opened.value, visit.address)
    second.settle()
    assert second.params() == {"report": [report_of(published, "002")], "code": ["procurement.amount"]}
    expect(second.page.locator("mark")).to_have_text("2358万")
    focused(second.page, "[role=region], [tabindex='0']:has(mark)")
    assert second.wrong == []
