"""A hundred thousand damaged reports: kinds of damage × containers × forms, each right, doubted, refused, never silent.

    python -m tests.mutation_matrix --count 100000 [--workers 2] [--seed 0] [--containers text,html,docx]
        [--from-batch 0]

A batch is one made-up report in one container with BATCH mutants; its number and the seed tell everything about it,
so that `--batch N` repeats it alone and `--from-batch N` goes on where a run with the same seed ended. Prints kinds,
containers and forms × outcomes, the sum of each outcome, each silent wrong value with its batch, and the batch to go
on from; the exit code is 1 where a value is silently wrong.

right            every value is the true one
as shown         a blank, dash or word where the copy shows that
doubted          what is wrong carries a doubt
refused          a table or the document is not read
no sum covers    another number, as the copy says, in a cell that no sum of the form covers
all sums hold    another number, as the copy says, and every sum of the form holds with it
SILENT           anything else: a wrong value without a doubt
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, partial

from codebook import book
from loaders import report
from loaders.report import Quarantined, Source
from tests import mutating, pdf_damage, pdfs, render_docx, render_xlsx, sheet_damage, sheet_tables, showing
from tests.filling import FEW, balanced, filled
from tests.gluing import Style, figures, glue
from tests.mutating import Mutant, said
from tests.pieces import Document, document, identities
from tests.rendering import LAYOUTS, Dress, places
from tests.sheet_tables import Tables
from tests.test_html import mutants as page_mutants
from tests.test_mutations import Said, judge
from tests.test_office_mutations import sheet_mutants, word_mutants
from tests.truth import Cell, Key

BATCH = 20
WAVE = 16  # batches a worker
SHARES = {"text": 72, "csv": 7, "html": 8, "markdown": 5, "xlsx": 4, "docx": 2, "glued": 1, "pdf": 1}  # of batches
OUTCOMES = ("right", "as shown", "doubted", "refused", "no sum covers", "all sums hold", "SILENT")
UNDETECTABLE = ("no sum covers", "all sums hold")  # the copy says so, and nothing in it speaks against it
WORSE = {name: n for n, name in enumerate(("unchanged", "refused", "doubted", "as shown", "undetectable", "SILENT"))}
VAGUE = "cell and | a line, colspan rest as |||"  # a blank at the end of a line looks like the rest of a merged cell
GLUED = ("2019", "2021", "zhejiang2019")
DRESSES = (Dress(), Dress(), Dress(1, alias=True), Dress(2, wide=True), Dress(3, broken=True), Dress(4, note=False))
MARK_LINES = "a cell a line, then a line of |"
ALL = tuple(book().tables)
LOST = {"drop_text", "move_text", "move_rule", "hide_text"}  # the page shows no number there any more, or elsewhere
Truth = dict[Key, Cell]
BLANK = Cell("", "blank", None)
Case = tuple[str, bytes, Sequence[sheet_tables.Said]]  # kind, the mutant, what it says


@dataclass(slots=True)
class Tally:
    """What came of many mutants."""

    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    containers: dict[str, Counter[str]] = field(default_factory=dict)
    forms: dict[str, Counter[str]] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)
    next: int = 0  # the batch behind the last one counted

    def count(self, kind: str, container: str, form: str, outcome: str) -> None:
        for table, name in ((self.kinds, kind), (self.containers, container), (self.forms, form)):
            table.setdefault(name, Counter())[outcome] += 1

    def add(self, other: Tally) -> None:
        for mine, theirs in (
            (self.kinds, other.kinds),
            (self.containers, other.containers),
            (self.forms, other.forms),
        ):
            for name, counts in theirs.items():
                mine.setdefault(name, Counter()).update(counts)
        self.silent += other.silent

    @property
    def total(self) -> int:
        return sum(counts.total() for counts in self.kinds.values())


def drawn(chance: random.Random, form: str, blanks: bool, largest: int = 999_999) -> Truth:
    """A made-up report: figures small and large, zeros, dashes, blanks, units, remarks."""
    share = chance.choice((0.0, 0.05, 0.4))
    counts = [chance.randint(0, largest) if chance.random() < share else chance.choice(FEW) for _ in range(250)]
    often = chance.choice((8, 24, 32))
    styles = (chance.randrange(often) for _ in range(300))
    found: Truth = filled(chance, form, balanced(iter(counts), form), blanks, styles)
    for key in chance.sample(sorted(found), 3):
        cell = found[key]
        if cell.raw.isdigit() and not key[0].endswith(".amount") and cell.state == "number":
            found[key] = replace(cell, raw=cell.raw + chance.choice(("（含结转）", "(较上年持平)")))
    return found


def told(data: bytes, truth: Truth) -> list[Said] | Quarantined:
    """The facts of the tables. An amount whose unit no cell prints is held by its text: the unit is inferred from
    other cells, which test_units.py holds."""
    found = report.read(Source("synthetic", data, synthetic=True))
    if isinstance(found, Quarantined):
        return found
    facts = []
    for fact in found.facts:
        if fact.table == "narrative":
            continue
        key, value = (fact.code, fact.applicant or ""), fact.value
        true = truth.get(key)
        if book().measures[fact.code].kind == "money" and fact.unit_source != "printed" and true is not None:
            same = "".join(fact.raw.split()) == "".join(true.raw.split())
            value = true.value if same else said(fact.raw).value
        facts.append(Said(key, fact.state, value, bool(fact.doubt)))
    return facts


def outcome(data: bytes, doc: Document, readings: Sequence[sheet_tables.Said]) -> tuple[str, tuple[str, ...]]:
    """What became of a mutant that says one of `readings`, and the cells read wrongly."""
    facts = told(data, dict(doc.truth))
    if isinstance(facts, Quarantined):
        return "refused", ()
    alone = {**doc.truth, **dict.fromkeys(_alone(doc.form), BLANK)}
    found = [(judge(facts, doc, Mutant("", reading)), reading) for reading in (*readings, alone, None)]
    best, reading = min(found, key=lambda pair: WORSE[pair[0].outcome])
    if best.outcome == "undetectable" and reading is not None:
        covered = {key for one in identities(doc.form) for key in one}
        differs = {
            f.key
            for f in facts
            if f.key in doc.truth
            and not f.doubted
            and f.state == "number"
            and (f.state, f.value) != _pair(doc.truth.get(f.key))
        }
        return ("all sums hold" if differs & covered else "no sum covers"), ()
    return {"unchanged": "right"}.get(best.outcome, best.outcome), best.wrong


@cache
def _alone(form: str) -> tuple[Key, ...]:
    """The cells that stand alone in their row, or in the one row of a table: with its values gone the table is a form
    that nobody filled in."""
    where = places(form)
    rows = Counter(place[:2] for place in where.values())
    tables = Counter(table for table, _ in rows)
    return tuple(
        key for key, place in where.items() if rows[place[:2]] == 1 or tables[place[0]] == 1 or place[0] == "review"
    )


def _pair(cell: Cell | None) -> tuple[str, float | None] | None:
    return (cell.state, cell.value) if cell else None


def run(seed: int, containers: Sequence[str], batch: int) -> Tally:
    """One batch."""
    chance = random.Random(f"{seed} {batch}")  # noqa: S311 - the same for everybody
    container = chance.choices(containers, [SHARES[name] for name in containers])[0]
    form = chance.choice(GLUED if container == "glued" else tuple(book().forms))
    doc, cases = MAKERS[container](chance, form)
    tally = Tally()
    for number, (kind, data, readings) in enumerate(cases):
        what, wrong = outcome(data, doc, readings)
        tally.count(kind, container, form, what)
        if what == "SILENT":
            tally.silent.append(f"--seed {seed} --batch {batch} (mutant {number}): {doc.name}: {kind}: {wrong[:3]}")
    return tally


def _bare(name: str, form: str, truth: Truth) -> Document:
    return Document(name, form, ALL, "", True, (), truth, {}, {}, {})


def _damaged(chance: random.Random, form: str, truth: Truth, show: showing.Show, count: int) -> Iterator[Case]:
    """The report as it is, then damaged tables printed."""
    dress = chance.choice(DRESSES)
    yield "(none)", show(Tables(truth, form, dress).sheets(), form), []
    for kind in chance.choices(list(sheet_damage.KINDS.values()), k=count - 1):
        tables = Tables(truth, form, dress)
        readings = kind(tables, chance)
        if readings is not None:
            yield kind.__name__, show(tables.sheets(), form), readings


Made = tuple[Document, Iterator[Case]]


def _text(chance: random.Random, form: str) -> Made:
    """A text layout: damage to the tables before they are written, or to the pieces of the written text."""
    layout = chance.choice(list(LAYOUTS.values()))
    truth = drawn(chance, form, layout.blanks and layout.name != VAGUE and chance.random() < 0.4)
    name = f"{form}, {layout.name}"
    if chance.random() < 0.5:
        return _bare(name, form, truth), _damaged(chance, form, truth, showing.in_text(layout.name), BATCH)
    text = showing.text(Tables(truth, form, chance.choice(DRESSES)).sheets(), form, layout)
    doc = replace(document(name, text, ALL), truth=truth)
    return doc, _pieces(chance, doc)


def _pieces(chance: random.Random, doc: Document) -> Iterator[Case]:
    for kind in chance.choices(list(mutating.KINDS.values()), k=BATCH):
        mutant = kind(doc, chance)
        if mutant is not None:
            readings = [mutant.labelled] if mutant.labelled is not None else []
            if doc.name.endswith(MARK_LINES):
                # A cell's mark is a line of its own and stays where its value goes: the copy shows a blank there.
                if kind.__name__ == "merge_cells":
                    continue  # 0 and 2 as 02 beside a blank: the damage to tables has it, and says what the copy says
                if kind.__name__ in {"drop_cell", "shift_cell"}:
                    readings.append(dict.fromkeys(doc.truth, BLANK))
            yield kind.__name__, mutant.text.encode(), readings


def _shown(show: Callable[[random.Random], showing.Show], name: str, largest: int = 999_999) -> Callable[..., Made]:
    def make(chance: random.Random, form: str) -> Made:
        truth = drawn(chance, form, chance.random() < 0.5, largest)
        return _bare(f"{form}, {name}", form, truth), _damaged(chance, form, truth, show(chance), BATCH)

    return make


def _own(
    show: Callable[[random.Random], showing.Show],
    name: str,
    own: Callable[[random.Random, str, Truth], Iterator[tuple[str, bytes]]],
    largest: int = 999_999,
) -> Callable[..., Made]:
    """Half of the batch damages tables, half what only this container has."""

    def make(chance: random.Random, form: str) -> Made:
        truth = drawn(chance, form, chance.random() < 0.5, largest)

        def cases() -> Iterator[Case]:
            yield from _damaged(chance, form, truth, show(chance), BATCH // 2)
            for kind, data in own(chance, form, truth):
                readings = [dict.fromkeys(truth, BLANK)] if kind in LOST else []
                yield f"{name}: {kind}", data, readings

        return _bare(f"{form}, {name}", form, truth), cases()

    return make


def _page_faults(chance: random.Random, form: str, truth: Truth) -> Iterator[tuple[str, bytes]]:
    page = showing.html(Tables(truth, form, Dress()).sheets(), form).decode()
    for kind, mutant in chance.sample(page_mutants(page, chance), BATCH // 2):
        yield kind, mutant.encode()


def _word_faults(chance: random.Random, form: str, truth: Truth) -> Iterator[tuple[str, bytes]]:
    body = showing.docx_body(Tables(truth, form, Dress()).sheets(), form)
    for kind, mutant in chance.sample(list(word_mutants(body, chance)), BATCH // 2):
        yield kind, render_docx.docx(mutant)


def _sheet_faults(chance: random.Random, form: str, truth: Truth) -> Iterator[tuple[str, bytes]]:
    page = showing.xlsx_page(Tables(truth, form, Dress()).sheets(), form)
    for _ in range(BATCH // 2):
        kind, mutant = chance.choice(list(sheet_mutants(page, chance)))
        yield kind, render_xlsx.xlsx({"表": mutant}, formats=(*render_xlsx.FORMATS, "yyyy-mm-dd"))


def _print_faults(chance: random.Random, form: str, truth: Truth) -> Iterator[tuple[str, bytes]]:
    pages = showing.pages(Tables(truth, form, Dress()).sheets(), form)
    kinds = [kind for name, kind in pdf_damage.KINDS.items() if name not in {"change_digit", "swap_numbers"}]
    for kind in chance.sample(kinds, BATCH // 2):
        yield kind.__name__, pdfs.pdf(kind(pages, chance), packed=True)


def _glued(chance: random.Random, form: str) -> Made:
    """Cells that ran together: figures change, cells go or stand twice."""
    cells = figures(chance, form, chance.choice((3, 30, 300)))
    truth = {key: said(text) for key, text in cells.items()}
    style = Style(
        between=chance.choice((0.0, 0.5, 1.0)), behind_row=chance.choice(("", "\n")), seed=chance.randrange(999)
    )

    def cases() -> Iterator[Case]:
        yield "(none)", glue(cells, form, style).encode(), []
        for _ in range(BATCH - 1):
            key, other = chance.sample(sorted(cells), 2)
            kind = chance.choice(("edit", "drop_cell", "double_cell", "swap_far", "drop_character", "double_character"))
            changed = dict(cells)
            match kind:
                case "edit":
                    changed[key] = chance.choice(("0", "1", "10", "12", "101", "500"))
                case "drop_cell":
                    changed[key] = ""
                case "double_cell":
                    changed[key] *= 2
                case "swap_far":
                    changed[key], changed[other] = cells[other], cells[key]
            text = glue(changed, form, style)
            if kind.endswith("character"):
                at = chance.randrange(text.index("三、收到") if "三、收到" in text else 0, len(text))
                text = text[:at] + text[at + 1 :] if kind == "drop_character" else text[:at] + text[at] + text[at:]
            yield f"glued: {kind}", text.encode(), [{k: said(v) for k, v in changed.items()}]

    return _bare(f"{form}, glued", form, truth), cases()


def _one_of(*names: str) -> Callable[[random.Random], showing.Show]:
    return lambda chance: showing.CONTAINERS[chance.choice(names)]


MAKERS: dict[str, Callable[[random.Random, str], Made]] = {
    "text": _text,
    "csv": _shown(_one_of("csv", "csv", "csv gb18030"), "csv"),
    "markdown": _shown(_one_of("markdown"), "markdown"),
    "html": _own(_one_of("html utf-8", "html gb18030", "html from Word", "html in paragraphs"), "html", _page_faults),
    "docx": _own(_one_of("docx", "docx, controls and tracked changes"), "docx", _word_faults),
    "xlsx": _own(_one_of("xlsx", "xlsx, shared texts, formulas"), "xlsx", _sheet_faults),
    "pdf": _own(_one_of("pdf", "pdf, thin boxes, low pages"), "pdf", _print_faults, largest=99),
    "glued": _glued,
}


def matrix(
    count: int, seed: int = 0, containers: Sequence[str] = tuple(SHARES), workers: int = 1, first: int = 0
) -> Tally:
    """Batches from the first on until `count` mutants are judged; the same ones for any number of workers."""
    tally, work = Tally(next=first), partial(run, seed, tuple(containers))
    if workers == 1:
        while tally.total < count:
            tally.add(work(tally.next))
            tally.next += 1
        return tally
    wave = workers * WAVE
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:  # a dead worker ends the run
        while tally.total < count:
            for one in pool.map(work, range(tally.next, tally.next + wave), chunksize=2):
                if tally.total < count:
                    tally.add(one)
                    tally.next += 1
    return tally


def table(title: str, rows: dict[str, Counter[str]]) -> str:
    """Names × outcomes."""
    wide = max(map(len, rows)) + 2
    lines = [title.ljust(wide) + "".join(name.rjust(15) for name in OUTCOMES)]
    for name in sorted(rows):
        lines.append(name.ljust(wide) + "".join(str(rows[name][what] or ".").rjust(15) for what in OUTCOMES))
    total = sum(rows.values(), Counter[str]())
    return "\n".join([*lines, "all".ljust(wide) + "".join(str(total[what]).rjust(15) for what in OUTCOMES)])


def sums(tally: Tally) -> str:
    """How many mutants there are and what became of them; what no reader can tell is counted apart."""
    of = sum(tally.kinds.values(), Counter[str]())
    told = [name for name in OUTCOMES if name not in UNDETECTABLE]
    lines = [f"{tally.total} mutants, of which {sum(of[name] for name in told)} can be told:"]
    lines += [f"    {of[name]:>7} {name}" for name in told]
    lines.append(f"{sum(of[name] for name in UNDETECTABLE)} say another number as a whole report would:")
    lines += [f"    {of[name]:>7} {name}" for name in UNDETECTABLE]
    return "\n".join(lines)


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description="Damage made-up reports and hold what is read against what is true.")
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--containers", default=",".join(SHARES))
    options.add_argument("--from-batch", type=int, default=0, help="go on with this batch")
    options.add_argument("--batch", type=int, help="only this batch")
    chosen = options.parse_args()
    containers, started = chosen.containers.split(","), time.monotonic()
    if unknown := set(containers) - set(SHARES):
        options.error(f"no such container: {', '.join(sorted(unknown))}")
    tally = (
        matrix(chosen.count, chosen.seed, containers, chosen.workers, chosen.from_batch)
        if chosen.batch is None
        else run(chosen.seed, containers, chosen.batch)
    )
    took = time.monotonic() - started
    for title, rows in (("kind", tally.kinds), ("container", tally.containers), ("form", tally.forms)):
        print(table(title, rows) + "\n")
    print(sums(tally))
    print(f"{tally.total} mutants, {took:.0f} s, {tally.total / took:.0f} a second, {len(tally.silent)} silently wrong")
    print(*tally.silent, sep="\n")
    if chosen.batch is None:
        print(f"goes on with --seed {chosen.seed} --from-batch {tally.next}")
    return 1 if tally.silent else 0


if __name__ == "__main__":
    raise SystemExit(main())
