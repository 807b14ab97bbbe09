"""Findings: what fails where, how many reports are free of it, each finding with its cells, and what awaits a look."""

import streamlit as st

from dashboard import findings, queues, show, suggested
from dashboard.desk import desk
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "findings"):
    w, top = d.words, st.container()
    names = {one: w.value("severity", one) for one in findings.SEVERITIES} | {"all": w("filter.all")}
    severity = show.pick(d, "severity", findings.SHOWN, "all", w("report.severity"), names, "findings")
    by = show.by(d, "findings", findings.BY, "rule")

    found = d.listed(("findings.rows", severity), lambda: findings.rows(d, severity))
    with top:
        sentences.findings(d, found, severity)
    findings.overview(d, found, severity, by)
    findings.spread(d, found, severity)

    rules = {one: findings.rule(w, one) for one in found["check_id"].unique()} | {findings.ALL: w("filter.all")}
    st.subheader(w("findings.each"), anchor=False)
    rule = show.choose(d, "rule", [findings.ALL, *sorted(set(rules) - {findings.ALL})], w("filter.rule"), rules)
    some = found if rule == findings.ALL else found[found["check_id"] == rule]
    listed = d.listed(("findings.list", severity, rule), lambda: findings.listing(d, some))
    show.rows(d, "findings-list", listed, w("overview.findings", n=len(some)))

    proposed = suggested.of(d.data, d.reports.index)
    if len(proposed):
        st.subheader(w("suggest.title"), anchor=False)
        st.caption(w("suggest.lead"))
        show.rows(
            d, "suggestions", suggested.listing(d, proposed), w("suggest.count", n=int(proposed["place"].nunique()))
        )

    queues.board(d)
