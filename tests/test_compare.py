"""Two versions are compared cell by cell: what moved is told by kind, in words and in full; nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders import publish
from loaders.__main__ import main
from loaders.compare import stored
from loaders.compare.difference import Change, Moved, difference
from loaders.compare.words import summary
from loaders.errors import Damaged
from loaders.schema import SCHEMAS
from tests import made

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.publish(tmp_path_factory.mktemp("old"))


def rows_of(folder: Path) -> Rows:
    return {name: pq.read_table(publish.current(folder) / f"{name}.parquet").to_pylist() for name in SCHEMAS}


def changed(old: Path, folder: Path, change: Callable[[Rows], object]) -> Path:
    """The old data with a change, published under `folder`."""
    rows = rows_of(old)
    change(rows)
    return made.write(folder, "versions/made2", rows)


def fact(rows: Rows, report: str, code: str, applicant: str | None = None) -> dict[str, Any]:
    key = (report, code, applicant)
    return next(row for row in rows["facts"] if (row["report_id"], row["code"], row["applicant"]) == key)


def to_ten_thousand(rows: Rows) -> None:
    for report in ("r1", "r2", "r4"):
        fact(rows, report, "procurement.amount")["value"] *= 10_000


def to_the_other_file(rows: Rows) -> None:
    """r6 comes with other bytes: another id everywhere."""
    for name in ("reports", "tables", "facts", "findings"):
        for row in rows[name]:
            if row["report_id"] == "r6":
                row["report_id"] = "r7"
    rows["reports"][-1]["source_sha256"] = "7" * 64
    fact(rows, "r7", "received", "person")["value"] = 1.0


def without_r5(rows: Rows) -> None:
    for name in ("reports", "tables", "facts", "findings"):
        rows[name] = [row for row in rows[name] if row["report_id"] != "r5"]


CHANGES: dict[str, tuple[Callable[[Rows], object], list[str], str]] = {
    "amounts": (
        to_ten_thousand,
        ["fact changed"] * 3,
        "3 处政府集中采购·采购总金额由元改读为万元 · 3 × centralised procurement, amount moved from 元 to 万元",
    ),
    "value": (
        lambda rows: fact(rows, "r4", "granted", "person").update(value=31.0),
        ["fact changed"],
        "1 个数值改变：(一)予以公开 · 1 facts with another value: granted",
    ),
    "state": (
        lambda rows: fact(rows, "r1", "granted", "total").update(state="blank", value=None),
        ["fact changed"],
        "1 个值的状态由数字改为空白：(一)予以公开 · 1 facts with state from number to blank: granted",
    ),
    "text": (
        lambda rows: fact(rows, "r4", "normative.public_total").update(raw="若干件"),
        ["fact changed"],
        "1 个原样改变：规范性文件·对外公开总数量 · 1 facts with another raw: normative documents, total public",
    ),
    "unit found": (
        lambda rows: fact(rows, "r5", "procurement.amount").update(value=80_400_000.0, unit_source="prose"),
        ["fact changed"],
        "1 个值的单位的来源由单位未定改为正文写明：政府集中采购·采购总金额 · "
        "1 facts with unit source from unit unknown to stated in the text: centralised procurement, amount",
    ),
    "doubt": (
        lambda rows: fact(rows, "r1", "normative.made").update(doubt="相邻单元格不清"),
        ["fact changed"],
        "1 个值存疑：规范性文件·本年新制作数量 · 1 facts doubted: normative documents, newly made this year",
    ),
    "no doubt": (
        lambda rows: fact(rows, "r4", "procurement.amount").update(doubt=None),
        ["fact changed"],
        "1 个值不再存疑：政府集中采购·采购总金额 · 1 facts no longer doubted: centralised procurement, amount",
    ),
    "match": (
        lambda rows: fact(rows, "r1", "normative.made").update(match="fuzzy"),
        ["fact changed"],
        "1 个值的标题的认定由逐字相同改为近似：规范性文件·本年新制作数量 · "
        "1 facts with label match from exact to fuzzy: normative documents, newly made this year",
    ),
    "fact gone": (
        lambda rows: rows["facts"].remove(fact(rows, "r1", "narrative.disclosed_total")),
        ["fact gone"],
        "少了 1 个值：主动公开信息总数 · 1 facts gone: items of information proactively disclosed, all channels",
    ),
    "told twice": (
        lambda rows: rows["facts"].append(fact(rows, "r6", "normative.issued") | {"value": 4.0}),
        ["fact added"],
        "新增 1 个值：行政规范性文件·本年制发件数 · 1 facts added: normative documents, issued this year",
    ),
    "scope": (
        lambda rows: rows["reports"][0].update(agency_scope="consolidated"),
        ["report changed"],
        "1 份报告的统计范围改变 · 1 reports with another scope",
    ),
    "zone": (
        lambda rows: rows["reports"][0].update(zone="某开发区"),
        ["report changed"],
        "1 份报告的地区改变 · 1 reports with another region",
    ),
    "check": (
        lambda rows: rows["checks"].append({"report_id": "r1", "check_id": "APP-ROW", "passed": 3}),
        ["check added"],
        "1 份报告的规则 APP-ROW 结果改变 · 1 reports with another result of rule APP-ROW",
    ),
    "suggestion": (
        lambda rows: rows["suggestions"].append(
            {"report_id": "r1", "table": "requests", "part": 1, "set_no": 1, "code": "granted", "suggested": 3.0}
        ),
        ["suggestion added"],
        "1 格建议的改动改变 · 1 cells with another suggestion",
    ),
    "copy": (
        lambda rows: rows["copies"].append({"report_id": "r1", "prose_previous": 0.5}),
        ["copy added"],
        "1 份报告与他处相同的文字或表改变 · 1 reports that share other wording or tables",
    ),
    "table": (
        lambda rows: next(t for t in rows["tables"] if (t["report_id"], t["table"]) == ("r1", "requests")).update(
            status="incomplete", reason="ROW_CELLS"
        ),
        ["table changed"],
        "1 张表由已读改为不完整（未采用）（ROW_CELLS）：收到和处理政府信息公开申请情况 · "
        "1 tables from read to incomplete (refused) (ROW_CELLS): requests received and handled",
    ),
    "agency": (
        lambda rows: rows["reports"][0].update(agency="甲县教育和体育局", agency_id="1" * 8, report_year=2018),
        ["report changed"],
        "1 份报告的年度改变 · 1 reports with another year",
    ),
    "finding": (
        lambda rows: rows["findings"][0].update(actual="62"),
        ["finding gone", "finding added"],
        "1 条 APP-BAL 消失 · 1 findings APP-BAL gone",
    ),
    "refusal": (
        lambda rows: rows["quarantine"].clear(),
        ["refusal gone"],
        "拒读文件消失 1 份：EMPTY · 1 documents refused, gone: EMPTY",
    ),
    "report gone": (
        without_r5,
        ["report gone"],
        "少了报告 1 份（5 个值） · 1 reports gone (5 facts)",
    ),
    "other bytes": (
        to_the_other_file,
        ["report changed", "fact changed"],
        "1 份报告的文件内容改变 · 1 reports with another document",
    ),
}


@pytest.mark.parametrize(("change", "kinds", "told"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_told(
    change: Callable[[Rows], object], kinds: list[str], told: str, old: Path, tmp_path: Path
) -> None:
    found = difference(old, changed(old, tmp_path, change))
    assert [one.kind for one in found] == kinds
    assert told in summary(found)


def test_back_and_forth_say_the_same(old: Path, tmp_path: Path) -> None:
    new = changed(old, tmp_path, to_ten_thousand)
    there, back = difference(old, new), difference(new, old)
    assert [(one.moved[0].old, one.moved[0].new) for one in there] == [
        (one.moved[0].new, one.moved[0].old) for one in back
    ]
    assert "moved from 万元 to 元" in summary(back)[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: None,
        lambda rows: fact(rows, "r1", "normative.made").update(raw=" 3", place="elsewhere", start=1, end=2, score=99.0),
        lambda rows: rows["tables"][0].update(detail="ours", audit="agrees"),
        lambda rows: rows["reports"].reverse(),
        lambda rows: rows["facts"].sort(key=lambda row: (row["report_id"], row["code"])),
        lambda rows: rows["facts"].sort(key=lambda row: row["report_id"], reverse=True),
    ],
    ids=["nothing", "not compared", "audit", "order of reports", "order of facts", "order of reports' facts"],
)
def test_what_is_the_same_is_not_told(change: Callable[[Rows], object], old: Path, tmp_path: Path) -> None:
    assert difference(old, changed(old, tmp_path, change)) == []


def test_rows_of_a_report_that_stand_apart_are_refused(old: Path, tmp_path: Path) -> None:
    new = changed(old, tmp_path, lambda rows: rows["facts"].append(rows["facts"].pop(0)))
    with pytest.raises(Damaged, match="stand together"):
        difference(old, new)


def test_small_batches_give_the_same(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = changed(old, tmp_path, to_ten_thousand)
    found = difference(old, new)
    monkeypatch.setattr(stored, "BATCH", 3)
    assert difference(old, new) == found


def test_a_column_that_an_older_version_lacks_is_empty_there(old: Path, tmp_path: Path) -> None:
    folder = changed(old, tmp_path, lambda rows: None) / "versions/made2"
    (folder / "manifest.json").unlink()
    facts = pq.read_table(folder / "facts.parquet")
    pq.write_table(facts.drop_columns(["doubt"]), folder / "facts.parquet")
    (found,) = difference(folder, old)
    assert found == Change(
        "fact changed",
        "r4",
        "r4.txt",
        "proactive.20_9",
        "procurement.amount",
        "",
        (Moved("doubt", None, "疑为全区数字"),),
    )


def test_exit_status_and_json(old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = changed(old, tmp_path / "new", to_ten_thousand)
    assert main(["diff", str(old), str(old)]) == 0
    assert "equal" in capsys.readouterr().out
    assert main(["diff", str(old), str(new)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith("fact changed · r")]) == 3
    assert main(["diff", str(old), str(new / "versions/made2"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["equal"] is False
    assert told["changes"][0]["moved"] == {"value": [23_580_000.0, 235_800_000_000.0]}
    assert main(["diff", str(old), str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_damaged_version_is_trouble_and_no_difference(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = changed(old, tmp_path, lambda rows: None)
    path = new / "versions/made2/facts.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    assert main(["diff", str(old), str(new)]) == 2
    assert "facts.parquet" in capsys.readouterr().err


def test_a_version_against_nothing(old: Path, tmp_path: Path) -> None:
    empty = made.write(tmp_path, "versions/none", {name: [] for name in SCHEMAS})
    found = difference(empty, old)
    assert sum(one.facts for one in found) == len(rows_of(old)["facts"])
    assert {one.kind for one in found} == {"report added", "refusal added"}
    assert pa.types.is_string(pq.read_schema(publish.current(empty) / "facts.parquet").field("raw").type)


def test_what_older_versions_lack_is_no_difference(old: Path, tmp_path: Path) -> None:
    """Neither tables nor columns of reports that came later; what both have is compared all the same."""
    new = changed(old, tmp_path / "new", lambda rows: rows["reports"][0].update(zone="某开发区", status="blank"))
    older = tmp_path / "old"
    older.mkdir()
    for name in stored.COMPARED:
        table = pq.read_table(publish.current(old) / f"{name}.parquet")
        later = [one for one in ("zone", "agency_scope", "agency_lineage") if one in table.column_names]
        pq.write_table(table.drop_columns(later), older / f"{name}.parquet")
    (change,) = difference(older, new)
    assert [one.field for one in change.moved] == ["status"]
