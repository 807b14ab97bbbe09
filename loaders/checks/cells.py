"""What a rule needs to know of a cell; a fact tells it, and so does the short form that is kept of each report."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Cell(Protocol):
    """A cell as the rules see it: where it belongs, its state, number and words, why it is doubted (falsy if not)."""

    @property
    def table(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def applicant(self) -> str | None: ...
    @property
    def state(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def raw(self) -> str: ...
    @property
    def doubt(self) -> str | None: ...


class Short(NamedTuple):
    """A cell in short; `raw` is kept where words stand in the cell, else ""."""

    table: str
    code: str
    applicant: str | None
    state: str
    value: float | None
    raw: str
    doubt: str | None
