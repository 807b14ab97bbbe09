"""The wordings of labels that hold in this process: the codebook's, and those that people decided since."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import ParamSpec, TypeVar, cast

from codebook.book import book
from codebook.decisions import NO_NAME, Alias

P = ParamSpec("P")
R = TypeVar("R")
_decided: tuple[Alias, ...] = ()
_forget: list[Callable[[], None]] = []


def until_learned(function: Callable[P, R]) -> Callable[P, R]:
    """As functools.cache, until `learn` brings other wordings: for all that is made of labels."""
    kept = cache(function)
    _forget.append(kept.cache_clear)
    return cast(Callable[P, R], kept)


def learn(decided: Iterable[Alias]) -> None:
    """Take these decisions, and no others, into this process."""
    global _decided  # noqa: PLW0603 (one process reads with one set of names)
    wanted = tuple(decided)
    if wanted != _decided:
        _decided = wanted
        for forget in _forget:
            forget()


def learned() -> tuple[Alias, ...]:
    """The decisions taken in, for another process to take in too."""
    return _decided


@until_learned
def rulings() -> dict[tuple[str, str, str], Alias]:
    """(table, axis, label) → what it names; a later decision stands in the place of an earlier one."""
    rows = [*(Alias(**row) for row in book().aliases), *_decided]
    return {(one.table, one.axis, one.alias): one for one in rows}


def spellings(table: str, axis: str, key: str) -> list[str]:
    """The other wordings of a row or column."""
    if key == NO_NAME:
        return []
    return [one.alias for one in rulings().values() if (one.table, one.axis, one.key) == (table, axis, key)]
