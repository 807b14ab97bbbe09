"""What the shipped library reads as, kept small beside the tests: python -m tests.snapshot writes it anew.

tests/snapshot.jsonl, a report after another, a line each:
  {report}                                         what it is taken for
  {"tables": {table: [status, reason, cells]}}
  [table, code, applicants, cells, {shared}]       facts of a row of the form; "*" stands for all seven applicants; a
                                                   number or null (blank) is a cell like the others, {…} what differs
  {"finding": […]}
and at the end {"refused": […]} for documents in the quarantine. Git shows a change of the reading line by line.
"""

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.build import build
from loaders.compare import stored
from loaders.compare.difference import FACT, FACT_FIELDS, FINDING, QUARANTINE, REPORT, TABLE, difference
from loaders.compare.words import line, summary
from loaders.intake.sources import find
from loaders.schema import SCHEMAS

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "data" / "reports"
KEPT = Path(__file__).with_suffix(".jsonl")
SEVEN = ["person", "enterprise", "research", "welfare", "legal_service", "other", "total"]
USUAL = dict.fromkeys(FACT_FIELDS) | {"state": "number", "match": "exact"}
SHARED = ("unit", "unit_source", "doubt", "match")
COLUMNS = {"reports": REPORT, "tables": TABLE, "facts": FACT, "findings": FINDING, "quarantine": QUARANTINE}
Row = dict[str, Any]


def library(folder: Path) -> Path:
    """The shipped reports, read now and published under `folder`."""
    build(find([LIBRARY]), folder)
    return folder


def written(version: Path) -> str:
    """The snapshot of a version, as text."""
    version = stored.opened(version)
    of = {
        name: {report: part.to_pylist() for report, part in stored.by_report(version, name, COLUMNS[name])}
        for name in ("tables", "facts", "findings")
    }
    lines: list[object] = []
    for report in stored.rows(version, "reports", REPORT):
        key = report["report_id"]
        lines.append({name: value for name, value in report.items() if value is not None})
        tables = {row["table"]: [row["status"], row["reason"], row["cells"]] for row in of["tables"].get(key, [])}
        lines.append({"tables": tables})
        facts = of["facts"].get(key, [])
        lines += [_packed(list(row)) for _, row in groupby(facts, key=lambda fact: (fact["table"], fact["code"]))]
        lines += [{"finding": list(row.values())} for row in of["findings"].get(key, [])]
    lines += [{"refused": list(row.values())} for row in stored.rows(version, "quarantine", QUARANTINE)]
    return "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in lines)


def _packed(facts: list[Row]) -> list[Any]:
    first, shared = facts[0], {}
    for name in SHARED:
        if first[name] != USUAL[name] and all(fact[name] == first[name] for fact in facts):
            shared[name] = first[name]
    applicants: Any = [fact["applicant"] for fact in facts]
    applicants = "*" if applicants == SEVEN else None if applicants == [None] else applicants
    return [first["table"], first["code"], applicants, [_cell(fact, USUAL | shared) for fact in facts], shared]


def _cell(fact: Row, usual: Row) -> object:
    told = {name: fact[name] for name in FACT_FIELDS if fact[name] != usual[name]}
    if fact["state"] != "text":
        told.pop("raw", None)
    if "value" in told:
        told["value"] = int(fact["value"]) if float(fact["value"]).is_integer() else fact["value"]
    return None if told == {"state": "blank"} else told["value"] if told.keys() == {"value"} else told


def unpacked(text: str, folder: Path) -> Path:
    """The snapshot as Parquet files in `folder`, with the columns that are compared."""
    tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    report = ""
    for one in map(json.loads, text.splitlines()):
        match one:
            case list():
                tables["facts"] += ({"report_id": report, **fact} for fact in _facts(*one))
            case {"tables": dict(found)}:
                tables["tables"] += (
                    {"report_id": report, **dict(zip(TABLE, (name, *row), strict=True))} for name, row in found.items()
                )
            case {"finding": list(row)}:
                tables["findings"].append({"report_id": report, **dict(zip(FINDING, row, strict=True))})
            case {"refused": list(row)}:
                tables["quarantine"].append(dict(zip(QUARANTINE, row, strict=True)))
            case _:
                report = one["report_id"]
                tables["reports"].append(one)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        keep = {"report_id", *COLUMNS[name]}
        schema = pa.schema([field for field in SCHEMAS[name] if field.name in keep])
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / f"{name}.parquet")
    return folder


def _facts(table: str, code: str, applicants: Any, cells: list[Any], shared: Row) -> Iterator[Row]:
    names: Iterable[str | None] = SEVEN if applicants == "*" else applicants or [None]
    for applicant, cell in zip(names, cells, strict=True):
        told = {"state": "blank"} if cell is None else cell if isinstance(cell, dict) else {"value": cell}
        yield {"table": table, "code": code, "applicant": applicant} | USUAL | shared | told


def compared(text: str, version: Path, folder: Path) -> str:
    """What differs between a snapshot and a version, in words; "" where nothing does."""
    changes = difference(unpacked(text, folder), version)
    return "\n".join([*summary(changes), "", *map(line, changes)]) if changes else ""


def main() -> int:
    """Write the snapshot of the library as it reads now and print what changed."""
    with tempfile.TemporaryDirectory() as folder:
        version = library(Path(folder) / "now")
        before = KEPT.read_text(encoding="utf-8") if KEPT.exists() else ""
        print(compared(before, version, Path(folder) / "before") or "没有变化 · nothing changed")
        KEPT.write_text(written(version), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
