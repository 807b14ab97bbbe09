"""Following the pages to the letter: README, tour, tutorials and Python come out as they say."""

import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.browser import end, free_port, wait_until_healthy
from tests.walkthrough import ELSEWHERE, FENCE, ROOT, Step, Walk, copied, steps

PAGES = ("README.md", "CONTRIBUTING.md", "docs/tour.md", "docs/adding.md", "docs/python.md")
TUTORIALS = {"一个新的标题": 1, "一种地方表式": 7, "一条规则": 1}  # lines of data that each takes


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("walkthrough"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_followed(name: str, project: Path, tmp_path: Path) -> None:
    """In a copy of its own where it changes files, for the next page is another reader's."""
    found = steps(ROOT / name)
    changes = any(step.title.startswith("append") for step in found)
    walk = Walk(copied(tmp_path) if changes else project)
    for step in found:
        walk.take(step)
    assert walk.typed


def test_a_page_that_says_something_else_is_told(project: Path) -> None:
    walk = Walk(project)
    walk.take(Step("shell", "", "python dev.py loaders --version  # a comment\n"))
    with pytest.raises(AssertionError, match="no such line"):
        walk.take(Step("text", "output", "no such line\n"))
    with pytest.raises(AssertionError, match="not a command that a newcomer has"):
        walk.take(Step("shell", "", "rm -r data\n"))
    with pytest.raises(AssertionError, match="invalid choice"):
        walk.take(Step("shell", "", "python dev.py loaders nosuchverb\n"))


def test_tutorials_take_fewer_than_ten_lines_of_data_and_no_python() -> None:
    text = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
    for title, lines in TUTORIALS.items():
        section = text.partition(f"## {title} ")[2].partition("\n## ")[0]
        page = [step for step in _steps_of(section) if step.title.startswith("append")]
        assert sum(len(step.text.splitlines()) for step in page) == lines < 10
        assert "```python" not in section


def _steps_of(text: str) -> list[Step]:
    return [Step(*found) for found in FENCE.findall(text)]


@pytest.mark.parametrize("name", PAGES)
def test_commands_run_elsewhere_are_few(name: str) -> None:
    typed = {line for step in steps(ROOT / name) if step.kind == "shell" for line in step.commands}
    assert {line for line in typed if line.startswith(("python dev.py run", "python dev.py test"))} <= ELSEWHERE.keys()


def test_run_builds_the_data_and_opens_the_dashboard(project: Path, tmp_path: Path) -> None:
    """`python dev.py run` in a copy without data: what a newcomer types first."""
    shutil.rmtree(project / "data" / "published", ignore_errors=True)
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "dev.py", "run", f"--server.port={port}", "--server.headless=true"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=project, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_until_healthy(process, f"http://127.0.0.1:{port}", log)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=20) as told:
            assert b'"ready":true' in told.read().replace(b" ", b"")
    finally:
        end(process)
    assert (project / "data" / "published" / "CURRENT").exists()
