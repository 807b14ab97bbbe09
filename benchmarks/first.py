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


def seconds(browser: Browser, address: str) -> tuple[float, float]:
    """A new visitor, with an empty cache, up to the first chart; and the same visitor, who comes again."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    took = list[float]()
    for _ in range(2):
        page = context.new_page()
        started = time.perf_counter()
        page.goto(f"{address}/{PAGE}", wait_until="commit")
        page.locator(CHART).first.wait_for(state="visible", timeout=60_000)
        took.append(time.perf_counter() - started)
        page.close()
    context.close()
    return took[0], took[1]


def run(rounds: int, size: int) -> Measured:
    """Seconds to the first chart of a server that nobody has visited; those of later visitors are told."""
    home = dataset(size or REPORTS).folder.parent.parent
    cold, new, again = list[float](), list[float](), list[float]()
    with TemporaryDirectory() as logs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for number in range(max(1, rounds)):
            with serve(home, Path(logs) / f"{number}.log") as address:
                cold.append(seconds(browser, address)[0])
                for first, second in (seconds(browser, address) for _ in range(2)):
                    new.append(first)
                    again.append(second)
        browser.close()
    later = f"a later visitor {statistics.median(new):.1f} s, who comes again {statistics.median(again):.1f} s"
    return Measured(
        statistics.median(cold), f"outcomes page of {size or REPORTS:,} reports, {len(cold)} servers; {later}"
    )


BENCH = Bench(Bar("first chart in Chromium, fresh server, seconds", "none", 4, 2.5), run)
