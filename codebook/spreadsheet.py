"""Text as a cell of a CSV that a spreadsheet shows and does not run, and back again."""

from __future__ import annotations

import re

# A spreadsheet takes text with such a beginning for a formula, also after spaces and in full width. Apostrophes
# before it count as well: were "'=1" left as it is, nobody could tell it from "=1" made safe.
FORMULA = re.compile(r"^'*[\s\u3000\ufeff\u200b]*[=+\-@|%＝＋－＠｜％\t\r]")
# +5 and -3 are figures of the forms (this year's change), a row of dashes is a cell left out: neither can run.
FIGURE = re.compile(r"^\s*(?:[+\-]?\d[\d,]*(?:\.\d+)?|-+)\s*$")


def neutral(text: str) -> str:
    """Text that a spreadsheet shows and does not run: with an apostrophe before it where it would."""
    return f"'{text}" if FORMULA.match(text) and not FIGURE.match(text) else text


def printed(cell: str) -> str:
    """The text that `neutral` made `cell` of."""
    return cell[1:] if cell.startswith("'") and neutral(cell[1:]) == cell else cell
