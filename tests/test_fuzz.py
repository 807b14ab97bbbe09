"""Damaged documents of each container are read or refused with a reason, within bounds; every find stays found.

`python -m tests.fuzzing --documents 5000` is the long form of the first test.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

import pytest

from loaders import report
from loaders.grids import storable
from loaders.intake.sandbox import Sandbox
from loaders.report import Quarantined, Report, Source
from tests.fuzz_seeds import CONTAINERS, sound
from tests.fuzzing import FINDS, LIMITS, document, smaller, verdict, wrong

DOCUMENTS = {"pdf": 24, "zip": 50, "csv": 150, "parquet": 150}  # counted and not timed, so that every run is the same
USUAL = 80
LIST = (FINDS / "finds.csv").read_text(encoding="utf-8").splitlines()
REASONS = {row["file"]: row["found"] for row in csv.DictReader(LIST)}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=LIMITS) as one:
        yield one


@pytest.mark.parametrize("container", CONTAINERS)
def test_damaged_documents_are_read_or_refused(container: str, sandbox: Sandbox) -> None:
    words = set()
    for number in range(DOCUMENTS.get(container, USUAL)):
        fault, word = verdict(container, document(container, number), sandbox)
        assert not fault, f"document({container!r}, {number}): {fault}"
        words.add(word)
    assert words & {"complete", "partial"}, "no document was sound enough to be read: the faults are too coarse"
    assert len(words) > 1


@pytest.mark.parametrize("file", REASONS)
def test_a_find_stays_found(file: str, sandbox: Sandbox) -> None:
    container, data = file.partition("/")[0], (FINDS / file).read_bytes()
    assert verdict(container, data, sandbox)[0] == "", REASONS[file]


def test_every_find_has_its_reason() -> None:
    found = {path.relative_to(FINDS).as_posix() for path in FINDS.glob("*/*")}
    assert found == REASONS.keys()
    assert all(REASONS.values())


def test_a_number_gives_the_same_bytes() -> None:
    for container in CONTAINERS:
        first = [document(container, number) for number in (3, 4, 5)]
        assert [document(container, number) for number in (3, 4, 5)] == first
        assert len(set(first)) > 1


def test_what_is_wrong_is_seen() -> None:
    """The judge itself: a reader that raises, a span that is off, a value that is lost, half a character."""

    def raises(_: Source) -> NoReturn:
        raise KeyError("cell")

    assert verdict("txt", b"x", Sandbox(raises))[0].startswith("CRASHED: KeyError")
    good = report.read(Source("synthetic.txt", sound("txt", 0).encode(), synthetic=True))
    assert isinstance(good, Report)
    assert wrong(good) == ""
    number = next(fact for fact in good.facts if fact.state == "number" and fact.raw and not fact.doubt)
    for bad in (number._replace(start=0, end=1), number._replace(value=None)):
        assert wrong(replace(good, facts=(bad,)))
    assert wrong(replace(good, url="\ud800"))
    assert wrong(Quarantined("x", "", "", ""))


def test_a_find_is_made_smaller() -> None:
    assert smaller(b"abc" * 100 + b"!" + b"def" * 100, lambda part: b"!" in part) == b"!"


def test_halves_of_characters() -> None:
    assert storable("合\ud840\udc00成\udc00") == "合\U00020000成\ufffd"
