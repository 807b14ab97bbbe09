"""Who reports, for which year, and when it was published, each with its place and how it was told.

A title's year beats the statistics period, that the text, that the day of publication; whatever disagrees is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from loaders.identity import naming
from loaders.identity.adverts import ADVERT
from loaders.identity.agencies import Level, Type, agency_level, agency_type, is_body
from loaders.identity.contacts import mask_contacts
from loaders.identity.dates import DATE, HAN_YEAR, date_of, year_of
from loaders.identity.regions import Evidence
from loaders.identity.script import plain, unglossed
from loaders.identity.titles import PATH, Title, find_title, lines_of
from loaders.identity.told import NOTHING, Told, related

__all__ = ["Identity", "evidence", "identify", "mask_contacts"]

HEAD, TAIL, NEAR = 6000, 1200, 1500  # characters in which the head, the signature, the portal's own lines stand
Y = rf"(20[0-4]\d|{HAN_YEAR})"
ITS_OWN = (
    "标题",
    "标题下一行",
    "编制语句",
    "公布语句",
    "发布机构",
    "落款",
)  # where the body itself is named; a source is not it
INDEX = "索引"  # evidence: the index, note or corpus beside the document
OWN = r"(?<![\d〔\[《自从])" + Y + r"年(?!\d|《|修订|颁布|新修|[^。\n]{0,6}要点)"  # the year a sentence speaks of
PERIOD = re.compile(
    rf"(?<!\d){Y}\s*年?\s*(?:0?1|一)\s*月\s*(?:0?1|一)\s*日?.{{0,8}}?"
    rf"(?:(?<!\d){Y}\s*年?)?\s*(?:12|十二)\s*月\s*(?:31|三十一)\s*日"
)
ANNOUNCED = re.compile(rf"(?:公布|公开|发布|编制|形成|制作)[^。\n《]{{0,30}}?{Y}年度?[^。\n》]{{0,30}}?(?:报告|年报)")
OVERALL = re.compile(
    rf"(?:总体|基本|概述|概况)[^\n]{{0,8}}\n\s{{0,40}}(?:[^\n。]{{0,12}}\n\s{{0,40}})?[^。\n]{{0,60}}?{OWN}"
)
OPENING = re.compile(rf"[^。\n]{{0,40}}?{OWN}(?=度|以来|,|来|我|本|全)")
PORTAL = (  # what stands before a date; the first that is there at all decides
    ("门户发布日期", re.compile(r"(?:发布|公布|公开|发表|上网|上传|录入)(?:日期|时间)[:|\s]*$")),
    ("门户日期", re.compile(r"(?:^|[\s•·|【\[(-])(?:日期|时间|文章时间|信息时间|创建时间)\s*[:|][|\s]*$")),
    ("门户更新日期", re.compile(r"(?:更新|修改)(?:日期|时间)[:|\s]*$")),
    ("门户成文日期", re.compile(r"(?:成文|生成|印发|发文|制发|形成)(?:日期|时间)[:|\s]*$")),
)
ALONE = "标题旁日期"
LINE = 80  # characters below a title in which the line of its body stands
REACH = 20  # characters before a date in which its label stands
NAMED = r"\s*[:|][|\s]*([^\s|:,。;()]{2,40})"
RESPONSIBLE = re.compile(
    r"(?:发布机构|发文机关|发文单位|发布单位|公开主体|公开机构|公开单位|编制单位|制作单位|编制机关|责任单位)" + NAMED
)
SOURCE = re.compile(r"(?:信息来源|文章来源|稿件来源|内容来源|发布者|来源|作者|供稿单位|信息提供)" + NAMED)
COMPILED = re.compile(r"由([^,。;:\s《》]{4,40}?)(?:负责|牵头)?(?:编制|编写|制作|公布|发布|根据|依据|汇总)")
PRESENTED = re.compile(rf"(?:现将|公布|公开|发布)([^,。;:、\s《》]{{3,40}}?)(?:关于)?{Y}年度?(?:政府信息|政务|信息)")
NOT_A_BODY = re.compile(
    r"网$|网站|本站|原创|未知|管理员|互联网|转载|转自|有关|相关|^各|各[部单乡街]|融媒体|宣传|新闻|日报|电视台|报社|信息中心|大数据|^[本我]"
)


class Span(NamedTuple):
    """Characters of the decoded text: `start` is the first, `end` behind the last."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Identity:
    """What a report says of itself; None where it does not say. Evidence is in words, spans are in the decoded text."""

    title: str | None = None
    title_span: Span | None = None
    agency: str | None = None
    agency_span: Span | None = None
    agency_evidence: str = "未见机关名"
    agency_level: Level = "unknown"
    agency_type: Type = "unknown"
    report_year: int | None = None
    year_span: Span | None = None
    year_evidence: str = "未见报告年度"
    published_on: str | None = None
    published_span: Span | None = None
    published_evidence: str = "未见发布日期"
    conflicts: tuple[str, ...] = ()
    signed_by: str | None = None


class _Told(NamedTuple):
    value: str
    where: str
    span: Span | None


def _portal_dates(text: str, end: int, days: list[re.Match[str]]) -> list[_Told]:
    """The dates that a portal prints with a label, or alone in a line near the title; the strongest label first."""
    ranked: list[tuple[int, _Told]] = []
    for day in days:
        if (value := date_of(day)) is None:
            continue
        before, at = text[max(0, day.start() - REACH) : day.start()], Span(*day.span())
        label = next((rank for rank, (_, pattern) in enumerate(PORTAL) if pattern.search(before)), None)
        if label is not None:
            ranked.append((label, _Told(value, PORTAL[label][0], at)))
        elif day.start() < min(end, NEAR) and not before.rpartition("\n")[2].strip(" |\t\r"):
            rest = text[day.end() : day.end() + REACH].partition("\n")[0]
            if len(rest.strip()) <= len(" 08:47:00"):
                ranked.append((len(PORTAL), _Told(value, ALONE, at)))
    return [told for _, told in sorted(ranked, key=lambda pair: pair[0])]


def _signature(text: str, start: int, days: list[re.Match[str]]) -> tuple[_Told | None, _Told | None]:
    """The signature's day and the body that signs: the last line that ends in a date, and the line above it."""
    for day in reversed(days):
        if day.start() < start:
            break
        first = max(text.rfind("\n", 0, day.start()) + 1, start)
        rest = text[day.end() :].partition("\n")[0]
        value = date_of(day)
        if value is None or rest.strip(" ()|\t\r"):
            continue
        told = _Told(value, "落款日期", Span(*day.span()))
        before = text[first : day.start()]
        if is_body(name := _squeezed(before)):
            return told, _Told(name, "落款", _trimmed(text, first, day.start()))
        if name:
            continue
        above = lines_of(text, max(start, first - 80), first)[-1:]
        if above and is_body(name := _squeezed(above[0].text)) and not re.search("[。,:]", name):
            return told, _Told(name, "落款", Span(above[0].start, above[0].end))
        return told, None
    return None, None


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _trimmed(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    return Span(start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip()))


def _published(portal: list[_Told], signed: _Told | None, day: str) -> _Told | None:
    """The day of publication, as the page tells it before the index (`day`) does."""
    told = [*portal, *([signed] if signed else []), *([_Told(day, INDEX, None)] if day else [])]
    if not told:
        return None
    first = told[0]
    others = dict.fromkeys(f"{t.where}{t.value}" for t in told[1:] if t.value != first.value)
    return first._replace(where=first.where + (f"（另有{'、'.join(others)}）" if others else ""))


def _years(text: str, end: int, title: Title | None) -> Iterator[_Told]:
    if title:
        for year in title.years:
            at = next((m for m in re.finditer(Y, text[title.start : title.end]) if year_of(m[1]) == year), None)
            span = Span(title.start + at.start(), title.start + at.end()) if at else Span(title.start, title.end)
            yield _Told(str(year), "标题", span)
    start = title.end if title else 0
    for period in PERIOD.finditer(text, start, end):
        if period[2] is None or year_of(period[1]) == year_of(period[2]):
            yield _Told(str(year_of(period[1])), "统计期限", Span(*period.span()))
            break
    overall = OVERALL.search(text, start, end)
    opening = next((m for line in lines_of(text, start, end)[:12] if (m := OPENING.match(text, line.start, end))), None)
    for where, found in (
        ("公布语句", ANNOUNCED.search(text, start, end)),
        ("总体情况首句", overall),
        ("开头", opening),
    ):
        if found:
            yield _Told(str(year_of(found[1])), where, Span(*found.span(1)))


def _year(
    told: list[_Told], published: _Told | None, form_years: tuple[int, int] | None
) -> tuple[_Told | None, list[str]]:
    """The year that counts with all places that tell it, and what speaks against it."""
    conflicts: list[str] = []
    if not told:
        if published is None:
            return None, conflicts
        value = str(int(published.value[:4]) - 1)
        first = _Told(value, f"弱证据：仅由{published.where}{published.value}的上一年推出", published.span)
    else:
        first = told[0]
        for other in told[1:]:
            if other.value != first.value:
                conflicts.append(f"年度：{first.where}为{first.value}，{other.where}为{other.value}")
        if published and published.value < f"{first.value}-12":
            conflicts.append(f"年度：{first.where}为{first.value}，{published.where}{published.value}却在其年末之前")
        first = first._replace(where="、".join(dict.fromkeys(t.where for t in told if t.value == first.value)))
    if form_years and not form_years[0] <= int(first.value) <= form_years[1]:
        conflicts.append(f"年度{first.value}不在表式通行的{form_years[0]}至{form_years[1]}年内")
    return first, list(dict.fromkeys(conflicts))


def _is_name(name: str) -> bool:
    return is_body(name) and not NOT_A_BODY.search(name) and not ADVERT.search(name)


def _agencies(text: str, end: int, title: Title | None, signer: _Told | None) -> Iterator[_Told]:
    if title and title.agency and not title.advert and is_body(title.agency):
        yield _Told(title.agency, "标题", Span(*(title.agency_at or (title.start, title.end))))
    below = next(iter(lines_of(text, title.end, min(end, title.end + LINE))), None) if title else None
    if below and _is_name(name := _squeezed(below.text).strip("()")) and not re.search("[。,:《]", name):
        yield _Told(name, "标题下一行", Span(below.start, below.end))
    told = (
        ("编制语句", COMPILED),
        ("公布语句", PRESENTED),
        ("发布机构", RESPONSIBLE),
        ("落款", None),
        ("来源", SOURCE),
    )
    for where, pattern in told:
        if pattern is None:
            if signer and _is_name(signer.value):
                yield signer
            continue
        for m in pattern.finditer(text, 0, end):
            if _is_name(m[1]):
                yield _Told(m[1], where, Span(*m.span(1)))
    if title and title.agency and not title.advert:
        yield _Told(title.agency, "标题（名称不全）", Span(*(title.agency_at or (title.start, title.end))))


def _body(agency: _Told | None, told: Told) -> tuple[_Told | None, list[str]]:
    """The body that the index names in full, or that the document names; and whether they are two."""
    if not told.agency or (agency and agency.value == told.agency):
        return agency, []
    where = INDEX + (f"（{told.basis}）" if told.basis else "")
    if agency is None:
        return _Told(told.agency, where, None), []
    other = f"{agency.where}为“{agency.value}”"
    conflicts = [] if related(agency.value, told.agency) else [f"机关：索引为“{told.agency}”，{other}"]
    return _Told(told.agency, f"{where}，{other}", None), conflicts


def _years_beside(told: Told, title: Title | None) -> Iterator[_Told]:
    """The years that the index tells: by its column, by its title where the document has another."""
    if told.year:
        yield _Told(str(told.year), INDEX, None)
    beside = find_title(plain(told.title), len(told.title)) if told.title else None
    if beside and not (title and title.years):
        yield from (_Told(str(year), INDEX + "标题", None) for year in beside.years)


def identify(text: str, first_table: int, form_years: tuple[int, int] | None = None, told: Told = NOTHING) -> Identity:
    """Title, agency, year and day of publication of a decoded document; nothing is invented, None is not told.

    `first_table` is the place of the first table (the text's length where there is none), `form_years` the first and
    last year of the form that the tables follow, used to tell a conflict and never to choose a year. `told` is what an
    index tells: it names the body in full, and fills what the document leaves open; where they differ is told.
    """
    end = min(first_table, HEAD, len(text))
    tail = max(end, len(text) - TAIL)
    folded, places = unglossed(plain(text[:end]) + "\n" + plain(text[tail:]))
    cut = end if places is None else next(i for i, p in enumerate(places) if p >= end)

    def spot(span: Span | None) -> Span | None:
        if span is None:
            return None
        start, stop = span if places is None else (places[span.start], places[span.end - 1] + 1)
        return Span(start, stop) if start < end else Span(start - end - 1 + tail, stop - end - 1 + tail)

    title = find_title(folded, cut)
    days = list(DATE.finditer(folded))
    signed, signer = _signature(folded, cut, days)
    published = _published(_portal_dates(folded, cut, days), signed, told.published)
    year, conflicts = _year([*_years(folded, cut, title), *_years_beside(told, title)], published, form_years)
    beside = find_title(plain(told.title), len(told.title)) if told.title and not title else None
    report_year = int(year.value) if year else None
    year_evidence = "；".join([year.where, *conflicts]) if year else "未见报告年度"
    names = list(_agencies(folded, cut, title, signer))
    named = next(iter(names), None)
    if named is None and beside and beside.agency and not beside.advert:
        named = _Told(beside.agency, INDEX + "标题", None)
    agency, apart = _body(named, told)
    conflicts += apart
    conflicts += naming.apart(((one.where, one.value) for one in names if one.where in ITS_OWN), report_year)
    if title and title.advert:
        conflicts.append("标题夹有广告词，机关名不可信")
    name = agency.value if agency else None
    span = spot(Span(title.start, title.end)) if title else None
    return Identity(
        title=title.text if title else beside.text if beside else None,
        title_span=span,
        agency=name,
        agency_span=spot(agency.span) if agency else None,
        agency_evidence=agency.where if agency else "未见机关名",
        agency_level=agency_level(name, report_year),
        agency_type=agency_type(name),
        report_year=report_year,
        year_span=spot(year.span) if year else None,
        year_evidence=year_evidence,
        published_on=published.value if published else None,
        published_span=spot(published.span) if published else None,
        published_evidence=published.where if published else "未见发布日期",
        conflicts=tuple(conflicts),
        signed_by=signer.value if signer and _is_name(signer.value) else None,
    )


def evidence(text: str, first_table: int, told: Identity) -> list[Evidence]:
    """The words of a document that may name its place, for `loaders.identity.regions.resolve`."""
    end = min(first_table, HEAD, len(text))
    head = unglossed(plain(text[:end]))[0]
    found = [Evidence("agency", told.agency)] if told.agency else []
    if told.title and told.agency_evidence != "标题" and not any("广告" in c for c in told.conflicts):
        found.append(Evidence("title", told.title))
    if told.signed_by and told.signed_by != told.agency:
        found.append(Evidence("signature", told.signed_by))
    for m in re.finditer(r"索\s?引\s?号\s*[:|][|\s]*(\S+)", head):
        found.append(Evidence("index", m[1]))
    for pattern in (RESPONSIBLE, SOURCE):
        found += [Evidence("source", m[1]) for m in pattern.finditer(head) if not ADVERT.search(m[1])]
    for line in lines_of(head, 0, NEAR):
        if PATH.search(line.text) and len(line.text) < 200:
            found.append(Evidence("breadcrumb", line.text))
    beside = [n.text for n in lines_of(head, 0, NEAR) if len(n.text) <= LINE / 4 and is_body(n.text)]
    if beside:  # in one piece: a list of sisters must not decide by its order
        found.append(Evidence("breadcrumb", " ".join(beside)))
    if told.title_span is not None or "条例" in head:
        start = told.title_span.end if told.title_span else 0
        lead = next((n.text for n in lines_of(head, start, len(head)) if "报告" in n.text and "。" in n.text), "")
        found.append(Evidence("lead", lead[:400]))
    if period := PERIOD.search(head):
        before, after = head[max(0, period.start() - LINE) : period.start()], head[period.end() : period.end() + LINE]
        sentence = re.split(r"[。\n]", before)[-1] + period[0] + re.split(r"[。\n]", after)[0]
        found.append(Evidence("statistics", sentence))
    found += [Evidence("postcode", m[1]) for m in re.finditer(r"邮\s?(?:政\s?)?编\s?码?\s*[:]\s*(\d{6})(?!\d)", head)]
    found += [Evidence("address", m[1]) for m in re.finditer(r"地址\s*[:]\s*([^;,。)\n]{4,60})", head)]
    return found
