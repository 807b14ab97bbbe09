"""Results that are kept between runs: with all readers for published data, with one session for a visitor's own.

What is kept of a version goes when a newer one takes its place.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from pathlib import Path
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from dashboard.data import Dataset

More = ParamSpec("More")
Found = TypeVar("Found")
Question = Callable[Concatenate[Dataset, More], Found]

_shared: list[Callable[[], None]] = []  # what empties each store that all readers share
_newest: dict[Path, str] = {}  # folder of versions → the version that was shown last
_turn = Lock()


def kept(most: int) -> Callable[[Question[More, Found]], Question[More, Found]]:
    """Keep the `most` latest answers of a function of a data set; its first parameter is called `_data`, and version
    and folder of the data are among the others, which are plain values, told apart by their repr, save those called
    `_…`. What a visitor brought never lies where another session looks."""

    def wrap(ask: Question[More, Found]) -> Question[More, Found]:
        counts = [not name.startswith("_") for name in list(signature(ask).parameters)[1:]]

        def asked(_data: Dataset, key: str, _more: tuple[Any, ...]) -> Found:
            return ask(_data, *_more)  # type: ignore[call-arg]

        # The store goes by these names. One text as key: Streamlit looks up each parameter anew at every question.
        asked.__module__, asked.__qualname__ = ask.__module__, ask.__qualname__
        shared = st.cache_resource(max_entries=most, show_spinner=False)(asked)
        _shared.append(shared.clear)
        own = st.cache_resource(max_entries=most, show_spinner=False, scope="session")(asked)

        def answer(data: Dataset, /, *more: More.args, **_: More.kwargs) -> Found:
            key = repr(tuple(one for one, told in zip(more, counts, strict=True) if told))
            return (own if data.private else shared)(data, key, more)

        return answer

    return wrap


def move_on(data: Dataset) -> None:
    """Forget what is kept of other versions where this one is the first reader's sight of a new one."""
    with _turn:
        before = _newest.get(data.folder.parent)
        _newest[data.folder.parent] = data.version
    if before not in (None, data.version):
        for clear in _shared:
            clear()
