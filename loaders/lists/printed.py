"""Where a list stands in a text: its header, and its labels in the order of print with what lies behind each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from codebook import book
from codebook.book import Entry, Listing
from loaders.errors import Refused
from loaders.glue.squeezed import Squeezed
from loaders.labels import Hit
from loaders.lists.wording import MARKS, Wording, known, stem

# Between the header and the first label: the line of column marks (甲 乙 1 2), a number, an ordinal.
GUIDE = re.compile(rf"[{MARKS}甲乙丙丁戊0-9()一二三四五六七八九十、.其中:—-]{{0,120}}")
NOTE = re.compile(r"\([^()|]{0,60}\)")


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label: its stem, the rows that it may be, and its place in the text (the note behind it included)."""

    printed: str
    keys: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a list: its columns in order with their kind and printed label, and its place."""

    columns: tuple[tuple[str, str], ...]
    hits: dict[str, Hit]
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A row of a list and the stretch of text behind its label, up to the next label or the end of the text."""

    entry: Entry
    label: Label
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Region:
    """A list in a text: `labels` are those behind its header up to the next list or the end of the text."""

    header: Header
    repeats: tuple[tuple[int, int], ...]  # the header printed again, at the head of another page
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How the labels of a region fit a listing; `over` is the label behind the last row where there is one."""

    listing: Listing
    parts: tuple[Part, ...]
    exact: int
    over: Label | None = None
    refused: Refused | None = None


def regions(words: Wording, squeezed: Squeezed) -> list[Region]:
    """Every list of a text; empty where no header of it stands above its first label."""
    labels = [_label(words, squeezed, m) for m in words.labels.finditer(squeezed.chars)]
    places = [m.start() for m in words.labels.finditer(squeezed.chars)]
    firsts = {entry.key for one in book().lists[words.table] for entry in one.entries[:2]}
    heads, again = list[tuple[int, Header]](), list[tuple[int, Header]]()
    for match in words.header.finditer(squeezed.chars):
        header = _header(words, squeezed, match)
        if header is None:
            continue
        at = next((n for n, place in enumerate(places) if place >= match.end()), None)
        opens = at is not None and bool(labels[at].keys & firsts)
        if opens and at is not None and GUIDE.fullmatch(squeezed.chars, match.end(), places[at]):
            heads.append((at, header))
        elif at is not None:
            again.append((at, header))
    found = []
    for n, (first, header) in enumerate(heads):
        stop = heads[n + 1][0] if n + 1 < len(heads) else len(labels)
        repeats = tuple((h.start, h.end) for at, h in again if first < at <= stop and h.text == header.text)
        found.append(Region(header, repeats, tuple(labels[first:stop])))
    return found


def _label(words: Wording, squeezed: Squeezed, match: re.Match[str]) -> Label:
    note = NOTE.match(squeezed.chars, match.end())
    start, end = squeezed.span(match.start(), note.end() if note else match.end())
    return Label(match[0], known(words, match[0]), start, end)


def _header(words: Wording, squeezed: Squeezed, match: re.Match[str]) -> Header | None:
    """The header; None where it has no column of values."""
    hits = {
        column: Hit(squeezed.text[slice(*span)], column, "exact", 100.0, *span)
        for column in words.columns
        if match[column] and (span := squeezed.span(*match.span(column)))
    }
    columns = tuple((column, words.columns[column]) for column in hits)
    if not any(kind == "value" for _, kind in columns):
        return None
    start, end = squeezed.span(match.start(), match.end())
    return Header(columns, hits, start, end, match[0])


def fit(listing: Listing, region: Region, length: int) -> Fit:
    """The labels of a region as the rows of a listing, or why they are not; `length` is that of the text."""
    entries, rows = listing.entries, list[tuple[Entry, Label]]()
    at, refused, over = 0, None, None
    for label in region.labels:
        found = _next(entries, at, label)
        if found is not None:
            rows.append((entries[found], label))
            at = found + 1
            continue
        over = label
        if any(_needed(entry) for entry in entries[at:]):
            refused = _misfit(entries, at, label, rows)
        break
    else:
        missing = [entry.label for entry in entries[at:] if _needed(entry)]
        if missing:
            refused = Refused("ROWS_MISSING", "缺少的行：" + "、".join(missing))
    exact = sum(stem(entry.label) == label.printed for entry, label in rows)
    return Fit(listing, tuple(_parts(rows, region, over, length)), exact, over, refused)


def _needed(entry: Entry) -> bool:
    return bool(entry.units) and not entry.optional


def _next(entries: Sequence[Entry], at: int, label: Label) -> int | None:
    """The entry that a label is, where only headings and rows that may be left out are passed over."""
    for n in range(at, len(entries)):
        if entries[n].key in label.keys:
            return n
        if _needed(entries[n]):
            return None
    return None


def _misfit(entries: Sequence[Entry], at: int, label: Label, rows: Sequence[tuple[Entry, Label]]) -> Refused:
    if any(entry.key in label.keys for entry, _ in rows):
        return Refused("ROW_TWICE", f"“{label.printed}”重复出现，或不在表式的次序上")
    later = next((n for n in range(at, len(entries)) if entries[n].key in label.keys), None)
    if later is None:
        return Refused("UNKNOWN_LABEL", f"“{label.printed}”不是这种表式的行")
    missing = [entry.label for entry in entries[at:later] if _needed(entry)]
    return Refused("ROWS_MISSING", f"“{label.printed}”之前缺少的行：" + "、".join(missing))


def _parts(rows: Sequence[tuple[Entry, Label]], region: Region, over: Label | None, length: int) -> list[Part]:
    found = []
    for n, (entry, label) in enumerate(rows):
        follows = rows[n + 1][1] if n + 1 < len(rows) else over
        end = follows.start if follows else length
        again = next((start for start, _ in region.repeats if label.end <= start < end), None)
        found.append(Part(entry, label, label.end, end if again is None else again))
    return found
