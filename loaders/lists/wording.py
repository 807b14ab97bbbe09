"""How the labels of a list and its header stand in squeezed text: without ordinals, notes and what layouts change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from codebook import book
from codebook.book import Listing
from codebook.decisions import NO_NAME
from codebook.wordings import rulings, until_learned
from loaders.labels import bare, plain

HAN = "一二三四五六七八九十"
ORDINAL = re.compile(rf"^(?:\(?(?:\d{{1,2}}|[{HAN}]{{1,3}})[)、.]+)")
DIGITS = re.compile(r"^\(?(\d{1,2})[)、.]")
MARKS = "|│┃"
BETWEEN = f"[{MARKS}]*"
COMMA = "[、,]?"
YEAR = r"20\d\d"
ENOUGH = 0.6  # of a list's labels: the list is there, though it may be broken


@dataclass(frozen=True, slots=True)
class Wording:
    """The labels of a list in all its forms; `keys` says which rows a label may be (some stand below two headings)."""

    table: str
    labels: re.Pattern[str]
    keys: dict[str, frozenset[str]]
    header: re.Pattern[str]
    columns: dict[str, str]  # group of the header's pattern → kind of column


def stem(label: str) -> str:
    """A label without its ordinal and the explanation behind it."""
    return ORDINAL.sub("", bare(plain(label)))


def ordinal(label: str) -> str:
    """The digits that a label is numbered with; "" where there are none."""
    found = DIGITS.match(bare(plain(label)))
    return found[1] if found else ""


@until_learned
def wording(table: str) -> Wording:
    """The wording of a list of the codebook."""
    keys: dict[str, set[str]] = {}
    for listing in book().lists[table]:
        for entry in listing.entries:
            keys.setdefault(stem(entry.label), set()).add(entry.key)
    for alias in rulings().values():
        if (alias.table, alias.axis) == (table, "row") and alias.key != NO_NAME:
            keys.setdefault(stem(alias.alias), set()).add(alias.key)
    ranked = sorted(keys, key=lambda text: (-len(text), text))
    labels = re.compile("|".join(_escaped(text) for text in ranked))
    return Wording(
        table, labels, {text: frozenset(some) for text, some in keys.items()}, _header(table), _columns(table)
    )


def known(words: Wording, printed: str) -> frozenset[str]:
    """The rows that a printed stem may be; commas count for nothing."""
    if printed in words.keys:
        return words.keys[printed]
    loose = re.sub("[、,]", "", printed)
    return next((keys for text, keys in words.keys.items() if re.sub("[、,]", "", text) == loose), frozenset())


def likely(table: str, flat: str) -> bool:
    """Whether most labels of one of a list's forms stand in a plain text."""
    return any(sum(text in flat for text in stems) >= ENOUGH * len(stems) for stems in _stems(table))


@cache
def _stems(table: str) -> tuple[tuple[str, ...], ...]:
    return tuple(_of(listing) for listing in book().lists[table])


def _of(listing: Listing) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stem(entry.label) for entry in listing.entries if entry.units and not entry.optional))


def _columns(table: str) -> dict[str, str]:
    return {one.column: one.kind for one in book().list_columns[table]}


def _header(table: str) -> re.Pattern[str]:
    """All columns in their order, of which only the name must stand there."""
    texts: dict[str, list[str]] = {}
    for one in book().list_columns[table]:
        texts.setdefault(one.column, []).append(_escaped(plain(one.label)).replace(r"\{year\}", YEAR))
    parts = []
    for column, some in texts.items():
        part = f"(?P<{column}>{'|'.join(sorted(some, key=len, reverse=True))}){BETWEEN}"
        parts.append(part if column == "name" else f"(?:{part})?")
    return re.compile("".join(parts))


def _escaped(text: str) -> str:
    return "".join(COMMA if char in "、," else re.escape(char) for char in text)
