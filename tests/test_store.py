"""What was read is not read again: after new documents came, after a kill, and only by the very same reader."""

from __future__ import annotations

import hashlib
import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from codebook.decisions import Alias, Decisions, Place
from loaders import build as module
from loaders.build import Summary, build
from loaders.intake.sandbox import Sandbox
from loaders.intake.sources import find
from loaders.lots.store import FOLDER
from loaders.report import Quarantined, Source
from loaders.verbs.progress import Progress, told
from tests.test_publish import ROOT

REPORTS = sorted((ROOT / "data" / "reports").glob("*.txt"))[:12]
TOWN = "示例镇"


@pytest.fixture(autouse=True)
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lots of three documents."""
    monkeypatch.setattr(module, "CHUNK", 3)


def built(out: Path, *files: Path, corrected: tuple[Place, ...] = (), anew: bool = False) -> Summary:
    """A build of these files; the version is what a build into an empty folder gives."""
    summary = build(find(files), out, corrected=corrected, anew=anew)
    fresh = out.with_name(out.name + "-fresh")
    assert build(find(files), fresh, corrected=corrected, anew=True).version.name == summary.version.name
    return summary


def test_only_new_documents_are_read(tmp_path: Path) -> None:
    assert built(tmp_path / "out", *REPORTS[:7]).known == 0
    assert built(tmp_path / "out", *REPORTS[:7]).known == 7
    assert built(tmp_path / "out", *REPORTS).known == 7
    assert built(tmp_path / "out", *REPORTS[3:]).known == 9
    assert built(tmp_path / "out", *REPORTS[3:], anew=True).known == 0


def test_another_name_or_other_bytes_are_another_document(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for path in REPORTS[:3]:
        (folder / path.name).write_bytes(path.read_bytes())
    assert built(tmp_path / "out", folder).known == 0
    (folder / REPORTS[0].name).rename(folder / "0.txt")
    (folder / REPORTS[1].name).write_bytes(REPORTS[1].read_bytes() + b"\n")
    assert built(tmp_path / "out", folder).known == 1
    told = folder.rename(tmp_path / "told")
    (told / "index.csv").write_text("file,url\n0.txt,https://www.example.gov.cn/a\n", encoding="utf-8")
    assert built(tmp_path / "out", told).known == 2


KILLED = """
import os, signal, sys
from pathlib import Path
from loaders import build as module
from loaders.intake.sandbox import Sandbox
from loaders.intake.sources import find
from loaders.lots.store import Store
module.CHUNK = 3
kept, real = 0, Store.add
def add(self, data):
    global kept
    number = real(self, data)
    kept += 1
    if kept == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
Store.add = add
module.build(find([Path(name) for name in sys.argv[2:]]), Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_a_killed_build_goes_on_where_it_was(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "out"), *map(str, REPORTS)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "out" / "CURRENT").exists()
    assert built(tmp_path / "out", *REPORTS).known == 6


@pytest.mark.parametrize("suffix", [".lot", ".beside"])
@pytest.mark.parametrize("harm", ["flip", "cut", "other"])
def test_what_is_kept_is_read_anew_where_it_is_damaged(suffix: str, harm: str, tmp_path: Path) -> None:
    built(tmp_path / "out", *REPORTS[:6])
    path = next(iter(sorted((tmp_path / "out" / FOLDER).rglob(f"*{suffix}"))))
    data = path.read_bytes()
    flipped = data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
    path.write_bytes({"flip": flipped, "cut": data[:-9], "other": b"not ours"}[harm])
    assert built(tmp_path / "out", *REPORTS[:6]).known == (3 if suffix == ".lot" else 6)


def test_another_wording_is_another_reader(tmp_path: Path) -> None:
    first = build(find(REPORTS[:3]), tmp_path)
    alias = Alias("requests", "columns", "甲乙丙", "person", reason="试", author="试", date="2026-01-01")
    changed = build(find(REPORTS[:3]), tmp_path, decided=Decisions(aliases=(alias,)))
    assert (first.known, changed.known) == (0, 0)
    assert len(list((tmp_path / FOLDER).iterdir())) == 1  # what the other reader read is of no use any more


def test_a_corrected_place_is_laid_over_its_report_only(tmp_path: Path) -> None:
    built(tmp_path / "out", *REPORTS[:6])
    digest = hashlib.sha256(REPORTS[4].read_bytes()).hexdigest()
    row = Place(digest, "", "adcode", "110101", "试", "2026-01-01", "试")
    assert built(tmp_path / "out", *REPORTS[:6], corrected=(row,)).known == 5
    assert built(tmp_path / "out", *REPORTS[:6], corrected=(row,)).known == 6
    assert built(tmp_path / "out", *REPORTS[:6]).known == 6  # as it was read at first


def test_what_ended_by_chance_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(self: object, source: Source) -> Quarantined:
        return Quarantined(source.name, "", "KILLED_TIME", "")

    with monkeypatch.context() as patch:
        patch.setattr(Sandbox, "read", late)
        assert build(find(REPORTS[:3]), tmp_path).reasons == {"KILLED_TIME": 3}
    again = build(find(REPORTS[:3]), tmp_path)
    assert (again.known, again.counts.get("quarantined", 0)) == (0, 0)


def test_progress_tells_rate_and_time_left() -> None:
    assert told(500, 2000, 10.0) == "已读 · read 500 / 2,000，50 份/秒 · a second，余 · left 0:00:30"
    assert told(500, None, 10.0) == "已读 · read 500，50 份/秒 · a second"
    out = io.StringIO()
    progress = Progress(10, out)
    progress(5)
    progress.end()
    assert out.getvalue() == ""  # nobody looks on, and it did not take long
