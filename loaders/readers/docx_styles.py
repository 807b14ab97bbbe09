"""What a run looks like where it decides what is read: hidden, struck out, raised; through styles as Word resolves them."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.readers.docx_names import W, number, toggle, value
from loaders.readers.xml import Element

LONGEST_CHAIN = 20  # styles based on styles; a loop ends here
SHIFTED = 4  # half-points above or below the line


@dataclass(frozen=True, slots=True)
class Look:
    """None where a property is not stated; `raised` also stands for lowered, `shifted` for moved off the line."""

    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None
    shifted: bool | None = None

    def over(self, lower: Look) -> Look:
        """This look where it states something, else the lower one."""
        if self is PLAIN or lower is PLAIN:
            return lower if self is PLAIN else self
        return Look(
            lower.hidden if self.hidden is None else self.hidden,
            lower.struck if self.struck is None else self.struck,
            lower.raised if self.raised is None else self.raised,
            lower.shifted if self.shifted is None else self.shifted,
        )

    def toggled(self, lower: Look) -> Look:
        """A character style over a paragraph style: where both hide or strike, Word shows the text again."""
        both = self.over(lower)
        hidden = False if self.hidden and lower.hidden else both.hidden
        struck = False if self.struck and lower.struck else both.struck
        return Look(hidden, struck, both.raised, both.shifted)


PLAIN = Look()


def look(properties: Element | None) -> Look:
    """What a w:rPr states itself."""
    if properties is None or not len(properties):
        return PLAIN
    struck = [told for name in ("strike", "dstrike") if (told := toggle(properties, name)) is not None]
    align, position = value(properties, "vertAlign"), value(properties, "position")
    return Look(
        toggle(properties, "vanish"),
        any(struck) if struck else None,
        None if align is None else align in {"superscript", "subscript"},
        None if position is None else abs(number(position, 0)) >= SHIFTED,
    )


class Styles:
    """The styles of a document; unknown ones look plain."""

    def __init__(self, root: Element | None = None) -> None:
        self._own: dict[str, tuple[Look, str]] = {}
        self._numbered: dict[str, Element] = {}
        self._default: dict[str, str] = {}
        self._known: dict[str, Look] = {}
        if root is None:
            self._base = PLAIN
            return
        self._base = look(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        for style in root.iterfind(W + "style"):
            name, kind = style.get(W + "styleId") or "", style.get(W + "type") or ""
            self._own[name] = (look(style.find(W + "rPr")), value(style, "basedOn") or "")
            numbered = style.find(f"{W}pPr/{W}numPr")
            if numbered is not None:
                self._numbered[name] = numbered
            if style.get(W + "default") in {"1", "true", "on"}:
                self._default[kind] = name

    def paragraph(self, properties: Element | None, table: str) -> Look:
        """What the runs of a paragraph look like before they state anything; `table` is the table's style or ""."""
        name = value(properties, "pStyle") or self._default.get("paragraph", "")
        return self._style(name).over(self._style(table) if table else PLAIN).over(self._base)

    def run(self, properties: Element | None, around: Look) -> Look:
        """The look of a run within its paragraph."""
        if properties is None:
            return around
        name = value(properties, "rStyle")
        return look(properties).over(self._style(name).toggled(around) if name else around)

    def numbered(self, properties: Element | None) -> Element | None:
        """The w:numPr of a paragraph: its own, else that of its style."""
        own = properties.find(W + "numPr") if properties is not None else None
        if own is not None:
            return own
        name = value(properties, "pStyle") or self._default.get("paragraph", "")
        return next((self._numbered[one] for one in self._chain(name) if one in self._numbered), None)

    def _style(self, name: str) -> Look:
        if name not in self._known:
            found = PLAIN
            for one in self._chain(name):
                found = found.over(self._own[one][0])
            self._known[name] = found
        return self._known[name]

    def _chain(self, name: str) -> list[str]:
        chain: list[str] = []
        while name in self._own and name not in chain and len(chain) < LONGEST_CHAIN:
            chain.append(name)
            name = self._own[name][1]
        return chain
