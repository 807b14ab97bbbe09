"""The pictures of real pages that README shows, made anew.

    python -m tests.pictures [--data data/published] [--out docs/images]

Each is the upper part of a page, as a reader with a wide screen meets it; which report and which agencies are shown
follows from the data.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from playwright.sync_api import sync_playwright

from loaders import publish
from tests.browser import FLAGS, find_chromium, serve
from tests.visits import Visit

WIDTH = 1280
HEIGHTS = {"overview": 1330, "report": 1150, "compare": 1250}


def pages(version: Path) -> dict[str, str]:
    """Picture → address: the overview, the largest amount on the page of its report, the agencies with most years."""
    with duckdb.connect() as sql:
        for name in ("reports", "facts"):
            sql.read_parquet(str(version / f"{name}.parquet")).create_view(name)
        (report,) = sql.execute(
            "SELECT report_id FROM facts WHERE code = 'procurement.amount' AND unit_source = 'printed'"
            " AND doubt IS NULL ORDER BY value DESC, report_id LIMIT 1"
        ).fetchall()[0]
    return {
        "overview": "",
        "report": f"report?report={report}&code=procurement.amount",
        "compare": "compare?kind=province&series=license_decisions",
    }


def main() -> int:
    """Take the pictures; 0 where all pages came without an error."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/published"))
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    given = parser.parse_args()
    folder, chromium = given.data.resolve(), find_chromium()
    with (
        TemporaryDirectory() as logs,
        serve(folder, Path(logs) / "server.log") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(color_scheme="light", locale="zh-CN")
        visit = Visit(context.new_page(), address)
        for name, path in pages(publish.current(folder)).items():
            visit.page.set_viewport_size({"width": WIDTH, "height": HEIGHTS[name]})
            visit.go(path).screenshot(path=given.out / f"{name}.png")
        browser.close()
    print(*visit.wrong, sep="\n")
    return int(bool(visit.wrong))


if __name__ == "__main__":
    sys.exit(main())
