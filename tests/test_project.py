"""The project keeps to its own plan: layers, sizes, locks, and nothing in its files that belongs elsewhere.

Each check is first held against a small made example, so that it is known to fail where it should.
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import (
    NETWORK,
    OPENS_CONNECTIONS,
    cycle,
    imports,
    is_or_in,
    layer_breaks,
    modules_under,
    unsafe_calls,
)

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 400
# Reports are evidence and say what they say; finds are bytes.
DOCUMENTS = ("data/reports/", "tests/reports/", "tests/finds/")
# The escapes keep the patterns from matching their own text.
PATHS_OF_A_MACHINE = re.compile(r"(?:^|[^\w.])/(?:work|farm|root|home|Users)/|[A-Za-z]:\\{1,2}Users\b", re.MULTILINE)
REGISTRIES = re.compile(
    r"(?:pypi|npmjs|debian|pythonhosted|anaconda|crates|docker)\.(?:org|com|io)\b|-{2}(?:extra-)?index-url|-{2}find-links"
)
COPIED_PROSE = ROOT.parent / "shared" / "tools" / "no_copied_prose.py"


def made(**files: str) -> dict[str, ast.Module]:
    """A made tree of modules: `loaders__grids="import re"` is loaders.grids."""
    return {name.replace("__", "."): ast.parse(text) for name, text in files.items()}


def pins(lock: str) -> dict[str, str]:
    """Package → version as pinned in the compiled `lock`."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.fixture(scope="module")
def ours() -> list[str]:
    """Every file of the project that git tracks or would track; skips where this is not a git checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: cannot tell the project's files from others")
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return [name for name in sorted(set(listed.stdout.split("\0"))) if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def texts(ours: list[str]) -> dict[str, str]:
    """File → text, of all the project's text files but the reports."""
    found = {}
    for name in ours:
        if not name.startswith(DOCUMENTS) and b"\0" not in (content := (ROOT / name).read_bytes()):
            found[name] = content.decode("utf-8")
    return found


@pytest.fixture(scope="module")
def python_files(ours: list[str]) -> list[str]:
    return [name for name in ours if name.endswith(".py")]


@pytest.mark.parametrize(
    ("files", "circle"),
    [
        ({"codebook": "", "loaders": "import codebook", "loaders__grids": "from loaders import codes"}, None),
        ({"a": "import b", "b": "import c", "c": "import a"}, {"a", "b", "c"}),
        ({"a__x": "from a import y", "a__y": "from a.x import Name", "a": ""}, {"a.x", "a.y"}),
        ({"a": "from a.x import Name", "a__x": "from a import NUMBER"}, {"a", "a.x"}),
        ({"a": "def late():\n    import b", "b": "from a import late"}, {"a", "b"}),
        ({"a": "from a.x import Name", "a__x": "import re", "b": "import a, a.x"}, None),
    ],
)
def test_cycle_is_found(files: dict[str, str], circle: set[str] | None) -> None:
    found = cycle(made(**files))
    assert (None if found is None else set(found)) == circle


def test_no_import_cycle() -> None:
    assert cycle(modules_under(ROOT)) is None


@pytest.mark.parametrize(
    ("module", "text", "allowed"),
    [
        ("codebook", "import csv", True),
        ("codebook", "from loaders import grids", False),
        ("codebook__units", "import streamlit as st", False),
        ("loaders", "from codebook import units", True),
        ("loaders__readers__text", "import dashboard.filters", False),
        ("loaders__values", "def f():\n    import streamlit.config", False),
        ("loaders__values", "import tests.rendering", False),
        ("loaders__identity", "from urllib.parse import urlsplit", True),
        ("loaders__identity", "from urllib import request", False),
        ("loaders__identity", "import http.client as client", False),
        ("loaders__identity", "from http import HTTPStatus", True),
        ("loaders__identity", "import requests", False),
        ("loaders__fetch__wire", "import http.client, socket, ssl", True),
        ("loaders__fetch__wire", "import streamlit", False),
        ("loaders__fetch__run", "import socket", False),
        ("loaders__fetch__run", "from loaders.fetch import wire", True),
        ("loaders__verbs__fetch", "from loaders.fetch.run import fetch", True),
        ("loaders__verbs__fetch", "import http.client", False),
        ("loaders__build", "from loaders.fetch import wire", False),
        ("loaders__build", "def f():\n    import loaders.fetch.run", False),
        ("loaders__verbs__diff", "from loaders.fetch.run import fetch", False),
        ("dashboard__charts", "import streamlit, codebook", True),
        ("dashboard__charts", "from loaders import checks", False),
        ("dashboard__charts", "from pages.home import overview", False),
        ("pages__home__overview", "from dashboard import charts", True),
        ("pages__home__overview", "from loaders.publish import SCHEMA", False),
        ("app", "import dashboard, pages", True),
        ("app", "import loaders", False),
    ],
)
def test_layer_break_is_found(module: str, text: str, allowed: bool) -> None:
    assert (layer_breaks(made(**{module: text})) == []) is allowed


def test_layers() -> None:
    assert layer_breaks(modules_under(ROOT)) == []


def test_one_module_opens_connections() -> None:
    opening = {
        name
        for name, tree in modules_under(ROOT).items()
        if name.startswith("loaders")
        if any(is_or_in(imported, module) for _, imported in imports(tree) for module in NETWORK)
    }
    assert opening == {OPENS_CONNECTIONS}


def test_modules_are_found(tmp_path: Path) -> None:
    """The walk meets every room, also pages in folders that are no packages."""
    for name in ("app.py", "codebook/__init__.py", "loaders/readers/text.py", "pages/home/overview.py", "dev.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("import re\n", encoding="utf-8")
    assert set(modules_under(tmp_path)) == {"app", "codebook", "loaders.readers.text", "pages.home.overview"}


@pytest.mark.parametrize(
    "text",
    [
        "st.markdown(text, unsafe_allow_html=True)",
        "eval(text)",
        "frame.eval(text)",
        "exec(text)",
        "import pickle",
        "from pickle import loads",
        "pd.read_pickle(path)",
        "numpy.load(path, allow_pickle=True)",
        "subprocess.run(text, shell=True)",
        "db.execute(f'select * from facts where code = {code}')",
        "db.execute('select * from facts where code = ' + code)",
        "db.execute('select * from facts where code = %s' % code)",
        "db.sql('select {}'.format(code))",
    ],
)
def test_unsafe_call_is_found(text: str) -> None:
    assert len(unsafe_calls(made(loaders=text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "st.markdown(text)",
        "subprocess.run([text])",
        "db.execute('select * from facts where code = ?', [code])",
        "db.execute('select * from facts where name like ?', [f'%{name}%'])",
        "db.execute('select code ' + 'from facts')",
        "page.evaluate(text)",
        "'eval(text)'",
    ],
)
def test_safe_call_passes(text: str) -> None:
    assert unsafe_calls(made(loaders=text)) == []


def test_no_unsafe_call(python_files: list[str]) -> None:
    assert python_files
    assert unsafe_calls(modules_under(ROOT, python_files)) == []


def test_set_up_needs_the_standard_library_only() -> None:
    """`python dev.py` runs before anything is installed."""
    names = [name for _, name in imports(modules_under(ROOT, ["dev.py"])["dev"])]
    assert names
    assert [name for name in names if name.partition(".")[0] not in sys.stdlib_module_names] == []


def test_no_module_is_too_long(python_files: list[str]) -> None:
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in python_files}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"see {'/wo' + 'rk'}/main", True),
        (f"{'/ho' + 'me'}/someone/x", True),
        (f"C:\\{'Us' + 'ers'}\\someone", True),
        ("https://www.example.gov.cn/work/art/1.html", False),
        ("make it work/play", False),
        (f"https://{'pypi'}.org/simple", True),
        (f"--{'index'}-url somewhere", True),
        ("--no-emit-index-url", False),
    ],
)
def test_foreign_text_is_found(text: str, found: bool) -> None:
    assert bool(PATHS_OF_A_MACHINE.search(text) or REGISTRIES.search(text)) is found


@pytest.mark.parametrize("pattern", [PATHS_OF_A_MACHINE, REGISTRIES])
def test_no_machine_path_and_no_registry(pattern: re.Pattern[str], texts: dict[str, str]) -> None:
    assert texts
    assert {name: hit.group() for name, text in texts.items() if (hit := pattern.search(text))} == {}


LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt", "requirements-cluster.txt"]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_what_is_asked_for(lock: str) -> None:
    """Each direct dependency and nothing without a hash; `python dev.py lock` mends it."""
    asked = (ROOT / lock).with_suffix(".in").read_text(encoding="utf-8")
    assert set(re.findall(r"^([a-z][\w-]*)", asked, re.MULTILINE)) <= pins(lock).keys()
    blocks = re.split(r"^(?=[a-z])", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_tests_run_on_what_ships() -> None:
    assert (
        pins("requirements.txt").items()
        <= pins("requirements-dev.txt").items()
        <= pins("requirements-bench.txt").items()
    )
    assert pins("requirements.txt").items() <= pins("requirements-cluster.txt").items()


def test_no_copied_prose() -> None:
    """Figures and labels of the source documents may stand here, sentences may not."""
    if not COPIED_PROSE.exists():
        pytest.skip("the source documents are not beside this checkout: nothing to compare with")
    command, utf8 = [sys.executable, str(COPIED_PROSE), str(ROOT)], os.environ | {"PYTHONUTF8": "1"}
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", env=utf8, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
