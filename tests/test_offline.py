"""The product with sockets forbidden, except the port on which it answers: nothing is asked of anybody."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import served
from tests.building import command
from tests.library import TRANSCRIBED
from tests.visitors import Visitor

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "", "volume", "procurement", "outcomes", "review", "profile", "compare", "coverage", "regions", "report", "findings",
    "labels", "downloads", "upload", "codebook", "methods", "cite",
)  # fmt: skip
# Python imports a module of this name before all else.
GUARD = """
import socket
def refused(*told, **_):
    print("FORBIDDEN", told[-1:], flush=True)
    raise OSError("no network here")
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refused
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refused
"""


@pytest.fixture
def forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return str(tmp_path)


def test_the_guard_works(forbidden: str) -> None:
    code = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, env=dict(os.environ)
    )
    assert done.returncode
    assert "FORBIDDEN" in done.stdout


def test_a_build_asks_nobody(forbidden: str, tmp_path: Path) -> None:
    build = command(TRANSCRIBED, tmp_path / "out", workers=2)
    done = subprocess.run(build, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8")
    assert "FORBIDDEN" not in done.stdout + done.stderr


def test_every_page_asks_nobody(forbidden: str, published: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"

    async def all_pages(address: str) -> list[str]:
        async with Visitor(address) as one:
            return [text for page in PAGES for text in (await one.visit(page)).wrong]

    with served(published, log) as (address, _):
        assert asyncio.run(all_pages(address)) == []
    assert "FORBIDDEN" not in log.read_text(encoding="utf-8", errors="replace")
