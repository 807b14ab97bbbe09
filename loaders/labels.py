"""Which name of the codebook a printed label is: exact or alias decides, rapidfuzz only proposes inside one table.

Raw strings of the reports differ in width, script, spaces, quotes, ordinals and trailing explanations; `plain`
takes these away on both sides. What is left must be equal. A near miss is accepted only among the labels of the
same table and axis, with a score of 75 and ten points before the runner-up (model: a national threshold merges
同意公开 with 不同意公开).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal, NamedTuple, get_args

from rapidfuzz import fuzz

from codebook import Book, Layout, book
from codebook.decisions import NO_NAME, Alias
from codebook.wordings import rulings, until_learned

Axis = Literal["row", "column", "parent", "group", "corner", "mark", "note", "section"]
AXES: dict[str, Axis] = {axis: axis for axis in get_args(Axis)}
Match = Literal["exact", "alias", "fuzzy", "position"]

THRESHOLD, MARGIN = 75.0, 10.0
PINYIN = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹ]+\)")  # mirrors insert (guī) behind characters
SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
QUOTES = "“”\"'‘’「」『』"
NOTE_BEHIND = re.compile(r"(?<=.)\([^()]*(?:\([^()]*\)[^()]*)*\)?$")
ORDINAL = re.compile(r"^(?:\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、|\d\.)")
DIGIT_ORDINAL = re.compile(r"^\(?(\d)(?:[、)．.]+|(?=[\u4e00-\u9fff]{2}))")
HAN_ORDINAL = re.compile(r"^([一二三四五六七])[.,．]")
MARK = re.compile(r"^第?二十条第?\(?([一二三四五六七八九十]*)\)?项?\)?$")
HEADING = re.compile(r"^(?:[一二三四五六七八]、|[一二三四五六]是|第[一二三四五六]部分).{2,40}$")
UNIT_NOTE = re.compile(r"(亿元|万元|元)")


@dataclass(frozen=True, slots=True)
class Name:
    """What a label can stand for: an axis of a table and its key there."""

    axis: Axis
    table: str
    key: str
    match: Match = "exact"
    family: str = field(init=False, repr=False, compare=False)  # proactive, requests or review

    def __post_init__(self) -> None:
        object.__setattr__(self, "family", self.table.partition(".")[0])


class Hit(NamedTuple):
    """How one printed label was understood; `doubt` says why it should not be trusted without a look."""

    raw: str
    key: str
    match: Match
    score: float
    start: int = -1
    end: int = -1
    runner_up: str = ""
    runner_up_score: float = 0.0
    doubt: str = ""
    axis: str = ""  # row or column; "" where that is not told


def along(axis: Literal["row", "column"], hits: Iterable[Hit]) -> list[Hit]:
    """The hits, told to be rows or columns."""
    return [hit._replace(axis=axis) for hit in hits]


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """A label without width, script, spaces, quotes and closing colon, so that equal labels are equal strings."""
    return plain_text(text)


def plain_text(text: str) -> str:
    """The same for a text of any length; not kept, so that whole documents don't fill the memory."""
    text = unicodedata.normalize("NFKC", text)
    if "(" in text:
        text = PINYIN.sub("", text)
    text = _standard(SPACE.sub("", text)).replace("\\", "/").rstrip(":;。,")
    return HAN_ORDINAL.sub(r"\1、", DIGIT_ORDINAL.sub(r"\1.", text))


def _standard(text: str) -> str:
    """Characters as the codebook writes them, without quotes; a character at a time only where there are any."""
    known = _characters()
    for character in known.keys() & set(text):
        text = text.replace(character, known[character])
    return text


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """A plain label without its trailing explanation in brackets: 规章(设区的市…) → 规章."""
    if not text.endswith(")") and "(" not in text[2:]:
        return text
    head = ORDINAL.match(text)
    cut = len(head.group()) if head else 0
    return text[:cut] + NOTE_BEHIND.sub("", text[cut:])


def unit_in(text: str) -> str:
    """The unit that a header states in brackets or behind 单位, e.g. 采购总金额(万元) → 万元; "" where none."""
    note = plain(text)
    at = max(note.find("("), note.find("单位"))
    found = UNIT_NOTE.search(note[at:]) if at >= 0 else None
    return found.group() if found else ""


def numeral(text: str) -> str | None:
    """The item number of a mark such as 第二十条第(五)项 ("" where it got lost); None for any other text."""
    found = MARK.match(text)
    return found.group(1) if found else None


@cache
def _characters() -> dict[str, str]:
    """What each odd character stands for; nothing for quotes. What stands for one is never odd itself."""
    return {**book().characters, **dict.fromkeys(QUOTES, "")}


def _spellings(label: str, ordinal_free: bool) -> Iterable[str]:
    full = plain(label)
    yield full
    yield bare(full)
    if ordinal_free:
        yield ORDINAL.sub("", full)
        yield ORDINAL.sub("", bare(full))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All labels of the codebook by their plain form, and every beginning of one (to join labels over line ends).

    `ruled` are the wordings that somebody decided on, by table, axis and plain form.
    """

    names: dict[str, tuple[Name, ...]]
    beginnings: frozenset[str]
    pools: dict[tuple[str, str], tuple[tuple[str, str], ...]]
    ruled: dict[tuple[str, str, str], Alias]

    def find(self, text: str) -> tuple[Name, ...]:
        """What a plain text may stand for: the text itself, else without its trailing explanation."""
        return self.names.get(text) or self.names.get(bare(text)) or ()

    def refused(self, text: str, table: str, axis: str) -> bool:
        """Whether somebody decided that a plain text is no label of this table: it is not proposed again."""
        one = self.ruled.get((table, axis, text))
        return one is not None and one.key == NO_NAME

    def nearest(self, text: str, table: str, axis: str) -> tuple[str, float, str, float]:
        """Best key and score among a table's rows or columns, and the runner-up of another key."""
        best: dict[str, float] = {}
        if self.refused(text, table, axis):
            return "", 0.0, "", 0.0
        for label, key in self.pools.get((table, axis), ()):
            score = max(fuzz.ratio(text, label), fuzz.ratio(bare(text), label))
            best[key] = max(best.get(key, 0.0), score)
        ranked = [*sorted(best.items(), key=lambda item: (-item[1], item[0])), ("", 0.0), ("", 0.0)]
        return ranked[0][0], round(ranked[0][1], 1), ranked[1][0], round(ranked[1][1], 1)

    def fuzzy(self, text: str, table: str, axis: str) -> Hit | None:
        """A near miss that is clear enough to accept, with its score and runner-up."""
        if len(text) > 60:
            return None
        key, score, other, below = self.nearest(text, table, axis)
        if score < THRESHOLD or score - below < MARGIN:
            return None
        return Hit(text, key, "fuzzy", score, runner_up=other, runner_up_score=below, axis=axis)


def _rows(all_names: dict[str, set[Name]], layout: Layout, numbered: bool) -> None:
    counts: dict[str, int] = {}
    for row in layout.rows:
        stem = ORDINAL.sub("", bare(plain(row.label)))
        counts[stem] = counts.get(stem, 0) + 1
    for row in layout.rows:
        stem = ORDINAL.sub("", bare(plain(row.label)))
        unique = numbered and counts[stem] == 1 and stem not in {"其他"}
        for text in _spellings(row.label, unique):
            all_names.setdefault(text, set()).add(Name("row", layout.table, row.key))
        for text in _spellings(row.parent, numbered) if row.parent else ():
            all_names.setdefault(text, set()).add(Name("parent", layout.table, text))


def _ruled() -> dict[tuple[str, str, str], Alias]:
    """Wordings by table, axis and plain form: however it is spelled, the last decision on a label counts."""
    return {(one.table, one.axis, plain(one.alias)): one for one in rulings().values()}


@until_learned
def lexicon() -> Lexicon:
    """The lexicon of the codebook and of what was decided since, built once a process."""
    source: Book = book()
    found: dict[str, set[Name]] = {}
    pools: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for layouts in source.layouts.values():
        for layout in layouts:
            _rows(found, layout, numbered=layout.table == "requests")
            for column in layout.columns:
                for text in _spellings(column.label, ordinal_free=False):
                    found.setdefault(text, set()).add(Name("column", layout.table, column.key))
                if column.parent:
                    found.setdefault(plain(column.parent), set()).add(Name("group", layout.table, plain(column.parent)))
            for axis, lines in (("row", layout.rows), ("column", layout.columns)):
                pool = pools.setdefault((layout.table, axis), set())
                pool.update((bare(plain(line.label)), line.key) for line in lines)
    ruled = _ruled()
    for alias in ruled.values():
        if alias.key == NO_NAME or alias.table in source.lists:  # those of lists: loaders.lists.wording
            continue
        here = (AXES[alias.axis], alias.table)
        for text in _spellings(alias.alias, ordinal_free=False):
            # Short of its explanation, a wording may be what the form calls something else.
            if all(n.key == alias.key for n in found.get(text, ()) if (n.axis, n.table) == here):
                known = found.setdefault(text, set())
                if not any((n.axis, n.table) == here for n in known):
                    known.add(Name(*here, alias.key, "alias"))
        pools.setdefault((alias.table, alias.axis), set()).add((bare(plain(alias.alias)), alias.key))
    for row in source.furniture:
        found.setdefault(plain(row["text"]), set()).add(Name(AXES[row["kind"]], row["table"], plain(row["text"])))
    for table in source.tables.values():
        if numeral(plain(table.mark)):
            found.setdefault(plain(table.mark), set()).add(Name("mark", table.table, table.mark))
    names = {text: tuple(sorted(some, key=lambda n: (n.axis, n.table, n.key))) for text, some in found.items() if text}
    beginnings = frozenset(text[:n] for text in names for n in range(1, len(text) + 1))
    return Lexicon(names, beginnings, {key: tuple(sorted(pool)) for key, pool in pools.items()}, ruled)
