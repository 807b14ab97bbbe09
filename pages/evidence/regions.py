"""Regions: how each report was placed, which ones are ambiguous or unknown, and why."""

from dashboard import deciding, placed, replacing, show
from dashboard.desk import desk
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "regions"):
    sentences.top(d, "regions")
    deciding.opened(d.words)
    found = placed.listing(d)
    replacing.form(d, found)
    show.caveat(d, "regions")
