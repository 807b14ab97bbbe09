"""Fixtures that more than one test file uses."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from codebook.wordings import learn
from loaders.build import build
from loaders.intake.sources import find
from tests import library
from tests.browser import FLAGS, browser_required, find_chromium, has_chinese_font, serve
from tests.building import command
from tests.desk import Place
from tests.visits import Visit

ROOT = Path(__file__).resolve().parent.parent

# The same examples for everybody, and no deadline: it would measure the machine.
settings.register_profile("same for everybody", derandomize=True, deadline=None)
settings.load_profile("same for everybody")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one, or without a Chinese font, the test is skipped, or fails if OGI_BROWSER=required.

    It lives for one test file: while it is open an event loop runs, and no other can start in this thread.
    """
    executable = find_chromium()
    missing = "" if executable else "no Chromium on PATH and none named by OGI_CHROMIUM"
    missing = missing or ("" if has_chinese_font() else "no Chinese font, which pages and prints need")
    if missing:
        if browser_required():
            pytest.fail(f"{missing}, but OGI_BROWSER=required")
        pytest.skip(f"{missing}: browser tests need both")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder built from all shipped reports, each read in the second way too."""
    folder = tmp_path_factory.mktemp("shipped")
    build(find([library.REPORTS]), folder, workers=2, audit=1.0)
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], str]]:
    """Start a fresh dashboard over a data folder and give its address; all end with the test file."""
    logs = tmp_path_factory.mktemp("servers")
    number = count(1)
    with ExitStack() as servers:
        yield lambda data: servers.enter_context(serve(data, logs / f"{next(number)}.log"))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A made document, data and decisions that the dashboard of this test shows and may write."""
    one = Place(tmp_path)
    monkeypatch.setenv("OGI_DATA", str(one.out))
    monkeypatch.setenv("OGI_DECISIONS", str(one.kept))
    monkeypatch.setenv("OGI_DESK", "1")
    yield one
    learn(())


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five reports that came whole as a data set."""
    folder = tmp_path_factory.mktemp("browser")
    subprocess.run(command(library.TRANSCRIBED, folder), cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def address(published: Path, server: Callable[[Path], str]) -> str:
    return server(published)


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile a test file: its tabs are visitors of their own and share what was fetched of the frame."""
    one = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True, locale="zh-CN")
    yield one
    one.close()


@pytest.fixture
def visit(context: BrowserContext, address: str) -> Iterator[Visit]:
    one = Visit(context.new_page(), address)
    yield one
    one.page.close()
    assert one.wrong == []
