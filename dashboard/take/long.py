"""The long table: one row a cell, with its labels, its place in the source and who reported it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd

from codebook import book
from codebook.listing import forms_with
from dashboard.data import Dataset
from dashboard.facts import PLACE
from dashboard.take import states
from dashboard.take.table import Table, blocks, described, have, kind_of

PROVENANCE = ["source_name", "source_url", "source_sha256", "published_on", "parser_version"]
IDENTITY = ["report_id", "title", "agency", "agency_id", "agency_level", "province", "city", "county", "township"]
IDENTITY += ["adcode", "region_status", "report_year", "form", "status", "synthetic"]
FACT = ["table", "code", "label_zh", "label_en", "applicant", "state", "value", "unit", "unit_source", "raw"]
FACT += ["label_raw", "match", "score", "place", "start", "end", "doubt", "counted"]
BLOCK = 500  # reports a part
SWITCH = {True: "included", False: "left_out"}


def long(
    data: Dataset, reports: pd.DataFrame, *, doubt: bool = False, missing: bool = True, gaps: pd.DataFrame | None = None
) -> Table:
    """The cells of the reports by report, then in the order of the code book.

    `state` is the printed kind of a cell (number, blank, dash, text); `missing` adds a row for each cell that was not
    read (unread) or that the form lacks (not_on_form), and `gaps` one for each year without a report
    (not_collected). Values stand as in the data: `doubt` and `counted` say which of them totals leave out.
    """
    chosen = reports.sort_index()
    extra = [name for name in data.facts.columns if name not in (*FACT, "report_id")]
    columns = [
        *have(chosen, IDENTITY),
        *_fact(data),
        *extra,
        *have(chosen, PROVENANCE),
        "doubtful_values",
        "data_version",
    ]

    def part(block: pd.DataFrame) -> pd.DataFrame:
        facts = data.facts.of_reports(data.places(block.index))
        facts = facts.drop(columns=PLACE).assign(counted=states.counted(facts, doubt))
        if missing:
            facts = pd.concat([facts, _missing(block, facts)], ignore_index=True)
        facts = _ordered(facts).merge(_some(block), on="report_id", how="left")
        return _labelled(facts, data.version, doubt)[columns]

    def parts() -> Iterator[pd.DataFrame]:
        for block in blocks(chosen, BLOCK):
            yield part(block)
        if gaps is not None and len(gaps):
            row = gaps.assign(state="not_collected", counted=False, report_year=gaps["report_year"].astype("Int64"))
            yield _labelled(row, data.version, doubt).reindex(columns=columns)

    sample, counts = part(chosen.head(3)), data.facts.counts.loc[chosen.index]
    total = int(counts["cells"].sum()) + (0 if gaps is None else len(gaps))
    total += len(chosen) * len(universe()) - int(counts["known"].sum()) if missing else 0
    kinds = {name: kind_of(sample[name]) for name in columns}
    found = tuple(described(name, kinds[name], "facts" if name in FACT else "reports", "facts") for name in columns)
    return Table("long", found, total, parts)


def _fact(data: Dataset) -> list[str]:
    made = {"label_zh", "label_en", "counted"}
    return [name for name in FACT if name in data.facts.columns or name in made]


def _some(reports: pd.DataFrame) -> pd.DataFrame:
    return reports[have(reports, [*IDENTITY, *PROVENANCE])].reset_index(drop=True)


@cache
def universe() -> tuple[tuple[str, str | None], ...]:
    """Every cell that some form has, as (code, applicant), in the order of the code book."""
    found: list[tuple[str, str | None]] = []
    for code, measure in book().measures.items():
        if forms_with(code):
            found += [(code, a) for a in book().applicants] if measure.table == "requests" else [(code, None)]
    return tuple(found)


def _missing(block: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """A row for each cell of any form that a report has no fact of: unread, or not on its form."""
    cells = pd.MultiIndex.from_tuples([(code, applicant or "") for code, applicant in universe()])
    full = pd.MultiIndex.from_arrays(
        [
            np.repeat(block.index.to_numpy(), len(cells)),
            np.tile(cells.get_level_values(0), len(block)),
            np.tile(cells.get_level_values(1), len(block)),
        ]
    )
    there = pd.MultiIndex.from_arrays([facts["report_id"], facts["code"], facts["applicant"].fillna("")])
    rest = full[~full.isin(there)]
    out = pd.DataFrame(
        {"report_id": rest.get_level_values(0), "code": rest.get_level_values(1), "applicant": rest.get_level_values(2)}
    ).astype("str")
    form = out["report_id"].map(block["form"])
    on = pd.Series(False, index=out.index)
    for code, same in out.groupby("code").groups.items():
        on[same] = form[same].isin(forms_with(str(code)))
    out["state"] = on.map({True: "unread", False: "not_on_form"})
    out["applicant"] = out["applicant"].where(out["applicant"] != "")
    out["table"] = out["code"].map({code: m.table for code, m in book().measures.items()})
    return out.assign(counted=False)


def _ordered(facts: pd.DataFrame) -> pd.DataFrame:
    codes = {code: place for place, code in enumerate(book().measures)}
    return facts.sort_values(
        ["report_id", "code", "applicant"], key=lambda c: c.map(codes) if c.name == "code" else c, kind="stable"
    )


def _labelled(facts: pd.DataFrame, version: str, doubt: bool) -> pd.DataFrame:
    names = book().measures
    return facts.assign(
        label_zh=facts["code"].map({c: m.label_zh for c, m in names.items()}) if "code" in facts else None,
        label_en=facts["code"].map({c: m.label_en for c, m in names.items()}) if "code" in facts else None,
        doubtful_values=SWITCH[doubt],
        data_version=version,
    )
