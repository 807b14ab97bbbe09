"""Prose of our own around the tables: neutral, marked as made up, different from report to report."""

from __future__ import annotations

import random

OPENING = (
    "本年度共主动公开政府信息{count}条。",
    "全年主动公开政府信息{count}条，均为测试而编。",
    "本报告为测试而作，主动公开政府信息{count}条。",
)
MIDDLE = (
    "栏目{a}个按季度检查一次，发现的空栏已补齐。",
    "答复文书的格式已统一，共整理模板{a}份。",
    "窗口值班表每{a}周调整一次，安排在公示栏张贴。",
    "培训分{a}批进行，内容为登记、转办和归档。",
    "目录重新编号，停用旧编号{a}个。",
    "检索入口移到首页上方，点击路径缩短到{a}步。",
)
CLOSING = (
    "存在的不足：更新不够均匀，说明文字偏长。下一步按月核对。",
    "存在的不足：目录与栏目不完全对应。下一步逐项对照。",
    "存在的不足：历史数据整理较慢。下一步分年补录。",
)


def story(chance: random.Random, count: int) -> str:
    """What stands before the tables; it tells how many items were disclosed."""
    lines = [chance.choice(OPENING).format(count=count)]
    lines += [line.format(a=chance.randint(2, 60)) for line in chance.sample(MIDDLE, 3)]
    return "".join(lines)


def outlook(chance: random.Random) -> str:
    """What stands behind the tables."""
    return chance.choice(CLOSING)
