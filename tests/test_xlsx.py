"""Spreadsheets: the same facts as the text of the same report, numbers as shown, and what is hidden is not read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from codebook import book
from loaders import report
from loaders.readers import xlsx
from loaders.readers.xlsx_format import shown
from loaders.report import Quarantined, Report, Source
from loaders.values import value
from tests import render_xlsx as write
from tests.filling import Filling, fillings
from tests.render_xlsx import Look
from tests.rendering import SYNTHETIC, Dress
from tests.test_docx import NAMES, TRUTH, said, shipped
from tests.test_round_trip import other
from tests.truth import load

LOOKS = {
    "plain": Look(),
    "shared": Look(shared=True),
    "formulas": Look(formulas=True),
    "hidden": Look(hidden=True),
    "apart": Look(apart=True),
    "texts": Look(texts=True),
    "not merged": Look(merged=False),
}


def read(data: bytes) -> Report:
    """The report in a workbook; the test fails where it is none."""
    found = report.read(Source("synthetic.xlsx", data, synthetic=True))
    assert isinstance(found, Report), found
    return found


def refused(data: bytes) -> str:
    """The reason why a workbook is not read; the test fails where it is."""
    found = report.read(Source("synthetic.xlsx", data, synthetic=True))
    assert isinstance(found, Quarantined), found
    return found.reason


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_says_what_the_text_says(name: str, look: str) -> None:
    text, around, form = shipped(name)
    printed = {key: one.raw for key, one in load(TRUTH / f"{name}.csv").items()}
    found = read(write.workbook(printed, form, around["before"], around["behind"], LOOKS[look]))
    assert said(found) == said(text)
    assert [fact.doubt for fact in found.facts if fact.doubt and fact.table != "narrative"] == []
    assert (found.status, found.reading.form, found.container) == ("complete", form, "xlsx")
    assert (found.identity.agency, found.identity.report_year) == (text.identity.agency, text.identity.report_year)
    told = [finding.message for finding in found.findings if finding.check_id == "READ-REMARK"]
    assert any("隐藏" in remark for remark in told) == LOOKS[look].hidden


@pytest.mark.parametrize("form", book().forms)
def test_a_rendered_workbook_reads_as_its_truth(form: str) -> None:
    looks = st.builds(Look, *[st.booleans()] * 5)
    dresses = st.builds(Dress, st.integers(0, 99), *[st.booleans()] * 5)

    @settings(max_examples=8, phases=[Phase.generate], deadline=None)
    @given(fillings(form, blanks=True), looks, dresses)
    def same(truth: Filling, look: Look, dress: Dress) -> None:
        title = [f"合成示例局{book().forms[form].span[0] + 1}年政府信息公开工作年度报告（{SYNTHETIC}）", "一、总体情况"]
        printed = {key: one.raw for key, one in truth.items()}
        found = read(write.workbook(printed, form, title, ["五、存在的主要问题"], look, dress))
        tables = [fact for fact in found.facts if fact.table != "narrative"]
        assert [f"{t.table}: {t.reason}, {t.detail}" for t in found.reading.tables.values() if t.reason] == []
        assert sorted((fact.code, fact.applicant or "") for fact in tables) == sorted(truth)
        assert [told for fact in tables for told in other(fact, truth[fact.code, fact.applicant or ""])] == []
        assert found.reading.form == form

    same()


@pytest.mark.parametrize(("mark", "encoding"), [(",", "utf-8-sig"), (";", "gb18030")])
@pytest.mark.parametrize("name", NAMES)
def test_a_csv_says_what_the_text_says(name: str, mark: str, encoding: str) -> None:
    text, around, form = shipped(name)
    printed = {key: one.raw for key, one in load(TRUTH / f"{name}.csv").items()}
    found = read(write.csv_text(printed, form, around["before"], around["behind"], mark).encode(encoding))
    assert said(found) == said(text)
    assert [fact.doubt for fact in found.facts if fact.doubt and fact.table != "narrative"] == []
    assert (found.status, found.reading.form, found.container) == ("complete", form, "csv")
    assert (found.identity.agency, found.identity.report_year) == (text.identity.agency, text.identity.report_year)


def test_a_form_without_figures_is_blank() -> None:
    printed = dict.fromkeys(load(TRUTH / "003_15cf22d5a5bab8ab.csv"), "")
    found = read(write.workbook(printed, "2021", ["年度报告"], []))
    assert (found.status, {fact.state for fact in found.facts}) == ("blank", {"blank"})


@pytest.mark.parametrize(
    ("stored", "code", "seen"),
    [
        ("12", "General", "12"),
        ("12.0", "General", "12"),
        ("1027415.6", "General", "1027415.6"),
        ("0.30000000000000004", "General", "0.3"),
        ("1E3", "General", "1000"),
        ("12", "@", "12"),
        ("12", "0", "12"),
        ("12", "0_ ", "12"),
        ("12.4", "0", "12.4(显示为12)"),
        ("1027415.6", "#,##0.00", "1,027,415.60"),
        ("1027415.678", "#,##0.00_ ", "1027415.678(显示为1,027,415.68)"),
        ("12.5", "0.##", "12.5"),
        ("-5", "0", "-5"),
        ("-5", "0;[Red]0", "-5"),
        ("-5", "0_);(0)", "(5)"),
        ("5", '"+"0;-0;0', "+5"),
        ("2358", '0"万元"', "2358万元"),
        ("1234", "[$¥-804]#,##0", "¥1,234"),
        ("0", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0(显示为-)"),
        ("12", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "12"),
        ("0", "0;-0;;@", ""),
        ("12", ";;;", "[12]"),
        ("0.125", "0.0%", "12.5%"),
        ("0.125", "0%", "12.5%(显示为13%)"),
        ("44216", "yyyy-mm-dd", "2021-01-20"),
        ("44216", 'yyyy"年"m"月"d"日"', "2021-01-20"),
        ("0.5", "h:mm", "[0.5]"),
        ("12", "0.00E+00", "[12]"),
        ("12", "# ?/?", "[12]"),
        ("12345", "0.0,", "[12345]"),
        ("12345", '0!.0,"万"', "[12345]"),
        ("12", "[>10]0;0", "[12]"),
        ("12", "[DBNum1]0", "[12]"),
        ("12", "0" * 300, "[12]"),
        ("NaN", "0", "[NaN]"),
        ("1" * 60, "0", "[" + "1" * 40 + "]"),
    ],
)
def test_a_number_is_shown_by_its_format(stored: str, code: str, seen: str) -> None:
    assert shown(stored, code) == seen


@pytest.mark.parametrize("seen", ["12.5%", "2021-01-20", "[12]", "(5)", "¥1,234", "12.5%(显示为13%)"])
def test_what_is_no_count_is_never_a_number(seen: str) -> None:
    assert value(seen).state == "text"


def test_dates_of_the_other_calendar() -> None:
    assert shown("42754", "yyyy-mm-dd", from_1904=True) == "2021-01-20"


def lines(
    rows: str,
    merges: str = "",
    columns: str = "",
    views: str = "",
    strings: Sequence[str] = (),
    formats: Sequence[str] = (),
) -> list[str]:
    """The transcript of a worksheet, line by line."""
    page = write.worksheet(rows, merges, columns, views)
    return [
        line
        for line in xlsx.read(write.xlsx({"表": page}, strings, formats=formats or write.FORMATS)).text.split("\n")
        if line
    ]


def inline(at: str, runs: str) -> str:
    """A cell with its text in place."""
    return f'<c r="{at}" t="inlineStr"><is>{runs}</is></c>'


def rich(text: str, properties: str) -> str:
    """A run of a text in its own font."""
    return f"<r><rPr>{properties}</rPr><t>{text}</t></r>"


def test_marks_beside_a_figure_are_kept_apart() -> None:
    raised = rich("1", '<vertAlign val="superscript"/>')
    cells = [
        inline("A1", rich("12", "") + raised),
        inline("B1", rich("企业", "") + raised),
        inline("C1", rich("9", "<strike/>") + rich("12", "")),
        inline("D1", "<t>12_x000D_</t><rPh><t>5</t></rPh>"),
        write.value("E1", "12", len(write.FORMATS)),
        write.value("F1", "12", len(write.FORMATS) + 1),
    ]
    assert lines(f'<row r="1">{"".join(cells)}</row>') == ["12¹\t企业\t[9]12\t12\t[12]\t[12]\t"]


def grid(texts: Sequence[str], hidden: int = 0) -> str:
    """Rows of numbers from A1 on, a space for a blank cell; one of them hidden."""
    rows = []
    for r, text in enumerate(texts, start=1):
        cells = "".join(write.value(f"{chr(65 + n)}{r}", char.strip()) for n, char in enumerate(text))
        rows.append(f'<row r="{r}" hidden="{int(r == hidden)}">{cells}</row>')
    return "".join(rows)


def test_merged_and_hidden() -> None:
    # The merged cell begins in a hidden row and shows its text in the first visible one.
    assert lines(grid(["1234", " 678", " 12 "], 1), '<mergeCell ref="A1:A3"/><mergeCell ref="C3:D3"/>') == [
        "1\t6\t7\t8\t",
        "1\t2\t",
    ]
    assert lines(grid(["1234", "5678"]), columns='<cols><col min="2" max="3" hidden="1"/></cols>') == [
        "1\t4\t",
        "5\t8\t",
    ]
    assert lines(grid(["1  ", "  "]), '<mergeCell ref="A1:XFD1048576"/>') == ["1\t"]
    # Another figure below a merge: no author merged these.
    assert lines(grid(["123", "456"]), '<mergeCell ref="B1:C1"/>') == ["1\t2[3]\t", "4\t5\t6\t"]
    assert lines(grid(["122", "456"]), '<mergeCell ref="B1:C1"/>') == ["1\t2\t", "4\t5\t6\t"]
    zeros = '<row r="1"><c r="A1"><v>0</v></c><c r="B1"><v>5</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2"/><c r="C2"><v>2</v></c></row>'
    assert lines(zeros, views='<sheetViews><sheetView showZeros="0"/></sheetViews>') == ["\t5\t\t", "1\t\t2\t"]


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ('<c r="B1"><f>SUM(A1)</f><v>12</v></c>', "12"),
        ('<c r="B1"><f>SUM(A1)</f></c>', "[公式]"),
        ('<c r="B1" t="str"><f>A1</f><v>12</v></c>', "12"),
        ('<c r="B1" t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c r="B1" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="B1" t="d"><v>2021-01-20</v></c>', "2021-01-20"),
        ('<c r="B1" s="99"><v>12</v></c>', "[12]"),
        ('<c r="B1"/>', ""),
    ],
)
def test_a_cell_is_read_by_its_type(content: str, seen: str) -> None:
    edges = write.value("A1", "1"), write.value("C1", "3")
    below = f'<row r="2">{write.value("B2", "2")}</row>'
    assert lines(f'<row r="1">{edges[0]}{content}{edges[1]}</row>{below}')[0] == f"1\t{seen}\t3\t"


@pytest.mark.parametrize(
    ("rows", "merges", "reason"),
    [
        ('<row r="1"/><row r="1"/>', "", "XLSX_ROW_TWICE"),
        ('<row r="1"><c r="A1"/><c r="A1"/></row>', "", "XLSX_CELLS"),
        ('<row r="1"><c r="A2"/></row>', "", "XLSX_CELLS"),
        ('<row r="1"><c r="AAAA1"/></row>', "", "XLSX_CELLS"),
        ('<row r="99999999999"/>', "", "XLSX_CELLS"),
        ('<row r="1"><c r="A1" t="s"><v>5</v></c></row>', "", "XLSX_CELLS"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>', "A1:B1 B1:B2", "XLSX_MERGE_OVERLAP"),
    ],
)
def test_what_contradicts_itself_is_refused(rows: str, merges: str, reason: str) -> None:
    page = write.worksheet(rows, "".join(f'<mergeCell ref="{ref}"/>' for ref in merges.split()))
    assert refused(write.xlsx({"表": page})) == reason
