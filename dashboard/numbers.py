"""Numbers as the reader's language writes them: 万 and 亿, or k, M and B; never by the browser's locale."""

from __future__ import annotations

import math
from collections.abc import Iterable

STEPS = {
    "zh": ((1e8, "亿"), (1e4, "万")),
    "en": ((1e9, "B"), (1e6, "M"), (1e3, "k")),
}
SHORT_FROM = 10_000


def exact(value: float | None) -> str:
    """All digits with separators: 1,027,415.6; an empty string for none."""
    if value is None or math.isnan(value):
        return ""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")


def plain(value: float | None) -> str:
    """All digits as a file has them, without separators: 1027415.6."""
    return exact(value).replace(",", "")


def short(value: float | None, lang: str) -> str:
    """Three significant digits with the language's large unit, from ten thousand on: 2,358万, 23.6M."""
    if value is None or math.isnan(value):
        return "–"
    if abs(value) < SHORT_FROM:
        return exact(value)
    size, word = next((step for step in STEPS[lang] if abs(value) >= step[0]), (1.0, ""))
    scaled = value / size
    digits = max(0, 2 - math.floor(math.log10(abs(scaled))))
    return f"{scaled:,.{digits}f}".rstrip("0").rstrip(".") + word if digits else f"{scaled:,.0f}{word}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share of one as per cent: 0.308 → 30.8%; an en dash for none."""
    return "–" if share is None or math.isnan(share) else f"{share:.{digits}%}"


def span(years: Iterable[object]) -> str:
    """2019–2023, 2019 for a single year; empty for none."""
    found = sorted({int(str(year)) for year in years if str(year).isdigit()})
    return "" if not found else str(found[0]) if len(found) == 1 else f"{found[0]}–{found[-1]}"


def ticks(low: float, high: float, lang: str, wanted: int = 5) -> tuple[list[float], list[str]]:
    """Round axis positions that cover `low`…`high`, with their labels."""
    low, high = min(0.0, low), max(high, 1.0)
    raw = (high - low) / wanted
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= raw)
    step = max(1.0, step) if high <= wanted else step
    first = math.floor(low / step)
    places = [step * i for i in range(first, math.ceil(high / step) + 1)]
    return places, [short(place, lang) for place in places]


def amount(value: float, unit: str, lang: str) -> str:
    """A number with its unit as a sentence has it: 9,116万元, 75件, 91.2M yuan."""
    told = short(value, lang)
    return f"{told}{unit}" if lang == "zh" else f"{told} {unit}".rstrip()


def part(count: int, whole: int, lang: str) -> str:
    """A count with its share of the whole: 37（24.5%）, 37 (24.5%); alone where the whole is nothing."""
    if not whole:
        return exact(count)
    left, right = ("（", "）") if lang == "zh" else (" (", ")")
    return f"{exact(count)}{left}{share(count, whole)}{right}"


def share(count: int, whole: int) -> str:
    """A count as per cent of a whole that is not nothing; what is there is never 0.0%, what lacks never 100.0%."""
    told = percent(count / whole)
    if told == "0.0%" and count:
        return "<0.1%"
    return ">99.9%" if told == "100.0%" and count < whole else told
