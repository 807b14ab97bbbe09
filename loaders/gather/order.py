"""Which documents are reports, which report of an agency and year counts, and in which order all are published.

The order is year, province, city, county, agency: a question about a place or year finds its rows side by side. It
depends on the documents only, not on the order or the lots in which they were read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]
BY = ("report_year", "province", "city", "county", "agency_id", "sha256")
RANK = ("cells", "published_on", "sha256")


@dataclass(frozen=True, slots=True)
class Order:
    """Documents in order. All arrays but `place` are by report, in the order of publication.

    `place`: the number of each document's report, -1 where it is none; `rows`: the document of each report;
    `counts`: whether it is the one that counts; `group`: reports of one agency and year have one number;
    `previous`: the report of the year before of the same agency, -1 where there is none; `owner`: a number for each
    agency, -1 for none.
    """

    place: Numbers
    rows: Numbers
    counts: npt.NDArray[np.bool_]
    group: Numbers
    previous: Numbers
    owner: Numbers
    refused: Numbers  # documents that are no reports, by name
    double: dict[int, int]  # those among them whose bytes are a report already → the document of that report


def order(documents: pa.Table) -> Order:
    """The order of documents (columns of lots.DOCUMENTS)."""
    code = {name: ranks(documents[name]) for name in {*BY, *RANK, "source_name"}}
    by_name = np.lexsort((code["sha256"], code["source_name"]))
    is_report = np.asarray(pc.is_null(documents["reason"]))[by_name]
    found = by_name[is_report]
    _, first = np.unique(code["sha256"][found], return_index=True)
    kept = found[np.sort(first)]
    owner_of_bytes = (
        dict(zip(code["sha256"][kept].tolist(), kept.tolist(), strict=True)) if len(found) > len(kept) else {}
    )
    held = np.zeros(len(documents), dtype=bool)
    held[kept] = True
    refused = by_name[~held[by_name]]
    reason = np.asarray(pc.is_null(documents["reason"]))
    double = {int(doc): owner_of_bytes[int(code["sha256"][doc])] for doc in refused if reason[doc]}
    # Nothing known comes last: its rank is -1.
    rows = kept[np.lexsort([_last(code[name][kept]) for name in reversed(BY)])]
    place = np.full(len(documents), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    owner, year = code["agency_id"][rows], code["report_year"][rows]
    group = _groups(owner, year)
    counts = _counting(group, [code[name][rows] for name in RANK])
    years = np.asarray(pc.fill_null(documents["report_year"], -1).cast(pa.int64()))[rows]
    return Order(place, rows, counts, group, _previous(owner, years, counts), owner, refused, double)


def ranks(column: pa.ChunkedArray) -> Numbers:
    """A number for each value that sorts as the values do; -1 for null."""
    whole = column.combine_chunks()
    if len(whole) == 0:
        return np.empty(0, dtype=np.int64)
    told = whole.dictionary_encode()
    ranked = np.empty(len(told.dictionary), dtype=np.int64)
    ranked[np.asarray(pc.sort_indices(told.dictionary))] = np.arange(len(ranked))
    at = np.asarray(pc.fill_null(told.indices, -1)).astype(np.int64)
    return np.where(at < 0, -1, ranked[at]) if len(ranked) else at


def _last(code: Numbers) -> Numbers:
    return np.where(code < 0, np.iinfo(np.int64).max, code)


def _groups(owner: Numbers, year: Numbers) -> Numbers:
    """A number for each agency and year; reports without either are groups of their own."""
    both = (owner >= 0) & (year >= 0)
    key = np.where(both, owner * (1 + year.max(initial=0)) + year, -1 - np.arange(len(owner)))
    return np.unique(key, return_inverse=True)[1].astype(np.int64)


def _counting(group: Numbers, rank: list[Numbers]) -> npt.NDArray[np.bool_]:
    """Whether a report is the greatest of its group."""
    by = np.lexsort((*reversed(rank), group))
    last = np.ones(len(group), dtype=bool)
    last[:-1] = group[by][1:] != group[by][:-1]
    out = np.zeros(len(group), dtype=bool)
    out[by[last]] = True
    return out


def _previous(owner: Numbers, year: Numbers, counts: npt.NDArray[np.bool_]) -> Numbers:
    """For each report that counts, the one of the same agency a year before that counts."""
    out = np.full(len(owner), -1, dtype=np.int64)
    told = np.flatnonzero(counts & (owner >= 0) & (year >= 0))
    key = owner[told] * 10_000 + year[told]
    by = np.argsort(key)
    at = np.searchsorted(key[by], key - 1)
    fits = at < len(by)
    fits[fits] = key[by][at[fits]] == key[fits] - 1
    out[told[fits]] = told[by[at[fits]]]
    return out


def several(one: Order) -> Iterator[list[int]]:
    """The reports of each agency and year that has more than one, the one that counts first."""
    by = np.lexsort((~one.counts, one.group))
    for start, end in runs(one.group[by]):
        if end - start > 1:
            yield [int(n) for n in by[start:end]]


def runs(some: Numbers) -> Iterator[tuple[int, int]]:
    """Where each stretch of equal numbers starts and ends."""
    if len(some):
        yield from pairwise([0, *(np.flatnonzero(np.diff(some)) + 1).tolist(), len(some)])
