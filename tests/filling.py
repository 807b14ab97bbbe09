"""Made-up figures for a form, such that every sum of the form holds, and the ways in which reports print a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from hypothesis import strategies as st

from codebook import book
from tests.rendering import layout_of, places
from tests.truth import Cell, Key

FLOWS = ("received", "carried_in", "handled", "carried_out")
FEW = (0, 0, 0, 0, 1, 2, 3, 7, 18, 137)
COUNTS = st.sampled_from(FEW)
CHANGES = (
    ("+5", 5),
    ("-3", -3),
    ("－3", -3),
    ("＋12", 12),
    ("0", 0),
    ("82", 82),
    ("增10", 10),
    ("减少4", -4),
    ("−7", -7),
)
NONE = ("-", "—", "/", "——", "－")
CHANNELS = ("合成网", "合成政务网、公示栏")
SCALE = {"元": 1, "万元": 10_000, "万": 10_000, "亿元": 100_000_000}
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")

# 收费金额: the 2021 form's header says 万元, and a cell may say so too.
FEES = (
    *(Cell("0", "number", 0.0, "form"), Cell("75.9260", "number", 759260.0, "form")),
    *(Cell("59237.2449", "number", 592372449.0, "form"), Cell("3.5万元", "number", 35000.0, "printed")),
    Cell("/", "dash", None),
)

# How a count is printed; the first is by far the most frequent, and what Hypothesis shrinks to.
STYLES: tuple[Callable[[int], str], ...] = (
    *(str,) * 12,
    lambda n: f"{n:,}",
    lambda n: str(n).translate(FULL_WIDTH),
    lambda n: f"{n:,}".translate(FULL_WIDTH),
    lambda n: f"{n}件",
)


class Filling(dict[Key, Cell]):
    """True cells of a made-up report; shown without its many zeros."""

    def __repr__(self) -> str:
        told = (f"{code} {applicant}: {cell.raw!r}" for (code, applicant), cell in self.items() if cell.raw != "0")
        return f"{len(self)} cells, all 0 but " + "; ".join(told)


@st.composite
def fillings(draw: st.DrawFn, form: str, blanks: bool) -> Filling:
    """True cells of a whole report on a form; `blanks` also leaves cells empty, but only such as count zero."""
    counts = iter(draw(st.lists(COUNTS, min_size=210, max_size=210)))
    styles = iter(draw(st.lists(st.integers(0, 31), min_size=250, max_size=250)))
    return filled(Drawn(draw), form, balanced(counts, form), blanks, styles)


def balanced(counts: Iterator[int], form: str) -> dict[Key, int]:
    """The request and review tables from a stream of counts, such that every sum of the form holds."""
    return dict(_requests(counts, form)) | dict(_review(counts, form))


def _requests(counts: Iterator[int], form: str) -> Iterator[tuple[Key, int]]:
    """Six applicants and their total; what came in is what was handled and what is carried on."""
    layout = layout_of("requests", form)
    if layout is None:
        return
    outcomes = [row.key for row in layout.rows if row.key not in FLOWS]
    total = dict.fromkeys((*outcomes, *FLOWS), 0)
    for applicant in (column.key for column in layout.columns if column.key != "total"):
        cells = {row: next(counts) for row in outcomes}
        cells["handled"] = sum(cells.values())
        cells["carried_out"] = next(counts)
        cells["carried_in"] = min(next(counts), cells["handled"] + cells["carried_out"])
        cells["received"] = cells["handled"] + cells["carried_out"] - cells["carried_in"]
        for row, value in cells.items():
            total[row] += value
            yield (book().cell("requests", row, applicant).code, applicant), value
    for row, value in total.items():
        yield (book().cell("requests", row, "total").code, "total"), value


def _review(counts: Iterator[int], form: str) -> Iterator[tuple[Key, int]]:
    """The results of each group and, where the form has one, their total."""
    layout = layout_of("review", form)
    for group in layout.rows if layout else ():
        total = 0
        for column in layout.columns if layout else ():
            value = total if column.key == "total" else next(counts)
            total += value
            yield (book().cell("review", group.key, column.key).code, ""), value


def shown(value: int, style: int, blanks: bool) -> Cell:
    """A count as printed; a zero may be a dash, a word or nothing at all."""
    if value == 0 and style > 27:
        return Cell("", "blank", None) if blanks and style < 31 else Cell(NONE[style % len(NONE)], "dash", None)
    if value == 0 and style == 27:
        return Cell("无", "text", None)
    return Cell(STYLES[style % len(STYLES)](value), "number", float(value))


def _yuan(number: str, unit: str) -> float:
    return float(Decimal(number) * SCALE[unit])


class Chooser(Protocol):
    """What makes choices: random.Random, or Hypothesis through Drawn."""

    def choice(self, seq: Sequence[Any], /) -> Any: ...

    def randint(self, a: int, b: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """The choices of Hypothesis."""

    draw: st.DrawFn

    def choice(self, seq: Sequence[Any], /) -> Any:
        return self.draw(st.sampled_from(seq))

    def randint(self, a: int, b: int, /) -> int:
        return self.draw(st.integers(a, b))


def filled(chance: Chooser, form: str, numbers: Mapping[Key, int], blanks: bool, styles: Iterator[int]) -> Filling:
    """True cells of a whole report on a form around the figures of its request and review tables."""
    found = Filling()
    for key, (table, row, column) in places(form).items():
        kind = book().cell(table, row, column).kind
        if key in numbers:
            found[key] = shown(numbers[key], next(styles), blanks)
        elif kind == "money":
            found[key] = chance.choice(FEES) if form == "2021" else amount(chance, found)
        elif kind == "change":
            raw, value = chance.choice(CHANGES)
            found[key] = Cell(raw, "number", float(value))
        elif kind in {"text", "yes_no"}:
            found[key] = Cell(chance.choice(CHANNELS if kind == "text" else ("是", "否")), "text", None)
        else:
            large = chance.choice((False, True)) and chance.randint(0, 999_999)
            count = large or chance.choice(FEW)
            found[key] = shown(count, next(styles), blanks and table != "proactive.20_9")
    return found


def amount(chance: Chooser, found: Filling) -> Cell:
    """采购总金额 as model knowledge has it: printed units of every kind, or the mean a project tells the unit."""
    projects = chance.randint(1, 60)
    found["procurement.projects", ""] = Cell(str(projects), "number", float(projects))
    number = chance.choice(("2358", "12.5", "0.8", "1646.5", "18.6198", "251000", "1,035,000"))
    match chance.choice(("printed", "yuan", "few yuan", "wan", "exact wan", "unknown", "zero", "dash")):
        case "printed":
            unit = chance.choice(tuple(SCALE))
            return Cell(number + unit, "number", _yuan(number.replace(",", ""), unit), "printed")
        case "yuan":
            amount = projects * chance.randint(30_001, 900_000)
            return Cell(str(amount), "number", float(amount), "inferred_high")
        case "few yuan":
            found["procurement.projects", ""] = Cell("2", "number", 2.0)
            return Cell("16080.5", "number", 16080.5, "inferred_medium")
        case "wan":
            amount = projects * chance.randint(1, 150)
            return Cell(f"{amount}.5", "number", _yuan(f"{amount}.5", "万元"), "inferred_medium")
        case "exact wan":
            return Cell(f"{projects}.123456", "number", _yuan(f"{projects}.123456", "万元"), "inferred_high")
        case "unknown":
            return Cell(str(projects * chance.randint(201, 2999)), "number", None, "unknown")
        case "zero":
            return Cell("0", "number", 0.0)
        case _:
            return Cell("—", "dash", None)
