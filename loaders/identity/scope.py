"""Whose figures a report gives: the body's own (本级) or those of all below it (汇总); where it doesn't say, unknown.

Adding both counts twice. And whether the prose or the figures are of a larger body than the title's: a street office
that speaks of 我区 and lists a district's penalties. The wordings are data, codebook/agencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from codebook import book
from loaders.checks.findings import Finding
from loaders.identity.script import plain

Scope = Literal["own", "consolidated", "unknown"]
SUBJECT = r"(?:^|[。；;\n，,、（(]|\d年度?[，,]?|以来[，,]?|按照|根据)\s{0,20}"
SMALL = ("township", "street")
LARGER = "PWR-LEVEL-"  # rules whose figures are a county's
SILENT = "标题与正文未写明"


class Scoped(NamedTuple):
    """The scope of a report's figures and the words that tell it."""

    scope: Scope
    evidence: str


@cache
def _patterns(scope: str, where: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    lead = SUBJECT if where == "subject" else ""
    return tuple(
        (re.compile(lead + f"(?:{row['pattern']})", re.MULTILINE), row["why"])
        for row in book().agency_scopes
        if (row["scope"], row["where"]) == (scope, where)
    )


def _told(scope: Scope, title: str, prose: str) -> str:
    """The words that tell the scope; the title's first. "" where none do."""
    for where, text in (("title", title), ("text", prose)):
        for pattern, why in _patterns(scope, where):
            if found := pattern.search(text):
                return f"{why}（“{found[0].strip()[:24]}”）" if where == "title" else why
    return ""


def scope(title: str | None, prose: str) -> Scoped:
    """Own, consolidated or unknown, by title and prose (half-width or not) as they say it; both said is unknown."""
    head, text = plain(title or ""), plain(prose)
    own, all_below = _told("own", head, text), _told("consolidated", head, text)
    if own and all_below:
        return Scoped("unknown", f"两说并存：{own}；{all_below}")
    if own:
        return Scoped("own", own)
    return Scoped("consolidated", all_below) if all_below else Scoped("unknown", SILENT)


def spoken(level: str, prose: str) -> str | None:
    """In words, that the prose of a township or street office speaks as a larger body and never as its own."""
    if level not in SMALL:
        return None
    text = plain(prose)
    higher = [m[0] for pattern, _ in _patterns("higher", "subject") for m in pattern.finditer(text)]
    if not higher or any(pattern.search(text) for pattern, _ in _patterns("lower", "subject")):
        return None
    word = re.sub(r"[^\u3400-\u9fff]", "", higher[0])[-2:]
    return f"正文以“{word}”自称（{len(higher)}处），不见乡镇、街道的自称"


def doubt(level: str, prose: str, findings: Iterable[Finding]) -> str | None:
    """Why figures may be of a larger body than the title's, for townships and street offices; None where nothing says so.

    `findings` are those of the report: the rules PWR-LEVEL-* tell which figures no township has.
    """
    if level not in SMALL:
        return None
    why = [word] if (word := spoken(level, prose)) else []
    why += [f"{one.codes}为{one.actual}（{one.check_id}）" for one in findings if one.check_id.startswith(LARGER)]
    return "；".join(why) or None
