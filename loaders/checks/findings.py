"""What a rule comes to: an outcome at each place it runs over, and a finding where it fails."""

from __future__ import annotations

from dataclasses import dataclass

from codebook import Check

Key = tuple[str, str]  # code and applicant ("" outside the request table)
PASS, BLANK_AS_ZERO, FAIL, NOT_ASSESSABLE = RESULTS = ("pass", "pass_blank_as_zero", "fail", "not_assessable")


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a report breaks: the columns of findings.parquet; `cells` are the facts that it puts in doubt."""

    check_id: str
    severity: str
    codes: str
    expected: str
    actual: str
    message: str
    cells: tuple[Key, ...] = ()
    other: str = ""  # the report that this one was held against


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule came to at one place: one of RESULTS. Not assessable is never a pass."""

    check: Check
    result: str
    finding: Finding | None = None


def codes(keys: list[Key]) -> str:
    """Cells as findings.parquet names them: code, or code@applicant."""
    return " ".join(dict.fromkeys(f"{code}@{applicant}" if applicant else code for code, applicant in keys))
