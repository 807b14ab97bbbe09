"""robots.txt → what a site allows (RFC 9309): the longest rule that fits decides, * and $ as its authors mean them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

AGENT = "ogi-reports"  # the name that a site may write rules for
LARGEST = 512_000  # bytes; what stands behind is not read
SAFE = "/?*$=&+,;:@!~'()"


@dataclass(frozen=True)
class Rule:
    """Allow or disallow what begins with a path."""

    allow: bool
    path: str

    def fits(self, target: str) -> bool:
        """Whether a path begins as the rule says: * is anything, $ at the end is the end.

        Piece by piece and not by an expression: many stars would make one try for ever.
        """
        first, *pieces = self.path.removesuffix("$").split("*")
        if not target.startswith(first):
            return False
        at, whole = len(first), self.path.endswith("$")
        last = pieces.pop() if whole and pieces else None
        for piece in pieces:
            found = target.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if last is not None:
            return len(target) - len(last) >= at and target.endswith(last)
        return not whole or at == len(target)


@dataclass(frozen=True)
class Rules:
    """What a site says to us; `delay` is the pause in seconds that it asks for."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0

    def allows(self, target: str) -> bool:
        """Whether path and query may be asked for."""
        plain = _plain(target)
        fitting = [rule for rule in self.rules if rule.fits(plain)]
        return max(fitting, key=lambda rule: (len(rule.path), rule.allow)).allow if fitting else True


EVERYTHING, NOTHING = Rules(), Rules((Rule(False, "/"),))


def parse(text: str) -> Rules:
    """The rules of the groups that name us, or else of those for everybody."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names, open_for_names = list[str](), False
    for line in text.splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            names = [*names, value.lower()] if open_for_names else [value.lower()]
            open_for_names = True
            groups.setdefault(value.lower(), [])
        elif key in ("allow", "disallow", "crawl-delay"):
            open_for_names = False
            for name in names:
                groups[name].append((key, value))
    ours = [group for name, group in groups.items() if name.partition("/")[0].strip() == AGENT]
    return _rules([line for group in ours or [groups.get("*", [])] for line in group])


def _rules(lines: list[tuple[str, str]]) -> Rules:
    rules = [Rule(key == "allow", _plain(value)) for key, value in lines if key != "crawl-delay" and value]
    delays = [float(value) for key, value in lines if key == "crawl-delay" and re.fullmatch(r"\d{1,9}(\.\d+)?", value)]
    return Rules(tuple(rules), max(delays, default=0.0))


def _plain(path: str) -> str:
    """One way of writing a path, whatever of it was escaped."""
    return quote(unquote(path), safe=SAFE)
