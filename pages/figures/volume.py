"""Disclosure volume: documents by form, decisions, and counts told in prose."""

from dashboard import panels, queries, show, trends
from dashboard.desk import desk
from dashboard.sentences import pages as sentences

d = desk()
if show.opened(d, "volume"):
    sentences.top(d, "volume")
    w = d.words
    show.caveat(d, "documents")
    by = show.by(d, "volume", queries.BY)
    trends.panel(d, "volume", by, notes=("double",))

    for kind, name in (("normative", "documents"), ("regulations", "regulations")):
        old = queries.items(f"{kind}.made", f"{kind}.published", f"{kind}.public_total")
        panels.totals(d, f"{name}-2019", old, by, w(f"volume.{name}_2019"), notes=("stock",))
        new = queries.items(f"{kind}.issued", f"{kind}.repealed", f"{kind}.in_force")
        notes = ("normative_scope", "stock") if kind == "normative" else ("stock",)
        panels.totals(d, f"{name}-2021", new, by, w(f"volume.{name}_2021"), notes=notes)

    local = queries.items("zj.regulations.*", "zj.normative.*")
    if d.any(local):
        panels.totals(d, "documents-zhejiang", local, by, w("volume.zhejiang"), notes=("zhejiang",))

    added = queries.items("hb.*", "bj.*.decisions")
    if d.any(added):
        panels.totals(d, "additions", added, by, w("volume.additions"))

    decisions = queries.items(
        "licensing.decisions", "other_services.decisions", "penalties.decisions", "compulsory.decisions"
    )
    panels.totals(d, "decisions", decisions, by, w("volume.decisions"), notes=("decisions", "decisions_items"))

    told = queries.items("narrative.disclosed_*")
    panels.totals(d, "narrative", told, by, w("volume.narrative"), notes=("narrative",), told=True)
