"""The one door to everything one does here: `python dev.py` lists the verbs.

Needs nothing but Python 3.11 or newer. Everything else goes into .venv beside this file, at exactly the versions
and hashes of requirements.txt (to run), requirements-dev.txt (to test) or requirements-bench.txt (to time).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def python_of(venv: Path) -> Path:
    """The interpreter inside `venv`."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = python_of(VENV)
RUN_LOCK = "requirements.txt"
TEST_LOCK = "requirements-dev.txt"
BENCH_LOCK = "requirements-bench.txt"
CLUSTER_LOCK = "requirements-cluster.txt"  # for machines that only read; nothing here installs it
OLDEST_PYTHON = (3, 11)
LOCK_TOOL = "pip-tools==7.6.2"

# The arguments of `python -m`, by the name under which the summary tells how each check ended.
QUICK_CHECKS = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
}


def main(arguments: Sequence[str]) -> int:
    """Do the verb that `arguments` begin with; the exit status is the verb's."""
    if sys.version_info < OLDEST_PYTHON:
        print(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed; this is {sys.version.split()[0]}.")
        return 2
    verb, *rest = arguments or ["help"]
    if verb not in VERBS:
        print("usage: python dev.py VERB [ARGUMENT...]\n")
        for name, function in VERBS.items():
            print(f"  {name:8} {(function.__doc__ or '').splitlines()[0]}")
        return 0 if verb in ("help", "-h", "--help") else 2
    try:
        return VERBS[verb](rest)
    except subprocess.CalledProcessError as error:
        print(f"\nStopped: {subprocess.list2cmdline(map(str, error.cmd))} ended with {error.returncode}.")
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: Sequence[str]) -> int:
    """Install, build the data set where it changed, and open the dashboard; arguments go to Streamlit."""
    install(RUN_LOCK)
    must(PYTHON, "-m", "loaders", "build")
    if at_home(arguments):
        os.environ.setdefault("OGI_DESK", "1")  # whoever sits here may decide on labels, doubts and values
    return status(PYTHON, "-m", "streamlit", "run", "app.py", *arguments)


def at_home(arguments: Sequence[str]) -> bool:
    """Whether the dashboard answers to this machine only, as .streamlit/config.toml has it."""
    moved = any(one.startswith("--server.address") for one in arguments)
    return not moved and "STREAMLIT_SERVER_ADDRESS" not in os.environ


def test(arguments: Sequence[str]) -> int:
    """Install, then run every check: ruff, mypy, pytest; arguments go to pytest."""
    return run_checks({**QUICK_CHECKS, "pytest": ("pytest", *arguments)})


def check(_: Sequence[str]) -> int:
    """The quick checks only: ruff and mypy."""
    return run_checks(QUICK_CHECKS)


def bench(arguments: Sequence[str]) -> int:
    """Time the product beside its peers; arguments go to `python -m benchmarks`."""
    install(BENCH_LOCK)
    return status(PYTHON, "-m", "benchmarks", *arguments)


def prove(arguments: Sequence[str]) -> int:
    """Try every promise at length and write docs/trust.md; arguments go to `python -m tests.proofs`."""
    install(TEST_LOCK)
    return status(PYTHON, "-m", "tests.proofs", *arguments)


def loaders(arguments: Sequence[str]) -> int:
    """Read documents, explain, verify, compare, package: arguments go to `python -m loaders`."""
    install(RUN_LOCK)
    return status(PYTHON, "-m", "loaders", *arguments)


def docs(arguments: Sequence[str]) -> int:
    """Build docs/ as a site into site/, strictly; arguments go to `mkdocs build`."""
    install(TEST_LOCK)
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # a notice of its makers, not of our pages
    return status(PYTHON, "-m", "mkdocs", "build", "--strict", "--quiet", *arguments)


def lock(arguments: Sequence[str]) -> int:
    """Compile requirements*.in into requirements*.txt with hashes; `lock --upgrade` takes the newest releases."""
    if sys.version_info[:2] != OLDEST_PYTHON:
        print(f"Compile the locks with Python {'.'.join(map(str, OLDEST_PYTHON))}: what they hold must serve it too.")
        return 2
    # Settings of one machine (a mirror, a folder of wheels) must not decide what everybody gets.
    here = {name: value for name, value in os.environ.items() if name not in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL")}
    here |= {"PIP_CONFIG_FILE": os.devnull, "CUSTOM_COMPILE_COMMAND": "python dev.py lock"}
    silent = ("--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links", "--no-emit-options")
    with tempfile.TemporaryDirectory() as folder:
        python = python_of(Path(folder))
        must(sys.executable, "-m", "venv", folder)
        must(python, "-m", "pip", "install", "--quiet", LOCK_TOOL, environment=here)
        for target in (RUN_LOCK, TEST_LOCK, BENCH_LOCK, CLUSTER_LOCK):
            options = ("--generate-hashes", "--strip-extras", "--allow-unsafe", "--quiet", *silent, *arguments)
            source = target.replace(".txt", ".in")
            must(python, "-m", "piptools", "compile", *options, "-o", target, source, environment=here)
    return 0


VERBS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "prove": prove,
    "loaders": loaders,
    "docs": docs,
    "lock": lock,
}


def install(wanted: str) -> None:
    """Bring .venv to the lock `wanted`, at once where its stamp says that it is there already.

    A stamp is written when an install ended well. Where one is out of date (another lock, another Python) or none
    was ever written, .venv starts anew, so that no package of an older lock lingers.
    """
    stamps = {stamp.stem: stamp.read_text(encoding="utf-8") for stamp in VENV.glob("*.stamp")}
    if stamps.get(wanted) == stamp_of(wanted) and PYTHON.exists():
        return
    if not stamps or any(text != stamp_of(name) for name, text in stamps.items()) or not PYTHON.exists():
        print("Making .venv", flush=True)
        must(sys.executable, "-m", "venv", "--clear", str(VENV))
    print(f"Installing {wanted}", flush=True)
    options = ("--require-hashes", "--only-binary=:all:", "--disable-pip-version-check", "--no-input", "--quiet")
    must(PYTHON, "-m", "pip", "install", *options, "-r", wanted)
    (VENV / f"{wanted}.stamp").write_text(stamp_of(wanted), encoding="utf-8")


def stamp_of(name: str) -> str:
    """What .venv's stamp says once the lock `name` is installed for this Python."""
    path = ROOT / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "absent"
    return f"{sys.version}\n{digest}\n"


def run_checks(checks: Mapping[str, Sequence[str]]) -> int:
    """Run all `checks`, also after one failed, and close with a line each; 1 where any failed."""
    install(TEST_LOCK)
    lines, failed = [], False
    for name, arguments in checks.items():
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        ended = status(PYTHON, "-m", *arguments)
        failed = failed or ended != 0
        lines.append(f"{'ok' if ended == 0 else 'FAILED':8}{name:14}{time.monotonic() - started:6.1f} s")
    print("", *lines, sep="\n", flush=True)
    return int(failed)


def status(*command: str | Path) -> int:
    """The exit status of `command`, run in the project's folder with its output shown as it comes."""
    # Chinese text is printed and read as UTF-8, also where the console's own encoding is another.
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONUTF8": "1"}, check=False).returncode


def must(*command: str | Path, environment: Mapping[str, str] = os.environ) -> None:
    """Run `command` as `status` does; CalledProcessError where it fails."""
    subprocess.run(command, cwd=ROOT, env={**environment, "PYTHONUTF8": "1"}, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
