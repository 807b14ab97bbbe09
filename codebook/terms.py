"""The words for coded values, short labels and caveats, read from the codebook's files."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Province:
    """A province on the tile map: its two-digit code, names, and the square it has."""

    key: str
    name: dict[str, str]
    short: dict[str, str]
    column: int
    row: int


def _csv(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def values() -> dict[tuple[str, str], dict[str, str]]:
    """(field, value) → label by language, for the coded columns of the data."""
    return {(r["field"], r["value"]): {"zh": r["label_zh"], "en": r["label_en"]} for r in _csv("values.csv")}


@cache
def shorts() -> dict[str, dict[str, str]]:
    """Code → short label by language, for axes and legends."""
    return {r["code"]: {"zh": r["short_zh"], "en": r["short_en"]} for r in _csv("shorts.csv")}


@cache
def notes() -> dict[str, dict[str, str]]:
    """Topic → caveat by language."""
    return {r["topic"]: {"zh": r["zh"], "en": r["en"]} for r in _csv("notes.csv")}


@cache
def fields() -> dict[tuple[str, str], dict[str, str]]:
    """(table, field) → label and note by language, for the columns of the published tables and of the code book."""
    names = ("label_zh", "label_en", "note_zh", "note_en")
    return {(r["table"], r["field"]): {name: r[name] for name in names} for r in _csv("fields.csv")}


@cache
def provinces() -> dict[str, Province]:
    """The provinces by their two-digit code: 34 squares that lie roughly as the provinces do."""
    return {
        r["key"]: Province(
            r["key"],
            {"zh": r["name_zh"], "en": r["name_en"]},
            {"zh": r["short_zh"], "en": r["short_en"]},  # the letters of ISO 3166-2:CN
            int(r["column"]),
            int(r["row"]),
        )
        for r in _csv("provinces.csv")
    }
