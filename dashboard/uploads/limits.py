"""What is taken from a visitor and what reading it may cost; the operator's switches.

OGI_UPLOADS=off            no uploads
OGI_UPLOADS_KEEP=DIR       documents are also put aside in DIR for the operator, and the page says so before anybody uploads
OGI_UPLOADS_FILES, OGI_UPLOADS_SESSION_MB, OGI_UPLOADS_EVERYBODY_MB   files at a time, and megabytes of one and of all visitors
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

MB = 1_000_000
TYPES = ("txt", "htm", "html", "md", "csv", "docx", "xlsx", "xls", "pdf", "zip", "json", "jsonl")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, files, seconds and processes. `each` is also server.maxUploadSize, which the server keeps."""

    each: int = 10 * MB
    files: int = 50
    session: int = 30 * MB  # of all files of a visitor together
    everybody: int = 600 * MB  # on disk, over all sessions; what was read takes room too
    wall: float = 180.0  # seconds for all of a visitor's files
    memory: int = 2_500 * MB  # address space of each process; a document has its own, smaller limit
    readers: int = 2  # visitors whose files are read at a time
    patience: float = 30.0  # seconds that another one waits
    aside: int = 2_000 * MB  # bytes that the operator's folder may hold


LIMITS = Limits()


def granted() -> Limits:
    """The usual ones with those of the operator. Raises ValueError where a number can't be meant."""
    own = os.environ
    return replace(
        LIMITS,
        files=int(own.get("OGI_UPLOADS_FILES") or LIMITS.files),
        session=int(own.get("OGI_UPLOADS_SESSION_MB") or LIMITS.session // MB) * MB,
        everybody=int(own.get("OGI_UPLOADS_EVERYBODY_MB") or LIMITS.everybody // MB) * MB,
    )


def allowed() -> bool:
    """Whether the operator takes uploads."""
    return os.environ.get("OGI_UPLOADS", "on").strip().lower() != "off"


def aside() -> Path | None:
    """The folder where the operator keeps what visitors upload; None, as a rule, where nothing is kept."""
    named = os.environ.get("OGI_UPLOADS_KEEP", "").strip()
    return Path(named) if named else None
