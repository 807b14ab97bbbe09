"""Cells lost, doubled or broken where no sum holds the row: what is read is true, or carries a doubt, or is refused.

Each text is a copy as damage left it (synthetic); beside it the cells of the table, label by label, before the damage.
Found by the mutation matrix (tests/mutation_matrix.py). The sound copies show that a blank as such is no reason.
"""

from __future__ import annotations

import pytest

from loaders import report
from loaders.report import Report, Source

TITLE = "合成示例局2020年政府信息公开工作年度报告（合成数据）\n一、总体情况\n无。\n二、主动公开政府信息情况\n"
BEHIND = (
    "三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n五、存在的主要问题及改进情况\n无。\n"
)
RULES = "第二十条第(一)项 |\n信息内容 |\n本年新制作数量 |\n本年新公开数量 |\n对外公开总数量 |\n"
RULES += "规章 |\n1 |\n2 |\n3 |\n规范性文件 |\n4 |\n5 |\n6 |\n"
FEES = "第二十条第(八)项 |\n信息内容 |\n上一年项目数量 |\n本年增/减 |\n行政事业性收费 |\n"
BUYS = "第二十条第(九)项 |\n信息内容 |\n采购项目数量 |\n采购总金额 |\n政府集中采购 |\n3 |\n12.5万元 |\n"
POWER = "第二十条第(六)项 |\n信息内容 |\n上一年项目数量 |\n本年增/减 |\n处理决定数量 |\n行政处罚 |\n7 |\n2 |\n1 |\n行政强制 |\n"
TABBED_RULES = "第二十条第(一)项\t\t\t\n信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n规章\t1\t2\t3\n规范性文件\t4\t5\t6\n"
POWERS = (
    TABBED_RULES
    + "第二十条第(六)项\t\t\t\n信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政处罚\t7\t2\t1\n行政强制\t"
)
PASTED = "\t第二十条第(六)项\n\n\t信息内容\n\t上一年项目数量\n\t本年增/减\n\t处理决定数量\n\n\t行政处罚\n\t7\n\t2\n\t1\n\n\t行政强制\n"
LED_FEES = (
    "| \n 第二十条第(八)项  |\n| \n 信息内容   | \n 上一年项目数量   | \n 本年增/减  |\n| \n 行政事业性收费   | \n "
)
LED_BUYS = "| \n 第二十条第(九)项  |\n| \n 信息内容   | \n 采购项目数量   | \n 采购总金额  |\n| \n 政府集中采购   | \n 3   | \n 2万元  |\n"
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结")


def spaced(*cells: str) -> str:
    """A row of a layout that breaks lines inside cells, behind its leading mark."""
    return "   | \n ".join(cells) + "  |\n"


LED_REVIEW = (
    "三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n"
    "| \n 行政复议   | \n 行政诉讼  |\n"
    "| \n " + spaced(*RESULTS, "未经复议直接起诉", "复议后起诉") + "| \n " + spaced(*RESULTS * 2) + "| \n "
)
TABBED_REVIEW = (
    "三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n"
    "\t行政复议\n\t行政诉讼\n\n"
    + "".join(f"\t{label}\n" for label in (*RESULTS, "未经复议直接起诉", "复议后起诉"))
    + "\n\t\n\t\n\t\n\t\n"
    + "".join(f"\t{label}\n" for label in RESULTS * 2)
    + "\n"
)
REVIEW = [f"{group}.{result}" for group in ("reconsideration", "suit_direct", "suit_after") for result in
          ("upheld", "corrected", "other", "pending")]  # fmt: skip
Cells = dict[str, float | None]


def review(*values: float | None) -> Cells:
    return dict(zip(REVIEW, values, strict=True))


def compulsory(*values: float | None) -> Cells:
    return dict(zip(("compulsory.items_prior", "compulsory.items_change", "compulsory.decisions"), values, strict=True))


def fees(*values: float | None) -> Cells:
    return dict(zip(("fees.items_prior", "fees.items_change"), values, strict=True))


TWELVE = (9, 3, 7, 8, 1, 0, 3, 6, 5, 0, 2, 4)
DAMAGED: dict[str, tuple[str, Cells]] = {
    # 增10 does not begin with a figure: it was taken for prose behind a full row, and the blank for a cell.
    "a blank before a change told in words": (
        RULES
        + "第二十条第(八)项 |\n||\n信息内容 |\n上一年项目数量 |\n本年增/减 |\n行政事业性收费 |\n|\n27 |\n增10 |\n"
        + BUYS,
        fees(27, 10),
    ),
    "a cell twice, another blank": (RULES + POWER + "|\n5 |\n5 |\n3 |\n" + BUYS, compulsory(None, 5, 3)),
    "a cell twice, the last blank": (RULES + POWER + "5 |\n5 |\n3 |\n|\n" + BUYS, compulsory(5, 3, None)),
    # A mark before each line looks like a blank cell behind the row above.
    "a lost cell, lines led by a mark": (LED_FEES + "\n 4  |\n" + LED_BUYS, fees(9, 4)),
    "a lost cell of the review table, lines led by a mark": (
        LED_REVIEW + spaced(*map(str, TWELVE[1:])),
        review(*TWELVE),
    ),
    "two cells of the review table in one, lines led by a mark": (
        LED_REVIEW + spaced("93", *map(str, TWELVE[2:])),
        review(*TWELVE),
    ),
    # The row is a cell too long for its table; no layout without blanks may read it instead.
    "a cell of the review table twice, another blank": (
        TABBED_REVIEW + "".join(f"\t{n}\n" for n in (9, 3, 3, 7, 8, 1, 0, "", 6, 5, 0, 2, 4)) + "\n",
        review(9, 3, 7, 8, 1, 0, None, 6, 5, 0, 2, 4),
    ),
    "a cell of the review table twice, the last blank": (
        TABBED_REVIEW + "".join(f"\t{n}\n" for n in (9, 3, 3, 7, 8, 1, 0, 3, 6, 5, 0, 2, "")) + "\n",
        review(9, 3, 7, 8, 1, 0, 3, 6, 5, 0, 2, None),
    ),
    "a number over two lines, another cell blank": (PASTED + "\t81\n31\n\t\n\t5\n\n", compulsory(8131, None, 5)),
    "two rows in one printed line": (
        PASTED.replace("\n\n", "\n") + "\t8\n\t3\n\t\n\t第二十条第(八)项\n\t信息内容\n\t上一年项目数量\n\t本年增/减\n"
        "\t行政事业性收费\n\t4\n\t5\n",
        compulsory(8, 3, 5),
    ),
    # Blanks at both ends of a row too long: nothing tells which of them is padding.
    "a blank behind the label and one at the end": (
        TABBED_RULES + "第二十条第(五)项\t\t\t\t\n信息内容\t\t上一年项目数量\t本年增/减\t处理决定数量\n"
        "行政许可\t\t17\t12\t\n其他对外管理服务事项\t行政检查\t39\t0\t55\n\t行政确认\t4\t7\t0\n",
        {"licensing.items_prior": 17, "licensing.items_change": 12, "licensing.decisions": None},
    ),
}
CUT: dict[str, tuple[str, Cells]] = {
    "tabs, in a number": (POWERS + "5\t8\t14", {"compulsory.decisions": 149868}),
    "tabs, before a number": (POWERS + "5\t8\t", {"compulsory.decisions": 149868}),
    "tabs, behind a sign": (POWERS + "5\t8\t-", {"compulsory.decisions": 14}),
    "Word paste, in a number": (PASTED + "\t5\n\t8\n\t14", {"compulsory.decisions": 149868}),
    "Word paste, before a number": (PASTED + "\t5\n\t8\n\t", {"compulsory.decisions": 149868}),
}
SOUND: dict[str, tuple[str, Cells]] = {
    "blank cells": (
        RULES + POWER + "|\n5 |\n|\n" + FEES + "|\n2 |\n" + BUYS,
        compulsory(None, 5, None) | fees(None, 2),
    ),
    "the rest of merged cells, in the header and below": (
        RULES + FEES.replace("增/减 |\n", "增/减 |\n|\n") + "0 |\n5 |\n|\n" + BUYS,
        fees(0, 5),
    ),
    "a blank row behind a full one": (RULES + BUYS + FEES + "0 |\n5 |\n|\n|\n|\n|\n", fees(0, 5)),
    "lines led by a mark": (LED_FEES + "9   | \n 4  |\n" + LED_BUYS, fees(9, 4)),
    "the review table, lines led by a mark": (LED_REVIEW + spaced(*map(str, TWELVE)), review(*TWELVE)),
    "a blank in the review table, lines led by a mark": (
        LED_REVIEW + spaced(*map(str, TWELVE[:5]), "", *map(str, TWELVE[6:])),
        review(*TWELVE[:5], None, *TWELVE[6:]),
    ),
    "a cell over two lines": (PASTED + "\t8\n件\n\t5\n\t\n\n", compulsory(8, 5, None)),
}


def told(text: str, wanted: Cells) -> dict[str, tuple[float | None, bool]]:
    """The value of each wanted cell that was read, and whether it carries a doubt."""
    found = report.read(Source("synthetic", text.encode(), synthetic=True))
    assert isinstance(found, Report), found
    return {fact.code: (fact.value, bool(fact.doubt)) for fact in found.facts if fact.code in wanted}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_never_silent(name: str) -> None:
    tables, true = DAMAGED[name]
    text = TITLE + tables + (BEHIND if "三、" not in tables else BEHIND[BEHIND.index("五、") :])
    assert {code: value for code, (value, doubt) in told(text, true).items() if not doubt and value != true[code]} == {}


@pytest.mark.parametrize("name", CUT)
def test_the_last_cell_before_the_end_is_doubted(name: str) -> None:
    tables, true = CUT[name]
    assert [doubt for _, doubt in told(TITLE + tables, true).values()] == [True]


@pytest.mark.parametrize("name", SOUND)
def test_sound_copies_are_read_without_a_doubt(name: str) -> None:
    tables, true = SOUND[name]
    text = TITLE + tables + (BEHIND if "三、" not in tables else BEHIND[BEHIND.index("五、") :])
    assert told(text, true) == {code: (value, False) for code, value in true.items()}


def test_a_page_number_of_several_words_is_doubted() -> None:
    """第 3 页 共 9 页 among the values of a row, where spaces part the cells: 第 or 页 may fill the row."""
    tables = " ".join((POWER + "5 第 3 页 共 9 页 8 3").replace("|", " ").split())
    text = TITLE.removesuffix("\n") + f" {tables} " + BEHIND
    found = told(text, compulsory(5, 8, 3))
    assert {code: value for code, (value, doubt) in found.items() if not doubt and value != 5} == {}
