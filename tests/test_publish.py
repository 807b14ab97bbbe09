"""A version is whole or is not there: same input, same bytes; whatever stops a build, the last version stands."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders import publish
from loaders.__main__ import BUSY, DONE, FAILED, main
from loaders.build import build
from loaders.errors import Damaged
from loaders.intake.sources import find
from loaders.lots.store import FOLDER
from loaders.schema import SCHEMAS
from loaders.trust.verify import verify
from tests import library
from tests.gathering import written

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "data" / "reports"
FILES = library.TRANSCRIBED
SUMMED = ("panel", "cube")  # made of the other tables by a build
CALLS = len(SCHEMAS) + 5  # fsyncs of a publication: tables, manifest, its folder, versions, pointer, its folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a data folder but the lock and what was kept for the next build."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    files = (path for path in files if FOLDER not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def loaders(*arguments: str | Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """python -m loaders in a process of its own, with some environment changed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **changed}
    command = [sys.executable, "-m", "loaders", *map(str, arguments)]
    return subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False, timeout=120
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one version: the first report."""
    folder = tmp_path_factory.mktemp("first")
    build(find(FILES[:1]), folder)
    return folder


@pytest.fixture
def data(first: Path, tmp_path: Path) -> Path:
    """A data folder of a test's own, with one version in it."""
    return Path(shutil.copytree(first, tmp_path / "data"))


def test_same_input_same_bytes(tmp_path: Path) -> None:
    """Neither the order of inputs, a file given twice, hash seed, time zone, locale nor the number of processes matter."""
    build(find(FILES), tmp_path / "a")
    build(find([*reversed(FILES), *FILES]), tmp_path / "b", workers=2)
    told = loaders(
        "build", *reversed(FILES), "--out", tmp_path / "c", PYTHONHASHSEED="1", TZ="Asia/Shanghai", LC_ALL="C"
    )
    assert told.returncode == DONE, told.stderr
    told = loaders(
        "build", *FILES, "--out", tmp_path / "d", PYTHONHASHSEED="77", TZ="America/New_York", LC_ALL="tr_TR.UTF-8"
    )
    assert told.returncode == DONE, told.stderr
    built = [bytes_of(tmp_path / name) for name in "abcd"]
    assert {path.rpartition("/")[2] for path in built[0]} == {
        "CURRENT",
        "manifest.json",
        *(f"{name}.parquet" for name in (*SCHEMAS, *SUMMED)),
    }
    assert built[0] == built[1] == built[2] == built[3]
    build(find(FILES), tmp_path / "a")
    assert bytes_of(tmp_path / "a") == built[0]


def test_another_input_is_another_version_and_the_old_one_stays(data: Path) -> None:
    before = publish.current(data)
    build(find(FILES), data)
    assert publish.current(data) != before
    publish.check(before)
    build(find(FILES[:1]), data)
    assert publish.current(data) == before


def test_old_versions_go_in_the_end(data: Path) -> None:
    for n in range(2, 6):
        build(find(FILES[:n]), data)
    assert len(list((data / publish.VERSIONS).iterdir())) == publish.KEPT
    publish.check(publish.current(data))


def test_a_second_build_says_busy(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = bytes_of(data)
    with publish.locked(data):
        assert main(["build", str(FILES[1]), "--out", str(data), "--wait", "0"]) == BUSY
    assert "another build" in capsys.readouterr().err
    assert bytes_of(data) == before


def test_a_second_build_waits(data: Path) -> None:
    command = [sys.executable, "-m", "loaders", "build", str(FILES[1]), "--out", str(data), "--wait", "60"]
    with publish.locked(data):
        second = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        assert second.stderr is not None
        assert "waiting" in second.stderr.readline()
        assert second.poll() is None
        before = bytes_of(data)
        time.sleep(0.3)
        assert bytes_of(data) == before
    second.communicate(timeout=60)
    assert second.returncode == DONE
    assert publish.check(publish.current(data))


KILLED = """
import os, signal, sys
from pathlib import Path
from loaders import publish
from tests.gathering import written
name, moment, out = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
calls = 0
def deadly(real):
    def call(*arguments, **options):
        global calls
        calls += 1
        if calls == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **options)
    return call
if name == "fsync":
    os.fsync = deadly(os.fsync)
else:
    setattr(Path, name, deadly(getattr(Path, name)))
with publish.locked(out):
    written(out, {"sources": [{"report_id": "r1", "text": "x", "report_no": 0}]})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
@pytest.mark.parametrize(
    ("name", "moment"), [*(("fsync", n) for n in (1, 4, *range(CALLS - 5, CALLS + 1))), ("rename", 1), ("replace", 1)]
)
def test_killed_at_any_moment_the_last_version_is_whole(name: str, moment: int, data: Path) -> None:
    before = publish.current(data)
    command = [sys.executable, "-c", KILLED, name, str(moment), str(data)]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    after = publish.current(data)
    publish.check(after)
    assert after == before or (name, moment) == ("fsync", CALLS)
    _builds_again(data)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
@pytest.mark.parametrize("seconds", [0.7, 1.0])
def test_a_build_killed_from_outside(seconds: float, data: Path) -> None:
    command = [sys.executable, "-m", "loaders", "build", str(REPORTS), "--out", str(data)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    running.kill()
    running.wait(timeout=60)
    publish.check(publish.current(data))
    _builds_again(data)


def _builds_again(data: Path) -> None:
    """The lock is free, leftovers are swept, and the next version is whole."""
    assert main(["build", str(FILES[1]), "--out", str(data), "--wait", "0"]) == DONE
    publish.check(publish.current(data))
    names = {path.relative_to(data).as_posix() for path in data.rglob("*")}
    assert not [name for name in names if ".tmp" in name]
    assert verify(data).wrong == ()


def failing(real: Callable[..., object], at: int) -> Callable[..., object]:
    """The same call, but the disk is full from the `at`-th time on."""
    calls = iter(range(1, 1_000_000))

    def call(*arguments: object, **options: object) -> object:
        if next(calls) < at:
            return real(*arguments, **options)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return call


FILLED = 10  # tables of a build of one report that have rows
PLACES = [
    *((os, "fsync", n) for n in range(1, CALLS + len(SUMMED) + 1)),
    *((pq.ParquetWriter, "write_table", n) for n in range(1, FILLED + 1)),
    *((Path, "rename", 1), (Path, "replace", 1), (Path, "mkdir", 3)),
]


@pytest.mark.parametrize(("owner", "name", "at"), PLACES, ids=[f"{name} {at}" for _, name, at in PLACES])
def test_on_a_full_disk_the_last_version_stands(
    owner: object, name: str, at: int, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, whole = publish.current(data), bytes_of(publish.current(data))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, failing(getattr(owner, name), at))
        assert main(["build", str(FILES[1]), "--out", str(data)]) == FAILED
    assert "failed" in capsys.readouterr().err
    after = publish.current(data)
    publish.check(after)
    assert bytes_of(before) == whole
    assert after == before or (name, at) == ("fsync", CALLS + len(SUMMED))
    assert not list((data / publish.VERSIONS).glob(publish.TEMPORARY + "*"))
    _builds_again(data)


def flips(data: Path) -> Iterator[tuple[Path, int]]:
    """A byte in the beginning, middle and end of every file of the version, and every fifth of the manifest."""
    for path in sorted(publish.current(data).iterdir()):
        size = path.stat().st_size
        few = {1, size // 3, size // 2, size - 2}
        yield from ((path, place) for place in (range(0, size, 5) if path.suffix == ".json" else sorted(few)))


def test_verify_finds_a_flipped_byte(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(data)]) == DONE
    unseen = []
    for path, place in flips(data):
        whole = path.read_bytes()
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        unseen += [f"{path.name} {place}"] if main(["verify", str(data)]) != FAILED else []
        path.write_bytes(whole)
    assert unseen == []
    assert main(["verify", str(data)]) == DONE
    capsys.readouterr()


def test_verify_finds_a_lost_file(data: Path) -> None:
    (publish.current(data) / "findings.parquet").unlink()
    with pytest.raises(Damaged, match=r"findings"):
        verify(data)
    assert main(["verify", str(data)]) == FAILED


def test_a_damaged_version_is_written_anew(data: Path) -> None:
    facts = publish.current(data) / "facts.parquet"
    whole = facts.read_bytes()
    facts.write_bytes(whole[:100] + b"?" + whole[101:])
    build(find(FILES[:1]), data)
    assert facts.read_bytes() == whole
    assert verify(data).wrong == ()


CHANGES: dict[str, Callable[[dict[str, object]], dict[str, object]]] = {
    "value": lambda fact: {"value": float(str(fact["value"])) + 1},
    "ten thousand times": lambda fact: {"value": float(str(fact["value"])) * 10_000},
    "state": lambda fact: {"state": "dash", "value": None},
    "raw": lambda fact: {"raw": str(fact["raw"]) + "0"},
    "place": lambda fact: {"start": int(str(fact["start"])) + 1, "end": int(str(fact["end"])) + 1},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("code", ["zj.other_disclosed", "procurement.amount", "received"])
def test_verify_reads_every_value_again(
    code: str, change: Callable[[dict[str, object]], dict[str, object]], data: Path
) -> None:
    """A version that is whole, but says another thing than its sources."""
    version = publish.current(data)
    rows = {name: pq.read_table(version / f"{name}.parquet").to_pylist() for name in SCHEMAS}
    assert verify(data).wrong == ()
    fact = next(fact for fact in rows["facts"] if fact["code"] == code and fact["value"])
    fact.update(change(fact))
    written(data, rows)
    assert len(verify(data).wrong) == 1
    assert main(["verify", str(data)]) == FAILED


def test_the_contract_in_the_files(data: Path) -> None:
    manifest = publish.check(publish.current(data))
    assert manifest["schema_version"] == 1
    for name, schema in SCHEMAS.items():
        table = pq.read_table(publish.current(data) / f"{name}.parquet", page_checksum_verification=True)
        assert table.schema.equals(schema)
        assert table.num_rows == manifest["tables"][name]["rows"]  # type: ignore[index]
        assert not any(pa.types.is_null(field.type) for field in table.schema)


def test_output_that_cannot_show_chinese(tmp_path: Path) -> None:
    told = loaders("build", FILES[0], "--out", tmp_path / "data", PYTHONIOENCODING="ascii")
    assert told.returncode == DONE, told.stderr
    assert loaders("explain", FILES[0], PYTHONIOENCODING="cp1252").returncode == DONE


def test_made_up_reports_are_marked(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(FILES[0], tmp_path / "in" / "a.txt")
    assert main(["build", str(tmp_path / "in"), "--out", str(tmp_path / "data"), "--synthetic"]) == DONE
    (row,) = pq.read_table(publish.current(tmp_path / "data") / "reports.parquet").to_pylist()
    assert row["synthetic"] is True


def test_what_is_no_report_is_told_and_published(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, content in {
        "a.txt": b"",
        "b.txt": b"\xff\xfe\x00\x00\x81",
        "c.txt": "公告".encode(),
        "d.xyz": b"1",
    }.items():
        (tmp_path / "in" / name).write_bytes(content)
    shutil.copy(FILES[0], tmp_path / "in" / "e.txt")
    shutil.copy(FILES[0], tmp_path / "in" / "f.txt")
    assert main(["build", str(tmp_path / "in"), "--out", str(tmp_path / "data")]) == DONE
    refused = pq.read_table(publish.current(tmp_path / "data") / "quarantine.parquet").to_pylist()
    assert [row["source_name"] for row in refused] == ["a.txt", "b.txt", "c.txt", "d.xyz", "f.txt"]
    assert all(row["reason"] and row["detail"] for row in refused)
    assert refused[-1]["reason"] == "SAME_BYTES"


def test_wrong_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", str(tmp_path / "nothing"), "--out", str(tmp_path / "data")]) == 2
    assert main(["verify", str(tmp_path / "nothing")]) == 2
    assert "no such file" in capsys.readouterr().err
