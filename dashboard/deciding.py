"""Where decisions made on a page go: into the files that the next build reads, or into the reader's hands.

OGI_DESK says what a page may write. Nothing set: nothing, decisions of the visit are handed out as files, as a page
on the open web must do. "1": into the decisions folder. "codebook": wordings into the codebook's own aliases.csv,
the rest into that folder. A folder that cannot be written is no error: the decision stays in the visit's files.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import streamlit as st

import codebook
from codebook import deciding, decisions
from codebook.decisions import FILES, Alias, BadDecision, Correction, Decision, Decisions, Place, Verdict
from dashboard.words import Words

VARIABLE, MODES = "OGI_DESK", ("1", "codebook")
CODEBOOK = Path(codebook.__file__).parent
BASKET, NOTE, AUTHOR = "decide.basket", "decide.note", "decide.author"
LONGEST_NAME, LONGEST_REASON = 60, 600


class Make(Protocol):
    """Makes a decision of who, when and why. Raises ValueError where it cannot be meant."""

    def __call__(self, *, reason: str, author: str, date: str) -> Decision: ...


def writes() -> bool:
    """Whether the operator lets pages write decisions."""
    return os.environ.get(VARIABLE, "") in MODES


def kept(words: Words) -> Decisions:
    """All decisions so far, those of this visit last; a file that cannot be read is told, and counts as empty."""
    basket: list[Decision] = st.session_state.get(BASKET, [])
    try:
        home, own = decisions.home(), CODEBOOK / FILES[Alias]
        found = decisions.read([home] if home.exists() else [])
        book = [one for one in decisions.parse(own.read_bytes(), own.name, signed=False) if one.author]
    except (BadDecision, OSError) as error:
        st.error(words("decide.bad_file"))
        st.text(str(error))
        found, book = Decisions(), []
    return Decisions(
        tuple(one for one in (*book, *found.aliases, *basket) if isinstance(one, Alias)),
        tuple(one for one in (*found.verdicts, *basket) if isinstance(one, Verdict)),
        tuple(one for one in (*found.corrections, *basket) if isinstance(one, Correction)),
        tuple(one for one in (*found.places, *basket) if isinstance(one, Place)),
    )


def signature(words: Words, key: str) -> tuple[str, str]:
    """Who decides, and why, as typed."""
    author = st.text_input(
        words("decide.author"), st.session_state.get(AUTHOR, ""), max_chars=LONGEST_NAME, key=f"{key}.author"
    )
    reason = st.text_area(words("decide.reason"), max_chars=LONGEST_REASON, height=80, key=f"{key}.reason")
    return author.strip(), reason.strip()


def decide(words: Words, make: Make, author: str, reason: str) -> None:
    """Take a decision where it is signed, and run the page again; else say what is missing."""
    if not (author and reason):
        st.warning(words("decide.unsigned"))
        return
    st.session_state[AUTHOR] = author
    try:
        today = datetime.now(UTC).astimezone().date().isoformat()
        one = make(reason=reason, author=author, date=today)
        decisions.parse(deciding.text([one], type(one)).encode(), FILES[type(one)])
    except ValueError as error:
        st.warning(words("decide.refused"))
        st.text(str(error))
        return
    st.session_state[NOTE] = _take(one)
    st.rerun()


def _take(one: Decision) -> tuple[str, str]:
    """Write a decision, or keep it for this visit; the sentence that says which, and a detail."""
    if writes():
        aside = isinstance(one, Alias) and os.environ[VARIABLE] == "codebook"
        try:
            return "decide.written", deciding.append(CODEBOOK if aside else decisions.home(), one).name
        except BadDecision as error:
            return "decide.bad_file", str(error)
        except OSError as error:
            _put(one)
            return "decide.unwritable", error.strerror or str(error)
    _put(one)
    return "decide.collected", ""


def _put(one: Decision) -> None:
    st.session_state[BASKET] = [*st.session_state.get(BASKET, []), one]


def opened(words: Words) -> Decisions:
    """What a page of decisions begins with: where they go, what became of the last one, and the files. All so far."""
    st.caption(words("decide.writes" if writes() else "decide.read_only"))
    told = st.session_state.pop(NOTE, None)
    if told is not None:
        key, detail = told
        (st.success if key in ("decide.written", "decide.collected") else st.warning)(words(key))
        if detail:
            st.text(detail)
    found = kept(words)
    _files(
        words,
        {Alias: found.aliases, Verdict: found.verdicts, Correction: found.corrections, Place: found.places},
    )
    return found


def _files(words: Words, rows: dict[type[Decision], Sequence[Decision]]) -> None:
    """All decisions as the files that a build takes with --decisions."""
    count = sum(map(len, rows.values()))
    with st.expander(words("decide.files", n=count), expanded=bool(st.session_state.get(BASKET))):
        st.caption(words("decide.files_lead"))
        for kind, some in rows.items():
            if some:
                st.download_button(
                    f"{FILES[kind]} ({len(some)})",
                    data=("\ufeff" + deciding.text(some, kind)).encode(),
                    file_name=FILES[kind],
                    mime="text/csv",
                    on_click="ignore",
                    key=f"decide.{FILES[kind]}",
                )
