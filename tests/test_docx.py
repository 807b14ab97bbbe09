"""Word files: the same facts as the text of the same report, every trap of Word, and files that are not what they say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from codebook import book
from loaders import report
from loaders.readers import docx
from loaders.report import Quarantined, Report, Source
from tests import render_docx as write
from tests.filling import Filling, fillings
from tests.render_docx import Look, cell, control, paragraph, row, run, table, text_cell
from tests.rendering import SYNTHETIC, Dress
from tests.test_round_trip import other
from tests.truth import load

ROOT = Path(__file__).resolve().parent.parent
REPORTS, TRUTH = ROOT / "data" / "reports", ROOT / "tests" / "reports"
BLANK_FORM = ROOT.parent / "shared" / "reports" / "009_blank_template_2021.docx"
NAMES = sorted(path.stem for path in TRUTH.glob("*.csv"))
LOOKS = {
    "plain": Look(),
    "controls": Look(controls=True),
    "tracked": Look(tracked=True),
    "hidden": Look(hidden=True),
    "fields": Look(fields=True),
    "split": Look(split=True),
    "strict": Look(strict=True),
    "all": Look(True, True, True, True, True, True),
}


def read(data: bytes, name: str = "synthetic.docx") -> Report:
    """The report in a file; the test fails where it is none."""
    found = report.read(Source(name, data, synthetic=True))
    assert isinstance(found, Report), found
    return found


def refused(data: bytes) -> str:
    """The reason why a file is not read; the test fails where it is."""
    found = report.read(Source("synthetic.docx", data, synthetic=True))
    assert isinstance(found, Quarantined), found
    return found.reason


def shipped(name: str) -> tuple[Report, dict[str, list[str]], str]:
    """A shipped report as read from its text, the paragraphs around its tables, and its form."""
    path = next(REPORTS.glob(f"{name}.*"))
    text = read(path.read_bytes(), path.name)
    spans = text.reading.spans
    around = {"before": text.text[: spans[0][0]], "behind": text.text[spans[-1][1] :].lstrip("| \n")}
    return text, {name: part.split("\n") for name, part in around.items()}, text.reading.form


def said(found: Report) -> list[tuple[object, ...]]:
    """What the tables of a report say."""
    return sorted(
        (f.table, f.code, f.applicant or "", f.state, f.value, f.unit_source or "", f.raw)
        for f in found.facts
        if f.table != "narrative"
    )


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", NAMES)
def test_a_word_file_says_what_the_text_says(name: str, look: str) -> None:
    text, around, form = shipped(name)
    printed = {key: one.raw for key, one in load(TRUTH / f"{name}.csv").items()}
    body = write.body_of(printed, form, around["before"], around["behind"], LOOKS[look])
    found = read(write.docx(body, look=LOOKS[look]))
    assert said(found) == said(text)
    assert [fact.doubt for fact in found.facts if fact.doubt and fact.table != "narrative"] == []
    assert [finding for finding in found.findings if finding.check_id != "READ-REMARK"] == list(text.findings)
    assert (found.status, found.reading.form, found.container) == ("complete", form, "docx")
    assert (found.identity.agency, found.identity.report_year) == (text.identity.agency, text.identity.report_year)
    for fact in found.facts:
        assert fact.start is not None
        assert found.text[fact.start : fact.end] == fact.raw


@pytest.mark.parametrize("form", book().forms)
def test_a_rendered_word_file_reads_as_its_truth(form: str) -> None:
    looks = st.builds(Look, *[st.booleans()] * 6)
    dresses = st.builds(Dress, st.integers(0, 99), *[st.booleans()] * 5)

    @settings(max_examples=8, phases=[Phase.generate], deadline=None)
    @given(fillings(form, blanks=True), looks, dresses)
    def same(truth: Filling, look: Look, dress: Dress) -> None:
        title = [f"合成示例局{book().forms[form].span[0] + 1}年政府信息公开工作年度报告（{SYNTHETIC}）", "一、总体情况"]
        printed = {key: one.raw for key, one in truth.items()}
        found = read(write.docx(write.body_of(printed, form, title, ["五、存在的主要问题"], look, dress), look=look))
        tables = [fact for fact in found.facts if fact.table != "narrative"]
        assert sorted((fact.code, fact.applicant or "") for fact in tables) == sorted(truth)
        assert [told for fact in tables for told in other(fact, truth[fact.code, fact.applicant or ""])] == []
        assert found.reading.form == form

    same()


def test_a_form_printed_blank_is_blank() -> None:
    if not BLANK_FORM.is_file():
        pytest.skip("no source documents beside the project: the rendered blank form is tested")
    found = read(BLANK_FORM.read_bytes())
    assert found.status == "blank"
    assert {fact.state for fact in found.facts} == {"blank"}
    assert len(found.facts) == 200


def test_a_rendered_form_without_figures_is_blank() -> None:
    printed = dict.fromkeys(load(TRUTH / "003_15cf22d5a5bab8ab.csv"), "")
    found = read(write.docx(write.body_of(printed, "2021", ["年度报告"], [])))
    assert (found.status, {fact.state for fact in found.facts}) == ("blank", {"blank"})


def lines(*blocks: str, parts: dict[str, str] | None = None, related: str = "") -> list[str]:
    """The transcript of a body, line by line."""
    return docx.read(write.docx("".join(blocks), parts, related)).text.split("\n")


def one(*runs: str, properties: str = "") -> str:
    """What a cell with these runs reads as, the cell between two others."""
    (line,) = (
        line
        for line in lines(table(row(text_cell("甲"), cell(paragraph(*runs, properties=properties)), text_cell("乙"))))
        if line
    )
    first, middle, last, _ = line.split("\t")
    assert (first, last) == ("甲", "乙")
    return middle


RAISED = '<w:vertAlign w:val="superscript"/>'
NOTE = '<w:r><w:rPr><w:rStyle w:val="a3"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
BOX = "<w:txbxContent><w:p><w:r><w:t>5</w:t></w:r></w:p></w:txbxContent>"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
ALTERNATE = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{0}</wps:txbx></w:drawing></mc:Choice>'
    "<mc:Fallback><w:pict><v:textbox>{0}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        ([run("1"), run("2")], "12"),
        ([run("12"), NOTE], "12[注]"),
        ([run("企业"), NOTE], "企业"),
        ([NOTE], ""),
        ([run("无", RAISED)], "无"),
        ([run("12"), run("1", RAISED)], "12¹"),
        ([run("1", RAISED), run("12")], "¹12"),
        ([run("12"), run("a", RAISED)], "12[a]"),
        ([run("企业"), run("1", RAISED)], "企业"),
        ([run("12", RAISED)], "[12]"),
        ([run("12"), run("5", '<w:position w:val="8"/>')], "12⁵"),
        ([run("12", '<w:position w:val="8"/>')], "12"),
        ([run("12", "<w:strike/>"), run("15")], "[12]15"),
        ([run("无", "<w:strike/>")], "无"),
        ([run("3", "<w:vanish/>"), run("4")], "4"),
        ([run("3", '<w:vanish w:val="0"/>'), run("4")], "34"),
        (["<w:del><w:r><w:delText>3</w:delText></w:r></w:del>", run("4")], "4"),
        (["<w:moveFrom><w:r><w:t>3</w:t></w:r></w:moveFrom>", run("4")], "4"),
        (["<w:ins>" + run("3") + "</w:ins><w:moveTo>" + run("4") + "</w:moveTo>"], "34"),
        (['<w:hyperlink w:anchor="x">' + run("3") + "</w:hyperlink>"], "3"),
        (["<w:smartTag><w:customXml>" + run("3") + "</w:customXml></w:smartTag>"], "3"),
        (["<w:fldSimple w:instr='=SUM(LEFT)'>" + run("3") + "</w:fldSimple>"], "3"),
        ([FIELD.format("begin"), run("8"), FIELD.format("separate"), run("3"), FIELD.format("end")], "3"),
        ([control(run("单击此处输入文字"), "<w:showingPlcHdr/>")], ""),
        (["<w:r><w:ruby><w:rt>" + run("guī") + "</w:rt><w:rubyBase>" + run("规") + "</w:rubyBase></w:ruby></w:r>"], "规"),
        (["<w:r><w:t>1</w:t><w:tab/><w:t>2</w:t></w:r>"], "1 2"),
        (["<w:r><w:t> 1 </w:t></w:r>", run("2")], "12"),
        (["<w:r><w:noBreakHyphen/><w:t>3</w:t></w:r>"], "-3"),
        (["<w:r><w:sym w:font='Wingdings' w:char='F081'/></w:r>", run("3")], "[符号]3"),
        (["<m:oMath><m:r><m:t>12</m:t></m:r></m:oMath>"], "[公式]"),
        (["<w:r><w:drawing><pic:pic/></w:drawing></w:r>"], "[图]"),
        ([run("12"), ALTERNATE.format(BOX)], "12 [框 5]"),
        ([ALTERNATE.format(BOX)], "[框 5]"),
        (['<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="4"/>'
          '<w:listEntry w:val="6"/></w:ddList></w:ffData></w:fldChar></w:r>' + FIELD.format("end")], "6"),
    ],
)  # fmt: skip
def test_what_a_cell_reads_as(runs: list[str], shown: str) -> None:
    assert one(*runs) == shown


def test_a_wrapped_cell_is_not_lost() -> None:
    wrapped = row(text_cell("A"), control(text_cell("B")), text_cell("C"))
    assert lines(table(wrapped))[0] == "A\tB\tC\t"
    assert lines(table(control(wrapped)))[0] == lines(control(table(wrapped)))[0] == "A\tB\tC\t"
    prompt = control(text_cell("单击此处输入文字"), "<w:showingPlcHdr/>")
    assert lines(table(row(text_cell("A"), prompt, text_cell("C"))))[0] == "A\t\tC\t"


def test_merged_cells_stand_once_and_blank_cells_stay() -> None:
    tall = [text_cell("甲", merge="restart"), text_cell("", merge="continue"), text_cell("", merge="continue")]
    found = lines(table(*(row(one, text_cell(f"{n}"), text_cell("")) for n, one in enumerate(tall))))
    assert found[:3] == ["甲\t0\t\t", "1\t\t", "2\t\t"]
    assert lines(table(row(text_cell("甲", span=3), text_cell(""))))[0] == "甲\t\t"
    # A continuation with nothing above it is a cell of its own.
    assert lines(table(row(text_cell("甲", merge="continue"), text_cell("1"))))[0] == "甲\t1\t"
    huge = table(row(text_cell("甲", span=100_000_000), text_cell("1")))
    assert refused(write.docx(huge)) == "SPAN_TOO_WIDE"


def test_deleted_and_hidden_rows_are_not_read() -> None:
    rows = [
        row(text_cell(f"{n}"), text_cell("x"), properties=p)
        for n, p in enumerate(["", "<w:del/>", "<w:hidden/>", "<w:ins/>"])
    ]
    assert [line for line in lines(table(*rows)) if line] == ["0\tx\t", "3\tx\t"]


def test_styles_hide_and_raise() -> None:
    styles = (
        f'<w:styles xmlns:w="{write.W}"><w:style w:type="character" w:styleId="base"><w:rPr>{RAISED}</w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="mark"><w:basedOn w:val="base"/></w:style>'
        '<w:style w:type="character" w:styleId="loop"><w:basedOn w:val="loop"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="gone"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    )
    cells = [
        cell(paragraph(run("12"), run("1", '<w:rStyle w:val="mark"/>'))),
        cell(paragraph(run("3", '<w:rStyle w:val="loop"/>'))),
        cell(paragraph(run("4"), properties='<w:pStyle w:val="gone"/>')),
        cell(paragraph(run("5", '<w:vanish w:val="0"/>'), properties='<w:pStyle w:val="gone"/>')),
    ]
    related = write.relationship("styles", "styles.xml")
    assert lines(table(row(*cells)), parts={"word/styles.xml": styles}, related=related)[0] == "12¹\t3\t\t5\t"


def test_automatic_numbers_are_printed() -> None:
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    levels = level.format(0, "chineseCounting", "%1、") + level.format(1, "decimal", "%2.")
    numbering = (
        f'<w:numbering xmlns:w="{write.W}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    at = [f'<w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="1"/></w:numPr>' for n in (0, 1)]
    blocks = [
        paragraph(run("总体情况"), properties=at[0]),
        paragraph(run("甲"), properties=at[1]),
        paragraph(run("主动公开"), properties=at[0]),
        table(row(cell(paragraph(run("12"), properties=at[1])), cell(paragraph(properties=at[1])), text_cell("12"))),
    ]
    related = write.relationship("numbering", "numbering.xml")
    found = lines(*blocks, parts={"word/numbering.xml": numbering}, related=related)
    assert found[:4] == ["一、总体情况", "1.甲", "二、主动公开", "[1.]12\t[2.]\t12\t"]


def test_tables_in_cells() -> None:
    inner = table(row(text_cell("1"), text_cell("2")), row(text_cell("3"), text_cell("4")))
    page = table(row(cell(paragraph(run("上")) + inner + paragraph(run("下")))))
    assert [line for line in lines(page) if line] == ["上", "1\t2\t", "3\t4\t", "下"]
    form = table(row(text_cell("甲"), cell(table(row(text_cell("5")))), *[text_cell(f"{n}") for n in range(4)]))
    assert lines(form)[0] == "甲\t[表 5]\t0\t1\t2\t3\t"


def test_text_boxes_are_read_once() -> None:
    assert [line for line in lines(paragraph(run("正文"), ALTERNATE.format(BOX))) if line] == ["正文", "5"]


def test_the_header_of_a_title_page_comes_first() -> None:
    header = f'<w:hdr xmlns:w="{write.W}">{paragraph(run("合成示例局年度报告"))}</w:hdr>'
    section = '<w:sectPr><w:headerReference w:type="first" r:id="rheader"/>{}</w:sectPr>'
    related = write.relationship("header", "header1.xml")
    parts = {"word/header1.xml": header}
    assert (
        lines(paragraph(run("正文")), section.format("<w:titlePg/>"), parts=parts, related=related)[0]
        == "合成示例局年度报告"
    )
    assert lines(paragraph(run("正文")), section.format(""), parts=parts, related=related)[0] == "正文"


def test_what_was_left_out_is_told() -> None:
    name = NAMES[2]
    text, around, form = shipped(name)
    printed = {key: one.raw for key, one in load(TRUTH / f"{name}.csv").items()}
    body = write.body_of(printed, form, around["before"], around["behind"], replace(LOOKS["tracked"], hidden=True))
    remarks = [finding.message for finding in read(write.docx(body)).findings if finding.check_id == "READ-REMARK"]
    assert [any(word in remark for remark in remarks) for word in ("插入", "删除", "隐藏")] == [True] * 3
    assert not [finding for finding in text.findings if finding.check_id == "READ-REMARK"]
