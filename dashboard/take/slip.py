"""What a download says of itself: version, filters, switches, counts, how to cite it and under which terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from codebook.citation import Cited, bibtex, gbt7714, work
from dashboard.words import LANGUAGES, Words


@dataclass(frozen=True, slots=True)
class Slip:
    """`filters` are (filter, values) in each language; `switches` are sentences, such as that of doubtful values."""

    version: str
    codebook: str
    day: date
    reports: int
    doubt: bool
    corrected: bool = False
    address: str = ""
    synthetic: int = 0
    private: bool = False
    filters: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    topic: Mapping[str, str] = field(default_factory=dict)

    @property
    def cited(self) -> Cited:
        """What the citation names."""
        return Cited(self.version, self.day, self.address, self.topic.get("zh", ""), self.topic.get("en", ""))

    @property
    def short(self) -> str:
        """One line for formats that have room for no more."""
        return f"{work()['name']} {self.version}, doubtful values {'included' if self.doubt else 'left out'}"

    def chosen(self, lang: str) -> str:
        """The filters in words; that there are none where nothing is filtered."""
        w = Words(lang)
        told = [w("slip.filter", name=name, values=text) for name, text in self.filters.get(lang, ())]
        return w("basis.comma").join(told) or w("slip.everything")

    def sentences(self, lang: str) -> list[tuple[str, str]]:
        """(label, text) of everything but the citation, in one language."""
        w = Words(lang)
        told = [
            (w("slip.version"), w("slip.versions", version=self.version, codebook=self.codebook)),
            (w("slip.filters"), self.chosen(lang)),
            (w("slip.reports"), f"{self.reports:,}"),
            (w("slip.doubt"), w("slip.doubt_in" if self.doubt else "slip.doubt_out")),
            (w("slip.corrected"), w("slip.corrected_in" if self.corrected else "slip.corrected_out")),
            (w("slip.terms"), work()[f"terms_{lang}"]),
        ]
        if self.synthetic:
            told.append((w("slip.warning"), w("frame.synthetic", n=self.synthetic)))
        if self.private:
            told.append((w("slip.warning"), w("slip.private")))
        return told

    def line(self, lang: str) -> str:
        """All of it in one line."""
        return " ".join(f"{label}: {text}" for label, text in self.sentences(lang))

    def rows(self) -> list[tuple[str, str]]:
        """(label, text) in both languages, with the citation in both styles."""
        told = [pair for lang in LANGUAGES for pair in self.sentences(lang)]
        return [*told, ("GB/T 7714", gbt7714(self.cited)), ("BibTeX", bibtex(self.cited))]


def today() -> date:
    """The day where the server stands: the day on which a reader of its pages looks at the data."""
    return datetime.now().astimezone().date()
