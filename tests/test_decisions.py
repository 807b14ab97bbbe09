"""Decisions are data: a build reads them, a rebuild keeps them, and a row that can't be meant stops it by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from codebook import book, deciding, decisions
from codebook.decisions import Alias, BadDecision, Correction, Decision, Verdict
from codebook.wordings import learn
from loaders import publish
from loaders.__main__ import DONE, FAILED, USAGE, main

ROOT = Path(__file__).resolve().parent.parent
SIGNED = {"reason": "看过原件", "author": "甲", "date": "2026-11-25"}
HOSTILE = "=cmd|' /C calc'!A1\n<script>alert(1)</script> \"引号\", '=2 \t$x$"
TABLE = "proactive.20_6"
NEAR, FAR = "行政处罚措施", "强制执行事项"  # made up: one is near a label of the form, the other is not


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """A build teaches its process labels: the next test starts without them."""
    yield
    learn(())


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A shipped report with two labels of table 20(6) in words that no form knows."""
    text = (ROOT / "data" / "reports" / "001_ae670e83d15f685b.txt").read_text(encoding="utf-8")
    assert "行政处罚" in text
    path = tmp_path / "documents" / "合成.txt"
    path.parent.mkdir()
    path.write_text(text.replace("行政处罚", NEAR), encoding="utf-8")
    return path


def built(document: Path, out: Path, *kept: Path) -> dict[str, list[dict[str, Any]]]:
    """The tables of a build that reads the decisions in `kept`."""
    options = [option for path in kept or [out.parent / "none"] for option in ("--decisions", str(path))]
    (out.parent / "none").mkdir(exist_ok=True)
    assert main(["build", str(document), "--out", str(out), "--workers", "1", "--synthetic", *options]) == DONE
    version = publish.current(out)
    publish.check(version)
    return {path.stem: pq.read_table(path).to_pylist() for path in sorted(version.glob("*.parquet"))}


def label(tables: dict[str, list[dict[str, Any]]], raw: str) -> dict[str, Any]:
    return next(row for row in tables["labels"] if row["label_raw"] == raw and row["scope"] == TABLE)


def status(tables: dict[str, list[dict[str, Any]]]) -> str:
    return next(str(row["status"]) for row in tables["tables"] if row["table"] == TABLE)


def alias(raw: str, key: str) -> Alias:
    return Alias(TABLE, "row", raw, key, **SIGNED)


def test_an_accepted_label_is_an_alias_and_a_rejected_one_is_never_proposed_again(
    document: Path, tmp_path: Path
) -> None:
    kept, out = tmp_path / "decisions", tmp_path / "out"
    before = built(document, out)
    assert (label(before, NEAR)["match"], label(before, NEAR)["code"]) == ("fuzzy", "penalties")
    assert [row["label_raw"] for row in before["sightings"]] == [NEAR]
    seen, text = before["sightings"][0], before["sources"][0]["text"]
    assert text[seen["start"] : seen["end"]] == NEAR

    deciding.append(kept, alias(NEAR, "penalties"))
    for _ in range(2):
        after = built(document, out, kept)
        told = label(after, NEAR)
        assert (told["match"], told["code"], told["decision"]) == ("alias", "penalties", "accepted")
        assert (told["reason"], told["author"], told["date"]) == tuple(SIGNED.values())
        assert (status(after), [row["match"] for row in after["sightings"]]) == ("read", ["alias"])

    deciding.append(kept, alias(NEAR, "-"))
    after = built(document, out, kept)
    told = label(after, NEAR)
    assert (told["match"], told["code"], told["runner_up"], told["decision"]) == ("unmapped", "", "", "rejected")
    assert status(after) == "incomplete"
    assert built(document, out) == before


def test_a_label_that_nothing_is_near_can_be_assigned(document: Path, tmp_path: Path) -> None:
    document.write_text(document.read_text(encoding="utf-8").replace("行政强制", FAR), encoding="utf-8")
    before = built(document, tmp_path / "out")
    assert (label(before, FAR)["match"], status(before)) == ("unmapped", "incomplete")
    assert [row["start"] is None for row in before["sightings"]] == [False]
    path = deciding.append(tmp_path / "decisions", alias(FAR, "compulsory"))
    after = built(document, tmp_path / "out", path)
    assert (label(after, FAR)["match"], status(after)) == ("alias", "read")
    facts = [row for row in after["facts"] if row["table"] == TABLE]
    assert {row["code"] for row in facts} > {"compulsory.decisions"}
    assert FAR in "".join(row["label_raw"] for row in facts)


def test_risky_documents_and_several_processes_know_the_decisions_too(document: Path, tmp_path: Path) -> None:
    """A page is read by a process of its own, started anew."""
    page = document.with_name("合成.html")
    page.write_text(f"<pre>{document.read_text(encoding='utf-8')}</pre>", encoding="utf-8")
    deciding.append(tmp_path / "decisions", alias(NEAR, "penalties"))
    options = ["--out", str(tmp_path / "out"), "--decisions", str(tmp_path / "decisions"), "--workers", "2"]
    assert main(["build", str(document.parent), *options]) == DONE
    learn(())
    rows = pq.read_table(publish.current(tmp_path / "out") / "labels.parquet").to_pylist()
    assert [(row["match"], row["reports"]) for row in rows if row["label_raw"] == NEAR] == [("alias", 2)]


def cell(tables: dict[str, list[dict[str, Any]]], code: str, applicant: str | None = None) -> dict[str, Any]:
    return next(row for row in tables["facts"] if (row["code"], row["applicant"]) == (code, applicant))


def verdict(kind: str, sha: str, told: str, **columns: str) -> Verdict:
    names = ("table", "code", "applicant", "raw", "check_id", "codes")
    return Verdict(kind, sha, **{name: columns.get(name, "") for name in names}, verdict=told, **SIGNED)


def test_verdicts_stand_beside_what_they_are_about_and_outlive_a_rebuild(document: Path, tmp_path: Path) -> None:
    document.write_text(document.read_text(encoding="utf-8").replace("行政强制", FAR), encoding="utf-8")
    kept, out = tmp_path / "decisions", tmp_path / "out"
    before = built(document, out)
    sha = str(before["reports"][0]["source_sha256"])
    refused = next(row for row in before["tables"] if row["reason"])
    finding = next(row for row in before["findings"] if row["check_id"].startswith("PARSE-"))
    first = cell(before, "received", "total")
    about = {"table": "requests", "code": "received", "applicant": "total", "raw": str(first["raw"])}
    given = [
        verdict("cell", sha, "misread", **about),
        verdict("table", sha, "source_error", table=str(refused["table"]), check_id=str(refused["reason"])),
        verdict("finding", sha, "as_printed", **{k: str(finding[k]) for k in ("check_id", "codes")}),
        verdict("cell", sha, "as_printed", **about | {"raw": "别的"}),
        verdict("cell", "0" * 64, "as_printed", **about),
    ]
    for one in given:
        deciding.append(kept, one)
    for _ in range(2):
        after = built(document, out, kept)
        assert [(row["kind"], row["stands"]) for row in after["verdicts"]] == [
            ("cell", True),
            ("table", True),
            ("finding", True),
            ("cell", False),
            ("cell", False),
        ]
        assert all(bool(row["why_not"]) is not row["stands"] for row in after["verdicts"])
        told = cell(after, "received", "total")
        assert (told["verdict"], told["value"], told["raw"]) == ("misread", first["value"], first["raw"])
        assert "误读" in told["doubt"]
        assert [row["verdict"] for row in after["tables"] if row["verdict"]] == ["source_error"]
        assert [row["check_id"] for row in after["findings"] if row["verdict"]] == [finding["check_id"]]

    deciding.append(kept, replace(given[0], verdict="as_printed"))
    after = built(document, out, kept)
    assert cell(after, "received", "total")["verdict"] == "as_printed"
    assert cell(after, "received", "total")["doubt"] == first["doubt"]
    assert [row["stands"] for row in after["verdicts"] if row["raw"] == first["raw"]] == [False, False, True]


def test_a_verdict_does_not_erase_a_doubt(document: Path, tmp_path: Path) -> None:
    text = document.read_text(encoding="utf-8").replace("对外公开总数量", "公开情况一览")
    document.write_text(text, encoding="utf-8")
    before = built(document, tmp_path / "out")
    doubted = next(row for row in before["facts"] if row["doubt"])
    sha = str(before["reports"][0]["source_sha256"])
    about = {name: str(doubted[name] or "") for name in ("table", "code", "applicant", "raw")}
    deciding.append(tmp_path / "decisions", verdict("cell", sha, "as_printed", **about))
    after = built(document, tmp_path / "out", tmp_path / "decisions")
    told = cell(after, str(doubted["code"]), doubted["applicant"])
    assert (told["verdict"], told["doubt"]) == ("as_printed", doubted["doubt"])


def correction(sha: str, raw: str, value: float | None, state: str = "number", **changed: str) -> Correction:
    told = {**SIGNED, **changed}
    return Correction(sha, "requests", "received", "total", raw, state, value, **told)


def test_a_correction_lies_over_the_printed_value(document: Path, tmp_path: Path) -> None:
    kept, out = tmp_path / "decisions", tmp_path / "out"
    before = built(document, out)
    printed = cell(before, "received", "total")
    sha, raw = str(before["reports"][0]["source_sha256"]), str(printed["raw"])
    deciding.append(kept, correction(sha, raw, 12.5))
    deciding.append(kept, correction(sha, raw, None, "blank", reason="第二次看"))
    for _ in range(2):
        after = built(document, out, kept)
        told = cell(after, "received", "total")
        assert {k: told[k] for k in printed if "correct" not in k} == {
            k: v for k, v in printed.items() if "correct" not in k
        }
        corrected = (told["corrected_state"], told["corrected_value"], told["correction"])
        assert corrected == ("blank", None, "第二次看")
        assert [(row["applied"], row["before"], row["after"]) for row in after["corrections"]] == [
            (False, None, 12.5),
            (True, printed["value"], None),
        ]
        assert not [row for row in after["findings"] if row["check_id"].startswith("CORRECTION")]
    assert main(["verify", str(out)]) == DONE


def test_a_correction_of_what_is_not_printed_is_not_applied_and_a_finding(document: Path, tmp_path: Path) -> None:
    sha = str(built(document, tmp_path / "out")["reports"][0]["source_sha256"])
    deciding.append(tmp_path / "decisions", correction(sha, "987654", 1.0))
    deciding.append(tmp_path / "decisions", correction("0" * 64, "1", 1.0))
    after = built(document, tmp_path / "out", tmp_path / "decisions")
    assert cell(after, "received", "total")["correction"] is None
    assert [row["applied"] for row in after["corrections"]] == [False, False]
    assert "987654" in after["corrections"][0]["why_not"]
    (found,) = [row for row in after["findings"] if row["check_id"] == "CORRECTION-UNAPPLIED"]
    assert (found["severity"], found["codes"], found["expected"]) == ("warning", "received@total", "987654")


GIVEN: Sequence[Decision] = (
    Alias(TABLE, "row", HOSTILE, "penalties", HOSTILE, HOSTILE, "2026-11-25"),
    verdict("cell", "a" * 64, "misread", table="requests", code="received", applicant="total", raw=HOSTILE),
    verdict("cell", "a" * 64, "misread", table="requests", code="received", applicant="total", raw="'=1"),
    verdict("finding", "a" * 64, "misread", check_id="APP-BAL", codes="received@total", raw="-5"),
)


@pytest.mark.parametrize("one", GIVEN)
def test_hostile_text_survives_as_text(one: Decision, tmp_path: Path) -> None:
    """What is written is read again, letter by letter; no cell of the file would run in a spreadsheet."""
    deciding.append(tmp_path, one)
    path = deciding.append(tmp_path, one)
    assert decisions.parse(path.read_bytes(), path.name) == [one, one]
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    assert not [text for row in rows for text in row if text[:1] in "=@+|%" and text]


def test_a_value_is_read_as_it_was_written(tmp_path: Path) -> None:
    for value in (0.1, -3.0, 23_580_000.0, 1e-7):
        deciding.append(tmp_path, correction("a" * 64, "x", value))
    found = decisions.read([tmp_path]).corrections
    assert [one.value for one in found] == [0.1, -3.0, 23_580_000.0, 1e-7]


HEADS = {kind.__name__: deciding.text([], kind) for kind in decisions.FILES}
SHA = "a" * 64


@pytest.mark.parametrize(
    ("kind", "row", "why"),
    [
        ("Alias", f"{TABLE},row,某词,no_such,r,a,2026-11-25", "no_such"),
        ("Alias", f"{TABLE},line,某词,penalties,r,a,2026-11-25", "line"),
        ("Alias", "no.table,row,某词,penalties,r,a,2026-11-25", "no.table"),
        ("Alias", f"{TABLE},row,行政强制,penalties,r,a,2026-11-25", "form itself"),
        ("Alias", f"{TABLE},row,行政强制,-,r,a,2026-11-25", "form itself"),
        ("Alias", f"{TABLE},row,某词,penalties,r,a,25.11.2026", "date"),
        ("Alias", f"{TABLE},row,某词,penalties,r,a,2026-02-30", "date"),
        ("Alias", f"{TABLE},row,某词,penalties,,a,2026-11-25", "who"),
        ("Alias", f"{TABLE},row,某词,penalties,r, ,2026-11-25", "who"),
        ("Alias", f"{TABLE},row,某词,penalties,r,a", "6"),
        ("Alias", f"{TABLE},row,某词,penalties,r,a,2026-11-25,x", "8"),
        ("Alias", f'{TABLE},row,"某词"x,penalties,r,a,2026-11-25', "line 2"),
        ("Verdict", f"cell,{SHA},requests,received,total,5,,,good,r,a,2026-11-25", "good"),
        ("Verdict", f"cell,{SHA},requests,no.code,total,5,,,misread,r,a,2026-11-25", "no.code"),
        ("Verdict", f"cell,{SHA},review,received,total,5,,,misread,r,a,2026-11-25", "review"),
        ("Verdict", f"cell,{SHA},requests,received,,5,,,misread,r,a,2026-11-25", "applicant"),
        ("Verdict", "cell,abc,requests,received,total,5,,,misread,r,a,2026-11-25", "SHA-256"),
        ("Verdict", f"table,{SHA},no.table,,,,ROW_CELLS,,misread,r,a,2026-11-25", "no.table"),
        ("Verdict", f"finding,{SHA},,,,,not an id,,misread,r,a,2026-11-25", "finding"),
        ("Verdict", f"page,{SHA},,,,,APP-BAL,,misread,r,a,2026-11-25", "page"),
        ("Correction", f"{SHA},requests,received,total,5,number,,r,a,2026-11-25", "value"),
        ("Correction", f"{SHA},requests,received,total,5,number,nan,r,a,2026-11-25", "value"),
        ("Correction", f"{SHA},requests,received,total,5,number,many,r,a,2026-11-25", "many"),
        ("Correction", f"{SHA},requests,received,total,5,blank,3,r,a,2026-11-25", "value"),
        ("Correction", f"{SHA},requests,received,total,5,zero,0,r,a,2026-11-25", "zero"),
        ("Correction", f"{SHA},requests,no.code,total,5,number,3,r,a,2026-11-25", "no.code"),
    ],
)
def test_a_row_that_cannot_be_meant_names_file_and_line(
    kind: str, row: str, why: str, tmp_path: Path, document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "自拟.csv"
    path.write_text(f"{HEADS[kind]}{row}\n", encoding="utf-8")
    with pytest.raises(BadDecision, match=why) as caught:
        decisions.read([path])
    assert "自拟.csv" in str(caught.value)
    assert "line 2" in str(caught.value)
    assert main(["build", str(document), "--out", str(tmp_path / "out"), "--decisions", str(path)]) == FAILED
    assert "自拟.csv" in capsys.readouterr().err
    assert not (tmp_path / "out" / "CURRENT").exists()


def test_line_of_a_row_below_one_of_several_lines(tmp_path: Path) -> None:
    path = deciding.append(tmp_path, replace(alias("某词", "penalties"), reason="一\n二\n三"))
    path.write_bytes(path.read_bytes() + b"proactive.20_6,row\n")
    with pytest.raises(BadDecision, match="line 5"):
        decisions.read([tmp_path])


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe", "表,行\n".encode()])
def test_a_file_of_something_else_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(BadDecision, match=r"x\.csv"):
        decisions.read([tmp_path])


def test_a_place_that_is_named_and_not_there_is_an_error(document: Path, tmp_path: Path) -> None:
    wrong = ["--decisions", str(tmp_path / "nowhere")]
    assert main(["build", str(document), "--out", str(tmp_path / "out"), *wrong]) == USAGE


def test_a_file_may_come_back_from_a_spreadsheet(tmp_path: Path) -> None:
    """With a byte-order mark, other line ends and the columns in another order."""
    columns = {"date": "2026-11-25", "author": "a", "reason": "r", "key": "-", "alias": "某词", "axis": "row"}
    text = ",".join([*columns, "table"]) + "\r\n" + ",".join([*columns.values(), TABLE]) + "\r\n"
    (tmp_path / "x.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert decisions.read([tmp_path]).aliases == (Alias(TABLE, "row", "某词", "-", "r", "a", "2026-11-25"),)


def test_the_later_date_counts_whatever_the_file(document: Path, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    later, earlier = replace(alias(NEAR, "penalties"), date="2026-11-26"), alias(NEAR, "-")
    (tmp_path / "d" / "a.csv").write_text(deciding.text([later], Alias), encoding="utf-8")
    (tmp_path / "d" / "b.csv").write_text(deciding.text([earlier], Alias), encoding="utf-8")
    assert label(built(document, tmp_path / "out", tmp_path / "d"), NEAR)["match"] == "alias"


def test_nothing_is_added_to_a_bad_file(tmp_path: Path) -> None:
    path = deciding.append(tmp_path, alias("某词", "penalties"))
    path.write_bytes(path.read_bytes() + b"half a row\n")
    before = path.read_bytes()
    with pytest.raises(BadDecision, match="line 3"):
        deciding.append(tmp_path, alias("又一词", "penalties"))
    with pytest.raises(BadDecision, match="no_such"):
        deciding.append(tmp_path / "other", alias("又一词", "no_such"))
    assert path.read_bytes() == before
    assert not (tmp_path / "other" / "aliases.csv").exists()


def write_many(folder: Path, author: str, rows: int) -> None:
    for n in range(rows):
        deciding.append(folder, Alias(TABLE, "row", f"某词{author}{n}", "penalties", "r", author, "2026-11-25"))


def test_two_writers_at_once_lose_no_row(tmp_path: Path) -> None:
    context = get_context("spawn")
    writers = [context.Process(target=write_many, args=(tmp_path, author, 25)) for author in "甲乙"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    found = decisions.read([tmp_path]).aliases
    assert sorted(one.alias for one in found) == sorted(f"某词{author}{n}" for author in "甲乙" for n in range(25))


def test_decisions_name_the_version_and_the_same_ones_give_the_same_bytes(document: Path, tmp_path: Path) -> None:
    built(document, tmp_path / "a")
    plain = publish.current(tmp_path / "a")
    deciding.append(tmp_path / "d", alias("某词", "penalties"))
    built(document, tmp_path / "a", tmp_path / "d")
    decided = publish.current(tmp_path / "a")
    assert publish.check(decided)["decisions_version"]
    assert not publish.check(plain)["decisions_version"]
    built(document, tmp_path / "b", tmp_path / "d")
    assert publish.current(tmp_path / "b").name == decided.name


def test_the_codebook_s_own_wordings_are_decisions_too() -> None:
    path = ROOT / "codebook" / "aliases.csv"
    found = decisions.parse(path.read_bytes(), path.name, signed=False)
    assert len(found) == len(book().aliases)
    assert all(one.reason for one in found)
