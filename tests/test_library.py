"""Every shipped report against its truth, read by eye: what is read is right, what is not read is told."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from loaders.report import Report, Source, read
from loaders.trust.verify import verify
from tests import datapage, library
from tests.truth import load

Row = dict[str, object]
NAMES = sorted(library.listed())
UNSHIPPED = library.TRUTH / "unshipped"
LARGEST = 5_000_000  # bytes of the whole library


@pytest.fixture(scope="module")
def rows(shipped: Path) -> dict[str, list[Row]]:
    """Table → its rows."""
    return datapage.tables_of(shipped)


@pytest.fixture(scope="module")
def reports(rows: dict[str, list[Row]]) -> dict[str, Row]:
    """File → its row in reports.parquet."""
    return {str(row["source_name"]): row for row in rows["reports"]}


@pytest.fixture(scope="module")
def facts(rows: dict[str, list[Row]], reports: dict[str, Row]) -> dict[str, list[Row]]:
    """File → its facts; none where the document was refused."""
    names = {row["report_id"]: name for name, row in reports.items()}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows["facts"]:
        found[names[row["report_id"]]].append(row)
    return found


def test_index_files_and_truth_are_the_same_reports() -> None:
    beside = {path.name for path in library.REPORTS.iterdir()} - {"index.csv", "README.md"}
    assert set(NAMES) == beside
    truths = {path.stem for folder in (library.TRUTH, library.TRUTH / "library") for path in folder.glob("*.csv")}
    assert truths == {Path(name).stem for name in NAMES}
    assert sum(path.stat().st_size for path in library.REPORTS.iterdir()) < LARGEST


def test_every_document_is_a_report_or_refused(rows: dict[str, list[Row]], reports: dict[str, Row]) -> None:
    assert sorted([*reports, *(str(row["source_name"]) for row in rows["quarantine"])]) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_is_right(name: str, facts: dict[str, list[Row]]) -> None:
    count = library.score(load(library.truth_of(name)), facts[name])
    assert (count["wrong"], count["extra"]) == (0, 0)


def test_a_difference_is_counted() -> None:
    """The score itself can fail, in each of its kinds."""
    path = library.TRANSCRIBED[2]
    told, truth = read(Source(path.name, path.read_bytes())), load(library.truth_of(path.name))
    assert isinstance(told, Report)
    good: list[Row] = [fact.row() for fact in told.facts]
    first = next(n for n, fact in enumerate(good) if fact["state"] == "number")
    other = good[first] | {"value": -1.0}
    without = [*good[:first], *good[first + 1 :]]
    assert +library.score(truth, good) == Counter(right=len(truth))
    for changed, kind in (
        (without, "missing"),
        ([*without, other], "wrong"),
        ([*without, other | {"doubt": "?"}], "flagged"),
        ([*good, other | {"code": "no.such"}], "extra"),
    ):
        assert library.score(truth, changed)[kind] == 1


def test_both_readers_agree_on_all_of_it(rows: dict[str, list[Row]]) -> None:
    assert [row for row in rows["findings"] if row["check_id"] == "AUDIT-DIFF"] == []
    assert sum(row["audit"] == "agrees" for row in rows["tables"]) > 100


def test_every_value_is_found_again_at_its_place(shipped: Path) -> None:
    assert verify(shipped).wrong == ()


def test_what_the_index_tells_comes_through(reports: dict[str, Row]) -> None:
    """Body, year, day and address of the index stand in the data, with the index as the evidence or beside it."""
    for name, listed in library.listed().items():
        if name not in reports:
            continue
        row = reports[name]
        assert (row["agency"] or "", row["source_url"] or "") == (listed["agency"], listed["source_url"]), name
        if listed["report_year"]:
            assert row["report_year"] == int(listed["report_year"]), name
            assert "索引" in str(row["year_evidence"])
        if listed["published"]:
            assert row["published_on"] == listed["published"], name
        assert (row["title"] or "") == listed["title"], name


def test_places_are_those_read_by_eye(reports: dict[str, Row]) -> None:
    """A place is right or left open; the true places are no input, the index tells bodies and addresses only."""
    with (library.ROOT / "tests" / "places.csv").open(encoding="utf-8", newline="") as file:
        places = {row["file"]: row for row in csv.DictReader(file)}
    assert set(places) == set(NAMES)
    wrong = [
        (name, tier, row[tier], places[name][tier])
        for name, row in sorted(reports.items())
        for tier in ("province", "city", "county")
        if row[tier] and row[tier] != places[name][tier]
    ]
    assert wrong == []


@pytest.mark.parametrize("path", sorted(p for p in UNSHIPPED.iterdir() if p.suffix == ".txt"), ids=lambda p: p.stem)
def test_reports_without_an_address(path: Path) -> None:
    """Reports that were read from a mirror are not shipped; they are read all the same."""
    told = read(Source(path.name, path.read_bytes()))
    found = [fact.row() for fact in told.facts] if isinstance(told, Report) else []
    count = library.score(load(path.with_suffix(".csv")), found)
    assert (count["wrong"], count["extra"]) == (0, 0)


def test_the_blank_form_holds_no_number() -> None:
    path = UNSHIPPED / "009_blank_template_2021.docx"
    told = read(Source(path.name, path.read_bytes()))
    assert isinstance(told, Report)
    assert told.status == "blank"
    assert {fact.state for fact in told.facts} <= {"blank"}
    assert {table.status for table in told.reading.tables.values()} == {"blank", "not_on_form"}


def test_the_page_of_the_data_counts_what_is_there(rows: dict[str, list[Row]]) -> None:
    """`python -m tests.datapage` writes it anew."""
    found = datapage.parts(rows)
    pages = [path.read_text(encoding="utf-8") for path in datapage.PAGES]
    assert {part[2] for page in pages for part in datapage.PART.finditer(page)} == set(found)
    assert [datapage.filled(page, found) for page in pages] == pages
    assert datapage.filled(pages[0], found | {"holdings": "x"}) != pages[0]
    assert datapage.filled(pages[1], found | {"front": "x"}) != pages[1]
