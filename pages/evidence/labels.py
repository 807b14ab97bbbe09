"""Label review: printed labels that no form knows, what they were taken for, and what they are."""

import streamlit as st

from dashboard import deciding, labels, offers, show
from dashboard.desk import desk
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "labels"):
    sentences.top(d, "labels")
    w = d.words
    found = deciding.opened(w)

    rows = labels.queue(d.data, found)
    counts = {shown: len(labels.part(rows, shown)) for shown in labels.SHOWN}
    names = {shown: w(f"labels.{shown}", n=n) for shown, n in counts.items()}
    shown = show.pick(d, "show", labels.SHOWN, "open", w("labels.show"), names, "labels")
    rows = labels.part(rows, shown)

    if rows.empty:
        st.info(w("labels.none"))
    else:
        table = labels.listing(d, rows)
        st.dataframe(table, hide_index=True, key="labels.table", alt=w("labels.title"))
        offers.save(d, "labels", lambda: table)

        chosen = labels.choose(d, rows)
        left, right = st.columns(2)
        with left:
            st.subheader(w("labels.context"), anchor=False)
            labels.examples(d, chosen)
        with right:
            st.subheader(w("labels.decide"), anchor=False)
            labels.form(d, chosen)
