"""A small published data set, made up for tests and marked so: every kind of cell, and text that means harm."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from codebook import book
from loaders.schema import BY_REPORT, NUMBER, SCHEMA_VERSION, SCHEMAS

HARM = "=cmd|' /C calc'!A1 <script>alert(1)</script> $x$ ~~s~~ [a](javascript:alert(1)) \":material/bolt:\""
REPORTS: tuple[dict[str, object], ...] = (
    {"id": "r1", "agency": "甲县教育局", "year": 2019, "form": "2019", "place": ("浙江省", "台州市", "甲县", "331099")},
    {"id": "r2", "agency": "甲县教育局", "year": 2020, "form": "2019", "place": ("浙江省", "台州市", "甲县", "331099")},
    {"id": "r3", "agency": "甲县教育局", "year": 2021, "form": "2021", "place": ("浙江省", "台州市", "甲县", "331099")},
    {"id": "r4", "agency": HARM, "year": 2020, "form": "2019", "place": ("甘肃省", "平凉市", "乙区", "620899")},
    {"id": "r5", "agency": "丙街道办事处", "year": 2020, "form": "2019", "place": (None, None, None, None)},
    {"id": "r6", "agency": "甘肃省丁厅", "year": 2023, "form": "2021", "place": ("甘肃省", None, None, "620000")},
)
# report → requests received of a natural person, granted, withheld as a state secret, not held
REQUESTS = {"r1": (10, 5, 2, 3), "r2": (40, 20, 8, 12), "r3": (7, 7, 0, 0), "r4": (60, 30, 15, 15), "r6": (0, 0, 0, 0)}
# report → amount in yuan, unit_source, as printed, doubt
MONEY: dict[str, tuple[float | None, str, str, str | None]] = {
    "r1": (23_580_000.0, "printed", "2358万", None),
    "r2": (1_027_415.6, "inferred_high", "1027415.6", None),
    "r4": (24_680_000.0, "inferred_medium", "2468", "疑为全区数字"),
    "r5": (None, "unknown", "8040", None),
}
# report → normative documents: made, published, public total (2019 form), or issued, repealed, in force (2021 form)
DOCUMENTS: dict[str, tuple[str, ...]] = {
    "r1": ("3", "2", "12"),
    "r2": ("4", "", "15"),
    "r3": ("5", "/", "9"),
    "r4": ("0", "0", "多件"),
    "r5": ("1", "1", "1"),
    "r6": ("+2", "0", "30"),
}
TEXTS = {"r1": "第二十条第(九)项\n\n采购总金额\n\n2358万\n\n<img src=x onerror=alert(1)>\n三、收到和处理"}


def publish(folder: Path, name: str = "versions/made1") -> Path:
    """Write the data set as version `name` under `folder` and point CURRENT at it; `folder` comes back."""
    facts = [fact for report in REPORTS for fact in _facts(str(report["id"]), str(report["form"]))]
    tables: dict[str, list[dict[str, object]]] = {
        "reports": [_report(report) for report in REPORTS],
        "tables": [row for report in REPORTS for row in _tables(str(report["id"]), str(report["form"]), facts)],
        "facts": facts,
        "labels": [],
        "findings": [_finding("r4")],
        "quarantine": [{"source_name": "空.txt", "source_sha256": "0" * 64, "reason": "EMPTY", "detail": None}],
        "sources": [{"report_id": report, "text": text} for report, text in TEXTS.items()],
    }
    return write(folder, name, tables)


def write(folder: Path, name: str, tables: dict[str, list[dict[str, object]]]) -> Path:
    """Publish rows under the contract's schemas; tables that are not given are empty."""
    version = folder / name
    version.mkdir(parents=True)
    listed = {}
    numbers = {row["report_id"]: number for number, row in enumerate(tables["reports"])}
    for table in SCHEMAS:
        rows = tables.get(table, [])
        if table in BY_REPORT:
            rows = [row | {NUMBER: numbers.get(row["report_id"])} for row in rows]
        path = version / f"{table}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMAS[table]), path)
        listed[table] = {"rows": len(rows), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    manifest = {"schema_version": SCHEMA_VERSION, "codebook_version": book().version, "tables": listed}
    (version / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "CURRENT").write_text(f"{name}\n", encoding="utf-8")
    return folder


def _report(report: dict[str, object]) -> dict[str, object]:
    place = report["place"]
    assert isinstance(place, tuple)
    province, city, county, adcode = place
    return {
        "report_id": report["id"],
        "source_name": f"{report['id']}.txt",
        "source_sha256": hashlib.sha256(str(report["id"]).encode()).hexdigest(),
        "container": "text",
        "title": f"{report['agency']}{report['year']}年报告",
        "agency": report["agency"],
        "agency_id": hashlib.sha256(str(report["agency"]).encode()).hexdigest()[:8],
        "agency_level": "street" if report["id"] == "r5" else "province" if report["id"] == "r6" else "county",
        "agency_type": "bureau",
        "province": province,
        "city": city,
        "county": county,
        "adcode": adcode,
        "region_status": "stated" if province else "unknown",
        "report_year": report["year"],
        "form": report["form"],
        "is_current": True,
        "status": "complete" if report["id"] in REQUESTS else "partial",
        "synthetic": True,
        "parser_version": "made",
    }


def _facts(report: str, form: str) -> list[dict[str, object]]:
    codes = ("made", "published", "public_total") if form == "2019" else ("issued", "repealed", "in_force")
    found = [_fact(report, f"normative.{c}", text) for c, text in zip(codes, DOCUMENTS[report], strict=True)]
    if report in REQUESTS:
        found += _requests(report, form)
    if report in MONEY:
        value, source, raw, doubt = MONEY[report]
        at = TEXTS.get(report, "").find(raw)
        span: dict[str, object] = {"start": at, "end": at + len(raw)} if at >= 0 else {}
        known: dict[str, object] = {"state": "number", "value": value, "unit_source": source, "doubt": doubt}
        found += [_fact(report, "procurement.amount", raw) | known | span, _fact(report, "procurement.projects", "24")]
    if report == "r1":
        found.append(_fact(report, "narrative.disclosed_total", "220"))
    return found


def _requests(report: str, form: str) -> list[dict[str, object]]:
    received, granted, secret, not_held = REQUESTS[report]
    numbers = {"received": received, "granted": granted, "withheld.state_secret": secret, "handled": received}
    numbers |= {"unavailable.not_held": not_held}
    layout = next(one for one in book().layouts["requests"] if form in one.forms)
    found = []
    for row in layout.rows:
        for column in layout.columns:
            number = numbers.get(row.key, 0) if column.key in ("person", "total") else 0
            # A blank among the outcomes: where the sum closes it holds nothing, and it is still no zero.
            blank = row.key == "unprocessed.petition" and column.key == "total"
            found.append(_fact(report, row.key, "" if blank else str(number), column.key))
    return found


def _fact(report: str, code: str, text: str, applicant: str | None = None) -> dict[str, object]:
    measure = book().measures[code]
    figure = text.lstrip("+").isdigit()
    return {
        "report_id": report,
        "table": measure.table,
        "code": code,
        "applicant": applicant,
        "state": "number" if figure else {"": "blank", "/": "dash"}.get(text, "text"),
        "value": float(text) if figure else None,
        "unit": measure.unit,
        "raw": text,
        "label_raw": measure.label_zh,
        "match": "exact",
        "score": 100.0,
        "place": f"{measure.table} · {code}",
    }


def _tables(report: str, form: str, facts: list[dict[str, object]]) -> list[dict[str, object]]:
    have = {fact["table"] for fact in facts if fact["report_id"] == report}
    missing = {"status": "incomplete", "cells": 0, "reason": "TEXT_ENDS", "detail": "文本在表中结束"}
    return [
        {"report_id": report, "table": table} | ({"status": "read", "cells": 1} if table in have else missing)
        for table in book().on_form(form)
    ]


def _finding(report: str) -> dict[str, object]:
    known: dict[str, object] = {
        "check_id": "APP-BAL",
        "severity": "error",
        "codes": "received",
        "expected": "60",
        "actual": "61",
    }
    return {"report_id": report, "message": "一加二不等于三加四"} | known
