"""Reconsideration and litigation: cases by result, and how often the agency was corrected."""

from codebook.terms import indicators
from dashboard import panels, queries, show
from dashboard.desk import desk

d = desk()
if show.opened(d, "review"):
    w = d.words
    by = show.by(d, "review", queries.BY)

    cells = d.cells(queries.items("reconsideration.*", "suit_direct.*", "suit_after.*"))
    panels.remedies(d, "review", cells, by, "reconsideration", notes=("review", "review_blank"))
    panels.remedies(d, "review", cells, by, "suit_direct")
    panels.remedies(d, "review", cells, by, "suit_after", notes=("review",))

    handled = d.cells(queries.items("handled", applicant="total"))
    known = [i for i in indicators().values() if i.id.startswith(("review", "suit"))]
    panels.rates(d, "review-rates", (cells, handled), by, known, w("review.rates"), notes=("small",))
