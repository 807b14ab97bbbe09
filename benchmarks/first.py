"""How long a visitor waits for the first chart, in a real browser at a real server: the very first visit, and later ones."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from benchmarks.bars import Bar, Bench, Measured
from benchmarks.looking import REPORTS, dataset
from tests.browser import FLAGS, find_chromium, serve

PAGE, CHART = "outcomes", ".js-plotly-plot .main-svg"


def seconds(browser: Browser, address: str) -> float:
    """A new visitor, with an empty cache, up to the first chart."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    started = time.perf_counter()
    page.goto(f"{address}/{PAGE}", wait_until="commit")
    page.locator(CHART).first.wait_for(state="visible", timeout=60_000)
    took = time.perf_counter() - started
    context.close()
    return took


def run(rounds: int, size: int) -> Measured:
    """Seconds to the first chart of a server that nobody has visited; later visitors' are told."""
    home = dataset(size or REPORTS).folder.parent.parent
    cold, warm = list[float](), list[float]()
    with TemporaryDirectory() as logs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for number in range(max(1, rounds)):
            with serve(home, Path(logs) / f"{number}.log") as address:
                cold.append(seconds(browser, address))
                warm += [seconds(browser, address) for _ in range(2)]
        browser.close()
    median = statistics.median(warm)
    told = f"outcomes page of {size or REPORTS:,} reports, median of {len(cold)} servers; later visitors {median:.2f} s"
    return Measured(statistics.median(cold), told)


BENCH = Bench(Bar("first chart in Chromium, fresh server, seconds", "none", 4, 2.5), run)
