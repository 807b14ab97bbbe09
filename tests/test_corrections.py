"""Places corrected by hand: laid over every build, shown with author, day and reason, and refused where they can't be."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from codebook.decisions import Place
from loaders import __main__ as command
from loaders import corrections
from loaders.build import build
from loaders.errors import BadCorrections
from loaders.intake.sources import find
from loaders.report import Report, Source, read

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "data" / "reports" / "001_ae670e83d15f685b.txt"
HEAD = "source_sha256,agency_id,field,value,author,date,reason\n"
Row = dict[str, object]


@pytest.fixture(scope="module")
def one() -> Report:
    told = read(Source(FILE.name, FILE.read_bytes()))
    assert isinstance(told, Report)
    return told


def row(one: Report, field: str, value: str, by_agency: bool = False) -> str:
    key = f",{one.agency_id}" if by_agency else f"{one.sha256},"
    return f"{key},{field},{value},李一,2026-01-31,查证网站\n"


def built(folder: Path, text: str) -> tuple[Row, list[Row], list[Row]]:
    """The report, the corrections and the findings of a build with a corrections file."""
    folder.mkdir(exist_ok=True)
    path = folder / "corrections.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    version = build(find([FILE]), folder / "out", corrected=corrections.read(path)).version
    tables = [pq.read_table(version / f"{name}.parquet").to_pylist() for name in ("reports", "corrections", "findings")]
    return tables[0][0], tables[1], tables[2]


@pytest.mark.parametrize("by_agency", [False, True])
def test_a_correction_counts_and_says_so(one: Report, tmp_path: Path, by_agency: bool) -> None:
    told, listed, _ = built(tmp_path, row(one, "adcode", "331002", by_agency))
    assert (told["province"], told["city"], told["county"], told["adcode"]) == ("浙江省", "台州市", "椒江区", "331002")
    assert (told["region_status"], told["region_confidence"], told["region_corrected"]) == ("stated", 1.0, True)
    assert "李一" in str(told["region_evidence"])
    assert "2026-01-31: 查证网站" in str(told["region_evidence"])
    assert "崆峒镇" in str(told["region_evidence"])  # what it was before
    assert told["township"] is None
    assert [(c["value"], c["reports"]) for c in listed] == [("331002", 1)]
    assert told["agency_id"] != one.agency_id


def test_it_survives_a_rebuild_byte_for_byte(one: Report, tmp_path: Path) -> None:
    first = built(tmp_path / "a", row(one, "adcode", "331002"))
    assert built(tmp_path / "b", row(one, "adcode", "331002")) == first


def test_the_last_word_counts(one: Report, tmp_path: Path) -> None:
    told, listed, _ = built(tmp_path, row(one, "adcode", "110105") + row(one, "adcode", "331002"))
    assert told["county"] == "椒江区"
    assert [c["reports"] for c in listed] == [0, 1]


def test_county_and_township_go_together(one: Report, tmp_path: Path) -> None:
    told, _, _ = built(tmp_path, row(one, "township", "洪家街道") + row(one, "adcode", "331002"))
    assert (told["county"], told["township"]) == ("椒江区", "洪家街道")


def test_a_township_that_the_county_does_not_have_is_refused_with_a_finding(one: Report, tmp_path: Path) -> None:
    told, listed, found = built(tmp_path, row(one, "township", "洪家街道"))
    assert (told["county"], told["township"], told["region_corrected"]) == ("崆峒区", "崆峒镇", False)
    assert [c["reports"] for c in listed] == [0]
    assert [f["check_id"] for f in found] == ["CORRECTION-REFUSED"]


def test_another_document_is_left_alone(one: Report, tmp_path: Path) -> None:
    other = Place("0" * 64, "", "adcode", "331002", "李一", "2026-01-31", "查证网站")
    assert corrections.applied(one, [other]) == (one, [])
    told, _, _ = built(tmp_path, row(one, "adcode", "331002").replace(one.sha256, "0" * 64))
    assert told["county"] == "崆峒区"


@pytest.mark.parametrize(
    "line",
    [
        "{sha},,adcode,331002,,2026-01-31,理由",
        "{sha},,adcode,331002,李一,2026-01-31,",
        "{sha},,adcode,331002,李一,去年,理由",
        "{sha},,adcode,999999,李一,2026-01-31,理由",
        "{sha},,agency,某局,李一,2026-01-31,理由",
        "{sha},{key},adcode,331002,李一,2026-01-31,理由",
        ",,adcode,331002,李一,2026-01-31,理由",
        "abc,,adcode,331002,李一,2026-01-31,理由",
    ],
)
def test_a_row_that_says_too_little_stops_the_build(line: str, tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text(HEAD + line.format(sha="0" * 64, key="0" * 12) + "\n", encoding="utf-8")
    with pytest.raises(BadCorrections, match="第 2 行"):
        corrections.read(path)


def test_the_command_line_reads_the_file(one: Report, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + row(one, "adcode", "331002"), encoding="utf-8")
    given = ["build", str(FILE), "--out", str(tmp_path / "out"), "--workers", "1", "--corrections", str(path)]
    assert command.main(given) == 0
    path.write_text(HEAD + "x\n", encoding="utf-8")
    assert command.main(given) == 1


def test_no_file_is_no_correction(tmp_path: Path) -> None:
    assert corrections.read(tmp_path / "none.csv") == []
    assert corrections.read(ROOT / "data" / "corrections.csv") == []
