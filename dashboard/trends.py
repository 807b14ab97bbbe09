"""Series over years and forms: which values stand on one line, where the line breaks, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

import pandas as pd
import streamlit as st

from codebook import book
from codebook.listing import forms_with
from codebook.series import Formula, Series, Term, join, lines, series
from dashboard import absent, curves, exhibit, queries, ratios, show
from dashboard.curves import Mark
from dashboard.desk import Desk
from dashboard.exhibit import Exhibit
from dashboard.regions import UNKNOWN

MOST = 8  # lines in a chart; the table has them all
EVERY = "all"


def panel(desk: Desk, page: str, by: str, *, notes: Sequence[str] = ()) -> None:
    """A series of the page over the years, a line a group; by year or form there is one line for all."""
    w = desk.words
    st.subheader(w("series.title"), anchor=False)
    known = {name: w.named(one.label) for name, one in series().items() if one.page == page}
    name = show.pick(desk, "series", list(known), next(iter(known)), w("series.choose"), known, f"{page}-series")
    group = by if by not in ("year", "form") else EVERY
    made = desk.once((page, "series", name, group), lambda: _made(desk, name, group, known[name], notes))
    show.exhibit(desk, f"{page}-series-{name}", made)


def _made(desk: Desk, name: str, group: str, title: str, notes: Sequence[str]) -> Exhibit:
    w, one = desk.words, series()[name]
    cells = desk.cells(items(one)).assign(all_key=EVERY)
    table = points(cells, one, group, doubt=desk.doubt)
    names = desk.names(group) if group != EVERY else {EVERY: w("series.every")}
    drawn = table[table["group"].isin(queries.ranked(table, MOST))]
    figure = curves.figure(
        drawn, names, w.lang, marks(drawn, name, desk), percent=one.unit == "%", unit=w.value("unit", one.unit)
    )
    alone = absent.panels(figure, desk, drawn, [EVERY], group) if group == EVERY else []
    groups = table["group"].nunique()
    return exhibit.made(
        desk,
        figure,
        listed(desk, table, one, names, group),
        title=title,
        by=group,
        unit=w.value("unit", one.unit),
        notes=(*notes, *([one.note] if one.note else [])),
        remarks=[*alone, *remarks(table, name, desk)],
        rank=(MOST, groups) if groups > MOST else None,
        behind=used(cells, one),
        rows=lambda d: used(d.cells(items(one)).assign(all_key=EVERY), one),
    )


def items(one: Series) -> list[queries.Item]:
    """The cells that a series needs in all its forms; outcomes come with their total, which says what a blank is."""
    terms = {term for formula in one.formulas.values() for term in formula.terms}
    found = dict.fromkeys((code, term.part) for term in sorted(terms, key=str) for code in queries.codes(term.code))
    if any(code in queries.codes_of_outcome() for code, _ in found):
        found |= dict.fromkeys((code, "total") for code in (*queries.codes_of_outcome(), "handled"))
    return list(found)


def used(cells: pd.DataFrame, one: Series) -> pd.DataFrame:
    """The cells that a series is made of, each in the forms in which it is."""
    parts = [
        cells[(cells["form_key"] == form) & cells["code"].isin(_codes(formula.terms, form))]
        for form in cells["form_key"].unique()
        if (formula := one.of(str(form))) is not None
    ]
    return pd.concat(parts) if parts else cells.iloc[:0]


def _codes(terms: Sequence[Term], form: str) -> list[str]:
    return [
        code for term in terms for code in queries.codes(term.code) if form in forms_with(code) or not forms_with(code)
    ]


def points(cells: pd.DataFrame, one: Series, by: str, *, doubt: bool = False) -> pd.DataFrame:
    """One row a group, year and line: value, form (the later where several), forms, code (the first cell of its
    formula), n (reports), N (whose form has the series). Reports that lack a part of the formula are not counted."""
    order = [*book().older, *book().forms]
    rows = each(cells, one, by, doubt=doubt)
    columns = ["group", "year", "line", "value", "form", "forms", "code", "n", "N"]
    rows = rows[rows["year"] != UNKNOWN]
    if rows.empty:
        return pd.DataFrame(columns=pd.Index(columns))
    kept = rows.assign(place=rows["form"].map(order.index), counted=rows["top"].notna())
    grouped = kept.groupby(["group", "year", "line"], sort=True)
    out = grouped.agg(
        top=("top", lambda v: v.sum(min_count=1)),
        bottom=("bottom", lambda v: v.sum(min_count=1)),
        place=("place", "max"),
        forms=("form", lambda v: tuple(sorted(set(v), key=order.index))),
        n=("counted", "sum"),
        N=("counted", "size"),
    ).reset_index()
    ratio = any(formula.denominator for formula in one.formulas.values())
    out["value"] = (out["top"] / out["bottom"]).where(out["bottom"] >= max(1, one.least)) if ratio else out["top"]
    out["form"] = out["place"].map(lambda place: order[place])
    out["code"] = out["form"].map(
        {form: _codes(known.numerator, form)[0] for form in out["form"].unique() if (known := one.of(form))}
    )
    return out[columns]


def each(cells: pd.DataFrame, one: Series, by: str, *, doubt: bool = False) -> pd.DataFrame:
    """One row a report whose form has the series: group, year, form, line, and the two sums of its formula (bottom is 1
    for a plain sum), both NaN where a part is missing."""
    order = [*book().older, *book().forms]
    keys = [f"{by}_key", "year_key", "form_key"]
    cells = cells[list(dict.fromkeys([*ratios.OF_WIDE, *keys]))]  # all columns would be copied for each form
    here = set(cells["form_key"].unique())
    forms = [form for form in order if form in here and one.of(form)]
    line = lines(one.series, forms)
    if not forms:
        return pd.DataFrame(columns=pd.Index(["group", "year", "form", "top", "bottom", "line"]))
    formulas = {form: formula for form in forms if (formula := one.of(form))}
    wide = _wide(cells[cells["form_key"].isin(formulas)], formulas, doubt)
    reports = cells.drop_duplicates("report_id").set_index("report_id")
    parts = [
        _values(reports[reports["form_key"] == form], wide, formula, form, by).assign(line=line[form])
        for form, formula in formulas.items()
    ]
    rows = pd.concat(parts, ignore_index=True)
    whole = rows["top"].notna() & rows["bottom"].notna()
    return rows.assign(top=rows["top"].where(whole), bottom=rows["bottom"].where(whole))


def _wide(cells: pd.DataFrame, formulas: Mapping[str, Formula], doubt: bool) -> pd.DataFrame:
    """What the formulas of all forms are made of, a row a report; an outcome comes with all others."""
    wanted = {code for form, formula in formulas.items() for code in _codes(formula.terms, form)}
    outcomes = ("handled", *queries.codes_of_outcome())
    if wanted & set(queries.codes_of_outcome()):
        wanted |= {code for code in outcomes if forms_with(code) & formulas.keys()}
    return ratios.wide(cells[cells["code"].isin(wanted)], doubt=doubt)


def _values(reports: pd.DataFrame, wide: pd.DataFrame, formula: Formula, form: str, by: str) -> pd.DataFrame:
    """A row a report of a form: group, year, form, and the two sums (bottom is 1 for a plain sum)."""
    return pd.DataFrame(
        {
            "group": reports[f"{by}_key"].astype("str"),
            "year": reports["year_key"].astype("str"),
            "form": form,
            "top": _sum(wide, formula.numerator, form).reindex(reports.index),
            "bottom": _sum(wide, formula.denominator, form).reindex(reports.index) if formula.denominator else 1.0,
        }
    )


def _sum(wide: pd.DataFrame, terms: Sequence[Term], form: str) -> pd.Series[float]:
    """The signed sum of each report; NaN where a part is missing."""
    total = pd.Series(0.0, index=wide.index)
    for term in terms:
        for code in _codes([term], form):
            total = total + term.sign * (wide[code] if code in wide else float("nan"))
    return total


def marks(table: pd.DataFrame, name: str, desk: Desk) -> list[Mark]:
    """Where the form changes between two years: between them, and whether the line breaks there."""
    forms = {
        int(str(year)): {_base(form) for one in some for form in one} for year, some in table.groupby("year")["forms"]
    }
    found = []
    for before, after in pairwise(sorted(forms)):
        new = sorted(forms[after] - forms[before], key=_since)
        if new:
            broken = not any(join(name, old, form).joined for old in forms[before] for form in new)
            label = desk.words("basis.comma").join(desk.words.form(form) for form in new)
            found.append(Mark((before + after) / 2, label, broken))
    return found


def remarks(table: pd.DataFrame, name: str, desk: Desk) -> list[str]:
    """How comparable the forms in the data are, what the line does, and why; forms with one formula stand together."""
    w, one = desk.words, series()[name]
    forms = sorted({form for some in table["forms"] for form in some}, key=_since)
    kinds: dict[Formula, list[str]] = {}
    for form in forms:
        formula = one.of(form)
        if formula is not None:
            kinds.setdefault(formula, []).append(form)
    named = [w("basis.comma").join(w.form(form) for form in some) for some in kinds.values()]
    found = [w("series.same", forms=text) for text, some in zip(named, kinds.values(), strict=True) if len(some) > 1]
    for (before, first), (after, second) in combinations(zip(named, kinds.values(), strict=True), 2):
        told = join(name, first[0], second[0])
        key = "series.joined" if told.joined else "series.broken"
        grade = w.value("grade", told.grade).lower()
        found.append(w(key, one=before, other=after, grade=grade, why=told.why[w.lang]))
    return found


def _base(form: str) -> str:
    """The form itself, or the one that it adds rows to."""
    known = book().form(form)
    return known.extends if known and known.extends else form


def _since(form: str) -> int:
    known = book().form(form)
    return known.span[0] if known else 0


def listed(desk: Desk, table: pd.DataFrame, one: Series, names: dict[str, str], by: str) -> pd.DataFrame:
    w = desk.words
    out = pd.DataFrame({w("filter.year"): table["year"]})
    if by != EVERY:
        out.insert(0, w(f"filter.{by}"), table["group"].map(lambda g: names.get(g, g)))
    out[w("table.item")] = w.named(one.label)
    value = table["value"].astype("float64")
    out[w("table.percent") if one.unit == "%" else w("table.value")] = (
        (value * 100).round(2) if one.unit == "%" else value
    )
    out[w("filter.form")] = ["、".join(w.form(form) for form in some) for some in table["forms"]]
    out[w("table.line")] = table["line"] + 1 if len(table) else []
    out[w("table.n")], out[w("table.N")] = table["n"], table["N"]
    return out
