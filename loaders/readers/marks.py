"""Pieces of a cell that must not melt into its figure: footnote marks, raised and struck text, fields, pictures.

A mark beside a digit stays visible in a way that no number has (12¹, 12[注]), so that the cell carries a doubt; a mark
beside a word is left out, so that a label with a footnote is still that label. Alone in its cell a raised figure stands
in brackets (is it the value?), a raised word is the text, and a footnote reference leaves the cell blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

# mark: beside a figure, not part of it · note: a mark that says nothing alone · kept: shown in brackets always ·
# shifted: a mark only where other text stands
Kind = Literal["text", "mark", "note", "kept", "shifted"]


class Piece(NamedTuple):
    """A stretch of text in one look."""

    text: str
    kind: Kind = "text"


def joined(pieces: Sequence[Piece]) -> str:
    """The text of a cell or paragraph, its marks kept apart."""
    pieces = _merged(pieces)
    if len(pieces) == 1 and pieces[0].kind in {"text", "shifted"}:
        return pieces[0].text
    found: list[str] = []
    said = any(piece.kind == "text" and piece.text.strip() for piece in pieces)
    for n, piece in enumerate(pieces):
        body = piece.text.strip()
        digits = any(char.isdigit() for char in body)
        if piece.kind == "text" or (not said and (piece.kind == "shifted" or (piece.kind == "mark" and not digits))):
            found.append(piece.text)
        elif body and (piece.kind == "kept" or (digits and not said) or _near_digit(found, pieces[n + 1 : n + 3])):
            raised = body.isascii() and body.isdigit() and piece.kind != "kept" and said
            found.append(body.translate(RAISED_DIGITS) if raised else f"[{body}]")
    return "".join(found)


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(found[-1].text + piece.text, piece.kind)
        elif piece.text:
            found.append(piece)
    return found


def _near_digit(before: list[str], behind: Sequence[Piece]) -> bool:
    left = "".join(before[-2:]).rstrip()[-1:]
    right = next((piece.text.strip() for piece in behind if piece.text.strip()), "")[:1]
    return left.isdigit() or right.isdigit()
