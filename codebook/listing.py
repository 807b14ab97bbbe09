"""Everything that has a name, as one list: measures, applicants, forms, tables, coded values, rates, rules, caveats."""

from __future__ import annotations

from functools import cache

from codebook.book import book
from codebook.terms import indicators, notes, shorts, values

COLUMNS = ("class", "name", "label_zh", "label_en", "table", "kind", "unit", "forms", "note", "short_zh")


@cache
def forms_with(code: str) -> frozenset[str]:
    """The forms that have a cell for `code`; empty for counts told in prose."""
    measure = book().measures.get(code)
    found = set()
    for layout in book().layouts.get(measure.table, ()) if measure else ():
        places = ((row.key, column.key) for row in layout.rows for column in layout.columns)
        if any((cell := book().code(layout.table, *place)) and cell.code == code for place in places):
            found |= set(layout.forms)
    return frozenset(found)


def rows() -> list[dict[str, str]]:
    """One row a name, with both labels and what is known of it; the columns are COLUMNS."""
    found = [
        _row("measure", m.code, m.label_zh, m.label_en, table=m.table, kind=m.kind, unit=m.unit, note=m.note)
        | {"forms": " ".join(sorted(forms_with(m.code)))}
        for m in book().measures.values()
    ]
    found += [_row("applicant", key, zh, en, table="requests") for key, (zh, en) in book().applicants.items()]
    found += [_row("form", f.form, f.label_zh, f.label_en, forms=f.years, note=f.basis) for f in book().forms.values()]
    found += [_row("table", t.table, t.label_zh, t.label_en, note=t.mark) for t in book().tables.values()]
    found += [_row(field, key, one["zh"], one["en"]) for (field, key), one in values().items()]
    found += [
        _row("indicator", i.id, i.label["zh"], i.label["en"], kind="rate", note=_formula(i.numerator, i.denominator))
        for i in indicators().values()
    ]
    found += [
        _row("check", c.id, c.zh, c.en, kind=c.severity, forms=" ".join(c.forms), note=c.formula) for c in book().checks
    ]
    found += [_row("note", topic, one["zh"], one["en"]) for topic, one in notes().items()]
    return found


def _row(class_: str, name: str, zh: str, en: str, **more: str) -> dict[str, str]:
    told = {"class": class_, "name": name, "label_zh": zh, "label_en": en, **more}
    return dict.fromkeys(COLUMNS, "") | {"short_zh": shorts().get(name, {}).get("zh", "")} | told


def _formula(above: tuple[str, ...], below: tuple[str, ...]) -> str:
    return f"{' + '.join(above)} / {' + '.join(below)}"
