"""The page of uploads: what is taken, how far the reading is, what was understood and what was refused."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import numbers, show, summary
from dashboard.data import DamagedError, Dataset
from dashboard.desk import Desk
from dashboard.selection import Selection
from dashboard.uploads import session
from dashboard.uploads.limits import TYPES, aside, granted
from dashboard.uploads.reading import ReadingError
from dashboard.words import Words

STEPS = ("step_store", "step_read", "step_open")
TURN = "uploads.turn"  # a new uploader after each reading: the server lets go of the files


def form(w: Words) -> None:
    """What is taken and where it goes, the files, and the button; then the reading with its steps."""
    most = granted()
    st.markdown(w("upload.limits", each=_mb(most.each), files=most.files, session=_mb(most.session)))
    st.caption(w("upload.kept" if aside() else "upload.private"))
    turn = int(st.session_state.setdefault(TURN, 0))
    chosen = st.file_uploader(
        w("upload.choose"), type=list(TYPES), accept_multiple_files=True, key=f"uploads.files.{turn}"
    )
    asked = st.button(w("upload.read"), type="primary", disabled=not chosen, key="uploads.read")
    if asked and _read(w, [(one.name, one.getvalue()) for one in chosen]):
        st.session_state[TURN] = turn + 1
        st.rerun()


def _mb(size: int) -> str:
    return f"{size // 1_000_000} MB"


def _read(w: Words, files: list[tuple[str, bytes]]) -> bool:
    """Whether it went well; else the page says why."""
    with st.status(w("upload.step_store"), expanded=True) as status:
        begun: list[str] = []

        def tell(step: str, seconds: float) -> None:
            if step not in begun:
                begun.append(step)
                status.caption(f"{len(begun)}/{len(STEPS)} {w(f'upload.{step}')}")
            status.update(label=w("upload.step", step=w(f"upload.{step}"), seconds=f"{seconds:.0f}"))

        try:
            session.take(files, tell)
        except ReadingError as error:
            status.update(label=w("upload.not_read"), state="error")
            st.error(w(error.key, **error.values))
            return False
        except DamagedError as error:
            status.update(label=w("upload.not_read"), state="error")
            st.error(w(error.key, **error.values))
            return False
    return True


def understood(w: Words, data: Dataset, *, doubt: bool) -> None:
    """What this session has: counts, reports, doubts, refused tables, refused files, findings; and what to do with it."""
    desk = Desk(data, Selection(), w, data.reports, doubt)
    st.subheader(w("upload.understood"), anchor=False)
    doubts = data.facts.doubted(data.places(data.reports.index))
    counts = {"reports": len(data.reports), "facts": int(data.facts.counts["cells"].sum()), "doubts": len(doubts)}
    counts |= {"refused": int(data.tables["status"].isin(("incomplete", "absent")).sum())}
    with st.container(horizontal=True):
        for name, number in counts.items():
            st.metric(w(f"overview.{name}"), numbers.exact(number))
        st.metric(w("upload.files_refused"), numbers.exact(len(data.quarantine)))
    with st.container(horizontal=True):
        if len(data.reports):
            mine = session.shown() is not None
            label = w("upload.back" if mine else "upload.use")
            st.button(label, on_click=session.show_mine, args=(not mine,), type="primary", key="uploads.use")
        st.button(w("upload.forget"), on_click=session.forget, key="uploads.forget")
    if len(data.quarantine):
        st.dataframe(summary.quarantine(desk), hide_index=True, key="uploads.quarantine", alt=w("upload.files_refused"))
    if len(data.reports):
        st.dataframe(_reports(desk), hide_index=True, key="uploads.reports", alt=w("overview.reports"))
    refused, findings, doubtful = summary.refused(desk), summary.findings(desk), _doubts(desk, doubts)
    show.listing(desk, "uploads-refused", refused, w("overview.refused_tables", n=len(refused)))
    show.listing(desk, "uploads-doubts", doubtful, w("upload.doubts", n=len(doubtful)))
    show.listing(desk, "uploads-findings", findings, w("overview.findings", n=len(findings)))


def _reports(desk: Desk) -> pd.DataFrame:
    """Each report as it was understood: file, agency, year, form, completeness, cells and doubts."""
    w, rows = desk.words, desk.reports
    counts = desk.data.facts.counts.loc[rows.index]
    return pd.DataFrame(
        {
            w("table.file"): rows["source_name"],
            w("filter.agency"): rows["agency"],
            w("filter.year"): rows["report_year"],
            w("filter.province"): rows["province"],
            w("filter.form"): [w.form(form) for form in rows["form_key"]],
            w("table.status"): [w.value("status", status) for status in rows["status"]],
            w("overview.facts"): counts["cells"],
            w("overview.doubts"): counts["doubted"],
        }
    )


def _doubts(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    w = desk.words
    return pd.DataFrame(
        {
            w("filter.agency"): rows["report_id"].map(desk.reports["shown_key"]),
            w("filter.year"): rows["report_id"].map(desk.reports["year_key"]),
            w("table.item"): [w.measure(code) for code in rows["code"]],
            w("table.raw"): rows["raw"],
            w("table.doubt"): rows["doubt"],
        }
    ).reset_index(drop=True)
