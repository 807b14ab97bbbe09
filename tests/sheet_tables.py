"""The tables of a made-up report, open to damage: printed cells, and the key of the value in each."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from codebook import book
from tests.mutating import said
from tests.rendering import Box, Dress, Sheet, layout_of, places, sheets
from tests.truth import Cell, Key

Said = Mapping[Key, Cell]
PLAIN = {"flow", "stock", "unknown"}  # kinds of which a cell may take another's value
COLUMNS = ("enterprise", "research", "welfare", "legal_service", "other")


@dataclass(slots=True)
class Slot:
    """A cell as printed, and the key of the value in it."""

    box: Box
    key: Key | None = None

    @property
    def text(self) -> str:
        return self.box.text

    def put(self, text: str) -> None:
        self.box = replace(self.box, text=text)


Rows = list[list[Slot]]


class Tables:
    """The tables of a report, open to damage."""

    def __init__(self, truth: Said, form: str, dress: Dress) -> None:
        self.truth, self.form, self.dress = truth, form, dress
        self.names: list[tuple[str, int]] = []
        self.rows: list[Rows] = []
        order = list(places(form))
        marks = {key: f"\0{n}" for n, key in enumerate(order)}
        for sheet in sheets(marks, form, dress):
            self.names.append((sheet.table, sheet.width))
            self.rows.append([[self._slot(box, order) for box in row] for row in sheet.rows])

    def _slot(self, box: Box, order: list[Key]) -> Slot:
        if not box.text.startswith("\0"):
            return Slot(box)
        key = order[int(box.text[1:])]
        return Slot(replace(box, text=self.truth[key].raw), key)

    def sheets(self) -> list[Sheet]:
        """The tables as they stand now."""
        return [
            Sheet(name, width, tuple(tuple(slot.box for slot in row) for row in rows))
            for (name, width), rows in zip(self.names, self.rows, strict=True)
            if rows
        ]

    def valued(self, table: str = "") -> list[list[Slot]]:
        """The rows that hold values."""
        return [
            row
            for (name, _), rows in zip(self.names, self.rows, strict=True)
            for row in rows
            if name.startswith(table) and any(slot.key for slot in row)
        ]

    def plain(self) -> list[list[Slot]]:
        """The rows whose values may stand for each other."""
        return [row for row in self.valued() if all(kind(slot.key) in PLAIN for slot in row if slot.key)]

    @property
    def requests(self) -> Rows:
        return self.rows[[name for name, _ in self.names].index("requests")]

    def head(self, column: str) -> Slot:
        """The label above a column of the request table."""
        layout = layout_of("requests", self.form)
        lines = layout.columns if layout else ()
        label = next(self.dress.label("requests", "column", line) for line in lines if line.key == column)
        return next(slot for row in self.requests for slot in row if slot.text == label)

    def told(self, changed: Mapping[Key, str]) -> dict[Key, Cell]:
        """The truth with other texts in some cells."""
        return {**self.truth, **{key: said(text) for key, text in changed.items()}}

    def blank(self, *keys: Key) -> dict[Key, Cell]:
        return {**self.truth, **dict.fromkeys(keys, Cell("", "blank", None))}


Readings = list[Said]
Kind = Callable[[Tables, random.Random], Readings | None]


def kind(key: Key) -> str:
    return book().measures[key[0]].kind


def row_values(row: list[Slot]) -> list[Slot]:
    return [slot for slot in row if slot.key]


def some_figure(tables: Tables, chance: random.Random) -> tuple[list[Slot], Slot]:
    """A number that is not an amount of money, every other time one that is not zero."""
    found = [
        (row, slot)
        for row in tables.valued()
        for slot in row
        if slot.key and kind(slot.key) != "money" and tables.truth[slot.key].state == "number"
    ]
    filled = [(row, slot) for row, slot in found if slot.key and tables.truth[slot.key].value]
    return chance.choice(filled if filled and chance.random() < 0.6 else found)


def edited(tables: Tables, slot: Slot, text: str) -> Readings:
    assert slot.key
    slot.put(text)
    return [tables.told({slot.key: text})]


def pushed(tables: Tables, row: list[Slot], before: Sequence[Key]) -> Readings:
    """What a row says whose values moved: those that stand from the left, blanks behind; or what its slots say."""
    texts = [slot.text for slot in row if slot.key]
    moved = dict(zip(before, [*texts, *[""] * len(before)], strict=False))
    return [tables.told(moved)] if len(texts) <= len(before) else []


def some_pair(tables: Tables, chance: random.Random) -> tuple[list[Slot], int]:
    """Two values side by side: their row and the place of the first."""
    rows = [row for row in tables.plain() if len(row_values(row)) > 1]
    pairs = [(row, n) for row in rows for n, (a, b) in enumerate(pairwise(row)) if a.key and b.key and a.text != b.text]
    return chance.choice(pairs)
