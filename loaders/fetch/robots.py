"""robots.txt → what a site allows (RFC 9309): the longest rule that fits decides, * and $ as its authors mean them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote

AGENT = "ogi-reports"  # the name that a site may write rules for
LARGEST = 512_000  # bytes; what stands behind is not read
SAFE = "/?*$=&+,;:@!~'()"


@dataclass(frozen=True)
class Rule:
    """Allow or disallow what begins with a path."""

    allow: bool
    path: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The path as an expression: * is anything, $ at the end is the end."""
        stem = self.path.removesuffix("$")
        parts = ".*".join(re.escape(part) for part in re.split(r"\*+", stem))
        return re.compile(parts + (r"\Z" if self.path.endswith("$") else ""), re.DOTALL)


@dataclass(frozen=True)
class Rules:
    """What a site says to us; `delay` is the pause in seconds that it asks for."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0

    def allows(self, target: str) -> bool:
        """Whether path and query may be asked for."""
        plain = _plain(target)
        fitting = [rule for rule in self.rules if rule.pattern.match(plain)]
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
