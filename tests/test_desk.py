"""A label decided on a page is so in the next build; who may write where; nobody's text becomes anything but text."""

from __future__ import annotations

import errno
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from codebook import deciding, decisions
from codebook.decisions import FILES, Alias
from dashboard import data as published
from tests.boxes import tables
from tests.desk import (
    NEAR,
    ODD,
    ROOT,
    TABLE,
    Place,
    choices,
    correct,
    decide_label,
    judge,
    keyed,
    label,
    said,
    set_as_markdown,
    sign,
    taken,
    visit,
)

HOSTILE = "=cmd|' /C calc'!A1 <script>alert(1)</script> **粗** $x$ ~~s~~ [a](javascript:alert(1)) \"引号\"\n第二行"


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
    (table,) = [one for one in tables(app) if "决定" in one]
    assert len(table) == 1
    assert "下次构建" not in str(table["决定"].iloc[0])


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
