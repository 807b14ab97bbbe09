"""dev.py installs when it must, only then, and runs every check whatever became of the one before."""

import os
import subprocess
from pathlib import Path

import pytest

import dev


class Desk:
    """A made project folder whose dev.py makes .venv, but only notes down what it would install."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root, self.done, self.broken = root, list[str](), False
        for lock in (dev.RUN_LOCK, dev.TEST_LOCK):
            (root / lock).write_text("first", encoding="utf-8")
        patch.setattr(dev, "ROOT", root)
        patch.setattr(dev, "VENV", root / ".venv")
        patch.setattr(dev, "PYTHON", root / ".venv" / "python")
        patch.setattr(dev, "must", self.must)

    def must(self, *command: str | Path) -> None:
        if "venv" in command:
            self.done.append("anew")
            for stamp in dev.VENV.glob("*.stamp"):
                stamp.unlink()
            dev.VENV.mkdir(exist_ok=True)
            dev.PYTHON.touch()
        elif self.broken:
            raise subprocess.CalledProcessError(1, list(command))
        else:
            self.done.append(str(command[-1]))

    def installs(self, lock: str) -> list[str]:
        """What installing `lock` does now."""
        self.done.clear()
        dev.install(lock)
        return list(self.done)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def test_second_install_has_nothing_to_do(desk: Desk) -> None:
    assert desk.installs(dev.RUN_LOCK) == ["anew", dev.RUN_LOCK]
    assert desk.installs(dev.RUN_LOCK) == []
    assert desk.installs(dev.TEST_LOCK) == [dev.TEST_LOCK]
    assert desk.installs(dev.RUN_LOCK) == []


def test_changed_lock_starts_anew(desk: Desk) -> None:
    desk.installs(dev.RUN_LOCK)
    desk.installs(dev.TEST_LOCK)
    (desk.root / dev.RUN_LOCK).write_text("second", encoding="utf-8")
    assert desk.installs(dev.RUN_LOCK) == ["anew", dev.RUN_LOCK]
    assert desk.installs(dev.TEST_LOCK) == [dev.TEST_LOCK]


def test_other_python_starts_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.installs(dev.RUN_LOCK)
    monkeypatch.setattr("sys.version", "another")
    assert desk.installs(dev.TEST_LOCK) == ["anew", dev.TEST_LOCK]


def test_install_that_failed_starts_anew(desk: Desk) -> None:
    desk.broken = True
    with pytest.raises(subprocess.CalledProcessError):
        desk.installs(dev.RUN_LOCK)
    desk.broken = False
    assert desk.installs(dev.RUN_LOCK) == ["anew", dev.RUN_LOCK]


def test_every_check_runs_although_one_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = []

    def status(*command: str | Path) -> int:
        ran.append(command[2:])
        return int("mypy" in command)

    monkeypatch.setattr(dev, "install", lambda lock: None)
    monkeypatch.setattr(dev, "status", status)
    assert dev.main(["test", "-k", "layers"]) == 1
    assert ran == [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("pytest", "-k", "layers")]
    summary = [line.split()[0] for line in capsys.readouterr().out.splitlines()[-4:]]
    assert summary == ["ok", "ok", "FAILED", "ok"]


@pytest.mark.parametrize(("arguments", "status"), [([], 0), (["help"], 0), (["nope"], 2)])
def test_verbs_are_listed(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(arguments) == status
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()[2:]]
    assert listed == list(dev.VERBS)


@pytest.mark.parametrize(
    ("arguments", "address", "home"),
    [([], "", True), (["--server.port=8502"], "", True), (["--server.address=0.0.0.0"], "", False), ([], "::", False)],
)
def test_who_may_decide_is_told_by_whom_the_dashboard_answers(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], address: str, home: bool
) -> None:
    """Pages write decisions on a machine of one's own only, unless the operator says otherwise."""
    seen = list[str | None]()

    def status(*command: str | Path) -> int:
        seen.append(os.environ.get("OGI_DESK"))
        return 0

    for name, value in (("STREAMLIT_SERVER_ADDRESS", address), ("OGI_DESK", "")):
        monkeypatch.setenv(name, value)
        if not value:
            monkeypatch.delenv(name)
    monkeypatch.setattr(dev, "install", lambda lock: None)
    monkeypatch.setattr(dev, "must", lambda *command: None)
    monkeypatch.setattr(dev, "status", status)
    assert dev.main(["run", *arguments]) == 0
    assert seen == ["1" if home else None]
    assert 'address = "localhost"' in (Path(dev.__file__).parent / ".streamlit" / "config.toml").read_text(
        encoding="utf-8"
    )
