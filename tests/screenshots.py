"""Pictures of every page, desktop and phone, Chinese and English, light and dark, for somebody to look at.

    python -m tests.screenshots FOLDER [--data data/published] [--pages overview,report] [--query "province=浙江省"]

One PNG a page and view, as tall as the page. Nothing is compared: a person looks. Exits with 1 where a page shows an
error or asks another host.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from dashboard.frame import MENU
from tests.browser import FLAGS, IDLE, find_chromium, serve

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
SCHEMES = ("light", "dark")
LANGUAGES = ("zh", "en")
TALLEST = 12_000  # pixels: Chromium takes no taller picture
SETTLE = 700  # milliseconds that charts need to draw once the app is idle


@dataclass(frozen=True, slots=True)
class View:
    """How a page is looked at."""

    size: str
    scheme: str
    language: str

    @property
    def name(self) -> str:
        return f"{self.size}-{self.scheme}-{self.language}"


def main() -> int:
    """Take the pictures and name what went wrong; 0 where nothing did."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    stems = [stem for section in MENU.values() for stem in section]
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=Path("data/published"))
    parser.add_argument("--pages", default=",".join(stems))
    parser.add_argument("--query", default="", help="what stands in the address behind ?")
    parser.add_argument("--views", default="", help="only views whose name contains this: phone, dark-en, …")
    given = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        print("没有找到 Chromium · no Chromium found")
        return 2
    given.folder.mkdir(parents=True, exist_ok=True)
    wrong = list[str]()
    with (
        TemporaryDirectory() as logs,
        serve(given.data.resolve(), Path(logs) / "server.log") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for view in _views(given.views):
            wrong += _pictures(browser, address, view, given.pages.split(","), given.query, given.folder)
        browser.close()
    print(*wrong, sep="\n")
    return int(bool(wrong))


def _views(wanted: str) -> Iterator[View]:
    for size, scheme, language in product(SIZES, SCHEMES, LANGUAGES):
        view = View(size, scheme, language)
        if wanted in view.name:
            yield view


def _pictures(browser: Browser, address: str, view: View, stems: list[str], query: str, folder: Path) -> Iterator[str]:
    width, height = SIZES[view.size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=view.scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    for stem in stems:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{address}/{'' if stem == 'overview' else stem}?lang={view.language}&{query}")
        try:
            _settle(page)
        except TimeoutError:
            yield f"{stem} {view.name}: 没有画完 · never settled"
        tall = page.evaluate("() => document.querySelector('[data-testid=stMain]')?.scrollHeight || 0")
        page.set_viewport_size({"width": width, "height": min(TALLEST, max(height, int(tall) + 40))})
        page.wait_for_timeout(SETTLE)
        page.screenshot(path=folder / f"{stem}-{view.name}.png")
        if page.get_by_test_id("stException").count():
            yield f"{stem} {view.name}: 出错 · an exception is shown"
    yield from sorted({url for url in asked if not url.startswith((address, "data:", "blob:"))})
    context.close()


def _settle(page: Page) -> None:
    page.wait_for_function(IDLE, timeout=60_000)
    page.wait_for_timeout(SETTLE)
    page.wait_for_function(IDLE, timeout=60_000)


if __name__ == "__main__":
    sys.exit(main())
