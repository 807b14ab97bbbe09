"""datapackage.json (Frictionless Data Package 1.0, which version 2 readers take too): what each file holds, by column."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from codebook.citation import work

# Kinds of columns here → field types of the Table Schema.
TYPES = {"text": "string", "number": "number", "integer": "integer", "boolean": "boolean", "date": "date"}
MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "dta": "application/x-stata-dta",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `kind` is text, number, integer, boolean or date."""

    name: str
    kind: str
    label_zh: str = ""
    label_en: str = ""
    note_zh: str = ""
    note_en: str = ""

    @property
    def about(self) -> str:
        """Label and note in both languages, in one line."""
        pairs = ((self.label_zh, self.note_zh), (self.label_en, self.note_en))
        return " | ".join(filter(None, ("：".join(filter(None, pair)) for pair in pairs)))


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the package: its path in it, its bytes' length and SHA-256, and its columns where it is a table."""

    name: str
    path: str
    size: int
    sha256: str
    about: str = ""
    columns: Sequence[Column] = ()
    key: tuple[str, ...] = ()


def resource(
    name: str, path: str, content: bytes, about: str = "", columns: Sequence[Column] = (), key: tuple[str, ...] = ()
) -> Resource:
    """The entry of a file whose bytes are `content`."""
    return Resource(name, path, len(content), hashlib.sha256(content).hexdigest(), about, columns, key)


def descriptor(resources: Iterable[Resource], version: str, about: str = "") -> bytes:
    """datapackage.json as bytes: the same files and version give the same bytes."""
    told = {
        "profile": "data-package",
        "name": work()["name"],
        "title": f"{work()['title_zh']} {work()['title_en']}",
        "description": about,
        "version": version,
        "licenses": [{"name": work()["licence"], "path": work()["licence_url"], "title": work()["terms_en"]}],
        "contributors": [{"title": work()["author_en"], "role": "author"}],
        "resources": [_resource(one) for one in resources],
    }
    return (
        json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False, indent=1).encode() + b"\n"
    )


def _resource(one: Resource) -> dict[str, Any]:
    ending = one.path.rpartition(".")[2]
    told: dict[str, Any] = {
        "name": one.name,
        "path": one.path,
        "description": one.about,
        "format": ending,
        "mediatype": MEDIA.get(ending, "application/octet-stream"),
        "bytes": one.size,
        "hash": f"sha256:{one.sha256}",
    }
    if one.columns:
        told |= {"profile": "tabular-data-resource"} if ending == "csv" else {}
        told |= {"encoding": "utf-8"} if ending == "csv" else {}
        told["schema"] = {"fields": [_field(column) for column in one.columns], "missingValues": [""]}
        if one.key:
            told["schema"]["primaryKey"] = list(one.key)
    return {key: value for key, value in told.items() if value != ""}


def _field(column: Column) -> dict[str, str]:
    told = {"name": column.name, "type": TYPES[column.kind], "title": column.label_zh, "description": column.about}
    return {key: value for key, value in told.items() if value}
