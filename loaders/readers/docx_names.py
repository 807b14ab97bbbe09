"""The element names of WordprocessingML that the reader tells apart, and small readings of their attributes."""

from __future__ import annotations

import re

from loaders.readers.xml import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
V = "{urn:schemas-microsoft-com:vml}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741 - the prefix of that namespace
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

PARAGRAPH, RUN, TABLE, ROW, CELL, CONTROL = (W + name for name in ("p", "r", "tbl", "tr", "tc", "sdt"))
ALTERNATE, CHOICE, FALLBACK, BOX, CHUNK = (
    MC + "AlternateContent",
    MC + "Choice",
    MC + "Fallback",
    W + "txbxContent",
    W + "altChunk",
)
FORMULAS = {M + "oMath", M + "oMathPara"}
PICTURES = {PIC + "pic", V + "imagedata", O + "OLEObject", CHART + "chart"}
DELETED = {W + "del", W + "moveFrom"}
# What holds no text of the document. Everything else is walked into: an unknown wrapper must not lose what it wraps.
SILENT = {
    W + name
    for name in (
        *("pPr", "rPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "fldData"),
        *("instrText", "delText", "delInstrText", "rt", "customXmlPr", "smartTagPr", "ffData"),
    )
}
SMALL = re.compile(r"-?\d{1,9}")
OFF = {"0", "false", "off"}


def value(parent: Element | None, name: str, attribute: str = "val") -> str | None:
    """The attribute of a child element such as w:gridSpan; None where the child is missing, "" where it has none."""
    child = parent.find(W + name) if parent is not None else None
    return None if child is None else child.get(W + attribute) or ""


def number(text: str | None, default: int) -> int:
    """A small whole number; the default for anything else, however long it is."""
    return int(text) if text and SMALL.fullmatch(text) else default


def toggle(properties: Element | None, name: str) -> bool | None:
    """An on/off property: None where it is not stated."""
    told = value(properties, name)
    return None if told is None else told.lower() not in OFF


def chosen(alternate: Element) -> Element | None:
    """What Word shows of an mc:AlternateContent: the first choice, else the fallback; never both."""
    choice = alternate.find(CHOICE)
    return choice if choice is not None else alternate.find(FALLBACK)
