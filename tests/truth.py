"""Truth tables: the cells of a report as read by eye, and how a reading is held against them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

Key = tuple[str, str]  # code and applicant ("" outside the request table)


@dataclass(frozen=True, slots=True)
class Cell:
    """A true cell: what is printed, its state and value (yuan for money; None unless a number)."""

    raw: str
    state: str
    value: float | None
    unit_source: str = ""


def load(path: Path) -> dict[Key, Cell]:
    """A truth table; KeyError where a cell stands in it twice."""
    found: dict[Key, Cell] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["code"], row["applicant"])
            if key in found:
                raise KeyError(f"{path.name}: {key} twice")
            value = float(row["value"]) if row["value"] else None
            found[key] = Cell(row["raw"], row["state"], value, row["unit_source"])
    return found


def disagreements(truth: Mapping[Key, Cell], facts: Iterable[Mapping[str, object]]) -> list[str]:
    """Each cell that is missing, extra, other than the truth or doubted; `facts` are rows of facts.parquet."""
    found, wrong = dict[Key, Mapping[str, object]](), list[str]()
    for fact in facts:
        key = (str(fact["code"]), str(fact["applicant"] or ""))
        if key in found:
            wrong.append(f"{key}: twice")
        found[key] = fact
    wrong += [f"{key}: extra, {found[key]['raw']!r}" for key in found.keys() - truth.keys()]
    wrong += [f"{key}: missing, {truth[key].raw!r}" for key in truth.keys() - found.keys()]
    for key in truth.keys() & found.keys():
        cell, fact = truth[key], found[key]
        if (fact["state"], fact["value"]) != (cell.state, cell.value):
            wrong.append(f"{key}: {cell} but read as {fact['state']} {fact['value']} from {fact['raw']!r}")
        if (fact["unit_source"] or "") != cell.unit_source:
            wrong.append(f"{key}: the unit is {fact['unit_source']}, not {cell.unit_source}")
        told = key[0].startswith("narrative.") and cell.raw in str(fact["raw"])  # how much of a sentence is a choice
        if fact["raw"] != cell.raw and not told:
            wrong.append(f"{key}: printed {cell.raw!r}, kept as {fact['raw']!r}")
        if fact["doubt"]:
            wrong.append(f"{key}: doubted, {fact['doubt']}")
    return sorted(wrong)
