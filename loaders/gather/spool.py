"""What the rules over several reports need of each report, on disk: read at its place by whichever process asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

import numpy as np
import numpy.typing as npt

from loaders.checks.brief import Brief, unpacked

KINDS = ("brief", "prose", "name")
Numbers = npt.NDArray[np.int64]


class SpoolWriter:
    """Blobs of each kind by report, written in any order."""

    def __init__(self, folder: Path, reports: int) -> None:
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {kind: (folder / kind).open("wb") for kind in KINDS}
        self._at = {kind: np.zeros((reports, 2), dtype=np.int64) for kind in KINDS}

    def add(self, report: int, blobs: Iterable[bytes]) -> None:
        """The blobs of a report, in the order of KINDS."""
        for kind, blob in zip(KINDS, blobs, strict=True):
            file = self._files[kind]
            self._at[kind][report] = (file.tell(), len(blob))
            file.write(blob)

    def close(self) -> None:
        """Everything is on disk after this."""
        for kind, file in self._files.items():
            file.close()
            np.save(self._folder / f"{kind}.npy", self._at[kind])


@dataclass(slots=True)
class Spool:
    """The blobs of all reports."""

    folder: Path
    _files: dict[str, IO[bytes]] = field(default_factory=dict)
    _at: dict[str, Numbers] = field(default_factory=dict)

    def __enter__(self) -> Self:
        for kind in KINDS:
            self._files[kind] = (self.folder / kind).open("rb")
            self._at[kind] = np.load(self.folder / f"{kind}.npy", mmap_mode="r")
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def blob(self, kind: str, report: int) -> bytes:
        """One blob of a report."""
        at, size = (int(n) for n in self._at[kind][report])
        file = self._files[kind]
        file.seek(at)
        return file.read(size)

    def name(self, report: int) -> tuple[str, str]:
        """The id and the name of the document of a report."""
        report_id, _, source = self.blob("name", report).decode().partition("\n")
        return report_id, source

    def brief(self, report: int) -> Brief:
        """A report in short."""
        return unpacked(*self.name(report), self.blob("brief", report), self.blob("prose", report))
