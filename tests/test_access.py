"""axe-core finds no serious barrier in our own markup; what the framework itself causes is listed in barriers.csv.

Every page in light on a desktop, and in dark on a phone; what is printed is black on white and without the side bar.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page

from dashboard.frame import MENU
from tests.visits import Visit, report_of

PAGES = [stem for stems in MENU.values() for stem in stems]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
FOUND = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter(one => ['serious', 'critical'].includes(one.impact))
  .flatMap(one => one.nodes.map(node => ({rule: one.id, at: node.target.join(' '), html: node.html.slice(0, 200)})))"""
KNOWN = "([selector, at]) => [...document.querySelectorAll(selector)].includes(document.querySelector(at))"
VIEWS = {"light": (1280, 900), "dark": (390, 844)}


def listed() -> list[dict[str, str]]:
    """Barriers that the framework itself causes."""
    with Path(__file__).with_name("barriers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def barriers(page: Page) -> list[dict[str, Any]]:
    """What axe finds on a page that is not the framework's own."""
    page.evaluate(AXE)
    known = listed()
    return [
        one
        for one in page.evaluate(FOUND)
        if not any(row["rule"] == one["rule"] and page.evaluate(KNOWN, [row["selector"], one["at"]]) for row in known)
    ]


@pytest.fixture(params=list(VIEWS))
def tab(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    width, height = VIEWS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=request.param)
    yield Visit(context.new_page(), address)
    context.close()


def test_no_page_has_a_barrier_of_ours(tab: Visit, published: Path) -> None:
    found = list[tuple[str, dict[str, Any]]]()
    for stem in PAGES:
        asked = (
            f"report?report={report_of(published, '002')}&code=received&applicant=total" if stem == "report" else stem
        )
        page = tab.go("" if stem == "overview" else asked)
        found += [(stem, one) for one in barriers(page)]
    assert found == []


def test_a_barrier_is_seen(tab: Visit) -> None:
    page = tab.go("methods")
    page.evaluate("document.querySelector('[data-testid=stMain]').insertAdjacentHTML('beforeend', '<img src=data:,x>')")
    assert [one["rule"] for one in barriers(page)] == ["image-alt"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_printed_page_has_its_content_and_nothing_of_the_screen(
    browser: Browser, address: str, scheme: Any, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = Visit(context.new_page(), address).go("procurement")
    page.emulate_media(media="print")
    page.pdf(path=tmp_path / "page.pdf", format="A4", print_background=True)
    colour = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    context.close()
    document = pypdfium2.PdfDocument(tmp_path / "page.pdf")
    text = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert "政府集中采购" in text
    assert "数据版本" in text
    assert "找地区" not in text  # the side bar
    assert len(document) > 1  # all of the page, not the part that the screen showed
    assert colour == "rgb(255, 255, 255)"
