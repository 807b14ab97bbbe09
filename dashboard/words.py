"""Every sentence of the interface and every name of the data, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from codebook import book
from codebook.indicators import indicators
from codebook.terms import notes, shorts, values

LANGUAGES = ("zh", "en")
TEXTS = Path(__file__).with_name("texts.toml")


@cache
def texts() -> dict[str, Any]:
    """texts.toml: sections of keys, each with zh and en."""
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Words:
    """Call it with "section.key" for a sentence; the methods name things of the codebook."""

    lang: str

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence `key` with `values` in its braces. Raises KeyError for a key that texts.toml lacks."""
        section, _, name = key.partition(".")
        return str(texts()[section][name][self.lang]).format(**values)

    def named(self, labels: Mapping[str, str]) -> str:
        """A label in the reader's language; English ones begin with a capital, as sentences do."""
        label = labels[self.lang]
        return label[:1].upper() + label[1:] if self.lang == "en" else label

    def with_unit(self, label: str, unit: str) -> str:
        """采购总金额（元）, Amount (yuan)."""
        return label if not unit else f"{label}（{unit}）" if self.lang == "zh" else f"{label} ({unit.lower()})"

    def value(self, field: str, value: object) -> str:
        """The label of a coded value; the value itself where the codebook does not know it, "" for none."""
        if not isinstance(value, str) or not value:
            return ""
        known = values().get((field, value))
        return value if known is None else self.named(known)

    def measure(self, code: str) -> str:
        """The full label of a code."""
        measure = book().measures.get(code)
        return code if measure is None else self.named({"zh": measure.label_zh, "en": measure.label_en})

    def short(self, code: str) -> str:
        """The label of a code for axes and legends; a reason without the name of its group."""
        if code in shorts():
            return self.named(shorts()[code])
        parts = " > " if self.lang == "zh" else ": "
        return self.named(dict.fromkeys(LANGUAGES, self.measure(code).rpartition(parts)[2]))

    def unit(self, code: str) -> str:
        """The unit of a code, in words."""
        measure = book().measures.get(code)
        return self.value("unit", measure.unit) if measure else ""

    def applicant(self, applicant: object) -> str:
        """The label of an applicant column; "" outside the request table."""
        if not isinstance(applicant, str) or applicant not in book().applicants:
            return ""
        return self.named(dict(zip(LANGUAGES, book().applicants[applicant], strict=True)))

    def form(self, form: object) -> str:
        """The label of a form."""
        known = book().form(form) if isinstance(form, str) else None
        if known is None:
            return self.value("agency_level", "unknown") if form in (None, "unknown") else str(form)
        return self.named({"zh": known.label_zh, "en": known.label_en})

    def table(self, table: str) -> str:
        """The label of a table of the form."""
        known = book().table(table)
        return table if known is None else self.named({"zh": known.label_zh, "en": known.label_en})

    def note(self, topic: str) -> str:
        """A caveat of the codebook."""
        return notes()[topic][self.lang]

    def rate(self, name: str) -> str:
        """The label of an indicator."""
        return self.named(indicators()[name].label)
