"""Pages of docs/ that one can follow are followed: their commands typed, their files written, their output looked for.

A fence tells by its first line what it is:

    ```shell                                         commands, a line each
    ```text title="output"                           lines that the commands or the code just before print
    ```text title="PATH"                             a file to write
    ```csv title="append to PATH"                    lines to add to a file
    ```csv title="append to the first line of PATH"  what goes to the end of its first line
    ```python                                        code; what came before on the page is known to it
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r'^```(\w*)(?: title="([^"]*)")?\n(.*?)^```$', re.DOTALL | re.MULTILINE)
LEFT_OUT = (".git", ".venv", "site", "out", "published", "boundaries", "*_cache", "__pycache__", ".hypothesis")
# What following a page can't run: this very run, and what serves until it is stopped (a test of its own starts that).
# What is typed in its stead: nothing, and the part of it that ends.
ELSEWHERE = {"python dev.py test": "", "python dev.py run": "python dev.py loaders build"}


@dataclass(frozen=True, slots=True)
class Step:
    """A fence of a page: its language, its title and what is in it."""

    kind: str
    title: str
    text: str

    @property
    def commands(self) -> list[str]:
        """Of a shell fence, without comments."""
        lines = (re.sub(r"\s+#.*", "", line).strip() for line in self.text.splitlines())
        return [line for line in lines if line]


def steps(page: Path) -> list[Step]:
    """The fences of a page."""
    return [Step(*found) for found in FENCE.findall(page.read_text(encoding="utf-8"))]


def copied(folder: Path) -> Path:
    """A copy of the project whose .venv is the one that runs this."""
    copy = folder / "project"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    ours, theirs = copy / ".venv", Path(sys.prefix)
    ours.mkdir()
    for name in ("bin", "Scripts", "lib", "Lib", "pyvenv.cfg"):
        if (theirs / name).exists():
            (ours / name).symlink_to(theirs / name)
    stamps = (
        "import dev\n"
        "for lock in (dev.RUN_LOCK, dev.TEST_LOCK):\n"
        "    (dev.VENV / f'{lock}.stamp').write_text(dev.stamp_of(lock), encoding='utf-8')\n"
    )
    subprocess.run([sys.executable, "-c", stamps], cwd=copy, check=True)
    return copy


@dataclass(slots=True)
class Walk:
    """A page on its way: where it is followed, the code so far, and what was printed last."""

    project: Path
    code: str = ""
    printed: str = ""
    typed: list[str] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Do one step. Raises AssertionError where it does not come out as the page says."""
        if step.title == "output":
            missing = [line for line in step.text.splitlines() if line.strip() not in self.printed]
            assert not missing, f"{missing} is not in\n{self.printed}"
        elif step.title.startswith("append to the first line of "):
            path = self.project / step.title.removeprefix("append to the first line of ")
            first, rest = path.read_text(encoding="utf-8").split("\n", 1)
            path.write_text(f"{first}{step.text.strip()}\n{rest}", encoding="utf-8")
        elif step.title.startswith("append to "):
            path = self.project / step.title.removeprefix("append to ")
            path.write_text(path.read_text(encoding="utf-8") + step.text, encoding="utf-8")
        elif step.title:
            path = self.project / step.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, encoding="utf-8")
        elif step.kind == "shell":
            self.printed = "".join(map(self._typed, step.commands))
        elif step.kind == "python":
            self.code, before = self.code + step.text, self.printed if self.code else ""
            self.printed = self._ran([sys.executable, "-c", self.code]).removeprefix(before)

    def _typed(self, line: str) -> str:
        if line in ELSEWHERE and not (line := ELSEWHERE[line]):
            return ""
        self.typed.append(line)
        words = shlex.split(line)
        assert words[0] == "python", f"not a command that a newcomer has: {line}"
        return self._ran([sys.executable, *words[1:]])

    def _ran(self, command: list[str]) -> str:
        ended = subprocess.run(command, cwd=self.project, capture_output=True, encoding="utf-8", check=False)
        assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout
