"""A running dashboard with many readers while new versions are published: no error, one version a page, steady memory."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from tests import library
from tests.browser import served
from tests.building import command
from tests.proofs.proof import Tried
from tests.visitors import Seen, Way, at, crowd, resident

ROOT = Path(__file__).resolve().parents[2]
MINUTE, MOST, THINK = 60.0, 50, 2.0
LONG, SLOW, SLOPE = 600.0, 1.0, 1.0  # seconds from which speed and memory count; seconds a run; MB a minute
PAGES = ("", "volume", "procurement", "outcomes", "review", "profile", "compare", "coverage", "findings", "downloads")
WAYS: tuple[Way, ...] = (
    *((page, "") for page in PAGES),
    *((page, f"by={by}") for page in ("volume", "outcomes") for by in ("year", "agency", "level")),
    ("outcomes", "year=2020"), ("outcomes", "lang=en"), ("report", "lang=en"),
)  # fmt: skip


def _build(out: Path, number: int) -> None:
    """The version with all transcribed reports, or with all but one, in turn."""
    build = command(library.TRANSCRIBED[number % 2 :], out)
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)


async def _ingest(out: Path, pid: int, every: float, sizes: list[float]) -> None:
    for number in count(1):
        await asyncio.sleep(every)
        await asyncio.to_thread(_build, out, number)
        sizes.append(resident(pid))


async def _through(address: str, out: Path, pid: int, seconds: float, many: int, sizes: list[float]) -> list[Seen]:
    ingest = asyncio.create_task(_ingest(out, pid, min(MINUTE, seconds / 4), sizes))
    try:
        return await crowd(address, WAYS, many, seconds, THINK)
    finally:
        ingest.cancel()


def slope(sizes: Sequence[float]) -> float:
    """MB a step over the later half of the sizes: the straight line through them."""
    later = sizes[len(sizes) // 2 :]
    middle, mean = (len(later) - 1) / 2, sum(later) / len(later)
    spread = sum((n - middle) ** 2 for n in range(len(later)))
    return sum((n - middle) * (size - mean) for n, size in enumerate(later)) / spread if spread else 0.0


def wrong(runs: Sequence[Seen]) -> list[str]:
    """Errors on pages, and pages that show more than one version."""
    mixed = [f"two versions on a page: {sorted(run.versions)}" for run in runs if len(run.versions) > 1]
    return [text for run in runs for text in run.wrong] + mixed


def soaked(times: int) -> Tried:
    """So many seconds of visits, an ingest each minute; fifty readers, fewer where the time is short."""
    many = max(3, min(MOST, times // 10))
    sizes = list[float]()
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out"
        _build(out, 0)
        with served(out, Path(place) / "log") as (address, pid):
            runs = asyncio.run(_through(address, out, pid, float(times), many, sizes))
            written = (Path(place) / "log").read_text(encoding="utf-8", errors="replace")
    tried = Tried(len(runs), wrong(runs))
    if "Traceback" in written:
        tried.broken.append(written[written.index("Traceback") :][:2000])
    p95, grown = at([run.seconds for run in runs], 0.95), slope(sizes)
    if times >= LONG and p95 >= SLOW:
        tried.broken.append(f"p95 {p95:.2f} s")
    if times >= LONG and grown >= SLOPE:
        tried.broken.append(f"memory grows by {grown:.1f} MB a version")
    seen = {version for run in runs for version in run.versions}
    tried.told = (
        f"{many} readers over {times} s, {len(sizes)} new versions, {len(seen)} seen;"
        f" p95 {p95:.2f} s, memory {sizes[-1] if sizes else 0:.0f} MB, {grown:+.1f} MB a version"
    )
    return tried
