"""What the data holds, what it lacks, and its headline figures."""

import streamlit as st

from dashboard import coverage, panels, places, queries, rates, show, summary
from dashboard.desk import desk
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "overview"):
    sentences.top(d, "overview")
    w = d.words
    panels.tiles(d.once(("overview.holdings",), lambda: summary.holdings(d)))

    st.subheader(w("overview.headline"), anchor=False)
    st.caption(w("overview.headline_lead"))
    panels.tiles(d.once(("overview.headline",), lambda: summary.headline(d)), width=230)
    show.caveat(d, "double")

    places.atlas(d)

    coverage.by_group(d, "year")
    st.page_link("pages/evidence/coverage.py", label=w("overview.to_coverage"))

    by = show.by(d, "overview", queries.BY)
    rates.panel(d, "overview", by, w("overview.rates"))

    reports = d.listed(("overview.reports",), lambda: summary.reports(d))
    show.listing(d, "reports", reports, w("overview.list", n=len(reports)))
    refused = d.listed(("overview.refused",), lambda: summary.refused(d))
    show.listing(d, "refused", refused, w("overview.refused_tables", n=len(refused)))
    quarantine = d.listed(("overview.quarantine",), lambda: summary.quarantine(d))
    show.listing(d, "quarantine", quarantine, w("overview.quarantine", n=len(quarantine)))
    findings = d.listed(("overview.findings",), lambda: summary.findings(d))
    show.listing(d, "findings", findings, w("overview.findings", n=len(findings)))
