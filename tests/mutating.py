"""Ways in which a copy of a report gets damaged: pieces are moved, changed or lost.

`labelled` is what the damaged document says, label by label, where it still has the shape of the form; None where it
has not.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from codebook import book
from tests.filling import SCALE
from tests.pieces import LINE, PIECES, Document, Span, core
from tests.rendering import places
from tests.truth import Cell, Key


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged text and what it says, label by label (None where its shape is no longer the form's)."""

    text: str
    labelled: Mapping[Key, Cell] | None


Kind = Callable[[Document, random.Random], Mutant | None]


def _put(piece: str, text: str) -> str:
    inner = core(piece)
    return piece.replace(inner, text, 1) if inner else piece


def said(text: str) -> Cell:
    """What a cell says: told once more and apart from loaders/values.py, for the styles of these tests alone."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    if not plain or set(plain) <= set("-—/"):
        return Cell(text, "dash" if plain else "blank", None)
    if worded := re.fullmatch(r"(增加|新增|增|减少|减)(\d+)", plain):
        return Cell(text, "number", (-1.0 if worded[1][0] == "减" else 1.0) * float(worded[2]))
    found = re.fullmatch(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(亿元|万元|万|元)?件?(\([^()]*\))?", plain)
    if found is None:
        return Cell(text, "text", None)
    value = Decimal(found[1] + found[2].replace(",", "") + (found[3] or "")) * SCALE.get(found[4] or "元", 1)
    return Cell(text, "number", float(value))


def _key(doc: Document, chance: random.Random) -> Key:
    """A cell, every other time one that is not zero."""
    numbers = [key for key in doc.at if doc.truth[key].state == "number"]
    filled = [key for key in numbers if doc.truth[key].value]
    return chance.choice(filled if filled and chance.random() < 0.5 else numbers)


def _two_rows(doc: Document, chance: random.Random) -> tuple[str, str]:
    first, second = sorted(chance.sample(sorted(doc.rows), 2), key=lambda code: doc.rows[code][0])
    return first, second


def _beside(doc: Document, chance: random.Random) -> tuple[Key, Key] | None:
    """Two cells side by side in one row of values."""
    where = {key: place if place[0] != "review" else place[:1] for key, place in places(doc.form).items()}
    order = sorted(doc.at, key=doc.at.__getitem__)
    pairs = [(a, b) for a, b in pairwise(order) if where[a][:2] == where[b][:2]]
    pairs = [pair for pair in pairs if all(doc.truth[key].state != "text" for key in pair)]
    different = [pair for pair in pairs if doc.truth[pair[0]].value != doc.truth[pair[1]].value]
    return chance.choice(different) if different else None


def _block(doc: Document, code: str) -> Span:
    """A row's pieces from its label to its last value."""
    (start, _), keys = doc.rows[code]
    return start, doc.at[keys[-1]] + 1


def change_digit(doc: Document, chance: random.Random) -> Mutant:
    """One digit of one value is another one."""
    key = _key(doc, chance)
    pieces, at, raw = list(doc.pieces), doc.at[key], doc.truth[key].raw
    place = chance.choice([n for n, char in enumerate(raw) if char.isdigit()])
    new = raw[:place] + chance.choice([d for d in "123456789" if d != raw[place]]) + raw[place + 1 :]
    pieces[at] = _put(pieces[at], core(pieces[at]).replace(raw, new))
    return Mutant("".join(pieces), {**doc.truth, key: said(new)})


def add_sign(doc: Document, chance: random.Random) -> Mutant | None:
    """A minus gets in front of a value."""
    key = _key(doc, chance)
    if not doc.truth[key].value:
        return None
    pieces, at = list(doc.pieces), doc.at[key]
    pieces[at] = _put(pieces[at], "-" + core(pieces[at]))
    return Mutant("".join(pieces), {**doc.truth, key: said("-" + doc.truth[key].raw)})


def drop_cell(doc: Document, chance: random.Random) -> Mutant:
    """A value goes with its mark; the row is a cell short."""
    pieces, key = list(doc.pieces), _key(doc, chance)
    del pieces[doc.at[key]]
    return Mutant("".join(pieces), _without(doc, key) if _alone(doc, key) else None)


def empty_cell(doc: Document, chance: random.Random) -> Mutant:
    """A value goes, its mark stays."""
    key = _key(doc, chance)
    pieces, at = list(doc.pieces), doc.at[key]
    pieces[at] = _put(pieces[at], "")
    return Mutant("".join(pieces), _without(doc, key) if doc.blanks or _alone(doc, key) else None)


def _without(doc: Document, key: Key) -> dict[Key, Cell]:
    return {**doc.truth, key: Cell("", "blank", None)}


def _alone(doc: Document, key: Key) -> bool:
    """Whether a cell is the only one of its row: without it the row shows nothing, as a blank one does."""
    where = places(doc.form)
    return sum(1 for place in where.values() if place[:2] == where[key][:2]) == 1


def empty_row(doc: Document, chance: random.Random) -> Mutant:
    """All values of a row go, its label stays."""
    code = chance.choice(sorted(doc.rows))
    pieces, keys = list(doc.pieces), doc.rows[code][1]
    for key in keys:
        pieces[doc.at[key]] = _put(pieces[doc.at[key]], "")
    return Mutant("".join(pieces), {**doc.truth, **dict.fromkeys(keys, Cell("", "blank", None))})


def double_cell(doc: Document, chance: random.Random) -> Mutant:
    """A value stands twice."""
    pieces, at = list(doc.pieces), doc.at[_key(doc, chance)]
    pieces.insert(at, pieces[at])
    return Mutant("".join(pieces), None)


def merge_cells(doc: Document, chance: random.Random) -> Mutant | None:
    """Two values beside one another run together."""
    pair = _beside(doc, chance)
    if pair is None:
        return None
    pieces, (left, right) = list(doc.pieces), (doc.at[key] for key in pair)
    pieces[left] = _put(pieces[left], core(pieces[left]) + core(pieces[right]))
    del pieces[right]
    return Mutant("".join(pieces), None)


def shift_cell(doc: Document, chance: random.Random) -> Mutant:
    """The last value of a row slips behind the next row's label."""
    order = sorted(doc.rows, key=lambda code: doc.rows[code][0])
    n = chance.randrange(len(order) - 1)
    pieces, last = list(doc.pieces), doc.at[doc.rows[order[n]][1][-1]]
    pieces.insert(doc.rows[order[n + 1]][0][1], pieces[last])
    del pieces[last]
    return Mutant("".join(pieces), None)


def swap_cells(doc: Document, chance: random.Random) -> Mutant | None:
    """Two values beside one another change places."""
    pair = _beside(doc, chance)
    return _exchanged(doc, [pair]) if pair else None


def swap_row_values(doc: Document, chance: random.Random) -> Mutant:
    """Two rows change their values and keep their labels."""
    first, second = _two_rows(doc, chance)
    return _exchanged(doc, list(zip(doc.rows[first][1], doc.rows[second][1], strict=True)))


def swap_columns_bare(doc: Document, chance: random.Random) -> Mutant:
    """Two columns change their values and keep their header."""
    first, second = chance.sample(["person", "enterprise", "research", "welfare", "legal_service", "other"], 2)
    return _exchanged(doc, [((code, first), (code, second)) for code in doc.rows])


def swap_columns(doc: Document, chance: random.Random) -> Mutant:
    """Two columns change places, header and values: another document that says the same."""
    first, second = chance.sample(["enterprise", "research", "welfare", "legal_service", "other"], 2)
    swapped = _exchanged(doc, [((code, first), (code, second)) for code in doc.rows])
    return Mutant(_with_heads_swapped(doc, swapped.text, (first, second)), doc.truth)


def swap_heads(doc: Document, chance: random.Random) -> Mutant:
    """Two labels of the header change places and the values stay: each now stands over another's numbers."""
    first, second = chance.sample(["enterprise", "research", "welfare", "legal_service", "other"], 2)
    labelled = dict(doc.truth)
    for code in doc.rows:
        labelled[code, first], labelled[code, second] = doc.truth[code, second], doc.truth[code, first]
    return Mutant(_with_heads_swapped(doc, "".join(doc.pieces), (first, second)), labelled)


def _exchanged(doc: Document, pairs: list[tuple[Key, Key]]) -> Mutant:
    return _moved(doc, dict(pairs) | {b: a for a, b in pairs})


def _with_heads_swapped(doc: Document, text: str, names: tuple[str, str]) -> str:
    pieces = re.findall(PIECES.get(doc.layout, LINE), text)
    first, second = sorted(doc.heads[name] for name in names)
    left, right = pieces[slice(*first)], pieces[slice(*second)]
    pieces[slice(*second)], pieces[slice(*first)] = left, right
    return "".join(pieces)


def swap_rows(doc: Document, chance: random.Random) -> Mutant:
    """Two rows change places, labels and values: another document that says the same."""
    (a, b), (c, d) = (_block(doc, code) for code in _two_rows(doc, chance))
    pieces = doc.pieces
    return Mutant("".join((*pieces[:a], *pieces[c:d], *pieces[b:c], *pieces[a:b], *pieces[d:])), doc.truth)


def double_row(doc: Document, chance: random.Random) -> Mutant:
    """A row stands twice."""
    start, end = _block(doc, chance.choice(sorted(doc.rows)))
    line_end = ("\n",) if doc.layout in {"pipe", "sheet"} else ()
    return Mutant("".join((*doc.pieces[:end], *line_end, *doc.pieces[start:])), None)


def drop_row(doc: Document, chance: random.Random) -> Mutant:
    """A row goes, label and values."""
    start, end = _block(doc, chance.choice(sorted(doc.rows)))
    return Mutant("".join((*doc.pieces[:start], *doc.pieces[end:])), None)


def drop_column(doc: Document, chance: random.Random) -> Mutant:
    """A column goes, header and values."""
    gone = chance.choice(["person", "enterprise", "research", "welfare", "legal_service", "other", "total"])
    lost = {doc.at[code, gone] for code in doc.rows} | set(range(*doc.heads[gone]))
    return Mutant("".join(piece for n, piece in enumerate(doc.pieces) if n not in lost), None)


def _label(doc: Document, chance: random.Random) -> Span:
    spans = [span for span, _ in doc.rows.values()]
    return chance.choice(sorted({*spans, *doc.heads.values()}))


def drop_label(doc: Document, chance: random.Random) -> Mutant:
    """A label of a row or column goes, with its mark or without."""
    start, end = _label(doc, chance)
    pieces = list(doc.pieces)
    if doc.blanks and chance.random() < 0.5:
        pieces[start:end] = [_put(piece, "") for piece in pieces[start:end]]
    else:
        del pieces[start:end]
    return Mutant("".join(pieces), None)


def misspell_label(doc: Document, chance: random.Random) -> Mutant | None:
    """A character of a label is another one, or gone; digits and Chinese numerals of its ordinal too."""
    start, end = _label(doc, chance)
    pieces, at = list(doc.pieces), chance.randrange(start, end)
    text = core(pieces[at])
    if not text:
        return None
    place = chance.randrange(len(text))
    new = text[:place] + chance.choice(("", "口", "二", "3", "年")) + text[place + 1 :]
    pieces[at] = _put(pieces[at], new)
    return Mutant("".join(pieces), doc.truth)


def stray_line(doc: Document, chance: random.Random) -> Mutant:
    """A page number or the line of a page's foot gets into the table."""
    pieces, at = list(doc.pieces), chance.randrange(*doc.table)
    line = chance.choice(("14", "- 14 -", "第14页", "—14—", "14/20", "打印本页", "0", "第 3 页 共 9 页"))
    pieces.insert(at, line + (" " if doc.layout == "word" else "\n"))
    return Mutant("".join(pieces), None)


def truncate(doc: Document, chance: random.Random) -> Mutant:
    """The text ends somewhere in the tables."""
    start, end = doc.table
    first, last = (sum(map(len, doc.pieces[:n])) for n in (start, end))
    return Mutant("".join(doc.pieces)[: chance.randrange(first + 1, last)], None)


def drop_repeated_lines(doc: Document, chance: random.Random) -> Mutant | None:
    """A crawler keeps a line only where it stands first, from some line on."""
    lines = "".join(doc.pieces).split("\n")
    start = chance.randrange(0, max(1, len(lines) // 2))
    kept = lines[:start] + list(dict.fromkeys(lines[start:]))
    return Mutant("\n".join(kept), None) if doc.layout != "word" else None


def footnote(doc: Document, chance: random.Random) -> Mutant:
    """A footnote mark stands behind a number."""
    key = _key(doc, chance)
    pieces, at = list(doc.pieces), doc.at[key]
    mark = chance.choice(("①", "②", "²", "¹", "*", "[1]", "注1", "※", "⑴", "ⅰ", "a", "#"))
    pieces[at] = _put(pieces[at], core(pieces[at]) + mark)
    return Mutant("".join(pieces), None)


def break_number(doc: Document, chance: random.Random) -> Mutant | None:
    """A number of several digits is parted: a line end, a space, a comma or a point in its middle."""
    plain = [key for key in doc.at if book().measures[key[0]].kind != "money"]
    long = [key for key in plain if len(doc.truth[key].raw) > 1 and doc.truth[key].raw.isdigit()]
    if not long:
        return None
    key = chance.choice(long)
    pieces, at, raw = list(doc.pieces), doc.at[key], doc.truth[key].raw
    place = chance.randrange(1, len(raw))
    broken = raw[:place] + chance.choice(("\n", " ", ",", ".", "，", "、")) + raw[place:]
    pieces[at] = _put(pieces[at], broken)
    return Mutant("".join(pieces), {**doc.truth, key: said(broken)} if "." in broken else None)


def lookalike(doc: Document, chance: random.Random) -> Mutant:
    """A character that looks like a figure stands for one, as character recognition has it."""
    key = _key(doc, chance)
    pieces, at, raw = list(doc.pieces), doc.at[key], doc.truth[key].raw
    place = chance.randrange(len(raw))
    new = raw[:place] + chance.choice("OoQDlISBZ〇口一") + raw[place + 1 :]
    pieces[at] = _put(pieces[at], core(pieces[at]).replace(raw, new))
    return Mutant("".join(pieces), {**doc.truth, key: said(new)})


def rotate_row(doc: Document, chance: random.Random) -> Mutant | None:
    """All values of a row move one place to the left, the first one to the end."""
    review = sorted((key for key in doc.at if book().measures[key[0]].table == "review"), key=doc.at.__getitem__)
    keys = chance.choice([*(keys for _, keys in doc.rows.values()), *([review] if review else [])])
    return _moved(doc, dict(zip(keys, (*keys[1:], keys[0]), strict=True)))


def shift_rows(doc: Document, chance: random.Random) -> Mutant:
    """The values of some rows on end move one row up, those of the first of them to the last."""
    order = sorted(doc.rows, key=lambda code: doc.rows[code][0])
    first = chance.randrange(len(order) - 2)
    codes = order[first : chance.randrange(first + 2, len(order)) + 1]
    behind = dict(zip(codes, (*codes[1:], codes[0]), strict=True))
    return _moved(doc, {(code, who): (behind[code], who) for code in codes for _, who in doc.rows[code][1]})


def _moved(doc: Document, source: Mapping[Key, Key]) -> Mutant:
    """Each cell shows what stood at its source."""
    pieces, labelled = list(doc.pieces), dict(doc.truth)
    for key, other in source.items():
        pieces[doc.at[key]] = _put(doc.pieces[doc.at[key]], core(doc.pieces[doc.at[other]]))
        # An amount's value is yuan by a unit that its table tells; where it counts something it says what it prints.
        amount = book().measures[other[0]].kind == "money" and book().measures[key[0]].kind != "money"
        labelled[key] = said(doc.truth[other].raw) if amount else doc.truth[other]
    return Mutant("".join(pieces), labelled)


KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (
        *(change_digit, add_sign, drop_cell, empty_cell, empty_row, double_cell, merge_cells, shift_cell),
        *(swap_cells, swap_row_values, swap_columns_bare, swap_columns, swap_heads, swap_rows, double_row, drop_row),
        *(drop_column, drop_label, misspell_label, stray_line, truncate, drop_repeated_lines, footnote),
        *(break_number, lookalike, rotate_row, shift_rows),
    )
}
