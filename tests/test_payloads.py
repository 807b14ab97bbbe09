"""Texts that mean harm, in every field of the data and every parameter of the address, on every page, in a browser.

Nothing runs, nothing asks another host, nothing leads there, no page breaks: the texts are shown as texts.
"""

from pathlib import Path
from urllib.parse import urlencode

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Dialog, FilePayload, Page, expect

from dashboard import data
from dashboard.frame import MENU
from dashboard.selection import FILTERS
from tests.payloads import FLAG, HOST, PAYLOADS, SEED, publish_hostile
from tests.visits import Visit

expect.set_options(timeout=30_000)
PAGES = [stem for stems in MENU.values() for stem in stems]
# What pages keep in the address beside the filters; a page that does not know one leaves it alone.
OWN = [
    "by",
    "grade",
    "rate",
    "how",
    "series",
    "kind",
    "mode",
    "scale",
    "of",
    "who",
    "severity",
    "rule",
    "show",
    "queue",
    "state",
    "map",
    "drawn",
    "subject",
    "label",
    "version",
    "doubt",
    "corrections",
    "code",
    "applicant",
]
# Elements that only a text which was taken for markup or mathematics can have made, and links that lead elsewhere.
MADE = f"""() => {{
  const found = [...document.querySelectorAll(`iframe, object, embed, base, math, .katex, form[action],
    img[src*='{HOST}'], [srcdoc], [onerror], [onload], [ontoggle], [onfocus], [onmouseover], details[open][ontoggle],
    meta[http-equiv=refresh], link[href*='{HOST}'], script[src*='{HOST}']`)].map(e => e.outerHTML)
  const own = new URL(location).origin
  for (const link of document.querySelectorAll('a')) {{
    const to = link.getAttribute('href') ?? link.getAttribute('xlink:href') ?? link.getAttribute('data-href')
    if (to !== null && new URL(to, location).origin !== own) found.push(link.outerHTML)
  }}
  for (const styled of document.querySelectorAll('[style]'))
    if (styled.getAttribute('style').includes('{HOST}')) found.push(styled.outerHTML)
  for (const script of document.querySelectorAll('body script'))
    if (script.textContent.includes('window.ran')) found.push(script.outerHTML)
  return found
}}"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def guarded(visit: Visit) -> Visit:
    """A tab that also notes every dialog and every new window."""

    def noted(dialog: Dialog) -> None:
        visit.wrong.append(dialog.message)
        dialog.dismiss()

    visit.page.on("dialog", noted)

    visit.page.on("popup", lambda popup: visit.wrong.append(popup.url))
    return visit


def harmless(page: Page) -> None:
    """Nothing ran, nothing was made of a text, no link leads away, and the page stands."""
    assert page.evaluate("window.ran") is None
    assert page.evaluate(MADE) == []
    assert page.get_by_test_id("stException").count() == 0
    assert page.locator("h1, h3").count()


def unfold(visit: Visit) -> None:
    """Open whatever is folded away in the page."""
    folded = visit.page.locator("[data-testid=stMain] details:not([open]) > summary")
    for _ in range(folded.count()):
        folded.first.evaluate("summary => summary.click()")
        visit.page.wait_for_timeout(50)
    visit.settle()


def address(stem: str, *params: tuple[str, str]) -> str:
    return f"{'' if stem == 'overview' else stem}?{urlencode(params)}"


def dealt(first: int) -> list[tuple[str, str]]:
    """Every parameter of a page twice, each time with another text; with three deals every text has had its turn."""
    return [
        (key, PAYLOADS[(first + 2 * place + again) % len(PAYLOADS)])
        for place, key in enumerate(OWN)
        for again in (0, 1)
    ]


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60
    shown = {text for first in (0, 2 * len(OWN)) for _, text in dealt(first)}
    assert shown == set(PAYLOADS)


def test_the_check_sees_what_is_run_and_what_is_made(guarded: Visit) -> None:
    """Held against a page on which the texts do take effect."""
    page = guarded.go("methods")
    for text in (PAYLOADS[3], PAYLOADS[18], PAYLOADS[21], PAYLOADS[27], PAYLOADS[28]):
        page.evaluate("text => document.body.append(document.createRange().createContextualFragment(text))", text)
    page.wait_for_function("window.ran === 1")
    assert len(page.evaluate(MADE)) == 5
    assert any(HOST in url for url in guarded.wrong)
    guarded.wrong.clear()


@pytest.mark.parametrize("stem", PAGES)
def test_hostile_texts_in_data_and_address_are_texts(guarded: Visit, published: Path, stem: str) -> None:
    reports = pq.read_table(published / data.current(published) / "reports.parquet", columns=["report_id"])
    known = ("report", str(reports.column(0)[0])) if stem == "report" else ("report", PAYLOADS[3])
    page = guarded.page
    for first, lang in ((0, ("lang", f"<script>{FLAG}</script>")), (2 * len(OWN), ("lang", "en"))):
        guarded.go(address(stem, lang, known, *dealt(first)))
        if not first:
            unfold(guarded)
        harmless(page)
    if stem in SHOW_NAMES:
        assert HOST in str(page.evaluate("document.body.textContent"))  # they are there, as texts
    # Every filter with every text at once: the page says that no report meets it.
    page = guarded.go(address(stem, known, *((name, ",".join(PAYLOADS[:40])) for name in FILTERS)))
    harmless(page)
    expect(page.get_by_text("数据中不存在").first).to_be_visible()


# Pages that name agencies or quote reports outside of the canvas that tables are drawn on.
SHOW_NAMES = ("report", "profile", "compare", "labels")


def test_hostile_files_are_read_and_named_as_texts(guarded: Visit) -> None:
    page = guarded.go("upload")
    text = SEED.read_text(encoding="utf-8")
    page.locator("input[type=file]").set_input_files(
        [
            FilePayload(
                name=f"{name}.txt",
                mimeType="text/plain",
                buffer=f"{text}\n{name}".replace("行政处罚", name).encode(),
            )
            for name in (
                PAYLOADS[3],
                f"[lead](https:{HOST})",
                f"www.{HOST}",
                "=cmd|' C calc'!A1",
                "\u202egnp.x",
                "$x^2$",
            )
        ]
    )
    harmless(page)
    expect(page.get_by_role("button", name="读取")).to_be_enabled()
    page.get_by_role("button", name="读取").click()
    expect(page.get_by_role("heading", name="读懂了什么")).to_be_visible(timeout=60_000)
    guarded.settle()
    unfold(guarded)
    harmless(page)
