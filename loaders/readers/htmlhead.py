"""What a page says of itself in its head, as the lines in which loaders.identity.identity finds title, publisher and day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

# The names that the guideline for government sites prescribes (国办发〔2017〕47号), and relatives.
TITLE = ("articletitle", "title", "og:title")
SOURCE = ("contentsource", "source")
DATE = ("pubdate", "publishdate", "article:published_time", "publish_time")
SITE, COLUMN = ("sitename", "og:site_name"), ("columnname",)
BREAK = re.compile(r"\s*[_|—–]+\s*|\s*-+\s*(?=[^-]*$)|\s+-+\s+")
REPORT = re.compile(r"公开.*(?:报告|年报)|(?:报告|年报).*公开|[公報]開.*(?:報告|年報)")


def lines(tree: etree._Element) -> Iterator[str]:
    """Title, day of publication, publisher and site, each a line; only what the head holds."""
    told = dict[str, str]()
    for meta in tree.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content and len(content) < 300:
            told.setdefault(name, content)
    title = _first(told, TITLE) or _title(tree)
    if title:
        yield _own(title)
    if date := _first(told, DATE):
        yield f"发布日期：{date}"
    if source := _first(told, SOURCE):
        yield f"来源：{source}"
    if site := _first(told, SITE):
        yield "当前位置：" + " > ".join(filter(None, [site, _first(told, COLUMN)]))


def _first(told: dict[str, str], names: tuple[str, ...]) -> str:
    return next((told[name] for name in names if name in told), "")


def _title(tree: etree._Element) -> str:
    found = next(tree.iter("title"), None)
    return " ".join("".join(found.itertext()).split())[:300] if found is not None else ""


def _own(title: str) -> str:
    """A page's title without the names of column and site behind it."""
    parts = BREAK.split(title)
    return next((part for part in parts if part and REPORT.search(part)), title)
