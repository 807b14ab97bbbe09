"""What the caption and header of a list of before 2019 say: such lists are often published without their report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from loaders.identity.agencies import agency_level, agency_type, is_body
from loaders.identity.identity import Identity, Span
from loaders.labels import Hit

CAPTION = re.compile(
    r"(?:(?:附件|附表)\s*+\d*+\s*+[:：]?\s*+|[一二三四五六七八九十]{1,3}、\s*+)?"
    r"(?P<title>(?P<agency>[\u4e00-\u9fff]{2,30}?)??\s*+(?P<year>20\d\d)?\s*+年?度?\s*+"
    r"政府信息公开(?:工作)?(?:情况)?统计报?表)[\s|]*+(?:[(（][^()（）]{1,20}[)）][\s|]*+)?$"
)
ABOVE = 80  # characters above the header that hold the caption
YEAR = re.compile(r"20\d\d")
CAPTIONED, HEADED = "统计表标题", "统计表列标题"


def completed(who: Identity, text: str, start: int, heads: Iterable[Hit], years: tuple[int, int]) -> Identity:
    """The identity with what the report itself doesn't say told by the list that begins at `start`.

    `heads` are the list's column labels, `years` those in which its form was in use. Other years are a conflict.
    """
    said = _headed(heads)
    at = max(0, start - ABOVE)
    found = CAPTION.search(text[at:start])
    if found is not None and who.title is None:
        who = _captioned(who, found, at)
        if found["year"]:
            said.insert(0, (int(found["year"]), CAPTIONED, Span(at + found.start("year"), at + found.end("year"))))
    for year, where, span in said:
        if who.report_year is None:
            who = replace(who, report_year=year, year_evidence=where, year_span=span)
        elif year != who.report_year:
            who = _against(who, f"年度：此前为{who.report_year}，{where}为{year}")
    if who.report_year is not None and not years[0] <= who.report_year <= years[1]:
        against = f"年度{who.report_year}不在表式通行的{years[0]}至{years[1]}年内"
        who = who if against in who.conflicts else _against(who, against)
    if who.agency is not None and who.agency_level == "unknown":
        who = replace(who, agency_level=agency_level(who.agency, who.report_year))
    return who


def _headed(heads: Iterable[Hit]) -> list[tuple[int, str, Span]]:
    found = []
    for head in heads:
        year = YEAR.search(head.raw)
        if year:
            found.append((int(year[0]), HEADED, Span(head.start + year.start(), head.start + year.end())))
    return found


def _captioned(who: Identity, found: re.Match[str], at: int) -> Identity:
    title = re.sub(r"\s+", "", found["title"])
    who = replace(who, title=title, title_span=Span(at + found.start("title"), at + found.end("title")))
    name = found["agency"] or ""
    if name.endswith("人民") and not found["year"]:  # 某县人民政府信息公开情况统计表 names 某县人民政府
        name += "政府"
    if who.agency is None and is_body(name):
        span = Span(at + found.start("agency"), at + found.start("agency") + len(name))
        told = agency_type(name)
        who = replace(who, agency=name, agency_span=span, agency_evidence=CAPTIONED, agency_type=told)
    return who


def _against(who: Identity, conflict: str) -> Identity:
    evidence = "；".join(filter(None, [who.year_evidence, conflict]))
    return replace(who, conflicts=(*who.conflicts, conflict), year_evidence=evidence)
