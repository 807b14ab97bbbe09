"""The label review: labels of documents that the codebook does not have, what they were taken for, and deciding it."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import streamlit as st

from codebook import book
from codebook.decisions import NO_NAME, Alias, Decisions, keys
from dashboard import address, deciding, passage, show
from dashboard.charts import records
from dashboard.data import Dataset
from dashboard.desk import Desk, link
from dashboard.words import Words

SHOWN = ("open", "decided", "all")
ACTIONS = ("accept", "assign", "reject")
EXAMPLES = 3  # passages on screen; all reports are listed
LABEL = ["scope", "axis", "label_raw"]


def queue(data: Dataset, found: Decisions) -> pd.DataFrame:
    """One row a label that is or was to be decided: where, how it was read, the best two proposals, how many reports
    print it, the decision in the data (`decision`) and the last one of all (`key`; None where there is none)."""
    labels = data.labels[data.labels["axis"].isin(("row", "column"))]
    seen = pd.MultiIndex.from_frame(data.sightings[LABEL].drop_duplicates())
    wanted = pd.MultiIndex.from_frame(labels[LABEL]).isin(seen) | labels["decision"].notna()
    rows = labels[wanted].sort_values("score", ascending=False, kind="stable")
    rows = rows.assign(
        reports=rows.groupby(LABEL)["reports"].transform("sum"),
        forms=rows.groupby(LABEL)["form"].transform(lambda some: " ".join(sorted(set(some)))),
    ).drop_duplicates(LABEL)
    last = {(one.table, one.axis, one.alias): one for one in found.aliases}
    decided = [last.get(place) for place in rows[LABEL].itertuples(index=False, name=None)]
    return rows.assign(
        id=[_id(*place) for place in rows[LABEL].itertuples(index=False, name=None)],
        proposed=rows["code"].where(rows["code"] != "", rows["runner_up"]),
        second=rows["runner_up"].where(rows["code"] != "", ""),
        key=pd.Series([None if one is None else one.key for one in decided], index=rows.index, dtype="object"),
        who=["" if one is None else f"{one.author} {one.date}" for one in decided],
        why=["" if one is None else one.reason for one in decided],
    ).reset_index(drop=True)


def _id(scope: str, axis: str, raw: str) -> str:
    return hashlib.sha256(f"{scope}\0{axis}\0{raw}".encode()).hexdigest()[:10]


def part(rows: pd.DataFrame, shown: str) -> pd.DataFrame:
    """The labels that are open, or decided; all of them else."""
    decided = rows["key"].notna() | rows["decision"].notna()
    return rows if shown == "all" else rows[decided if shown == "decided" else ~decided]


def listing(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """The labels for the screen."""
    w = desk.words
    named = [(row.scope, row.axis) for row in records(rows)]
    out = pd.DataFrame(
        {
            w("labels.label"): rows["label_raw"],
            w("table.table"): [w.table(scope) for scope in rows["scope"]],
            w("labels.axis"): [w.value("axis", axis) for axis in rows["axis"]],
            w("labels.match"): [w.value("match", match) for match in rows["match"]],
            w("labels.proposed"): [name(s, a, k) for (s, a), k in zip(named, rows["proposed"], strict=True)],
            w("labels.score"): rows["score"],
            w("labels.second"): [name(s, a, k) for (s, a), k in zip(named, rows["second"], strict=True)],
            w("labels.second_score"): rows["runner_up_score"],
            w("labels.reports"): rows["reports"],
            w("labels.decision"): [decision(w, row) for row in records(rows)],
            w("labels.who"): rows["who"],
            w("decide.reason"): rows["why"],
        }
    )
    return out.loc[:, (out.notna() & (out != "")).any()].reset_index(drop=True)


def name(scope: str, axis: str, key: object) -> str:
    """A row or column as the form prints it, with its key; "" for none."""
    if not isinstance(key, str) or not key:
        return ""
    return f"{'／'.join(keys(scope, axis).get(key, ('',)))} ({key})"


def decision(words: Words, row: Any) -> str:
    """What was decided on a label, and whether the data follows it yet."""
    if not isinstance(row.key, str):
        return words.value("decision", row.decision)
    told = words("labels.rejected") if row.key == NO_NAME else name(row.scope, row.axis, row.key)
    wanted = "rejected" if row.key == NO_NAME else "accepted"
    here = row.decision == wanted and row.key in (NO_NAME, row.code)
    return told if here else f"{told} · {words('decide.next_build')}"


def choose(desk: Desk, rows: pd.DataFrame) -> Any:
    """The label that the reader picks, kept in the address; None where there is none."""
    if rows.empty:
        return None
    known: dict[str, Any] = {row.id: row for row in records(rows)}
    ids = list(known)
    st.session_state["labels.id"] = address.choice("label", ids, ids[0])
    chosen = st.selectbox(
        desk.words("labels.choose"),
        ids,
        format_func=lambda one: f"{known[one].label_raw} · {desk.words.table(known[one].scope)}",
        key="labels.id",
        on_change=_switch,
    )
    address.keep("label", str(chosen))
    return known[str(chosen)]


def _switch() -> None:
    st.query_params["label"] = st.session_state["labels.id"]


def examples(desk: Desk, row: Any) -> None:
    """Where a label stands: the reports with links, and the first passages."""
    w, seen = desk.words, desk.data.sightings
    seen = seen[(seen["scope"] == row.scope) & (seen["axis"] == row.axis) & (seen["label_raw"] == row.label_raw)]
    seen = seen[seen["report_id"].isin(desk.data.reports.index)]
    names = desk.data.reports.loc[seen["report_id"]]
    code = _code(row)
    rows = pd.DataFrame(
        {
            w("table.open"): [link(desk, report, code) for report in seen["report_id"]],
            w("filter.agency"): list(names["shown_key"]),
            w("filter.year"): list(names["year_key"].map(desk.names("year"))),
        }
    )
    show.listing(desk, "labels-reports", rows.drop_duplicates(), w("labels.where", n=seen["report_id"].nunique()))
    for spot in records(seen.head(EXAMPLES)):
        text = desk.data.source(spot.report_id)
        if text is not None and not pd.isna(spot.start):
            st.text(str(desk.data.reports.loc[spot.report_id, "shown_key"]))
            st.html(passage.marked(text, int(spot.start), int(spot.end)))


def _code(row: Any) -> str | None:
    """A cell of the row or column that a label was read as."""
    here = [m for m in book().measures.values() if m.table == row.scope and row.code in (m.row, m.column)]
    return here[0].code if row.code and here else None


def form(desk: Desk, row: Any) -> None:
    """Accept, assign or reject: name and reason are asked for."""
    w, known = desk.words, keys(row.scope, row.axis)
    actions = ACTIONS if isinstance(row.proposed, str) and row.proposed else ACTIONS[1:]
    key = f"labels.{row.id}"
    with st.form(key):
        action = st.radio(
            w("labels.action"),
            actions,
            format_func=lambda one: w(f"labels.{one}"),
            captions=[_caption(w, row, one) for one in actions],
            key=f"{key}.action",
        )
        other = st.selectbox(
            w("labels.other"), list(known), format_func=lambda one: name(row.scope, row.axis, one), key=f"{key}.key"
        )
        author, reason = deciding.signature(w, key)
        sent = st.form_submit_button(w("labels.send"))
    if sent:
        chosen = {"accept": row.proposed, "assign": other, "reject": NO_NAME}[action]
        told = {"table": row.scope, "axis": row.axis, "alias": row.label_raw, "key": chosen}
        deciding.decide(w, lambda **signed: Alias(**told, **signed), author, reason)


def _caption(words: Words, row: Any, action: str) -> str:
    # Labels of the form only: what a document prints never stands in a caption, which is read as Markdown.
    return (
        words("labels.as", name=name(row.scope, row.axis, row.proposed))
        if action == "accept"
        else words(f"labels.{action}_lead")
    )
