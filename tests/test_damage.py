"""A published version that was altered is found out before it is used, and the last whole one is shown in its stead."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.data import DamagedError
from tests.damaging import altered
from tests.made import publish

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two versions, the newer one current."""
    publish(tmp_path, "versions/older")
    return publish(tmp_path, "versions/newer")


@pytest.mark.parametrize("number", range(150))
def test_no_altered_file_is_used(number: int, folder: Path) -> None:
    """Any file of the version but the order of words in the manifest, which has no checksum and needs none."""
    chance = random.Random(number)  # noqa: S311 - the same for everybody
    version = folder / "versions" / "newer"
    path = chance.choice([one for one in sorted(version.iterdir()) if one.suffix == ".parquet"])
    altered(path, chance)
    with pytest.raises(DamagedError):
        data.read(version)
    shown = data.load(folder)
    assert shown.folder.name == "older"
    assert shown.damage is not None


def test_a_file_altered_under_a_running_dashboard_is_seen(folder: Path) -> None:
    assert data.load(folder).folder.name == "newer"
    path = folder / "versions" / "newer" / "facts.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert data.load(folder).folder.name == "older"


def test_the_page_says_so_and_shows_the_last_whole_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "versions" / "newer" / "facts.parquet").write_bytes(b"?")
    monkeypatch.setenv("OGI_DATA", str(folder))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert "facts.parquet" in app.error[0].value
    assert any("完好的版本" in one.value for one in app.warning)
    assert next(one.value for one in app.metric) == "6"


def test_where_none_is_whole_nothing_is_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("newer", "older"):
        (folder / "versions" / name / "facts.parquet").write_bytes(b"?")
    with pytest.raises(DamagedError):
        data.load(folder)
    shutil.rmtree(folder / "versions")
    monkeypatch.setenv("OGI_DATA", str(folder))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert app.error
    assert not app.metric
