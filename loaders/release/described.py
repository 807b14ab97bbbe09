"""datapackage.json: every file of a package with its columns, size and hash, after the Data Package standard 2.0."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa

from codebook.terms import fields

PROFILE = "https://datapackage.org/profiles/2.0"
KINDS = {"string": "string", "int64": "integer", "int32": "integer", "double": "number", "bool": "boolean"}
KEYS = {"reports": ["report_id"]}  # elsewhere a cell may be told twice
OF_REPORT = ("tables", "facts", "findings")
Json = dict[str, Any]


def resource(folder: Path, path: str, name: str, table: str, schema: pa.Schema) -> Json:
    """One file of the package as a resource; `table` is its name in the codebook, `name` its name in the package."""
    csv = path.endswith(".csv")
    return {
        "$schema": f"{PROFILE}/dataresource.json",
        "name": name,
        "path": path,
        "type": "table",
        "format": "csv" if csv else "parquet",
        "mediatype": "text/csv" if csv else "application/vnd.apache.parquet",
        **({"encoding": "utf-8"} if csv else {}),
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{sha256(folder / path)}",
        "schema": {
            "$schema": f"{PROFILE}/tableschema.json",
            "fields": [_field(table, field) for field in schema],
            **({"primaryKey": KEYS[table]} if table in KEYS else {}),
            **({"foreignKeys": [_of_report(name, table)]} if table in OF_REPORT else {}),
        },
    }


def _field(table: str, field: pa.Field) -> Json:
    told = fields().get((table, field.name), {"label_zh": field.name, "label_en": "", "note_zh": "", "note_en": ""})
    title = " · ".join(filter(None, (told["label_zh"], told["label_en"])))
    note = " · ".join(dict.fromkeys(filter(None, (told["note_zh"], told["note_en"]))))
    described = {"description": note} if note else {}
    return {"name": field.name, "type": KINDS[str(field.type)], "title": title, **described}


def _of_report(name: str, table: str) -> Json:
    reports = "reports" + name.removeprefix(table)  # CSV refers to CSV, Parquet to Parquet
    return {"fields": ["report_id"], "reference": {"resource": reports, "fields": ["report_id"]}}


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
