"""benchmarks/RESULTS.md: what each benchmark came to when it was last run, a line each."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bars import Bench, Measured

PAGE = Path(__file__).with_name("RESULTS.md")
HEAD = """# Benchmarks
<!-- written by `python dev.py bench --write`; a benchmark that is not run keeps its line -->

Each figure is a ratio of our time to the peer's in the same run, medians of interleaved pairs; a wrong cell fails a
benchmark whatever its speed. `python dev.py bench NAME` repeats one.

| name | work | peer | must hold | aim | measured | holds | what was done | when and where |
|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Result:
    """A benchmark that was run."""

    name: str
    bench: Bench
    found: Measured

    @property
    def holds(self) -> bool | None:
        """Whether the bar holds; None where there is none."""
        return self.bench.holds(self.found)

    def line(self) -> str:
        """For the screen."""
        bar = self.bench.bar
        told = {True: "holds", False: "DOES NOT HOLD", None: ""}[self.holds]
        wrong = f", {self.found.wrong} cells WRONG" if self.found.wrong else ""
        sign = "≥" if bar.more else "≤"
        return f"{self.name:12} {self.found.ratio:8.3g}  ({sign} {bar.must}, aim {bar.aim})  {told}{wrong}  {self.found.told}"

    def row(self) -> str:
        """For the page."""
        bar, sign = self.bench.bar, "≥" if self.bench.bar.more else "≤"
        holds = {True: "yes", False: "**no**", None: ""}[self.holds]
        where = f"{datetime.now(UTC).date().isoformat()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        must, aim = (f"{sign} {one:g}" if one is not None else "" for one in (bar.must, bar.aim))
        cells = (self.name, bar.work, bar.peer, must, aim, f"{self.found.ratio:.3g}", holds, self.found.told, where)
        return "| " + " | ".join(cells) + " |"


def keep(found: Sequence[Result], order: Sequence[str]) -> None:
    """Write the page anew with these results; lines of benchmarks that were not run stay."""
    rows = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else ():
        name = line.removeprefix("| ").partition(" |")[0]
        if line.startswith("| ") and name in order:
            rows[name] = line
    rows |= {one.name: one.row() for one in found}
    PAGE.write_text(HEAD + "\n".join(rows[name] for name in order if name in rows) + "\n", encoding="utf-8")
