"""The examples for operators name things that exist: files, settings, addresses."""

import re
from pathlib import Path

import pytest
from streamlit import config

from tests.library import REPORTS

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
TEXTS = sorted(path for path in DEPLOY.iterdir() if path.is_file() and path.suffix != ".py")
PAGE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")


def test_what_an_image_copies_is_there_and_is_all_that_the_product_needs() -> None:
    copied = re.findall(r"^COPY (\S+) ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert {"codebook", "loaders", "dashboard", "pages", "app.py", ".streamlit", "requirements.txt"} <= set(copied)
    assert REPORTS.is_dir()
    assert not any(name.startswith("data/reports") for name in copied)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_settings_are_known(path: Path) -> None:
    """Each OGI_… is read by the product and told on the page; each STREAMLIT_… is an option of Streamlit."""
    named = set(re.findall(r"\b(?:OGI|STREAMLIT)_[A-Z_]+", path.read_text(encoding="utf-8") + PAGE))
    own = {name for name in named if name.startswith("OGI_")}
    code = "".join(
        file.read_text(encoding="utf-8")
        for part in ("codebook", "dashboard", "loaders")
        for file in (ROOT / part).rglob("*.py")
    )
    assert {name for name in own if f'"{name}"' not in code} == set()
    assert {name for name in own if f"`{name}`" not in PAGE} == set()
    options = {
        "STREAMLIT_" + re.sub(r"(?<=[a-z])(?=[A-Z])|\.", "_", key).upper() for key in config.get_config_options()
    }
    assert {name for name in named if name.startswith("STREAMLIT_")} - options <= {"STREAMLIT_"}  # the page's own <…>


def test_every_example_is_told_of() -> None:
    assert [path.name for path in TEXTS if f"(../deploy/{path.name})" not in PAGE] == []
