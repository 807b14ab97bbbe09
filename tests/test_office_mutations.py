"""One structural fault in a Word file or workbook: every value stays right, carries a doubt, or its table is refused."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from tests import render_docx, render_xlsx
from tests.rendering import SYNTHETIC
from tests.test_html import made, silently_wrong
from tests.truth import Cell, Key

TITLE = [f"合成示例局2021年政府信息公开工作年度报告（{SYNTHETIC}）", "一、总体情况"]
BEHIND = ["五、存在的主要问题及改进情况", "无。"]
BOX = re.compile(r"<w:tc>(?:(?!<w:tc>).)*?</w:tc>", re.DOTALL)
ROW = re.compile(r"<w:tr>.*?</w:tr>", re.DOTALL)
SPOT = re.compile(r'<c r="([A-Z]+)(\d+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
LINE = re.compile(r'<row r="(\d+)">.*?</row>', re.DOTALL)
FOOTNOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
RAISED = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'
ROUNDS = {"2019": 6, "2021": 6, "zhejiang2019": 4}


def word_mutants(body: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """One fault each, at a random place of the tables."""
    boxes, rows = list(BOX.finditer(body)), list(ROW.finditer(body))
    one, other = sorted(chance.sample(range(len(boxes)), 2))
    box, second = boxes[one], boxes[other]
    row, later = (rows[n] for n in sorted(chance.sample(range(len(rows)), 2)))
    text = box.group()

    def put(new: str) -> str:
        return body[: box.start()] + new + body[box.end() :]

    inner = render_docx.table(render_docx.row(render_docx.text_cell("7")))
    yield "drop a cell", put("")
    yield "double a cell", put(text * 2)
    yield "blank cell before", put("<w:tc><w:p/></w:tc>" + text)
    yield "blank cell behind", put(text + "<w:tc><w:p/></w:tc>")
    yield "widen a cell", put(text.replace("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="2"/>', 1))
    yield "continue above", put(text.replace("<w:tcPr>", "<w:tcPr><w:vMerge/>", 1))
    yield "nest a table", put(text.replace("</w:tc>", inner + "<w:p/></w:tc>"))
    yield "footnote", put(text.replace("</w:p>", FOOTNOTE + "</w:p>"))
    yield "raised mark", put(text.replace("</w:p>", RAISED + "</w:p>"))
    yield "delete a row", body[: row.start()] + row.group().replace("<w:trPr>", "<w:trPr><w:del/>") + body[row.end() :]
    yield "double a row", body[: row.end()] + row.group() + body[row.end() :]
    yield "unclosed field", put(text.replace("<w:r>", '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>', 1))
    yield "control", put(render_docx.control(text))
    yield "row of an offset", put(text).replace("<w:trPr>", '<w:trPr><w:gridBefore w:val="1"/>', 1)
    if "</w:tr>" in body[box.end() : second.start()]:
        yield "move a cell", body[: box.start()] + body[box.end() : second.end()] + text + body[second.end() :]
    if row.end() <= later.start() and "</w:tbl>" not in body[row.end() : later.start()]:
        middle = body[row.end() : later.start()]
        yield "swap rows", body[: row.start()] + later.group() + middle + row.group() + body[later.end() :]
    for tag in ("</w:tbl>", "</w:tr>"):
        at = chance.choice([found.start() for found in re.finditer(tag, body)])
        opened = "<w:tbl><w:tblPr/><w:tblGrid/>" if tag == "</w:tbl>" else "<w:tr><w:trPr></w:trPr>"
        if body.startswith(opened, at + len(tag)):
            yield f"join at {tag}", body[:at] + body[at + len(tag) + len(opened) :]


def sheet_mutants(page: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """One fault each, at a random place of the worksheet."""
    spots, rows = list(SPOT.finditer(page)), list(LINE.finditer(page))
    spot, row = chance.choice(spots), chance.choice(rows)
    letters, number = spot.group(1), int(spot.group(2))
    beside = chr(ord(letters) + 1)

    def put(new: str) -> str:
        return page[: spot.start()] + new + page[spot.end() :]

    def line(new: str) -> str:
        return page[: row.start()] + new + page[row.end() :]

    def shifted(step: int) -> str:
        def name(found: re.Match[str]) -> str:
            return found.group().replace(f'r="{found.group(1)}', f'r="{chr(ord(found.group(1)) + step)}', 1)

        return SPOT.sub(name, row.group())

    def merged(ref: str) -> str:
        return page.replace("<mergeCells>", f'<mergeCells><mergeCell ref="{ref}"/>')

    yield "merge two in a row", merged(f"{letters}{number}:{beside}{number}")
    yield "merge two in a column", merged(f"{letters}{number}:{letters}{number + 1}")
    yield "hide a row", line(row.group().replace("<row ", '<row hidden="1" ', 1))
    index = ord(letters) - 64
    yield "hide a column", page.replace("<cols>", f'<cols><col min="{index}" max="{index}" hidden="1"/>')
    yield "a row to the right", line(shifted(1))
    if 'r="A' not in row.group():
        yield "a row to the left", line(shifted(-1))
    yield "double a row", page.replace("</sheetData>", row.group() + "</sheetData>")
    yield "a mark in a cell", put(put_mark(spot.group()))
    yield "a date", put(re.sub(r' s="\d"', ' s="5"', spot.group()))


def put_mark(cell: str) -> str:
    """A cell with a raised 1 behind its text or number."""
    text = re.search(r"<(?:v|t)[^>]*>([^<]*)<", cell)
    place = re.search(r'r="(\w+)"', cell)
    if text is None or place is None:
        return cell
    raised = '<r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>'
    return f'<c r="{place.group(1)}" t="inlineStr"><is><r><t>{text.group(1)}</t></r>{raised}</is></c>'


def printed(truth: dict[Key, Cell]) -> dict[Key, str]:
    """What stands in the cells."""
    return {key: cell.raw for key, cell in truth.items()}


@pytest.mark.parametrize("form", ROUNDS)
def test_no_fault_of_a_word_file_is_silently_wrong(form: str) -> None:
    chance = random.Random(f"word {form}")  # noqa: S311 - the same for everybody
    for _ in range(ROUNDS[form]):
        truth = made(form, chance)
        body = render_docx.body_of(printed(truth), form, TITLE, BEHIND)
        assert silently_wrong(truth, render_docx.docx(body)) == []
        for fault, mutant in word_mutants(body, chance):
            assert silently_wrong(truth, render_docx.docx(mutant)) == [], fault


@pytest.mark.parametrize("form", ROUNDS)
def test_no_fault_of_a_workbook_is_silently_wrong(form: str) -> None:
    chance = random.Random(f"sheet {form}")  # noqa: S311 - the same for everybody
    formats = (*render_xlsx.FORMATS, "yyyy-mm-dd")
    for _ in range(ROUNDS[form]):
        truth = made(form, chance)
        page = render_xlsx.page_of(printed(truth), form, TITLE, BEHIND)
        assert silently_wrong(truth, render_xlsx.xlsx({"表": page}, formats=formats)) == []
        for fault, mutant in sheet_mutants(page, chance):
            assert silently_wrong(truth, render_xlsx.xlsx({"表": mutant}, formats=formats)) == [], fault
