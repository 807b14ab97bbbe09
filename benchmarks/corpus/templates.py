"""A form in a layout and a dress, printed once: what stands between the values, and in which order they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tests import gluing, render_docx, render_html
from tests.rendering import LAYOUTS, SYNTHETIC, Around, Dress, places, render
from tests.truth import Key

MARK = re.compile("\ue000(\\d+)\ue001")
TITLE, STORY, OUTLOOK = "\ue002", "\ue003", "\ue004"
MADE_UP = re.compile(rf"合成(?:县)?示例局\d{{4}}年政府信息公开工作年度报告（{SYNTHETIC}）")
# How often a layout is met: the shares of data/reports, docs/data.md; pages and Word files come as text there.
SHARES = {
    "a cell a line": 32,
    "a cell a line, blank lines between": 10,
    "pipe rows": 24,
    "pipe rows led by |": 14,
    "Markdown": 6,
    "glued": 4,
    "Word paste": 4,
    "one line, cells parted by spaces": 1,
    "html": 4,
    "docx": 1,
}
BLANKS = ("pipe rows", "pipe rows led by |", "html", "docx")  # an empty cell stays visible
DRESSES = 40  # spellings of a form's labels
VARIANTS = 0.05  # of the labels are spelt in another way that reports use


@dataclass(frozen=True, slots=True)
class Template:
    """What stands around the values: `parts` has one more than `keys`."""

    container: str
    parts: tuple[str, ...]
    keys: tuple[Key, ...]


@cache
def template(form: str, layout: str, dress: int) -> Template:
    """The form printed in a layout, with marks for values, title and prose."""
    keys = list(places(form))
    printed = {key: f"\ue000{n}\ue001" for n, key in enumerate(keys)}
    spelt = Dress(seed=dress, alias=True, wide=bool(dress % 3), share=VARIANTS)
    container = "text"
    match layout:
        case "glued":
            text = gluing.glue(printed, form, gluing.Style(seed=dress, gap=" ", between=0.5))
            text = text.replace("\n", f"\n{STORY}\n", 1)
        case "html":
            container, text = "html", render_html.plain_page(printed, form, spelt)
            text = text.replace(render_html.PROSE, STORY, 1).replace(render_html.PROSE, OUTLOOK)
        case "docx":
            container, text = "docx", render_docx.body_of(printed, form, (TITLE, STORY), (OUTLOOK,), dress=spelt)
        case _:
            text = render(printed, form, LAYOUTS[layout], spelt, Around(prose=STORY)).replace(STORY, OUTLOOK)
            text = text.replace(OUTLOOK, STORY, 1)
    text = MADE_UP.sub(TITLE, text, count=1)
    pieces = MARK.split(text)
    return Template(container, tuple(pieces[::2]), tuple(keys[int(n)] for n in pieces[1::2]))
