"""The command line: help worth reading, JSON for programs, completion, a reader who has seen enough, errors that help."""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from loaders.__main__ import BUSY, DONE, FAILED, USAGE, VERBS, _parser, main
from loaders.verbs import completion
from loaders.verbs.said import PIPE
from tests.library import REPORTS

ROOT = Path(__file__).resolve().parent.parent
REPORT = REPORTS / "103_pingtan_county_2012.txt"
NAMES = ("build", "explain", "verify", "diff", "release", "fetch", "completion")


def verbs() -> dict[str, argparse.ArgumentParser]:
    (known,) = [one for one in _parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return dict(known.choices)


def test_every_verb_is_one_module() -> None:
    assert tuple(verbs()) == NAMES
    assert tuple(one.__name__.rpartition(".")[2] for one in VERBS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_help_tells_options_statuses_and_examples_that_can_be_typed(name: str) -> None:
    verb = verbs()[name]
    assert all(action.help for action in verb._actions if action.option_strings or action.metavar)
    if name == "completion":
        return
    text = verb.format_help()
    assert "exit status: 0 " in text
    examples = [line.partition("#")[0].strip() for line in text.splitlines() if line.startswith("  python -m loaders ")]
    assert examples
    for line in examples:
        words = shlex.split(line.partition("|")[0])
        _parser().parse_args(words[3:])


def told(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = DONE) -> list[object]:
    """The JSON lines that a verb prints."""
    assert main([*arguments, "--json"]) == status
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_programs_hear_what_people_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "data"
    (built,) = told(capsys, "build", str(REPORT), "--out", str(out), "--workers", "1")
    assert isinstance(built, dict)
    assert (built["documents"], built["known"], built["reports"]) == (1, 0, {"complete": 1})
    assert Path(built["folder"]).is_dir()
    assert main(["build", str(REPORT), "--out", str(out), "--workers", "1"]) == DONE
    words = capsys.readouterr().out
    assert words.startswith("1 份文件，其中 1 份此前已读")
    assert words.splitlines()[0].endswith(built["folder"])

    (verified,) = told(capsys, "verify", str(out))
    assert isinstance(verified, dict)
    assert main(["verify", str(out)]) == DONE
    assert capsys.readouterr().out.startswith(f"{verified['version']}：{verified['again']} 个值")
    assert verified["wrong"] == []

    (explained,) = told(capsys, "explain", str(REPORT))
    assert isinstance(explained, dict)
    assert len(explained["facts"]) == verified["again"] + verified["placeless"]
    assert main(["explain", str(REPORT)]) == DONE
    assert explained["agency"] in capsys.readouterr().out

    (released,) = told(capsys, "release", str(out), "--out", str(tmp_path / "package"), "--date", "2026-01-02")
    assert isinstance(released, dict)
    assert Path(released["archive"]).stat().st_size == released["bytes"]


def test_a_document_that_is_no_report_is_told_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("写给别人的一封信，里面没有表。", encoding="utf-8")
    (one,) = told(capsys, "explain", str(path), status=FAILED)
    assert isinstance(one, dict)
    assert one["reason"] == "NO_TABLES"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("build", "{folder}/nowhere"), USAGE, "no such file or folder: "),
        (("build", "{folder}", "--out", "{folder}/out"), USAGE, "no file to read, nothing was published: "),
        (("verify", "{folder}"), USAGE, "run `python -m loaders build` first"),
        (("release", "{folder}", "--out", "{folder}/out"), USAGE, "no version of the data: "),
        (("explain", "{folder}/nowhere"), USAGE, "no such file or folder: "),
    ],
)
def test_errors_say_what_is_wrong(
    arguments: tuple[str, ...], status: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([one.format(folder=tmp_path) for one in arguments]) == status
    found = capsys.readouterr()
    assert said in found.err
    assert found.out == ""
    assert len({DONE, FAILED, USAGE, BUSY, PIPE}) == 5


def test_a_build_of_nothing_leaves_the_last_version(tmp_path: Path) -> None:
    out = tmp_path / "data"
    assert main(["build", str(REPORT), "--out", str(out), "--workers", "1"]) == DONE
    before = (out / "CURRENT").read_text(encoding="utf-8")
    (tmp_path / "empty").mkdir()
    assert main(["build", str(tmp_path / "empty"), "--out", str(out)]) == USAGE
    assert (out / "CURRENT").read_text(encoding="utf-8") == before


@pytest.mark.skipif(os.name == "nt", reason="a pipe that breaks is told otherwise there")
def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    command = [sys.executable, "-m", "loaders", "explain", str(REPORT), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.close()
        assert running.stderr is not None
        said = running.stderr.read()
        assert (running.wait(60), said) == (PIPE, b"")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("",), set(NAMES)),
        (("re",), {"release"}),
        (("build", "--an"), {"--anew"}),
        (("build", "--engine", "da"), {"dask"}),
        (("completion", ""), {"bash", "zsh", "fish", "-h", "--help"}),
    ],
)
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_offers_what_can_follow(typed: tuple[str, ...], offered: set[str]) -> None:
    script = completion.script("bash", {name: completion.words(verb) for name, verb in verbs().items()})
    line = " ".join(shlex.quote(word) for word in ("ogi", *typed))
    asked = f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(typed)}; _ogi; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    found = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    assert set(found.stdout.split()) == offered


def test_the_function_runs_the_command_from_anywhere(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "loaders", "completion", "bash"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    asked = f"{found.stdout}\nogi --version"
    told = subprocess.run(["bash", "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.strip()
