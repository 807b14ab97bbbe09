"""The passage of a source that a value came from, marked, as HTML in which the source is nothing but text."""

from __future__ import annotations

import html
import re

BEFORE, AFTER = 240, 200  # characters of context
LINES = 5  # and lines: a table may have one cell a line


def passage(text: str, start: int, end: int) -> tuple[str, str, str]:
    """What stands before, in and after the span, cut at line ends where there are any.

    Raises ValueError where the span does not lie in the text.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"span {start}-{end} lies outside a text of {len(text)} characters")
    before, after = text[max(0, start - BEFORE) : start], text[end : end + AFTER]
    if start > BEFORE and "\n" in before:
        before = before[before.index("\n") + 1 :]
    if end + AFTER < len(text) and "\n" in after:
        after = after[: after.rindex("\n")]
    return "\n".join(_dense(before).split("\n")[-LINES:]), text[start:end], "\n".join(_dense(after).split("\n")[:LINES])


def marked(text: str, start: int, end: int) -> str:
    """The passage as HTML. Every character of the source is escaped: no tag, link or style of it takes effect."""
    before, inside, after = passage(text, start, end)
    head, tail = ("… " if start > BEFORE else ""), (" …" if end + AFTER < len(text) else "")
    mark = f'<mark style="{MARK}">{_plain(inside) or "&nbsp;"}</mark>'
    return f'<div tabindex="0" style="{BLOCK}">{head}{_plain(before)}{mark}{_plain(after)}{tail}</div>'


def _dense(text: str) -> str:
    """The text without empty lines and indents: layouts with a blank line between cells would show little else."""
    return re.sub(r"\n[ \t\u3000\xa0\r]*(?=\n)", "", re.sub(r"(?<=\n)[ \t\u3000\xa0]+", "", text))


def _plain(text: str) -> str:
    return html.escape(text, quote=True)


TERM = "text-align:left;font-weight:400;opacity:.7;padding:.32rem .8rem .32rem 0;white-space:nowrap;vertical-align:top"
TEXT = "padding:.32rem 0;overflow-wrap:anywhere;border-bottom:1px solid rgba(128,138,148,.22)"
MARK = "background:#f2c94c;color:#1b1b1b;padding:0 .15em;border-radius:2px"
BLOCK = (
    "white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.65;font-size:.92rem;padding:.8rem 1rem;"
    "border-left:3px solid #f2c94c;background:rgba(128,138,148,.10);max-height:22rem;overflow:auto"
)


def listing(rows: list[tuple[str, str]]) -> str:
    """Fields and texts as a two-column list in which the texts are nothing but text."""
    lines = (
        f'<tr><th style="{TERM}">{html.escape(name)}</th><td style="{TEXT}">{html.escape(text, quote=True)}</td></tr>'
        for name, text in rows
    )
    return f'<table style="width:100%;border-collapse:collapse;font-size:.92rem">{"".join(lines)}</table>'


def heading(text: str) -> str:
    """A report's title as a heading in which it is nothing but text."""
    return f'<h3 style="margin:0;padding:0;line-height:1.35">{html.escape(text, quote=True)}</h3>'
