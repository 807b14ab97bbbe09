"""Uploads in a real browser: two visitors at once, and what becomes of a visitor's files when the tab is closed."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.uploads.store import PREFIX
from tests.browser import IDLE, ROOT
from tests.made import publish

expect.set_options(timeout=60_000)
REPORT = ROOT / "data" / "reports" / "002_661fbc7c25e971f6.txt"
PATIENCE = 60  # seconds for the server to see that a tab is gone


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def address(temporary: Path, tmp_path_factory: pytest.TempPathFactory, server: Callable[[Path], str]) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        # A closed tab may come back for so many seconds; two minutes by default.
        patch.setenv("STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL", "1")
        yield server(publish(tmp_path_factory.mktemp("made")))


def settle(page: Page) -> Page:
    page.wait_for_function(IDLE, timeout=60_000)
    page.wait_for_timeout(300)
    page.wait_for_function(IDLE, timeout=60_000)
    return page


def rooms(temporary: Path) -> list[Path]:
    return [path for path in temporary.glob(f"{PREFIX}*/*") if path.is_dir()]


def test_two_visitors_at_once_and_the_end_of_one(browser: Browser, address: str, temporary: Path) -> None:
    first, second = browser.new_context(), browser.new_context()
    one, other = first.new_page(), second.new_page()
    for page in (one, other):
        page.goto(f"{address}/upload")
        settle(page)
    one.locator("input[type=file]").set_input_files(REPORT)
    expect(one.get_by_role("button", name="读取")).to_be_enabled()
    one.get_by_role("button", name="读取").click()
    expect(one.get_by_role("heading", name="读懂了什么")).to_be_visible()
    one.get_by_role("button", name="用全部图表看这些报告").click()
    expect(one.get_by_text("各页现在显示你上传的 1 份报告")).to_be_visible()
    one.get_by_test_id("stSidebarNavLink").filter(has_text="政府集中采购").click()
    expect(one.get_by_text("2,358万").first).to_be_visible()
    assert len(rooms(temporary)) == 1

    for path in ("upload", "procurement"):
        other.goto(f"{address}/{path}")
        settle(other)
        expect(other.get_by_role("heading", name="读懂了什么")).to_have_count(0)
        expect(other.get_by_text("各页现在显示你上传的")).to_have_count(0)
    expect(other.get_by_text("数据版本 made1 · 代码本")).to_be_visible()
    # A new tab of the same person is another session, too: it has nothing of the first.
    again = first.new_page()
    again.goto(f"{address}/upload")
    settle(again)
    expect(again.get_by_role("heading", name="读懂了什么")).to_have_count(0)

    first.close()
    deadline = time.monotonic() + PATIENCE
    while rooms(temporary) and time.monotonic() < deadline:
        other.wait_for_timeout(200)
    assert rooms(temporary) == []
    second.close()


def test_a_file_above_the_limit_is_refused_by_the_server(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/upload")
    settle(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "large.txt", "mimeType": "text/plain", "buffer": b"0" * 11_000_000}
    )
    expect(page.get_by_text("large.txt")).to_be_visible()
    expect(page.get_by_text("must be 10.0MB or smaller")).to_be_visible()
    expect(page.get_by_role("button", name="读取")).to_be_disabled()
    context.close()
