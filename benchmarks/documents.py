"""Made documents for the benchmarks of reading, on disk, with their truth; every reading is held against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.corpus.bodies import Bodies
from benchmarks.corpus.reports import Made, made
from loaders.report import Report, Source, read

SEED = 7
ENDINGS = {"text": "txt", "html": "html", "docx": "docx"}


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


@cache
def documents(kind: str, count: int, layouts: tuple[str, ...] = ()) -> tuple[tuple[Path, Made], ...]:
    """`count` whole made reports of a container, in the mix of layouts or in the `layouts` named."""
    found = list[tuple[Path, Made]]()
    first = 0
    while len(found) < count:
        for one in made(Bodies(SEED), first, 100):
            fits = one.container == kind and not one.damage and (not layouts or one.layout in layouts)
            if fits and len(found) < count:
                path = Path(_folder().name) / f"{one.number:08}.{ENDINGS[kind]}"
                path.write_bytes(one.document if isinstance(one.document, bytes) else one.document.encode())
                found.append((path, one))
        first += 100
    return tuple(found)


def wrong(found: Iterable[tuple[Path, Made]], reader: Callable[[Path], object] | None = None) -> tuple[int, int]:
    """Cells without a doubt that are not as the truth has them, and cells read right."""
    bad = right = 0
    for path, one in found:
        report = reader(path) if reader else read(Source(path.name, path.read_bytes()))
        for fact in report.facts if isinstance(report, Report) else ():
            cell = one.truth.get((fact.code, fact.applicant or ""))
            same = cell is not None and (cell.state, cell.value) == (fact.state, fact.value)
            bad += not same and not fact.doubt
            right += same
    return bad, right
