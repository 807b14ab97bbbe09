"""Read again in another way and compare cell by cell: a sample of the documents, the same ones each time."""

from __future__ import annotations

from dataclasses import replace

from loaders import facts, report
from loaders.checks import Finding, Key
from loaders.facts import Fact
from loaders.readers import encoding
from loaders.report import Quarantined, Report, Source
from loaders.trust import second, second_html

SCALES = (1.0, 1e4, 1e8)  # an amount whose unit stands elsewhere is yuan here and as printed there
AGREES, DIFFERS, UNREAD = "agrees", "differs", "unread"


def read(source: Source, share: float) -> Report | Quarantined:
    """A document as report.read gives it, audited where its hash falls into the share."""
    told = report.read(source)
    if not isinstance(told, Report) or not sampled(told.sha256, share):
        return told
    # A transcript is the first reader's own work: where there is another way to the cells, it is taken.
    page = second_html.text(encoding.decode(source.data)) if told.container == "html" else None
    return audited(told, told.text if page is None else page)


def sampled(sha256: str, share: float) -> bool:
    """Whether a document belongs to the sample, by its hash alone."""
    return int(sha256[:8], 16) < share * 16**8


def audited(one: Report, text: str) -> Report:
    """The report with a doubt on each cell that the second reader reads otherwise, and a finding for each table."""
    again = second.read(text)
    doubts, findings = dict[Key, str](), list[Finding]()
    for name, table in one.reading.tables.items():
        if not table.cells:
            continue
        told = again.get(name)
        if told is None:
            table.audit = UNREAD
            continue
        mine = {(fact.code, fact.applicant or ""): fact for fact in one.facts if fact.table == name}
        apart = {key: cell for key, cell in told.items() if key not in mine or not _same(mine[key], cell)}
        apart |= {key: "无" for key in mine if key not in told}
        table.audit = DIFFERS if apart else AGREES
        doubts |= apart
        if apart:
            findings.append(_finding(apart))
    marked = [
        facts.with_doubt(fact, f"另一读法得 {doubts[key]}")
        if fact.table != "narrative" and (key := (fact.code, fact.applicant or "")) in doubts
        else fact
        for fact in one.facts
    ]
    return replace(one, facts=tuple(marked), findings=(*one.findings, *findings))


def _same(fact: Fact, cell: str) -> bool:
    """Whether a fact and a cell of the second reading say the same."""
    if cell == second.BLANK:
        return fact.state == "blank"
    found = second.number(cell)
    if fact.state != "number" or found is None:
        return fact.state == "dash" and found is None
    if fact.unit_source is None:
        return fact.value == found
    if fact.value is None:  # an amount of unknown unit
        return second.number(second.squeeze(fact.raw)) == found
    return any(abs(found * scale - fact.value) < 1e-3 for scale in SCALES)


def _finding(apart: dict[Key, str]) -> Finding:
    codes = " ".join(f"{code}@{applicant}" if applicant else code for code, applicant in apart)
    said = "、".join(list(apart.values())[:10])
    return Finding(
        "AUDIT-DIFF", "warning", codes, "两种读法一致", f"{len(apart)} 格不同", f"另一读法得 {said}", tuple(apart)
    )
