"""Several documents of one agency and year: all are kept, one counts, and what they print differently is told."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from loaders import publish
from loaders.build import build
from loaders.intake.sources import find
from loaders.report import Report, Source, read
from tests.gathering import published

TEXT = (Path(__file__).resolve().parent.parent / "data" / "reports" / "001_ae670e83d15f685b.txt").read_text(
    encoding="utf-8"
)
Row = dict[str, object]


def report(name: str, text: str) -> Report:
    """A text as a report."""
    told = read(Source(name, text.encode()))
    assert isinstance(told, Report)
    return told


def corrected(text: str) -> str:
    """The report with another count of normative documents."""
    start = text.index("规范性文件")
    at = next(n for n in range(start, len(text)) if text[n].isdigit())
    return text[:at] + "9" + text[at:]


SAME, CORRECTED, SHORT = TEXT + "\n（转载）\n", corrected(TEXT), TEXT[: TEXT.index("三、收到")]


def gathered(*texts: tuple[str, str]) -> tuple[dict[str, Row], list[Row]]:
    """The rows of the reports by name, and the findings of disagreement."""
    rows = published(report(name, text) for name, text in texts)
    by_name = {str(row["source_name"]): row for row in rows["reports"]}
    return by_name, [row for row in rows["findings"] if row["check_id"] == "GROUP-DIFF"]


@pytest.mark.parametrize("order", list(permutations((("a", TEXT), ("b", SAME), ("c", SHORT)))))
def test_one_counts_in_whatever_order_they_come(order: tuple[tuple[str, str], ...]) -> None:
    reports, apart = gathered(*order)
    assert len({row["agency_id"] for row in reports.values()}) == 1
    assert sum(bool(row["is_current"]) for row in reports.values()) == 1
    assert not reports["c"]["is_current"]  # the fuller one counts
    assert apart == []  # fewer cells are no other cells


def test_a_correction_is_told_on_both() -> None:
    reports, apart = gathered(("a", TEXT), ("b", CORRECTED))
    ids = {name: row["report_id"] for name, row in reports.items()}
    assert {(row["report_id"], row["codes"]) for row in apart} == {
        (ids["a"], "normative.made"),
        (ids["b"], "normative.made"),
    }
    messages = {row["report_id"]: str(row["message"]) for row in apart}
    assert str(ids["b"]) in messages[ids["a"]]
    assert str(ids["a"]) in messages[ids["b"]]


def test_the_later_of_two_equally_full_ones_counts() -> None:
    later = CORRECTED.replace("2021-01-22", "2021-03-22")
    assert later != CORRECTED
    reports, _ = gathered(("a", TEXT), ("b", later))
    assert [name for name, row in reports.items() if row["is_current"]] == ["b"]


def test_another_year_is_no_group() -> None:
    reports, apart = gathered(("a", TEXT), ("b", CORRECTED.replace("2020年", "2021年")))
    assert all(row["is_current"] for row in reports.values())
    assert apart == []


def test_it_is_published(tmp_path: Path) -> None:
    """Also the same bytes under two names: one report, the other name in the quarantine."""
    for name, text in (("a.txt", TEXT), ("b.txt", CORRECTED), ("c.txt", TEXT)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    version = build(find([tmp_path]), tmp_path / "out").version
    assert publish.current(tmp_path / "out") == version
    found = pq.read_table(version / "findings.parquet").to_pylist()
    assert sum(row["check_id"] == "GROUP-DIFF" for row in found) == 2
    (refused,) = pq.read_table(version / "quarantine.parquet").to_pylist()
    assert (refused["source_name"], refused["reason"]) == ("c.txt", "SAME_BYTES")
