"""The front of the house: what a stranger finds is there, up to date, and leads somewhere."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dev
import loaders
from tests.walkthrough import ROOT

PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("*.md"))
    if "published" not in path.parts
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
FILES = ("pyproject.toml", "loaders/schema.py", "CITATION.cff", "CHANGELOG.md", "deploy/release.py")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    here = [link.partition("#")[0] for link in LINK.findall(text) if "://" not in link and not link.startswith("#")]
    assert [link for link in here if not (page.parent / link).exists()] == []


def test_the_site_is_built_without_a_warning_and_asks_nobody(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    # What stands for a page that is not there must name the place of the site, which a disk has not.
    pages = sorted(path for path in (tmp_path / "site").rglob("*.html") if path.name != "404.html")
    assert {page.stem for page in pages} == {path.stem for path in (ROOT / "docs").glob("*.md")}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        fetched = re.findall(r'<(?:script|img|link|iframe)\b[^>]*?(?:src|href)="(https?:)?//[^"]*"', text)
        assert fetched == [], page.name
        for link in re.findall(r'href="([^"#?]+)', text):
            if "://" not in link and not link.startswith(("mailto:", "data:")):
                assert (page.parent / link).exists(), (page.name, link)


def test_every_page_of_docs_is_in_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "docs").glob("*.md") if f": {path.name}\n" not in menu] == []


def test_the_door_lists_its_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 0
    text = capsys.readouterr().out
    developers = (ROOT / "DEVELOPERS.md").read_text(encoding="utf-8")
    for name, verb in dev.VERBS.items():
        assert f"  {name} " in text
        assert (verb.__doc__ or "").splitlines()[0] in text
        assert f"`python dev.py {name}`" in developers


def test_the_public_surface_is_listed_and_documented() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `loaders\.(\w+)", page, re.M))
    assert listed == set(loaders.__all__)
    assert [name for name in loaders.__all__ if not getattr(loaders, name).__doc__] == []


def test_what_is_no_report_comes_with_its_reason() -> None:
    one = loaders.read("只是一封信。".encode(), "letter.txt")
    assert isinstance(one, loaders.Quarantined)
    assert one.reason == "NO_TABLES"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small repository with what a release changes."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n- New.\n\n## 0.0.1\n- Old.\n", encoding="utf-8"
    )
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "first")):
        git(tmp_path, *words)
    return tmp_path


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def released(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    named = {f"GIT_{role}_{what}": "test@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    command = [sys.executable, "deploy/release.py", *words]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={"PATH": _path(), **named}
    )


def _path() -> str:
    return str(Path(shutil.which("git") or "git").parent)


def test_a_release_names_the_version_everywhere_and_tags_it(repository: Path) -> None:
    told = released(repository, "9.0.0", "--date", "2030-01-02", "--tested")
    assert told.returncode == 0, told.stderr
    assert 'version = "9.0.0"' in (repository / "pyproject.toml").read_text(encoding="utf-8")
    assert 'PARSER_VERSION = "9.0.0"' in (repository / "loaders" / "schema.py").read_text(encoding="utf-8")
    assert 'version: "9.0.0"\ndate-released: 2030-01-02\n' in (repository / "CITATION.cff").read_text(encoding="utf-8")
    changes = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## Unreleased\n\n## 9.0.0 · 2030-01-02\n- New.\n" in changes
    assert git(repository, "tag").split() == ["v9.0.0"]
    assert git(repository, "status", "--porcelain") == ""
    assert "tells of nothing under Unreleased" in released(repository, "9.0.1", "--tested").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("0.0.9", "--tested"), "does not come after"),
        (("next", "--tested"), "does not come after"),
        (("9.0.0",), "then say --tested"),
    ],
)
def test_a_release_that_should_not_be_is_refused(repository: Path, words: tuple[str, ...], said: str) -> None:
    before = git(repository, "rev-parse", "HEAD")
    told = released(repository, *words)
    assert (told.returncode, said in told.stderr) == (1, True)
    assert git(repository, "rev-parse", "HEAD") == before


def test_a_release_of_changes_that_are_not_committed_is_refused(repository: Path) -> None:
    (repository / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
    assert "not committed" in released(repository, "9.0.0", "--dry-run").stderr
