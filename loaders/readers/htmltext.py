"""The text that a visitor sees of an element: what is hidden is left out, what the eye tells apart stays apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

SKIPPED = {"script", "style", "noscript", "template", "head", "title", "meta", "link", "datalist", "button", "map"}
SKIPPED |= {"rt", "rp", "colgroup", "col", "audio", "video"}
DRAWN = {"img", "svg", "canvas", "object", "embed", "iframe", "applet"}
BLOCKS = {"html", "body", "p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "form", "hr"}
BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote", "center"}
BLOCKS |= {"fieldset", "address", "figure", "figcaption", "details", "summary", "caption"}
BLOCKS |= {"table", "tr", "td", "th", "tbody", "thead", "tfoot"}
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]{0,60}line-through", re.IGNORECASE)
RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
WRAP, FOLD = re.compile(r" ?\n[ \n]*"), "\x1f"
HAN = r"[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef]"
HAN_FOLD = re.compile(rf"(?<={HAN}){FOLD}+(?={HAN})")
SPACE = re.compile(r"[ \t\r\f\v]+")
PICTURE, DELETED = "[图]", "[删：{}]"
PIXEL = 2  # a picture of this size is a spacer


def unseen(element: etree._Element) -> bool:
    """Whether a visitor does not see an element: comments, scripts, what is styled away."""
    if not isinstance(element.tag, str) or element.tag in SKIPPED or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style and HIDDEN.search(style)) or (element.tag == "input" and not _field(element))


def children(element: etree._Element) -> Iterator[etree._Element | str]:
    """The children of an element and the text behind each of them, in order."""
    for child in element:
        yield child
        if child.tail:
            yield child.tail


class Text:
    """Gathers what is seen; blocks and <br> end a line, a line end of the source is a space, or nothing in Han text.

    `lined` keeps the line ends of the source; `cell`: a picture may show a figure, so a cell that holds one says so.
    """

    def __init__(self, lined: bool = False, cell: bool = False) -> None:
        self._parts: list[str] = []
        self._lined, self._is_cell = lined, cell

    def say(self, text: str | None, kept: bool = False) -> None:
        """Text of the source; `kept` keeps its line ends, as <pre> does."""
        if text:
            self._parts.append(text if kept or self._lined else WRAP.sub(FOLD, SPACE.sub(" ", text)))

    def take(self) -> str:
        """The text so far, which is then forgotten."""
        joined = "".join(self._parts)
        self._parts.clear()
        return HAN_FOLD.sub("", joined).replace(FOLD, " ") if FOLD in joined else joined

    def add(self, element: etree._Element, kept: bool = False) -> None:
        """An element with all that is in it."""
        if unseen(element):
            return
        tag, style = element.tag, element.get("style") or ""
        if tag == "br":
            self._parts.append("\n")
        elif tag == "input":
            self.say(_field(element))
        elif tag == "select":
            self.say(_chosen(element))
        elif tag in DRAWN:
            if self._is_cell and not _spacer(element):
                self._parts.append(PICTURE)
        elif tag in {"del", "s", "strike"} or STRUCK.search(style):
            self._wrapped(element, lambda text: DELETED.format(text) if text.strip() else "")
        elif tag in {"sup", "sub"} or RAISED.search(style):
            # A footnote's mark must not melt into the figure before it: 12² is no number, 122 would be one.
            self._wrapped(element, lambda text: text.translate(SUPERSCRIPT))
        else:
            block = tag in BLOCKS
            if block:
                self._parts.append("\n")
            self.inside(element, kept or tag == "pre")
            if block:
                self._parts.append("\n")

    def inside(self, element: etree._Element, kept: bool = False) -> None:
        """What stands in an element."""
        self.say(element.text, kept)
        for child in children(element):
            if isinstance(child, str):
                self.say(child, kept)
            else:
                self.add(child, kept)

    def _wrapped(self, element: etree._Element, change: Callable[[str], str]) -> None:
        inner = Text(self._lined, self._is_cell)
        inner.inside(element)
        self._parts.append(change(inner.take()))


def _spacer(picture: etree._Element) -> bool:
    sizes = [picture.get(name, "").strip().removesuffix("px") for name in ("width", "height")]
    return any(size.isdecimal() and int(size) <= PIXEL for size in sizes)


def _chosen(select: etree._Element) -> str:
    """What a list to choose from shows."""
    options = list(select.iter("option"))
    shown = [option for option in options if option.get("selected") is not None][-1:] or options[:1]
    return "".join("".join(option.itertext()) for option in shown)


def _field(element: etree._Element) -> str:
    """What a form field shows."""
    shown = (element.get("type") or "text").strip().lower() in {"text", "number", "tel"}
    return element.get("value") or "" if shown else ""
