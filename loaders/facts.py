"""The cells of a reading as facts: state, number, unit and everything that leads back to the place in the source."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from codebook import book
from loaders import units
from loaders.identity.prose import ProseCount
from loaders.labels import Hit
from loaders.reading import Reading
from loaders.tables import TableCell, TableReading
from loaders.units import Amount
from loaders.values import YES_NO, Number, Value, clean, value

RANK = {"exact": 0, "alias": 1, "fuzzy": 2, "position": 3}
UNCLEAR = "数字写法不明，未取值"
NO_AMOUNT = Amount(None, None)


class Fact(NamedTuple):
    """One value cell: the columns of facts.parquet but for the report it belongs to.

    `value` is a count, or yuan for money; None unless `state` is number (and for money of unknown unit).
    `start`, `end` are characters in the decoded text; None where the layout left no trace of a blank cell.
    """

    table: str
    code: str
    applicant: str | None
    state: str
    value: float | None
    unit: str | None
    unit_source: str | None
    raw: str
    label_raw: str
    match: str
    score: float
    place: str
    start: int | None
    end: int | None
    doubt: str | None

    def row(self) -> dict[str, object]:
        """As a row of facts.parquet."""
        return self._asdict()


def facts(reading: Reading, body: frozenset[str]) -> list[Fact]:
    """All facts of a reading in the order of the form; `body` is the agency's level and type, for the procurement unit."""
    found = []
    for name in (*book().tables, *book().lists):
        table = reading.tables.get(name)
        if table is not None and table.cells:
            found.extend(_facts(table, body))
    return found


def _facts(table: TableReading, body: frozenset[str]) -> list[Fact]:
    parsed = [(cell, value(cell.text, cell.measure.kind)) for cell in table.cells]
    projects = next((v.number.value for c, v in parsed if c.measure.code == "procurement.projects" and v.number), None)
    return [_fact(table, cell, told, projects, body) for cell, told in parsed]


def _fact(table: TableReading, cell: TableCell, told: Value, projects: float | None, body: frozenset[str]) -> Fact:
    measure, row, column = cell.measure, cell.row, cell.column
    is_number = told.state == "number"
    amount = _amount(table, cell, told, projects, body) if measure.kind == "money" and is_number else NO_AMOUNT
    counted, remark = (amount.yuan, "") if measure.kind == "money" else _count(told.number)
    traced = cell.start >= 0
    return Fact(
        table.table,
        measure.code,
        cell.applicant or None,
        told.state,
        counted,
        (measure.unit or None) if is_number else None,
        amount.source,
        cell.text,
        _label(row, cell.unit, column),
        row.match if RANK[row.match] >= RANK[column.match] else column.match,
        min(row.score, column.score),
        place(table.table, cell),
        cell.start if traced else None,
        cell.end if traced else None,
        _doubt(cell, told, amount, remark),
    )


def _doubt(cell: TableCell, told: Value, amount: Amount, remark: str) -> str | None:
    """Why a cell should be looked at, all reasons in one line; None where nothing speaks against it."""
    kind = cell.measure.kind
    doubts = [cell.doubt, UNCLEAR if told.why == "unclear_number" else "", amount.why if _open(amount) else "", remark]
    if told.number is not None and told.number.value < 0 and kind != "change":
        doubts.append("只有增减可以为负")
    if kind == "yes_no" and not (told.state in {"blank", "dash"} or clean(cell.text) in YES_NO):
        doubts.append("这一格应为是或否")
    return "；".join(dict.fromkeys(filter(None, doubts))) or None


def _count(told: Number | None) -> tuple[float | None, str]:
    """A count with its doubt: told in 万 it is rounded, with a unit of money it is no count."""
    if told is None:
        return None, ""
    count, unit = told.value, told.unit
    if unit in {"万", "亿"}:
        return count * units.scale(unit), f"以{unit}计，可能是约数"
    if unit in book().units["words"]:
        return None, f"件数写成了金额（{unit}）"
    return count, "" if count == int(count) else "件数不是整数"


def _amount(table: TableReading, cell: TableCell, told: Value, projects: float | None, body: frozenset[str]) -> Amount:
    if told.number is None:
        return NO_AMOUNT
    if cell.measure.code == "procurement.amount":
        return units.procurement(told.number, projects, body, table.unit)
    if cell.unit:
        return units.listed(told.number, cell.unit)
    return units.fee(told.number, table.unit)


def _open(amount: Amount) -> bool:
    """Whether the unit's reasoning is a doubt: unknown, a contradiction, or a unit lost from the header."""
    return amount.source == "unknown" or (bool(amount.why) and amount.source in {"printed", "form"})


def _label(row: Hit, unit: str, column: Hit) -> str:
    if not unit and row.raw and column.raw:
        return f"{row.raw} › {column.raw}".replace("\n", "")
    return " › ".join(filter(None, (row.raw, unit, column.raw))).replace("\n", "")


def place(table: str, cell: TableCell) -> str:
    """Where a cell stands, for a person: table, row, column, line of the source, and how it was set apart."""
    where = f"第{cell.line}行" if cell.start >= 0 else ""
    where = f"{where}，{cell.how}" if where and cell.how else where or cell.how
    # The revisions of a list print a row's label each in its own way.
    own = f"{_mark(table)} · {cell.row.raw} · {cell.column.raw}" if cell.unit else ""
    return (own or _heading(table, cell.row.key, cell.column.key)) + (f"（{where}）" if where else "")


def _mark(table: str) -> str:
    named = book().table(table)
    return named.mark if named else table


@cache
def _heading(table: str, row: str, column: str) -> str:
    source = book()
    layouts = source.layouts_of(table)
    rows = (line.label for layout in layouts for line in layout.rows if line.key == row)
    columns = (line.label for layout in layouts for line in layout.columns if line.key == column)
    return f"{_mark(table)} · {next(rows)} · {next(columns)}"


def as_printed(facts: list[Fact], text: str) -> list[Fact]:
    """The facts with what stands at their place: a cell over several lines keeps the space between them."""
    return [
        fact
        if fact.start is None or text[fact.start : fact.end] == fact.raw
        else fact._replace(raw=text[fact.start : fact.end])
        for fact in facts
    ]


def with_doubt(fact: Fact, why: str) -> Fact:
    """The fact with one more reason for a second look."""
    reasons = [fact.doubt] if fact.doubt else []
    return fact._replace(doubt="；".join(dict.fromkeys([*reasons, why])))


def told(count: ProseCount) -> Fact:
    """A count told in prose as a fact; its span is the clause that tells it."""
    measure = book().measures[count.code]
    return Fact(
        table="narrative",
        code=count.code,
        applicant=None,
        state="number",
        value=count.value,
        unit=measure.unit or None,
        unit_source="prose" if measure.kind == "money" else None,
        raw=count.raw,
        label_raw=measure.label_zh,
        match="exact",
        score=100.0,
        place="正文",
        start=count.start,
        end=count.end,
        doubt=count.doubt or None,
    )
