"""Made-up figures of an agency over the years: small, with every sum of the form, and carried over from year to year."""

from __future__ import annotations

import random
from collections.abc import Iterator

from codebook import book
from tests.filling import FEES, FLOWS, Filling, amount
from tests.rendering import layout_of, places
from tests.truth import Cell, Key

APPLICANTS = ("person", "company", "research", "welfare", "legal", "other_org")
OFTEN = {"granted": 0.5, "unavailable.not_held": 0.25, "partial": 0.1}
USUAL = 4  # applications a year that a body answers in one way, for one kind of applicant


def cells(chance: random.Random, form: str, small: bool, before: Filling, blanks: bool) -> Filling:
    """All cells of a report; `before` is last year's, whose open cases come in and whose stocks go on."""
    found = Filling()
    numbers = dict(_requests(chance, form, before)) | dict(_review(chance, form))
    for key, (table, row, column) in places(form).items():
        kind = book().cell(table, row, column).kind
        if key in numbers:
            found[key] = _count(numbers[key], blanks)
        elif kind == "money":
            found[key] = chance.choice(FEES[:2]) if form == "2021" else amount(chance, found)
        elif kind == "change":
            found[key] = _count(chance.choice((0, 0, 0, 1, 2, -1)), blanks=False)
        elif table == "proactive.20_1":
            found[key] = _count(_documents(chance, row, column, before, key, found), blanks=False)
        else:
            found[key] = _count(0 if small else chance.choice((0, 0, 3, 18, 137, 1200)), blanks and "20_9" not in table)
    return found


def _count(value: int, blanks: bool) -> Cell:
    return Cell("", "blank", None) if blanks and not value else Cell(str(value), "number", float(value))


def _documents(chance: random.Random, row: str, column: str, before: Filling, key: Key, found: Filling) -> int:
    """Normative documents: no body here makes government rules; stocks follow from last year's and this year's flow."""
    if row == "regulations":
        return 0
    last = before.get(key)
    stock = int(last.value) if last is not None and last.value else 0
    if column == "in_force":
        issued, repealed = (found.get((f"{row}.{flow}", "")) for flow in ("issued", "repealed"))
        return max(0, stock + int(issued.value or 0 if issued else 0) - int(repealed.value or 0 if repealed else 0))
    if column == "public_total":
        return stock + chance.choice((0, 1, 2))
    if column == "repealed":
        return 0
    return chance.choice((0, 0, 1, 2))


def _requests(chance: random.Random, form: str, before: Filling) -> Iterator[tuple[Key, int]]:
    layout = layout_of("requests", form)
    rows = [row.key for row in layout.rows] if layout else []
    columns = [column.key for column in layout.columns] if layout else []
    total = dict.fromkeys(rows, 0)
    for who in columns:
        if who == "total":
            continue
        busy = chance.random() < (0.6 if who == "person" else 0.12)
        counts = {row: _few(chance, row) if busy else 0 for row in rows if row not in FLOWS}
        counts["handled"] = sum(counts.values())
        last = before.get(("carried_out", who))
        counts["carried_in"] = min(int(last.value or 0) if last else 0, counts["handled"])
        counts["carried_out"] = chance.choice((0, 0, 0, 1)) if busy else 0
        counts["received"] = counts["handled"] + counts["carried_out"] - counts["carried_in"]
        if counts["carried_in"] < (int(last.value or 0) if last else 0):  # what is still open goes on
            counts["carried_in"] = int(last.value or 0) if last else 0
            counts["carried_out"] = counts["carried_in"] + counts["received"] - counts["handled"]
        for row, value in counts.items():
            total[row] += value
            yield (book().cell("requests", row, who).code, who), value
    for row, value in total.items():
        yield (book().cell("requests", row, "total").code, "total"), value


def _few(chance: random.Random, row: str) -> int:
    return chance.randint(1, USUAL) if chance.random() < OFTEN.get(row, 0.03) else 0


def _review(chance: random.Random, form: str) -> Iterator[tuple[Key, int]]:
    layout = layout_of("review", form)
    for group in layout.rows if layout else ():
        total = 0
        for column in layout.columns if layout else ():
            value = total if column.key == "total" else chance.choice((0,) * 12 + (1, 2))
            total += value
            yield (book().cell("review", group.key, column.key).code, ""), value
