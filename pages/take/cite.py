"""How to cite: GB/T 7714 and BibTeX with version, day and address."""

import streamlit as st

from codebook.citation import Cited, bibtex, gbt7714, work
from dashboard import address, show
from dashboard.desk import desk
from dashboard.take.slip import today

d = desk()
w = d.words
st.title(w("cite.title"), anchor=False)
st.markdown(w("cite.lead"))
show.caveat(d, "sample")
if d.data.private:
    st.info(w("slip.private"))
else:
    if d.data.synthetic:
        st.warning(w("frame.synthetic", n=d.data.synthetic))
    one = Cited(d.data.version, today(), address.site(d.data.version))
    st.subheader("GB/T 7714", anchor=False)
    st.code(gbt7714(one), language=None, wrap_lines=True)
    st.subheader("BibTeX", anchor=False)
    st.code(bibtex(one), language="latex", wrap_lines=True)
    st.subheader(w("cite.version"), anchor=False)
    st.markdown(w("cite.version_lead", version=d.data.version, reports=f"{len(d.data.reports):,}"))
    st.subheader(w("cite.view"), anchor=False)
    st.markdown(w("cite.view_lead"))
st.subheader(w("slip.terms"), anchor=False)
st.markdown(work()[f"terms_{w.lang}"])
