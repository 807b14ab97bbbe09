"""About the data: how a value is read, what an empty cell means, units, doubts, and the story of the forms."""

import streamlit as st

from codebook.terms import notes
from dashboard import about
from dashboard.desk import desk

d = desk()
w = d.words
st.title(w("methods.title"), anchor=False)
st.markdown(w("methods.lead"))

st.subheader(w("methods.forms"), anchor=False)
st.markdown(w("methods.forms_lead"))
st.dataframe(about.forms(w), hide_index=True, key="methods.forms", alt=w("methods.forms"))
with st.expander(w("methods.changes")):
    st.caption(w("methods.changes_lead"))
    st.dataframe(about.changes(w), hide_index=True, key="methods.changes", alt=w("methods.changes"))

st.subheader(w("methods.reading"), anchor=False)
st.markdown(w("methods.reading_lead"))

st.subheader(w("methods.empty"), anchor=False)
st.markdown(w("methods.empty_lead"))
st.dataframe(about.empties(w), hide_index=True, key="methods.empty", alt=w("methods.empty"))

st.subheader(w("methods.units"), anchor=False)
st.markdown(w("methods.units_lead"))
st.dataframe(about.grades(w), hide_index=True, key="methods.units", alt=w("methods.units"))

st.subheader(w("methods.doubts"), anchor=False)
counts = d.data.facts.counts.sum()
st.markdown(w("methods.doubts_lead", n=f"{int(counts['doubted']):,}", N=f"{int(counts['cells']):,}"))

st.subheader(w("methods.caveats"), anchor=False)
for topic in notes():
    st.caption(w.note(topic))
