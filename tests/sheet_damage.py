"""Ways in which the tables of a report get damaged before they are printed: the same ones for every container.

A kind changes slots in place and tells what the damaged table says, label by label: a list of readings that a reader
may give (a short row whose end is padded says something else than one with a hole), none where no label is whole.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from tests.rendering import Box
from tests.sheet_tables import (
    COLUMNS,
    Kind,
    Readings,
    Rows,
    Said,
    Slot,
    Tables,
    edited,
    pushed,
    row_values,
    some_figure,
    some_pair,
)
from tests.truth import Cell, Key

__all__ = ["KINDS", "Said", "Tables"]


def change_digit(tables: Tables, chance: random.Random) -> Readings:
    """One digit of one value is another one."""
    _, slot = some_figure(tables, chance)
    at = chance.choice([n for n, char in enumerate(slot.text) if char.isdigit()])
    digit = chance.choice([d for d in "123456789" if d != slot.text[at]])
    return edited(tables, slot, slot.text[:at] + digit + slot.text[at + 1 :])


def add_digit(tables: Tables, chance: random.Random) -> Readings:
    """A digit more before or behind a value."""
    _, slot = some_figure(tables, chance)
    digit = chance.choice("0123456789")
    return edited(tables, slot, slot.text + digit if chance.random() < 0.5 else digit + slot.text)


def add_sign(tables: Tables, chance: random.Random) -> Readings:
    """A minus gets in front of a value."""
    _, slot = some_figure(tables, chance)
    return edited(tables, slot, "-" + slot.text)


def footnote(tables: Tables, chance: random.Random) -> Readings:
    """A footnote mark stands behind a number."""
    _, slot = some_figure(tables, chance)
    slot.put(slot.text + chance.choice(("①", "②", "²", "¹", "*", "[1]", "注1", "※", "⑴", "ⅰ", "a", "#")))
    return []


def lookalike(tables: Tables, chance: random.Random) -> Readings:
    """A character that looks like a figure stands for one."""
    _, slot = some_figure(tables, chance)
    at = chance.choice([n for n, char in enumerate(slot.text) if char.isdigit()])
    return edited(tables, slot, slot.text[:at] + chance.choice("OoQDlISBZ〇口一") + slot.text[at + 1 :])


def break_number(tables: Tables, chance: random.Random) -> Readings | None:
    """A number of several digits is parted."""
    _, slot = some_figure(tables, chance)
    if len(slot.text) < 2 or not slot.text.isdigit():
        return None
    at, mark = chance.randrange(1, len(slot.text)), chance.choice("\n ,.，、")
    return edited(tables, slot, slot.text[:at] + mark + slot.text[at:])


def drop_cell(tables: Tables, chance: random.Random) -> Readings:
    """A value goes with its cell; the row is a cell short."""
    row = chance.choice(tables.plain())
    before = [slot.key for slot in row if slot.key]
    gone = chance.choice(row_values(row))
    assert gone.key
    row.remove(gone)
    return [*pushed(tables, row, before), tables.blank(gone.key)]


def empty_cell(tables: Tables, chance: random.Random) -> Readings:
    """A value goes, its cell stays."""
    row, slot = some_figure(tables, chance)
    assert slot.key
    before = [one.key for one in row if one.key]
    slot.put("")
    shown = [one for one in row if not one.key or one.text]
    return [tables.blank(slot.key), *(pushed(tables, shown, before) if len(before) == 1 else [])]


def empty_row(tables: Tables, chance: random.Random) -> Readings:
    """All values of a row go, its label stays."""
    row = chance.choice(tables.valued())
    for slot in row_values(row):
        slot.put("")
    return [tables.blank(*(slot.key for slot in row if slot.key))]


def double_cell(tables: Tables, chance: random.Random) -> Readings:
    """A value stands twice."""
    row, slot = some_figure(tables, chance)
    row.insert(row.index(slot), Slot(slot.box, slot.key))
    return []


def blank_before(tables: Tables, chance: random.Random) -> Readings:
    """A blank cell gets in before a value."""
    row, slot = some_figure(tables, chance)
    row.insert(row.index(slot), Slot(Box("")))
    return []


def merge_cells(tables: Tables, chance: random.Random) -> Readings:
    """Two values beside one another run together in one cell."""
    row, at = some_pair(tables, chance)
    before, left, right = [slot.key for slot in row if slot.key], row[at], row[at + 1]
    assert left.key
    assert right.key
    left.put(left.text + right.text)
    del row[at + 1]
    return [*pushed(tables, row, before), tables.told({left.key: left.text, right.key: ""})]


def span_cells(tables: Tables, chance: random.Random) -> Readings:
    """A cell reaches over its right neighbour, whose value is lost."""
    row, at = some_pair(tables, chance)
    before, right = [slot.key for slot in row if slot.key], row[at + 1].key
    assert right
    row[at].box = replace(row[at].box, span=2)
    del row[at + 1]
    return [*pushed(tables, row, before), tables.blank(right)]


def reach_down(tables: Tables, chance: random.Random) -> Readings:
    """A cell of the request table reaches over the one below, whose value is lost."""
    rows = tables.valued("requests")
    at = chance.randrange(len(rows) - 1)
    slot = chance.choice(row_values(rows[at + 1]))
    assert slot.key
    before, key = [one.key for one in rows[at + 1] if one.key], slot.key
    slot.box = Box("", covered=True)
    shown = [one for one in rows[at + 1] if one is not slot]
    return [tables.blank(key), *pushed(tables, shown, before)]


def shift_cell(tables: Tables, chance: random.Random) -> Readings:
    """The last value of a row slips before the next row's first one."""
    rows = tables.valued("requests")
    at = chance.randrange(len(rows) - 1)
    slot = rows[at].pop()
    rows[at + 1].insert(rows[at + 1].index(row_values(rows[at + 1])[0]), slot)
    return []


def _exchange(tables: Tables, pairs: Sequence[tuple[Slot, Slot]]) -> Readings:
    changed: dict[Key, Cell] = {}
    for a, b in pairs:
        assert a.key
        assert b.key
        changed |= {a.key: tables.truth[b.key], b.key: tables.truth[a.key]}
        text, other = a.text, b.text
        a.put(other)
        b.put(text)
    return [{**tables.truth, **changed}]


def swap_cells(tables: Tables, chance: random.Random) -> Readings:
    """Two values beside one another change places."""
    row, at = some_pair(tables, chance)
    return _exchange(tables, [(row[at], row[at + 1])])


def swap_far(tables: Tables, chance: random.Random) -> Readings:
    """Two values anywhere change places."""
    cells = [slot for row in tables.plain() for slot in row_values(row)]
    first, second = chance.sample(cells, 2)
    return _exchange(tables, [(first, second)])


def swap_row_values(tables: Tables, chance: random.Random) -> Readings:
    """Two rows change their values and keep their labels."""
    first, second = chance.sample(tables.valued("requests"), 2)
    return _exchange(tables, list(zip(row_values(first), row_values(second), strict=True)))


def _columns(tables: Tables, names: Sequence[str]) -> list[tuple[Slot, Slot]]:
    """The cells of two columns of the request table, side by side."""
    one, other = names
    rows = [{slot.key[1]: slot for slot in row if slot.key} for row in tables.valued("requests")]
    return [(row[one], row[other]) for row in rows]


def _heads(tables: Tables, names: Sequence[str]) -> None:
    one, other = (tables.head(name) for name in names)
    one.box, other.box = other.box, one.box


def swap_columns_bare(tables: Tables, chance: random.Random) -> Readings:
    """Two columns change their values and keep their header."""
    return _exchange(tables, _columns(tables, chance.sample(("person", *COLUMNS), 2)))


def swap_columns(tables: Tables, chance: random.Random) -> Readings:
    """Two columns change places, header and values: another document that says the same."""
    names = chance.sample(COLUMNS, 2)
    _exchange(tables, _columns(tables, names))
    _heads(tables, names)
    return []


def swap_heads(tables: Tables, chance: random.Random) -> Readings:
    """Two labels of the header change places and the values stay."""
    names = chance.sample(COLUMNS, 2)
    told = dict(tables.truth)
    for a, b in _columns(tables, names):
        assert a.key
        assert b.key
        told[a.key], told[b.key] = tables.truth[b.key], tables.truth[a.key]
    _heads(tables, names)
    return [told]


def swap_rows(tables: Tables, chance: random.Random) -> Readings:
    """Two rows without headings of their own change places: another document that says the same."""
    rows = tables.requests
    places = [n for n, row in enumerate(rows) if any(slot.key for slot in row)]
    like = {n: [(slot.box.span, slot.box.covered) for slot in rows[n] if not slot.key] for n in places}
    one, other = chance.sample([n for n in places if list(like.values()).count(like[n]) > 1], 2)
    if like[one] != like[other] or not all(slot.box.covered for n in (one, other) for slot in rows[n][:-8]):
        return drop_row(tables, chance)
    rows[one], rows[other] = rows[other], rows[one]
    return []


def rotate_row(tables: Tables, chance: random.Random) -> Readings:
    """All values of a row move one place to the left, the first one to the end."""
    values = row_values(chance.choice([row for row in tables.plain() if len(row_values(row)) > 1]))
    return _move(values, [*values[1:], values[0]], tables)


def shift_rows(tables: Tables, chance: random.Random) -> Readings:
    """The values of some rows on end move one row up, those of the first of them to the last."""
    rows = tables.valued("requests")
    first = chance.randrange(len(rows) - 2)
    some = rows[first : chance.randrange(first + 2, len(rows)) + 1]
    here = [slot for row in some for slot in row_values(row)]
    return _move(here, [slot for row in (*some[1:], some[0]) for slot in row_values(row)], tables)


def _move(here: Sequence[Slot], source: Sequence[Slot], tables: Tables) -> Readings:
    told, texts = dict(tables.truth), [slot.text for slot in source]
    for slot, other, text in zip(here, source, texts, strict=True):
        assert slot.key
        assert other.key
        told[slot.key] = tables.truth[other.key]
        slot.put(text)
    return [told]


def _some_rows(tables: Tables, chance: random.Random) -> tuple[Rows, int]:
    rows = chance.choice([rows for rows in tables.rows if rows] + [tables.requests] * 6)
    return rows, chance.choice([n for n, row in enumerate(rows) if any(slot.key for slot in row)])


def drop_row(tables: Tables, chance: random.Random) -> Readings:
    """A row goes, label and values."""
    rows, at = _some_rows(tables, chance)
    del rows[at]
    return []


def double_row(tables: Tables, chance: random.Random) -> Readings:
    """A row stands twice."""
    rows, at = _some_rows(tables, chance)
    rows.insert(at + 1, [Slot(slot.box, slot.key) for slot in rows[at]])
    return []


def stray_row(tables: Tables, chance: random.Random) -> Readings:
    """A page number or a foot line stands as a row of a table."""
    rows, _ = _some_rows(tables, chance)
    text = chance.choice(("14", "- 14 -", "第14页", "—14—", "14/20", "打印本页", "0", "第 3 页 共 9 页"))
    rows.insert(chance.randrange(len(rows) + 1), [Slot(Box(text))])
    return []


def drop_column(tables: Tables, chance: random.Random) -> Readings:
    """A column of the request table goes, header and values."""
    gone = chance.choice(("person", *COLUMNS, "total"))
    head = tables.head(gone)
    for row in tables.requests:
        row[:] = [slot for slot in row if slot is not head and not (slot.key and slot.key[1] == gone)]
    return []


def _label(tables: Tables, chance: random.Random) -> tuple[list[Slot], Slot]:
    rows = chance.choice([rows for rows in tables.rows if rows] + [tables.requests] * 6)
    found = [(row, slot) for row in rows for slot in row if slot.text and not slot.key]
    return chance.choice(found)


def drop_label(tables: Tables, chance: random.Random) -> Readings:
    """A label goes, with its cell or without."""
    row, slot = _label(tables, chance)
    if chance.random() < 0.5:
        slot.put("")
    else:
        row.remove(slot)
    return []


def misspell_label(tables: Tables, chance: random.Random) -> Readings:
    """A character of a label is another one, or gone."""
    _, slot = _label(tables, chance)
    at = chance.randrange(len(slot.text))
    slot.put(slot.text[:at] + chance.choice(("", "口", "二", "3", "年")) + slot.text[at + 1 :])
    return []


def truncate(tables: Tables, chance: random.Random) -> Readings:
    """The document ends somewhere in its tables."""
    places = [
        (n, at, cell) for n, rows in enumerate(tables.rows) for at, row in enumerate(rows) for cell in range(len(row))
    ]
    n, at, cell = chance.choice(places)
    lost = [slot.key for slot in tables.rows[n][at][cell:] if slot.key]
    tables.rows[n][at:] = [tables.rows[n][at][:cell]] if cell else []
    for rows in tables.rows[n + 1 :]:
        rows.clear()
    return [tables.blank(*lost)]  # a spreadsheet pads the row that was cut


def drop_table(tables: Tables, chance: random.Random) -> Readings:
    """A table goes."""
    chance.choice(tables.rows).clear()
    return []


def double_table(tables: Tables, chance: random.Random) -> Readings:
    """A table stands twice, the second time with another figure."""
    at = chance.randrange(len(tables.rows))
    copy = [[Slot(slot.box, slot.key) for slot in row] for row in tables.rows[at]]
    tables.rows.insert(at + 1, copy)
    tables.names.insert(at + 1, tables.names[at])
    cells = [slot for row in copy for slot in row if slot.key and slot.text]
    if cells and chance.random() < 0.8:
        slot = chance.choice(cells)
        slot.put(slot.text + "7")
    return []


KINDS: dict[str, Kind] = {
    one.__name__: one
    for one in (
        *(change_digit, add_digit, add_sign, footnote, lookalike, break_number, drop_cell, empty_cell, empty_row),
        *(double_cell, blank_before, merge_cells, span_cells, reach_down, shift_cell, swap_cells, swap_far),
        *(swap_row_values, swap_columns_bare, swap_columns, swap_heads, swap_rows, rotate_row, shift_rows, drop_row),
        *(double_row, stray_row, drop_column, drop_label, misspell_label, truncate, drop_table, double_table),
    )
}
