"""Application outcomes: what came in, how it was answered, who asked."""

from dashboard import panels, queries, rates, show, trends
from dashboard.desk import desk
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "outcomes"):
    sentences.top(d, "outcomes")
    w = d.words
    by = show.by(d, "outcomes", queries.BY)

    flow = queries.items("received", "carried_in", "handled", "carried_out", applicant="total")
    panels.totals(d, "outcomes-flow", flow, by, w("outcomes.flow"), notes=("double",))
    trends.panel(d, "outcomes", by, notes=("double",))

    answers = [(code, "total") for code in (*queries.codes_of_outcome(), "handled")]
    panels.shares(d, "outcomes-shares", answers, by, w("outcomes.shares"), notes=("closing", "other_forms"))

    reasons = queries.items("withheld.*", "unavailable.*", "unprocessed.*", "other", "other.*", applicant="total")
    panels.reasons(d, "outcomes-reasons", reasons, w("outcomes.reasons"), notes=("other_forms",))

    asked = [("received", applicant) for applicant in queries.APPLICANTS]
    panels.applicants(d, "outcomes-applicants", asked, by, w("outcomes.applicants"), notes=("applicants",))

    rates.panel(d, "outcomes", by, w("outcomes.rates"))
