"""What stands around every page: menu, header, filters, and the desk that the page works at."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from dashboard import address, data, filters, finder
from dashboard.asking import GoneError
from dashboard.desk import Desk, choose, lay
from dashboard.kept import move_on
from dashboard.theme import IMAGES
from dashboard.uploads import session
from dashboard.words import LANGUAGES, Words

PAGES = Path(__file__).resolve().parents[1] / "pages"
STYLE = Path(__file__).with_name("style.css")
MENU = {
    "figures": ("overview", "volume", "procurement", "outcomes", "review", "profile", "compare"),
    "evidence": ("coverage", "regions", "report", "findings", "labels"),
    "take": ("downloads", "upload", "codebook", "methods", "cite"),
}


def show() -> None:
    """One run of the app: router, header, filters, page."""
    words = Words(address.language())
    st.set_page_config(page_title=words("frame.product"), page_icon="📄", layout="wide")
    brought = address.adopt()
    if brought is not None:
        filters.restore(brought)
    page = st.navigation(_menu(words), expanded=True)
    st.html(STYLE)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(f"**{words('frame.product')}**  ·  {words('frame.tagline')}", width="content")
        _language(words)
    try:
        dataset = session.shown() or _published()
    except data.DamagedError as damage:
        st.error(words(damage.key, **damage.values))
        return
    if dataset.damage is not None:
        st.error(words(dataset.damage.key, **dataset.damage.values))
        st.warning(words("data.instead", version=dataset.version))
    with st.sidebar:
        finder.box(dataset, words)
        selection = filters.bar(dataset, words)
        st.segmented_control(
            words("frame.image"), IMAGES, format_func=str.upper, key="image", default=IMAGES[0], required=True
        )
    _write(words, selection.params(), brought or {})
    _notices(words, dataset, filters.strangers(dataset.reports, selection))
    switches = (bool(st.session_state[name]) for name in filters.SWITCHES)
    lay(Desk(dataset, selection, words, choose(dataset, selection), *switches))
    try:
        page.run()
    except GoneError:  # newer versions came while this page was made: it is made again, with the current one
        st.rerun()
    _foot(words, dataset)


def _published() -> data.Dataset:
    """What all readers see; nothing is kept of the version that it takes the place of. Raises DamagedError."""
    found = data.load(data.home())
    move_on(found)
    return found


def _menu(words: Words) -> dict[str, list[st.Page]]:
    return {
        words(f"menu.{section}"): [
            st.Page(PAGES / section / f"{stem}.py", title=words(f"{stem}.title"), default=stem == "overview")
            for stem in stems
        ]
        for section, stems in MENU.items()
    }


def _language(words: Words) -> None:
    st.session_state["lang"] = words.lang
    names = {"zh": "中文", "en": "English"}
    st.segmented_control(
        words("frame.language"),
        LANGUAGES,
        format_func=names.__getitem__,
        key="lang",
        required=True,
        label_visibility="collapsed",
        on_change=_speak,
    )


def _speak() -> None:
    """The address decides the language: a click goes there first."""
    if st.session_state["lang"] == address.usual_language():
        st.query_params.pop("lang", None)
    else:
        st.query_params["lang"] = st.session_state["lang"]


def _write(words: Words, params: address.Params, brought: address.Params) -> None:
    switches = {name: ["1"] if st.session_state[name] else [] for name in filters.SWITCHES}
    address.write({"lang": [] if words.lang == address.usual_language() else [words.lang], **params, **switches})


def _notices(words: Words, dataset: data.Dataset, strangers: dict[str, list[str]]) -> None:
    for name, keys in strangers.items():
        st.warning(words("filter.strangers", name=words(f"filter.{name}"), keys=_plain("、".join(keys))))
    asked = next(iter(address.read(("version",)).get("version", [])), dataset.version)
    if asked != dataset.version:
        st.warning(words("frame.version", asked=_plain(asked), version=dataset.version))
    spoken = next(iter(address.read(("lang",)).get("lang", [])), words.lang)
    if spoken not in LANGUAGES:
        st.warning(words("frame.unknown_value", key="lang", value=_plain(spoken)))
    if dataset.private:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(words("upload.shown", n=len(dataset.reports)))
            st.button(words("upload.back"), on_click=session.show_mine, args=(False,), key="upload.back")
    if dataset.synthetic:
        st.info(words("frame.synthetic", n=dataset.synthetic))


def _plain(text: str) -> str:
    """Text for a sentence that is set as Markdown: letters, digits and a few signs; the rest becomes a dot."""
    return "".join(c if c.isalnum() or c in "、，。 -" else "·" for c in text)


def _foot(words: Words, dataset: data.Dataset) -> None:
    st.divider()
    if contact := os.environ.get("OGI_CONTACT", "").strip():
        st.text(words("frame.contact", contact=contact))
    if dataset.private:
        st.caption(words("upload.no_link", version=dataset.version))
        return
    st.caption(words("frame.foot", version=dataset.version, codebook=dataset.manifest.get("codebook_version", "")))
    with st.popover(words("frame.permalink"), type="tertiary"):
        st.caption(words("frame.permalink_help"))
        st.code(address.permalink(dataset.version, words.lang), language=None, wrap_lines=True)
