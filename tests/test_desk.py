"""A decision made on a page is in the next build, and a rebuild keeps it; nobody's text becomes anything but text."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from codebook import deciding, decisions
from codebook.decisions import FILES, Alias, Correction, Verdict
from codebook.wordings import learn
from dashboard import data as published
from dashboard import downloads, queries
from loaders.__main__ import DONE, main

ROOT = Path(__file__).resolve().parent.parent
TABLE, NEAR = "proactive.20_6", "行政处罚措施"
HOSTILE = "=cmd|' /C calc'!A1 <script>alert(1)</script> **粗** $x$ ~~s~~ [a](javascript:alert(1)) \"引号\"\n第二行"
ODD = "强制<b>执行</b>**$x$"  # a label that no form has, with marks that mean something elsewhere


class Place:
    """A document, its data and its decisions; `build` reads the document anew."""

    def __init__(self, folder: Path) -> None:
        self.document, self.out, self.kept = folder / "合成.txt", folder / "out", folder / "decisions"
        text = (ROOT / "data" / "reports" / "004_402b3c2303c427b2.txt").read_text(encoding="utf-8")
        # Two labels in words that no form knows, and a header that is read by its place, with a doubt.
        text = text.replace("行政处罚", NEAR).replace("对外公开总数量", "公开情况一览")
        self.document.write_text(text, encoding="utf-8")

    def build(self, *kept: Path) -> dict[str, list[dict[str, Any]]]:
        paths = kept or ((self.kept,) if self.kept.exists() else ())
        options = [option for path in paths for option in ("--decisions", str(path))]
        arguments = [str(self.document), "--out", str(self.out), "--workers", "1", "--synthetic", *options]
        assert main(["build", *arguments]) == DONE
        version = self.out / (self.out / "CURRENT").read_text(encoding="utf-8").strip()
        return {path.stem: pq.read_table(path).to_pylist() for path in version.glob("*.parquet")}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    one = Place(tmp_path)
    monkeypatch.setenv("OGI_DATA", str(one.out))
    monkeypatch.setenv("OGI_DECISIONS", str(one.kept))
    monkeypatch.setenv("OGI_DESK", "1")
    yield one
    learn(())


def visit(page: str, **params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in params.items():
        app.query_params[key] = value
    app.switch_page(f"pages/{page}.py").run()
    assert [error.value for error in app.exception] == []
    return app


def keyed(app: AppTest, kind: str, end: str) -> Any:
    """The first element of a kind whose key ends so."""
    return next(one for one in app.get(kind) if one.key and one.key.endswith(end))


def choices(app: AppTest) -> str:
    """What the segmented controls of the page offer."""
    return str([getattr(one, "options", "") for one in app.get("button_group")])


def sign(app: AppTest, form: str, author: str, reason: str, button: str) -> AppTest:
    """Type who and why into a form, and send it."""
    at = next(one.key for one in app.text_input if one.key and one.key.startswith(form) and one.key.endswith(".author"))
    app.text_input(key=at).set_value(author)
    app.text_area(key=at.removesuffix("author") + "reason").set_value(reason)
    next(one for one in app.button if one.label == button).click()
    app.run()
    assert [error.value for error in app.exception] == []
    return app


def said(app: AppTest) -> str:
    return "\n".join(
        str(one.value) for kind in (app.success, app.warning, app.info, app.error, app.caption) for one in kind
    )


def set_as_markdown(app: AppTest) -> str:
    """All that the page sets as Markdown or HTML of its own."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.success, app.error)
    told = [str(one.value) for kind in kinds for one in kind]
    told += [str(one.label) for kind in (app.radio, app.button, app.text_input, app.expander) for one in kind]
    return "\n".join(told) + "".join(str(one.proto.captions) for one in app.radio)


def label(tables: dict[str, list[dict[str, Any]]], raw: str) -> dict[str, Any]:
    return next(row for row in tables["labels"] if row["label_raw"] == raw and row["scope"] == TABLE)


def decide_label(app: AppTest, raw: str, action: str, key: str = "") -> AppTest:
    chooser = app.selectbox(key="labels.id")
    wanted = next(n for n, text in enumerate(chooser.options) if text.startswith(raw))
    chooser.select_index(wanted).run()
    keyed(app, "radio", ".action").set_value(action)
    if key:
        keyed(app, "selectbox", ".key").set_value(key)
    return sign(app, "labels.", "甲", "看过原件", "记下决定")


@pytest.mark.parametrize(
    ("action", "key", "match", "code"),
    [
        ("accept", "", "alias", "penalties"),
        ("reject", "", "unmapped", ""),
        ("assign", "penalties", "alias", "penalties"),
    ],
)
def test_a_label_decided_on_the_page_is_so_in_the_next_build(
    place: Place, action: str, key: str, match: str, code: str
) -> None:
    assert label(place.build(), NEAR)["match"] == "fuzzy"
    app = decide_label(visit("evidence/labels"), NEAR, action, key)
    assert "下次构建" in said(app)
    assert "已审定 1" in choices(app)
    (told,) = decisions.read([place.kept]).aliases
    assert (told.table, told.axis, told.alias, told.author, told.reason) == (TABLE, "row", NEAR, "甲", "看过原件")
    for _ in range(2):
        row = label(place.build(), NEAR)
        assert (row["match"], row["code"], row["author"]) == (match, code, "甲")
    app = visit("evidence/labels", show="decided")
    (table,) = [frame.value for frame in app.dataframe if "决定" in frame.value]
    assert len(table) == 1
    assert "下次构建" not in str(table["决定"].iloc[0])


def choose_subject(app: AppTest, words: str) -> AppTest:
    chooser = app.selectbox(key="queue.id")
    chooser.select_index(next(n for n, text in enumerate(chooser.options) if words in text))
    return app.run()


def judge(app: AppTest, verdict: str, reason: str = "对过扫描件") -> AppTest:
    keyed(app, "radio", ".verdict").set_value(verdict)
    return sign(app, "verdict.", "乙", reason, "记下裁定")


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
    assert any("原件如此" in set(frame.value.get("人工裁定", [])) for frame in app.dataframe)


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


def correct(app: AppTest, state: str, value: str, reason: str = "表格错行") -> AppTest:
    keyed(app, "selectbox", ".state").set_value(state)
    keyed(app, "text_input", ".value").set_value(value)
    return sign(app, "correct.", "丙", reason, "记下更正")


def figure(app: AppTest) -> list[Any]:
    return [trace["y"] for trace in json.loads(app.get("plotly_chart")[0].proto.spec)["data"]]


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
    long = downloads.facts(data, data.reports).to_dict("records")
    row = next(one for one in long if (one["code"], one["applicant"]) == ("received", "total"))
    assert (row["value"], row["corrected_value"], row["correction"]) == (cell["value"], 1234.0, "表格错行")
    wide = downloads.panel(data, data.reports).iloc[0]
    assert (wide["received"], wide["received__corrected"]) == (cell["value"], 1234.0)
    assert wide["received__correction"] == "表格错行"
    for app in (printed, amended):
        app.session_state["outcomes-flow.rows"] = True
        (cells,) = [f.value for f in app.run().dataframe if "更正值" in f.value]
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


def test_what_cannot_be_meant_is_told_and_not_written(place: Place) -> None:
    report = str(place.build()["reports"][0]["report_id"])
    app = visit("evidence/report", report=report, code="received", applicant="total")
    assert "不成立" in said(correct(app, "blank", "3"))
    assert "不成立" in said(correct(app, "number", "**多**"))
    assert "**多**" not in set_as_markdown(app)
    assert "决定人和理由" in said(correct(app, "number", "3", reason=" "))
    assert "先选一种" in said(sign(app, "verdict.", "甲", "理由", "记下裁定"))
    assert not place.kept.exists()


def test_hostile_text_is_text_on_the_page_in_the_file_and_in_the_data(place: Place) -> None:
    place.document.write_text(place.document.read_text(encoding="utf-8").replace("行政强制", ODD), encoding="utf-8")
    assert label(place.build(), ODD)["match"] == "unmapped"
    app = visit("evidence/labels")
    chooser = app.selectbox(key="labels.id")
    chooser.select_index(next(n for n, text in enumerate(chooser.options) if text.startswith(ODD))).run()
    assert ODD not in set_as_markdown(app)
    shown = "".join(str(one.proto.body) for one in app.get("html"))
    assert "<b>执行" not in shown
    assert "&lt;b&gt;执行" in shown
    keyed(app, "radio", ".action").set_value("assign")
    keyed(app, "selectbox", ".key").set_value("compulsory")
    app = sign(app, "labels.", HOSTILE.replace("\n", " ")[:60], HOSTILE, "记下决定")
    row = label(place.build(), ODD)
    assert (row["match"], row["code"], row["reason"]) == ("alias", "compulsory", HOSTILE)
    report = str(place.build()["reports"][0]["report_id"])

    app = judge(visit("evidence/report", report=report, code="received", applicant="total"), "misread", HOSTILE)
    assert place.build()["verdicts"][0]["reason"] == HOSTILE
    again = visit("evidence/report", report=report, code="received", applicant="total")
    for one in (
        app,
        again,
        visit("evidence/labels", show="all"),
        visit("evidence/findings", queue="doubts", show="all"),
    ):
        assert "alert(1)" not in set_as_markdown(one)
        assert "<script" not in "".join(str(html.proto.body) for html in one.get("html"))
    assert any(HOSTILE in text.value for text in again.text)


@pytest.mark.parametrize("mode", ["", "yes"])
def test_a_page_writes_nothing_unless_it_may(place: Place, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setenv("OGI_DESK", mode)
    place.build()
    app = decide_label(visit("evidence/labels"), NEAR, "accept")
    assert "只读" in said(app)
    assert not place.kept.exists()
    assert [one.proto.label for one in app.get("download_button") if "aliases" in one.proto.label] == [
        "aliases.csv (1)"
    ]
    taken(app, place.kept.parent)
    assert label(place.build(place.kept.parent / "aliases.csv"), NEAR)["match"] == "alias"
    assert "待审定 1" in choices(app)


def taken(app: AppTest, folder: Path) -> None:
    """The file that the page hands out, as somebody saves it."""
    rows = app.session_state["decide.basket"]
    (folder / "aliases.csv").write_text("\ufeff" + deciding.text(rows, Alias), encoding="utf-8")


@pytest.mark.parametrize("how", ["no folder", "read-only"])
def test_a_folder_that_cannot_be_written_gives_the_file_instead(
    place: Place, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    place.build()
    if how == "no folder":
        place.kept.write_text("a file where the folder should be", encoding="utf-8")
        monkeypatch.setenv("OGI_DECISIONS", str(place.kept / "inside"))
    else:
        place.kept.mkdir()

        def refuse(path: Path, content: bytes) -> None:
            raise OSError(errno.EROFS, "Read-only file system", str(path))

        monkeypatch.setattr("codebook.deciding._replace", refuse)  # root may write where a mode forbids it
    app = decide_label(visit("evidence/labels"), NEAR, "accept")
    assert "不可写" in said(app)
    taken(app, place.document.parent)
    assert label(place.build(place.document.parent / "aliases.csv"), NEAR)["match"] == "alias"


def test_a_bad_file_is_told_and_nothing_is_added_to_it(place: Place) -> None:
    place.build()
    place.kept.mkdir()
    (place.kept / FILES[Alias]).write_text("nonsense **x**\n1\n", encoding="utf-8")
    app = decide_label(visit("evidence/labels"), NEAR, "accept")
    assert "读不通" in said(app)
    assert any("aliases.csv" in text.value for text in app.text)
    assert (place.kept / FILES[Alias]).read_text(encoding="utf-8") == "nonsense **x**\n1\n"


def test_wordings_can_go_into_the_codebook_itself(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    own = place.document.parent / "codebook"
    own.mkdir()
    (own / "aliases.csv").write_bytes((ROOT / "codebook" / "aliases.csv").read_bytes())
    monkeypatch.setenv("OGI_DESK", "codebook")
    monkeypatch.setattr("dashboard.deciding.CODEBOOK", own)
    monkeypatch.setattr("codebook.deciding.CODEBOOK", own)
    place.build()
    before = (own / "aliases.csv").read_text(encoding="utf-8")
    app = decide_label(visit("evidence/labels"), NEAR, "accept")
    after = (own / "aliases.csv").read_text(encoding="utf-8")
    assert after.startswith(before)
    assert after.removeprefix(before).startswith(f"{TABLE},row,{NEAR},penalties,看过原件,甲,")
    assert "已审定 1" in choices(app)
    assert not place.kept.exists()


def test_two_visitors_at_once_lose_no_decision(place: Place) -> None:
    def one(n: int) -> None:
        deciding.append(place.kept, Alias(TABLE, "row", f"某词{n}", "penalties", "r", "a", "2026-11-25"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(40)))
    assert sorted(a.alias for a in decisions.read([place.kept]).aliases) == sorted(f"某词{n}" for n in range(40))


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
    (table,) = [f.value for f in app.dataframe if "检查" in f.value and "内容" in f.value]
    links = list(table["原文"])
    assert links
    assert all("report=" in link for link in links)
    assert any("code=received" in link and "applicant=total" in link for link in links)
    assert {"错误"} == set(table["程度"])


@pytest.mark.parametrize("by", ["rule", "year", "agency"])
def test_findings_by_group_count_each_finding_once(place: Place, by: str) -> None:
    found = place.build()["findings"]
    app = visit("evidence/findings", by=by)
    counted = [f.value for f in app.dataframe if "涉及报告" in f.value]
    assert counted[0]["发现"].sum() == len(found)
    spread = next(f.value for f in app.dataframe if "发现条数" in f.value)
    assert spread["报告"].sum() == 1
    assert spread.set_index("发现条数")["报告"].to_dict()[str(len(found)) if len(found) < 3 else "3-5"] == 1


def test_data_from_before_there_were_decisions_is_shown(place: Place) -> None:
    """Without the tables and columns that a build writes since."""
    place.build()
    version = place.out / published.current(place.out)
    manifest = json.loads((version / "manifest.json").read_text(encoding="utf-8"))
    for name in ("sightings", "verdicts", "corrections"):
        del manifest["tables"][name]
    (version / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for page in ("evidence/labels", "evidence/findings", "evidence/report", "figures/outcomes"):
        visit(page, corrections="1")


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
