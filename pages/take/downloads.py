"""Downloads: what is filtered is what is downloaded."""

import streamlit as st

from dashboard import downloads, show
from dashboard.desk import desk

d = desk()
if show.opened(d, "downloads"):
    w = d.words
    facts = downloads.count(d.data, d.reports)
    st.markdown(w("downloads.selection", reports=f"{len(d.reports):,}", facts=f"{facts:,}"))
    show.offer(d, "facts", facts, lambda: downloads.facts(d.data, d.reports))
    show.offer(d, "panel", len(d.reports), lambda: downloads.panel(d.data, d.reports))
    show.offer(d, "states", len(d.reports), lambda: downloads.panel(d.data, d.reports, "state"))
    show.offer(d, "reports", len(d.reports), lambda: downloads.reports(d.data, d.reports))
    show.offer(d, "codebook", len(downloads.codebook()), downloads.codebook)
