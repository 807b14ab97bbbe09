"""Ways in which a printed page gets damaged: rules and characters move, vanish, or stand twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from tests.pdfs import MARGIN, WIDTH, Mark, Pages, Stroke, Text

Kind = Callable[[Pages, random.Random], Pages]


def _at(pages: Pages, chance: random.Random, wanted: Callable[[Mark], bool]) -> tuple[int, int]:
    places = [(p, n) for p, page in enumerate(pages) for n, mark in enumerate(page) if wanted(mark)]
    return chance.choice(places)


def _with(pages: Pages, place: tuple[int, int], *marks: Mark) -> Pages:
    found = [list(page) for page in pages]
    found[place[0]][place[1] : place[1] + 1] = marks
    return found


def _is_rule(mark: Mark) -> bool:
    return isinstance(mark, Stroke)


def _is_text(mark: Mark) -> bool:
    return isinstance(mark, Text) and mark.y > MARGIN


def _is_number(mark: Mark) -> bool:
    return isinstance(mark, Text) and mark.text.isdigit() and mark.x > MARGIN + 100


def _text(pages: Pages, place: tuple[int, int]) -> Text:
    mark = pages[place[0]][place[1]]
    if not isinstance(mark, Text):
        raise TypeError(mark)
    return mark


def _rule(pages: Pages, chance: random.Random) -> tuple[int, Stroke]:
    page, n = _at(pages, chance, _is_rule)
    mark = pages[page][n]
    if not isinstance(mark, Stroke):
        raise TypeError(mark)
    return page, mark


def _each(pages: Pages, page: int, rule: Stroke, *new: Mark) -> Pages:
    """All rules drawn in one place (neighbouring cells draw it each) become `new`."""
    found = [list(marks) for marks in pages]
    found[page] = [mark for mark in found[page] if mark != rule] + list(new)
    return found


def drop_rule(pages: Pages, chance: random.Random) -> Pages:
    """A side of a cell is not drawn."""
    return _each(pages, *_rule(pages, chance))


def cut_rule(pages: Pages, chance: random.Random) -> Pages:
    """A side of a cell is drawn in part."""
    page, rule = _rule(pages, chance)
    share = chance.uniform(0.1, 0.9)
    x1, y1 = rule.x0 + share * (rule.x1 - rule.x0), rule.y0 + share * (rule.y1 - rule.y0)
    return _each(pages, page, rule, Stroke(rule.x0, rule.y0, x1, y1))


def move_rule(pages: Pages, chance: random.Random) -> Pages:
    """A side of a cell stands elsewhere."""
    page, rule = _rule(pages, chance)
    dx, dy = chance.uniform(-40, 40), chance.uniform(-20, 20)
    return _each(pages, page, rule, Stroke(rule.x0 + dx, rule.y0 + dy, rule.x1 + dx, rule.y1 + dy))


def extra_rule(pages: Pages, chance: random.Random) -> Pages:
    """A rule runs through the page."""
    page, rule = _rule(pages, chance)
    found = [list(marks) for marks in pages]
    if chance.random() < 0.5:
        found[page].append(Stroke(MARGIN, rule.y0 + chance.uniform(1, 15), WIDTH - MARGIN, rule.y0 + 8))
    else:
        x = rule.x0 + chance.uniform(1, 40)
        found[page].append(Stroke(x, rule.y0 - chance.uniform(0, 200), x, rule.y0 + 100))
    return found


def drop_text(pages: Pages, chance: random.Random) -> Pages:
    """A line of a cell is gone."""
    return _with(pages, _at(pages, chance, _is_text))


def change_digit(pages: Pages, chance: random.Random) -> Pages:
    """A figure is another one."""
    place = _at(pages, chance, _is_number)
    mark = _text(pages, place)
    n = chance.randrange(len(mark.text))
    digit = chance.choice([d for d in "123456789" if d != mark.text[n]])
    return _with(pages, place, replace(mark, text=mark.text[:n] + digit + mark.text[n + 1 :]))


def move_text(pages: Pages, chance: random.Random) -> Pages:
    """A line of a cell stands elsewhere."""
    place = _at(pages, chance, _is_text)
    mark = _text(pages, place)
    return _with(pages, place, replace(mark, x=mark.x + chance.uniform(-60, 60), y=mark.y + chance.uniform(-30, 30)))


def double_text(pages: Pages, chance: random.Random) -> Pages:
    """A number stands twice, a little apart."""
    place = _at(pages, chance, _is_number)
    mark = _text(pages, place)
    return _with(
        pages, place, mark, replace(mark, x=mark.x + chance.uniform(1.5, 30), y=mark.y + chance.uniform(-3, 3))
    )


def overprint(pages: Pages, chance: random.Random) -> Pages:
    """Another number is printed over one."""
    place = _at(pages, chance, _is_number)
    mark = _text(pages, place)
    over = replace(mark, text=str(chance.randrange(1, 99)), x=mark.x + chance.uniform(-1, 1))
    return _with(pages, place, mark, over)


def footnote(pages: Pages, chance: random.Random) -> Pages:
    """A small raised figure stands behind a number."""
    place = _at(pages, chance, _is_number)
    mark = _text(pages, place)
    behind = mark.x + 0.5 * mark.size * len(mark.text)
    return _with(pages, place, mark, replace(mark, text=chance.choice("123"), x=behind, y=mark.y - 3.5, size=5.5))


def hide_text(pages: Pages, chance: random.Random) -> Pages:
    """A number is there, but white or unpainted: nobody sees it."""
    place = _at(pages, chance, _is_number)
    return _with(pages, place, replace(_text(pages, place), before=chance.choice(("1 g", "3 Tr", "1 1 1 rg"))))


def hidden_text(pages: Pages, chance: random.Random) -> Pages:
    """A further number is there that nobody sees."""
    place = _at(pages, chance, _is_number)
    mark = _text(pages, place)
    behind = mark.x + 0.5 * mark.size * len(mark.text)
    return _with(pages, place, mark, replace(mark, x=behind, text="7", before=chance.choice(("1 g", "3 Tr"))))


def part_number(pages: Pages, chance: random.Random) -> Pages:
    """A number is parted: a space in its middle, or its end on a line of its own."""
    place = _at(pages, chance, lambda mark: _is_number(mark) and isinstance(mark, Text) and len(mark.text) > 1)
    mark = _text(pages, place)
    gap = replace(mark, text=mark.text[1:], x=mark.x + chance.uniform(0.8, 1.5) * mark.size)
    below = replace(mark, text=mark.text[1:], y=mark.y + 8)
    return _with(pages, place, replace(mark, text=mark.text[0]), chance.choice((gap, below)))


def stray_text(pages: Pages, chance: random.Random) -> Pages:
    """A page number or a word lies on the page."""
    page, rule = _rule(pages, chance)
    found = [list(marks) for marks in pages]
    text = chance.choice(("14", "- 14 -", "第14页", "0", "打印本页", "2"))
    found[page].append(Text(rule.x0 + chance.uniform(-5, 60), rule.y0 + chance.uniform(-5, 20), text))
    return found


def swap_pages(pages: Pages, chance: random.Random) -> Pages:
    """Two pages change places."""
    found = [list(page) for page in pages]
    first, second = chance.sample(range(len(found)), 2)
    found[first], found[second] = found[second], found[first]
    return found


def drop_page(pages: Pages, chance: random.Random) -> Pages:
    """A page is missing."""
    gone = chance.randrange(len(pages))
    return [page for n, page in enumerate(pages) if n != gone]


def double_page(pages: Pages, chance: random.Random) -> Pages:
    """A page is there twice."""
    twice = chance.randrange(len(pages))
    return [page for n, page in enumerate(pages) for _ in range(1 + (n == twice))]


def swap_numbers(pages: Pages, chance: random.Random) -> Pages:
    """Two numbers change places."""
    first, second = _at(pages, chance, _is_number), _at(pages, chance, _is_number)
    one, other = _text(pages, first), _text(pages, second)
    return _with(_with(pages, first, replace(one, text=other.text)), second, replace(other, text=one.text))


KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (
        *(drop_rule, cut_rule, move_rule, extra_rule, drop_text, change_digit, move_text, double_text, overprint),
        *(footnote, hide_text, hidden_text, part_number, stray_text, swap_pages, drop_page, double_page, swap_numbers),
    )
}
