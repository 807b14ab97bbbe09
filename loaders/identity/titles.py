"""The title of a report: found among the first lines, put together where it is broken over two or three."""

from __future__ import annotations

import re
from typing import NamedTuple

from loaders.identity.adverts import ADVERT
from loaders.identity.agencies import is_body
from loaders.identity.dates import HAN_YEAR, year_of

SUBJECT = r"(?:政府|政务|行政|党务|机关)?(?:信息|政务)(?:和政务)?公开"
REPORT = r"(?:报告|年报|总结|告年度?报|年度报)"
TITLE = re.compile(rf"{SUBJECT}.{{0,24}}?{REPORT}|(?:{REPORT}).{{0,12}}{SUBJECT}")
UNFINISHED = re.compile(rf"{SUBJECT}(?:工作|年度|情况|制度|的|20\d\d|年)*$")
YEAR_IN = re.compile(rf"(?<![\d/〔\[.-])(20[0-4]\d|{HAN_YEAR})(?=\s*(?:年(?!\s*\d)|[^\d\s./年-]|$))")
SECTION = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.]|[(][一二三四五六七八九十\d]+[)]|第[一二三四五六七八九十\d]+[条章部]|\d+[、.])"
)
SENTENCE = re.compile(
    r"[。;!?]|[,].*[,]|^[《“\">]|本(?:年度)?报告|根据|按照|现将|如下|点击|附件|上一篇|下一篇|浏览|下载|目录$"
)
PATH = re.compile(r">|»|→|当前位置|所在位置|您的位置|首页")
ABOUT = re.compile(r"^(?:关于(?:印发|公布|发布)?|中共)")
CUT = re.compile(rf"(?:关于)?(?:20[0-4]\d|{HAN_YEAR})|关于|{SUBJECT}|年度|年报|的?工作?报告|[(]")
NOBODY = re.compile(
    r"^(?:本|我|全|各)|^(?:年度?|工作|标题|题目|名称|度|年|政府|政务|部门|单位|街道|乡镇|镇|乡|市|县|区|旗|省|.{0,4}(?:公开|报告))$"
)
LABEL = re.compile(r"^【[^】\n]{1,8}】\s*|^(?:标\s*题|题\s*名|名\s*称|文件名称|信息名称|信息标题|文章标题)\s*[:|]\s*")
FIELDS = re.compile(
    r"(?:索\s?引\s?号|发布机构|发文机关|发文日期|成文日期|发布日期|文\s?号|主题词|主题分类|公开方式)\s*:"
)
SITE = re.compile(
    r"[-_—–|]{1,2}[^-_—–|]{2,24}(?:网|网站|门户|平台|频道|政府|公开)$"
)  # the browser's title carries the site
LONGEST = 90
LINES = 60  # a title further down is no title


class Title(NamedTuple):
    """A title with its place in the text; `agency` the body it names, `years` those it tells, in order."""

    text: str
    start: int
    end: int
    agency: str | None
    agency_at: tuple[int, int] | None
    years: tuple[int, ...]
    advert: bool


class Line(NamedTuple):
    """A line that is not blank, stripped: its text and place."""

    text: str
    start: int
    end: int


def lines_of(text: str, start: int, end: int) -> list[Line]:
    """The lines that are not blank between two places, with pipes and spaces around them left out."""
    found, at = [], start
    for raw in text[start:end].split("\n"):
        inner = raw.strip(" \t\r|\xa0\u3000")
        if inner:
            left = at + raw.index(inner)
            found.append(Line(inner, left, left + len(inner)))
        at += len(raw) + 1
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _body(title: str) -> str | None:
    """The body a title names: what stands before its year and subject, or behind the year, or last in brackets."""
    rest = re.sub(rf"^(?:20[0-4]\d|{HAN_YEAR})年?度?", "", ABOUT.sub("", title))
    cut = CUT.search(rest)
    name = rest[: cut.start()] if cut else rest
    if cut and name.endswith("人民") and cut[0].startswith("政府"):
        name += "政府"
    name = re.sub(r"(?:年度?|度|的|：|:|-|—)+$", "", name).strip('·-—:：“”"《》 ')
    if name and not NOBODY.search(name) and len(name) > 1:
        return name
    last = re.search(r"[((—-]+([^()()—-]{3,30})[)]?$", title)
    return last[1] if last and is_body(last[1]) else None


def _joined(lines: list[Line], at: int) -> tuple[int, int] | None:
    """The range of lines that make the title which the line at `at` begins or ends; None where it makes none."""
    text = _squeezed(lines[at].text)
    if len(text) > LONGEST or _no_title(text):
        return None
    first, last = at, at + 1
    if not TITLE.search(text):
        more = text
        while last < len(lines) and last < at + 3 and len(more) < LONGEST:
            following = _squeezed(lines[last].text)
            if _no_title(following):
                return None
            more, last = more + following, last + 1
            if TITLE.search(more):
                break
        rest = more[len(text) :]
        whole = TITLE.search(rest) and (_body(rest) or YEAR_IN.search(rest))  # the line below is a title by itself
        if not TITLE.search(more) or whole or not (UNFINISHED.search(text) or YEAR_IN.search(text)):
            return None
        text = more
    body = _body(text)
    if first and not (body and _placed(body)):
        above = _squeezed(lines[first - 1].text)
        if is_body(above) and len(above) < LONGEST / 2 and not _no_title(above) and ":" not in above:
            close = lines[first].start - lines[first - 1].end < 4  # a name further up is the site's, not the title's
            first -= 1 if close or body is None else 0
    return first, last


def _no_title(line: str) -> bool:
    return any(pattern.search(line) for pattern in (SECTION, SENTENCE, PATH, FIELDS))


def _placed(body: str) -> bool:
    return bool(re.search(r"[省市县区旗州盟镇乡]|街道|苏木", body))


def find_title(text: str, end: int) -> Title | None:
    """The title among the lines before `end`, in half-width simplified text; the fullest line wins, then the first."""
    lines = lines_of(text, 0, end)[:LINES]
    best: tuple[int, Title] | None = None
    for at in range(len(lines)):
        if "公开" not in lines[at].text and not YEAR_IN.search(lines[at].text):
            continue
        if (span := _joined(lines, at)) is None:
            continue
        start, stop = lines[span[0]].start, lines[span[1] - 1].end
        if label := LABEL.match(text[start:stop]):
            start += label.end()
        if site := SITE.search(text[start:stop]):
            stop = start + site.start()
        title = _squeezed(text[start:stop])
        years = tuple(dict.fromkeys(year_of(y[1]) for y in YEAR_IN.finditer(title)))
        body = _body(title)
        notice = "《" in title or "通知" in title  # a notice quotes the title that stands below it
        rank = -notice + 4 * bool(years) + 3 * bool(body and is_body(body)) + bool(body)
        if rank > 0 and (best is None or rank > best[0]):
            place = _place(text, start, stop, body)
            best = rank, Title(title, start, stop, body, place, years, bool(ADVERT.search(title)))
    return best[1] if best else None


def _place(text: str, start: int, stop: int, body: str | None) -> tuple[int, int] | None:
    if not body:
        return None
    spaced = re.compile(r"\s*".join(map(re.escape, body)))
    found = spaced.search(text, start, stop)
    return found.span() if found else None
