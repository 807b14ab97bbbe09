"""What a .gov.cn host says of a place: labels are pinyin (tongyu), initials (lw, hd) or both behind a larger unit (szgm).

Only .gov.cn counts: copies on other domains print other people's names. Initials fit many places: they may tell
candidates apart and decide nothing by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from loaders.identity.gazetteer import CITY, COUNTY, PROVINCE, Gazetteer, gazetteer, rows, short_names

OFFICIAL = ".gov.cn"
HOST = re.compile(r"^(?:[a-z]+://)?([a-z0-9.-]+)", re.IGNORECASE)
PORTAL = re.compile(r"(?:rmzf|zfwz|zfxxgk|xxgk|zwgk|zf|zw|gov)$")  # a government's own words behind its name
GENERAL = {"www", "wap", "m", "xxgk", "zwgk", "zfxxgk", "public", "gov"}
KINDS = {"省": "s", "市": "s", "县": "x", "区": "q", "州": "z", "盟": "m", "旗": "q"}
WHOLE = 2  # syllables written out from which a name stands by itself; 理县 is lixian


class Told(NamedTuple):
    """The units that a label may mean; `weak` where only initials tell."""

    label: str
    units: tuple[int, ...]
    weak: bool


class _Keys(NamedTuple):
    whole: dict[str, list[int]]
    initials: dict[str, list[int]]
    prefixes: dict[str, list[int]]


def host_of(url: str) -> str:
    """The host of an address, in small letters."""
    found = HOST.match(url.strip())
    return found[1].lower() if found else ""


def is_official(url: str) -> bool:
    """Whether an address is one of the government's own domain."""
    return host_of(url).endswith(OFFICIAL) or host_of(url) == OFFICIAL[1:]


def _initials(syllables: list[str]) -> set[str]:
    """First letters, and the same with zh, ch and sh kept: bjchy is 北京朝阳."""
    single = "".join(s[0] for s in syllables)
    return {single, "".join(s[:2] if s[1:2] == "h" else s[0] for s in syllables)}


@cache
def _keys() -> _Keys:
    book = gazetteer()
    spelled = {row["name"]: row["pinyin"].split() for row in rows("pinyin.csv")}
    keys = _Keys({}, {}, {})
    for at, unit in enumerate(book.units):
        if unit.level > COUNTY or unit.name not in spelled:
            continue
        sounds = dict(zip(unit.name, spelled[unit.name], strict=True))
        kind = unit.name[-1]
        for name in dict.fromkeys([unit.name, unit.name[:-1], *short_names(unit.name, unit.level)]):
            syllables = [sounds[c] for c in name if c in sounds]
            if len(syllables) < len(name) or not syllables:
                continue
            whole = keys.whole.setdefault("".join(syllables), []) if len(syllables) >= WHOLE else [at]
            if at not in whole:
                whole.append(at)
            for short in _initials(syllables):
                forms = {short} if name[-1] == kind else {short, short + KINDS.get(kind, ""), *_spelled(short, kind)}
                for form in forms:
                    if len(form) > 1 and at not in keys.initials.setdefault(form, []):
                        keys.initials[form].append(at)
                if unit.level in (PROVINCE, CITY) and name[-1] != kind:
                    for form in (short, short + KINDS.get(kind, ""), "".join(syllables)):
                        keys.prefixes.setdefault(form, []).append(at)
    for row in rows("hosts.csv"):  # not to be had from a name: whkfq
        keys.whole[row["label"]] = [at for code in row["codes"].split() for at in book.by_code[code]]
    return keys


def _spelled(short: str, kind: str) -> set[str]:
    return {short + {"区": "qu", "县": "xian", "市": "shi", "旗": "qi", "州": "zhou"}.get(kind, "")}


def _behind_prefix(label: str, keys: _Keys, book: Gazetteer) -> Iterator[tuple[int, bool]]:
    """Units of a label that begins with a unit above: szgm is 光明 in 深圳, hnyanling 炎陵 in 湖南."""
    for cut in range(2, len(label) - 1):
        above = set(keys.prefixes.get(label[:cut], ()))
        if not above:
            continue
        rest = label[cut:]
        for table, weak in ((keys.whole, False), (keys.initials, True)):
            for unit in table.get(rest, ()):
                if above & set(book.chain(unit)[1:]):
                    yield unit, weak


def _label(label: str, keys: _Keys, book: Gazetteer, main: bool) -> Told | None:
    for text in dict.fromkeys([label, PORTAL.sub("", label)]):
        if text in keys.whole:
            return Told(label, tuple(keys.whole[text]), weak=False)
        found = list(_behind_prefix(text, keys, book)) if main and len(text) > 3 else []
        if strong := [unit for unit, weak in found if not weak]:
            return Told(label, tuple(dict.fromkeys(strong)), weak=False)
        weak = [*(unit for unit, _ in found), *(keys.initials.get(text, ()) if main else ())]
        if weak:
            return Told(label, tuple(dict.fromkeys(weak)), weak=True)
    return None


def told_by(url: str) -> list[Told]:
    """What each label of an official host may mean, the outermost last; nothing of other hosts."""
    if not is_official(url):
        return []
    labels = host_of(url).removesuffix(OFFICIAL).split(".")
    keys, book = _keys(), gazetteer()
    found = (
        _label(label, keys, book, main=at == len(labels) - 1)
        for at, label in enumerate(labels)
        if label and label not in GENERAL
    )
    return _agreeing([told for told in found if told], book)


def _agreeing(told: Iterable[Told], book: Gazetteer) -> list[Told]:
    """The labels from the outermost in; an inner one counts where it lies inside: qionghai.hainan, not jyj.yangling."""
    kept: list[Told] = []
    for one in reversed(list(told)):
        if kept and one.label != kept[-1].label:
            outer = set(kept[-1].units)
            inside = tuple(unit for unit in one.units if outer & set(book.chain(unit)))
            if not inside:
                continue
            one = one._replace(units=inside)  # noqa: PLW2901
        kept.insert(0, one)
    return kept
