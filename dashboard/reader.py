"""The page of one report, part by part: choosing it, its identity, the chosen cell with its passage, its tables."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from codebook import book
from codebook.listing import forms_with
from dashboard import address, deciding, evidence, passage, suggested, verdicts
from dashboard.desk import Desk
from dashboard.evidence import Place, Sheet
from dashboard.regions import UNKNOWN


def choose(desk: Desk) -> str | None:
    """The report that the reader or the link names; None where the link's is unknown or nothing is selected."""
    w, known = desk.words, list(desk.reports.index)
    asked = next(iter(address.read(("report",)).get("report", [])), "")
    if asked and asked not in desk.data.reports.index:
        st.warning(w("report.stranger", id="".join(c for c in asked if c.isalnum())))
    elif asked and asked not in desk.reports.index:
        known.insert(0, asked)
        st.caption(w("report.outside"))
    if not known:
        st.info(w("empty.selection", n=len(desk.data.reports)))
        return None
    names = desk.data.reports.loc[known]
    labels = {r: f"{a} · {year(desk, y)}" for r, a, y in zip(known, names["shown_key"], names["year_key"], strict=True)}
    stranger = bool(asked) and asked not in known
    # A link to a report that is not here must not show another one in its stead.
    st.session_state["report.id"] = None if stranger else address.choice("report", known, known[0])
    chosen: str | None = st.selectbox(
        w("report.choose"), known, format_func=labels.__getitem__, key="report.id", on_change=_switch
    )
    if chosen is not None:
        address.keep("report", chosen)
    return chosen


def year(desk: Desk, key: str) -> str:
    """The year of a report in words where it is unknown."""
    return desk.words("filter.unknown") if key == UNKNOWN else key


def _switch() -> None:
    st.query_params["report"] = st.session_state["report.id"]


def place() -> Place | None:
    """The cell that the address names."""
    asked = address.read(("code", "applicant"))
    return (asked["code"][0], asked.get("applicant", [""])[0]) if "code" in asked else None


def identity(desk: Desk, report: str) -> None:
    """Title, one line of who and when, and all evidence on request."""
    row: Any = desk.data.reports.loc[report]
    title = row["title"] if isinstance(row["title"], str) and row["title"] else row["shown_key"]
    st.html(passage.heading(title))
    where = " ".join(dict.fromkeys(str(row[c]) for c in ("province", "city", "county") if isinstance(row[c], str)))
    parts = [row["shown_key"], where, desk.words.form(row["form"]), desk.words.value("status", row["status"])]
    st.text(" · ".join(part for part in parts if part))
    with st.expander(desk.words("report.identity")):
        st.dataframe(evidence.identity(row, desk.words), hide_index=True)


def cell(desk: Desk, report: str, facts: dict[Place, pd.Series[Any]], chosen: Place | None) -> None:
    """The chosen cell: what was read, how, and the passage it stands in."""
    w = desk.words
    st.subheader(w("report.cell"), anchor=False)
    if chosen is None:
        st.caption(w("report.no_cell"))
        return
    fact = facts.get(chosen, facts.get((chosen[0], "total" if not chosen[1] else "")))
    if fact is None:
        forms = forms_with(chosen[0])
        known = chosen[0] in book().measures
        st.text(" · ".join(filter(None, [w.measure(chosen[0]), w.applicant(chosen[1])])) if known else "")
        absent = forms and desk.data.reports.loc[report, "form"] not in forms
        st.info(w("report.no_code") if not known else w("report.off_form") if absent else w("report.no_fact"))
        return
    left, right = st.columns(2)
    left.html(passage.listing([*evidence.about(chosen, fact, w), *verdicts.published(desk, report, fact)]))
    with right:
        st.caption(w("report.passage"))
        passage_of(desk, report, fact)
    with st.popover(w("decide.title"), type="tertiary"):
        sha256 = str(desk.data.reports.loc[report].get("source_sha256"))
        verdicts.forms(desk, verdicts.of_cell(sha256, fact), deciding.opened(w))


def passage_of(desk: Desk, report: str, fact: pd.Series[Any]) -> None:
    """The passage that a cell stands in, marked, or why there is none."""
    text = desk.data.source(report)
    start, end = fact.get("start"), fact.get("end")
    if text is None:
        st.info(desk.words("report.no_source"))
    elif start is None or end is None or pd.isna(start) or pd.isna(end):
        st.info(desk.words("report.no_passage"))
    else:
        try:
            st.html(passage.marked(text, int(start), int(end)))
        except ValueError:
            st.warning(desk.words("report.bad_span"))


def tables(desk: Desk, report: str, facts: dict[Place, pd.Series[Any]], chosen: Place | None) -> None:
    """The report's tables in tabs by section, then prose and findings; the tab of the chosen cell is open."""
    w = desk.words
    sheets = evidence.sheets(desk.data, report, str(desk.data.reports.loc[report, "form"]), facts, w)
    found = evidence.findings(desk.data, report, w)
    sections = {
        name: w("report.proactive") if name == "proactive" else w.table(name)
        for name in dict.fromkeys(section(sheet.table) for sheet in sheets)
    }
    names = sections | {"narrative": w("report.narrative"), "findings": w("report.findings", n=len(found))}
    tabs = dict(zip(names, st.tabs(list(names.values()), default=names[_opened(sheets, chosen)]), strict=True))
    for name in sections:
        with tabs[name]:
            for sheet in sheets:
                if section(sheet.table) == name:
                    _sheet(desk, sheet, chosen)
            st.caption(w("report.legend"))
    with tabs["narrative"]:
        _prose(desk, facts)
    with tabs["findings"]:
        _findings(desk, report, found)


def section(table: str) -> str:
    """The tab that a table stands in: proactive disclosure in one, every other table in its own."""
    return table.split(".", maxsplit=1)[0]


def _findings(desk: Desk, report: str, found: pd.DataFrame) -> None:
    """What the checks found, and what would mend the sums that fail."""
    w = desk.words
    if found.empty:
        st.caption(w("report.no_findings"))
    else:
        st.dataframe(found, hide_index=True, key="report.findings", alt=w("findings.title"))
    proposed = suggested.of(desk.data, [report])
    if len(proposed):
        st.markdown(f"**{w('suggest.title')}**")
        st.caption(w("suggest.lead"))
        table = suggested.listing(desk, proposed, of_one=True)
        st.dataframe(table, hide_index=True, key="report.suggestions", alt=w("suggest.title"))


def _opened(sheets: list[Sheet], chosen: Place | None) -> str:
    """The tab of the chosen cell, else the first."""
    if chosen is not None and chosen[0].startswith("narrative."):
        return "narrative"
    held = next((s.table for s in sheets if chosen in s.places.values()), sheets[0].table)
    return section(held)


def _sheet(desk: Desk, sheet: Sheet, chosen: Place | None) -> None:
    w = desk.words
    st.markdown(f"**{w.table(sheet.table)}**")
    if sheet.status != "read":
        st.caption(w.value("table_status", sheet.status))
        if sheet.reason:
            st.text(sheet.reason)
        return
    key = f"report.sheet.{sheet.table}"
    many = len(sheet.cells.columns) > 5
    values = {
        name: st.column_config.TextColumn(alignment="right", width=74 if many else None)
        for name in sheet.cells.columns[1:]
    }
    first = {sheet.cells.columns[0]: st.column_config.TextColumn(width=340 if many else "medium", pinned=True)}
    st.dataframe(
        sheet.styled(chosen),
        hide_index=True,
        key=key,
        column_config=first | values,
        row_height=30,
        height="content" if len(sheet.cells) < 30 else 500,
        on_select=lambda: _pick(key, sheet.places),
        selection_mode="single-cell",
        alt=w.table(sheet.table),
    )


def _prose(desk: Desk, facts: dict[Place, pd.Series[Any]]) -> None:
    frame, places = evidence.prose(facts, desk.words)
    if frame.empty:
        st.caption(desk.words("report.no_prose"))
        return
    where = {(row, str(column)): place for row, place in enumerate(places) for column in frame.columns}
    key = "report.sheet.narrative"
    st.dataframe(frame, hide_index=True, key=key, on_select=lambda: _pick(key, where), selection_mode="single-cell")


def _pick(key: str, places: dict[tuple[int, str], Place]) -> None:
    """A click on a cell goes to the address, which the next run reads."""
    for row, column in st.session_state[key]["selection"]["cells"]:
        if place := places.get((row, column)):
            st.query_params["code"] = place[0]
            if place[1]:
                st.query_params["applicant"] = place[1]
            else:
                st.query_params.pop("applicant", None)
