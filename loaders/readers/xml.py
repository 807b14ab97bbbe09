"""XML parts of office files, parsed without entities, network or surprises.

A DOCTYPE is refused (XML_DOCTYPE), and so are encodings other than UTF-8 and UTF-16 (XML_ENCODING), since a DOCTYPE
could hide in them; parts beyond bounds (XML_TOO_LARGE) and anything that is not well-formed (XML_DAMAGED), which
includes depths over 256 and texts over 10 MB: libxml2 raises for them in XML, while it drops them in HTML.
"""

from __future__ import annotations

import codecs
from typing import Any

from lxml import etree

from loaders.errors import BadStructure

Element = Any  # lxml ships no types

MOST_BYTES, MOST_MARKS = 24 << 20, 800_000  # a mark is a "<": about two an element, 120 bytes of memory each
STRICT = "http://purl.oclc.org/ooxml/"
TRANSITIONAL = (
    ("wordprocessingml/main", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    ("spreadsheetml/main", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    ("officeDocument/relationships", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
)


def parse(data: bytes, name: str) -> Element:
    """The root element of a part, in the transitional namespaces. Raises BadStructure."""
    if len(data) > MOST_BYTES or data.count(b"<") > MOST_MARKS:
        raise BadStructure("XML_TOO_LARGE", f"部件 {name} 过大：{len(data)} 字节")
    text = _decoded(data, name)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadStructure("XML_DOCTYPE", f"部件 {name} 带有 DOCTYPE，不予读取")
    if STRICT in text:
        for path, space in TRANSITIONAL:
            text = text.replace(STRICT + path, space)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=False,
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise BadStructure("XML_DAMAGED", f"部件 {name} 不是完好的 XML：{error}") from error


def _decoded(data: bytes, name: str) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadStructure("XML_ENCODING", f"部件 {name} 不是 UTF-8 也不是 UTF-16") from error
