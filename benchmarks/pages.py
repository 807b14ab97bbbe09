"""HTML and Word reports, the full path, against a library that only gives back tables."""

from __future__ import annotations

import io

from benchmarks.bars import Bar, Bench, Measured, pairs
from benchmarks.documents import documents, wrong
from loaders.report import Source, read

REPORTS = 40


def _run(kind: str, peer_of: str, rounds: int, size: int) -> Measured:
    found = documents(kind, size or REPORTS)
    datas = [(path.name, path.read_bytes()) for path, _ in found]
    bad, right = wrong(found)

    def ours() -> None:
        for name, data in datas:
            read(Source(name, data))

    def peer() -> None:
        for _, data in datas:
            PEERS[peer_of](data)

    ratio, mine, theirs = pairs(ours, peer, rounds)
    n = len(found)
    told = f"{n} made reports of {right / n:.0f} cells: {mine / n * 1e3:.1f} ms, peer {theirs / n * 1e3:.1f} ms"
    return Measured(ratio, told, bad)


def _read_html(data: bytes) -> None:
    import pandas as pd  # noqa: PLC0415

    pd.read_html(io.StringIO(data.decode()), flavor="lxml")


def _python_docx(data: bytes) -> None:
    import docx  # noqa: PLC0415

    for table in docx.Document(io.BytesIO(data)).tables:
        [[cell.text for cell in row.cells] for row in table.rows]


PEERS = {"html": _read_html, "docx": _python_docx}
HTML = Bench(
    Bar("HTML reports, full path", "pandas.read_html alone", 0.6, 0.3), lambda r, s: _run("html", "html", r, s)
)
DOCX = Bench(Bar("Word reports, full path", "python-docx alone", 0.2, 0.1), lambda r, s: _run("docx", "docx", r, s))
