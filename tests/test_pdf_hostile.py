"""PDFs that are hostile or hold nothing to read: refused in time, each with its reason."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from loaders import report
from loaders.errors import BadStructure
from loaders.readers import pdf as reader
from loaders.report import Quarantined, Report, Source
from tests import pdfs
from tests.pdfs import Text
from tests.rendering import places
from tests.test_pdf import FILLER, TITLE, told

SECONDS = 15


def _forms() -> bytes:
    """Drawings that each draw the next one ten times: 10 to the 11th in all."""
    extra = []
    for n in range(12):
        names = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>" % (7 + n)
        extra.append(pdfs.stream(b"/X Do " * 10 if n < 11 else b"0 0 1 1 re f", names))
    return pdfs.assemble([b"/X Do"], extra=extra, resources=b"/XObject << /X 6 0 R >>")


def _bomb(layers: int) -> bytes:
    body = b" " * 160_000_000
    for _ in range(layers):
        body = zlib.compress(body, 1)
    filters = b"/Filter [%s]" % (b"/FlateDecode " * layers)
    return pdfs.assemble([b""], extra=[b"<< %s /Length %d >>\nstream\n%s\nendstream" % (filters, len(body), body)])


PLAIN = pdfs.pdf(pdfs.report(dict.fromkeys(places("2021"), "0"), "2021"))
LOCK = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (b"41" * 32, b"42" * 32)
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a picture only": (lambda: pdfs.assemble([b"0 0 500 800 re f"]), "NO_TEXT_LAYER"),
    "a page number only": (lambda: pdfs.pdf([[Text(300, 800, "- 1 -")]]), "NO_TEXT_LAYER"),
    "a scan with an unpainted layer": (
        lambda: pdfs.pdf([[replace(TITLE, before="3 Tr"), replace(FILLER, before="3 Tr")]]),
        "NO_TEXT_LAYER",
    ),
    "locked": (lambda: pdfs.assemble([b""], trailer=LOCK), "ENCRYPTED"),
    "cut in its middle": (lambda: PLAIN[: len(PLAIN) // 2], "TRUNCATED"),
    "cut at its end": (lambda: PLAIN[:-40], "TRUNCATED"),
    "head only": (lambda: b"%PDF-1.7\n%%EOF", "BROKEN_PDF"),
    "5,000 pages": (lambda: pdfs.assemble([b""] * 5_000), "TOO_LARGE"),
    "200,000 characters": (
        lambda: pdfs.assemble([b"BT /F1 1 Tf 1 1 Td " + b"<00310032> Tj " * 100_000 + b"ET"]),
        "TOO_LARGE",
    ),
    "120,000 boxes": (lambda: pdfs.assemble([b"0 0 1 1 re S " * 120_000]), "TOO_LARGE"),
    "drawings within drawings": (_forms, "TOO_LARGE"),
    "a stream that unpacks to 160 MB": (lambda: _bomb(1), "TOO_LARGE"),
    "a stream packed twice": (lambda: _bomb(2), "TOO_LARGE"),
    "pages within themselves": (lambda: PLAIN.replace(b"/Kids [", b"/Kids [2 0 R "), ""),
    "no pages": (lambda: PLAIN.replace(b"/Pages 2 0 R", b"/Pagez 2 0 R"), ""),
    "a count of two thousand million": (lambda: pdfs.assemble([b""]).replace(b"/Count 1 ", b"/Count 2147483647 "), ""),
    "a page of the size of a continent": (lambda: PLAIN.replace(b"[0 0 595 842]", b"[0 0 1e38 -1e38]"), ""),
}


@pytest.mark.parametrize(("build", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_or_useless_file_is_refused_in_time(build: Callable[[], bytes], reason: str) -> None:
    data = build()
    start = time.process_time()
    found = report.read(Source("synthetic.pdf", data, synthetic=True))
    assert time.process_time() - start < SECONDS
    if reason:
        assert isinstance(found, Quarantined)
        assert found.reason == reason
    elif isinstance(found, Report):
        assert {raw for _, _, raw in told(found).values()} <= {"0"}


def test_advice_stands_beside_a_scan() -> None:
    with pytest.raises(BadStructure, match="扫描"):
        reader.read(pdfs.assemble([b"0 0 500 800 re f"]))
