"""The code book: measures, applicants, forms, rates, rules and caveats, with a search."""

import streamlit as st

from dashboard import about, downloads, offers, show
from dashboard.desk import desk
from dashboard.take import lists

d = desk()
w = d.words
st.title(w("codebook.title"), anchor=False)
st.markdown(w("codebook.lead"))
show.caveat(d, "sample")
names = {"": w("filter.all")} | {kind: w(f"codebook.{kind}") for kind in about.CLASSES}
kind = st.segmented_control(
    w("codebook.class"), list(names), format_func=lambda k: names[k], default="", required=True, key="codebook.class"
)
wanted = st.text_input(w("codebook.search"), key="codebook.search", placeholder=w("codebook.search_help"), max_chars=60)
found = about.names(w, wanted, kind or "")
st.caption(w("codebook.found", n=len(found)))
if len(found):
    st.dataframe(found, hide_index=True, height=560, key="codebook.table", alt=w("codebook.title"))
offers.offer(d, "codebook", downloads.entries(), lists.codebook, formats=("csv", "xlsx"))
