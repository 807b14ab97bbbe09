"""One reader's journey a page, in a real browser, over the five reports that came whole.

The first request to a fresh server is a deep link with filters: frame, filter, figures and address are right at once.
"""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from codebook import decisions
from codebook.terms import provinces
from dashboard import data
from dashboard.frame import MENU
from tests.visits import Visit, report_of

# A busy machine may take a while for the first run of a fresh server.
expect.set_options(timeout=30_000)

ROOT = Path(__file__).resolve().parent.parent


def test_first_request_to_a_fresh_server_is_a_deep_link(visit: Visit, published: Path) -> None:
    """This test stands first in the file: the server has seen nobody yet."""
    page = visit.go("procurement?year=2019&by=agency")
    expect(page.get_by_role("heading", name="政府集中采购", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(sum(map(len, MENU.values())))
    expect(page.get_by_test_id("stSidebar").get_by_text("2019", exact=True)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_text("2,461万")).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert visit.params() == {"year": ["2019"], "by": ["agency"]}

    page.get_by_text("数据表", exact=False).first.click()
    download = visit.download()
    content = Path(download.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert download.suggested_filename.startswith("ogi_procurement-amount_all_2019_")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {row["机关"]: float(row["数值"]) for row in rows if row["数值"]} == amounts(published, 2019)


def amounts(published: Path, year: int) -> dict[str, float]:
    version = published / data.current(published)
    names = {r["report_id"]: r for r in pq.read_table(version / "reports.parquet").to_pylist()}
    facts = pq.read_table(version / "facts.parquet").to_pylist()
    return {
        str(names[f["report_id"]]["agency"]): float(f["value"])
        for f in facts
        if f["code"] == "procurement.amount" and names[f["report_id"]]["report_year"] == year
    }


def test_second_visitor_comes_by_a_deep_link_too(visit: Visit) -> None:
    page = visit.go("outcomes?year=2020")
    expect(page.get_by_role("heading", name="依申请公开", exact=True)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()


def test_filters_stay_when_the_page_changes_and_the_back_button_works(visit: Visit) -> None:
    page = visit.go("outcomes?year=2020")
    page.get_by_test_id("stSidebarNavLink").filter(has_text="主动公开").click()
    expect(page.get_by_role("heading", name="主动公开", exact=True)).to_be_visible()
    visit.settle()
    assert visit.params() == {"year": ["2020"]}
    assert urlsplit(page.url).path == "/volume"
    for _ in range(3):
        if urlsplit(page.url).path != "/outcomes":
            page.go_back()
            visit.settle()
    expect(page.get_by_role("heading", name="依申请公开", exact=True)).to_be_visible()
    assert visit.params() == {"year": ["2020"]}


def click_cell(page: Page, table: Locator, across: int) -> None:
    """Click in the first row of a table, `across` pixels from its left or (negative) right edge."""
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    box = table.bounding_box()
    assert box is not None
    x, y = box["x"] + across % box["width"], box["y"] + 52
    page.mouse.move(x, y)
    page.wait_for_timeout(200)
    page.mouse.click(x, y)


def test_from_a_bar_to_the_passage_in_two_clicks(visit: Visit) -> None:
    page = visit.go("procurement?year=2019&by=agency")
    bar = page.locator(".js-plotly-plot").first.locator(".bars .point path").first
    bar.click(force=True)
    visit.settle()
    rows = page.get_by_test_id("stExpander").filter(has_text="逐份核对").first
    expect(rows.get_by_test_id("stDataFrame")).to_be_visible()
    with page.context.expect_page() as opened:
        click_cell(page, rows.get_by_test_id("stDataFrame"), 30)
    second = Visit(opened.value, visit.address)
    second.settle()
    assert set(second.params()) == {"report", "code"}
    expect(second.page.locator("mark")).to_have_text("2358万")
    assert second.wrong == []


def test_report_in_english_and_a_cell_chosen_by_hand(visit: Visit, published: Path) -> None:
    page = visit.go(f"report?report={report_of(published, '002')}&code=procurement.amount&lang=en")
    expect(page.get_by_role("heading", name="One report", exact=True)).to_be_visible()
    expect(page.locator("mark")).to_have_text("2358万")
    click_cell(page, page.get_by_role("tabpanel").get_by_test_id("stDataFrame").first, -30)
    page.wait_for_url("**code=regulations.public_total**")
    visit.settle()
    expect(page.get_by_text("Government rules, total public")).to_be_visible()


def test_coverage_leads_to_the_report_and_hands_out_its_list(visit: Visit) -> None:
    page = visit.go("")
    page.get_by_role("link", name="覆盖情况：每份报告有哪些表").click()
    expect(page.get_by_role("heading", name="覆盖情况", exact=True)).to_be_visible()
    expect(page.get_by_text("不是全国总体，也不是随机样本")).to_be_visible()
    visit.settle()
    rows = page.get_by_test_id("stExpander").filter(has_text="各份报告的各张表")
    rows.locator("summary").click()
    expect(rows.get_by_test_id("stDataFrame")).to_be_visible()
    told = Path(visit.download(rows).path()).read_bytes().decode("utf-8-sig")
    listed = list(csv.DictReader(io.StringIO(told)))
    assert [row["规章和规范性文件"] for row in listed] == ["已读"] * 5


def test_language_switch_keeps_the_filters(visit: Visit) -> None:
    page = visit.go("volume?year=2020")
    page.get_by_test_id("stMain").get_by_text("English", exact=True).click()
    expect(page.get_by_role("heading", name="Disclosure volume", exact=True)).to_be_visible()
    visit.settle()
    assert visit.params() == {"lang": ["en"], "year": ["2020"]}
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("heading", name="主动公开", exact=True)).to_be_visible()
    visit.settle()
    assert visit.params() == {"year": ["2020"]}


def test_a_filter_chosen_by_hand_reaches_the_address(visit: Visit) -> None:
    page = visit.go("")
    years = page.get_by_test_id("stSidebar").get_by_role("combobox", name="年份")
    years.scroll_into_view_if_needed()  # a list that opens while the side bar scrolls closes again
    page.wait_for_timeout(300)
    years.click()
    page.get_by_role("option", name="2023").click()
    page.keyboard.press("Escape")
    page.wait_for_url("**year=2023**")
    visit.settle()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("1")


def test_absurd_address_is_a_sentence(visit: Visit) -> None:
    page = visit.go("review?year=%3Cb%3E9999&by=zzz")
    expect(page.get_by_text("没有报告")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_province_on_the_map_and_a_county_in_the_finder(visit: Visit, published: Path) -> None:
    """Charts, address, permalink and file follow the place that was picked."""
    page = visit.go("")
    squares = page.locator(".js-plotly-plot").first.locator(".scatterlayer .points path")
    expect(squares).to_have_count(len(provinces()))
    square = squares.nth(list(provinces()).index("33"))
    square.scroll_into_view_if_needed()
    place = square.bounding_box()
    assert place
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.wait_for_url("**province=33**")
    visit.settle()
    expect(page.get_by_test_id("stSidebar").get_by_text("浙江省", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="按市排列")).to_be_visible()

    finder = page.get_by_role("combobox", name="找地区")
    finder.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    finder.fill("kongtongqu")
    page.get_by_role("option").first.click()
    page.wait_for_url("**county=620802**")
    visit.settle()
    assert visit.params() == {"province": ["62"], "city": ["6208"], "county": ["620802"]}
    page.get_by_test_id("stSidebar").get_by_role("link", name="政府集中采购").click()
    page.wait_for_url("**/procurement?**")
    visit.settle()
    expect(page.get_by_text("合计 17.2万元")).to_be_visible()
    page.get_by_text("逐份核对", exact=False).first.click()
    rows = list(csv.DictReader(io.StringIO(Path(visit.download().path()).read_bytes().decode("utf-8-sig"))))
    assert {row["机关"] for row in rows if "机关" in row} <= {"平凉市崆峒区崆峒镇人民政府"}
    page.get_by_text("本页永久链接").click()
    link = page.get_by_test_id("stCode").inner_text()
    assert "county=620802" in link
    assert f"version={data.current(published).rpartition('/')[2]}" in link


@pytest.mark.parametrize("path", ["", *(stem for stems in MENU.values() for stem in stems if stem != "overview")])
def test_phone(browser: Browser, address: str, path: str) -> None:
    """Nothing runs over the right edge of a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    visit = Visit(context.new_page(), address)
    page = visit.go(path)
    expect(page.locator("h1")).to_be_visible()
    wide = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
    context.close()
    assert wide <= 390
    assert visit.wrong == []


def build(document: Path, out: Path, kept: Path) -> dict[str, list[dict[str, Any]]]:
    """The tables of a build in a process of its own, as somebody makes it at the command line."""
    command = [sys.executable, "-m", "loaders", "build", str(document), "--out", str(out), "--workers", "1"]
    environment = os.environ | {"OGI_DECISIONS": str(kept)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return {path.stem: pq.read_table(path).to_pylist() for path in (out / data.current(out)).glob("*.parquet")}


def sign(page: Page, button: str, author: str, reason: str) -> None:
    """Type who and why into the form of a button, and press it."""
    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name=button))
    form.get_by_label("决定人").fill(author)
    form.get_by_label("理由").fill(reason)
    page.get_by_role("button", name=button).click()


def test_a_decision_made_on_the_desk_changes_the_next_build_and_a_rebuild_keeps_it(
    browser: Browser, server: Callable[[Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "data" / "reports" / "004_402b3c2303c427b2.txt").read_text(encoding="utf-8")
    document, out, kept = tmp_path / "合成.txt", tmp_path / "out", tmp_path / "decisions"
    document.write_text(
        text.replace("行政处罚", "行政处罚措施").replace("对外公开总数量", "公开情况一览"), encoding="utf-8"
    )
    before = build(document, out, kept)
    assert {row["label_raw"]: row["match"] for row in before["labels"]}["行政处罚措施"] == "fuzzy"
    monkeypatch.setenv("OGI_DESK", "1")
    monkeypatch.setenv("OGI_DECISIONS", str(kept))
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True, locale="zh-CN")
    visit = Visit(context.new_page(), server(out))

    page = visit.go("labels")
    page.get_by_label("选一个标题").click()
    page.get_by_role("option", name="行政处罚措施").click()
    visit.settle()
    expect(page.locator("mark").first).to_have_text("行政处罚措施")
    sign(page, "记下决定", "甲", "少见的写法")
    expect(page.get_by_text("已写入，下次构建", exact=False)).to_be_visible()
    visit.settle()

    page = visit.go("findings?queue=doubts")
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_text("原件如此", exact=True).first.click()
    sign(page, "记下裁定", "乙", "对过原件")
    expect(page.get_by_text("已写入，下次构建", exact=False)).to_be_visible()
    visit.settle()
    assert len(decisions.read([kept]).verdicts) == 1

    told: dict[str, Any] = {}
    for _ in range(2):
        after = build(document, out, kept)
        label = next(row for row in after["labels"] if row["label_raw"] == "行政处罚措施")
        assert (label["match"], label["decision"], label["author"]) == ("alias", "accepted", "甲")
        (verdict,) = after["verdicts"]
        assert (verdict["verdict"], verdict["stands"], verdict["reason"]) == ("as_printed", True, "对过原件")
        (told,) = [row for row in after["facts"] if row["verdict"]]
        assert told["doubt"]

    page = visit.go(f"report?report={told['report_id']}&code={told['code']}")
    expect(page.get_by_text("原件如此：对过原件（乙，", exact=False)).to_be_visible()
    page = visit.go("labels?show=decided")
    page.get_by_text("决定文件（", exact=False).click()
    with page.expect_download() as found:
        page.get_by_role("button", name="aliases.csv").click()
    (tmp_path / "taken.csv").write_bytes(Path(found.value.path()).read_bytes())
    assert decisions.read([tmp_path / "taken.csv"]).aliases == decisions.read([kept]).aliases
    context.close()
    assert visit.wrong == []
