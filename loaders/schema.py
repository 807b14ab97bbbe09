"""The tables that a build publishes: the data contract as Arrow schemas. A rename needs a new SCHEMA_VERSION."""

from __future__ import annotations

import pyarrow as pa

SCHEMA_VERSION = 1
PARSER_VERSION = "0.1.0"


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


TEXT, INT, COUNT, REAL, FLAG = pa.string(), pa.int64(), pa.int32(), pa.float64(), pa.bool_()

# Tables with rows of single reports: `report_no` is the report's row in reports.parquet, and their rows are in its order.
BY_REPORT = ("reports", "tables", "facts", "sightings", "findings", "checks", "suggestions", "copies", "sources")
NUMBER = "report_no"

SCHEMAS: dict[str, pa.Schema] = {
    "reports": _schema(
        report_id=TEXT, source_name=TEXT, source_sha256=TEXT, source_url=TEXT, container=TEXT, layout=TEXT,
        title=TEXT, agency=TEXT, agency_id=TEXT, agency_lineage=TEXT, agency_level=TEXT, agency_type=TEXT,
        agency_field=TEXT, agency_scope=TEXT, agency_scope_evidence=TEXT, scope_doubt=TEXT,
        province=TEXT, city=TEXT, county=TEXT, township=TEXT, zone=TEXT, adcode=TEXT, adcode_today=TEXT,
        region_status=TEXT, region_confidence=REAL, region_evidence=TEXT, region_candidates=TEXT,
        region_corrected=FLAG, population_2020=INT,
        report_year=INT, year_evidence=TEXT, form=TEXT, published_on=TEXT, published_evidence=TEXT,
        is_current=FLAG, status=TEXT, synthetic=FLAG, parser_version=TEXT,
    ),
    "tables": _schema(
        report_id=TEXT, table=TEXT, status=TEXT, cells=INT, reason=TEXT, detail=TEXT, audit=TEXT, verdict=TEXT,
    ),
    "facts": _schema(
        report_id=TEXT, table=TEXT, code=TEXT, applicant=TEXT, state=TEXT, value=REAL, unit=TEXT, unit_source=TEXT,
        raw=TEXT, label_raw=TEXT, match=TEXT, score=REAL, place=TEXT, start=INT, end=INT, doubt=TEXT,
        verdict=TEXT, corrected_state=TEXT, corrected_value=REAL, correction=TEXT,
    ),
    "labels": _schema(
        label_raw=TEXT, scope=TEXT, form=TEXT, code=TEXT, match=TEXT, score=REAL,
        runner_up=TEXT, runner_up_score=REAL, reports=INT,
        axis=TEXT, decision=TEXT, reason=TEXT, author=TEXT, date=TEXT,
    ),
    "sightings": _schema(
        report_id=TEXT, scope=TEXT, axis=TEXT, label_raw=TEXT, form=TEXT, code=TEXT, match=TEXT, start=INT, end=INT,
    ),
    "findings": _schema(
        report_id=TEXT, check_id=TEXT, severity=TEXT, codes=TEXT, expected=TEXT, actual=TEXT, message=TEXT,
        verdict=TEXT, other_report_id=TEXT,
    ),
    "verdicts": _schema(
        report_id=TEXT, kind=TEXT, source_sha256=TEXT, table=TEXT, code=TEXT, applicant=TEXT, raw=TEXT,
        check_id=TEXT, codes=TEXT, verdict=TEXT, reason=TEXT, author=TEXT, date=TEXT, stands=FLAG, why_not=TEXT,
    ),
    "corrections": _schema(
        source_sha256=TEXT, agency_id=TEXT, field=TEXT, value=TEXT, author=TEXT, date=TEXT, reason=TEXT, reports=INT,
        report_id=TEXT, table=TEXT, code=TEXT, applicant=TEXT, raw=TEXT,
        before_state=TEXT, before=REAL, after_state=TEXT, after=REAL, applied=FLAG, why_not=TEXT,
    ),
    "checks": _schema(
        report_id=TEXT, check_id=TEXT, passed=COUNT, passed_blank_as_zero=COUNT, failed=COUNT, not_assessable=COUNT,
    ),
    "suggestions": _schema(
        report_id=TEXT, table=TEXT, part=COUNT, set_no=COUNT, code=TEXT, applicant=TEXT, printed=TEXT, suggested=REAL,
        reason=TEXT,
    ),
    "copies": _schema(
        report_id=TEXT, prose_characters=INT, previous_report_id=TEXT, prose_previous=REAL,
        nearest_report_id=TEXT, prose_nearest=REAL, requests_twins=INT,
    ),
    "quarantine": _schema(source_name=TEXT, source_sha256=TEXT, reason=TEXT, detail=TEXT),
    "sources": _schema(report_id=TEXT, text=TEXT),
    "regions": _schema(
        code=TEXT, name=TEXT, level=TEXT, parent=TEXT, province=TEXT, city=TEXT, county=TEXT, short=TEXT,
        pinyin=TEXT, initials=TEXT, first_year=INT, last_year=INT, code_today=TEXT, population_2020=INT,
    ),
}  # fmt: skip
SCHEMAS |= {name: SCHEMAS[name].append(pa.field(NUMBER, COUNT)) for name in BY_REPORT}
