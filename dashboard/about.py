"""Tables about the data itself, made from the code book: names, forms, kinds of empty, grades of units."""

from __future__ import annotations

import pandas as pd

from codebook import book, listing
from codebook.terms import values
from dashboard.take import states
from dashboard.words import Words

CLASSES = ("measure", "applicant", "form", "table", "indicator", "check", "note")


def names(w: Words, wanted: str, kind: str) -> pd.DataFrame:
    """Entries of the code book of the class `kind` ("" for all) that have each word of `wanted` somewhere."""
    rows = pd.DataFrame(listing.rows(), columns=pd.Index(listing.COLUMNS))
    if kind:
        rows = rows[rows["class"] == kind]
    text = rows.agg(" ".join, axis=1).str.lower()
    for word in wanted.lower().split():
        rows = rows[text.loc[rows.index].str.contains(word, regex=False)]
    first, second = ("label_zh", "label_en") if w.lang == "zh" else ("label_en", "label_zh")
    order = ["name", first, second, "kind", "unit", "forms", "note", "class"]
    heads = {column: w(f"codebook.{column}") for column in order}
    return rows[order].rename(columns=heads).loc[:, lambda t: (t != "").any()].reset_index(drop=True)


def forms(w: Words) -> pd.DataFrame:
    """The vintages of the form: years, legal basis, and how many cells each of its tables has."""
    every = [*book().older.values(), *book().forms.values()]
    layouts = {table: book().layouts_of(table) for table in (*book().tables, *book().list_tables)}
    sizes = {
        form.form: {table: sum(one.cells for one in some if form.form in one.forms) for table, some in layouts.items()}
        for form in every
    }
    rows = [
        {
            w("filter.form"): w.form(form.form),
            w("filter.year"): form.years,
            w("methods.basis"): form.basis,
            w("methods.tables"): sum(1 for cells in sizes[form.form].values() if cells),
            w("methods.cells"): sum(sizes[form.form].values()),
        }
        for form in every
    ]
    return pd.DataFrame(rows)


def changes(w: Words) -> pd.DataFrame:
    """Which of the forms has which measure of proactive disclosure and review, ● for yes: where a series must break."""
    measures = [m for m in book().measures.values() if listing.forms_with(m.code) and m.table != "requests"]
    out = pd.DataFrame({w("table.table"): [w.table(m.table) for m in measures]})
    out[w("table.item")] = [w.measure(m.code) for m in measures]
    for form in book().forms:
        out[w.form(form)] = ["●" if form in listing.forms_with(m.code) else "" for m in measures]
    return out


def empties(w: Words) -> pd.DataFrame:
    """The states of a cell, with Stata's letters."""
    rows = [(s, "" if s == "number" else states.letter(s), w.value("state", s)) for s in states.STATES]
    return pd.DataFrame(rows, columns=["state", "Stata", w("table.note")])


def grades(w: Words) -> pd.DataFrame:
    """How the unit of an amount can be known."""
    known = [value for field, value in values() if field == "unit_source"]
    return pd.DataFrame({"unit_source": known, w("table.note"): [w.value("unit_source", value) for value in known]})
