"""Label reconciliation: printed labels to names of the codebook, one in twenty spelt with a character changed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz import process

from benchmarks.bars import Bar, Bench, Measured, pairs
from codebook import book
from loaders.labels import AXES, Lexicon, lexicon, plain

LABELS, CHANGED = 20_000, 0.05
OTHERS = "的了和与及项数量件公开信息办理"


class Printed(NamedTuple):
    """A label as a report prints it, where, and what it stands for."""

    text: str
    table: str
    axis: str
    key: str


def printed(count: int) -> list[Printed]:
    """Labels in the order in which reports print them, again and again, with the same changes for everybody."""
    chance = random.Random(5)  # noqa: S311 - the same for everybody
    known = list(_known())
    return [_changed(known[n % len(known)], chance) for n in range(count)]


def _known() -> Iterator[Printed]:
    for layouts in book().layouts.values():
        for layout in layouts:
            for axis, lines in (("row", layout.rows), ("column", layout.columns)):
                yield from (Printed(line.label, layout.table, axis, line.key) for line in lines)


def _changed(one: Printed, chance: random.Random) -> Printed:
    if chance.random() >= CHANGED or len(one.text) < 4:
        return one
    at = chance.randrange(1, len(one.text))
    return one._replace(text=one.text[:at] + chance.choice(OTHERS) + one.text[at + 1 :])


def ours(known: Lexicon, one: Printed) -> str:
    """The key, "" where none is clear enough."""
    text = plain(one.text)
    keys = {n.key for n in known.find(text) if n.table == one.table and n.axis == AXES[one.axis]}
    if len(keys) == 1:
        return keys.pop()
    near = known.fuzzy(text, one.table, one.axis)
    return near.key if near else ""


def run(rounds: int, size: int) -> Measured:
    """Processor time for all labels against the best of all labels of the codebook."""
    labels, known = printed(size or LABELS), lexicon()
    choices = list(known.names)
    keys = [ours(known, one) for one in labels]
    wrong = sum(bool(key) and key != one.key for key, one in zip(keys, labels, strict=True))
    found = sum(map(bool, keys))
    few = labels[:: max(1, len(labels) // 1000)]

    def peer() -> None:
        for one in few:
            process.extractOne(one.text, choices)

    ratio, mine, theirs = pairs(lambda: [ours(known, one) for one in labels], peer, rounds)
    share = len(few) / len(labels)
    told = f"{len(labels):,} labels, {found:,} named: {mine / len(labels) * 1e6:.1f} µs, peer {theirs / len(few) * 1e6:.0f} µs"
    return Measured(ratio * share, told, wrong)


BENCH = Bench(Bar("label reconciliation, 5 % variants", "rapidfuzz extractOne over all labels", 0.15, 0.06), run)
