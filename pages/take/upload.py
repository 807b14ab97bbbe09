"""Bring your own reports: read here, seen in this session only."""

import streamlit as st

from dashboard import show
from dashboard.desk import desk
from dashboard.uploads import limits, panel, session

d = desk()
w = d.words
st.title(w("upload.title"), anchor=False)
st.markdown(w("upload.lead"))
show.caveat(d, "sample")
if not limits.allowed():
    st.info(w("upload.off"))
else:
    panel.form(w)
    found = session.own()
    if found is not None:
        panel.understood(w, found, doubt=d.doubt)
with st.expander(w("upload.command")):
    st.caption(w("upload.command_lead"))
    st.code("python -m loaders build FOLDER --out data/own\nOGI_DATA=data/own streamlit run app.py", language="shell")
