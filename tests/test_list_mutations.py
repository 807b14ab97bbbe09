"""Damaged lists: what is read without a doubt is what the undamaged list says, or the list is refused."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from codebook import book
from loaders import report
from loaders.report import Report, Source
from tests.listing import caption, filled, glued, sheet
from tests.rendering import LAYOUTS
from tests.test_round_trip import other

FORMS = tuple(book().older)
LINES = ("a cell a line", "Word paste", "pipe rows", "pipe rows led by |", "cell and | a line", "cells parted by tabs")
EACH = 8  # damaged copies of a form, layout and kind of damage
Pieces = list[str]
Damage = Callable[[Pieces, random.Random], Pieces]


def drop(pieces: Pieces, chance: random.Random) -> Pieces:
    at = chance.randrange(len(pieces))
    return pieces[:at] + pieces[at + 1 :]


def double(pieces: Pieces, chance: random.Random) -> Pieces:
    at = chance.randrange(len(pieces))
    return pieces[: at + 1] + pieces[at:]


def swap(pieces: Pieces, chance: random.Random) -> Pieces:
    at = chance.randrange(len(pieces) - 1)
    return [*pieces[:at], pieces[at + 1], pieces[at], *pieces[at + 2 :]]


def cut(pieces: Pieces, chance: random.Random) -> Pieces:
    return pieces[: chance.randrange(1, len(pieces))]


def relabel(pieces: Pieces, chance: random.Random) -> Pieces:
    """One character of one label is another."""
    places = [n for n, piece in enumerate(pieces) if sum("一" <= char <= "鿿" for char in piece) > 4]
    at = chance.choice(places)
    chars = [n for n, char in enumerate(pieces[at]) if "一" <= char <= "鿿"]
    one = chance.choice(chars)
    return [*pieces[:at], pieces[at][:one] + "囧" + pieces[at][one + 1 :], *pieces[at + 1 :]]


def shorten(pieces: Pieces, chance: random.Random) -> Pieces:
    """One character of one label is lost: 不同意公开 becomes 同意公开."""
    places = [n for n, piece in enumerate(pieces) if sum("一" <= char <= "鿿" for char in piece) > 4]
    at = chance.choice(places)
    one = chance.choice([n for n, char in enumerate(pieces[at]) if "一" <= char <= "鿿"])
    return [*pieces[:at], pieces[at][:one] + pieces[at][one + 1 :], *pieces[at + 1 :]]


DAMAGES = (drop, double, swap, cut, relabel, shorten)


def wrong(form: str, text: str, truth: dict[tuple[str, str], object]) -> list[str]:
    found = report.read(Source("synthetic.txt", text.encode(), synthetic=True))
    if not isinstance(found, Report):
        return []
    facts = [fact for fact in found.facts if not fact.doubt and fact.table != "narrative"]
    return [told for fact in facts for told in other(fact, truth[fact.code, fact.applicant or ""])]  # type: ignore[arg-type]


def test_a_wrong_value_is_seen() -> None:
    """The comparison itself can fail: another figure, and a label that lost its negation."""
    truth = dict(filled("national2014", "a"))
    lines = LAYOUTS["pipe rows"].write(sheet(truth, "national2014")).split("\n")
    row = next(n for n, line in enumerate(lines) if line.startswith("六、举报投诉数量"))
    lines[row] = "六、举报投诉数量 | 件 | 123456 |"
    assert len(wrong("national2014", "\n".join([caption("national2014"), *lines, "无。"]), dict(truth))) == 2
    refused = "\n".join([caption("national2014"), *lines, "无。"]).replace("不同意公开", "同意公开")
    found = report.read(Source("synthetic.txt", refused.encode(), synthetic=True))
    assert isinstance(found, Report)
    assert found.reading.tables["national2014"].reason == "ROW_TWICE"


@pytest.mark.parametrize("damage", DAMAGES, ids=[damage.__name__ for damage in DAMAGES])
@pytest.mark.parametrize("form", FORMS)
def test_no_damage_makes_a_wrong_value(form: str, damage: Damage) -> None:
    silent = list[str]()
    for layout in LINES:
        for seed in range(EACH):
            truth = dict(filled(form, f"{layout}{seed}"))
            lines = LAYOUTS[layout].write(sheet(truth, form)).rstrip("\n").split("\n")
            chance = random.Random(f"{form}{layout}{seed}{damage.__name__}")  # noqa: S311 - the same for everybody
            text = "\n".join([caption(form), *damage(lines, chance), "", "无。", ""])
            told = wrong(form, text, dict(truth))
            silent += [f"{layout} {seed}: {one}" for one in told]
    assert silent == []


@pytest.mark.parametrize("damage", [drop, double, swap], ids=["drop", "double", "swap"])
@pytest.mark.parametrize("form", FORMS)
def test_no_damage_to_cells_makes_a_wrong_value(form: str, damage: Damage) -> None:
    """Cells of a row of pipes and words of a line."""
    silent = list[str]()
    for seed in range(2 * EACH):
        truth = dict(filled(form, str(seed)))
        chance = random.Random(f"{form}{seed}{damage.__name__}")  # noqa: S311 - the same for everybody
        lines = LAYOUTS["pipe rows"].write(sheet(truth, form)).rstrip("\n").split("\n")
        at = chance.randrange(len(lines))
        lines[at] = "|".join(damage(lines[at].split("|"), chance))
        words = LAYOUTS["one line, cells parted by spaces"].write(sheet(truth, form)).split(" ")
        for body in ("\n".join(lines), " ".join(damage(words, chance))):
            silent += wrong(form, f"{caption(form)}\n{body}\n\n无。\n", dict(truth))
    assert silent == []


@pytest.mark.parametrize("form", FORMS)
def test_no_digit_lost_from_what_ran_together_goes_unseen_by_the_sums(form: str) -> None:
    """A label cut out of a glued list, or one put in twice, leaves nothing to read."""
    for seed in range(EACH):
        truth = dict(filled(form, str(seed)))
        table = sheet(truth, form)
        chance = random.Random(f"{form}{seed}")  # noqa: S311 - the same for everybody
        row = chance.randrange(2, len(table.rows))
        label = table.rows[row][0].text
        text = glued(table)
        for damaged in (text.replace(label, "", 1), text.replace(label, label + label, 1)):
            assert wrong(form, f"{caption(form)}\n{damaged}\n\n无。\n", dict(truth)) == []
