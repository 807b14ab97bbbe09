"""One document, read whole: what it is, its tables, facts, findings and labels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from codebook import book
from loaders import containers, facts, reading
from loaders.checks import Finding, derived
from loaders.checks.document import Judged, judged
from loaders.errors import LoaderError, NotAReport
from loaders.facts import Fact
from loaders.identity import bodies, captions, identity, naming, numbers, prose, regions, scope
from loaders.identity.agencies import agency_level
from loaders.identity.bodies import Body
from loaders.identity.identity import Identity
from loaders.identity.regions import Evidence, Region
from loaders.identity.scope import Scoped
from loaders.identity.told import NOTHING, Told
from loaders.labels import Hit, lexicon, plain
from loaders.reading import Reading
from loaders.trust import accounting, twice


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it came: its name, bytes and what an index beside it tells."""

    name: str
    data: bytes
    url: str = ""
    synthetic: bool = False
    told: Told = NOTHING  # title, body, year and day as an index or corpus tells them


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label and what it was taken for; `code` is "" where nothing was clear enough."""

    label_raw: str
    scope: str
    form: str
    code: str
    match: str
    score: float
    runner_up: str
    runner_up_score: float
    axis: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a label stands that is for somebody to decide, or was: not in the codebook, told by nearness or place if at
    all."""

    label: Label
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Report:
    """A report as read; `text` is the decoded source with contact details masked, the base of all spans."""

    report_id: str
    source: str
    sha256: str
    url: str
    synthetic: bool
    container: str
    text: str
    identity: Identity
    region: Region
    reading: Reading
    status: str
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    labels: tuple[Label, ...]
    sightings: tuple[Sighting, ...]
    judged: Judged
    scope: Scoped
    scope_doubt: str | None

    @property
    def body(self) -> Body:
        """The keys that the same agency keeps over the years: where it is and what it is called."""
        return bodies.body(self.identity.agency, self.region, self.url, self.sha256)

    @property
    def agency_id(self) -> str | None:
        """The key of the agency; None where no agency is named."""
        return self.body.key


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A document that was not read, and why."""

    source: str
    sha256: str
    reason: str
    detail: str


def read(source: Source) -> Report | Quarantined:
    """One document: a report, or the reason why it is none. Never raises for what a document holds."""
    sha256 = hashlib.sha256(source.data).hexdigest()
    try:
        return _read(source, sha256)
    except LoaderError as error:
        return Quarantined(source.name, sha256, error.reason, str(error))


def _read(source: Source, sha256: str) -> Report:
    areas: list[str] = []  # a telephone's area code tells the city: kept where the number itself is masked

    def masked(text: str) -> str:
        areas.extend(numbers.area_codes(text))
        return identity.mask_contacts(text)

    document = containers.document(source.name, source.data, masked)
    text = document.text
    found = reading.read(document)
    if not found.form and all(table.status == "absent" for table in found.tables.values()):
        raise NotAReport("文中没有年度报告的任何一张表")
    twice.refuse_two(text, found)
    spans = found.spans
    first = spans[0][0] if spans else len(text)
    form = book().form(found.form)
    who = identity.identify(text, first, form.span if form else None, source.told)
    who = _captioned(who, text, found)
    beside = [Evidence("host", source.url), *(Evidence("phone", area) for area in dict.fromkeys(areas))]
    where = regions.resolve([*identity.evidence(text, first, who), *beside], who.report_year)
    who = replace(who, agency_level=agency_level(who.agency, who.report_year, where))
    cells = facts.as_printed(facts.facts(found, frozenset({who.agency_level, who.agency_type})), text)
    outside = _between(spans, len(text))
    words = "\n".join(text[start:end] for start, end in outside)
    who = replace(who, conflicts=(*who.conflicts, *naming.in_prose(who.agency, who.agency_level, words)))
    told = prose.counts(text, outside, who.report_year)
    everything = [*cells, *(facts.told(count) for count in told)]
    verdict = judged(text, outside, who, found, everything)
    larger = scope.doubt(who.agency_level, words, verdict.findings)
    return Report(
        report_id="r" + sha256[:16],
        source=source.name,
        sha256=sha256,
        url=source.url,
        synthetic=source.synthetic,
        container=document.container,
        text=text,
        identity=who,
        region=where,
        reading=found,
        status=_status(found),
        facts=tuple(_doubted(everything, verdict.findings)),
        findings=(
            *verdict.findings,
            *accounting.unused(text, found, cells),
            *_refusals(found),
            *_mixed(found),
            *_conflicts(who),
            *_larger(larger),
            *_remarks(document.remarks),
        ),
        labels=tuple(_labels(found)),
        sightings=tuple(_sightings(found)),
        scope=scope.scope(who.title, words),
        scope_doubt=larger,
        judged=verdict,
    )


def _captioned(who: Identity, text: str, found: Reading) -> Identity:
    """The identity with what the caption and header of a list of before 2019 say, where the report follows one."""
    table = found.tables.get(next(iter(book().on_form(found.form)), ""))
    form = book().older.get(found.form)
    if form is None or table is None:
        return who
    return captions.completed(who, text, table.start, table.labels, form.span)


def _between(spans: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The stretches of a text outside its tables."""
    found, at = [], 0
    for start, end in spans:
        if start > at:
            found.append((at, start))
        at = max(at, end)
    return [*found, (at, length)] if at < length else found


def _status(found: Reading) -> str:
    states = [table.status for table in found.tables.values() if table.status != "not_on_form"]
    if all(state in {"read", "blank"} for state in states):
        return "blank" if "read" not in states else "complete"
    return "partial"


def _doubted(cells: list[Fact], broken: tuple[Finding, ...]) -> list[Fact]:
    """Cells of a broken identity carry a doubt: one of them is wrong, and the sum does not tell which.

    So do its blanks: where a sum fails with blanks as zero, one of them may be a number that got lost.
    """
    concerned: dict[tuple[str, str], list[str]] = {}
    for finding in broken:
        for cell in finding.cells:
            concerned.setdefault(cell, []).append(finding.check_id)
    return [
        facts.with_doubt(fact, "勾稽不符：" + "、".join(dict.fromkeys(ids)))
        if (ids := concerned.get((fact.code, fact.applicant or "")))
        else fact
        for fact in cells
    ]


def _refusals(found: Reading) -> list[Finding]:
    return [
        Finding("PARSE-" + table.reason, "error", name, f"{_expected(found, name)} 格", "0 格", table.detail)
        for name, table in found.tables.items()
        if table.status == "incomplete"
    ] + [Finding("PARSE-" + note, "info", name, "1 次", "2 次", "同一张表在文中出现两次") for note, name in found.notes]


def _mixed(found: Reading) -> list[Finding]:
    """Tables that follow another vintage of the form than the report as a whole."""
    return [
        Finding("FORM-MIXED", "info", name, found.form, "、".join(table.layout.forms), "这张表用的是另一种表式")
        for name, table in found.tables.items()
        if table.cells and table.layout and found.form not in table.layout.forms
    ]


def _expected(found: Reading, name: str) -> int:
    layouts = [lay for lay in book().layouts_of(name) if not found.form or found.form in lay.forms]
    return layouts[0].cells if layouts else 0


def _conflicts(who: Identity) -> list[Finding]:
    return [
        Finding("META-CONFLICT", "warning", "", "一致", "不一致", conflict) for conflict in derived.other_conflicts(who)
    ]


def _larger(doubt: str | None) -> list[Finding]:
    """Prose or figures of a larger body than the title's."""
    return [Finding("SCOPE-DOUBT", "warning", "", "本机关", "可能是上级机关", doubt)] if doubt else []


def _remarks(remarks: tuple[str, ...]) -> list[Finding]:
    """What the reader of the container left out or took in."""
    return [Finding("READ-REMARK", "info", "", "", "", remark) for remark in remarks]


def _labels(found: Reading) -> list[Label]:
    seen: dict[tuple[str, str], Label] = {}
    for name, table in found.tables.items():
        for hit in table.labels:
            label = _label(hit, name, found.form)
            seen.setdefault((label.label_raw, name + label.code), label)
    return list(seen.values())


def _sightings(found: Reading) -> Iterator[Sighting]:
    for name, table in found.tables.items():
        for hit in table.labels:
            label = _label(hit, name, found.form)
            # 本年新 for two columns is a label cut at its end: its place tells it, and no decision could.
            near = label.match in {"fuzzy", "unmapped"}
            if near or _decided(label) or (label.match == "position" and hit.doubt and not _known(label)):
                yield Sighting(label, hit.start, hit.end)


def _decided(label: Label) -> bool:
    """Whether somebody decided on the label: where it stands is told all the same."""
    one = lexicon().ruled.get((label.scope, label.axis, plain(label.label_raw)))
    return one is not None and bool(one.author)


def _known(label: Label) -> bool:
    """Whether the form prints the label itself, at another place."""
    names = lexicon().find(plain(label.label_raw))
    return any((name.table, name.axis) == (label.scope, label.axis) for name in names)


def _label(hit: Hit, table: str, form: str) -> Label:
    raw = hit.raw.replace("\n", "")
    match = hit.match if hit.key else "unmapped"
    return Label(raw, table, form, hit.key, match, hit.score, hit.runner_up, hit.runner_up_score, hit.axis)
