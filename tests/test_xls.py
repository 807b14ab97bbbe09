"""Workbooks of Excel 97-2003: numbers as shown, raised figures apart, nothing that is hidden, no silent damage."""

from __future__ import annotations

import random
from datetime import date

import pytest
import xlwt

from loaders import report
from loaders.errors import BadStructure
from loaders.readers import xls
from loaders.report import Quarantined, Report, Source
from tests.fuzz_seeds import printed
from tests.render_xls import saved, workbook
from tests.render_xlsx import Look
from tests.test_pdf import told

TITLE = ("合成示例局2020年政府信息公开工作年度报告",)
PRINTED = xlwt.easyxf(num_format_str="0.00")


def lines(*fill: tuple[int, int, object, object]) -> list[str]:
    """The transcript of a sheet with these cells: row, column, value, style."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表")
    for row, column, value, style in fill:
        sheet.write(row, column, value, style or xlwt.XFStyle())
    return xls.read(saved(book)).text.split("\n")


def test_numbers_are_what_their_formats_show() -> None:
    styles = ["General", "0.00", '0"件"', "0%", "yyyy-mm-dd", "0;-0;"]
    values = [138, 12.345, 8, 0.125, date(2021, 1, 20), 0]
    cells = [(0, n, v, xlwt.easyxf(num_format_str=s)) for n, (v, s) in enumerate(zip(values, styles, strict=True))]
    assert lines(*cells, (1, 5, "末", None))[0].split("\t")[:5] == [
        "138",
        "12.345(显示为12.35)",
        "8件",
        "12.5%(显示为13%)",
        "2021-01-20",
    ]


def test_a_raised_figure_is_no_part_of_a_number() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    raised = xlwt.Font()
    raised.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
    book.add_sheet("表").write_rich_text(0, 0, ["12", ("1", raised)])
    assert xls.read(saved(book)).text.split("\n")[0].strip() == "12¹"


def test_hidden_rows_columns_and_sheets_are_told_and_not_read() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet, other = book.add_sheet("表"), book.add_sheet("旧")
    for row in range(3):
        for column in range(3):
            sheet.write(row, column, 10 * row + column)
    sheet.row(1).hidden, sheet.col(1).hidden, other.visibility = True, True, 1
    other.write(0, 0, 99)
    found = xls.read(saved(book))
    assert [line.split() for line in found.text.split("\n") if line.strip()] == [["0", "2"], ["20", "22"]]
    assert "1 行、1 列隐藏" in found.remarks[0]
    assert "1 张隐藏" in found.remarks[1]


@pytest.mark.parametrize("look", [Look(), Look(apart=True), Look(texts=True)], ids=["one", "apart", "texts"])
def test_a_workbook_says_what_its_tables_say(look: Look) -> None:
    cells, form = printed(5)
    found = report.read(Source("synthetic.xls", workbook(cells, form, TITLE, (), look), synthetic=True))
    assert isinstance(found, Report), found
    assert found.container == "xls"
    assert {key: raw for key, (_, _, raw) in told(found).items()} == cells


def test_a_damaged_workbook_is_refused_or_read_and_never_raises() -> None:
    chance, data = random.Random(7), workbook(*printed(6), TITLE, ())  # noqa: S311 - the same for everybody
    for _ in range(60):
        spoilt = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            spoilt[chance.randrange(512, len(spoilt))] = chance.randrange(256)
        assert isinstance(report.read(Source("synthetic.xls", bytes(spoilt), synthetic=True)), Report | Quarantined)


def test_half_a_workbook_is_refused() -> None:
    data = workbook(*printed(7), TITLE, ())
    with pytest.raises(BadStructure) as error:
        xls.read(data[: len(data) // 2])
    assert error.value.reason == "BROKEN_XLS"
