"""An operator's file of settings: every entry is told in the example, does what it says, and a wrong one is refused."""

import re
import tomllib
from pathlib import Path

import pytest

from dashboard import address, settings
from dashboard.settings import ENTRIES, BadSettings, apply, told
from dashboard.uploads.limits import LIMITS, granted
from tests.made import publish
from tests.test_pages import visit

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "deploy" / "ogi.toml"


def written(folder: Path, text: str) -> dict[str, str]:
    path = folder / "ogi.toml"
    path.write_text(text, encoding="utf-8")
    return {"OGI_SETTINGS": str(path)}


def test_the_example_has_every_entry_and_names_its_variable() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    sections = tomllib.loads(text)
    found = {f"{section}.{key}" for section, entries in sections.items() for key in entries}
    assert found == set(ENTRIES)
    lines = {f"{key} = " + line for key, line in re.findall(r"^(\w+) = (.+)$", text, re.M)}
    for name, (variable, _) in ENTRIES.items():
        assert any(line.startswith(f"{name.partition('.')[2]} = ") and f"# {variable}: " in line for line in lines)


def test_the_example_says_what_holds_without_a_file() -> None:
    found = told(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")))
    assert (int(found["OGI_UPLOADS_FILES"]), found["OGI_UPLOADS"]) == (LIMITS.files, "on")
    assert int(found["OGI_UPLOADS_SESSION_MB"]) * 1_000_000 == LIMITS.session
    assert int(found["OGI_UPLOADS_EVERYBODY_MB"]) * 1_000_000 == LIMITS.everybody
    assert found["OGI_LANGUAGE"] == address.usual_language()
    assert (found["OGI_METRICS"], found["OGI_DESK"], found["OGI_CONTACT"], found["OGI_UPLOADS_KEEP"]) == ("",) * 4


def test_the_environment_wins(tmp_path: Path) -> None:
    environment = written(tmp_path, '[pages]\nlanguage = "en"\ncontact = "a"\n') | {"OGI_CONTACT": "b"}
    assert apply(environment) == tmp_path / "ogi.toml"
    assert (environment["OGI_LANGUAGE"], environment["OGI_CONTACT"]) == ("en", "b")


def test_without_a_file_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    environment = dict[str, str]()
    assert apply(environment) is None
    assert environment == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[uploads]\nfiles = 0\n", "uploads.files = 0: wants a whole number from 1"),
        ("[uploads]\nfiles = true\n", "wants a whole number"),
        ('[uploads]\non = "off"\n', "uploads.on = 'off': wants true or false"),
        ('[pages]\nlanguage = "fr"\n', 'wants "zh" or "en"'),
        ("[pages]\ncontact = 7\n", "wants text in quotes"),
        ("[pages]\ncolour = 1\n", "pages.colour: not an entry; known are data.folder"),
        ("quiet = true\n", "quiet: not an entry"),
        ("[pages\n", "ogi.toml: "),
    ],
)
def test_what_cannot_be_meant_is_told(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=re.escape(said)):
        apply(written(tmp_path, text))


def test_a_named_file_that_is_not_there_is_no_silence(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"nowhere\.toml"):
        apply({"OGI_SETTINGS": str(tmp_path / "nowhere.toml")})


def test_quotas_are_the_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_UPLOADS_FILES", "3")
    monkeypatch.setenv("OGI_UPLOADS_SESSION_MB", "7")
    assert (granted().files, granted().session, granted().each) == (3, 7_000_000, LIMITS.each)


def test_language_and_contact_of_the_operator_are_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_DATA", str(publish(tmp_path)))
    monkeypatch.setenv("OGI_LANGUAGE", "en")
    monkeypatch.setenv("OGI_CONTACT", "Open data desk <b>desk@example.org</b>")
    page = visit("cite")
    assert page.title[0].value == "How to cite"
    assert [text.value for text in page.text] == ["Contact: Open data desk <b>desk@example.org</b>"]
    assert visit("cite", lang="zh").title[0].value != "How to cite"
    assert "lang" not in page.query_params
