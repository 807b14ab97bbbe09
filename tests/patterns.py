"""Every regular expression of the product, and texts made to be hard for it."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import cache
from types import ModuleType

LONG = 100_000
PACKAGES = ("codebook", "loaders", "dashboard")
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


def texts(pattern: re.Pattern[str], length: int = LONG) -> Iterator[str]:
    """Texts of `length` characters: a seed, or the characters that the pattern itself names, over and over, with an end
    that fits nothing."""
    named = "".join(dict.fromkeys(c for c in pattern.pattern if c not in "\\[](){}|?*+^$.:!=<>"))
    own = [named[start : start + size] for size in (1, 2, 3, len(named) or 1) for start in range(0, len(named), size)]
    for seed in dict.fromkeys([*SEEDS, *filter(None, own)]):
        yield (seed * (length // len(seed) + 1))[: length - 1] + "\ue000"


def seconds(pattern: re.Pattern[str], text: str, tries: int = 4, enough: float = 0.05) -> float:
    """Processor seconds to find everything in a text, the least of some tries; only slow ones are tried again."""
    best = float("inf")
    for _ in range(tries):
        started = time.thread_time()
        for _ in pattern.finditer(text):
            pass
        pattern.fullmatch(text)
        best = min(best, time.thread_time() - started)
        if best <= enough:
            break
    return best


def slow(pattern: re.Pattern[str], most: float = 0.05) -> tuple[float, str] | None:
    """The slowest text over `most` seconds and its time, or None."""
    found = [(took, text[:12]) for text in texts(pattern) if (took := seconds(pattern, text, enough=most)) > most]
    return max(found, default=None)
