"""The wide table: one row a report, for each cell its value and its state."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from codebook import book
from codebook.datapackage import Column
from codebook.listing import forms_with
from dashboard.data import Dataset
from dashboard.queries import codes
from dashboard.take import states
from dashboard.take.long import BLOCK, IDENTITY, PROVENANCE, SWITCH
from dashboard.take.table import Table, blocks, described, have, kind_of, of_item

MONEY = ("procurement.amount", "fees.amount")
STATE, CORRECTED, REASON = "__state", "__corrected", "__correction"


def wide(data: Dataset, reports: pd.DataFrame, *, doubt: bool = False, gaps: pd.DataFrame | None = None) -> Table:
    """One row a report: `code`, or `code__applicant` in the request table, then `__state` of each.

    A value stands only where totals count it; the state says why there is none (dashboard.take.states), so that a
    blank is never taken for a zero. Money has `__unit_source`; what somebody corrected stands beside the printed value
    as `__corrected`, with its state, and the reason as `__correction`. `gaps` adds a row for each year without a report.
    """
    chosen = reports.sort_index()
    items = _items(data, chosen)
    units = [f"{code}__unit_source" for code in codes(*MONEY) if code in items]
    mended = _mended(data, chosen)
    first, last = have(chosen, IDENTITY), have(chosen, PROVENANCE)
    names = [
        *first,
        *_beside(items, units, mended),
        *(f"{i}{STATE}" for i in items),
        *last,
        "doubtful_values",
        "data_version",
    ]

    def part(block: pd.DataFrame) -> pd.DataFrame:
        cells, known = _pivoted(data, block, items, mended, doubt), block[[*first, *last]]
        return pd.concat([known, cells], axis=1).assign(**_told(data, doubt))[names].reset_index(drop=True)

    def parts() -> Iterator[pd.DataFrame]:
        for block in blocks(chosen, BLOCK):
            yield part(block)
        if gaps is not None and len(gaps):
            empty = pd.DataFrame("not_collected", index=gaps.index, columns=[f"{i}{STATE}" for i in items])
            row = pd.concat([gaps, empty], axis=1).assign(**_told(data, doubt)).reindex(columns=names)
            yield row.astype(dict.fromkeys([*items, *(f"{i}{CORRECTED}" for i in mended)], "float64"))

    sample = part(chosen.head(3))
    columns = tuple(_column(name, kind_of(sample[name]), items, units, mended) for name in names)
    return Table("wide", columns, len(chosen) + (0 if gaps is None else len(gaps)), parts)


def _items(data: Dataset, reports: pd.DataFrame) -> list[str]:
    """The columns that the reports fill, in the order of the code book."""
    found = set(_named(data.facts.items(data.places(reports.index))))
    order: list[str] = []
    for code in book().measures:
        order += [code, *(f"{code}__{a}" for a in book().applicants if a != "total")]
    return [name for name in order if name in found] + sorted(found - set(order))


def _named(facts: pd.DataFrame) -> pd.Series[str]:
    plain = facts["applicant"].isna() | (facts["applicant"] == "total")
    return facts["code"].where(plain, facts["code"] + "__" + facts["applicant"].fillna("")).astype("str")


def _mended(data: Dataset, reports: pd.DataFrame) -> list[str]:
    """The columns in which somebody corrected a cell."""
    items = data.facts.items(data.places(reports.index))
    return sorted(set(_named(items[items["corrected"]])))


def _beside(items: list[str], units: list[str], mended: list[str]) -> list[str]:
    found = []
    for item in items:
        unit, more = f"{item}__unit_source", (f"{item}{CORRECTED}", f"{item}{CORRECTED}{STATE}", f"{item}{REASON}")
        found += [item, *([unit] if unit in units else []), *(more if item in mended else ())]
    return found


def _pivoted(data: Dataset, block: pd.DataFrame, items: list[str], mended: list[str], doubt: bool) -> pd.DataFrame:
    facts = data.facts.of_reports(data.places(block.index))
    # An item told twice in prose has two facts: the first is the report's own order.
    value = facts["value"].where(states.counted(facts, doubt))
    facts = facts.assign(name=_named(facts), state=states.told(facts), value=value)
    facts = facts.drop_duplicates(["report_id", "name"])
    across = pd.Index(items)
    values = facts.pivot(index="report_id", columns="name", values="value")
    values = values.reindex(index=block.index, columns=across).astype("float64")
    kinds = facts.pivot(index="report_id", columns="name", values="state")
    kinds = kinds.reindex(index=block.index, columns=across).astype("str")
    why = {form: [_why(item, form) for item in items] for form in block["form"].unique()}
    absent = pd.DataFrame([why[form] for form in block["form"]], index=block.index, columns=across, dtype="str")
    kinds = kinds.where(kinds.notna(), absent)
    out: list[pd.DataFrame | pd.Series[str]] = [values, kinds.add_suffix(STATE)]
    for code in codes(*MONEY):
        if code in items:
            source = facts[facts["name"] == code].set_index("report_id")["unit_source"]
            out.append(source.reindex(block.index).rename(f"{code}__unit_source"))
    for item in mended:
        one = facts[facts["name"] == item].set_index("report_id").reindex(block.index)
        told = pd.DataFrame(
            {
                f"{item}{CORRECTED}": one["corrected_value"].astype("float64"),
                f"{item}{CORRECTED}{STATE}": one["corrected_state"],
                f"{item}{REASON}": one["correction"],
            }
        )
        out.append(told)
    return pd.concat(out, axis=1)


def _why(item: str, form: object) -> str:
    """The state of a cell without a fact."""
    code = item.partition("__")[0]
    return "not_told" if code.startswith(states.PROSE) else "unread" if form in forms_with(code) else "not_on_form"


def _told(data: Dataset, doubt: bool) -> dict[str, str]:
    return {"doubtful_values": SWITCH[doubt], "data_version": data.version}


def _column(name: str, kind: str, items: list[str], units: list[str], mended: list[str]) -> Column:
    if name in items or name.removesuffix(CORRECTED) in mended:
        return of_item(name)
    words = name in units or name.endswith(STATE) or name.removesuffix(REASON) in mended
    return of_item(name, "text") if words else described(name, kind, "reports")
