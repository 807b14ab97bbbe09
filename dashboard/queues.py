"""What waits for somebody's look: doubtful cells, refused tables, findings. One is chosen, seen and decided."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import streamlit as st

from codebook.decisions import Decisions
from dashboard import address, deciding, evidence, findings, passage, reader, show, tables, verdicts
from dashboard.desk import Desk, link
from dashboard.selection import Selection
from dashboard.verdicts import Subject

QUEUES = ("doubts", "refused", "findings")
STATES = ("waiting", "decided", "all")
NAMES = ("report_id", "code", "applicant", "what", "why", "verdict", "subject")
OF_TABLE = ("incomplete", "absent")


def queue(desk: Desk, kind: str) -> pd.DataFrame:
    """One row a subject of the selected reports: report_id, code and applicant of its cell, what and why in words,
    the data's verdict, and the subject that a decision names."""
    if "source_sha256" not in desk.reports:
        return pd.DataFrame(columns=pd.Index([*NAMES, "id"]))
    place = (desk.data.version, str(desk.data.folder))
    return _queue(desk, *place, desk.selection, desk.words.lang, kind)


@st.cache_resource(max_entries=32, show_spinner=False)
def _queue(_desk: Desk, version: str, folder: str, selection: Selection, lang: str, kind: str) -> pd.DataFrame:
    desk = _desk
    rows = {"doubts": _doubts, "refused": _refused, "findings": _findings}[kind](desk)
    found = pd.DataFrame(rows, columns=pd.Index(NAMES))
    return found.assign(id=[_id(subject) for subject in found["subject"]]).drop_duplicates("id", ignore_index=True)


def _id(subject: Subject) -> str:
    return hashlib.sha256("\0".join(subject.values()).encode()).hexdigest()[:12]


def _mine(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["report_id"].isin(desk.reports.index)]


def _sha(desk: Desk, report: str) -> str:
    return str(desk.reports.loc[report, "source_sha256"])


def _doubts(desk: Desk) -> list[tuple[object, ...]]:
    w = desk.words
    rows = desk.data.facts.doubted(desk.data.places(desk.reports.index))
    out: list[tuple[object, ...]] = []
    for _, fact in rows.iterrows():
        report, applicant = str(fact["report_id"]), fact["applicant"] if isinstance(fact["applicant"], str) else ""
        what = " · ".join(filter(None, [w.measure(fact["code"]), w.applicant(applicant), evidence.shown(fact, w)]))
        subject = verdicts.of_cell(_sha(desk, report), fact)
        out.append((report, fact["code"], applicant, what, fact["doubt"], fact["verdict"], subject))
    return out


def _refused(desk: Desk) -> list[tuple[object, ...]]:
    w = desk.words
    rows = _mine(desk, desk.data.tables[desk.data.tables["status"].isin(OF_TABLE)])
    out: list[tuple[object, ...]] = []
    for row in rows.itertuples():
        reason = row.reason if isinstance(row.reason, str) else ""
        subject = {
            "kind": "table",
            "source_sha256": _sha(desk, str(row.report_id)),
            "table": str(row.table),
            "check_id": reason,
        }
        why = evidence.why(reason, row.detail, w) or w.value("table_status", row.status)
        out.append((row.report_id, "", "", w.table(str(row.table)), why, row.verdict, subject))
    return out


def _findings(desk: Desk) -> list[tuple[object, ...]]:
    w, rows = desk.words, findings.rows(desk, "all")
    plain = rows.fillna({"codes": "", "actual": "", "message": ""})
    # Two findings of one rule on the same cells are told apart by what they say.
    alike = plain.duplicated(["report_id", "check_id", "codes", "actual"], keep=False) | (plain["actual"] == "")
    out: list[tuple[object, ...]] = []
    for row, ambiguous in zip(plain.itertuples(), alike, strict=True):
        subject = {
            "kind": "finding",
            "source_sha256": _sha(desk, str(row.report_id)),
            "raw": str(row.message if ambiguous else row.actual),
            "check_id": str(row.check_id),
            "codes": str(row.codes),
        }
        place = [*findings.place(row.codes), None, None]
        what = f"{w.value('severity', row.severity)} · {findings.rule(w, str(row.check_id))}"
        out.append((row.report_id, place[0] or "", place[1] or "", what, row.message, row.verdict, subject))
    return out


def decided(rows: pd.DataFrame, found: Decisions) -> pd.DataFrame:
    """The queue with the last decision on each subject, as `last` (None where there is none)."""
    last = {_key(one): one for one in found.verdicts}
    told = [last.get(_key(subject)) for subject in rows["subject"]]
    return rows.assign(last=pd.Series(told, index=rows.index, dtype="object"))


def _key(one: Any) -> tuple[str, ...]:
    return tuple(one.get(name, "") if isinstance(one, dict) else getattr(one, name) for name in verdicts.SUBJECT)


def part(rows: pd.DataFrame, state: str) -> pd.DataFrame:
    """Those that wait, those decided, or all."""
    done = rows["last"].notna() | rows["verdict"].notna()
    return rows if state == "all" else rows[done if state == "decided" else ~done]


def listing(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """The queue for the screen, with links to the cells."""
    w, names = desk.words, desk.reports.loc[rows["report_id"]]
    places = zip(rows["report_id"], rows["code"], rows["applicant"], strict=True)
    return pd.DataFrame(
        {
            w("table.open"): [link(desk, report, code or None, applicant) for report, code, applicant in places],
            w("filter.agency"): list(names["shown_key"]),
            w("filter.year"): list(names["year_key"].map(desk.names("year"))),
            w("queue.what"): list(rows["what"]),
            w("queue.why"): list(rows["why"]),
            w("report.verdict"): [
                _said(desk, data, last) for data, last in zip(rows["verdict"], rows["last"], strict=True)
            ],
        }
    )


def _said(desk: Desk, data: object, last: Any) -> str:
    """The verdict, and whether the data has it yet."""
    w = desk.words
    if last is None:
        return w.value("verdict", data)
    told = w.value("verdict", last.verdict)
    return told if data == last.verdict else f"{told} · {w('decide.next_build')}"


def choose(desk: Desk, rows: pd.DataFrame) -> Any:
    """The subject that the reader picks of the first rows, kept in the address."""
    some = rows.head(tables.MOST)
    ids, names = list(some["id"]), desk.reports.loc[some["report_id"]]
    told = [
        f"{agency} · {year} · {what}"
        for agency, year, what in zip(
            names["shown_key"], names["year_key"].map(desk.names("year")), some["what"], strict=True
        )
    ]
    labels = dict(zip(ids, told, strict=True))
    st.session_state["queue.id"] = address.choice("subject", ids, ids[0])
    chosen = st.selectbox(
        desk.words("queue.choose"), ids, format_func=labels.__getitem__, key="queue.id", on_change=_switch
    )
    address.keep("subject", str(chosen))
    return some[some["id"] == chosen].iloc[0]


def _switch() -> None:
    st.query_params["subject"] = st.session_state["queue.id"]


def look(desk: Desk, row: Any) -> None:
    """The subject with why it is here, and the passage of its cell."""
    w, report = desk.words, row["report_id"]
    st.html(passage.listing([(w("queue.what"), str(row["what"])), (w("queue.why"), str(row["why"]))]))
    facts = evidence.facts_of(desk.data, report)
    fact = facts.get((row["code"], row["applicant"]), facts.get((row["code"], "total")))
    if fact is not None:
        reader.passage_of(desk, report, fact)


def board(desk: Desk) -> None:
    """The queues: one is picked, its list shown, one subject looked at and decided."""
    w = desk.words
    st.subheader(w("queue.title"), anchor=False)
    st.caption(w("queue.lead"))
    found = deciding.opened(w)
    kind = show.pick(desk, "queue", QUEUES, "doubts", w("queue.kind"), {k: w(f"queue.{k}") for k in QUEUES}, "findings")
    rows = decided(queue(desk, kind), found)
    counts = {state: w(f"queue.{state}", n=len(part(rows, state))) for state in STATES}
    state = show.pick(desk, "show", STATES, "waiting", w("queue.state"), counts, "findings", quiet=True)
    rows = part(rows, state)
    if rows.empty:
        st.info(w("queue.none"))
        return
    show.rows(desk, f"queue-{kind}", listing(desk, rows), w("queue.list", n=len(rows)))
    chosen = choose(desk, rows)
    left, right = st.columns(2)
    with left:
        look(desk, chosen)
    with right:
        verdicts.forms(desk, chosen["subject"], found)
