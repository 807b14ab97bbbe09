"""Centralised procurement: amounts by how their unit is known, and projects."""

from dashboard import panels, queries, rates, show
from dashboard.desk import desk
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "procurement"):
    sentences.top(d, "procurement")
    w = d.words
    by = show.by(d, "procurement", queries.BY)
    names = {grade: w(f"procurement.{grade}") for grade in panels.GRADES}
    grade = show.pick(d, "grade", list(names), "high", w("procurement.grades"), names, "procurement")

    amounts = queries.items("procurement.amount")
    panels.money(d, "procurement-amount", amounts, by, grade, w("procurement.amount"), notes=("procurement", "units"))
    panels.unknown(d, "procurement-unknown", amounts)

    projects = queries.items("procurement.projects")
    panels.totals(d, "procurement-projects", projects, by, w("procurement.projects"), notes=("double",))

    rates.panel(d, "procurement", by, w("procurement.rates"))
