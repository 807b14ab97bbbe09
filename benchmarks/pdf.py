"""Tables of PDF reports, full path, against pdfplumber's tables alone."""

from __future__ import annotations

import io
import random
from functools import cache

from benchmarks.bars import Bar, Bench, Measured, pairs
from loaders.report import Report, Source, read
from tests import gluing, pdfs
from tests.mutating import said
from tests.truth import Key

REPORTS = 6


@cache
def made(count: int) -> list[tuple[bytes, dict[Key, str]]]:
    """PDF files with the cells that are printed in them."""
    found = []
    for n in range(count):
        cells = gluing.figures(random.Random(n), "2021", 900)  # noqa: S311 - the same for everybody
        found.append((pdfs.pdf(pdfs.report(cells, "2021")), cells))
    return found


def wrong(files: list[tuple[bytes, dict[Key, str]]]) -> tuple[int, int]:
    """Cells that are not as printed and carry no doubt, rows that were not read included; and cells read right."""
    bad = right = 0
    for data, cells in files:
        report = read(Source("a.pdf", data))
        facts = {(f.code, f.applicant or ""): f for f in report.facts} if isinstance(report, Report) else {}
        for key, text in cells.items():
            fact, cell = facts.get(key), said(text)
            money = key[0].endswith((".amount", ".fees"))  # the form's header gives another unit
            same = fact is not None and (
                fact.raw == text if money else (fact.state, fact.value) == (cell.state, cell.value)
            )
            bad += not same
            right += same
    return bad, right


def run(rounds: int, size: int) -> Measured:
    """Processor time of a file against pdfplumber's extract_tables on all its pages."""
    import pdfplumber  # noqa: PLC0415

    files = made(size or REPORTS)
    bad, right = wrong(files)

    def ours() -> None:
        for data, _ in files:
            read(Source("a.pdf", data))

    def peer() -> None:
        for data, _ in files:
            with pdfplumber.open(io.BytesIO(data)) as file:
                for page in file.pages:
                    page.extract_tables()

    ratio, mine, theirs = pairs(ours, peer, rounds)
    n = len(files)
    told = f"{n} made files of {right / n:.0f} cells: {mine / n * 1e3:.0f} ms, peer {theirs / n * 1e3:.0f} ms"
    return Measured(ratio, told, bad)


BENCH = Bench(Bar("PDF reports, full path, every row right", "pdfplumber.extract_tables alone", 1, 0.3), run)
