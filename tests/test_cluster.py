"""A cluster reads what one machine reads: the same version, whoever did the work, also where a worker dies over it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from benchmarks.corpus.checking import check
from benchmarks.corpus.writing import write
from loaders import publish
from loaders.__main__ import DONE, FAILED, main
from loaders.build import build
from loaders.engines import spread
from loaders.engines.spread import cluster
from loaders.errors import OtherReader
from loaders.intake.sources import find

REPORTS = 420


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write(folder, 0, REPORTS, 3, "jsonl", 2)
    return folder


@pytest.fixture(scope="module")
def alone(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("alone")
    build(find([corpus / "documents"]), out, workers=1)
    return publish.current(out)


def published(out: Path) -> dict[str, bytes]:
    version = publish.current(out)
    return {path.name: path.read_bytes() for path in version.glob("*.parquet")}


@pytest.mark.filterwarnings("ignore")
def test_a_worker_that_dies_changes_nothing(corpus: Path, alone: Path, tmp_path: Path) -> None:
    pids = list[int]()

    def killing(in_order: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """As the engine does it, but after the first lot one worker is killed."""

        def done(work: Any, tasks: Iterable[Any], workers: int, begin: Any) -> Iterator[Any]:
            client = in_order.args[0]  # type: ignore[attr-defined]
            for number, one in enumerate(in_order(work, tasks, workers, begin)):
                if number == 0:
                    pids.extend(client.run(os.getpid).values())
                    os.kill(pids[0], signal.SIGKILL)
                yield one

        return done

    with cluster(None, 2) as in_order:
        build(find([corpus / "documents"]), tmp_path, workers=2, in_order=killing(in_order))
    assert len(pids) == 2
    assert publish.current(tmp_path).name == alone.name
    assert published(tmp_path) == {path.name: path.read_bytes() for path in alone.glob("*.parquet")}


def test_from_an_address_to_an_address(corpus: Path, alone: Path, tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.put(str(corpus / "documents"), "memory://in/documents", recursive=True)
    assert main(["build", "memory://in/documents", "--out", "memory://out", "--workers", "1"]) == DONE
    assert memory.cat("memory://out/CURRENT").decode().strip() == f"versions/{alone.name}"
    memory.get("memory://out", str(tmp_path / "back"), recursive=True)
    assert publish.current(tmp_path / "back").name == alone.name
    score = check(tmp_path / "back", corpus)
    assert (score.wrong, score.unmarked) == (0, 0)
    assert main(["build", "memory://nowhere", "--out", str(tmp_path / "none")]) != DONE


def test_a_cluster_with_other_code_is_refused(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "reader", _theirs)
    with pytest.raises(OtherReader), cluster(None, 1) as in_order:
        build(find([corpus / "documents"]), tmp_path, in_order=in_order)
    assert not (tmp_path / "CURRENT").exists()


def _theirs(aliases: object, audit: float) -> str:
    """What a process with other code would say of itself: something of its own."""
    return str(os.getpid())


def test_without_dask_it_says_what_is_needed(corpus: Path, tmp_path: Path) -> None:
    """In a process that can't import it."""
    code = (
        "import sys; sys.modules['dask'] = None\n"
        "from loaders.__main__ import main\n"
        f"sys.exit(main(['build', {str(corpus / 'documents')!r}, '--out', {str(tmp_path)!r}, '--engine', 'dask']))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )
    assert ended.returncode == FAILED
    assert "requirements-cluster.txt" in ended.stderr
