"""Verdicts and corrections: what was decided on a cell, a refused table or a finding, and the forms to decide it."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import streamlit as st

from codebook.decisions import STATES, VERDICTS, Correction, Decisions, Verdict
from dashboard import deciding
from dashboard.desk import Desk
from dashboard.tables import amended
from dashboard.words import Words

SUBJECT = ("kind", "source_sha256", "table", "code", "applicant", "raw", "check_id", "codes")
Subject = dict[str, str]  # kind, source_sha256 and those of the others that tell it


def of_cell(sha256: str, fact: pd.Series[Any]) -> Subject:
    """A cell as the subject of a verdict."""
    names = ("table", "code", "applicant", "raw")
    return {"kind": "cell", "source_sha256": sha256, **{n: fact[n] if isinstance(fact[n], str) else "" for n in names}}


def pending(found: Decisions, subject: Subject) -> Verdict | None:
    """The last verdict on a subject among all decisions so far."""
    wanted = {name: subject.get(name, "") for name in SUBJECT}
    same = (one for one in reversed(found.verdicts) if all(getattr(one, k) == v for k, v in wanted.items()))
    return next(same, None)


def told(words: Words, one: Verdict | Correction | None) -> str:
    """A decision in words: what, why, who and when."""
    if one is None:
        return ""
    what = words.value("verdict", one.verdict) if isinstance(one, Verdict) else _amended(words, one)
    return f"{what}：{one.reason}（{one.author}，{one.date}）"


def _amended(words: Words, one: Correction) -> str:
    return amended(words, one.state, float("nan") if one.value is None else one.value)


def published(desk: Desk, report: str, fact: pd.Series[Any]) -> list[tuple[str, str]]:
    """What the data says of a cell's verdict and correction, as field and text."""
    w, out = desk.words, []
    for name, table in (("verdict", desk.data.verdicts), ("correction", desk.data.corrections)):
        rows = table[(table["report_id"] == report) & (table["code"] == fact["code"]) & (table["raw"] == fact["raw"])]
        rows = rows[
            rows["applicant"].fillna("").astype(str)
            == (fact["applicant"] if isinstance(fact["applicant"], str) else "")
        ]
        for _, row in rows[rows["stands" if name == "verdict" else "applied"].astype(bool)].iterrows():
            what = (
                w.value("verdict", row["verdict"])
                if name == "verdict"
                else amended(w, row["after_state"], row["after"])
            )
            out.append((w(f"report.{name}"), f"{what}：{row['reason']}（{row['author']}，{row['date']}）"))
    return out


def form(desk: Desk, subject: Subject, found: Decisions) -> None:
    """The buttons of a verdict, with name and reason; what was decided already stands above them."""
    w, key = desk.words, f"verdict.{_key(subject)}"
    _before(w, pending(found, subject))
    with st.form(key):
        chosen = st.radio(
            w("verdict.title"),
            VERDICTS,
            format_func=lambda v: w.value("verdict", v),
            captions=[w(f"verdict.{v}") for v in VERDICTS],
            index=None,
            key=f"{key}.verdict",
        )
        author, reason = deciding.signature(w, key)
        sent = st.form_submit_button(w("verdict.send"))
    if sent and chosen is None:
        st.warning(w("verdict.none"))
    elif sent:
        told = {name: subject.get(name, "") for name in SUBJECT} | {"verdict": str(chosen)}
        deciding.decide(w, lambda **signed: Verdict(**told, **signed), author, reason)


def correct(desk: Desk, subject: Subject, found: Decisions) -> None:
    """The form of a correction: what the cell should say; money in yuan."""
    w, key = desk.words, f"correct.{_key(subject)}"
    cell = {name: subject.get(name, "") for name in ("source_sha256", "table", "code", "applicant", "raw")}
    same = (one for one in reversed(found.corrections) if all(getattr(one, k) == v for k, v in cell.items()))
    before = next(same, None)
    with st.expander(w("correct.title"), expanded=before is not None):
        _before(w, before)
        with st.form(key, border=False):
            state = st.selectbox(
                w("correct.state"), STATES, format_func=lambda s: w.value("state", s), key=f"{key}.state"
            )
            label = w.with_unit(w("correct.value"), w.unit(subject["code"]))
            number = st.text_input(label, help=w("correct.help"), key=f"{key}.value")
            author, reason = deciding.signature(w, key)
            sent = st.form_submit_button(w("correct.send"))
        if sent:
            deciding.decide(
                w, lambda **signed: Correction(**cell, state=state, value=_number(number), **signed), author, reason
            )


def _before(words: Words, one: Verdict | Correction | None) -> None:
    if one is not None:
        st.caption(words("verdict.before"))
        st.text(told(words, one))


def _key(subject: Subject) -> str:
    return hashlib.sha256("\0".join(subject.values()).encode()).hexdigest()[:12]


def _number(text: str) -> float | None:
    """The number typed, with or without separators. ValueError where it is none."""
    typed = text.replace(",", "").replace("，", "").strip()
    return float(typed) if typed else None


def forms(desk: Desk, subject: Subject, found: Decisions) -> None:
    """Verdict and, for a cell, correction."""
    form(desk, subject, found)
    if subject["kind"] == "cell":
        correct(desk, subject, found)
