"""PDF: what a printer sets reads as its truth, what is damaged is refused or doubted, what is hostile is bounded."""

from __future__ import annotations

import html
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import Phase, given, settings
from playwright.sync_api import Browser

from codebook import book
from loaders import report
from loaders.readers import pdf as reader
from loaders.readers import pdf_fonts
from loaders.readers.pdf_page import Leaf
from loaders.report import Quarantined, Report, Source
from tests import library, pdfs
from tests.filling import Filling, balanced, fillings
from tests.pdf_damage import KINDS, Kind
from tests.pdfs import Look, Mark, Pages, Stroke, Text
from tests.rendering import LATER_SECTIONS, SECTIONS, Dress, Sheet, places, sheets
from tests.truth import Key, disagreements, load

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "reports"
SHIPPED = library.TRANSCRIBED
LOOKS = {
    "rules as lines, page numbers": Look(),
    "rules as thin boxes, running head, header repeated": Look(
        rules="bars", head="合成示例局文件", number="{}", again=True
    ),
    "no outer rules, low pages": Look(sides=False, number="第{}页 共9页", tall=500),
    "bold twice, header repeated, very low pages": Look(bold=True, again=True, number="— {} —", tall=420),
}
BLANK_AS_SHOWN = {"drop_text", "move_text", "move_rule"}


def read(data: bytes) -> Report:
    """The report in a PDF; the test fails where it is none."""
    found = report.read(Source("synthetic.pdf", data, synthetic=True))
    assert isinstance(found, Report), found
    return found


def refused(data: bytes) -> str:
    """The reason why a PDF is not read."""
    found = report.read(Source("synthetic.pdf", data, synthetic=True))
    assert isinstance(found, Quarantined), "it was read"
    assert found.detail
    return found.reason


def told(found: Report) -> dict[Key, tuple[str, float | None, str]]:
    """State, value and raw text of every cell of a table."""
    return {(f.code, f.applicant or ""): (f.state, f.value, f.raw) for f in found.facts if f.table != "narrative"}


@cache
def made(form: str) -> dict[Key, str]:
    """Figures for a form whose sums hold, few of them zero."""
    chance = random.Random(form)  # noqa: S311 - the same for everybody
    numbers = balanced(iter(chance.choices((0, 0, 1, 2, 3, 7, 12, 45), k=250)), form)
    return {key: str(numbers.get(key) or 0) for key in places(form)}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
@pytest.mark.parametrize("form", book().forms)
def test_a_printed_report_reads_as_its_truth(form: str, look: Look) -> None:
    @settings(max_examples=2, phases=[Phase.generate])
    @given(fillings(form, blanks=True))
    def same(truth: Filling) -> None:
        printed = {key: cell.raw for key, cell in truth.items()}
        found = read(pdfs.pdf(pdfs.report(printed, form, look), look.rules, packed=True, tall=look.tall))
        assert [f"{t.table}: {t.reason}, {t.detail}" for t in found.reading.tables.values() if t.reason] == []
        assert told(found) == {key: (cell.state, cell.value, cell.raw) for key, cell in truth.items()}
        spans = [(f.start, f.end, f.raw) for f in found.facts if f.table != "narrative"]
        assert [raw for start, end, raw in spans if found.text[start:end] != raw] == []

    same()


def test_a_real_report_over_five_pages() -> None:
    path = SHARED / "001_hongze_2023.pdf"
    if not path.exists():
        pytest.skip("the real report in PDF is not here")
    found = read(path.read_bytes())
    facts = [vars_of(fact) for fact in found.facts if fact.table != "narrative"]
    wrong = disagreements(load(SHARED / "truth" / "001.csv"), facts)
    groups = ("reconsideration", "suit_after")  # their totals are printed as 0 beside 10 + 1 and 5
    assert [line for line in wrong if not ("doubted" in line and any(group in line for group in groups))] == []
    assert "洪泽" in (found.identity.agency or "")


def vars_of(fact: object) -> dict[str, object]:
    """A fact as a row."""
    names = ("code", "applicant", "state", "value", "unit_source", "raw", "doubt")
    return {name: getattr(fact, name) for name in names}


# --- printed by a browser ---------------------------------------------------------------------------------------

BORDERS = {
    "collapsed": "table{border-collapse:collapse} td{border:1px solid}",
    "spaced": "td{border:1px solid}",
    "thick, small, coloured": "table{border-collapse:collapse;font-size:9px} td{border:2px solid #888;background:#eef}",
}


def page_of(printed: dict[Key, str], form: str, style: str) -> str:
    """A report as a web page."""
    found = sheets(printed, form, Dress())
    parts = [f"<h1>合成示例局{book().forms[form].span[0] + 1}年政府信息公开工作年度报告</h1><p>{SECTIONS[0]}</p>"]
    for title, names in ((SECTIONS[1], "proactive"), (SECTIONS[2], "requests"), (LATER_SECTIONS[0], "review")):
        parts.append(f"<p>{title}</p>")
        parts += [_table(sheet) for sheet in found if sheet.table.startswith(names)]
    parts += [f"<p>{title}</p><p>无。</p>" for title in LATER_SECTIONS[1:]]
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>" + "<br>".join(parts)


def _table(sheet: Sheet) -> str:
    rows: dict[int, list[str]] = {}
    for cell in pdfs.cells_of(sheet):
        spans = f"colspan={cell.span} rowspan={cell.depth}"
        rows.setdefault(cell.top, []).append(f"<td {spans}>{html.escape(cell.text)}</td>")
    return "<table>" + "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows.values()) + "</table>"


@pytest.mark.parametrize("style", BORDERS.values(), ids=BORDERS.keys())
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem[:3])
def test_a_browser_prints_what_the_text_says(browser: Browser, path: Path, style: str) -> None:
    source = report.read(Source(path.name, path.read_bytes()))
    assert isinstance(source, Report)
    want = told(source)
    page = browser.new_page()
    page.set_content(page_of({key: raw for key, (_, _, raw) in want.items()}, source.reading.form, style))
    data = page.pdf(format="A4", display_header_footer=True)
    page.close()
    assert told(read(data)) == want


def test_fonts_of_this_machine_do_not_decide() -> None:
    """A Chinese font that the document only names: a character alone is kept, and is as wide as the document says."""
    marks: list[Mark] = [pdfs.Text(60, 60, "业"), pdfs.Text(60, 90, "果2"), pdfs.Text(60, 120, "0")]
    document = pypdfium2.PdfDocument(pdfs.pdf([marks]))
    pdf_fonts.settle()
    page = Leaf(document[0], 1).read()
    document.close()
    assert [(g.text, g.x0, round(g.x1 - g.x0, 3)) for g in page.glyphs] == [
        ("业", 60, pdfs.SIZE),
        ("果", 60, pdfs.SIZE),
        ("2", 60 + pdfs.SIZE, pdfs.SIZE / 2),
        ("0", 60, pdfs.SIZE / 2),
    ]


# --- seams and other things that pages do -----------------------------------------------------------------------


def boxes(rows: list[list[str]], y: float, xs: tuple[float, ...] = (60, 260, 400)) -> list[Mark]:
    """A small ruled table; "" is an empty cell."""
    marks: list[Mark] = []
    for n, row in enumerate(rows):
        top, bottom = y + 40 * n, y + 40 * (n + 1)
        for text, x0, x1 in zip(row, xs[:-1], xs[1:], strict=True):
            marks += [Stroke(x0, top, x1, top), Stroke(x0, bottom, x1, bottom)]
            marks += [Stroke(x0, top, x0, bottom), Stroke(x1, top, x1, bottom)]
            marks += [Text(x0 + 3, top + 12 * (k + 1), line) for k, line in enumerate(text.split("\n")) if line]
    return marks


TITLE = Text(
    60,
    60,
    "合成示例局2022年政府信息公开工作年度报告（合成数据），其余文字只为凑足字数而写，别无他意，也不含任何数字。",
    9,
)
HEAD = [["信息内容", "本年处理决定数量"]]
FILLER = Text(60, 80, "本报告为测试而作。合成数据并非真实，也没有哪一家机关发布过这样的报告，请勿引用，请勿转载。", 9)


def rows_of(*pages: list[Mark]) -> list[str]:
    """The lines of a transcript that are table rows."""
    text = reader.read(pdfs.pdf([[TITLE, FILLER, *pages[0]], *pages[1:]])).text
    return [line.rstrip("\t") for line in text.split("\n") if "\t" in line]


def test_a_header_repeated_on_the_next_page_stands_once() -> None:
    first = boxes([*HEAD, ["行政处罚", "4"]], 700)
    assert rows_of(first, boxes([*HEAD, ["行政强制", "5"]], 60)) == [
        "信息内容\t本年处理决定数量",
        "行政处罚\t4",
        "行政强制\t5",
    ]


def test_an_equal_header_of_another_table_stays() -> None:
    first = boxes([*HEAD, ["行政许可", "4"]], 700)
    assert len(rows_of(first, boxes([*HEAD, ["行政处罚", "5"], ["行政强制", "5"]], 60))) == 5


def test_page_numbers_and_running_heads_stay_out() -> None:
    pages = [
        [Text(60, 30, "合成示例局文件"), *boxes([[f"行政处罚{n}", "4"]], 700), Text(300, 815, f"- {n} -")]
        for n in (1, 2)
    ]
    text = reader.read(pdfs.pdf([[TITLE, FILLER, *pages[0]], pages[1]])).text
    assert "- 1 -" not in text
    assert text.count("合成示例局文件") == 1


def test_a_row_broken_over_pages_is_one_row() -> None:
    label = ["2.申请人逾期未按收费通知要求缴纳", "费用、行政机关不再处理其政府信息", "公开申请"]
    first = boxes([["1.属于国家秘密", "3"], [label[0], "7"]], 700)
    assert rows_of(first, boxes([["\n".join(label[1:]), ""], ["3.其他", "1"]], 60)) == [
        "1.属于国家秘密\t3",
        f"{' '.join(label)}\t7",
        "3.其他\t1",
    ]


def test_rows_of_their_own_are_never_joined() -> None:
    first = boxes([["1.属于国家秘密", "3"]], 740)
    assert rows_of(first, boxes([["3.其他", ""]], 60)) == ["1.属于国家秘密\t3", "3.其他"]


def test_a_group_head_of_one_character_a_line_over_two_pages() -> None:
    def part(head: str, rows: list[tuple[str, str]], y: float) -> list[Mark]:
        marks = boxes([list(row) for row in rows], y, (90, 260, 400))
        bottom = y + 40 * len(rows)
        marks += [Stroke(60, y, 90, y), Stroke(60, bottom, 90, bottom), Stroke(60, y, 60, bottom)]
        return marks + [Text(65, y + 12 * (n + 1), char) for n, char in enumerate(head)]

    first = part("三、本年度", [("(一)予以公开", "1"), ("(二)部分公开", "2")], 690)
    assert rows_of(first, part("办理结果", [("(七)总计", "3"), ("(六)其他处理", "0")], 60)) == [
        "三 、 本 年 度 办 理 结 果\t(一)予以公开\t1",
        "(二)部分公开\t2",
        "(七)总计\t3",
        "(六)其他处理\t0",
    ]


def test_facing_pages_have_other_margins() -> None:
    printed = made("2021")
    pages = pdfs.report(printed, "2021", Look(tall=560))
    shifted = [[_aside(mark, 25.0 * (n % 2)) for mark in page] for n, page in enumerate(pages)]
    assert {key: raw for key, (_, _, raw) in told(read(pdfs.pdf(shifted, tall=560))).items()} == printed


def _aside(mark: Mark, by: float) -> Mark:
    return replace(mark, x=mark.x + by) if isinstance(mark, Text) else replace(mark, x0=mark.x0 + by, x1=mark.x1 + by)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_reads_as_it_is_shown(turn: int) -> None:
    """Landscape pages are portrait ones with a turn: here the paper is turned back, so that it shows upright text."""
    wide, high = pdfs.WIDTH, pdfs.HEIGHT
    matrix = {90: f"0 1 -1 0 {high} 0", 180: f"-1 0 0 -1 {wide} {high}", 270: f"0 -1 1 0 0 {wide}"}[turn]
    contents = [
        f"{matrix} cm\n".encode() + b"\n".join(pdfs.operators(mark, "lines", high) for mark in page)
        for page in pdfs.report(made("2021"), "2021")
    ]
    sides = (wide, high) if turn == 180 else (high, wide)
    box = b"/Rotate %d /MediaBox [0 0 %d %d]" % (turn, *sides)
    found = read(pdfs.assemble(contents, page=box, boxed=False))
    assert {key: raw for key, (_, _, raw) in told(found).items()} == made("2021")


def test_a_watermark_stays_out() -> None:
    pages = pdfs.report(made("2021"), "2021")
    mark = b"q 0.7 0.7 -0.7 0.7 200 300 cm BT /F1 30 Tf 0 0 Td <516c5f00002000310032> Tj ET Q\n"
    data = pdfs.assemble([mark + pdfs.content(page, "lines", pdfs.HEIGHT) for page in pages])
    assert {key: raw for key, (_, _, raw) in told(read(data)).items()} == made("2021")


def test_text_that_is_covered_or_clipped_away_is_not_read() -> None:
    table = boxes([*HEAD, ["行政许可", "4"]], 200)
    under = pdfs.operators(Text(270, 252, "1"), "lines", pdfs.HEIGHT)
    cover = b" 1 g 262 570 50 30 re f 0 g "
    seen_through = b" q /G gs 1 1 0 rg 262 560 50 40 re f Q "
    clipped = b"q 0 0 100 100 re W n " + pdfs.operators(Text(276, 252, "9"), "lines", pdfs.HEIGHT) + b" Q "
    page = under + cover + clipped + pdfs.content([TITLE, FILLER, *table], "lines", pdfs.HEIGHT) + seen_through
    data = pdfs.assemble([page], resources=b"/ExtGState << /G << /BM /Multiply /ca 0.5 >> >>")
    assert "行政许可\t4\t" in reader.read(data).text


def test_a_field_that_nothing_paints_is_refused() -> None:
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (n) /V (12) /Rect [262 570 300 590] >>"
    page = pdfs.content([TITLE, FILLER, *boxes([*HEAD, ["行政许可", ""]], 200)], "lines", pdfs.HEIGHT)
    assert refused(pdfs.assemble([page], page=b"/Annots [6 0 R]", extra=[field])) == "FORM_FIELDS"


def test_a_painted_field_is_read() -> None:
    look = pdfs.stream(
        b"BT /F1 9 Tf 2 5 Td <00310032> Tj ET",
        b"/Type /XObject /Subtype /Form /BBox [0 0 38 20] /Resources << /Font << /F1 3 0 R >> >>",
    )
    field = (
        b"<< /Type /Annot /Subtype /Widget /F 4 /FT /Tx /T (n) /V (12) /Rect [262 570 300 590] /AP << /N 7 0 R >> >>"
    )
    page = pdfs.content([TITLE, FILLER, *boxes([*HEAD, ["行政许可", ""]], 200)], "lines", pdfs.HEIGHT)
    data = pdfs.assemble([page], page=b"/Annots [6 0 R]", extra=[field, look])
    assert "行政许可\t12\t" in reader.read(data).text


def test_tables_without_rules_are_read_where_labels_make_it_certain_else_refused() -> None:
    found = read(pdfs.pdf(pdfs.report(made("2021"), "2021", Look(rules="none"))))
    status = {name: table.status for name, table in found.reading.tables.items()}
    assert status["proactive.20_1"] == "read"
    assert status["requests"] == "incomplete"
    assert status["review"] != "read"
    assert {key: raw for key, (_, _, raw) in told(found).items()}.items() <= made("2021").items()


def test_without_rules_a_value_beside_its_column_refuses_the_table() -> None:
    head = [
        Text(60, 200, "信息内容"),
        Text(200, 200, "本年制发件数"),
        Text(320, 200, "本年废止件数"),
        Text(440, 200, "现行有效件数"),
    ]
    rows = [Text(60, 220, "规章"), Text(320, 220, "5"), Text(440, 220, "5"), Text(60, 240, "行政规范性文件")]
    data = pdfs.pdf([[TITLE, FILLER, *head, *rows, Text(200, 240, "1"), Text(320, 240, "2"), Text(440, 240, "3")]])
    found = report.read(Source("synthetic.pdf", data))
    assert isinstance(found, Quarantined) or not told(found)


# --- damage -----------------------------------------------------------------------------------------------------


def damaged(kind: Kind) -> list[str]:
    """Cells of the request and review tables that a damaged page makes silently wrong."""
    wrong = []
    for form, look in (("2021", Look()), ("2019", Look(sides=False, tall=500))):
        pages = pdfs.report(made(form), form, look)
        for n in range(2):
            chance = random.Random(f"{kind.__name__} {form} {n}")  # noqa: S311 - the same for everybody
            data = pdfs.pdf(kind(pages, chance), tall=look.tall)
            found = report.read(Source("synthetic.pdf", data))
            for fact in found.facts if isinstance(found, Report) else ():
                true = made(form).get((fact.code, fact.applicant or ""))
                blank = fact.state == "blank" and kind.__name__ in BLANK_AS_SHOWN
                if fact.table in {"requests", "review"} and not fact.doubt and fact.raw != true and not blank:
                    wrong.append(f"{form} {n}: {fact.code} {fact.applicant} {fact.raw!r}, true is {true!r}")
    return wrong


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_damaged_page_is_never_silently_wrong(kind: Kind) -> None:
    assert damaged(kind) == []


def test_a_damaged_stream_is_refused() -> None:
    data = bytearray(pdfs.pdf(pdfs.report(made("2021"), "2021"), packed=True))
    places_in_streams = [at for at in range(len(data)) if b"endstream" not in data[at - 40 : at + 10]]
    start = data.find(b"FlateDecode")
    chance = random.Random(1)  # noqa: S311 - the same for everybody
    for _ in range(40):
        mutant = bytearray(data)
        at = chance.choice([place for place in places_in_streams if start < place < len(data) - 900])
        mutant[at] ^= 1 << chance.randrange(8)
        found = report.read(Source("synthetic.pdf", bytes(mutant)))
        if isinstance(found, Report):
            cells = {key: raw for key, (_, _, raw) in told(found).items()}
            assert cells.items() <= made("2021").items()


def test_pages_are_what_the_printer_says() -> None:
    """The printer of these tests can break a table over pages: else the tests above would prove little."""
    pages: Pages = pdfs.report(made("2021"), "2021", Look(tall=420))
    assert len(pages) > 3
