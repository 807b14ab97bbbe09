"""Every regular expression of the product, and texts made to be hard for it."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import cache
from types import ModuleType

PACKAGES = ("codebook", "loaders", "dashboard")
# Patterns that see less than a document, with the most characters they see.
SEES = {
    "loaders.identity.captions.CAPTION": 80,  # captions.ABOVE
    "loaders.identity.bodies.TOWN": 1_000,  # a body's name
    "loaders.identity.naming.PLACE": 1_000,
    "loaders.lists.bodies.MORE_CELLS": 60,  # bodies.MORE
    "loaders.readers.htmlhead.BREAK": 300,  # a title, cut by htmlhead, as the next
    "loaders.readers.htmlhead.REPORT": 300,
    "loaders.readers.margins.FRAMED": 200,  # margins.NUMBER_LINE
    "loaders.readers.margins.BROWSER": 1_000,  # margins.PRINTED
    "loaders.trust.second.BEHIND": 300,  # a label of our own code book
    "loaders.readers.xlsx_format.STORED": 40,
    "codebook.series.TERM": 300,  # a line of our own code book, as the next
    "loaders.formulas.TOKEN": 300,
}
# What reports are full of, and what nested or neighbouring repeats stumble over.
SEEDS = (
    "1", "1,", "1.", "0 ", " ", "\t", "\n", "\u3000", "\u00a0", "a", "A1", "一", "〇", "零十百", "年", "2023年", "（", "(1)",
    "（一）", "、", "，", "。", "：", "-", "—", "/", "|", "| ", "|-", "<td>", "<", "&", "&#", "&amp;", "*", "**", "\\", "#", ".",
    "..", "\u200b", "\ufeff", "http://", "www.", "@", "a@", "a.b", "万", "元", "件", "1件", "合计", "其他", "某某市某某局", "第1条",
    "1年1月", "序号", "\r\n", "\x00", "=", "\"", "'", ";", "%", "$", "é", "\U00020000",
)  # fmt: skip


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern of text that a module of the product holds, by where it stands."""
    found = dict[str, re.Pattern[str]]()
    for module in _modules():
        for name, value in vars(module).items():
            for place, one in _inside(value, f"{module.__name__}.{name}"):
                if not any(one is known for known in found.values()):
                    found[place] = one
    return found


def _modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        root = importlib.import_module(package)
        yield root
        for one in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not one.name.endswith("__main__"):
                yield importlib.import_module(one.name)


def _inside(value: object, place: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield place, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _inside(one, f"{place}[{key!r}]")
    elif isinstance(value, tuple | list | set | frozenset):
        for number, one in enumerate(value):
            yield from _inside(one, f"{place}[{number}]")


def texts(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of `length` characters: a seed, or the characters that the pattern itself names, over and over, with an end
    that fits nothing."""
    named = "".join(dict.fromkeys(c for c in pattern.pattern if c not in "\\[](){}|?*+^$.:!=<>"))
    own = [named[start : start + size] for size in (1, 2, 3, len(named) or 1) for start in range(0, len(named), size)]
    for seed in dict.fromkeys([*SEEDS, *filter(None, own)]):
        yield (seed * (length // len(seed) + 1))[: length - 1] + "\ue000"


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """Processor seconds to find everything in a text, and to hold it against the whole."""
    started = time.thread_time()
    for _ in pattern.finditer(text):
        pass
    pattern.fullmatch(text)
    return time.thread_time() - started
