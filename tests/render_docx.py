"""The forward model's sheets as a DOCX, its XML written by hand: merged cells as in the real form, and every trap.

A `Look` says how values and cells are dressed (content controls, tracked changes, hidden text, fields, split runs);
`zipped` and `part` build files of other kinds, broken ones too.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from tests.rendering import LATER_SECTIONS, SECTIONS, Box, Dress, Printed, Sheet, sheets

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is dressed; the values that a reader prints stay the same."""

    controls: bool = False  # w:sdt around runs, cells, rows and tables
    tracked: bool = False  # values as insertions beside a deleted 9, a deleted row above each first row
    hidden: bool = False  # a hidden 7 behind each text
    fields: bool = False  # values as results of a field
    split: bool = False  # a run for each character
    strict: bool = False  # the namespaces of ISO strict


PLAIN, UNDRESSED = Look(), Dress()


def run(text: str, properties: str = "") -> str:
    """A run of text; line breaks as w:br."""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r><w:rPr>{properties}</w:rPr>{lines}</w:r>"


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of ready runs."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def cell(content: str, span: int = 1, merge: str = "") -> str:
    """A cell of ready paragraphs; `merge` is "", restart or continue."""
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    tall = '<w:vMerge w:val="restart"/>' if merge == "restart" else "<w:vMerge/>" if merge else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="800" w:type="dxa"/>{wide}{tall}</w:tcPr>{content}</w:tc>'


def table(*rows: str) -> str:
    """A table of ready rows."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    """A row of ready cells."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def control(content: str, properties: str = "") -> str:
    """A content control around anything."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def text_cell(text: str, look: Look = PLAIN, span: int = 1, merge: str = "") -> str:
    """A cell with a text in it, dressed."""
    return cell(paragraph(_runs(text, look)), span, merge)


def _runs(text: str, look: Look) -> str:
    runs = "".join(run(char) for char in text) if look.split else run(text) if text else ""
    if look.fields and text:
        code = '<w:r><w:instrText xml:space="preserve"> =SUM(LEFT) 5 </w:instrText></w:r>'
        marks = [f'<w:r><w:fldChar w:fldCharType="{what}"/></w:r>' for what in ("begin", "separate", "end")]
        runs = marks[0] + code + marks[1] + runs + marks[2]
    if look.tracked:
        gone = "<w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>8</w:t></w:r></w:moveFrom>"
        runs = gone + (f'<w:ins w:id="1" w:author="a">{runs}</w:ins>' if runs else "")
    if look.controls and runs:
        runs = control(runs)
    return runs + (run("7", "<w:vanish/>") if look.hidden else "")


def rows_of(sheet: Sheet, look: Look = PLAIN) -> list[str]:
    """The rows of a sheet, merged cells as the real form has them."""
    places = list[dict[int, Box]]()
    for boxes in sheet.rows:
        at, found = 0, dict[int, Box]()
        for box in boxes:
            found[at] = box
            at += box.span
        places.append(found)
    rows = list[str]()
    for here, below in zip(places, [*places[1:], {}], strict=True):
        cells = []
        for n, (at, box) in enumerate(here.items()):
            begins = not box.covered and at in below and below[at].covered
            merge = "continue" if box.covered else "restart" if begins else ""
            made = text_cell(box.text, look, box.span, merge)
            cells.append(control(made) if look.controls and n % 2 else made)
        made = row(*cells)
        rows.append(control(made) if look.controls and len(rows) % 3 == 1 else made)
    if look.tracked:
        rows.insert(1, row(*[text_cell("6")] * sheet.width, properties='<w:del w:id="2" w:author="a"/>'))
    return rows


def body_of(
    printed: Printed,
    form: str,
    before: Sequence[str],
    behind: Sequence[str],
    look: Look = PLAIN,
    dress: Dress = UNDRESSED,
) -> str:
    """A whole report: paragraphs, the tables of a form under their headings, paragraphs."""
    found = sheets(printed, form, dress)
    parts = [_paragraphs(before)]
    for heading, family in zip((*SECTIONS[1:], LATER_SECTIONS[0]), ("proactive", "requests", "review"), strict=True):
        tables = [table(*rows_of(sheet, look)) for sheet in found if sheet.table.startswith(family)]
        made = "<w:p/>".join(tables)
        parts += [_paragraphs([heading]), control(made) if look.controls else made]
    return "".join([*parts, _paragraphs(behind)])


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(paragraph(run(text)) for text in texts)


def docx(body: str, parts: Mapping[str, str | bytes] | None = None, related: str = "", look: Look = PLAIN) -> bytes:
    """A DOCX of a ready body; `parts` are more members by name, `related` more relationships of the document."""
    root = f"{HEAD}<w:document {SPACES}><w:body>{body}</w:body></w:document>"
    return package(root.replace(W, STRICT) if look.strict else root, parts, related)


def package(
    root: str | bytes, parts: Mapping[str, str | bytes] | None = None, related: str = "", kind: str = MAIN
) -> bytes:
    """A package around a main part as it stands."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": relationships(
            '<Relationship Id="r1" Type="' + TYPE + 'officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": relationships(related),
        "word/document.xml": root,
    }
    return zipped(members | dict(parts or {}))


def relationships(lines: str) -> str:
    """A part of relationships."""
    return f'{HEAD}<Relationships xmlns="{RELATIONSHIPS}">{lines}</Relationships>'


def relationship(kind: str, target: str, mode: str = "") -> str:
    """One relationship; mode External for what stands elsewhere."""
    outside = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="r{kind}" Type="{TYPE}{kind}" Target="{target}"{outside}/>'


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """An archive of members in their order, the same bytes each time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
