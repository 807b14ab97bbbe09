"""A report in short: what the rules over several reports need, as bytes that wait on disk until the others are read.

One national year is a hundred thousand reports; their facts as objects would need tens of gigabytes, in short they are
a kilobyte each.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from loaders.checks.cells import Cell, Short
from loaders.checks.clauses import Prose
from loaders.checks.findings import Key
from loaders.checks.subject import Subject, Told, subject

NARRATIVE, TEXT = "narrative", "text"
HEAD = 4  # numbers before the hashes of a prose: how many, all characters, whether fees are told, room


@dataclass(frozen=True, slots=True)
class Brief:
    """A report as the rules over several reports see it; `doubt` of its cells says only that there is one."""

    report_id: str
    source: str
    cells: tuple[Short, ...]
    forms: frozenset[str]
    tables: dict[str, tuple[str, ...]]
    told: dict[str, Told]
    detail: dict[str, str]
    prose: Prose = field(default_factory=lambda: Prose(array("Q"), array("I"), 0, False))

    @property
    def subject(self) -> Subject:
        """What the rules are held against."""
        return replace(subject(self.cells, self.forms, self.tables, self.told), detail=self.detail)

    @property
    def by_place(self) -> dict[Key, Short]:
        """The cells of its tables by code and applicant."""
        return {(cell.code, cell.applicant or ""): cell for cell in self.cells if cell.table != NARRATIVE}

    @property
    def requests(self) -> dict[Key, float | None]:
        """The values of the request table."""
        return {(cell.code, cell.applicant or ""): cell.value for cell in self.cells if cell.table == "requests"}


def packed(seen: Subject, cells: Iterable[Short]) -> bytes:
    """A report in short as bytes, without its name and prose."""
    content = {
        "forms": sorted(seen.forms),
        "tables": {name: list(forms) for name, forms in seen.tables.items()},
        "told": dict(seen.told),
        "detail": dict(seen.detail),
        "cells": list(cells),
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpacked(report_id: str, source: str, data: bytes, prose: bytes) -> Brief:
    """What `packed` and `packed_prose` made."""
    content = json.loads(zlib.decompress(data))
    return Brief(
        report_id,
        source,
        tuple(Short(*cell) for cell in content["cells"]),
        frozenset(content["forms"]),
        {name: tuple(forms) for name, forms in content["tables"].items()},
        content["told"],
        content["detail"],
        unpacked_prose(prose),
    )


def packed_prose(prose: Prose) -> bytes:
    """Clauses as bytes: the head, the hashes in order, their lengths."""
    head = array("Q", [len(prose.hashes), prose.characters, int(prose.fee_told), 0])
    return head.tobytes() + prose.hashes.tobytes() + prose.lengths.tobytes()


def unpacked_prose(data: bytes) -> Prose:
    """What `packed_prose` made."""
    head = array("Q", data[: HEAD * 8])
    end = (HEAD + head[0]) * 8
    return Prose(array("Q", data[HEAD * 8 : end]), array("I", data[end:]), head[1], bool(head[2]))


def short(cells: Iterable[Cell]) -> list[Short]:
    """Facts in short."""
    return [
        Short(
            one.table, one.code, one.applicant, one.state, one.value,
            one.raw if one.state == TEXT else "", "1" if one.doubt else None,
        )
        for one in cells
    ]  # fmt: skip
