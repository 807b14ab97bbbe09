"""Coverage: which reports the sample holds, and which tables of each were read."""

from dashboard import coverage, panels, show
from dashboard.desk import desk
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "coverage"):
    sentences.top(d, "coverage")
    w = d.words
    panels.tiles(d.once(("coverage.holdings",), lambda: coverage.holdings(d)), width=150)

    by = show.by(d, "coverage", coverage.BY)
    coverage.by_group(d, by)
    coverage.by_table(d)
    coverage.places(d)
    coverage.agencies(d)

    reports = d.listed(("coverage.listed",), lambda: coverage.listed(d))
    show.listing(d, "coverage-reports", reports, w("coverage.list", n=len(reports)))
