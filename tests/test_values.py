"""What stands in a cell: a number, a blank, a dash or a text, and nothing is a number by leaving something out.

The rows were decided from the form's rules before the program was asked: numbers with thousands separators, sign, unit
and remark are read; footnote marks, exponents, double signs and digits of other scripts are refused.
"""

from __future__ import annotations

import pytest

from loaders.values import NotANumber, change, number, value

BLANK, DASH, TEXT = "blank", "dash", "text"

# A count (flow or stock): what is printed → its value, or its state.
COUNTS: list[tuple[str, float | str]] = [
    # plain figures and the spaces around them
    *(("0", 0), ("7", 7), ("10087", 10087), ("007", 7), ("00", 0), (" 5", 5), ("5 ", 5), ("\t5\t", 5), ("\n 0  ", 0)),
    *(("\u3000\u30001", 1), ("1\u3000", 1), ("\xa00", 0), ("\xa0\xa012\xa0", 12), ("\u20035\u2009", 5)),
    # what word processors and crawlers leave behind
    *(("[bookmark: _GoBack]0", 0), ("0[bookmark: _GoBack]", 0), ("\u200b3", 3), ("3\ufeff", 3), ("1\u00ad2", 12)),
    *(("\u202e12", TEXT), ("12\u202e", TEXT), ("1\u202e2", TEXT), ("\u20661\u2069", TEXT), ("\u200e3", 3)),
    # full width
    *(("５", 5), ("１２３", 123), ("０", 0), ("１，２３４", 1234), ("１２．５", 12.5), ("＋５", 5), ("－３", -3)),
    # thousands
    *(("1,234", 1234), ("1，234", 1234), ("1,234,567", 1234567), ("12,345.67", 12345.67), ("123,456", 123456)),
    *(("12,34", TEXT), ("1,23", TEXT), ("1,2345", TEXT), (",123", TEXT), ("1,", TEXT), ("1,,234", TEXT)),
    *(("1234,567", TEXT), ("0,5", TEXT), ("1、234", TEXT), ("1'234", TEXT), ("1.234.567", TEXT)),
    # decimals
    *(("1.5", 1.5), ("0.5", 0.5), ("75.9260", 75.926), ("5.", TEXT), (".5", TEXT), ("1..5", TEXT), ("1。5", TEXT)),
    # signs
    *(("+5", 5), ("-3", -3), ("−7", -7), ("–4", -4), ("+ 5", 5), ("- 3", -3), ("--253", TEXT), ("+-3", TEXT)),
    *(
        ("-+3", TEXT),
        ("±3", TEXT),
        ("5-", TEXT),
        ("3+", TEXT),
        ("(5)", TEXT),
        ("（5）", TEXT),
        ("—5", TEXT),
        ("~5", TEXT),
    ),
    # shares, ranges, sums, fractions, comparisons
    *(
        ("12.5%", TEXT),
        ("12％", TEXT),
        ("50‰", TEXT),
        ("0/0", TEXT),
        ("1/2", TEXT),
        ("½", TEXT),
        ("3-5", TEXT),
        ("3~5", TEXT),
    ),
    *(
        ("1+2", TEXT),
        ("=3", TEXT),
        (">5", TEXT),
        ("≥5", TEXT),
        ("≈5", TEXT),
        ("约5", TEXT),
        ("5余", TEXT),
        ("2:3", TEXT),
    ),
    # what float() and int() would take
    *(("1e5", TEXT), ("1E5", TEXT), ("inf", TEXT), ("nan", TEXT), ("NaN", TEXT), ("Infinity", TEXT), ("-inf", TEXT)),
    *(("0x10", TEXT), ("0b1", TEXT), ("1_000", TEXT), ("1j", TEXT), ("5L", TEXT), ("5f", TEXT), ("1e-3", TEXT)),
    # digits of other scripts, and figures that are none
    *(("٣", TEXT), ("۵", TEXT), ("३", TEXT), ("๓", TEXT), ("𝟓", 5), ("②", TEXT), ("²", TEXT), ("Ⅲ", TEXT), ("⑿", TEXT)),
    *(("三", TEXT), ("十二", TEXT), ("〇", TEXT), ("零", TEXT), ("贰", TEXT), ("O", TEXT), ("l2", TEXT), ("1O", TEXT)),
    # footnotes
    *(("12②", TEXT), ("12²", TEXT), ("12①", TEXT), ("12*", TEXT), ("12[1]", TEXT), ("12注1", TEXT), ("*12", TEXT)),
    *(("12※", TEXT), ("12#", TEXT), ("①12", TEXT), ("12a", TEXT), ("12⑴", TEXT), ("12 1", TEXT), ("12\n1", TEXT)),
    # units and remarks
    *(("0件", 0), ("31批次", 31), ("3 件", 3), ("12条", 12), ("5项", 5), ("7人次", 7), ("12宗", 12), ("5(件)", 5)),
    *(("3（其中转办1件）", 3), ("12(含上年2件)", 12), ("5(", TEXT), ("5)", TEXT), ("5()", TEXT), ("5(1)(2)", TEXT)),
    *(("共5件", TEXT), ("5件以上", TEXT), ("5头", TEXT), ("5年", TEXT), ("第5", TEXT), ("5km", TEXT), ("5号", TEXT)),
    # dates and other figures that are no count
    *(("2020-01-30", TEXT), ("2020.01.30", TEXT), ("12:30", TEXT), ("2020年", TEXT), ("0576-88019022", TEXT)),
    # nothing
    *(
        ("", BLANK),
        (" ", BLANK),
        ("\u3000", BLANK),
        ("\xa0", BLANK),
        ("\t\n", BLANK),
        ("\u200b", BLANK),
        ("\ufeff", BLANK),
    ),
    *(
        ("[bookmark: _GoBack]", BLANK),
        (" [bookmark: _GoBack] ", BLANK),
        ("\xa0\u3000 \xa0", BLANK),
        ("\u3000\xa0\u200b", BLANK),
    ),
    # does not apply
    *(("-", DASH), ("--", DASH), ("—", DASH), ("——", DASH), ("－", DASH), ("–", DASH), ("/", DASH), ("／", DASH)),
    *(("\\", DASH), ("-/-", DASH), ("―", DASH), ("─", TEXT), ("一", TEXT), ("/ ", DASH), ("\u3000-\u3000", DASH)),
    # words
    *(
        ("无", TEXT),
        ("没有", TEXT),
        ("不适用", TEXT),
        ("椒江政务网", TEXT),
        ("见附件", TEXT),
        ("?", TEXT),
        ("*", TEXT),
        ("…", TEXT),
    ),
    *(
        ("#REF!", TEXT),
        ("NULL", TEXT),
        ("N/A", TEXT),
        ("空", TEXT),
        (".", TEXT),
        ("0?", TEXT),
        ("增10", TEXT),
        ("减3", TEXT),
    ),
]
CHANGES: list[tuple[str, float | str]] = [
    *(
        ("增10", 10),
        ("减3", -3),
        ("增加2项", 2),
        ("减少 4", -4),
        ("新增1", 1),
        ("+13", 13),
        ("-26524", -26524),
        ("0", 0),
    ),
    *(
        ("增", TEXT),
        ("增十", TEXT),
        ("减-3", TEXT),
        ("增1减2", TEXT),
        ("增10%", TEXT),
        ("增②", TEXT),
        ("增10②", TEXT),
        ("减3¹", TEXT),
        ("--253", TEXT),
    ),
    *(
        ("增٣", TEXT),
        ("持平", TEXT),
        ("/", DASH),
        ("", BLANK),
        ("增10.5", TEXT),
        ("净增3", TEXT),
        ("↑3", TEXT),
        ("+5/-2", TEXT),
    ),
]
MONEY: list[tuple[str, float | str, str]] = [
    *(("2358万", 2358, "万"), ("1646.5万元", 1646.5, "万元"), ("70487元", 70487, "元"), ("1.2亿元", 1.2, "亿元")),
    *(
        ("3亿", 3, "亿"),
        ("1,027,415.60", 1027415.6, ""),
        ("１２．５万元", 12.5, "万元"),
        ("5 万元", 5, "万元"),
        ("0", 0, ""),
    ),
    *(("184719元(含税)", 184719, "元"), ("190.457379", 190.457379, ""), ("5千元", TEXT, ""), ("5百万元", TEXT, "")),
    *(("5万5千元", TEXT, ""), ("5万多元", TEXT, ""), ("约5万元", TEXT, ""), ("￥500", TEXT, ""), ("500美元", TEXT, "")),
    *(
        ("万元", TEXT, ""),
        ("五万元", TEXT, ""),
        ("5万-6万", TEXT, ""),
        ("/", DASH, ""),
        ("5W", TEXT, ""),
        ("3k", TEXT, ""),
    ),
]


def state_or_value(text: str, kind: str) -> float | str:
    told = value(text, kind)
    assert (told.number is not None) == (told.state == "number")
    return told.number.value if told.number else told.state


@pytest.mark.parametrize(("text", "right"), COUNTS, ids=[ascii(text) for text, _ in COUNTS])
def test_counts(text: str, right: float | str) -> None:
    assert state_or_value(text, "flow") == right


@pytest.mark.parametrize(("text", "right"), CHANGES, ids=[ascii(text) for text, _ in CHANGES])
def test_changes(text: str, right: float | str) -> None:
    assert state_or_value(text, "change") == right


@pytest.mark.parametrize(("text", "right", "unit"), MONEY, ids=[ascii(text) for text, _, _ in MONEY])
def test_money(text: str, right: float | str, unit: str) -> None:
    told = value(text, "money")
    assert state_or_value(text, "money") == right
    assert (told.number.unit if told.number else "") == unit


@pytest.mark.parametrize("text", ["椒江政务网", "12", "是", "3号公开栏"])
def test_a_text_stays_a_text(text: str) -> None:
    """A channel that begins with a figure is a channel."""
    assert state_or_value(text, "text") == TEXT


def test_digits_that_are_not_understood_say_so() -> None:
    for text in ("12②", "1e5", "--253", "12,34", "٣", "12 1", "5-"):
        assert value(text).why == "unclear_number", text
        with pytest.raises(NotANumber, match=r".+"):
            number(text)
    assert value("无").why != "unclear_number"


@pytest.mark.parametrize("text", ["打印本页\n －", "-\n分享到", "打印\r\n——\r\n"])
def test_a_dash_with_a_line_of_words_beside_it_is_unclear(text: str) -> None:
    """A line of the web page that came to stand in a cell: the dash may be all that is printed there."""
    assert (value(text).state, value(text).why) == ("text", "unclear_number")
    assert value("见附件\n说明").why == "not_a_number"


def test_none_where_there_is_no_digit() -> None:
    assert number("无") is None
    assert change("持平") is None


def test_decimals_and_remark_are_kept() -> None:
    told = number("190.457379")
    assert told is not None
    assert told.decimals == 6
    told = number("3（其中转办1件）")
    assert told is not None
    assert told.remark == "(其中转办1件)"


def test_enough_rows() -> None:
    rows = [(text, kind) for kind, table in (("count", COUNTS), ("change", CHANGES)) for text, _ in table]
    assert len(rows) == len(set(rows))
    assert len(rows) + len(MONEY) >= 240
