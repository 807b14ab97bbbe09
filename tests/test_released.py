"""The tables of every released structure still open, are verified, compared and packed; those of a later one are refused."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from dashboard import data
from loaders import publish
from loaders.__main__ import DONE, FAILED, main
from loaders.schema import SCHEMA_VERSION
from tests.test_pages import PAGES, visit

RELEASED = Path(__file__).with_name("released")
VERSIONS = range(1, SCHEMA_VERSION + 1)


def unpacked(number: int, folder: Path) -> Path:
    with zipfile.ZipFile(RELEASED / f"{number}.zip") as archive:
        archive.extractall(folder)
    return folder


def test_every_structure_is_kept() -> None:
    assert {path.stem for path in RELEASED.glob("*.zip")} == {str(number) for number in VERSIONS}
    assert data.SCHEMA == SCHEMA_VERSION


@pytest.mark.parametrize("number", VERSIONS)
def test_it_is_shown_on_every_page(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_DATA", str(unpacked(number, tmp_path)))
    found = data.load(data.home())
    assert (found.manifest["schema_version"], len(found.reports), found.synthetic, found.damage) == (number, 6, 6, None)
    for page in PAGES:
        visit(page)


@pytest.mark.parametrize("number", VERSIONS)
def test_it_is_verified_compared_and_packed(number: int, tmp_path: Path) -> None:
    folder = unpacked(number, tmp_path / "data")
    assert main(["verify", str(folder)]) == DONE
    assert main(["diff", str(folder), str(folder)]) == 0
    assert main(["release", str(folder), "--out", str(tmp_path / "package")]) == DONE


def test_a_later_one_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = unpacked(SCHEMA_VERSION, tmp_path)
    version = publish.current(folder)
    manifest = json.loads((version / "manifest.json").read_bytes()) | {"schema_version": SCHEMA_VERSION + 1}
    content = json.dumps(manifest).encode()
    (version / "manifest.json").write_bytes(content)
    later = version.rename(version.with_name(hashlib.sha256(content).hexdigest()[:16]))
    (folder / "CURRENT").write_text(f"versions/{later.name}\n", encoding="utf-8")
    assert main(["verify", str(folder)]) == FAILED
    assert "written by newer code, upgrade first" in capsys.readouterr().err
    with pytest.raises(data.DamagedError, match=r"data\.newer"):
        data.load(folder)
    monkeypatch.setenv("OGI_DATA", str(folder))
    assert "由更新的程序写成" in visit("overview").error[0].value
