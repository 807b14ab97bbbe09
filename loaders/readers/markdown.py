"""Markdown's marks become spaces, one for one, so that every place in the text stays valid.

Only a text with the line below a table's header (|---|---|) is taken for Markdown: elsewhere a star is a star. What is
struck out (~~5~~) keeps its marks, so that it is no number.
"""

from __future__ import annotations

import re

DASHES = re.compile(r":-+:?|-+:|-{3,}")
SHORT = re.compile(
    r":?-{1,2}:?"
)  # too short to be told from a cell without a value, but right below a table's first line
MARKS = set(" \t\r|:-")
EMPHASIS = re.compile(
    r"(?<![*\\])(\*{1,3})(?=[^\s*])[^|\n*]{0,200}?(?<=[^\s*])\1(?!\*)|(?<![_\w])(__)(?=\S)[^|\n_]{0,200}?(?<=\S)__(?!\w)"
)
CODE = re.compile(r"(?<!`)`(?=[^`|\n]{1,200}`(?!`))|(?<=[^`|\n])`(?!`)")
TAG = re.compile(r"</?(?:br|b|strong|em|i|u|span|font|p|div|center|sup|sub)\b[^<>|\n]{0,200}>", re.IGNORECASE)
SPACE = re.compile(r"&(?:nbsp|ensp|emsp|thinsp|#160|#xa0|#12288|#x3000);", re.IGNORECASE)
PIPE = re.compile(r"\\\|")
ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
HEADING = re.compile(r"^[ \t]{0,3}#{1,6}(?=[ \t])", re.MULTILINE)


def unmarked(text: str) -> str:
    """The text, of the same length, without Markdown's marks; a text that is no Markdown as it is."""
    lines = text.split("\n")
    below = [n for n, line in enumerate(lines) if _is_delimiter(line) or _is_short(lines, n)]
    if not below:
        return text
    for n in below:
        lines[n] = " " * len(lines[n])
    text = EMPHASIS.sub(_without_ends, "\n".join(lines))
    for pattern in (PIPE, ESCAPED, CODE, TAG, SPACE, HEADING):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def _is_delimiter(line: str) -> bool:
    """Whether a line is the one below a table's header: |---|:---|:-:| and the like, but not a row of dashes."""
    if "|" not in line or "-" not in line or set(line) - MARKS:
        return False
    return all(DASHES.fullmatch(cell) for cell in _cells(line))


def _is_short(lines: list[str], n: int) -> bool:
    """Whether a line of short dashes (|-|-|) is the second of a table, as wide as the first, and rows follow.

    Values stand behind a label, or in a table's last row: never there.
    """
    if (
        n == 0
        or n + 1 == len(lines)
        or "|" not in lines[n + 1]
        or "|" not in lines[n]
        or "-" not in lines[n]
        or set(lines[n]) - MARKS
    ):
        return False
    if "|" not in lines[n - 1] or (n > 1 and "|" in lines[n - 2]):
        return False
    cells = _cells(lines[n])
    alike = len(cells) > 1 and len(cells) == len(_cells(lines[n - 1]))
    return alike and all(SHORT.fullmatch(cell) or DASHES.fullmatch(cell) for cell in cells)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _without_ends(found: re.Match[str]) -> str:
    width = len(found[1] or found[2])
    return " " * width + found[0][width:-width] + " " * width
