"""Match a table's header with the vintages of the form: which layout it is and which label heads which column.

The order of printing is the form's: first the upper line (single columns and groups), then the columns below the
groups. Values stand in the order of the columns, a group's columns in the group's place.
"""

from __future__ import annotations

from functools import cache

from rapidfuzz import fuzz

from codebook import Layout, book
from loaders.errors import Refused
from loaders.labels import Hit, Name, bare, lexicon, plain, unit_in
from loaders.walk import Block, Row, Token

CUT_LABEL = 2  # a header cut to two characters or more may still be told by its place


@cache
def parents(table: str) -> frozenset[str]:
    """The plain headings above rows of a table in all its layouts, with and without explanation."""
    found = {plain(row.parent) for layout in book().layouts[table] for row in layout.rows if row.parent}
    return frozenset(found | {bare(text) for text in found})


@cache
def _children(table: str, heading: str) -> frozenset[str]:
    rows = (row for layout in book().layouts[table] for row in layout.rows if row.parent)
    return frozenset(row.key for row in rows if plain(row.parent) == heading)


def child_of(table: str, row: Row, heading: str) -> bool:
    """Whether a row's label stands below a heading in some vintage of the form."""
    return any(n.key in _children(table, heading) for n in row.names)


def unit(block: Block, layout: Layout) -> str:
    """The unit that the header prints for the table's amount column; "" where it prints none."""
    for token in block.header:
        if any(n.key == "amount" for n in token.names) or len(layout.columns) == 1:
            stated = unit_in(token.text)
            if stated:
                return stated
    return ""


def likely(block: Block, table: str) -> Layout | None:
    """The layout that a refused table's header speaks for, if it is a single one."""
    keys = {n.key for token in block.header for n in token.names if n.axis == "column" and n.table == table}
    fits = [lay for lay in book().layouts[table] if keys and keys <= {c.key for c in lay.columns}]
    return fits[0] if len(fits) == 1 else None


def match(table: str, block: Block, rows: tuple[str, ...], last: bool) -> tuple[Layout, list[Hit]]:
    """The layout whose rows are all here and whose header fits best, and its columns in the order of the values.

    Raises Refused (ROWS_MISSING, TEXT_ENDS, HEADER_MISMATCH) with what was expected.
    """
    layouts = [lay for lay in book().layouts[table] if set(rows) == {row.key for row in lay.rows}]
    if not layouts:
        missing = min((_missing(lay, rows) for lay in book().layouts[table]), key=len)
        reason = "TEXT_ENDS" if last and block.ended == "end" else "ROWS_MISSING"
        raise Refused(reason, "缺少的行：" + "、".join(missing) if missing else "行与任何表式都不相符")
    leaves = [token for token in block.header if not _is_group(token, table)]
    best: tuple[float, Layout, list[Hit]] | None = None
    for layout in layouts:
        hits = _columns(layout, leaves, any(_is_group(t, table) for t in block.header))
        if hits is not None:
            score = sum(hit.score + (hit.match == "exact") - 1000 * bool(hit.doubt) for hit in hits)
            if best is None or score > best[0]:
                best = (score, layout, hits)
    if best is None:
        printed = "、".join(token.text.replace("\n", "") for token in leaves) or "无"
        raise Refused("HEADER_MISMATCH", f"列标题与表式不相符：{printed}", _unmapped(table, leaves))
    return best[1], best[2]


def _missing(layout: Layout, rows: tuple[str, ...]) -> list[str]:
    return [row.label for row in layout.rows if row.key not in rows]


def _unmapped(table: str, leaves: list[Token]) -> tuple[Hit, ...]:
    found = []
    for token in leaves:
        if not any(n.axis == "column" and n.table == table for n in token.names):
            key, score, other, below = lexicon().nearest(token.plain, table, "column")
            found.append(
                Hit(token.text, "", "fuzzy", score, token.start, token.end, key or other, below, axis="column")
            )
    return tuple(found)


def _is_group(token: Token, table: str) -> bool:
    family, _, _ = table.partition(".")
    own = any(n.axis == "column" and n.table == table for n in token.names)
    return not own and any(n.axis in {"group", "note"} and n.table.partition(".")[0] == family for n in token.names)


def _printed_order(layout: Layout) -> list[int]:
    """Column indexes in the order in which a two-line header prints them."""
    single = [n for n, column in enumerate(layout.columns) if not column.parent]
    return single + [n for n, column in enumerate(layout.columns) if column.parent]


def _columns(layout: Layout, leaves: list[Token], grouped: bool) -> list[Hit] | None:
    if len(leaves) != len(layout.columns):
        return None
    exact = [_own(token, layout) for token in leaves]
    if all(exact) and len({name.key for name in exact if name}) == len(leaves):
        return _labelled(layout, leaves, [name for name in exact if name], grouped)
    order = _printed_order(layout)
    if not grouped and any(column.parent for column in layout.columns) and not _in_print_order(exact, layout, order):
        order = list(range(len(layout.columns)))
    hits: list[Hit | None] = [None] * len(leaves)
    sound = 0
    for place, token in zip(order, leaves, strict=True):
        hit = _at_place(layout, place, token)
        if hit is None:
            return None
        sound += not hit.doubt
        hits[place] = hit
    return [hit for hit in hits if hit] if 2 * sound >= len(leaves) and sound else None


def _own(token: Token, layout: Layout) -> Name | None:
    keys = {column.key for column in layout.columns}
    return next((n for n in token.names if n.axis == "column" and n.table == layout.table and n.key in keys), None)


def _in_print_order(exact: list[Name | None], layout: Layout, order: list[int]) -> bool:
    """Whether the known labels already stand in two-line order (the group's own label got lost)."""
    return all(name is None or name.key == layout.columns[place].key for name, place in zip(exact, order, strict=True))


def _labelled(layout: Layout, leaves: list[Token], names: list[Name], grouped: bool) -> list[Hit]:
    """All labels known and different: the header decides, whatever its order."""
    printed = [name.key for name in names]
    single = [c.key for c in layout.columns if not c.parent]
    below = [key for key in printed if key not in single]
    in_lines = grouped or printed == [layout.columns[n].key for n in _printed_order(layout)]
    values = printed
    if below and in_lines:
        first = next(n for n, column in enumerate(layout.columns) if column.parent)
        upper = [key for key in printed if key in single]
        values = upper[:first] + below + upper[first:]
    by_key = {name.key: token for token, name in zip(leaves, names, strict=True)}
    moved = "" if values == [c.key for c in layout.columns] else "列的次序与表式不同，按列标题读取"
    hits = []
    for key in values:
        token, column = by_key[key], next(c for c in layout.columns if c.key == key)
        same = bare(plain(column.label)) == bare(token.plain)
        hits.append(Hit(token.text, key, "exact" if same else "alias", 100.0, token.start, token.end, doubt=moved))
    return hits


def _at_place(layout: Layout, place: int, token: Token) -> Hit | None:
    """The label at a place of the header: known, cut, misspelt or foreign; None where it contradicts the form."""
    column = layout.columns[place]
    if lexicon().refused(token.plain, layout.table, "column"):
        return None
    wanted, text = bare(plain(column.label)), bare(token.plain)
    own = _own(token, layout)
    score = round(fuzz.ratio(text, wanted), 1)
    span = (token.start, token.end)
    if own is not None and own.key == column.key:
        return Hit(token.text, column.key, "exact" if text == wanted else "alias", 100.0, *span)
    if own is None and len(text) >= CUT_LABEL and wanted.startswith(text):
        return Hit(token.text, column.key, "position", score, *span)
    fuzzy = lexicon().fuzzy(token.plain, layout.table, "column") if not token.names else None
    if fuzzy is not None and fuzzy.key == column.key:
        return Hit(token.text, column.key, "fuzzy", fuzzy.score, *span, fuzzy.runner_up, fuzzy.runner_up_score)
    said = f"列标题“{token.text}”不是表式的“{column.label}”，按位置读取"
    return Hit(token.text, column.key, "position", score, *span, doubt=said)


def match_strip(block: Block) -> tuple[Layout, list[Hit]]:
    """The review table's layout by the number of its result columns, and each column's label.

    Raises Refused (HEADER_MISMATCH) where a label contradicts the form or the count fits none.
    """
    leaves = [t for t in block.header if not (t.named("group", "review") or t.named("row", "review"))]
    groups = [n.key for t in block.header for n in t.named("row", "review")]
    if groups != [row.key for row in book().layouts["review"][0].rows]:
        raise Refused("HEADER_MISMATCH", "复议诉讼表的分组标题与表式不相符：" + "、".join(groups))
    for layout in book().layouts["review"]:
        if len(leaves) != layout.cells:
            continue
        hits = []
        for n, token in enumerate(leaves):
            hit = _at_place(layout, n % len(layout.columns), token)
            if hit is None or hit.doubt:
                break
            hits.append(hit)
        if len(hits) == layout.cells:
            return layout, hits
    printed = "、".join(token.text.replace("\n", "") for token in leaves[:20])
    raise Refused("HEADER_MISMATCH", f"复议诉讼表的列标题有 {len(leaves)} 个，与表式不相符：{printed}")


def strip_rows(layout: Layout, block: Block) -> list[tuple[str, Hit]]:
    """For each value of the review table its group (reconsideration, direct suit, suit after) and that label."""
    found = []
    for row in layout.rows:
        token = next(t for t in block.header if any(n.key == row.key for n in t.named("row", "review")))
        hit = Hit(token.text, row.key, "exact", 100.0, token.start, token.end)
        found.extend([(row.key, hit)] * len(layout.columns))
    return found
