"""Read the codebook's files into typed rows."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NOT_PRINTED = "-"  # in a form's column: the row of the form it extends is not printed here


@dataclass(frozen=True, slots=True)
class Form:
    """A vintage of the annual report's tables."""

    form: str
    extends: str
    label_zh: str
    label_en: str
    basis: str
    years: str
    note_zh: str
    note_en: str

    @property
    def span(self) -> tuple[int, int]:
        """First and last report year in which the form was prescribed; an open end is 9999."""
        first, _, last = self.years.partition("-")
        return int(first), int(last or 9999)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the form; `shape` is grid (labelled rows under columns), strip (one row of values) or list
    (indicator, unit and number a row)."""

    table: str
    shape: str
    mark: str
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of the form: `kind` is flow, stock, change, money, text, yes_no or unknown; `unit` its unit."""

    code: str
    table: str
    row: str
    column: str
    label_zh: str
    label_en: str
    kind: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column of a table as a form prints it, with the heading above it where it has one."""

    key: str
    label: str
    parent: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One table as one or more forms print it: its rows and columns in order."""

    table: str
    shape: str
    forms: tuple[str, ...]
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]

    @property
    def cells(self) -> int:
        """How many value cells the form has here, blank ones included."""
        return len(self.rows) * len(self.columns)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list with the units that may stand behind its label; a heading has none and takes no number."""

    key: str
    label: str
    parent: str
    units: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list with one of its printed labels ({year} is a year); its values are never below `least`."""

    table: str
    column: str
    kind: str
    label: str
    least: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as one form prints it, headings included; `layout` holds the rows and columns that take numbers."""

    layout: Layout
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule; `formula` and the condition `when` are in the small language of loaders.formulas.

    `scope` is report (one report's facts), cross_year (the same agency's report of the year before) or corpus (all
    reports at hand); `each` what it runs over (row, applicant, cell or nothing); `forms` the vintages that it is a rule
    of, those that extend one included, none for all; `tolerance` a number or a share (1%) by which two sides may
    differ; `blank` zero (a blank counts nothing, and the result says so) or skip (the rule is not assessable).
    """

    id: str
    severity: str
    scope: str
    each: str
    forms: tuple[str, ...]
    formula: str
    zh: str
    en: str
    when: str
    tolerance: str
    blank: str
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Book:
    """The whole codebook; `version` is the SHA-256 of its files, short form.

    `forms`, `tables` and `layouts` are those of the report of 2019 and after; what stands before is a list each, in
    `older` (forms), `list_tables`, `list_columns` and `lists`. `form`, `table`, `layouts_of` and `on_form` know both.
    """

    version: str
    forms: dict[str, Form]
    older: dict[str, Form]
    tables: dict[str, Table]
    list_tables: dict[str, Table]
    list_columns: dict[str, tuple[ListColumn, ...]]
    lists: dict[str, tuple[Listing, ...]]
    measures: dict[str, Measure]
    applicants: dict[str, tuple[str, str]]
    layouts: dict[str, tuple[Layout, ...]]
    cells: dict[tuple[str, str, str], Measure]
    aliases: tuple[dict[str, str], ...]
    furniture: tuple[dict[str, str], ...]
    characters: dict[str, str]
    units: dict[str, Any]
    checks: tuple[Check, ...]
    derived: dict[str, tuple[str, str]]
    remarks: tuple[dict[str, str], ...]
    prose: tuple[dict[str, str], ...]
    agency_types: tuple[dict[str, str], ...]
    agency_heads: tuple[dict[str, str], ...]
    agency_fields: tuple[dict[str, str], ...]
    agency_scopes: tuple[dict[str, str], ...]

    def code(self, table: str, row: str, column: str) -> Measure | None:
        """The quantity in a cell; the seven applicant columns of a request row share one code."""
        return self.cells.get((table, row, "*")) or self.cells.get((table, row, column))

    def cell(self, table: str, row: str, column: str) -> Measure:
        """The quantity in a cell that a layout of the codebook has; KeyError where it has none."""
        found = self.code(table, row, column)
        if found is None:
            raise KeyError(f"no measure for {table} · {row} · {column}")
        return found

    def forms_of(self, code: str) -> frozenset[str]:
        """The forms that have a cell for a code; empty for counts told in prose."""
        return _forms_of(self.version, code)

    def form(self, name: str) -> Form | None:
        """A form of any age."""
        return self.forms.get(name) or self.older.get(name)

    def table(self, name: str) -> Table | None:
        """A table of any form."""
        return self.tables.get(name) or self.list_tables.get(name)

    def layouts_of(self, table: str) -> tuple[Layout, ...]:
        """What the forms print as a table of that name; empty where none has it."""
        return self.layouts.get(table) or tuple(one.layout for one in self.lists.get(table, ()))

    def on_form(self, form: str) -> tuple[str, ...]:
        """The tables that a form has."""
        return _on_form(self.version, form)


def _csv(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _lines(rows: list[dict[str, str]], table: str, key: str, form: Form) -> tuple[Line, ...]:
    found = []
    for row in rows:
        label = row[form.form] or (row[form.extends] if form.extends else "")
        if row["table"] == table and label and label != NOT_PRINTED:
            found.append(Line(row[key], label, row["parent"]))
    return tuple(found)


def _layouts(tables: dict[str, Table], forms: dict[str, Form]) -> dict[str, tuple[Layout, ...]]:
    rows, columns = _csv("forms/rows.csv"), _csv("forms/columns.csv")
    found: dict[str, tuple[Layout, ...]] = {}
    for table in tables.values():
        shapes: dict[tuple[tuple[Line, ...], tuple[Line, ...]], list[str]] = {}
        for form in forms.values():
            shape = (_lines(rows, table.table, "row", form), _lines(columns, table.table, "column", form))
            if all(shape):
                shapes.setdefault(shape, []).append(form.form)
        found[table.table] = tuple(Layout(table.table, table.shape, tuple(f), r, c) for (r, c), f in shapes.items())
    return found


def _lists(forms: dict[str, Form], columns: dict[str, tuple[ListColumn, ...]]) -> dict[str, tuple[Listing, ...]]:
    rows, found = _csv("forms/lists.csv"), dict[str, tuple[Listing, ...]]()
    for table, some in columns.items():
        values: dict[str, Line] = {}
        for one in some:
            if one.kind == "value":
                values.setdefault(one.column, Line(one.column, one.label, ""))
        for form in forms:
            printed = [row for row in rows if row["table"] == table and row[form]]
            entries = tuple(
                Entry(row["row"], row[form], row["parent"], tuple(row["units"].split()), bool(row["optional"]))
                for row in printed
            )
            lines = tuple(Line(one.key, one.label, one.parent) for one in entries if one.units)
            if entries:
                layout = Layout(table, "list", (form,), lines, tuple(values.values()))
                found[table] = (*found.get(table, ()), Listing(layout, entries))
    return found


def _checks(forms: dict[str, Form]) -> tuple[Check, ...]:
    """The rules; one of a form is a rule of the forms that extend it, too, but for those named with a minus."""
    found = []
    for row in _csv("checks.csv"):
        named = row["forms"].split()
        known = tuple(
            form.form
            for form in forms.values()
            if (form.form in named or form.extends in named) and f"-{form.form}" not in named
        )
        found.append(Check(**{name: row[name] or "" for name in row} | {"forms": known}))  # type: ignore[arg-type]
    return tuple(found)


def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in HERE.rglob("*") if p.suffix in {".csv", ".toml"}):
        digest.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def book() -> Book:
    """The codebook, read once a process."""
    vintages = {row["form"]: Form(**row) for row in _csv("forms/forms.csv")}
    before = _csv("forms/lists.csv")[0].keys() & vintages.keys()
    forms = {name: form for name, form in vintages.items() if name not in before}
    older = {name: form for name, form in vintages.items() if name in before}
    every = {row["table"]: Table(**row) for row in _csv("tables.csv")}
    tables = {name: table for name, table in every.items() if table.shape != "list"}
    columns: dict[str, tuple[ListColumn, ...]] = {}
    for row in _csv("forms/list_columns.csv"):
        columns[row["table"]] = (*columns.get(row["table"], ()), ListColumn(**row))
    measures = {row["code"]: Measure(**row) for row in _csv("measures.csv")}
    return Book(
        version=_version(),
        forms=forms,
        older=older,
        tables=tables,
        list_tables={name: table for name, table in every.items() if table.shape == "list"},
        list_columns=columns,
        lists=_lists(older, columns),
        measures=measures,
        applicants={row["applicant"]: (row["label_zh"], row["label_en"]) for row in _csv("applicants.csv")},
        layouts=_layouts(tables, forms),
        cells={(m.table, m.row, m.column): m for m in measures.values()},
        aliases=tuple({name: cell or "" for name, cell in row.items()} for row in _csv("aliases.csv")),
        furniture=tuple(_csv("furniture.csv")),
        characters={row["printed"]: row["plain"] for row in _csv("characters.csv")},
        units=tomllib.loads((HERE / "units.toml").read_text(encoding="utf-8")),
        checks=_checks(vintages),
        derived={row["term"]: (row["zh"], row["en"]) for row in _csv("derived.csv")},
        remarks=tuple(_csv("remarks.csv")),
        prose=tuple(_csv("prose.csv")),
        agency_types=tuple(_csv("agencies/types.csv")),
        agency_heads=tuple(_csv("agencies/heads.csv")),
        agency_fields=tuple(_csv("agencies/fields.csv")),
        agency_scopes=tuple(_csv("agencies/scope.csv")),
    )


@cache
def _on_form(version: str, form: str) -> tuple[str, ...]:
    source = book()
    names = (*source.layouts, *source.lists)
    return tuple(table for table in names if any(form in one.forms for one in source.layouts_of(table)))


@cache
def _forms_of(version: str, code: str) -> frozenset[str]:
    source = book()
    measure = source.measures.get(code)
    found = set[str]()
    for layout in source.layouts_of(measure.table) if measure else ():
        places = ((row.key, column.key) for row in layout.rows for column in layout.columns)
        if any((cell := source.code(layout.table, *place)) and cell.code == code for place in places):
            found |= set(layout.forms)
    return frozenset(found)
