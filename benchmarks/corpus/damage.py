"""What goes wrong on the way from a page to its text: a cell lost, a cell twice, two cells as one, a label lost."""

from __future__ import annotations

import random
import re

KINDS = ("cell lost", "cell twice", "cells merged", "label lost")
HAN = re.compile(r"[\u3400-\u9fff].*[\u3400-\u9fff]", re.DOTALL)
Pieces = tuple[list[str], list[str]]  # what stands around the values, and the values as printed


def damaged(chance: random.Random, parts: list[str], values: list[str], within: range) -> tuple[str, Pieces] | None:
    """A kind of damage and the pieces after it, somewhere among the values `within`; None where there is no place."""
    between = [n for n in within[:-1] if not HAN.search(parts[n + 1]) and values[n] and values[n + 1]]
    labels = [n for n in within if HAN.search(parts[n])]
    for kind in chance.sample(KINDS, len(KINDS)):
        if places := labels if kind == "label lost" else between:
            return kind, _done(kind, list(parts), list(values), chance.choice(places))
    return None


def _done(kind: str, parts: list[str], values: list[str], at: int) -> Pieces:
    match kind:
        case "label lost":
            parts[at] = HAN.sub("", parts[at])
        case "cell lost":
            del values[at], parts[at + 1]
        case "cell twice":
            values.insert(at, values[at])
            parts.insert(at + 1, parts[at + 1])
        case _:
            values[at] += values.pop(at + 1)
            del parts[at + 1]
    return parts, values
