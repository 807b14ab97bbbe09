"""Places that somebody corrected: rows of data/corrections.csv, laid over every build and shown as what they are.

A row is of one document (source_sha256) or of all reports of an agency (agency_id, as it is without corrections).
`field` is adcode (six digits, valid in the report year) or township (its name inside the county). The last row wins.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path

from codebook.decisions import FILES, Place
from loaders.checks import Finding
from loaders.errors import BadCorrections
from loaders.identity.agencies import agency_level
from loaders.identity.gazetteer import CITY, COUNTY, PROVINCE, TOWNSHIP, gazetteer
from loaders.identity.regions import Region
from loaders.report import Report

FIELDS = ("adcode", "township")
HASH, KEY = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{12}")


def concerns(row: Place, sha256: str, agency_id: str | None) -> bool:
    """Whether a correction is of a document, by its hash and agency."""
    return row.source_sha256 == sha256 if row.source_sha256 else row.agency_id == agency_id


def mark(row: Place) -> str:
    """A short name for just this row."""
    return blake2b(repr(astuple(row)).encode(), digest_size=6).hexdigest()


def _words(row: Place) -> str:
    """Who corrected it, when and why."""
    return f"更正 · corrected by {row.author} on {row.date}: {row.reason}"


def read(path: Path) -> list[Place]:
    """The corrections of a file in its order; none where there is no file. Raises BadCorrections with the line."""
    if not path.is_file():
        return []
    found = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                if any((value or "").strip() for value in row.values() if isinstance(value, str)):
                    found.append(_checked(row, f"{path.name}，第 {number} 行"))
    except (OSError, ValueError, csv.Error) as error:
        raise BadCorrections(f"{path.name}: {error}") from error
    return found


def _checked(row: Mapping[str, str | None], where: str) -> Place:
    told = {name: (row.get(name) or "").strip() for name in Place.__slots__}
    one = Place(**told)
    wrong = [name for name in ("field", "value", "author", "date", "reason") if not told[name]]
    if wrong:
        raise BadCorrections(f"{where}：缺少 {'、'.join(wrong)}")
    if bool(one.source_sha256) == bool(one.agency_id):
        raise BadCorrections(f"{where}：source_sha256 与 agency_id 须填一个")
    if not (HASH.fullmatch(one.source_sha256) or KEY.fullmatch(one.agency_id)):
        raise BadCorrections(f"{where}：不是散列值")
    if one.field not in FIELDS:
        raise BadCorrections(f"{where}：不能更正 {one.field}，只能更正 {'、'.join(FIELDS)}")
    if one.field == "adcode" and one.value not in gazetteer().by_code:
        raise BadCorrections(f"{where}：没有代码 {one.value}")
    try:
        date.fromisoformat(one.date)
    except ValueError as error:
        raise BadCorrections(f"{where}：日期应写作 2026-01-31") from error
    return one


def of(places: Iterable[Place]) -> list[Place]:
    """Corrections decided on a page, as those of the file. Raises BadCorrections."""
    return [_checked(asdict(one), FILES[Place]) for one in places]


def applied(one: Report, corrections: Iterable[Place]) -> tuple[Report, list[Place]]:
    """The report with what concerns it laid over its place, and the rows that did.

    What can't be (a township that the county does not have) leaves the report as it is, with a finding.
    """
    concerned = {row.field: row for row in corrections if concerns(row, one.sha256, one.agency_id)}
    if not concerned:
        return one, []
    used = [concerned[name] for name in FIELDS if name in concerned]
    told = "；".join(map(_words, used))
    try:
        place = _place(one, {row.field: row.value for row in used})
    except LookupError as error:
        refused = Finding("CORRECTION-REFUSED", "error", "", used[-1].value, "", f"{told}：{error.args[0]}，未采用")
        return replace(one, findings=(*one.findings, refused)), []
    before = f"原判 · before: {one.region.region_status}，{one.region.region_evidence}"
    place = replace(place, region_status="stated", region_confidence=1.0, region_evidence=f"{told}；{before}")
    who = one.identity
    level = agency_level(who.agency, who.report_year, place)
    return replace(one, region=place, identity=replace(who, agency_level=level)), used


def _place(one: Report, values: dict[str, str]) -> Region:
    """The place that the values tell; LookupError with the words where the gazetteer has none such."""
    book, year = gazetteer(), one.identity.report_year
    code = values.get("adcode", one.region.adcode or "")
    units = sorted(book.by_code.get(code, ()), key=lambda u: book.lateness(u, year))
    if not units:
        raise LookupError("所在的县未定，须与 adcode 一同更正")
    names = {book.units[u].level: book.units[u].name for u in book.chain(units[0])}
    same = code == one.region.adcode
    township = values.get("township", one.region.township if same else None)
    towns = {book.units[u].name for u in book.children.get(units[0], ()) if book.units[u].level == TOWNSHIP}
    if township and township not in towns:
        raise LookupError(f"{book.units[units[0]].name}没有{township}")
    return Region(
        province=names.get(PROVINCE),
        city=names.get(CITY),
        county=names.get(COUNTY),
        township=township,
        adcode=code,
        zone=one.region.zone if same else None,
    )


def rows(corrections: Iterable[Place], counts: dict[Place, int]) -> list[dict[str, object]]:
    """The file as rows of corrections.parquet, with the number of reports each was laid over."""
    return [asdict(row) | {"reports": counts.get(row, 0), "applied": row in counts} for row in corrections]
