"""Every sentence of the interface and every name of the data, in the reader's language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from codebook import book
from codebook.terms import indicators, notes, shorts, values

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

    def value(self, field: str, value: object) -> str:
        """The label of a coded value; the value itself where the codebook does not know it, "" for none."""
        if not isinstance(value, str) or not value:
            return ""
        return values().get((field, value), {}).get(self.lang, value)

    def measure(self, code: str) -> str:
        """The full label of a code."""
        measure = book().measures.get(code)
        return code if measure is None else (measure.label_zh if self.lang == "zh" else measure.label_en)

    def short(self, code: str) -> str:
        """The label of a code for axes and legends; a reason without the name of its group."""
        if code in shorts():
            return shorts()[code][self.lang]
        label = self.measure(code)
        return label.rpartition(" > " if self.lang == "zh" else ": ")[2]

    def unit(self, code: str) -> str:
        """The unit of a code, in words."""
        measure = book().measures.get(code)
        return self.value("unit", measure.unit) if measure else ""

    def applicant(self, applicant: object) -> str:
        """The label of an applicant column; "" outside the request table."""
        if not isinstance(applicant, str) or applicant not in book().applicants:
            return ""
        return book().applicants[applicant][LANGUAGES.index(self.lang)]

    def form(self, form: object) -> str:
        """The label of a form."""
        if not isinstance(form, str) or form not in book().forms:
            return self.value("agency_level", "unknown") if form in (None, "unknown") else str(form)
        known = book().forms[form]
        return known.label_zh if self.lang == "zh" else known.label_en

    def table(self, table: str) -> str:
        """The label of a table of the form."""
        known = book().tables.get(table)
        return table if known is None else (known.label_zh if self.lang == "zh" else known.label_en)

    def note(self, topic: str) -> str:
        """A caveat of the codebook."""
        return notes()[topic][self.lang]

    def rate(self, name: str) -> str:
        """The label of an indicator."""
        return indicators()[name].label[self.lang]
