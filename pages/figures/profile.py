"""Agency profile: one agency's years side by side, its rates beside its peers', its findings and sources."""

from dataclasses import replace

from dashboard import profile, show
from dashboard.desk import choose, desk
from dashboard.selection import Selection
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "profile"):
    agency = profile.choice(d)
    if agency is not None:
        own = profile.of(d, agency)
        everything = replace(d, selection=Selection(), reports=choose(d.data, Selection()))
        sentences.top(own, "profile")
        profile.head(own)
        profile.years(own)
        profile.rates(own, everything)
        profile.findings(own)
