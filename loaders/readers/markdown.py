"""Markdown's marks become spaces, one for one, so that every place in the text stays valid.

Only a text with the line below a table's header (|---|---|) is taken for Markdown: elsewhere a star is a star. What is
struck out (~~5~~) keeps its marks, so that it is no number.
"""

from __future__ import annotations

import re

DELIMITER = re.compile(r"^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+(?:[ \t]*:?-{3,}:?[ \t]*)?$", re.MULTILINE)
ALIGNED = re.compile(
    r"^[ \t]*\|?(?:[ \t]*(?::-+:?|-+:|-{3,})[ \t]*\|)+(?:[ \t]*(?::-+:?|-+:|-{3,})[ \t]*)?$", re.MULTILINE
)
EMPHASIS = re.compile(
    r"(?<![*\\])(\*{1,3})(?=[^\s*])[^|\n*]{0,200}?(?<=[^\s*])\1(?!\*)|(?<![_\w])(__)(?=\S)[^|\n_]{0,200}?(?<=\S)__(?!\w)"
)
CODE = re.compile(r"(?<!`)`(?=[^`|\n]{1,200}`(?!`))|(?<=[^`|\n])`(?!`)")
TAG = re.compile(r"</?(?:br|b|strong|em|i|u|span|font|p|div|center|sup|sub)\b[^<>|\n]{0,200}>", re.IGNORECASE)
SPACE = re.compile(r"&(?:nbsp|ensp|emsp|thinsp|#160|#xa0|#12288|#x3000);", re.IGNORECASE)
PIPE = re.compile(r"\\\|")
ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
HEADING = re.compile(r"^[ \t]{0,3}#{1,6}(?=[ \t])", re.MULTILINE)


def is_markdown(text: str) -> bool:
    """Whether a text holds a table in Markdown."""
    return bool(DELIMITER.search(text) or any("-:" in m[0] or ":-" in m[0] for m in ALIGNED.finditer(text)))


def unmarked(text: str) -> str:
    """The text, of the same length, without Markdown's marks; a text that is no Markdown as it is."""
    if not is_markdown(text):
        return text
    text = EMPHASIS.sub(_without_ends, text)
    for pattern in (ALIGNED, PIPE, ESCAPED, CODE, TAG, SPACE, HEADING):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def _without_ends(found: re.Match[str]) -> str:
    width = len(found[1] or found[2])
    return " " * width + found[0][width:-width] + " " * width
