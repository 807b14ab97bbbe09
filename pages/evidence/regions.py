"""Regions: how each report was placed, which ones are ambiguous or unknown, and why."""

from dashboard import placed, show
from dashboard.desk import desk

d = desk()
if show.opened(d, "regions"):
    placed.listing(d)
    show.caveat(d, "regions")
