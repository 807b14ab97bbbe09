"""Ready sheets → a document of any container: what tests.rendering and its sisters print, also of damaged sheets."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape

from codebook import book
from tests import pdfs, render_docx, render_html, render_xls, render_xlsx
from tests.rendering import LATER_SECTIONS, LAYOUTS, SECTIONS, SYNTHETIC, Sheet, TextLayout

FAMILIES = ("proactive", "requests", "review")
HEADINGS = (*SECTIONS[1:], LATER_SECTIONS[0])
BEHIND = (LATER_SECTIONS[1], "本报告为测试而作，数字均非真实。", LATER_SECTIONS[2], "无。")
Show = Callable[[Sequence[Sheet], str], bytes]


def before(form: str) -> list[str]:
    """The lines above the tables."""
    year = book().forms[form].span[0] + 1
    return [
        f"合成示例局{year}年政府信息公开工作年度报告（{SYNTHETIC}）",
        SECTIONS[0],
        "本报告为测试而作，数字均非真实。",
    ]


def _sections(found: Sequence[Sheet]) -> list[tuple[str, list[Sheet]]]:
    return [
        (heading, [sheet for sheet in found if sheet.table.startswith(family)])
        for heading, family in zip(HEADINGS, FAMILIES, strict=True)
    ]


def text(found: Sequence[Sheet], form: str, layout: TextLayout) -> str:
    """A report in a text layout; line breaks inside cells as the layout shows them."""
    end = " " if layout.whole else "\n"
    tables = "".join(
        heading + end + "".join(layout.write(_inside(sheet, layout.inside)) for sheet in some)
        for heading, some in _sections(found)
    )
    return "\n".join([*before(form), tables, *BEHIND, ""])


def _inside(sheet: Sheet, gap: str) -> Sheet:
    rows = tuple(
        tuple(type(box)(box.text.replace("\n", gap), box.span, box.covered) for box in row) for row in sheet.rows
    )
    return Sheet(sheet.table, sheet.width, rows)


def markdown(found: Sequence[Sheet], form: str) -> str:
    """A report as a converter writes Markdown: headings, bold labels, tables with a line below the first row."""
    lines = ["# " + before(form)[0], *before(form)[1:]]
    for heading, some in _sections(found):
        lines += ["## " + heading, ""]
        lines += [LAYOUTS["Markdown"].write(_inside(sheet, "<br>")) for sheet in some]
    return "\n".join([*lines, "## " + BEHIND[0], *BEHIND[1:], ""])


def _escaped(text: str) -> str:
    return escape(text)


def html(found: Sequence[Sheet], form: str, charset: str = "utf-8", kind: str = "plain") -> bytes:
    """A report as a page."""
    writers: dict[str, render_html.Write] = {"word": render_html.soup, "broken": render_html.paragraphs}
    write = writers.get(kind, _escaped)
    parts = [f"<h1>{before(form)[0]}</h1>", *(f"<p>{line}</p>" for line in before(form)[1:])]
    for heading, some in _sections(found):
        parts += [f"<p><strong>{heading}</strong></p>", *(render_html.table(sheet, write) for sheet in some)]
    body = "\n".join([*parts, *(f"<p>{line}</p>" for line in BEHIND)])
    page = f'<!DOCTYPE html>\n<html><head><meta charset="{charset}"></head>\n<body>\n{body}\n</body></html>\n'
    return page.encode(charset)


def docx_body(found: Sequence[Sheet], form: str, look: render_docx.Look = render_docx.PLAIN) -> str:
    """The body of a report as a Word file."""
    parts = [render_docx.paragraph(render_docx.run(line)) for line in before(form)]
    for heading, some in _sections(found):
        parts.append(render_docx.paragraph(render_docx.run(heading)))
        parts.append("<w:p/>".join(render_docx.table(*render_docx.rows_of(sheet, look)) for sheet in some))
    return "".join([*parts, *(render_docx.paragraph(render_docx.run(line)) for line in BEHIND)])


def docx(found: Sequence[Sheet], form: str, look: render_docx.Look = render_docx.PLAIN) -> bytes:
    """A report as a Word file."""
    return render_docx.docx(docx_body(found, form, look), look=look)


def xlsx(found: Sequence[Sheet], form: str, look: render_xlsx.Look = render_xlsx.PLAIN) -> bytes:
    """A report as a workbook of one sheet."""
    page = render_xlsx.Page(look, strings := list[str]())
    _fill(page, found, form)
    return render_xlsx.xlsx({"表": page.xml}, strings, formats=(*render_xlsx.FORMATS, "yyyy-mm-dd"))


def xls(found: Sequence[Sheet], form: str, look: render_xlsx.Look = render_xlsx.PLAIN) -> bytes:
    """A report as a workbook of Excel 97-2003."""
    page = render_xls.Page(look)
    _fill(page, found, form)
    return render_xls.xls(page)


def _fill(page: render_xlsx.Page, found: Sequence[Sheet], form: str) -> None:
    """A report onto a worksheet."""
    width = max((sheet.width for sheet in found), default=1)

    def lines(texts: Sequence[str]) -> None:
        for line in texts:
            page.line([(0, width, line)], width)

    lines(before(form))
    for heading, some in _sections(found):
        lines([heading])
        for sheet in some:
            page.sheet(sheet)
            page.at += 1
    lines(BEHIND)


def xlsx_page(found: Sequence[Sheet], form: str) -> str:
    """The worksheet part of that workbook."""
    with zipfile.ZipFile(io.BytesIO(xlsx(found, form))) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def comma(found: Sequence[Sheet], form: str, mark: str = ",") -> str:
    """A report as CSV: merged cells are blank but for their first, rows equally wide."""
    width, file = max((sheet.width for sheet in found), default=1), io.StringIO()
    writer = csv.writer(file, delimiter=mark)

    def rows(some: Sequence[Sequence[str]]) -> None:
        writer.writerows([[*row, *[""] * (width - len(row))] for row in some])

    rows([[line] for line in before(form)])
    for heading, some in _sections(found):
        rows([[heading]])
        for sheet in some:
            rows([[cell for box in row for cell in (box.text, *[""] * (box.span - 1))] for row in sheet.rows])
    rows([[line] for line in BEHIND])
    return file.getvalue()


def pages(found: Sequence[Sheet], form: str, look: pdfs.Look = pdfs.Look()) -> pdfs.Pages:  # noqa: B008
    """A report as printed pages."""
    wide = [replace(one, width=max(one.width, *(sum(box.span for box in row) for row in one.rows), 0)) for one in found]
    return pdfs.set_pages(before(form)[0], before(form)[1:], _sections(wide), BEHIND, look)


def pdf(found: Sequence[Sheet], form: str, look: pdfs.Look = pdfs.Look()) -> bytes:  # noqa: B008
    """A report as PDF."""
    return pdfs.pdf(pages(found, form, look), look.rules, packed=True, tall=look.tall)


def in_text(layout: str, encoding: str = "utf-8") -> Show:
    """How a report is shown in a text layout and encoding."""
    return lambda found, form: text(found, form, LAYOUTS[layout]).encode(encoding)


CONTAINERS: dict[str, Show] = {
    "html utf-8": html,
    "html gb18030": partial(html, charset="gb18030"),
    "html from Word": partial(html, kind="word"),
    "html in paragraphs": partial(html, kind="broken"),
    "docx": docx,
    "docx, controls and tracked changes": partial(docx, look=render_docx.Look(controls=True, tracked=True)),
    "xlsx": xlsx,
    "xlsx, shared texts, formulas": partial(xlsx, look=render_xlsx.Look(shared=True, formulas=True)),
    "xls": xls,
    "xls, numbers as texts": partial(xls, look=render_xlsx.Look(texts=True)),
    "csv": lambda found, form: comma(found, form).encode(),
    "csv gb18030": lambda found, form: comma(found, form, ";").encode("gb18030"),
    "markdown": lambda found, form: markdown(found, form).encode(),
    "pdf": pdf,
    "pdf, thin boxes, low pages": partial(pdf, look=pdfs.Look(rules="bars", again=True, tall=560)),
}
