"""The sandbox: what a library does to its process is a reason for one document; the next one is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loaders import publish, report
from loaders.build import build
from loaders.intake.keeper import MIB, Limits
from loaders.intake.sandbox import Sandbox, risky
from loaders.intake.sources import find
from loaders.report import Quarantined, Report, Source
from tests.bad_readers import document, read

ROOT = Path(__file__).resolve().parent.parent
TIGHT = Limits(memory=256 * MIB, cpu=1.0, wall=1.5, documents=4)
ENDS = {
    "leak": "KILLED_MEMORY",
    "MemoryError": "KILLED_MEMORY",
    "killed": "KILLED_MEMORY",  # from outside: the system was out of memory
    "loop": "KILLED_TIME",
    "sleep": "KILLED_TIME",
    "deaf": "KILLED_TIME",
    "abort": "CRASHED",
    "segfault": "CRASHED",
    "leave": "CRASHED",
    "SystemExit": "CRASHED",
    "KeyError": "CRASHED",
    "dive": "CRASHED",
    "refuse": "CRASHED",
    "litter": "DONE",
    "nothing": "DONE",
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="no limits of memory there, and no fork")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(read, TIGHT) as sandbox:
        yield sandbox


def ended(box: Sandbox, deed: str) -> Quarantined:
    """How a document ended that makes its reader do something."""
    told = box.read(document(deed))
    assert isinstance(told, Quarantined)
    return told


@posix
@pytest.mark.parametrize(("deed", "reason"), ENDS.items())
def test_one_document_ends_and_the_next_is_read(deed: str, reason: str, box: Sandbox) -> None:
    started = time.monotonic()
    told = ended(box, deed)
    assert (told.reason, told.source) == (reason, "a.pdf")
    assert time.monotonic() - started < TIGHT.wall + 10
    assert ended(box, "nothing").reason == "DONE"


@posix
def test_worker_is_used_again_and_replaced_in_time() -> None:
    with Sandbox(read, TIGHT) as box:
        pids = [ended(box, "nothing").detail for _ in range(9)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [4, 4, 1]
    assert str(os.getpid()) not in pids


@posix
def test_a_process_lost_while_it_waited_is_replaced(box: Sandbox) -> None:
    ended(box, "nothing")
    assert box._process is not None
    box._process.kill()
    box._process.join()
    assert ended(box, "nothing").reason == "DONE"


def test_what_is_risky() -> None:
    assert risky(Source("a.txt", b"<html><body>"))
    assert risky(Source("a.txt", b"PK\x03\x04"))
    assert risky(Source("a.txt", b"1 " * 200_000))
    assert not risky(Source("a.pdf", b"plain"))
    assert not risky(Source("a.pdf", b""))


def test_text_is_read_in_the_process_itself() -> None:
    with Sandbox(lambda source: Quarantined(source.name, "", "HERE", str(os.getpid()))) as box:
        told = box.read(Source("a.txt", b"text"))
        assert isinstance(told, Quarantined)
        assert told.detail == str(os.getpid())
        assert box._process is None


def test_an_error_against_the_promise_is_a_reason() -> None:
    def broken(_: Source) -> Quarantined:
        raise ZeroDivisionError("x")

    told = Sandbox(broken).read(Source("a.txt", b"text"))
    assert isinstance(told, Quarantined)
    assert (told.reason, told.detail) == ("CRASHED", "ZeroDivisionError: x")


def test_a_report_comes_back_whole() -> None:
    """The way there and back changes nothing: a text padded beyond the size read in place."""
    data = (ROOT / "data/reports/002_661fbc7c25e971f6.txt").read_bytes() + b"\n" * 300_000
    source = Source("long.txt", data)
    with Sandbox() as box:
        far = box.read(source)
        assert box._process is not None
    near = report.read(source)
    assert isinstance(near, Report)
    assert isinstance(far, Report)
    assert (far.facts, far.findings, far.text, far.report_id) == (near.facts, near.findings, near.text, near.report_id)


KILLED = """
import sys, time
from functools import partial
from pathlib import Path
from loaders import build, publish
from loaders.engines import local
from loaders.report import Source
from loaders.intake.sandbox import Sandbox
from tests.bad_readers import document, read
with publish.locked(Path(sys.argv[1])):
    box = Sandbox(read)
    print(box._open() and box._process.pid, flush=True)
    if sys.argv[2] == "sandbox":
        box.read(document(sys.argv[3]))
    list(local.in_order(time.sleep, [30, 30], 2, partial(build._begin, ())))
"""


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether something comes true within a time."""
    deadline = time.monotonic() + seconds
    while not (true := holds()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return true


@posix
@pytest.mark.parametrize(("where", "deed"), [("sandbox", "sleep"), ("pool", "")])
def test_nothing_outlives_a_killed_build(where: str, deed: str, tmp_path: Path) -> None:
    """kill -9 of a build: its lock is free at once, its processes end, its output is closed."""
    command = [sys.executable, "-c", KILLED, str(tmp_path), where, deed]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        keeper = int(process.stdout.readline())
        time.sleep(0.5)  # until the document is being read, or the pool has started
        process.send_signal(signal.SIGKILL)
        process.wait()
        with publish.locked(tmp_path, wait=1.0):
            pass
        assert until(lambda: not _alive(keeper), 5.0)
        assert process.stdout.read() == ""  # no descendant holds the pipe


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("workers", [1, 2])
def test_build_goes_on_after_a_crash(workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process of a build has a sandbox of its own."""
    monkeypatch.setattr("loaders.build.CHUNK", 2)
    for n in range(3):
        (tmp_path / f"{n}.pdf").write_bytes(b"%PDF-" + bytes([n]))
        (tmp_path / f"{n}.txt").write_text(f"nothing {n}")
    summary = build(find([tmp_path]), tmp_path / "out", workers)
    assert summary.counts == {"quarantined": 6}
