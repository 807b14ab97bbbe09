"""Files as they come: altered after publication, built under other circumstances, damaged before reading."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from itertools import product
from pathlib import Path

from dashboard import data as shown
from tests.building import command
from tests.damaging import altered
from tests.made import publish as made
from tests.mutation_matrix import SHARES, matrix
from tests.proofs.proof import Tried

ROOT = Path(__file__).resolve().parents[2]


def mutated(times: int) -> Tried:
    """A published file altered in any way is found out before it is used, and the last whole version shown."""
    tried, chance = Tried(told="a bit flipped, a byte lost or added, cut, emptied, gone"), random.Random(2)  # noqa: S311
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made(folder, "versions/older")
        made(folder, "versions/newer")
        version, whole = folder / "versions" / "newer", folder / "whole"
        shutil.copytree(version, whole)
        files = sorted(version.glob("*.parquet"))
        for number in range(times):
            path = chance.choice(files)
            altered(path, chance)
            tried.times += 1
            try:
                shown.read(version)
                tried.broken.append(f"{number}: {path.name} was used")
            except shown.DamagedError:
                pass
            shutil.copy2(whole / path.name, path)
    return tried


def same_bytes(times: int) -> Tried:
    """Rebuilt in another order, locale, time zone, hash seed and number of workers: the same version."""
    tried, versions = Tried(told="order of files, LC_ALL, TZ, PYTHONHASHSEED, workers"), set[str]()
    reports = sorted((ROOT / "data" / "reports").glob("*.txt"))[:40]
    ways = list(
        product(("C.UTF-8", "C", "en_US.UTF-8"), ("UTC", "Asia/Shanghai", "America/New_York"), ("0", "77"), ("1", "2"))
    )
    random.Random(3).shuffle(ways)  # noqa: S311
    with tempfile.TemporaryDirectory() as name:
        for number, (locale, zone, seed, workers) in enumerate(ways[:times]):
            out = Path(name) / str(number)
            order = reports[::-1] if number % 2 else reports
            build = command(order, out, workers=workers)
            changed = {"LC_ALL": locale, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
            subprocess.run(build, cwd=ROOT, env=os.environ | changed, check=True, capture_output=True)
            versions.add((out / "CURRENT").read_text(encoding="utf-8"))
            tried.times += 1
    if len(versions) != 1:
        tried.broken.append(f"{len(versions)} versions")
    return tried


def damaged(times: int) -> Tried:
    """Reports damaged on their way: each cell is right, doubted or refused, and never silently wrong."""
    tally = matrix(times, 9, list(SHARES), os.cpu_count() or 1, 0)
    return Tried(
        tally.total, list(tally.silent), f"{len(tally.kinds)} kinds of damage in {len(tally.containers)} containers"
    )
