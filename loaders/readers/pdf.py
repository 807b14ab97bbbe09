"""PDF with a text layer → transcript. Tables are told by their rules; what is a picture or locked is refused.

pdfium draws the page for us (glyphs and rules); everything that decides stands in drawn, ruled, aligned, seams and margins.
"""

from __future__ import annotations

import pypdfium2
import pypdfium2.raw as pdfium

from loaders.errors import BadStructure
from loaders.grids import Sheet
from loaders.readers import aligned, drawn, margins, pdf_bounds, pdf_fonts, ruled, seams
from loaders.readers.drawn import UNKNOWN, Line, Page
from loaders.readers.pdf_page import Leaf
from loaders.readers.ruled import Table
from loaders.readers.seams import Flow

MOST_PAGES, MOST_GLYPHS = 300, 300_000
FEWEST = 60  # visible characters of a document: fewer are a stamp or a page number on scanned pages
MOST_UNKNOWN = 0.1
REASONS = {pdfium.FPDF_ERR_PASSWORD: "ENCRYPTED", pdfium.FPDF_ERR_SECURITY: "ENCRYPTED"}
ADVICE = "没有文字层，多半是扫描件：请向发布机关索取文字版，或经文字识别并人工核对后以文本载入"


def read(data: bytes) -> Sheet:
    """The transcript of a PDF. Raises BadStructure with ENCRYPTED, NO_TEXT_LAYER, UNMAPPED_GLYPHS, TOO_LARGE,
    TRUNCATED or BROKEN_PDF."""
    pdf_bounds.check(data)
    pdf_fonts.settle()
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if REASONS.get(getattr(error, "err_code", 0)):
            raise BadStructure("ENCRYPTED", "文件加了密码，无法打开") from None
        raise BadStructure("BROKEN_PDF", f"无法打开 PDF：{error}") from None
    try:
        return _sheet(_pages(document))
    finally:
        document.close()


def _pages(document: pypdfium2.PdfDocument) -> list[Page]:
    count = len(document)
    if not 0 < count <= MOST_PAGES:
        raise BadStructure("TOO_LARGE" if count else "BROKEN_PDF", f"{count} 页，最多 {MOST_PAGES} 页")
    found, glyphs = list[Page](), 0
    for index in range(count):
        try:
            page = _page(document, index)
        except pypdfium2.PdfiumError as error:
            raise BadStructure("BROKEN_PDF", f"第 {index + 1} 页无法打开：{error}") from None
        try:
            found.append(Leaf(page, index + 1).read())
        finally:
            page.close()
        glyphs += len(found[-1].glyphs)
        if glyphs > MOST_GLYPHS:
            raise BadStructure("TOO_LARGE", f"字符超过 {MOST_GLYPHS} 个")
    return found


def _page(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    """A page with filled-in form fields and typed remarks painted onto it: they are no part of its text else."""
    page = document[index]
    if not _painted_over(page, index + 1):
        return page
    if pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_FAIL:
        raise BadStructure("FORM_FIELDS", f"第 {index + 1} 页的表单域或批注无法读取")
    page.close()
    return document[index]


def _painted_over(page: pypdfium2.PdfPage, number: int) -> bool:
    """Whether remarks or fields lie on a page. Raises BadStructure where one holds text that nothing paints."""
    some = False
    for at in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, at)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        key = {pdfium.FPDF_ANNOT_WIDGET: b"V", pdfium.FPDF_ANNOT_FREETEXT: b"Contents"}.get(kind)
        painted = pdfium.FPDFAnnot_GetAP(note, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > 2
        silent = key is not None and not painted and pdfium.FPDFAnnot_HasKey(note, key)
        pdfium.FPDFPage_CloseAnnot(note)
        if silent:
            raise BadStructure("FORM_FIELDS", f"第 {number} 页有未显示的表单域或批注，请打印为新的 PDF")
        some = some or kind not in {pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP}
    return some


def _sheet(pages: list[Page]) -> Sheet:
    shown = [glyph.text for page in pages for glyph in page.glyphs]
    if len(shown) < FEWEST:
        raise BadStructure("NO_TEXT_LAYER", ADVICE)
    if shown.count(UNKNOWN) > MOST_UNKNOWN * len(shown):
        raise BadStructure("UNMAPPED_GLYPHS", "字体没有注明字符：文字层不可读")
    flows = []
    for page in pages:
        tables, free = ruled.tables(page)
        items: list[Line | Table] = [*tables, *drawn.lines(free)]
        items.sort(key=lambda item: item.y0 if isinstance(item, Table) else item.y)
        flows.append(Flow(page.number, page.width, page.height, items))
    margins.strip(flows)
    for flow in flows:
        flow.items = aligned.tables(flow.items)
    return seams.sheet(flows)
