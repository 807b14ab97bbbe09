"""The codebook is whole: every cell of every form has a measure, every rule parses, the page is up to date."""

from __future__ import annotations

import pytest

from codebook import book, rulebook
from codebook.__main__ import PAGE, page
from codebook.listing import COLUMNS
from codebook.terms import fields, values
from loaders import checks
from loaders.formulas import conditions, names, sums
from loaders.labels import bare, lexicon, plain
from loaders.schema import SCHEMAS

CELLS = {"2019": (22, 161, 15), "2021": (10, 175, 15), "zhejiang2019": (31, 161, 12)}


@pytest.mark.parametrize(("form", "cells"), CELLS.items())
def test_a_form_has_as_many_cells_as_the_official_one(form: str, cells: tuple[int, int, int]) -> None:
    """Counted on the official forms: article 20, requests, review."""
    counts = {"proactive": 0, "requests": 0, "review": 0}
    for table, layouts in book().layouts.items():
        counts[table.split(".")[0]] += sum(layout.cells for layout in layouts if form in layout.forms)
    assert tuple(counts.values()) == cells


def test_every_cell_of_every_form_has_a_measure() -> None:
    for table, layouts in book().layouts.items():
        for layout in layouts:
            for row in layout.rows:
                for column in layout.columns:
                    assert book().cell(table, row.key, column.key).table == table


def test_every_printed_label_finds_its_own_key() -> None:
    for table, layouts in book().layouts.items():
        for layout in layouts:
            for axis, lines in (("row", layout.rows), ("column", layout.columns)):
                for line in lines:
                    keys = {n.key for n in lexicon().find(plain(line.label)) if n.axis == axis and n.table == table}
                    assert line.key in keys, (table, axis, line.label)


def test_no_two_rows_or_columns_of_a_layout_share_a_plain_label() -> None:
    for layouts in book().layouts.values():
        for layout in layouts:
            for lines in (layout.rows, layout.columns):
                labels = [(line.parent, bare(plain(line.label))) for line in lines]
                assert len(set(labels)) == len(labels)


def test_every_rule_is_in_the_language_and_names_cells_that_exist() -> None:
    codes = set(book().measures) | set(book().applicants) | set(book().derived)
    words = {value for field, value in values() if field in {"agency_level", "agency_type"}}
    for check in book().checks:
        for formula in (*conditions(check.when), checks.parse(check.formula)):
            told = [name for some in sums(formula) for name, _ in names(some)]
            if told[0] in {"meta.level", "meta.type"}:
                assert set(told[1:]) <= words, check.id
                told = told[:1]
            for term in told:
                code, _, applicant = term.partition("@")
                family = code.removesuffix("*")
                assert code in codes or (code != family and any(c.startswith(family) for c in codes)), (check.id, term)
                assert not applicant or applicant in book().applicants, (check.id, term)


def test_every_rule_is_filled_in() -> None:
    """Each column says something, in the words that the loaders know; ids are not given twice."""
    rules = book().checks
    assert len({check.id for check in rules}) == len(rules) >= 80
    for check in rules:
        assert all((check.zh, check.en, check.why_zh, check.why_en)), check.id
        assert check.severity in {"error", "warning", "info"}, check.id
        assert check.scope in {"report", "cross_year", "corpus"}, check.id
        assert check.each in {"", "row", "applicant", "cell"}, check.id
        assert check.blank in {"zero", "skip"}, check.id
        assert set(check.forms) <= {*book().forms, *book().older}, check.id
        assert float(check.tolerance.removesuffix("%") or 0) >= 0, check.id


def test_a_rule_of_a_form_is_one_of_the_forms_that_extend_it() -> None:
    forms = {check.id: set(check.forms) for check in book().checks}
    assert {"2019", "hubei2019", "beijing2019"} <= forms["APP-TOT-B"]
    assert forms["PWR-DELTA-BI"] == {"beijing2019"}
    assert forms["META-YEAR"] == set()


def test_a_formula_outside_the_language_is_refused() -> None:
    for text in ("a + b", "a == b == c", "a * b == c", "a + == b"):
        with pytest.raises(ValueError, match=r"not a sum|no single"):
            checks.parse(text)


def test_the_code_book_page_is_up_to_date() -> None:
    """`python -m codebook` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page(book())


def test_every_column_of_the_published_tables_is_described() -> None:
    """A column new in loaders/schema.py needs a line in codebook/fields.csv."""
    published = {(table, name) for table, schema in SCHEMAS.items() for name in schema.names}
    handed = {key for key in fields() if key[0] == "download"}  # tests/test_downloads.py says which
    assert set(fields()) == published | {("codebook", name) for name in COLUMNS} | handed
    assert all(one["label_zh"] and one["label_en"] for one in fields().values())
    assert all(bool(one["note_zh"]) == bool(one["note_en"]) for one in fields().values())


def test_the_page_of_rules_is_up_to_date() -> None:
    """`python -m codebook` writes it; it names every rule."""
    text = rulebook.PAGE.read_text(encoding="utf-8")
    assert text == rulebook.page(book())
    assert {line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")} == {
        check.id for check in book().checks
    }
