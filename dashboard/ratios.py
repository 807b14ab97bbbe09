"""Rates from cells: a row a report, the sums of an indicator, its ratio with an interval.

Pure functions over cells as `queries.cells` gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt

import pandas as pd

from codebook.indicators import Indicator, parts
from codebook.listing import forms_with
from dashboard import queries

# What `wide` looks at.
OF_WIDE = ["report_id", "code", "part", "state", "value", "doubt", "verdict"]
Z95 = 1.959964


def column(code: str, part: str) -> str:
    """The name of a cell's column in `wide`: the code, with the applicant where it is not the total."""
    return f"{code}@{part}" if part in queries.APPLICANTS and part != "total" else code


def wide(rows: pd.DataFrame, *, doubt: bool = False) -> pd.DataFrame:
    """One row a report, a column a cell, NaN where it is not counted; outcomes as `queries.closing` fills them, for each
    applicant whose total is among the rows."""
    ends = {part: column("", part) for part in rows["part"].unique()}
    rows = rows[OF_WIDE].assign(cell=rows["code"].astype("str") + rows["part"].map(ends).astype("str"))
    used = rows[["report_id", "cell", "value"]][queries.counted(rows, doubt)]
    table = used.pivot(index="report_id", columns="cell", values="value").reindex(rows["report_id"].unique())
    outcome = rows[rows["code"].isin([*queries.codes_of_outcome(), "handled"])]
    for part, own in outcome.groupby("part"):
        filled = queries.closing(own, "code", "handled", doubt=doubt)
        cells = [code for code in queries.codes_of_outcome() if code in filled]
        names = [column(code, str(part)) for code in cells]
        table[names] = float("nan")
        table.loc[filled.index, names] = filled[cells].to_numpy()
    return table


def needed(wanted: Iterable[Indicator]) -> list[queries.Item]:
    """The cells that indicators are made of; an outcome comes with all others of its applicant and their total, which
    says what a blank is."""
    found: dict[queries.Item, None] = {}
    for one in wanted:
        for part in (part for terms in one.sums for part in parts(terms)):
            found |= dict.fromkeys((code, part.part) for code in part.codes)
            if set(part.codes) & {*queries.codes_of_outcome(), "handled"}:
                found |= dict.fromkeys((code, part.part) for code in (*queries.codes_of_outcome(), "handled"))
    return list(found)


def summed(table: pd.DataFrame, terms: tuple[str, ...], forms: pd.Series[str]) -> pd.Series[float]:
    """The sum of an indicator's parts in each report of `wide`; NaN where its form lacks a part or a cell is missing."""
    total = pd.Series(0.0, index=table.index)
    for part in parts(terms):
        value = pd.Series(float("nan"), index=table.index)
        for form in forms.unique():
            own = [column(code, part.part) for code in part.codes if form in forms_with(code)]
            of_form = forms.index[forms == form]
            if own and all(name in table for name in own):
                value[of_form] = table.loc[of_form, own].sum(axis=1, skipna=False)
        total = total + part.sign * value
    return total


def ratios(table: pd.DataFrame, forms: pd.Series[str], one: Indicator) -> pd.DataFrame:
    """One row a report of `wide` with numerator and denominator, and those of what is taken away (NaN without one)."""
    sums = {name: summed(table, terms, forms) for name in SUMS if (terms := getattr(one, name))}
    return pd.DataFrame(sums, index=table.index, columns=pd.Index(SUMS), dtype="float64")


def rates(
    rows: pd.DataFrame, by: str, wanted: Sequence[Indicator], *, doubt: bool = False, means: bool = False
) -> pd.DataFrame:
    """One row a group and indicator over the reports that have all its cells: numerator, denominator, rate, low, high
    (95%; all three NaN below the indicator's least denominator), n, N.

    A rate is a ratio of sums, or with `means` the mean of the reports' own ratios, which has no interval.
    """
    base, table = rows.drop_duplicates("report_id").set_index("report_id"), wide(rows, doubt=doubt)
    key, forms = base[f"{by}_key"].astype("str"), base["form_key"].astype("str").reindex(table.index)
    found = list[dict[str, object]]()
    for one in wanted:
        each = ratios(table, forms, one)
        have = each[each[[name for name in SUMS if getattr(one, name)]].notna().all(axis=1)]
        for group, some in have.groupby(key.reindex(have.index)):
            found.append({"group": group, "code": one.id, "least": one.least} | rate(some, one, means=means))
    return of_rates(found, key.value_counts())


def of_rates(found: list[dict[str, object]], reports: pd.Series[int]) -> pd.DataFrame:
    """Rows as a table of rates, with the number of reports of each group as N."""
    out = pd.DataFrame(found, columns=pd.Index(RATES))
    out["N"] = out["group"].map(reports)
    return out.astype(dict.fromkeys(RATES[2:7], "float64") | dict.fromkeys(RATES[7:], "int64"))


SUMS = ("numerator", "denominator", "less_numerator", "less_denominator")
RATES = ("group", "code", "numerator", "denominator", "rate", "low", "high", "n", "N", "least")


def rate(some: pd.DataFrame, one: Indicator, *, means: bool = False) -> dict[str, float]:
    """The indicator over reports that have all its cells: numerator, denominator, rate, low, high, n."""
    a, b, c, d = (float(some[name].sum()) for name in SUMS)
    value, low, high = float("nan"), float("nan"), float("nan")
    if b >= one.least and b > 0 and (one.kind != "gap" or (d >= one.least and d > 0)):
        own = some["numerator"] / some["denominator"].where(some["denominator"] > 0)
        less = some["less_numerator"] / some["less_denominator"].where(some["less_denominator"] > 0)
        if one.kind == "gap":
            value = float(own.mean() - less.mean()) if means else a / b - c / d
            low, high = (low, high) if means else difference(a, b, c, d)
        else:
            value = float(own.mean()) if means else a / b
            if one.kind == "rate" and not means:
                low, high = (float("nan") if end is None else end for end in wilson(a, b))
    return {"numerator": a, "denominator": b, "rate": value, "low": low, "high": high, "n": len(some)}


def difference(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    """The 95% interval of a/b - c/d after Newcombe, out of the Wilson intervals of both; NaN where one has none."""
    first, second = wilson(a, b), wilson(c, d)
    if None in (*first, *second):
        return float("nan"), float("nan")
    (low, high), (below, above) = (tuple(float(end or 0.0) for end in one) for one in (first, second))
    one, other = a / b, c / d
    down, up = sqrt((one - low) ** 2 + (above - other) ** 2), sqrt((high - one) ** 2 + (other - below) ** 2)
    return one - other - down, one - other + up


def wilson(hits: float, trials: float) -> tuple[float | None, float | None]:
    """The 95% Wilson interval of `hits` of `trials`; None where a rate above one (or no trials) has none."""
    if trials <= 0 or not 0 <= hits <= trials:
        return None, None
    share, z2 = hits / trials, Z95**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z95 / (1 + z2 / trials) * sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    return max(0.0, middle - half), min(1.0, middle + half)
