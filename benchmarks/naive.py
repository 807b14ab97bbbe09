"""The peer of the sessions benchmark: the page of requests as one would write it at first, with pandas and px.

Tables are read once and held in memory; everything else is worked out at every run. It has no doubts, no basis, no
passages and no downloads.
"""

import os
from pathlib import Path

import pandas as pd
import plotly.express as px
import streamlit as st

FLOW = ("received", "carried_in", "handled", "carried_out")


@st.cache_resource
def cells() -> pd.DataFrame:
    """The cells of all reports with year, level and province."""
    home = Path(os.environ["OGI_DATA"])
    version = home / (home / "CURRENT").read_text(encoding="utf-8").strip()
    facts = pd.read_parquet(version / "facts.parquet", columns=["report_id", "code", "applicant", "state", "value"])
    keys = ["report_id", "report_year", "agency_level", "province_code", "form"]
    return facts.merge(pd.read_parquet(version / "reports.parquet", columns=keys), on="report_id")


def chart(rows: pd.DataFrame, colour: str, title: str) -> None:
    """Totals by group as bars, with their table."""
    table = rows.groupby([by, colour], as_index=False, observed=True)["value"].sum()
    st.plotly_chart(px.bar(table, x=by, y="value", color=colour, title=title), key=title)
    with st.expander(title):
        st.dataframe(table)


facts = cells()
asked = st.query_params.to_dict()
by = {"level": "agency_level", "province": "province_code", "form": "form"}.get(asked.get("by", ""), "report_year")
year = st.sidebar.multiselect("year", sorted(facts["report_year"].dropna().unique()))
if asked.get("year"):
    facts = facts[facts["report_year"] == int(asked["year"])]
st.sidebar.multiselect("province", sorted(facts["province_code"].dropna().unique()))
numbers = facts[facts["state"] == "number"]
whole = numbers[numbers["applicant"] == "total"]
chart(whole[whole["code"].isin(FLOW)], "code", "flow")
chart(whole[whole["code"] == "received"], "code", "received")
chart(whole[whole["code"].str.startswith("outcome.")], "code", "outcomes")
chart(whole[whole["code"].str.contains("withheld|unavailable|unprocessed")], "code", "reasons")
chart(numbers[(numbers["code"] == "received") & (numbers["applicant"] != "total")], "applicant", "applicants")
done = whole[whole["code"].isin(("handled", "received"))]
chart(done, "code", "handled")
