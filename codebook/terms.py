"""The words for coded values, short labels and caveats, read from the codebook's files."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


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
