"""Everything that has a name, as one list: measures, applicants, forms, tables, coded values, rates, rules, caveats."""

from __future__ import annotations

from codebook.book import book
from codebook.indicators import indicators
from codebook.terms import notes, shorts, values

COLUMNS = ("class", "name", "label_zh", "label_en", "table", "kind", "unit", "forms", "note", "short_zh")


def forms_with(code: str) -> frozenset[str]:
    """The forms that have a cell for `code`; empty for counts told in prose."""
    return book().forms_of(code)


def rows() -> list[dict[str, str]]:
    """One row a name, with both labels and what is known of it; the columns are COLUMNS."""
    found = [
        _row("measure", m.code, m.label_zh, m.label_en, table=m.table, kind=m.kind, unit=m.unit, note=m.note)
        | {"forms": " ".join(sorted(forms_with(m.code)))}
        for m in book().measures.values()
    ]
    found += [_row("applicant", key, zh, en, table="requests") for key, (zh, en) in book().applicants.items()]
    forms, tables = (book().forms, book().older), (book().tables, book().list_tables)
    found += [
        _row("form", f.form, f.label_zh, f.label_en, forms=f.years, note="；".join(filter(None, (f.basis, f.note_zh))))
        for some in forms
        for f in some.values()
    ]
    found += [_row("table", t.table, t.label_zh, t.label_en, note=t.mark) for some in tables for t in some.values()]
    found += [_row(field, key, one["zh"], one["en"]) for (field, key), one in values().items()]
    found += [
        _row(
            "indicator",
            i.id,
            i.label["zh"],
            i.label["en"],
            kind=i.kind,
            unit=i.unit,
            forms=" ".join(i.forms),
            note=i.formula,
        )
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
