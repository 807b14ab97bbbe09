"""Downloads: what is filtered is what is downloaded."""

import streamlit as st

from dashboard import downloads, offers, show
from dashboard.desk import desk
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "downloads"):
    sentences.top(d, "downloads")
    w = d.words
    cells = downloads.count(d.data, d.reports)
    st.markdown(w("downloads.selection", reports=f"{len(d.reports):,}", facts=f"{cells:,}"))
    with st.container(horizontal=True):
        missing = st.toggle(w("downloads.missing"), value=True, key="take.missing", help=w("downloads.missing_help"))
        years = st.toggle(w("downloads.years"), value=True, key="take.years", help=w("downloads.years_help"))
        mark = st.toggle(w("downloads.mark"), value=True, key="take.mark", help=w("downloads.mark_help"))
    st.caption(w("downloads.doubt_in" if d.doubt else "downloads.doubt_out"))

    made = downloads.tables(d, missing=missing, years=years)
    rows = downloads.most(d, missing=missing)
    sheets = offers.sheets(made)
    offers.offer(d, "long", rows, made["long"], others=sheets, mark=mark)
    offers.offer(d, "wide", len(d.reports), made["wide"], others=sheets, mark=mark)
    offers.offer(d, "reports", len(d.reports), made["reports"], formats=("csv", "xlsx", "parquet"), mark=mark)
    offers.offer(d, "codebook", downloads.entries(), made["codebook"], formats=("csv", "xlsx"), mark=mark)
    offers.everything(d, made, mark=mark)
