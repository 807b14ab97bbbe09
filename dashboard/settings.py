"""An operator's settings: one TOML file, each entry an environment variable that a running process goes by.

The file is the one that OGI_SETTINGS names, else ogi.toml beside app.py, if there is one. What the environment says already
stands; deploy/ogi.toml has every entry with its default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VARIABLE, FILE = "OGI_SETTINGS", "ogi.toml"


class BadSettings(ValueError):
    """The file can't be meant: which entry, and what it may be."""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text in quotes")
    return value


def _switch(on: str, off: str) -> Callable[[object], str]:
    def told(value: object) -> str:
        if not isinstance(value, bool):
            raise TypeError("true or false")
        return on if value else off

    return told


def _number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise TypeError("a whole number from 1")
    return str(value)


def _one_of(*choices: str) -> Callable[[object], str]:
    def told(value: object) -> str:
        if value not in choices:
            raise TypeError(" or ".join(f'"{one}"' for one in choices))
        return str(value)

    return told


# Entry → the variable that it stands for, and how its value is written there.
ENTRIES: Mapping[str, tuple[str, Callable[[object], str]]] = {
    "data.folder": ("OGI_DATA", _text),
    "data.decisions": ("OGI_DECISIONS", _text),
    "pages.language": ("OGI_LANGUAGE", _one_of("zh", "en")),
    "pages.contact": ("OGI_CONTACT", _text),
    "pages.decide": ("OGI_DESK", _one_of("", "1", "codebook")),
    "uploads.on": ("OGI_UPLOADS", _switch("on", "off")),
    "uploads.keep": ("OGI_UPLOADS_KEEP", _text),
    "uploads.files": ("OGI_UPLOADS_FILES", _number),
    "uploads.session_mb": ("OGI_UPLOADS_SESSION_MB", _number),
    "uploads.everybody_mb": ("OGI_UPLOADS_EVERYBODY_MB", _number),
    "server.metrics": ("OGI_METRICS", _switch("1", "")),
}


def apply(environment: MutableMapping[str, str] = os.environ) -> Path | None:
    """Put the file's entries into the environment, where it has none of its own; the file, or None without one.

    Raises BadSettings for an entry that is unknown or can't be meant, and where a named file is not there.
    """
    named = environment.get(VARIABLE, "").strip()
    path = Path(named) if named else ROOT / FILE
    if not named and not path.exists():
        return None
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSettings(f"{path.name}: {error}") from None
    for name, value in told(found).items():
        environment.setdefault(name, value)
    return path


def told(sections: Mapping[str, object]) -> dict[str, str]:
    """Variable → its text. Raises BadSettings."""
    out = dict[str, str]()
    for section, entries in sections.items():
        for key, value in (entries if isinstance(entries, Mapping) else {"": entries}).items():
            name = f"{section}.{key}".rstrip(".")
            if name not in ENTRIES:
                raise BadSettings(f"{name}: not an entry; known are {', '.join(ENTRIES)}")
            variable, written = ENTRIES[name]
            try:
                out[variable] = written(value)
            except TypeError as error:
                raise BadSettings(f"{name} = {value!r}: wants {error}") from None
    return out
