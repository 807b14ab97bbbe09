"""How one document was understood, in words."""

from __future__ import annotations

from collections.abc import Iterator

from codebook import book
from loaders.report import Quarantined, Report

STATUS = {
    "read": "已读取",
    "blank": "表在，全部空白",
    "incomplete": "未读取",
    "absent": "文中没有",
    "not_on_form": "此表式没有这张表",
}


def explain(one: Report | Quarantined) -> Iterator[str]:
    """Lines that tell what the document is, which form it follows, and what became of each table and doubt."""
    if isinstance(one, Quarantined):
        yield f"{one.source}：未读取（{one.reason}）{one.detail}"
        return
    who, where = one.identity, one.region
    place = "".join(part for part in (where.province, where.city, where.county, where.township) if part)
    yield f"{one.source}：{who.title or '没有标题'}"
    yield f"  机关：{who.agency or '未知'}（{who.agency_level}，{who.agency_type}）"
    yield f"  地区：{place or '未定'}（{where.region_status}，{where.region_evidence}）"
    yield f"  范围：{one.scope.scope}（{one.scope.evidence}）"
    yield f"  年度：{who.report_year or '未知'}（{who.year_evidence}）"
    yield f"  公布：{who.published_on or '未知'} {who.published_evidence}".rstrip()
    form = book().form(one.reading.form)
    yield f"  表式：{form.label_zh if form else '未知'}；文本排列：{one.reading.layout}；状态：{one.status}"
    for name, table in one.reading.tables.items():
        if table.status == "not_on_form":
            continue
        label = book().table(name)
        if label is None:
            raise KeyError(name)
        reason = f"（{table.reason}：{table.detail}）" if table.reason else ""
        yield f"  {label.mark} {label.label_zh}：{STATUS[table.status]}，{len(table.cells)} 格{reason}"
        for hit in table.labels:
            if hit.match in {"fuzzy", "position"}:
                rival = f"，其次 {hit.runner_up} {hit.runner_up_score:g}" if hit.runner_up else ""
                yield f"    标题“{hit.raw}”→ {hit.key or '未识别'}（{hit.match} {hit.score:g}{rival}）".replace(
                    "\n", ""
                )
    for fact in one.facts:
        if fact.doubt or fact.table == "narrative" or (fact.unit_source or "").startswith("inferred"):
            shown = "" if fact.value is None else f" = {fact.value:,.10g} {fact.unit or ''}"
            why = "；".join(filter(None, [fact.unit_source, fact.doubt]))
            yield f"  {fact.place} “{fact.raw}”{shown}{'：' + why if why else ''}"
    for finding in one.findings:
        yield f"  [{finding.severity}] {finding.check_id}：{finding.message}"
