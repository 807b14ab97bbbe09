"""The shipped reports as their index lists them, and the truth beside them."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.truth import Cell, Key

ROOT = Path(__file__).resolve().parent.parent
REPORTS, TRUTH = ROOT / "data" / "reports", ROOT / "tests" / "reports"
WHOLE = "transcribed whole"  # how the index begins to tell of a report that is here from its first line to its last


def listed() -> dict[str, dict[str, str]]:
    """File → its row of the index."""
    with (REPORTS / "index.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def truth_of(name: str) -> Path:
    """The true cells of a shipped report, as read by eye."""
    stem = Path(name).stem
    return next(path for folder in (TRUTH, TRUTH / "library") if (path := folder / f"{stem}.csv").is_file())


TRANSCRIBED = [REPORTS / name for name, row in sorted(listed().items()) if row["capture"].startswith(WHOLE)]

KINDS = ("right", "missing", "flagged", "wrong", "extra")
INFERRED = {"inferred_high", "inferred_medium", "unknown"}


def score(truth: Mapping[Key, Cell], facts: Iterable[Mapping[str, object]]) -> Counter[str]:
    """How many cells of a report are right, missing (printed and not read), flagged (read otherwise, with a doubt),
    wrong (read otherwise) and extra (read where nothing is printed). A blank that was not read is right."""
    found = {(str(fact["code"]), str(fact["applicant"] or "")): fact for fact in facts}
    count = Counter[str]()
    for key, cell in truth.items():
        fact = found.get(key)
        if fact is None:
            count["right" if cell.state == "blank" else "missing"] += 1
        else:
            count["right" if _same(key, cell, fact) else "flagged" if fact["doubt"] else "wrong"] += 1
    beyond = (fact for key, fact in found.items() if key not in truth and not key[0].startswith("narrative."))
    count["extra"] += sum(fact["state"] != "blank" for fact in beyond)
    return count


def _same(key: Key, cell: Cell, fact: Mapping[str, object]) -> bool:
    """Whether a cell is read as it is printed; a number out of a text such as 增10 or 31批次 is right too."""
    state, value = fact["state"], fact["value"]
    if cell.state == "text" and state == "number":
        return isinstance(value, float) and f"{abs(value):g}" in re.findall(r"\d+(?:\.\d+)?", cell.raw)
    if {cell.state, state} <= {"text", "dash"}:
        return True
    if key[0] == "procurement.amount":
        if (
            cell.state == "number" and cell.value is None
        ):  # printed without a unit: what it is may be inferred, not said
            return fact["unit_source"] in INFERRED and fact["raw"] == cell.raw
        if (fact["unit_source"] or "") != cell.unit_source:
            return False
    return (cell.state, cell.value) == (state, value)
