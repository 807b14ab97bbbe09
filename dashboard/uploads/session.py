"""What this session has uploaded: its room, its data set, and whether the pages show that one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from dashboard import data, filters
from dashboard.data import Dataset
from dashboard.uploads import store
from dashboard.uploads.limits import Limits, aside, granted
from dashboard.uploads.reading import ReadingError, read
from dashboard.uploads.store import Room

ROOM, OWN, MINE = "uploads.room", "uploads.data", "uploads.mine"
Files = Sequence[tuple[str, bytes]]


def own() -> Dataset | None:
    """The data set of this session's uploads; None where it has none."""
    found: Dataset | None = st.session_state.get(OWN)
    return found


def shown() -> Dataset | None:
    """The same where the pages are to show it."""
    return own() if st.session_state.get(MINE) else None


def show_mine(mine: bool) -> None:
    """Let all pages show the uploads, or the published data again."""
    st.session_state[MINE] = mine
    filters.clear()


def refusal(files: Files, limits: Limits) -> ReadingError | None:
    """Why these files are not taken; None where they are."""
    total = sum(len(content) for _, content in files)
    if len(files) > limits.files:
        return ReadingError("upload.too_many", n=len(files), most=limits.files)
    if large := next((name for name, content in files if len(content) > limits.each), None):
        return ReadingError("upload.too_large", name=store.plain(large), most=limits.each // 1_000_000)
    if total > limits.session:
        return ReadingError("upload.too_much", most=limits.session // 1_000_000)
    if store.size(store.root()) + total > limits.everybody:
        return ReadingError("upload.full")
    return None


def take(files: Files, tell: Callable[[str, float], object], limits: Limits | None = None) -> Dataset:
    """Read the files as this session's data set, in place of what it had; `tell` hears the step and its seconds.

    Raises ReadingError; what the session had before is gone then too.
    """
    forget()
    limits = limits or granted()
    if refused := refusal(files, limits):
        raise refused
    room = Room()
    st.session_state[ROOM] = room
    _watched(str(room.folder))
    try:
        tell("step_store", 0.0)
        documents = room.put(files)
        if kept := aside():
            store.put_aside(kept, files, limits.aside)
        version = read(documents, room.folder / "out", lambda seconds: tell("step_read", seconds), limits)
        tell("step_open", 0.0)
        found = data.read(version)
        # The published version holds what is shown; the documents themselves are needed no longer.
        shutil.rmtree(documents, ignore_errors=True)
    except (ReadingError, data.DamagedError):
        forget()
        raise
    st.session_state[OWN] = replace(found, private=True, version=f"own-{found.version}")
    return st.session_state[OWN]  # type: ignore[no-any-return]


def forget() -> None:
    """Delete all that this session uploaded, now."""
    room: Room | None = st.session_state.pop(ROOM, None)
    st.session_state.pop(OWN, None)
    st.session_state.pop(MINE, None)
    if room is not None:
        room.end()


def _gone(folder: str) -> None:
    shutil.rmtree(Path(folder), ignore_errors=True)


@st.cache_resource(scope="session", show_spinner=False, on_release=_gone)
def _watched(folder: str) -> str:
    """Nothing but a name that Streamlit releases when the session ends: the folder goes then, whoever still holds it."""
    return folder
