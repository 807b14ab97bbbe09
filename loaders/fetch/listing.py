"""urls.csv → what is wanted: a column with the address (url, source_url, link, 网址), and whatever else is told."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from loaders.errors import BadIndex, Undecodable
from loaders.intake import corpora
from loaders.readers import encoding

TOLD = {
    "title": corpora.TITLE,
    "date": corpora.DAY,
    "agency": corpora.AGENCY,
    "agency_basis": corpora.BASIS,
    "report_year": corpora.YEAR,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row of the list: the address as it stands there, and all columns."""

    url: str
    told: dict[str, str] = field(default_factory=dict)

    def named(self, names: tuple[str, ...]) -> str:
        """The first filled column of some names."""
        lower = {name.strip().lower(): value.strip() for name, value in self.told.items()}
        return next((lower[name] for name in names if lower.get(name)), "")

    def about(self) -> dict[str, str]:
        """What the list tells of the document, under the names that `loaders build` reads; filled columns only."""
        return {name: found for name, names in TOLD.items() if (found := self.named(names))}

    def others(self) -> dict[str, str]:
        """The columns that go by none of these names, nor by one of the address."""
        known = {*corpora.URL, *(name for names in TOLD.values() for name in names)}
        return {name: value for name, value in self.told.items() if name.strip().lower() not in known}


def read(path: Path) -> list[Wanted]:
    """The rows of a list, each address once. Raises BadIndex where it has no column of addresses, OSError."""
    try:
        lines = csv.DictReader(io.StringIO(encoding.decode(path.read_bytes()).removeprefix("\ufeff"), newline=""))
        rows = [{key: value or "" for key, value in row.items() if key} for row in lines]
        names = [name.lower().strip() for name in lines.fieldnames or ()]
    except (Undecodable, csv.Error) as error:
        raise BadIndex(f"{path}: {error}") from error
    if not set(corpora.URL) & set(names):
        raise BadIndex(f"{path}: 没有网址一栏 · no column of addresses（{'、'.join(corpora.URL)}）")
    wanted = [Wanted("", row) for row in rows if any(value.strip() for value in row.values())]
    found = {one.named(corpora.URL): one for one in reversed(wanted)}
    return [Wanted(url, one.told) for url, one in reversed(found.items())]
