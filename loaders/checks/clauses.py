"""The prose of a report as a set of hashed clauses, so that copied wording can be told and no wording is kept.

Numbers are left out: a report that takes last year's text and fills in new figures has still copied it.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

from loaders.identity.script import plain

SENTENCE = re.compile(r"[。；;]")  # a line without one is a heading or the chrome of a site
ENDED = re.compile(r"[。；;：:！？!?)）]\s*$")
CUT = re.compile(r"[。；;，,：:！？!?\n]")
NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
SHORTEST = 8  # characters: shorter clauses are set phrases
FULL_LINE = 25  # a line as long as this that ends in no stop goes on in the next: pages break lines anywhere
FEE = "处理费"


@dataclass(frozen=True, slots=True)
class Prose:
    """The clauses of a report: sorted hashes, how many characters each holds, all characters, whether fees are told."""

    hashes: array[int]
    lengths: array[int]
    characters: int
    fee_told: bool

    def share_in(self, other: Prose) -> float:
        """Which part of this prose stands clause for clause in the other, by characters: 0 to 1."""
        known = set(other.hashes)
        same = sum(length for one, length in zip(self.hashes, self.lengths, strict=True) if one in known)
        total = sum(self.lengths)
        return same / total if total else 0.0


def prose(text: str, outside: Sequence[tuple[int, int]]) -> Prose:
    """The clauses of the sentences in the stretches of a decoded document that are outside its tables."""
    found, characters, fee_told = Counter[int](), 0, False
    for start, end in outside:
        for paragraph in _paragraphs(plain(text[start:end])):
            characters += len(paragraph)
            fee_told = fee_told or FEE in paragraph
            for clause in CUT.split(NUMBER.sub("", paragraph)):
                if len(clause) >= SHORTEST:
                    digest = blake2b(clause.encode(), digest_size=8).digest()
                    found[int.from_bytes(digest)] = len(clause)  # a clause said twice counts once
    ordered = sorted(found)
    return Prose(array("Q", ordered), array("I", (found[one] for one in ordered)), characters, fee_told)


def _paragraphs(text: str) -> list[str]:
    """The lines that hold a sentence, without spaces; lines broken inside a sentence are joined."""
    lines = ["".join(line.split()) for line in text.split("\n")]
    joined = list[str]()
    for before, line in pairwise(["", *lines]):
        if joined and len(before) >= FULL_LINE and not ENDED.search(before):
            joined[-1] += line
        else:
            joined.append(line)
    return [line for line in joined if SENTENCE.search(line)]
