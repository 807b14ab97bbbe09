"""What the rules see of a report: its cells, what it tells of itself, and the report of the year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cache

from codebook import Check, book
from loaders.checks.cells import Cell
from loaders.checks.findings import Key
from loaders.formulas import conditions, names, parse, sums

Told = float | str
REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Subject:
    """One report as the rules see it.

    `forms` are those of the report, `tables` those that each table read follows where that is known; `told` holds the
    terms of codebook/derived.csv that are known, `detail` words to them, `other` the report that they were held
    against; `rivals` are further counts that the prose tells for one code.
    """

    cells: Mapping[Key, Cell]
    forms: Set[str]
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: Mapping[str, Told] = field(default_factory=dict)
    detail: Mapping[str, str] = field(default_factory=dict)
    other: Mapping[str, str] = field(default_factory=dict)
    rivals: Mapping[Key, tuple[Cell, ...]] = field(default_factory=dict)
    previous: Subject | None = None

    def forms_of(self, table: str) -> Set[str]:
        """The vintages that a table of this report may follow."""
        return frozenset(self.tables.get(table, ())) or self.forms


def subject(
    facts: Iterable[Cell],
    forms: Set[str],
    tables: Mapping[str, tuple[str, ...]] | None = None,
    told: Mapping[str, Told] | None = None,
) -> Subject:
    """A report's facts as a subject; of several counts for one code the first stands, the others are its rivals."""
    cells, rivals = dict[Key, Cell](), dict[Key, tuple[Cell, ...]]()
    for fact in facts:
        key = (fact.code, fact.applicant or "")
        if key in cells:
            rivals[key] = (*rivals.get(key, ()), fact)
        else:
            cells[key] = fact
    return Subject(cells, forms, tables or {}, told or {}, rivals=rivals)


def applies(check: Check, one: Subject) -> bool:
    """Whether a rule is one of the forms that the tables it looks at follow."""
    if not check.forms:
        return True
    looked = tables_of(check)
    return (
        all(one.forms_of(table) & set(check.forms) for table in looked)
        if looked
        else bool(one.forms & set(check.forms))
    )


@cache
def tables_of(check: Check) -> frozenset[str]:
    """The tables whose cells a rule takes from the report itself."""
    formulas = (*conditions(check.when), parse(check.formula))
    told = [name for formula in formulas for some in sums(formula) for name, year in names(some) if year == 0]
    found = {REQUESTS} if check.each == "row" else set[str]()
    for name in told:
        for code in family(name) if name.endswith(".*") else (name.partition("@")[0],):
            measure = book().measures.get(code)
            if measure is not None and book().table(measure.table) is not None:
                found.add(measure.table)
    return frozenset(found)


@cache
def family(name: str) -> tuple[str, ...]:
    """Every code below a name like withheld.*"""
    return tuple(code for code in book().measures if code.startswith(name[:-1]))


def members(name: str, one: Subject) -> tuple[str, ...]:
    """The codes below a name like withheld.* that the report's form has."""
    return tuple(
        code for code in family(name) if code in _on_form(frozenset(one.forms_of(book().measures[code].table)))
    )


@cache
def _on_form(forms: frozenset[str]) -> frozenset[str]:
    return frozenset(
        book().cell(table, row.key, column.key).code
        for table in (*book().tables, *book().lists)
        for layout in book().layouts_of(table)
        if forms & set(layout.forms)
        for row in layout.rows
        for column in layout.columns
    )
