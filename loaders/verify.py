"""Does a published version say what its sources say: hashes of every file, then every value at its place again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from codebook import book
from loaders import publish
from loaders.values import value


@dataclass(frozen=True, slots=True)
class Verified:
    """How many facts were read again at their place, how many have no place, and what did not agree."""

    version: str
    again: int
    placeless: int
    wrong: tuple[str, ...]


def verify(folder: Path) -> Verified:
    """Check the current version of a data folder. Raises Damaged, FileNotFoundError."""
    version = publish.current(folder)
    publish.check(version)
    texts = {row["report_id"]: row["text"] for row in pq.read_table(version / "sources.parquet").to_pylist()}
    facts = pq.read_table(version / "facts.parquet").to_pylist()
    placed = [fact for fact in facts if fact["start"] is not None]
    return Verified(version.name, len(placed), len(facts) - len(placed), tuple(_disagreements(placed, texts)))


def _disagreements(facts: list[dict[str, object]], texts: dict[str, str]) -> Iterator[str]:
    kinds = {code: measure.kind for code, measure in book().measures.items()}
    for fact in facts:
        start, end, raw = fact["start"], fact["end"], fact["raw"]
        name = f"{fact['report_id']} {fact['code']} {fact['applicant'] or ''}".rstrip()
        printed = texts[str(fact["report_id"])][int(str(start)) : int(str(end))]
        if printed != raw:
            yield f"{name}: {raw!r} is not at its place ({printed!r})"
        elif fact["table"] != "narrative" and not _same(str(raw), kinds[str(fact["code"])], fact):
            yield f"{name}: {raw!r} does not read as {fact['state']} {fact['value']}"


def _same(raw: str, kind: str, fact: dict[str, object]) -> bool:
    told = value(raw, kind)
    if told.state != fact["state"]:
        return False
    if fact["value"] is None or told.number is None:
        return fact["value"] is None
    scales = {1.0, *(float(n) for n in book().units["words"].values())}
    return any(abs(told.number.value * scale - float(str(fact["value"]))) < 1e-3 for scale in scales)
