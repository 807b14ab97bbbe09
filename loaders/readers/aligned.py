"""Tables without rules: rows only where labels make it certain, else cells that are seen to run together.

Certain is a header of known labels (信息内容 first) above rows of known labels, one line each, with every value below
its own header label and below no other. The figures of any other row stay together in one cell, so that nobody counts
them: a blank cell leaves no trace here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from loaders.labels import lexicon, plain
from loaders.readers.drawn import Line
from loaders.readers.ruled import Box, Table
from loaders.values import value

APART, BESIDE, BELOW = 0.8, 0.5, 4.0  # type sizes: between columns, beside a header label, between lines
Word = tuple[str, float, float]


def tables(items: Sequence[Line | Table]) -> list[Line | Table]:
    """The items of a page, with rows of figures as tables: certain ones in cells, others with their figures in one."""
    found, at = list[Line | Table](), 0
    while at < len(items):
        item = items[at]
        if isinstance(item, Table):
            found.append(item)
            at += 1
            continue
        rows = _rows(items[at:])
        if rows:
            found.append(_table(rows))
        else:
            found.append(_table([_together(_columns(item))]) if _figures(item) else item)
        at += max(1, len(rows))
    return found


def _rows(items: Sequence[Line | Table]) -> list[list[Word]]:
    """The header and rows of a certain table that begins here; none where it is not certain."""
    head = _columns(items[0]) if isinstance(items[0], Line) else []
    if len(head) < 2 or not _named(head[0][0], "corner") or not all(_named(text, "column") for text, _, _ in head[1:]):
        return []
    found = [head]
    for above, item in pairwise(items):
        if not isinstance(item, Line) or not isinstance(above, Line) or item.y - above.y > BELOW * item.size:
            break
        words = _columns(item)
        if not _named(words[0][0], "row"):
            if _figures(item) or len(words) > 1:
                return []  # a row that goes on, or one of another kind
            break
        if len(words) != len(head) or not _below(words, head, item.size):
            return []
        found.append(words)
    return found if len(found) > 1 else []


def _columns(line: Line) -> list[Word]:
    """The words of a line by the gaps that are wide enough for columns."""
    found: list[Word] = []
    for text, left, right in line.words:
        if found and left - found[-1][2] < APART * line.size:
            before, start, _ = found[-1]
            found[-1] = (f"{before} {text}", start, right)
        else:
            found.append((text, left, right))
    return found


def _below(words: list[Word], head: list[Word], size: float) -> bool:
    reach = BESIDE * size
    for n, (_, left, right) in enumerate(words[1:], start=1):
        over = [k for k, (_, start, end) in enumerate(head) if left < end + reach and right > start - reach]
        if over != [n]:
            return False
    return True


def _named(text: str, axis: str) -> bool:
    return any(name.axis == axis for name in lexicon().find(plain(text)))


def _figures(line: Line) -> bool:
    """Whether a line looks like a row of a table: a figure behind a row label, or figures only."""
    words = [text for text, _, _ in _columns(line)]
    figures = list(map(_figure, words))
    if len(words) < 2 or not any(figures):
        return False
    return all(figures) or _named(words[0], "row") or sum(figures) > 1


def _together(words: list[Word]) -> list[Word]:
    """Labels, then all that follows the first figure as one cell."""
    first = next(n for n, (text, _, _) in enumerate(words) if _figure(text))
    rest = words[first:]
    return [*words[:first], (" ".join(text for text, _, _ in rest), rest[0][1], rest[-1][2])]


def _figure(text: str) -> bool:
    return value(text).state in {"number", "dash"}


def _table(rows: list[list[Word]]) -> Table:
    """Rows as a table whose columns are those of the first one."""
    sides = [*(left for _, left, _ in rows[0]), rows[0][-1][2]]
    boxes = [
        Box(r, n, r, n, sides[n], sides[n + 1], float(r), float(r + 1), text)
        for r, row in enumerate(rows)
        for n, (text, _, _) in enumerate(row)
    ]
    return Table(sides[0], 0.0, sides[-1], 0.0, len(rows), boxes)
