"""Walk a document's cells once and cut out the tables: which labels stand where, and what follows each of them.

Cells become tokens (a label that runs on over line ends is one token), tokens become blocks: a header, then rows of
a label and the cells behind it. Nothing is decided here about forms, counts or numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from codebook import book
from loaders.grids import Grid
from loaders.labels import HEADING, Hit, Name, lexicon, numeral, plain
from loaders.values import change

Ended = Literal["label", "section", "text", "end"]
LONGEST_JOIN, LONGEST_LABEL, LONGEST_VALUE, NEAR = 8, 60, 30, 40
DIGITS = frozenset("0123456789０１２３４５６７８９")
SIGNS = frozenset("+-—–－＋−/\\〇[")
MOST_ROWS = 60  # the longest table of any form has 25
LONGEST_RESULT = 8  # 结果维持 and its like, with a stray character or two
STRIPS = {layout.cells for layout in book().layouts["review"]}
PAGE_NUMBER = re.compile(r"第\s*\d+\s*页(?:[,，/]?\s*共\s*\d+\s*页)?|[-—–－]\s*\d+\s*[-—–－]")
ARTICLE = re.compile(r"二十条|第\(?[一二三四五六七八九十]+\)?项")
HAN, BRACKET = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[(（\[].*")
MOST_HAN = 3  # 31批次, 2358万元: more characters than this make a label or prose


class Token(NamedTuple):
    """One label, value or piece of prose; `names` is what the codebook knows it as."""

    text: str
    plain: str
    start: int
    end: int
    line: int
    row: int
    closed: bool
    names: tuple[Name, ...]
    column: int = -1
    span: int = 1

    def named(self, axis: str, family: str) -> tuple[Name, ...]:
        """The token's meanings on one axis within a family of tables (proactive, requests or review)."""
        names = self.names
        if not names:
            return ()
        if len(names) == 1:
            return names if names[0].axis == axis and names[0].family == family else ()
        return tuple([n for n in names if n.axis == axis and n.family == family])


@dataclass(slots=True)
class Row:
    """A row label (None where it is not known) and the cells behind it."""

    label: Token
    names: tuple[Name, ...]
    hit: Hit | None = None
    values: list[Token] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A table as found: `orphans` are values without a row label, `ended` what stopped it."""

    family: str
    start: int
    mark: Token | None = None
    corner: bool = False
    header: list[Token] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    orphans: list[Token] = field(default_factory=list)
    strays: list[Token] = field(default_factory=list)
    ended: Ended = "end"
    end: int = 0
    lines: Mapping[int, int] = field(default_factory=dict)  # cells on each printed row, where the layout shows rows
    gaps: int = 0  # blank cells that no row shows, in the header: a mark before each line, or the rest of merged cells
    behind: int = 0  # those of them behind its last label: as many stand behind each row
    led: bool = False  # a mark that closes nothing leads each line of the document's tables and looks like a blank cell
    surplus: bool = False  # some row of the document has more cells than its header: padding that looks like blanks

    @property
    def width(self) -> int:
        """How many columns the header shows, groups left out."""
        family = self.family
        return sum(1 for token in self.header if not token.named("group", family))

    @property
    def wide(self) -> int:
        """How many cells a row should have: by the header, or the seven applicants; 0 for the review table."""
        return self.width if self.family == "proactive" else 7 if self.family == "requests" else 0


def tokens(grid: Grid) -> list[Token]:
    """The cells as tokens; labels broken over several cells are joined where the codebook knows the whole."""
    words, cells, found, at = lexicon(), grid.cells, list[Token](), 0
    while at < len(cells):
        cell = cells[at]
        if not cell.closed and PAGE_NUMBER.fullmatch(cell.text):
            at += 1
            continue
        text, length = plain(cell.text) if cell.text else "", 1
        names = words.find(text) if text else ()
        if text in words.beginnings and not text.isdigit():  # digits alone are a value, not the start of 3.其他
            raw = cell.text
            for extra in range(1, LONGEST_JOIN):
                if at + extra >= len(cells) or not cells[at + extra - 1].joins or not cells[at + extra].text:
                    break
                raw += cells[at + extra].text
                joined = plain(raw)
                if joined not in words.beginnings and not words.find(joined):
                    break
                known = words.names.get(joined) or (words.find(joined) if len(joined) <= LONGEST_LABEL else ())
                if known:
                    text, names, length = joined, known, extra + 1
        last = cells[at + length - 1]
        raw = cell.text if length == 1 else "\n".join(c.text for c in cells[at : at + length])
        places = (cell.start, last.end, cell.line, cell.row, last.closed)
        found.append(Token(raw, text, *places, names, cell.column, cell.span))
        at += length
    return found


def blocks(found: list[Token]) -> list[Block]:
    """All tables of a document in reading order."""
    cut = list(_Walk(found).run())
    led = any(block.led and block.gaps for block in cut)  # a first cell that is blank closes the heading, too
    surplus = led or any(block.behind for block in cut)
    surplus = surplus or any(len(row.values) > block.wide for block in cut for row in block.rows if block.wide)
    for block in cut:
        block.led, block.surplus = led, surplus
    return cut


def value_like(token: Token) -> bool:
    """Whether a token could be a value: a figure or a short mark, not a label and not prose."""
    if not token.text:
        return False
    if token.names or not (token.text[0] in DIGITS or token.text[0] in SIGNS or token.text.isdigit()):
        return False
    return len(HAN.findall(BRACKET.sub("", token.text))) <= MOST_HAN


class _Walk:
    """The state of one walk: the open block and where we are."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.lines = Counter(token.row for token in found if token.row >= 0)
        self.at = 0
        self.open: Block | None = None

    def run(self) -> Iterator[Block]:
        for at, token in enumerate(self.tokens):
            self.at = at
            if self.open is not None and self.open.rows and not token.names and (not token.text or value_like(token)):
                self.open.rows[-1].values.append(token)  # most tokens of a report
                continue
            if self.open is not None and self._leaves(self.open, token):
                yield self._close()
            if self.open is None:
                self.open = self._opens(token)
                if self.open is None:
                    continue
                self.open.led = self._is_led()
            ended = self._take(self.open, token)
            if ended:
                self.open.ended = ended
                yield self._close()
        if self.open is not None:
            self.open.end = self.tokens[-1].end
            yield self._close()

    def _close(self) -> Block:
        block, self.open = self.open, None
        if block is None:
            raise RuntimeError("no table is open")
        block.lines = self.lines
        block.end = block.end or self.tokens[max(0, self.at - 1)].end
        return block

    def _ahead(self, distance: int) -> list[Token]:
        return self.tokens[self.at + 1 : self.at + 1 + distance]

    def _is_led(self) -> bool:
        """Whether a mark closes the heading above a table: it is the one that leads the table's first line."""
        above = self.tokens[self.at - 1] if self.at else None
        if above is None or not above.closed or above.row >= 0 or "\n" in above.text:
            return False  # a heading of two lines was joined with the first cell, or holds it
        return any(n.axis == "section" for n in above.names) or bool(HEADING.match(above.plain))

    def _opens(self, token: Token) -> Block | None:
        start = token.start
        if numeral(token.plain) is not None:
            return Block("proactive", start)
        if not token.names:
            return None
        if token.named("corner", "proactive") or token.named("column", "proactive") or self._other_mark(token):
            return Block("proactive", start)
        if token.named("note", "requests") or token.plain == "申请人情况" or self._request_row(token):
            return Block("requests", start)
        if all(n.axis == "row" and n.table == "requests" for n in token.names) and any(map(value_like, self._ahead(1))):
            return Block("requests", start)  # the text begins in the middle of the table
        if token.named("column", "requests") and token.plain != "其他":
            return Block("requests", start) if any(t.named("column", "requests") for t in self._ahead(4)) else None
        if token.named("group", "review") or token.named("column", "review"):
            near = [t for t in self._ahead(NEAR) if t.text][:6]
            known = [t for t in near if any(n.table == "review" for n in t.names)]
            return Block("review", start) if len(known) >= 2 else None
        return None

    def _request_row(self, token: Token) -> bool:
        return any(n.key in {"received", "carried_in"} for n in token.named("row", "requests"))

    def _other_mark(self, token: Token) -> bool:
        behind = [t for t in self._ahead(NEAR) if t.text][:1] if token.plain == "其他" else []
        return any(t.named("corner", "proactive") for t in behind)

    def _leaves(self, block: Block, token: Token) -> bool:
        """Whether a token belongs to another table or section than the open block."""
        family = block.family
        if any(n.axis == "section" for n in token.names):
            block.ended = "section"
            return True
        if family == "proactive":
            is_mark = numeral(token.plain) is not None or self._other_mark(token)
            new = (is_mark and (block.header or block.rows or block.corner)) or (
                token.named("corner", family) and (block.header or block.rows)
            )
            header_again = block.rows and token.named("column", family) and not token.named("row", family)
            away = token.named("note", "requests") or token.plain == "申请人情况" or self._request_row(token)
            if new or header_again or away:
                block.ended = "label"
                return True
        elif family == "requests":
            if block.rows and token.named("group", "review") and not token.named("column", family):
                block.ended = "label"
                return True
            if numeral(token.plain) is not None:
                block.ended = "label"
                return True
        elif numeral(token.plain) is not None or self._request_row(token):
            block.ended = "label"
            return True
        if not token.names and HEADING.match(token.plain) and not self._label_ahead(token):
            block.ended = "section" if self._stops() == "text" else "end"
            return True
        return False

    def _label_ahead(self, token: Token) -> bool:
        """A heading-like text that is a misspelt row label: values follow it."""
        ahead = self._ahead(2)
        return bool(ahead) and (value_like(ahead[0]) or (not ahead[0].text and ahead[0].closed))

    def _take(self, block: Block, token: Token) -> Ended | None:
        if block.family == "review":
            return self._take_strip(block, token)
        row = block.family == "requests" and bool(token.named("row", "requests"))
        begins = row and (self._request_row(token) or token.start == block.start)
        if not block.rows and not begins:
            return self._take_header(block, token)
        return self._take_body(block, token)

    def _take_header(self, block: Block, token: Token) -> Ended | None:
        family = block.family
        block.behind = block.behind if not token.text or token.named("row", family) else 0
        if numeral(token.plain) is not None or self._other_mark(token):
            block.mark = token
        elif token.named("corner", family):
            block.corner = True
        elif token.named("row", family) and not token.named("column", family):
            block.rows.append(Row(token, token.named("row", family)))
        elif token.named("column", family) or token.named("group", family):
            block.header.append(token)
        elif family == "proactive" and token.named("row", family) and block.width:
            block.rows.append(Row(token, token.named("row", family)))
        elif value_like(token):
            block.orphans.append(token)
        elif not token.text:
            block.gaps += token.row < 0
            block.behind += 1
        elif not token.named("note", "requests"):
            return self._unknown_in_header(block, token)
        return None

    def _unknown_in_header(self, block: Block, token: Token) -> Ended | None:
        near = self._ahead(1)
        if block.family == "proactive" and block.width and near and value_like(near[0]):
            block.rows.append(self._misspelt(block, token))
        elif len(token.plain) <= LONGEST_VALUE and (block.corner or block.header):
            block.header.append(token)
        elif block.header and len(token.plain) > LONGEST_VALUE:
            return self._stops()
        return None

    def _stops(self) -> Ended:
        """Foreign text stops a table; as the last token it is a label that the end of the text cut."""
        return "end" if self.at + 1 == len(self.tokens) else "text"

    def _misspelt(self, block: Block, token: Token) -> Row:
        """A row whose label is not in the codebook: a clear near miss within this table, or unknown."""
        tables = {n.table for row in block.rows for n in row.names} or {
            n.table for t in block.header for n in t.named("column", block.family)
        }
        hits = [(table, hit) for table in sorted(tables) if (hit := lexicon().fuzzy(token.plain, table, "row"))]
        if len({(hit.key) for _, hit in hits}) != 1:
            return Row(token, ())
        table, hit = hits[0]
        return Row(token, (Name("row", table, hit.key, "alias"),), hit)

    def _take_body(self, block: Block, token: Token) -> Ended | None:
        family = block.family
        if len(block.rows) > MOST_ROWS:
            return "text"
        if token.named("row", family):
            block.rows.append(Row(token, token.named("row", family)))
            return None
        if token.named("parent", family) or (token.named("note", family)):
            return None
        if not block.rows:
            block.orphans.append(token)
            return None
        row = block.rows[-1]
        if not token.text or value_like(token):
            row.values.append(token)
            return None
        return self._text_in_body(block, row, token)

    def _text_in_body(self, block: Block, row: Row, token: Token) -> Ended | None:
        if change(token.text) is not None:  # 增10 behind a full row is a figure, too: the row has a cell too many
            row.values.append(token)
            return None
        width = block.wide
        same_line = token.row == row.label.row >= 0
        filled = sum(1 for value in row.values if value.text)
        full = filled >= width or len(row.values) >= width
        near = self._ahead(1)
        followed = bool(near) and (value_like(near[0]) or (not near[0].text and near[0].closed))
        if len(token.plain) <= LONGEST_LABEL:
            guess = self._misspelt(block, token)
            if guess.hit is not None and (followed or not full):
                block.rows.append(guess)
                return None
            if full and followed and not same_line:
                block.rows.append(guess)
                return None
        if ARTICLE.search(token.plain):
            return self._stops()
        if (not full or same_line) and len(token.plain) <= LONGEST_VALUE:
            row.values.append(token)
            return None
        block.strays.append(token)
        return self._stops()

    def _take_strip(self, block: Block, token: Token) -> Ended | None:
        known = any(n.table == "review" for n in token.names)
        short = len(token.plain) <= LONGEST_VALUE
        if not block.rows:
            if value_like(token) or (not known and short and self._whole(block)):
                block.rows.append(Row(token, ()))
            elif token.text and (known or len(token.plain) <= LONGEST_RESULT):
                block.header.append(token)
                return None
            elif token.text:
                return self._stops()
            else:
                block.gaps += token.row < 0
                return None
        if token.text and not value_like(token) and (known or not short):
            block.strays.append(token)
            return self._stops()
        block.rows[-1].values.append(token)
        return None

    def _whole(self, block: Block) -> bool:
        """The header has all its results: blank cells behind it are padding or the first values, told apart later."""
        leaves = sum(1 for t in block.header if not (t.named("group", "review") or t.named("row", "review")))
        return leaves in STRIPS and not any(t.named("column", "review") for t in self._ahead(16))
