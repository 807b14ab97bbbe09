"""How well failing sums point at the cells that are wrong: python -m tests.localising [--tables N].

Made-up tables of each form get one or two misprints of the kinds that happen: a digit dropped, doubled or changed, two
digits swapped, a neighbour's figure, a zero, a blank. Printed are, for each number of misprints: how many broke a sum;
in how many the cells that are wrong are one of the sets suggested, with the true figures; how many sets there are.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from loaders.checks.findings import Key
from loaders.checks.localise import localise
from tests.breaking import fact
from tests.filling import FEW, balanced
from tests.rendering import layout_of

FORMS = ("2019", "2021", "zhejiang2019")
TABLES = ("requests", "review")


@dataclass
class Tally:
    """What came of the tables with so many misprints: `sizes` is sets suggested → tables."""

    tables: int = 0
    silent: int = 0
    named: int = 0
    restored: int = 0
    unnamed: int = 0
    sizes: Counter[int] = field(default_factory=Counter)

    def line(self, errors: int) -> str:
        """One line of the report."""
        told = self.tables - self.silent
        sets = "，".join(f"{size}: {count}" for size, count in sorted(self.sizes.items()))
        return (
            f"{errors} misprints: {self.tables} tables, {self.silent} break no sum; of {told} the wrong cells are a set "
            f"suggested in {self.named} ({self.named / told:.1%}), with the true figures in {self.restored}; "
            f"no set told {self.unnamed}; sets suggested → tables {sets}"
        )


def misprint(chance: random.Random, cells: Mapping[Key, int], key: Key) -> int:
    """Another figure for a cell, of the kinds that happen; a blank counts as zero."""
    true = cells[key]
    digits = str(true)
    at = chance.randrange(len(digits))
    ways = [
        digits[:at] + digits[at + 1 :],
        digits[:at] + digits[at] * 2 + digits[at + 1 :],
        digits[:at] + chance.choice("0123456789") + digits[at + 1 :],
        digits[:at][:-1] + digits[at] + digits[:at][-1:] + digits[at + 1 :],
        str(chance.choice(list(cells.values()))),
        "0",
    ]
    wrong = int(chance.choice(ways) or 0)
    return wrong if wrong != true else misprint(chance, cells, key)


def measured(tables: int, errors: int) -> Tally:
    """Misprint so many tables and look where their sums point."""
    tally = Tally()
    for number in range(tables):
        chance = random.Random(f"{errors} {number}")  # noqa: S311 - the same for everybody
        form = FORMS[number % len(FORMS)]
        true = balanced(iter([chance.choice((*FEW, 22, 305)) for _ in range(250)]), form)
        table = "requests" if number % 10 else "review"
        keys = chance.sample([key for key in true if bool(key[1]) == (table == "requests")], errors)
        printed = true | {key: misprint(chance, true, key) for key in keys}
        facts = [fact(code, applicant, float(value)) for (code, applicant), value in printed.items()]
        layouts = {name: layout for name in TABLES if (layout := layout_of(name, form)) is not None}
        parts = [part for part in localise(facts, layouts) if part.table == table]
        tally.tables += 1
        if not parts:
            tally.silent += 1
            continue
        wrong = {(key, true[key]) for key in keys}
        _count(tally, wrong, [[{(c.cell, c.suggested) for c in changes} for changes in part.sets] for part in parts])
    return tally


def _count(tally: Tally, wrong: set[tuple[Key, int]], parts: list[list[set[tuple[Key, int]]]]) -> None:
    """Misprints in sums that share no cell are told apart: each part must name its own."""
    cells = {key for key, _ in wrong}
    named = all(any({key for key, _ in one} <= cells for one in sets) for sets in parts)
    told = {key for sets in parts for one in sets for key, _ in one}
    tally.named += named and cells <= told
    tally.restored += named and all(any(one <= wrong for one in sets) for sets in parts) and cells <= told
    tally.unnamed += any(not sets for sets in parts)
    tally.sizes[sum(map(len, parts))] += 1


def main(arguments: list[str]) -> int:
    """Print the figures for one and for two misprints."""
    parser = argparse.ArgumentParser(prog="python -m tests.localising", description=__doc__)
    parser.add_argument("--tables", type=int, default=1000)
    tables = parser.parse_args(arguments).tables
    for errors in (1, 2):
        print(measured(tables, errors).line(errors))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
