"""What stands between the pages and the network: headers, what is closed, whether there is something to show, sessions."""

import asyncio
import json
import os
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from dashboard.serving import HEADERS, HIDDEN
from tests.browser import served
from tests.visitors import Visitor

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a signal ends the server")
NAMES = ("/", "/outcomes", "/_stcore/health", "/_stcore/host-config", "/nosuch", "/ready", "/_stcore/metrics")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serving") / "log"


@pytest.fixture(scope="module")
def address(published: Path, log: Path) -> Iterator[str]:
    with served(published, log) as (found, _):
        yield found


def asked(address: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of an answer."""
    try:
        with urllib.request.urlopen(address, timeout=10) as told:
            return told.status, {name.lower(): value for name, value in told.headers.items()}, told.read()
    except HTTPError as refusal:
        return refusal.code, {name.lower(): value for name, value in refusal.headers.items()}, refusal.read()


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_has_our_headers(address: str, name: str) -> None:
    _, headers, _ = asked(address + name)
    assert {key: headers.get(key) for key in HEADERS} == HEADERS


@pytest.mark.parametrize("name", ["/_stcore/metrics", "/_stcore/metrics/", "/under/a/path/_stcore/metrics"])
def test_numbers_of_the_server_are_closed(address: str, name: str) -> None:
    assert asked(address + name)[0] == 404


def test_the_operator_may_open_them(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_METRICS", "1")
    with served(published, tmp_path / "log") as (address, _):
        status, _, content = asked(f"{address}/_stcore/metrics")
    assert (status, b"# EOF" in content) == (200, True)


def test_a_server_says_whether_there_is_something_to_show(published: Path, tmp_path: Path, address: str) -> None:
    status, _, content = asked(f"{address}/ready")
    assert (status, json.loads(content)["ready"]) == (200, True)
    own = tmp_path / "own"
    shutil.copytree(published, own)
    with served(own, tmp_path / "log") as (other, _):
        assert asked(f"{other}/ready")[0] == 200
        (own / "CURRENT").write_text("versions/none", encoding="utf-8")
        shutil.rmtree(own / "versions")
        status, _, content = asked(f"{other}/ready")
    assert (status, json.loads(content)["ready"]) == (503, False)


def test_a_page_of_another_host_gets_no_connection(address: str) -> None:
    async def foreign() -> None:
        async with connect(
            address.replace("http", "ws") + "/_stcore/stream", additional_headers={"Origin": "https://example.org"}
        ):
            pass

    with pytest.raises(InvalidStatus):
        asyncio.run(foreign())


def test_twenty_broken_connections_keep_the_filters(address: str) -> None:
    async def told() -> list[set[str]]:
        async with Visitor(address) as one:
            found = [(await one.visit("outcomes", "year=2020&by=agency")).links]
        for _ in range(20):
            async with one.again() as one:
                found.append((await one.visit("outcomes")).links)
        return found

    first, *later = asyncio.run(told())
    assert any("year=2020" in link and "by=agency" in link for link in first)
    assert later == [first] * 20


def test_the_log_names_no_session_and_no_query(address: str, log: Path) -> None:
    """Who knows the id of a session can take it up, and Streamlit writes the id down where that happens."""

    async def told() -> str:
        async with Visitor(address) as one:
            await one.visit("outcomes", "year=2020&agency=secret-agency")
            async with one.again() as other:  # while the first is still there
                await other.visit("outcomes")
                assert other.session == one.session
            return one.session

    session = asyncio.run(told())
    written = log.read_text(encoding="utf-8", errors="replace")
    assert f"Session with id {HIDDEN} is already connected" in written
    assert session not in written
    assert "secret-agency" not in written
    assert "Traceback" not in written


def test_settings_are_read_before_the_first_visitor(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[server]\nmetrics = true\n", encoding="utf-8")
    monkeypatch.setenv("OGI_SETTINGS", str(own))
    with served(published, tmp_path / "log") as (found, _):
        assert asked(found + "/_stcore/metrics")[0] == 200


def test_wrong_settings_keep_the_server_from_starting(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[pages]\nlanguage = "fr"\n', encoding="utf-8")
    monkeypatch.setenv("OGI_SETTINGS", str(own))
    with (
        pytest.raises(RuntimeError, match=r"pages\.language = 'fr': wants"),
        served(published, tmp_path / "log"),
    ):
        pass
