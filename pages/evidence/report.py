"""One report: its identity, its tables as printed, and the passage behind the chosen cell."""

import streamlit as st

from dashboard import evidence, reader, show
from dashboard.desk import desk

d = desk()
st.title(d.words("report.title"), anchor=False)
st.markdown(d.words("report.lead"))
show.caveat(d, "sample")
report = reader.choose(d)
if report is not None:
    facts = evidence.facts_of(d.data, report)
    chosen = reader.place()
    reader.identity(d, report)
    reader.cell(d, report, facts, chosen)
    reader.tables(d, report, facts, chosen)
