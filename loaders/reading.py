"""A document becomes a reading: its tables, each whole or refused, and the vintage of the form they follow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from codebook import book
from loaders import tables
from loaders.glue import glued, patterns
from loaders.glue.cuts import Budget
from loaders.glue.squeezed import Squeezed, squeeze
from loaders.grids import Document, Grid
from loaders.labels import plain, plain_text
from loaders.lists import listed
from loaders.tables import TableReading
from loaders.walk import Block, Token, blocks, tokens

LAST_RESORT = "word"
INCURABLE = {"", "TEXT_ENDS", "REPEATED_LINES"}  # what another layout of the same text can't mend
LEFT_ALONE = {"REPEATED_LINES", "TABLE_TWICE"}  # refused for what the text lost or says twice, not for its layout
GLUED = "glued"
MANY_LABELS, MOST = 7, 0.6  # the request and review tables; a smaller one has words that stand in any prose
MARK_LENGTH = 5  # a row label shorter than this may stand in any prose: no proof that a table was printed


@dataclass(frozen=True, slots=True)
class Again:
    """A table that was met before: where it stands, and whether its values are the same."""

    table: str
    start: int
    same: bool


@dataclass(slots=True)
class Reading:
    """All tables of a document; `form` is "" where no table told it, `layout` names the text layout used."""

    tables: dict[str, TableReading] = field(default_factory=dict)
    form: str = ""
    layout: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)

    @property
    def cells(self) -> int:
        """How many cells were read."""
        return sum(len(table.cells) for table in self.tables.values())

    @property
    def forms(self) -> set[str]:
        """The vintages that the tables read may follow; a table's own decides which rules apply to it."""
        return {form for table in self.tables.values() if table.cells and table.layout for form in table.layout.forms}

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where tables stand in the text."""
        return sorted((table.start, table.end) for table in self.tables.values() if table.end)


def read(document: Document) -> Reading:
    """The best reading among the layouts that the document allows; earlier layouts win ties."""
    best, lost = Reading(), dict[str, TableReading]()
    for grid in document.grids:
        if grid.layout == LAST_RESORT and best.cells:
            break  # cells parted by spaces only: 12 345 in a cell of its own would become two
        found = tokens(grid)
        if grid.blanks and not _marked(found):
            continue
        reading = _read_grid(grid, found)
        if grid.blanks:
            lost |= {name: table for name, table in reading.tables.items() if table.reason == "ROW_CELLS"}
        else:  # a row that marks show to have a cell too many or too few is not whole because its blanks are not seen
            reading.tables |= {name: lost[name] for name in reading.tables.keys() & lost.keys()}
        if not best.layout or (reading.cells, len(reading.tables)) > (best.cells, len(best.tables)):
            best = reading
        if grid.exact and reading.tables:
            break  # a table refused for a missing cell must not be read by a layout that sees no cells
        if best.cells and not any(table.reason not in INCURABLE for table in best.tables.values()):
            break
    flat = plain_text(document.text)
    if _glued(best, document.text, flat):
        best.form = _form(best)
    _listed(best, document.text, flat)
    best.form = best.form or _form(best)
    _fill(best, document.text)
    return best


def _marked(found: list[Token]) -> bool:
    """Whether the layout's marks stand in the tables, and not only in the chrome of the site around them."""
    labels = [token for token in found if token.names]
    return 2 * sum(token.closed for token in labels) >= len(labels)


def _read_grid(grid: Grid, walked: list[Token]) -> Reading:
    reading = Reading(layout=grid.layout)
    found = blocks(walked)
    repeated = not grid.blanks and _lines_removed(found)
    for block in found:
        last = block is found[-1]
        for table in tables.read(block, grid.blanks, last, grid.exact):
            table.hollow = table.status == "incomplete" and not _filled(block)
            if repeated:
                _refuse(table, "REPEATED_LINES", "网页文本去掉了重复的行，单元格已不完整")
            _add(reading, table)
    reading.form = _form(reading)
    return reading


def _filled(block: Block) -> bool:
    return bool(block.orphans) or any(value.text for row in block.rows for value in row.values)


def _lines_removed(found: list[Block]) -> bool:
    """Crawlers that drop repeated lines leave the header word 信息内容 once for several tables."""
    headed = [block for block in found if block.family == "proactive"]
    labels = {n.table for block in headed for row in block.rows for n in row.names if n.table.startswith("proactive")}
    return sum(block.corner for block in headed) == 1 and len(labels) >= 2


def _refuse(table: TableReading, reason: str, detail: str) -> None:
    table.status, table.reason, table.detail, table.cells = "incomplete", reason, detail, []


def _add(reading: Reading, table: TableReading) -> None:
    """One table once: the same values twice are one table, different ones refuse both, and so does a refused one."""
    known = reading.tables.get(table.table)
    if known is None or known.hollow:
        reading.tables[table.table] = table
        return
    if table.hollow:
        return
    same = [(c.measure.code, c.applicant, c.text) for c in known.cells] == [
        (c.measure.code, c.applicant, c.text) for c in table.cells
    ]
    reading.again.append(Again(table.table, table.start, same))
    if known.status != "incomplete" or table.status != "incomplete":
        if not same:
            _refuse(known, "TABLE_TWICE", "同一张表出现两次，数值不同")
        reading.notes.append(("TABLE_TWICE", table.table))


def _listed(reading: Reading, text: str, flat: str) -> None:
    """Add the lists of before 2019 that a text holds."""
    found, layout = listed.read(text, flat, alone=not reading.cells)
    if found and not reading.cells:
        reading.form, reading.layout = "", layout or reading.layout
    reading.tables |= {table.table: table for table in found}


def _glued(reading: Reading, text: str, flat: str) -> bool:
    """Read tables whose labels are all printed and whose cells ran together; whether there was one.

    A table that a layout shows is never overridden. Tables all blank are believed only where no table has a figure:
    sites that drop repeated lines leave labels without their zeros, too.
    """
    found = list[TableReading]()
    squeezed: Squeezed | None = None
    for name in book().tables:
        known = reading.tables.get(name)
        if known is not None and (known.status != "incomplete" or known.reason in LEFT_ALONE):
            continue
        if patterns.likely(name, flat):
            squeezed = squeezed or squeeze(text)
            table = glued.read(name, squeezed, Budget())
            found += [table] if table else []
    filled = reading.cells or any(table.status == "read" for table in found)
    for table in found:
        if table.status == "blank" and filled:
            _refuse(table, "GLUED_BLANKS", "别的表有数值，这张表的标题之间却没有：空白还是缺失无法判断")
        reading.tables[table.table] = table
    if any(table.cells for table in found):
        reading.layout = f"{reading.layout}+{GLUED}" if reading.cells > sum(len(t.cells) for t in found) else GLUED
    return bool(found)


def _form(reading: Reading) -> str:
    """The vintage that most tables follow; tables read count first, refused ones whose header is clear help."""
    votes: Counter[str] = Counter()
    for table in reading.tables.values():
        for form in table.layout.forms if table.layout else ():
            votes[form] += 100 if table.status in {"read", "blank"} else 1
    order = [*book().forms, *book().older]
    return max(votes, key=lambda form: (votes[form], -order.index(form)), default="")


def _fill(reading: Reading, text: str) -> None:
    """Tables not found: not on this form, absent, or there but with its cells run together."""
    squeezed = "" if reading.form else plain_text(text)
    reading.form = reading.form or _printed_form(squeezed)
    on_form = book().on_form(reading.form) if reading.form else ()
    for name in book().tables:
        if name in reading.tables:
            continue
        status = "absent" if not reading.form or name in on_form else "not_on_form"
        table = TableReading(name, status)
        if status == "absent":
            squeezed = squeezed or plain_text(text)
            if _printed(name, reading.form, squeezed):
                _refuse(table, "CELLS_RUN_TOGETHER", "表的标题在文中，但单元格连成一片，无法逐格读取")
            elif _torn(name, reading.form, squeezed):
                _refuse(table, "LABELS_TORN", "表的多数标题在文中，其余残缺，无法逐格读取")
        reading.tables[name] = table


def _printed_form(squeezed: str) -> str:
    """The vintage whose tables' labels all stand in a text, where two or more do; "" where none is clear."""
    counts = {form: sum(_printed(name, form, squeezed) for name in book().on_form(form)) for form in book().forms}
    best = max(counts, key=lambda form: counts[form])
    return best if counts[best] >= 2 else ""


def _printed(name: str, form: str, squeezed: str) -> bool:
    """Whether all labels of a table stand in the text, whatever stands between them."""
    for layout in book().layouts[name]:
        if form and form not in layout.forms:
            continue
        labels = [plain(line.label) for line in (*layout.rows, *layout.columns)]
        if max(map(len, labels)) >= MARK_LENGTH and all(label in squeezed for label in labels):
            return True
    return False


def _torn(name: str, form: str, squeezed: str) -> bool:
    """Whether most labels of a large table stand in the text: it is there, though broken, and not absent."""
    for layout in book().layouts[name]:
        labels = {plain(line.label) for line in (*layout.rows, *layout.columns)}
        if (not form or form in layout.forms) and len(labels) >= MANY_LABELS:
            return sum(label in squeezed for label in labels) >= MOST * len(labels)
    return False
