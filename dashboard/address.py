"""The page's address: filters, language and page choices as query parameters, and back.

Codes stand in the address, never labels, so that a link means the same in either language. Streamlit's own
`bind=` writes labels, and drops values that equal the default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from dashboard.selection import FILTERS
from dashboard.words import LANGUAGES

FRAME = ("lang", *FILTERS, "doubt", "corrections")
MOST, LONGEST = 50, 60  # values a parameter and characters a value: what a link of ours can hold, and no more
WROTE, PAGE, NOW = "address.wrote", "address.page", "address.now"

Params = dict[str, list[str]]


def read(keys: tuple[str, ...] = FRAME) -> Params:
    """The parameters `keys` that the address has, repeated or separated by commas; cut to a sane size."""
    found: Params = {}
    for key in keys:
        parts = [part.strip() for text in st.query_params.get_all(key) for part in text.split(",")]
        kept = list(dict.fromkeys(part[:LONGEST] for part in parts if part))[:MOST]
        if kept:
            found[key] = kept
    return found


def adopt() -> Params | None:
    """What a link, a bookmark or the Back button brings: the frame's parameters; None where nothing new came.

    Choosing another page drops the parameters from the address; they are kept then, and written again.
    """
    st.session_state[NOW] = {}
    seen = read()
    first = WROTE not in st.session_state
    if first or (seen and seen != st.session_state[WROTE]):
        return seen
    return None


def write(params: Mapping[str, list[str]]) -> None:
    """Put the frame's parameters into the address, beside what the page itself has there."""
    wanted = {key: values for key, values in params.items() if values}
    own = {key: st.query_params.get_all(key) for key in st.query_params if key not in FRAME}
    if read() != wanted:
        st.query_params.from_dict({**wanted, **own})
    st.session_state[WROTE] = wanted


def usual_language() -> str:
    """What an address without a language means: the operator's choice, else Chinese."""
    chosen = os.environ.get("OGI_LANGUAGE", "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def language() -> str:
    """The language of the address, else the one chosen before, else the usual one."""
    asked = read(("lang",)).get("lang", [""])[0]
    return asked if asked in LANGUAGES else str(st.session_state.get("lang", usual_language()))


def choice(key: str, known: list[str], default: str) -> str:
    """The page's own parameter `key` where it is one of `known`, else what was chosen before, else `default`."""
    st.session_state.setdefault(PAGE, {})
    asked = read((key,)).get(key, [""])[0]
    before = st.session_state[PAGE].get(key, default)
    return next((value for value in (asked, before, default) if value in known), known[0] if known else default)


def keep(key: str, value: str, default: str = "") -> None:
    """Write the page's own parameter `key`; a default is left out."""
    st.session_state.setdefault(PAGE, {})[key] = value
    st.session_state[NOW][key] = [value]
    present = st.query_params.get_all(key)
    if value == default or not value:
        if present:
            del st.query_params[key]
    elif present != [value]:
        st.query_params[key] = value


def link(page: str, lang: str, **params: str | None) -> str:
    """A relative address of `page` with `params`; it works below any folder that a server puts us in."""
    query = {"lang": lang} if lang != usual_language() else {}
    return f"{page}?{urlencode({**query, **{k: v for k, v in params.items() if v}})}"


def site(version: str) -> str:
    """The address of the first page, with the data version: where a citation leads."""
    return f"{(st.context.url or '').partition('?')[0].rpartition('/')[0]}/?{urlencode({'version': version})}"


def permalink(version: str, lang: str) -> str:
    """This view with every parameter, defaults too, the data version and the language, as a full address."""
    cell = {key: st.query_params.get_all(key) for key in ("code", "applicant") if "report" in st.session_state[NOW]}
    params: Params = {**st.session_state[WROTE], **st.session_state[NOW], **cell, "lang": [lang], "version": [version]}
    params.setdefault("doubt", ["0"])
    params.setdefault("corrections", ["0"])
    return f"{(st.context.url or '').partition('?')[0]}?{urlencode(params, doseq=True)}"
