"""One report: its tables as printed with the state of each cell, and what is known about the chosen cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from codebook import book
from codebook.book import Layout, Line, Measure
from dashboard import numbers
from dashboard.data import Dataset
from dashboard.words import Words

Place = tuple[str, str]  # code, applicant ("" outside the request table)
DOUBT = "background-color: rgba(217,154,60,.28)"
CHOSEN = "background-color: #f2c94c; color: #1b1b1b; font-weight: 700"
EMPTY = "color: rgba(128,138,148,.95); font-style: italic"


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table of a report on screen: `cells` are texts, `places` says which code and applicant each one is."""

    table: str
    status: str
    reason: str
    cells: pd.DataFrame
    places: dict[tuple[int, str], Place]
    style: pd.DataFrame

    def styled(self, chosen: Place | None) -> Any:
        """The cells for the screen; the chosen one stands out."""
        style = self.style.copy()
        for (row, column), place in self.places.items():
            if place == chosen:
                style.loc[row, column] = CHOSEN
        return self.cells.style.apply(lambda _: style, axis=None)


def facts_of(data: Dataset, report: str) -> dict[Place, pd.Series[Any]]:
    """(code, applicant) → the fact's row, of one report."""
    rows = data.facts.of_reports(data.places(pd.Index([report])))
    places = zip(rows["code"], rows["applicant"].fillna(""), strict=True)
    found: dict[Place, pd.Series[Any]] = {}
    for place, (_, row) in zip(places, rows.iterrows(), strict=True):
        found.setdefault((str(place[0]), str(place[1])), row)
    return found


def sheets(data: Dataset, report: str, form: str, facts: dict[Place, pd.Series[Any]], words: Words) -> list[Sheet]:
    """The tables of the report's form in their order, read or not; where the form is unknown all that were looked for."""
    known = data.tables[data.tables["report_id"] == report].set_index("table")
    out = []
    for table in book().on_form(form) or known.index:
        layouts = book().layouts_of(table)
        layout = next((one for one in layouts if form in one.forms), layouts[0])
        status = str(known.loc[table, "status"]) if table in known.index else "absent"
        row: Any = known.loc[table] if table in known.index else {}
        out.append(_sheet(layout, status, why(row.get("reason"), row.get("detail"), words), facts, words))
    return out


def _sheet(layout: Layout, status: str, reason: str, facts: dict[Place, pd.Series[Any]], words: Words) -> Sheet:
    places: dict[tuple[int, str], Place] = {}
    texts: list[list[str]] = []
    style: list[list[str]] = []
    heads = [column for column in layout.columns if layout.shape != "list" or _printed(layout, column, facts)]
    names = [_column(layout, column, words) for column in heads]
    for row in layout.rows:
        text, look = [_row(layout, row, words)], [""]
        for column, name in zip(heads, names, strict=True):
            measure = book().code(layout.table, row.key, column.key)
            place = None if measure is None else (measure.code, column.key if layout.table == "requests" else "")
            if place is not None:
                places[len(texts), name] = place
            fact = facts.get(place) if place is not None else None
            text.append(shown(fact, words))
            look.append(_look(fact))
        texts.append(text)
        style.append(look)
    columns = pd.Index([words("report.row"), *names])
    return Sheet(
        layout.table, status, reason, pd.DataFrame(texts, columns=columns), places, pd.DataFrame(style, columns=columns)
    )


def _printed(layout: Layout, column: Line, facts: dict[Place, pd.Series[Any]]) -> bool:
    """Whether a report has a column that not all lists print; where nothing was read, all are shown."""
    codes = [m.code for row in layout.rows if (m := book().code(layout.table, row.key, column.key))]
    own = any(m.table == layout.table for place in facts if (m := book().measures.get(place[0])))
    return not own or any((code, "") in facts for code in codes)


def why(reason: object, detail: object, words: Words) -> str:
    """Why a table or document was refused: the code in words, then what was found."""
    return "：".join(filter(None, [words.value("refusal", reason), _text(detail)]))


def shown(fact: pd.Series[Any] | None, words: Words) -> str:
    """A cell's text on screen: as printed, with the kind of an empty cell in words and marks: doubtful, corrected, looked at."""
    if fact is None:
        return words("report.unread")
    state = str(fact["state"])
    if state in ("blank", "dash"):
        text = words(f"report.{state}")
    else:
        text = fact["raw"] if isinstance(fact["raw"], str) and fact["raw"] else numbers.exact(fact["value"])
    marks = {" △": fact["doubt"], " ✎": fact.get("correction"), " ✓": fact.get("verdict")}
    return f"{text}{''.join(mark for mark, told in marks.items() if isinstance(told, str))}"


def _look(fact: pd.Series[Any] | None) -> str:
    if fact is None:
        return EMPTY
    if isinstance(fact["doubt"], str):
        return DOUBT
    return EMPTY if fact["state"] in ("blank", "dash") else ""


def _first(layout: Layout, row: Line) -> Measure | None:
    return next((m for c in layout.columns if (m := book().code(layout.table, row.key, c.key))), None)


def _row(layout: Layout, row: Line, words: Words) -> str:
    under = row.parent.startswith("(") or (layout.table == "review" and row.parent)
    printed = f"{row.parent} › {row.label}" if under else row.label
    measure = _first(layout, row)
    if words.lang == "zh" or measure is None:
        return printed
    label = words.measure(measure.code)
    if layout.shape == "list":
        return label.rpartition(", ")[0] or label if len(layout.columns) > 1 else label
    return label if layout.table == "requests" else label.partition(", ")[0]


def _column(layout: Layout, column: Line, words: Words) -> str:
    printed = f"{column.parent} › {column.label}" if column.parent and layout.table != "requests" else column.label
    if layout.table == "requests":
        return words.short(f"applicant.{column.key}")
    if words.lang == "zh":
        return printed
    measures = (book().code(layout.table, row.key, column.key) for row in layout.rows)
    return next((words.measure(m.code).partition(", ")[2].capitalize() or printed for m in measures if m), printed)


def about(place: Place, fact: pd.Series[Any], words: Words) -> list[tuple[str, str]]:
    """What is known of a cell, as field and text."""
    code, applicant = place
    state, score = str(fact["state"]), fact.get("score")
    match = words.value("match", fact.get("match"))
    fields = {
        "table.item": " · ".join(filter(None, [words.measure(code), words.applicant(applicant)])),
        "report.value": numbers.exact(fact["value"]) if state == "number" else "",
        "report.unit": " · ".join(
            filter(
                None, [_text(words.value("unit", fact.get("unit"))), words.value("unit_source", fact["unit_source"])]
            )
        ),
        "report.state": words.value("state", state),
        "report.raw": _text(fact["raw"]),
        "report.doubt": _text(fact["doubt"]),
        "report.label_raw": _text(fact.get("label_raw")),
        "report.match": f"{match} · {score:g}" if isinstance(score, float) and not pd.isna(score) else match,
        "report.place": _text(fact.get("place")),
    }
    return [(words(key), text) for key, text in fields.items() if text]


def identity(report: pd.Series[Any], words: Words) -> pd.DataFrame:
    """Who reported, for which year, on which form, from which file: each with its evidence."""
    region = " ".join(_text(report.get(c)) for c in ("province", "city", "county", "township"))
    settled = " · ".join(
        filter(None, [words.value("region_status", report.get("region_status")), _text(report.get("region_evidence"))])
    )
    rows = [
        ("agency", _text(report["agency"]), _text(report.get("agency_id"))),
        (
            "level",
            words.value("agency_level", report.get("agency_level")),
            words.value("agency_type", report.get("agency_type")),
        ),
        ("region", " ".join(region.split()), settled),
        ("adcode", _text(report.get("adcode")), ""),
        ("year", _text(report.get("year_key")).replace("unknown", ""), _text(report.get("year_evidence"))),
        (
            "form",
            words.form(report["form"]),
            _basis(report["form"]),
        ),
        ("published", _text(report.get("published_on")), _text(report.get("published_evidence"))),
        ("status", words.value("status", report["status"]), ""),
        ("source", _text(report.get("source_name")), _text(report.get("container"))),
        ("url", _text(report.get("source_url")), ""),
        ("sha", _text(report.get("source_sha256")), ""),
    ]
    names = [words("report.field"), words("report.found"), words("report.evidence")]
    return pd.DataFrame([(words(f"report.{key}"), a, b) for key, a, b in rows if a or b], columns=pd.Index(names))


def _basis(form: object) -> str:
    """The notice that prescribes a form, and what is to be known of it."""
    known = book().form(form) if isinstance(form, str) else None
    return "；".join(filter(None, (known.basis, known.note_zh))) if known else ""


def findings(data: Dataset, report: str, words: Words) -> pd.DataFrame:
    """What the checks found in a report, in words."""
    rows = data.findings[data.findings["report_id"] == report]
    checks = {c.id: (c.zh if words.lang == "zh" else c.en) for c in book().checks}
    out = pd.DataFrame(
        {
            words("report.severity"): [words.value("severity", s) for s in rows["severity"]],
            words("report.check"): [checks.get(c, c) for c in rows["check_id"]],
            words("report.message"): rows["message"],
            words("report.expected"): rows.get("expected"),
            words("report.actual"): rows.get("actual"),
            words("report.verdict"): [words.value("verdict", v) for v in rows["verdict"]],
        }
    )
    return out.reset_index(drop=True)


def prose(facts: dict[Place, pd.Series[Any]], words: Words) -> tuple[pd.DataFrame, list[Place]]:
    """Counts told in the text: what, how many, as printed; and the place of each row."""
    places = [place for place in facts if place[0].startswith("narrative.")]
    names = [words("table.item"), words("report.value"), words("report.raw")]
    rows = [(words.measure(p[0]), numbers.exact(facts[p]["value"]), _text(facts[p]["raw"])) for p in places]
    return pd.DataFrame(rows, columns=pd.Index(names)), places


def _text(value: object) -> str:
    """Text of a field; "" for none, NaN and NA."""
    return value if isinstance(value, str) else "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]
