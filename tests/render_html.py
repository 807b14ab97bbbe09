"""The forward model for pages: the sheets of tests.rendering as HTML, dressed as sites and word processors do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape

from codebook import book
from tests.rendering import LATER_SECTIONS, SECTIONS, SYNTHETIC, Dress, Printed, Sheet, sheets

Write = Callable[[str], str]
AGENCY = "合成县示例局"
PROSE = "本报告为测试而作，数字均非真实。"


@dataclass(frozen=True, slots=True)
class Tag:
    """A cell of a page: its text and spans."""

    text: str
    columns: int
    rows: int


def merged(sheet: Sheet) -> list[list[Tag]]:
    """The cells of a sheet, each once, with how many rows it reaches down."""
    owners = dict[int, tuple[int, int]]()
    found, heights = list[list[tuple[int, str, int]]](), dict[tuple[int, int], int]()
    for r, row in enumerate(sheet.rows):
        column, cells = 0, []
        for box in row:
            if box.covered:
                heights[owners[column]] = r - owners[column][0] + 1
            else:
                cells.append((column, box.text, box.span))
                owners |= dict.fromkeys(range(column, column + box.span), (r, column))
            column += box.span
        found.append(cells)
    return [
        [Tag(text, span, heights.get((r, column), 1)) for column, text, span in cells] for r, cells in enumerate(found)
    ]


def table(sheet: Sheet, write: Write = escape, attributes: str = "") -> str:
    """A table element; blank cells hold &nbsp;."""
    lines = [f"<table{attributes}>"]
    for row in merged(sheet):
        cells = []
        for tag in row:
            spans = f' colspan="{tag.columns}"' * (tag.columns > 1) + f' rowspan="{tag.rows}"' * (tag.rows > 1)
            cells.append(f"<td{spans}>{write(tag.text) if tag.text else '&nbsp;'}</td>")
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return "\n".join([*lines, "</table>"])


def soup(text: str) -> str:
    """A cell as Word saves it: a paragraph of spans and fonts, an empty o:p, broken in the middle."""
    half = len(text) // 2
    return (
        "<p class=MsoNormal align=center style='text-align:center'><span lang=EN-US style='font-size:10.0pt;mso-hide:\n"
        f"none'><font face=宋体>{escape(text[:half])}</font></span><span\nstyle='font-size:10.0pt'>{escape(text[half:])}"
        "<o:p></o:p></span><span style='display:none;mso-hide:all'>9</span></p><!--[if gte mso 9]><p>8</p><![endif]-->"
    )


def paragraphs(text: str) -> str:
    """A cell whose text is broken over two paragraphs, as editors leave it; a value stays whole."""
    if len(text) < 4 or not "一" < text[0] < "鿿":
        return f"<div>\n  {escape(text)}\n</div>"
    return f"<p>{escape(text[:2])}</p>\n<p>{escape(text[2:])}</p>"


def tables(printed: Printed, form: str, dress: Dress, write: Write = escape, attributes: str = "") -> list[str]:
    """The tables of each section, as elements."""
    found: dict[str, list[str]] = {"proactive": [], "requests": [], "review": []}
    for sheet in sheets(printed, form, dress):
        found[sheet.table.partition(".")[0]].append(table(sheet, write, attributes))
    return ["\n".join(some) for some in found.values()]


def _heading(text: str) -> str:
    return f"<p><strong>{text}</strong></p>"


def _report(printed: Printed, form: str, dress: Dress, write: Write, attributes: str = "") -> str:
    year = book().forms[form].span[0] + 1
    proactive, requests, review = tables(printed, form, dress, write, attributes)
    prose = f"<p>{PROSE}</p>"
    return "\n".join(
        [
            f"<h1>{AGENCY}{year}年政府信息公开工作年度报告（{SYNTHETIC}）</h1>",
            *(_heading(SECTIONS[0]), prose, _heading(SECTIONS[1]), proactive, _heading(SECTIONS[2]), requests),
            *(_heading(LATER_SECTIONS[0]), review, _heading(LATER_SECTIONS[1]), prose, _heading(LATER_SECTIONS[2])),
        ]
    )


def _page(body: str, charset: str, head: str = "") -> str:
    return f'<!DOCTYPE html>\n<html><head><meta charset="{charset}">{head}</head>\n<body>\n{body}\n</body></html>\n'


def plain_page(printed: Printed, form: str, dress: Dress = Dress(), charset: str = "utf-8") -> str:  # noqa: B008
    """A page as a content management system prints it."""
    return _page(_report(printed, form, dress, escape), charset)


def word_page(printed: Printed, form: str, dress: Dress = Dress(), charset: str = "utf-8") -> str:  # noqa: B008
    """A page pasted from Word."""
    attributes = " border=1 style='border-collapse:collapse;mso-padding-alt:0cm 5.4pt'"
    hidden = "<tr style='display:none'><td width=60></td><td width=60></td></tr></table>"
    return _page(_report(printed, form, dress, soup, attributes).replace("</table>", hidden), charset)


def broken_page(printed: Printed, form: str, dress: Dress = Dress(), charset: str = "utf-8") -> str:  # noqa: B008
    """A page whose cells hold paragraphs; rows and cells lack their end tags, as HTML allows."""
    body = _report(printed, form, dress, paragraphs)
    return _page(body.replace("</td>", "").replace("</tr>", ""), charset)


def nested_page(printed: Printed, form: str, dress: Dress = Dress(), charset: str = "utf-8") -> str:  # noqa: B008
    """A page laid out with tables: navigation, the head's table of metadata, the report in a cell."""
    year = book().forms[form].span[0] + 1
    title = f"{AGENCY}{year}年政府信息公开工作年度报告（{SYNTHETIC}）"
    head = (
        f'<title>{title}_年度报告_合成县人民政府</title><meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="{year + 1}-01-20 10:00"><meta name="ContentSource" content="{AGENCY}">'
        '<meta name="SiteName" content="合成县人民政府"><style>.a{color:red}</style>'
    )
    metadata = (
        "<table><tr><td>索引号</td><td>000014349/2022-00001</td><td>发布机构</td>"
        f"<td>{AGENCY}</td></tr><tr><td>成文日期：{year + 1}年1月18日</td><td></td><td></td><td></td></tr></table>"
    )
    report = _report(printed, form, dress, escape)
    body = (
        "<table width=100%><tr><td colspan=2><ul><li>首页</li><li>信息公开</li></ul></td></tr>"
        "<tr><td><table><tr><td>1</td><td>2</td></tr></table></td>"
        f"<td><table><tr><td>{metadata}</td></tr><tr><td>{report}</td></tr></table></td></tr></table>"
        "<script>var a = '<td>5</td>';</script>"
    )
    return _page(body, charset, head)


PAGES = {"plain": plain_page, "word": word_page, "broken": broken_page, "nested": nested_page}


@cache
def traditional() -> dict[int, str]:
    """Simplified characters of labels in traditional script."""
    found = dict[int, str]()
    for printed, plain in book().characters.items():
        if len(printed) == len(plain) == 1 and _fits(printed, "big5"):
            found.setdefault(ord(plain), printed)
    return found


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def encoded(page: str, encoding: str) -> bytes:
    """The bytes of a page; what an encoding lacks is a character reference, and Big5 is traditional script."""
    text = page.translate(traditional()) if encoding == "big5" else page
    return text.encode(encoding, "xmlcharrefreplace")
