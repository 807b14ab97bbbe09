"""Reconsideration and litigation: cases by result, and how often the agency was corrected."""

from dashboard import panels, queries, rates, show
from dashboard.desk import desk
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "review"):
    sentences.top(d, "review")
    w = d.words
    by = show.by(d, "review", queries.BY)

    cases = queries.items("reconsideration.*", "suit_direct.*", "suit_after.*")
    panels.remedies(d, "review", cases, by, "reconsideration", notes=("review", "review_blank"))
    panels.remedies(d, "review", cases, by, "suit_direct")
    panels.remedies(d, "review", cases, by, "suit_after", notes=("review",))

    rates.panel(d, "review", by, w("review.rates"))
