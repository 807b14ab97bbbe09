"""Markdown gives the facts of the text whatever its marks; what is no Markdown keeps its stars."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from loaders import report
from loaders.readers.markdown import unmarked
from loaders.report import Report, Source
from tests.rendering import LAYOUTS, render
from tests.test_html import FORMS, expected, printed, told
from tests.truth import load

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
ROW = re.compile(r"\| ([^|\n-]*[\u4e00-\u9fff][^|\n]*) (?=\|)")
FILLED = re.compile(r"\| (?!--)([^|\n ]+) (?=\|)")
MARKS: dict[str, Callable[[str], str]] = {
    "as written": lambda text: text,
    "aligned": lambda text: text.replace("| --- | --- |", "| :--- | ---: |"),
    "short dashes": lambda text: text.replace(" --- ", "-"),
    "centred": lambda text: text.replace(" --- ", ":-:"),
    "bold labels": lambda text: ROW.sub(r"| **\1** ", text),
    "bold cells": lambda text: FILLED.sub(r"| **\1** ", text),
    "bold and slanted": lambda text: FILLED.sub(r"| ***\1*** ", text),
    "line breaks": lambda text: text.replace("本年", "本年<br>").replace(
        "政府信息公开申请数量", "政府信息<br/>公开申请数量"
    ),
    "blanks as entities": lambda text: text.replace("|  |", "| &nbsp; |").replace("|  |", "| &emsp; |"),
    "escapes": lambda text: text.replace("1.", "1\\.").replace("(", "\\(").replace("+", "\\+"),
    "other emphasis": lambda text: text.replace(" 规章 ", " __规章__ ").replace("| 行政处罚 ", "| *`行政处罚`* "),
    "tags": lambda text: FILLED.sub(r'| <span style="font-size:10pt"><b>\1</b></span> ', text),
    "indented": lambda text: re.sub(r"^\|", "  |", text, flags=re.MULTILINE),
    "no closing mark": lambda text: re.sub(r" \|$", "", text, flags=re.MULTILINE),
    "headings": lambda text: re.sub(r"^([一二三四五六]、)", r"## \1", text, flags=re.MULTILINE),
}


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("name", FORMS)
def test_marks_do_not_change_the_facts(name: str, marks: str) -> None:
    text = MARKS[marks](render(printed(name), FORMS[name], LAYOUTS["Markdown"]))
    found = report.read(Source("report.md", text.encode()))
    assert isinstance(found, Report), found
    want = expected(name)
    if marks == "line breaks":  # a label with its unit told apart is still that label
        assert {t.reason for t in found.reading.tables.values()} == {""}
    got = told(found)
    money = {key for key in want if key[0].endswith(".amount")}
    assert {key: got.get(key) for key in want.keys() - money} == {key: want[key] for key in want.keys() - money}
    placed = [fact for fact in found.facts if fact.start is not None]
    assert [fact for fact in placed if found.text[fact.start : fact.end] != fact.raw] == []


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("~~5~~6", "text"),
        ("12<sup>2</sup>", "text"),
        ("1<br>2", "text"),
        ("5\\|6", "text"),
        ("**1,234**", "number"),
        ("\\-", "dash"),
    ],
)
def test_a_cell_that_marks_change_is_no_number(cell: str, state: str) -> None:
    head = "第二十条第（五）项\n| 信息内容 | 本年处理决定数量 |\n|---|---|\n"
    rest = "第二十条第（六）项\n| 信息内容 | 本年处理决定数量 |\n|---|---|\n| 行政处罚 | 1 |\n| 行政强制 | 1 |\n"
    found = report.read(Source("report.md", f"{head}| 行政许可 | {cell} |\n{rest}以上为合成数据。\n".encode()))
    assert isinstance(found, Report)
    facts = {fact.code: fact for fact in found.facts}
    assert "licensing.decisions" not in facts or facts["licensing.decisions"].state == state
    assert facts["penalties.decisions"].value == 1


def test_marks_elsewhere_stay() -> None:
    text = "**规章** | 0 | 0 |\n第1\\.2项 *注* &nbsp; <br> # 题\n"
    assert unmarked(text) == text
    marked = "| a | b |\n|---|---|\n" + text
    assert len(unmarked(marked)) == len(marked)
    assert unmarked(marked).split() == [
        "|",
        "a",
        "|",
        "b",
        "|",
        "规章",
        "|",
        "0",
        "|",
        "0",
        "|",
        "第1",
        ".2项",
        "注",
        "#",
        "题",
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("| a | b |\n|-|-|\n| c | 1 |\n", False),
        ("| a | b |\n|:-|-:|\n| c | 1 |\n", False),
        ("| a | b |\n|-|-|\n", True),  # the last row: values
        ("| a | b |\n| c | d |\n|-|-|\n| e | 1 |\n", True),  # below a header of two lines: values
        ("| a | b |\n|-|-|-|\n| c | 1 |\n", True),
        ("合成\n|-|-|\n| c | 1 |\n", True),
    ],
)
def test_short_dashes_are_a_rule_only_below_the_first_line(text: str, kept: bool) -> None:
    assert ("-" in unmarked(text)) is kept


def test_tables_of_html_in_markdown() -> None:
    rows = "<tr><td>信息内容</td><td>本年处理决定数量</td></tr><tr><td>行政许可</td><td>12</td></tr>"
    prose = "本段为合成数据。\n" * 600
    text = f"# 合成县示例局2022年政府信息公开工作年度报告\n\n{prose}\n第二十条第（五）项\n\n<table>{rows}</table>\n\n{prose}"
    found = report.read(Source("report.md", text.encode()))
    assert isinstance(found, Report)
    assert told(found) == {("licensing.decisions", ""): ("number", 12.0)}
    assert (found.identity.agency, found.identity.report_year) == ("合成县示例局", 2022)


def test_torn_labels_are_never_wrong() -> None:
    path = SHARED / "reports" / "012_shanghai_stcsm_2024.md"
    if not path.exists():
        pytest.skip("no source documents beside the project")
    found = report.read(Source(path.name, path.read_bytes()))
    assert isinstance(found, Report)
    want = {key: (cell.state, cell.value) for key, cell in load(SHARED / "reports" / "truth" / "012.csv").items()}
    got = told(found)
    assert got
    assert {key: value for key, value in got.items() if want.get(key) != value} == {}
    assert found.reading.tables["requests"].reason == "ROWS_MISSING"
    assert not found.reading.tables["review"].cells
