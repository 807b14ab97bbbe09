"""Does a published version say what its sources say: hashes of every file, then every value at its place again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from codebook import book
from loaders import publish, units
from loaders.labels import unit_in
from loaders.values import Number, value

Row = dict[str, Any]


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
    reports = {row["report_id"]: row for row in pq.read_table(version / "reports.parquet").to_pylist()}
    facts: list[Row] = pq.read_table(version / "facts.parquet").to_pylist()
    placed = [fact for fact in facts if fact["start"] is not None]
    projects = {fact["report_id"]: fact["value"] for fact in facts if fact["code"] == "procurement.projects"}
    wrong = tuple(_disagreements(placed, texts, reports, projects))
    return Verified(version.name, len(placed), len(facts) - len(placed), wrong)


def _disagreements(
    facts: list[Row], texts: dict[str, str], reports: dict[str, Row], projects: dict[str, float | None]
) -> Iterator[str]:
    for fact in facts:
        report, raw = fact["report_id"], fact["raw"]
        name = f"{report} {fact['code']} {fact['applicant'] or ''}".rstrip()
        printed = texts[report][fact["start"] : fact["end"]]
        if printed != raw:
            yield f"{name}: {raw!r} is not at its place ({printed!r})"
        elif fact["table"] != "narrative" and not _same(fact, reports[report], projects.get(report)):
            yield f"{name}: {raw!r} does not read as {fact['state']} {fact['value']}"


def _same(fact: Row, report: Row, projects: float | None) -> bool:
    """Whether the raw text still reads as the published state and value, its unit included."""
    measure = book().measures[fact["code"]]
    told = value(fact["raw"], measure.kind)
    if told.state != fact["state"]:
        return False
    if told.number is None:
        return fact["value"] is None
    expected = _money(told.number, fact, report, projects) if measure.kind == "money" else _count(told.number)
    return bool(expected == fact["value"])


def _count(number: Number) -> float | None:
    if number.unit in {"万", "亿"}:
        return number.value * units.scale(number.unit)
    return None if number.unit in book().units["words"] else number.value


def _money(number: Number, fact: Row, report: Row, projects: float | None) -> float | None:
    header = unit_in(fact["label_raw"].rpartition("›")[2])
    if fact["table"] in book().lists:
        return units.listed(number, fact["label_raw"].split(" › ")[1]).yuan
    if fact["code"] == "procurement.amount":
        body = frozenset({report["agency_level"], report["agency_type"]})
        return units.procurement(number, projects, body, header).yuan
    return units.fee(number, header).yuan
