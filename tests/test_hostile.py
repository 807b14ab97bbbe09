"""Whatever the bytes: a report or a reason, never a traceback, in bounded time, and every fact stands in its text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook import book
from loaders import report
from loaders.report import Quarantined, Report, Source

SECONDS = 20  # a document of this size takes well under two
LABELS = sorted(
    {line.label for some in book().layouts.values() for one in some for line in (*one.rows, *one.columns)}
    | {row["text"] for row in book().furniture}
    | {table.mark for table in book().tables.values()}
)
PIECES = st.one_of(
    st.sampled_from(LABELS),
    st.sampled_from(
        ("0", "1", "12", "3.5", "-", "/", "无", "1,234", "12②", "2358万", "[bookmark: _GoBack]0", "（一）")
    ),
    st.sampled_from(("\n", "\n\n", " | ", "|", "|||", "\t", "\n\t", " ", "\u3000", "\xa0", "。", "2020年", "----")),
)
LONG = {
    "open brackets": "(" * 20_000,
    "nested brackets": "(a" * 10_000 + ")" * 10_000,
    "marks": "|" * 100_000,
    "rules": "|---" * 30_000,
    "tabs": "\n\t" * 50_000,
    "spaces": " " * 300_000 + "x",
    "one number": "1" * 100_000,
    "numbers": "1\n" * 30_000,
    "thousands": "1," * 50_000,
    "one label again and again": "规章\n0\n" * 10_000,
    "many tables": "第二十条第(一)项\n信息内容\n" * 5_000,
    "prose": "主动公开信息" * 10_000 + "220条",
    "dates": "2020年1月1日" * 10_000,
    "titles": "政府信息公开工作年度报告\n" * 10_000,
    "addresses": "a@" * 50_000,
    "boxes": "─" * 100_000,
    "nulls": "\x00" * 1000,
}


def sound(found: Report | Quarantined) -> bool:
    """A reason that says something, or facts that stand where they say and are no number without a value or a doubt."""
    if isinstance(found, Quarantined):
        return bool(found.reason and found.detail)
    for fact in found.facts:
        if fact.start is not None and found.text[fact.start : fact.end] != fact.raw:
            return False
        if (fact.state == "number") != (fact.value is not None) and not fact.doubt:
            return False
    return True


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    assert sound(report.read(Source("a.txt", data)))


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=120).map("".join))
def test_any_words_of_the_form(text: str) -> None:
    assert sound(report.read(Source("a.txt", text.encode())))


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize(
    "before",
    ["", "三、收到和处理政府信息公开申请情况\n一、本年新收政府信息公开申请数量\n"],
    ids=["alone", "in a table"],
)
def test_a_long_text_takes_bounded_time(text: str, before: str) -> None:
    started = time.monotonic()
    assert sound(report.read(Source("a.txt", (before + text).encode())))
    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_read_alike(encoding: str) -> None:
    text = "三、收到和处理政府信息公开申请情况\n" + "\n".join(LABELS) + "\n年报 2020 ⺠ 〇\n" * 5
    found = report.read(Source("a.txt", text.encode(encoding)))
    same = report.read(Source("a.txt", text.encode()))
    assert isinstance(found, Report) == isinstance(same, Report)
    if isinstance(found, Report) and isinstance(same, Report):
        assert found.text == same.text
        assert found.facts == same.facts


def test_half_a_character_at_the_end() -> None:
    assert sound(report.read(Source("a.txt", "一、本年新收政府信息公开申请数量".encode()[:-1])))
