"""What a browser test stands on: the system's Chromium, and a dashboard server of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
# --no-sandbox: CI runs as root. The others keep Chromium from calling home, so that a page's own outside request
# is the only one to be seen.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Connected, the script has run, nothing is stale, a heading stands.
IDLE = """() => {
  const app = document.querySelector('[data-testid=stApp]')
  return app && app.dataset.testConnectionState === 'CONNECTED' && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')
    && document.querySelector('[data-testid=stMain] h1, [data-testid=stMain] h3')
}"""
START_SECONDS = 60
END_SECONDS = 10


def find_chromium() -> str | None:
    """The browser that OGI_CHROMIUM names, else the first Chromium on PATH; None where there is none."""
    named = os.environ.get("OGI_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def browser_required() -> bool:
    """Whether a missing browser is a failure (OGI_BROWSER=required, as CI sets it) or a reason to skip."""
    return os.environ.get("OGI_BROWSER") == "required"


def has_chinese_font() -> bool:
    """Whether a browser here can set Chinese; taken for granted where fontconfig is not at hand to say."""
    lister = shutil.which("fc-list")
    return not lister or bool(subprocess.run([lister, ":lang=zh-cn"], capture_output=True, check=False).stdout)


@contextmanager
def serve(data: Path, log: Path) -> Iterator[str]:
    """The address of a fresh dashboard over the data set in `data`; it ends with the block, children included."""
    with served(data, log) as (address, _):
        yield address


@contextmanager
def served(data: Path, log: Path, script: str = "app.py") -> Iterator[tuple[str, int]]:
    """As `serve`, with the number of its process; `script` names another page that Streamlit shows.

    Raises RuntimeError with the end of `log` where the server ends early or is not healthy within a minute.
    """
    port = free_port()
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
    command = [sys.executable, "-m", "streamlit", "run", script]
    command += [f"--server.{name}={value}" for name, value in options.items()]
    environment = os.environ | {"OGI_DATA": str(data), "PYTHONUTF8": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_healthy(process, address, log)
        yield address, process.pid
    finally:
        end(process)


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Come back once the server at `address` says that it is ready."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"The dashboard did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def end(process: subprocess.Popen[bytes]) -> None:
    """End `process` with the whole group that it leads."""
    if sys.platform == "win32":
        process.kill()
    else:
        for ending in (signal.SIGTERM, signal.SIGKILL):
            if process.poll() is None:
                os.killpg(process.pid, ending)
                try:
                    process.wait(END_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
    process.wait()
