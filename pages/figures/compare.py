"""Compare: two to eight agencies or regions side by side on the same axes."""

from dashboard import compare, show
from dashboard.desk import desk

d = desk()
if show.opened(d, "compare"):
    compare.panel(d)
    show.caveat(d, "double")
