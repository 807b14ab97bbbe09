"""docs/layouts.md says what is: every layout of the renderers is listed, read whole, and held by tests that exist."""

from __future__ import annotations

import pytest

from loaders import containers, report
from loaders.report import Report, Source
from tests.layouts import LIST, PAGE, ROOT, document, page, rows
from tests.rendering import LAYOUTS

APART = {"corpus", "archive"}  # they hold documents and are none


def test_the_page_of_layouts_is_up_to_date() -> None:
    """`python -m tests.layouts` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_layout_and_container_is_listed() -> None:
    names = [row["sample"] for row in rows()]
    assert len(set(names)) == len(names)
    assert LAYOUTS.keys() <= set(names)
    read = containers.SHEETS.keys() - {"ole"}  # only ever refused
    assert read <= {row["container"] for row in rows()}


@pytest.mark.parametrize("row", rows(), ids=[row["sample"] for row in rows()])
def test_a_listed_layout_is_read_as_listed(row: dict[str, str]) -> None:
    assert all(row.values()), f"{LIST.name}: an empty field"
    assert [name for name in row["tests"].split() if not (ROOT / "tests" / name).is_file()] == []
    if row["container"] in APART:
        return
    found = report.read(Source(*document(row["sample"]), synthetic=True))
    assert isinstance(found, Report), found
    assert found.container == row["container"]
    whole = {"not_on_form", "read"}
    states = {table.status for table in found.reading.tables.values()}
    assert states <= whole or row["sample"] == "glued"  # glued tables without sums may be refused
    if row["sample"] in LAYOUTS and row["blanks"] == "yes":
        assert LAYOUTS[row["sample"]].blanks
