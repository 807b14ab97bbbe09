"""The lists of before 2019 as printed: made-up figures that obey their sums, and the list as a table of boxes."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from codebook import Check, book
from codebook.book import Listing
from loaders.formulas import parse
from tests.rendering import SYNTHETIC, Box, Sheet
from tests.truth import Cell, Key

YEARS = {form: book().older[form].span[0] for form in book().older}
HEADS = {"number": "序号", "name": "指标名称", "unit": "计量单位", "code": "代码"}
ABOVE = f"合成县人民政府{{}}年政府信息公开情况统计表（{SYNTHETIC}）"


def listing(form: str) -> Listing:
    """The list of a form."""
    return next(one for some in book().lists.values() for one in some if form in one.layout.forms)


def sums(form: str) -> list[tuple[str, list[str]]]:
    """Totals with their parts, the narrower first."""
    checks = [
        check
        for check in book().checks
        if check.forms == (form,) or (form in check.forms and check.id.startswith("FJ-"))
    ]
    checks = [check for check in checks if check.severity == "error"]
    return [(total, parts) for check in reversed(checks) for total, parts in [_sum(check)]]


def _sum(check: Check) -> tuple[str, list[str]]:
    formula = parse(check.formula)
    ((_, total),) = formula.rights[0]
    return str(total), [str(code) for _, code in formula.left]


def filled(form: str, seed: str, columns: Sequence[str] = (), most: int = 999) -> dict[Key, Cell]:
    """True cells of a list: every sum holds, all years are at least this year, a part is at most its whole."""
    chance = random.Random(f"{form} {seed}")  # noqa: S311 - the same for everybody
    layout = listing(form).layout
    shown = columns or [column.key for column in layout.columns]
    counts: dict[str, int] = {}
    for row in layout.rows:
        least = 0
        for column in shown:
            least += chance.choice((0, 0, 0, 1, 2, 18, chance.randrange(most)))
            counts[book().cell(layout.table, row.key, column).code] = least
    for total, parts in sums(form):
        if total in counts:
            counts[total] = sum(counts[part] for part in parts)
    for check in book().checks:
        if form in check.forms and check.id.startswith("FJ-WEB"):
            whole, part = check.formula.split(" >= ")
            counts[whole] = max(counts[whole], counts[part])
    for code, count in counts.items():  # a whole that grew may have passed its own total of all years
        if f"{code}.cumulative" in counts:
            counts[f"{code}.cumulative"] = max(count, counts[f"{code}.cumulative"])
        if f"{code}.period" in counts:
            counts[f"{code}.period"] = min(count, counts[f"{code}.period"])
    return {(code, ""): _cell(code, count) for code, count in counts.items()}


def _cell(code: str, count: int) -> Cell:
    money = book().measures[code].kind == "money"
    scale = 10_000 if money and code.startswith("n14.") else 1
    return Cell(str(count), "number", float(count * scale), "form" if money else "")


def heads(form: str, columns: Sequence[str] = (), extra: Sequence[str] = ()) -> list[str]:
    """The header's labels; `extra` are columns beyond name, unit and values (number, code)."""
    layout = listing(form).layout
    shown = [one for one in layout.columns if not columns or one.key in columns]
    years = [f"{YEARS[form]}年度" if one.label == "本年度" else one.label for one in shown]
    before = [HEADS["number"]] if "number" in extra else []
    return [*before, HEADS["name"], HEADS["unit"], *([HEADS["code"]] if "code" in extra else []), *years]


def sheet(truth: Mapping[Key, Cell], form: str, columns: Sequence[str] = (), extra: Sequence[str] = ()) -> Sheet:
    """The list as a table; headings span all columns behind their label or hold dashes, as both are met."""
    one, labels = listing(form), heads(form, columns, extra)
    shown = [column.key for column in one.layout.columns if not columns or column.key in columns]
    rows, parent, number = [tuple(Box(label) for label in labels)], "", 0
    for n, entry in enumerate(one.entries, start=1):
        boxes = [Box(str(n))] if "number" in extra else []
        numbered = entry.label.startswith("1.") or (
            entry.parent != parent and entry.label[0] not in "一二三四五六七八九（"
        )
        boxes.append(Box(f"其中：{entry.label}" if numbered and entry.parent else entry.label))
        parent = entry.parent
        if entry.units:
            number += 1
            values = [book().cell(one.layout.table, entry.key, column).code for column in shown]
            boxes += [Box(entry.units[0]), *([Box(f"{number:02d}")] if "code" in extra else [])]
            boxes += [Box(truth[code, ""].raw) for code in values]
        else:
            boxes += [Box("——") for _ in range(len(labels) - len(boxes))]
        rows.append(tuple(boxes))
    return Sheet(one.layout.table, len(labels), tuple(rows))


def caption(form: str) -> str:
    """The line above the list."""
    return ABOVE.format(YEARS[form])


def glued(table: Sheet) -> str:
    """The cells of a table with nothing between them."""
    return "".join(box.text for row in table.rows for box in row)
