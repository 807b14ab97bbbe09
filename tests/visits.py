"""A reader in a real browser: a tab that remembers what went wrong in it, over the five reports that came whole."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq
from playwright.sync_api import Download, Locator, Page, TimeoutError

from dashboard import data
from tests.browser import IDLE

# Streamlit looks for its own base path below a deep link first, and Chromium reports the 404 as an error.
PROBES = ("/_stcore/health", "/_stcore/host-config")


class Visit:
    """A tab that remembers what went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.wrong: list[str] = []
        page.on("console", lambda m: self.note(m.text, m.location.get("url", "")) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.note(str(error), ""))
        page.on(
            "request", lambda r: self.note(r.url, r.url) if not r.url.startswith((address, "data:", "blob:")) else None
        )

    def note(self, text: str, url: str) -> None:
        if not url.endswith(PROBES) and not url.startswith(self.address.replace("http", "ws")):
            self.wrong.append(f"{text} {url}")

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.address}/{path}")
        return self.settle()

    def settle(self) -> Page:
        """The page once the app has run and drawn."""
        self.page.wait_for_function(IDLE)
        self.page.wait_for_timeout(400)
        self.page.wait_for_function(IDLE)
        return self.page

    def download(self, within: Locator | None = None) -> Download:
        """What the first download button of the page, or of a part of it, hands out; a click that met a page still drawing is made again."""
        for _ in range(2):
            self.settle()
            try:
                with self.page.expect_download(timeout=20_000) as found:
                    (within or self.page).get_by_role("button", name="下载 CSV").first.click()
            except TimeoutError:
                continue
            return found.value
        raise AssertionError("the button handed out nothing")

    def params(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.page.url).query)


def report_of(published: Path, stem: str) -> str:
    rows = pq.read_table(published / data.current(published) / "reports.parquet").to_pylist()
    return next(str(row["report_id"]) for row in rows if str(row["source_name"]).startswith(stem))
