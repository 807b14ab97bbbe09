"""docs/trust.md says what the last long run told, and each proof can fail."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard import data
from dashboard.data import Dataset
from loaders import publish
from loaders.errors import Damaged
from tests.proofs import files, publishing, visits
from tests.proofs.__main__ import ALWAYS, KEPT, PAGE, PROOFS, page
from tests.visitors import Seen

ROOT = Path(__file__).resolve().parent


def test_the_page_is_what_was_told() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(json.loads(KEPT.read_text(encoding="utf-8")))


def test_the_tests_that_it_names_are_there() -> None:
    named = {test for proof in PROOFS.values() for test in proof.tests} | set(ALWAYS)
    assert {name for name in named if not (ROOT / name).is_file()} == set()


@pytest.mark.parametrize("name", ["killed", "no room", "loads", "altered"])
def test_a_short_run_holds(name: str) -> None:
    tried = PROOFS[name].run(3)
    assert tried.times > 0
    assert tried.broken == []


def test_a_short_soak_holds() -> None:
    tried = PROOFS["soak"].run(30)
    assert tried.times > 5
    assert tried.broken == []
    assert "2 seen" in tried.told  # the readers met a new version


def test_a_soak_finds_errors_mixed_versions_and_growth() -> None:
    runs = [Seen(1.0, {"a" * 16}), Seen(1.0, {"a" * 16, "b" * 16}), Seen(1.0, wrong=["ValueError: no"])]
    assert len(visits.wrong(runs)) == 2
    assert visits.slope([100.0, 300.0, 301.0, 302.0, 303.0, 304.0]) == pytest.approx(1.0)
    assert visits.slope([100.0, 300.0, 300.0, 300.0, 300.0, 300.0]) == 0


def test_a_file_that_is_used_unchecked_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "_check", lambda *_: None)
    assert files.mutated(40).broken


def test_a_version_that_is_not_whole_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(folder: Path) -> None:
        raise Damaged(str(folder))

    monkeypatch.setattr(publish, "check", lost)
    assert publishing.killed(1).broken


def test_mixed_versions_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = data.read

    def mixed(folder: Path) -> Dataset:
        one = real(folder)
        return replace(one, findings=one.findings.assign(report_id="r-other"))

    monkeypatch.setattr(data, "read", mixed)
    assert publishing.loads(3).broken
