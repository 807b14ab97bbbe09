"""Regular expressions stay linear: four times the text takes no more than about four times the time."""

import re

import pytest

from tests.patterns import SEES, patterns, seconds, texts

SHORT, TIMES = 4_000, 4
LITTLE = (
    0.02  # seconds that are no matter, whatever they grow by: a hundred thousand characters are then read in half one
)
STRAIGHT = 8.0  # linear is 4, quadratic 16; between them lies what a busy machine adds


def worst(pattern: re.Pattern[str], most: int = 0, little: float = LITTLE) -> tuple[float, float, str]:
    """The longest time over texts of SHORT characters (or of those it sees), its growth with length, and the text."""
    took, text = max((seconds(pattern, one), one) for one in texts(pattern, most or SHORT))
    if most or took <= little:
        return took, 0.0, text[:12]
    longer = min(seconds(pattern, text[:-1] * TIMES + text[-1]) for _ in range(2))
    return took, longer / min(seconds(pattern, text) for _ in range(2)), text[:12]


@pytest.mark.parametrize("place", sorted(patterns()))
def test_a_pattern_is_linear(place: str) -> None:
    took, growth, text = worst(patterns()[place], SEES.get(place, 0))
    assert growth < STRAIGHT, (took, text)
    assert took < 1.0, text


def test_what_sees_little_is_still_there() -> None:
    assert SEES.keys() <= patterns().keys()


def test_a_pattern_that_is_not_is_found() -> None:
    """On any machine: a quick one needs less than LITTLE for it."""
    took, growth, text = worst(re.compile(r"\s*x"), little=0.0)
    assert growth > STRAIGHT, (took, text)
