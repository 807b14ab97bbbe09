"""Where damaged documents begin and how they are damaged: sound made-up reports, then a few random faults each."""

from __future__ import annotations

import copy
import io
import json
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree
from lxml import html as pages

from codebook import book
from tests import gluing, pdfs, render_docx, render_html, render_xls, render_xlsx
from tests.rendering import LAYOUTS, SYNTHETIC, render
from tests.truth import Key

TITLE = (f"合成示例局2021年政府信息公开工作年度报告（{SYNTHETIC}）", "一、总体情况")
BEHIND = ("五、存在的主要问题及改进情况", "无。")
MARKUP = "</td> <td> <tr> </table> <table> <td\xa0colspan=65535> rowspan=0 &#xD800; &nbsp; <!-- --> <![CDATA[ <script>"
MARKUP += " ]]> <sup>1</sup> <w:vMerge/> <w:gridSpan\xa0w:val='1000000000'/> r='XFD1048576' s='-1' t='s' <v>1e999</v>"
PLAIN = "| || ||| |--- - / 无 0 1 12② -5 ＋3 1,234 ,,, \" ' \t \n \r \0 \ufeff \u202e \u200b \u3000 ¼ ½ ٣ 十二 万元 \ud7ff 􀀀"
PRINTER = "Tj ET BT Q q re f S W n Do Tm Td cm 0 -1 1e38 <00> () [ ] << >> endstream endobj 3\xa00\xa0R /Kids /Count"
TOKENS = [token.replace("\xa0", " ") for token in f"{MARKUP} {PRINTER}".split(" ")] + PLAIN.split(" ")
FORM = sorted({line.label for some in book().layouts.values() for one in some for line in (*one.rows, *one.columns)})
ODD = (
    "",
    "0",
    "-1",
    "1",
    "2",
    "99",
    "65535",
    "1048577",
    "2147483648",
    "1e9",
    "٣",
    "²",
    "NaN",
    "true",
    "\n",
    "一" * 300,
)
TEXTS, FORMS = tuple(LAYOUTS.values()), tuple(book().forms)
ENCODINGS = ("utf-8",) * 6 + ("gb18030", "utf-16", "utf-8-sig", "big5")
CHARSETS = ("utf-8", "gb2312", "big5", "utf-16", "latin-1", "undefined", "idna", "unicode_escape", "utf-7", "hex", "无")
FEW = 6  # sound reports a container: to render them costs more than to damage them


class Mixed:
    """Random faults out of one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def often(self, share: float) -> bool:
        """True in a share of cases."""
        return self.chance.random() < share

    def text(self, text: str, other: str) -> str:
        """A text with one to four faults; `other` is what may be spliced in."""
        for _ in range(self.chance.choice((1, 1, 1, 2, 3, 4))):
            text = self._once(text, other)
        return text

    def _once(self, text: str, other: str) -> str:
        chance, start = self.chance, self.chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((1, 1, 2, 5, 20, 100, 1000)))
        at, to = chance.randrange(len(other) + 1), chance.choice((1, 10, 100, 2000))
        match chance.randrange(10):
            case 0:
                return text[:start] + text[end:]
            case 1:
                return text[:start] + text[start:end] * chance.choice((2, 2, 3, 50)) + text[end:]
            case 2:
                return text[:start] if self.often(0.5) else text[start:]
            case 3:
                return text[:start] + other[at : at + to] + text[end:]
            case 4:
                return text[:start] + chr(chance.choice((chance.randrange(128), chance.randrange(0xD800)))) + text[end:]
            case 5:
                return self._lines(text)
            case 6:
                return text[:start] + chance.choice(FORM) + text[start:]
            case _:
                return text[:start] + chance.choice(TOKENS) + text[end if self.often(0.3) else start :]

    def _lines(self, text: str) -> str:
        lines = text.split("\n")
        one, other = self.chance.randrange(len(lines)), self.chance.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
        return "\n".join(lines)

    def bytes(self, data: bytes) -> bytes:
        """Bytes with one to four faults."""
        found = bytearray(data)
        for _ in range(self.chance.choice((1, 1, 2, 4))):
            start = self.chance.randrange(len(found) + 1)
            end = start + self.chance.choice((1, 1, 2, 4, 64, 999))
            match self.chance.randrange(6):
                case 0 if start < len(found):
                    found[start] ^= 1 << self.chance.randrange(8)
                case 1 if start < len(found):
                    found[start] = self.chance.choice((0, 1, 0x7F, 0x80, 0xFF, 0x3C, 0x7C, 0x0A))
                case 2:
                    del found[start:end]
                case 3:
                    found[start:start] = self.chance.randbytes(self.chance.choice((1, 2, 4, 30)))
                case 4:
                    found[start:start] = found[start:end] * self.chance.choice((1, 2, 40))
                case 5 if self.often(0.3):
                    del found[start:]
        return bytes(found)

    def tree(self, root: etree._Element) -> None:
        """Elements of a tree are dropped, doubled, moved and renamed, attributes and texts changed."""
        for _ in range(self.chance.choice((1, 1, 2, 4))):
            nodes = [node for node in root.iter() if isinstance(node.tag, str) and node is not root]
            if not nodes:
                return
            with suppress(ValueError):  # a name that lxml does not write
                self._node(self.chance.choice(nodes), self.chance.choice(nodes))

    def _node(self, node: etree._Element, other: etree._Element) -> None:
        parent = node.getparent()
        match self.chance.randrange(8):
            case 0 if parent is not None:
                parent.remove(node)
            case 1 if parent is not None:
                parent.insert(parent.index(node), copy.deepcopy(node))
            case 2 if node not in other.iterancestors() and node is not other:
                other.append(node)
            case 3:
                node.tag = other.tag
            case 4 if node.attrib:
                node.set(self.chance.choice(list(node.attrib)), self.chance.choice(ODD))
            case 5 if other.attrib:
                name = self.chance.choice(list(other.attrib))
                node.set(name, other.get(name))
            case 6:
                node.text = self.chance.choice(ODD).replace("\0", "")
            case _:
                for name in list(node.attrib):
                    del node.attrib[name]

    def value(self, value: object) -> object:
        """A value of JSON in place of another."""
        odd: tuple[object, ...] = (None, True, 0, -1.5, 10**40, float("nan"), "", "\ud800", [], {}, [[[]]], {"text": 1})
        return self.chance.choice((*odd, [value], {"text": value}, str(value) * 2, "\x00" + str(value)))


@cache
def printed(number: int) -> tuple[dict[Key, str], str]:
    """Made-up figures and their form."""
    chance, form = random.Random(number), FORMS[number % len(FORMS)]  # noqa: S311 - the same for everybody
    return gluing.figures(chance, form, 40), form


@cache
def sound(container: str, number: int) -> str:
    """A sound report as the text of a container."""
    cells, form = printed(number)
    match container:
        case "html":
            return list(render_html.PAGES.values())[number % 4](cells, form)
        case "csv":
            return render_xlsx.csv_text(cells, form, TITLE, BEHIND, ",;\t"[number % 3])
        case "md":
            return render(cells, form, LAYOUTS["Markdown"])
        case "glued":
            return gluing.glue(cells, form, gluing.Style(between=number / FEW, seed=number))
        case "docx":
            body = render_docx.body_of(
                cells, form, TITLE, BEHIND, render_docx.Look(*(number % 3 == n for n in range(5)))
            )
            return f"<w:document {render_docx.SPACES}><w:body>{body}</w:body></w:document>"
        case _:
            return render(cells, form, TEXTS[number % len(TEXTS)])


def _pair(container: str, mixed: Mixed, most: int = FEW) -> tuple[str, str]:
    return sound(container, mixed.chance.randrange(most)), sound(container, mixed.chance.randrange(most))


def _encoded(text: str, mixed: Mixed) -> bytes:
    data = text.encode(mixed.chance.choice(ENCODINGS), "replace")
    return mixed.bytes(data) if mixed.often(0.1) else data


def a_text(mixed: Mixed) -> bytes:
    """Plain text in one of its layouts, or with its cells run together."""
    pair = _pair("txt", mixed, len(TEXTS)) if mixed.often(0.8) else _pair("glued", mixed)
    return _encoded(mixed.text(*pair), mixed)


def a_page(mixed: Mixed) -> bytes:
    """A web page: half of them damaged as characters, half as a tree."""
    page, other = _pair("html", mixed)
    page = page.replace('charset="utf-8"', f'charset="{mixed.chance.choice(CHARSETS)}"')
    if mixed.often(0.5):
        return _encoded(mixed.text(page, other), mixed)
    root = pages.fromstring(page)
    mixed.tree(root)
    return _encoded("<html>" + etree.tostring(root, encoding="unicode", method="html"), mixed)


def a_markdown(mixed: Mixed) -> bytes:
    """A Markdown file."""
    return _encoded(mixed.text(*_pair("md", mixed)), mixed)


def a_csv(mixed: Mixed) -> bytes:
    """A CSV file."""
    return _encoded(mixed.text(*_pair("csv", mixed)), mixed)


@cache
def _members(container: str, number: int) -> dict[str, bytes]:
    """The members of a sound package."""
    if container == "docx":
        data = render_docx.package(sound("docx", number))
    else:
        look = render_xlsx.Look(*(number % 4 == n for n in range(5)))
        data = render_xlsx.workbook(*printed(number), TITLE, BEHIND, look)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _package(container: str) -> Callable[[Mixed], bytes]:
    def made(mixed: Mixed) -> bytes:
        members = dict(_members(container, mixed.chance.randrange(FEW)))
        weighed = [name for name in members if "sheet" in name or "document.xml" in name]
        name = mixed.chance.choice([*members, *weighed * 4])
        if mixed.often(0.7):
            root = etree.fromstring(members[name])
            mixed.tree(root)
            members[name] = etree.tostring(root)
        elif mixed.often(0.8):
            text = members[name].decode()
            members[name] = mixed.text(text, text).encode("utf-8", "replace")
        elif mixed.often(0.5):
            del members[name]
        else:
            members[mixed.chance.choice(list(members))] = members[name]
        data = render_docx.zipped(members)
        return mixed.bytes(data) if mixed.often(0.15) else data

    return made


@cache
def _drawn(number: int) -> tuple[bytes, ...]:
    look = pdfs.Look(rules=("lines", "bars", "none")[number % 3])
    return tuple(pdfs.content(page, look.rules, look.tall) for page in pdfs.report(*printed(number), look))


def a_print(mixed: Mixed) -> bytes:
    """A PDF: what a page draws is damaged, or the file."""
    contents = list(_drawn(mixed.chance.randrange(FEW)))
    if mixed.often(0.4):
        return mixed.bytes(pdfs.assemble(contents))
    at = mixed.chance.randrange(len(contents))
    drawn, other = contents[at].decode("latin-1"), mixed.chance.choice(contents).decode("latin-1")
    contents[at] = mixed.text(drawn, other).encode("latin-1", "replace")
    return pdfs.assemble(contents, packed=mixed.often(0.3))


def _rows(mixed: Mixed) -> list[dict[str, object]]:
    """Rows of a corpus, some of their values odd."""
    rows: list[dict[str, object]] = []
    for _ in range(mixed.chance.choice((1, 1, 2, 3))):
        body = (
            {"text": mixed.text(*_pair("txt", mixed, len(TEXTS)))} if mixed.often(0.6) else {"html": sound("html", 0)}
        )
        told = {"url": "http://example.gov.cn/1", "date": "2022-01-20", "title": TITLE[0], "meta": {"title": "合成"}}
        row: dict[str, object] = {**body, **told}
        if mixed.often(0.6):
            name = mixed.chance.choice(list(row))
            row[name] = mixed.value(row[name])
        rows.append(row)
    return rows


def a_corpus(mixed: Mixed) -> bytes:
    """JSON lines."""
    text = "".join(json.dumps(row, ensure_ascii=mixed.often(0.5)) + "\n" for row in _rows(mixed))
    return _encoded(mixed.text(text, text) if mixed.often(0.3) else text, mixed)


def a_json(mixed: Mixed) -> bytes:
    """One document or several in a JSON file."""
    rows = _rows(mixed)
    text = json.dumps(rows[0] if len(rows) == 1 else rows, ensure_ascii=mixed.often(0.5))
    return _encoded(mixed.text(text, text) if mixed.often(0.3) else text, mixed)


def a_table(mixed: Mixed) -> bytes:
    """A Parquet file."""
    file, columns = io.BytesIO(), ("text", "url", "title", "date")
    rows = [{name: str(row.get(name, "")).encode("utf-8", "replace") for name in columns} for row in _rows(mixed)]
    kind = pa.binary() if mixed.often(0.3) else pa.string()
    pq.write_table(pa.Table.from_pylist(rows, pa.schema([(name, kind) for name in columns])), file)
    return mixed.bytes(file.getvalue()) if mixed.often(0.7) else file.getvalue()


def an_archive(mixed: Mixed) -> bytes:
    """An archive of damaged documents with an index, a note, a corpus and an archive inside."""
    chosen = mixed.chance.sample([a_text, a_page, a_csv, a_corpus, a_json, _package("docx")], 2)
    members = {f"甲/{n}.{'jsonl' if one is a_corpus else 'json' if one is a_json else 'x'}": one(mixed)
               for n, one in enumerate(chosen)}  # fmt: skip
    index = "file,source_url,synthetic\n0.x,http://example.gov.cn/2,yes\n"
    members["甲/index.csv"] = _encoded(mixed.text(index, index), mixed) if mixed.often(0.5) else index.encode()
    members["甲/1.json"] = json.dumps({"title": mixed.value(TITLE[0]), "url": mixed.value("")}).encode()
    if mixed.often(0.2):
        members["里.zip"] = mixed.bytes(render_docx.zipped({"a.txt": a_text(mixed)}))
    data = render_docx.zipped(dict(members))
    with suppress(ValueError):
        return mixed.bytes(data) if mixed.often(0.5) else data
    return data


@cache
def _old_book(number: int) -> bytes:
    return render_xls.workbook(*printed(number), TITLE, BEHIND, render_xlsx.Look(apart=number % 3 == 0))


def an_old_book(mixed: Mixed) -> bytes:
    """A workbook of Excel 97-2003 with bytes changed."""
    return mixed.bytes(_old_book(mixed.chance.randrange(FEW)))


CONTAINERS: dict[str, Callable[[Mixed], bytes]] = {
    "txt": a_text,
    "html": a_page,
    "md": a_markdown,
    "csv": a_csv,
    "docx": _package("docx"),
    "xlsx": _package("xlsx"),
    "xls": an_old_book,
    "pdf": a_print,
    "jsonl": a_corpus,
    "json": a_json,
    "parquet": a_table,
    "zip": an_archive,
}
