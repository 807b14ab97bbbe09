"""Verdicts and corrections made on a page are in the next build and outlive the one after; findings lead to cells."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from codebook import deciding, decisions
from codebook.decisions import Correction, Verdict
from dashboard import data as published
from dashboard import queries
from dashboard.take.long import long
from dashboard.take.wide import wide
from tests.boxes import tables
from tests.desk import (
    ODD,
    Place,
    choose_subject,
    correct,
    figure,
    judge,
    said,
    visit,
)


def test_verdicts_of_every_kind_are_in_the_next_build_and_outlive_the_one_after(place: Place) -> None:
    place.document.write_text(place.document.read_text(encoding="utf-8").replace("行政强制", ODD), encoding="utf-8")
    before = place.build()
    doubts = [row for row in before["facts"] if row["doubt"]]
    assert doubts
    for queue, words in (("doubts", "规范性文件"), ("refused", "行政处罚"), ("findings", "表未采用")):
        app = choose_subject(visit("evidence/findings", queue=queue), words)
        app = judge(app, {"doubts": "as_printed", "refused": "source_error", "findings": "misread"}[queue])
        assert "下次构建" in said(app)
    after, told = before, list[dict[str, Any]]()
    for _ in range(2):
        after = place.build()
        assert [(row["kind"], row["verdict"], row["stands"]) for row in after["verdicts"]] == [
            ("cell", "as_printed", True),
            ("table", "source_error", True),
            ("finding", "misread", True),
        ]
        told = [row for row in after["facts"] if row["verdict"]]
        assert [row["verdict"] for row in told] == ["as_printed"]
        assert told[0]["doubt"] in {row["doubt"] for row in doubts}
    # Beside the cell, and out of the queue.
    report = str(after["reports"][0]["report_id"])
    app = visit("evidence/report", report=report, code=str(told[0]["code"]))
    shown = "".join(str(one.proto.body) for one in app.get("html"))
    assert "原件如此：对过扫描件（乙，" in shown
    app = visit("evidence/findings", queue="doubts", show="decided")
    assert any("原件如此" in set(one.get("人工裁定", [])) for one in tables(app))


def test_a_cell_found_printed_so_is_counted_and_keeps_its_doubt(place: Place) -> None:
    place.build()
    judge(choose_subject(visit("evidence/findings"), "规范性文件"), "as_printed")
    code = decisions.read([place.kept]).verdicts[0].code
    counts = []
    for _ in range(2):
        data = published.read(place.out / published.current(place.out))
        rows = queries.cells(data, data.reports, [(code, "")])
        assert rows["doubt"].notna().all()
        counts.append(int(queries.counted(rows, False).sum()))
        place.build()
    assert counts == [0, 1]


def test_a_correction_made_on_the_page_is_a_switch_of_the_figures_and_stands_in_every_file(place: Place) -> None:
    before = place.build()
    report = str(before["reports"][0]["report_id"])
    cell = next(row for row in before["facts"] if (row["code"], row["applicant"]) == ("received", "total"))
    app = visit("evidence/report", report=report, code="received", applicant="total")
    assert "下次构建" in said(correct(app, "number", "1,234"))
    (told,) = decisions.read([place.kept]).corrections
    assert (told.raw, told.value, told.author) == (cell["raw"], 1234.0, "丙")
    for _ in range(2):
        after = place.build()
        assert [(row["applied"], row["before"], row["after"]) for row in after["corrections"]] == [
            (True, cell["value"], 1234.0)
        ]
    printed, amended = visit("figures/outcomes"), visit("figures/outcomes", corrections="1")
    assert figure(printed)[0] == [cell["value"]]
    assert figure(amended)[0] == [1234.0]
    assert "其中更正 1 格" in said(amended)
    assert "corrections=1" in amended.code[0].value
    assert "corrections=0" in printed.code[0].value
    assert amended.toggle(key="corrections").value is True

    data = published.read(place.out / published.current(place.out))
    table = long(data, data.reports, missing=False).whole().to_dict("records")
    row = next(one for one in table if (one["code"], one["applicant"]) == ("received", "total"))
    assert (row["value"], row["corrected_value"], row["correction"]) == (cell["value"], 1234.0, "表格错行")
    one = wide(data, data.reports).whole().iloc[0]
    assert (one["received"], one["received__corrected"]) == (cell["value"], 1234.0)
    assert (one["received__corrected__state"], one["received__correction"]) == ("number", "表格错行")
    for app in (printed, amended):
        cells = next(one for one in tables(app) if "更正值" in one)
        line = cells[cells["更正值"].notna()]
        assert list(line["更正值"]) == ["1,234"]
        assert list(line["数值"]) == [cell["value"]]
        assert list(line["更正理由"]) == ["表格错行"]


def test_a_corrected_amount_is_yuan_and_a_cell_corrected_to_blank_has_no_value(place: Place) -> None:
    before = place.build()
    sha = str(before["reports"][0]["source_sha256"])
    signed = {"reason": "r", "author": "a", "date": "2026-11-25"}
    for code, state, value in (("procurement.amount", "number", 5e6), ("procurement.projects", "blank", None)):
        raw = next(str(row["raw"]) for row in before["facts"] if row["code"] == code)
        deciding.append(place.kept, Correction(sha, "proactive.20_9", code, "", raw, state, value, **signed))
    place.build()
    data = published.read(place.out / published.current(place.out))
    rows = queries.cells(data, data.reports, queries.items("procurement.*"), corrected=True)
    told = {row["code"]: row for row in queries.graded(rows).to_dict("records")}
    amount, projects = told["procurement.amount"], told["procurement.projects"]
    assert (amount["value"], amount["unit_source"], amount["part"]) == (5e6, queries.CORRECTED, "printed")
    assert projects["state"] == "blank"
    assert pd.isna(projects["value"])
    assert set(rows.loc[queries.counted(rows, False), "code"]) == {"procurement.amount"}


def test_a_finding_is_one_click_from_its_cells(place: Place) -> None:
    text = place.document.read_text(encoding="utf-8")
    before = place.build()
    cell = next(r for r in before["facts"] if (r["code"], r["applicant"]) == ("received", "total"))
    start = int(cell["start"])
    decoded = str(before["sources"][0]["text"])
    assert decoded in text or len(decoded) == len(text)
    place.document.write_text(decoded[:start] + "99" + decoded[int(cell["end"]) :], encoding="utf-8")
    place.build()
    app = visit("evidence/findings", severity="error")
    (table,) = [one for one in tables(app) if "检查" in one and "内容" in one]
    links = list(table["原文"])
    assert links
    assert all("report=" in link for link in links)
    assert any("code=received" in link and "applicant=total" in link for link in links)
    assert {"错误"} == set(table["程度"])


@pytest.mark.parametrize("by", ["rule", "year", "agency"])
def test_findings_by_group_count_each_finding_once(place: Place, by: str) -> None:
    found = place.build()["findings"]
    app = visit("evidence/findings", by=by)
    shown = tables(app)
    counted = [one for one in shown if "涉及报告" in one]
    assert counted[0]["发现"].sum() == len(found)
    spread = next(one for one in shown if "发现条数" in one)
    assert spread["报告"].sum() == 1
    assert spread.set_index("发现条数")["报告"].to_dict()[str(len(found)) if len(found) < 3 else "3-5"] == 1


def test_verdict_on_another_reading_does_not_pass_over(place: Place) -> None:
    before = place.build()
    sha = str(before["reports"][0]["source_sha256"])
    about = {"table": "requests", "code": "received", "applicant": "total", "raw": "不是它"}
    told = Verdict(
        "cell", sha, **about, check_id="", codes="", verdict="misread", reason="r", author="a", date="2026-11-25"
    )
    deciding.append(place.kept, told)
    after = place.build()
    assert [row["verdict"] for row in after["facts"] if row["verdict"]] == []
    assert "不是它" in after["verdicts"][0]["why_not"]
