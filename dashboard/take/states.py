"""Why a cell is empty, as one word: what a report left out, what its form lacks, and what this data lacks.

number         a figure, 0 among them
blank · dash · text   the report printed nothing, a dash, words
not_on_form    the form of that year has no such cell
unread         the form has it, but its table could not be read: see the list of tables
not_collected  no report of that agency and year is at hand
doubtful       a figure that should not be trusted without a look; without value where the switch leaves it out
unit_unknown   an amount whose unit cannot be told
not_told       a count that other reports tell in prose and this one does not
"""

from __future__ import annotations

import pandas as pd

# Stata's extended missing values .a, .b, … in this order: never reorder, only add.
MISSING = ("blank", "dash", "text", "not_on_form", "unread", "not_collected", "doubtful", "unit_unknown", "not_told")
STATES = ("number", *MISSING)
PROSE = "narrative."


def told(facts: pd.DataFrame) -> pd.Series[str]:
    """The state of each fact, with doubt and unknown unit apart."""
    state = facts["state"].astype("str")
    number = state == "number"
    state = state.mask(number & facts["value"].isna(), "unit_unknown")
    return state.mask(number & facts["value"].notna() & facts["doubt"].notna(), "doubtful")


def counted(facts: pd.DataFrame, doubt: bool) -> pd.Series[bool]:
    """Whether totals count the value: figures with a known unit, doubtful ones only if `doubt`."""
    return (facts["state"] == "number") & facts["value"].notna() & (doubt | facts["doubt"].isna())


def letter(state: str) -> str:
    """blank → .a: the extended missing value that stands for it in Stata."""
    return f".{chr(ord('a') + MISSING.index(state))}"
