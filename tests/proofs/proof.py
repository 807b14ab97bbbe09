"""What a proof is: a promise, how often it was tried, and what broke it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tried:
    """How a promise was tried: so many times, in these words, and what broke it."""

    times: int = 0
    broken: list[str] = field(default_factory=list)
    told: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A promise in both languages, the tests of its short form, and how to try it `times` times; `usual` is how often."""

    zh: str
    en: str
    tests: Sequence[str]
    usual: int
    run: Callable[[int], Tried]
