"""Results that are kept between runs: with all readers for published data, with one session for a visitor's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st

from dashboard.data import Dataset

More = ParamSpec("More")
Found = TypeVar("Found")
Question = Callable[Concatenate[Dataset, More], Found]


def kept(most: int) -> Callable[[Question[More, Found]], Question[More, Found]]:
    """Keep the `most` latest answers of a function of a data set; its first parameter is called `_data`, and version
    and folder of the data are among the others. What a visitor brought never lies where another session looks."""

    def wrap(ask: Question[More, Found]) -> Question[More, Found]:
        shared = st.cache_resource(max_entries=most, show_spinner=False)(ask)
        own = st.cache_resource(max_entries=most, show_spinner=False, scope="session")(ask)

        def answer(data: Dataset, /, *more: More.args, **named: More.kwargs) -> Found:
            return (own if data.private else shared)(data, *more, **named)

        return answer

    return wrap
