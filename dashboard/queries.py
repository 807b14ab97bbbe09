"""Questions to the facts: cells of the selected reports, their totals by group, and shares.

Pure functions. A cell is one report and one item, an item is (code, part): the part is the applicant column of the
request table, the grade of the unit of an amount, or "". Empty cells keep their kind: number · blank · dash · text · unread; a cell that the report's form
does not have is no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from codebook import book
from codebook.listing import forms_with
from dashboard.data import Dataset
from dashboard.regions import UNKNOWN

Item = tuple[str, str]
Numbers = npt.NDArray[np.int64]
BY = ("year", "province", "city", "county", "level", "agency", "form")
EMPTY = ("blank", "dash", "text", "unread")
GROUPS = ("granted", "granted_in_part", "withheld", "unavailable", "unprocessed", "other")
APPLICANTS = tuple(book().applicants)
CORRECTED = "corrected"
SETTLED = ("as_printed", CORRECTED)
OF_CELL = [
    "state",
    "value",
    "unit_source",
    "raw",
    "doubt",
    "verdict",
    "corrected_state",
    "corrected_value",
    "correction",
]
OF_REPORT = ["report_id", "shown_key", *(f"{by}_key" for by in BY)]
SCOPED = "proactive"  # tables in which a district's figures under a street office's title would count twice


@cache
def codes(*patterns: str) -> tuple[str, ...]:
    """The codes that patterns stand for, in codebook order: * stands for any letters."""
    return tuple(c for c in book().measures if any(fnmatchcase(c, p) for p in patterns))


def items(*patterns: str, applicant: str = "") -> list[Item]:
    """The items of codes; `applicant` is "total" in the request table."""
    return [(code, applicant) for code in codes(*patterns)]


def cells(data: Dataset, reports: pd.DataFrame, wanted: Iterable[Item], *, corrected: bool = False) -> pd.DataFrame:
    """One row a report and item that its form has: the report's columns, code, part, state, value (number or
    NaN), unit_source, raw, doubt, verdict, printed (the value as printed) and what was corrected, if anything. Counts
    told in prose have a row only where they are told. `corrected`: state and value are the corrected ones.

    Where a report may tell a larger body's figures (scope_doubt), all it tells of its own disclosure is in doubt."""
    wanted = list(wanted)
    if not wanted:
        return pd.DataFrame(columns=[*OF_REPORT, "code", "part"])
    places = data.places(reports.index)
    forms = data.keys["form_key"].take(places)
    known = data.facts.of_items(wanted)
    rows, cells = list[Numbers](), list[pa.Table]()
    for item in wanted:
        facts = known[item]
        at = facts.at(places)
        has = np.isin(forms.codes, _codes(forms.categories, forms_with(item[0]))) | (at >= 0)
        rows.append(np.flatnonzero(has))
        cells.append(facts.taken(at[has]))
    return _framed(data, reports, places, wanted, rows, cells, corrected)


def _codes(categories: pd.Index[str], some: frozenset[str]) -> Numbers:
    return np.flatnonzero(categories.isin(list(some)))


def _framed(
    data: Dataset,
    reports: pd.DataFrame,
    places: Numbers,
    wanted: Sequence[Item],
    rows: Sequence[Numbers],
    cells: Sequence[pa.Table],
    corrected: bool,
) -> pd.DataFrame:
    """The rows of the selected reports and what stands in their cells, item after item, side by side."""
    row, many = np.concatenate(rows), [len(some) for some in rows]
    columns: dict[str, object] = {name: reports[name].array.take(row) for name in ("report_id", "shown_key")}
    columns |= {f"{by}_key": data.keys[f"{by}_key"].take(places[row]) for by in BY}
    for name, at in (("code", 0), ("part", 1)):
        columns[name] = pd.Categorical([item[at] for item in wanted]).repeat(many)
    found = pd.DataFrame(columns)
    found = pd.concat([found, pa.concat_tables(cells).to_pandas()], axis="columns")
    if "scope_doubt" in reports and reports["scope_doubt"].notna().any():
        scoped = [code in book().measures and book().measures[code].table.startswith(SCOPED) for code, _ in wanted]
        larger = reports["scope_doubt"].array.take(row)
        put = np.repeat(scoped, many) & found["doubt"].isna() & found["value"].notna()
        found["doubt"] = found["doubt"].mask(put, pd.Series(larger, index=found.index))
    found["state"] = found["state"].fillna("unread")
    found["printed"] = found["value"]
    return _corrected(found) if corrected else found


def _corrected(rows: pd.DataFrame) -> pd.DataFrame:
    """The cells as they should read; the unit of a corrected amount is yuan, as all amounts of the data."""
    told = rows["correction"].notna()
    out = rows.assign(
        state=rows["state"].mask(told, rows["corrected_state"]),
        value=rows["value"].mask(told, rows["corrected_value"]).astype("float64"),
        verdict=rows["verdict"].mask(told, CORRECTED),
    )
    money = told & (out["state"] == "number") & (out["unit_source"].notna() | out["code"].isin(_money()))
    return out.assign(unit_source=out["unit_source"].mask(money, CORRECTED))


@cache
def _money() -> frozenset[str]:
    return frozenset(m.code for m in book().measures.values() if m.kind == "money")


def counted(rows: pd.DataFrame, doubt: bool) -> pd.Series[bool]:
    """Which cells a total counts: numbers with a value, and doubtful ones only if `doubt` or where somebody looked
    and found them printed so, or corrected them."""
    sure = rows["doubt"].isna() | rows["verdict"].isin(SETTLED)
    return (rows["state"] == "number") & rows["value"].notna() & (doubt | sure)


def latest(rows: pd.DataFrame) -> pd.DataFrame:
    """The cells of each agency's latest report: stocks are never added over years."""
    # Reports whose agency is unknown are not one agency's.
    who = rows["agency_key"].astype("str").mask(rows["agency_key"] == UNKNOWN, rows["report_id"])
    year = rows["year_key"].astype("str").mask(rows["year_key"] == UNKNOWN, "")
    return rows[year == year.groupby([who, rows["code"], rows["part"]]).transform("max")]


def totals(rows: pd.DataFrame, by: str, *, doubt: bool = False) -> pd.DataFrame:
    """One row a group and item: value (sum), n (reports counted), N (reports whose form has the cell), agencies
    (counted), then N − n by kind: blank, dash, text, unread, doubted, unvalued (a number without a known unit)."""
    key = f"{by}_key"
    stocks = {
        code for code in rows["code"].unique() if code in book().measures and book().measures[code].kind == "stock"
    }
    if by != "year" and stocks:
        stock = rows["code"].isin(stocks)
        rows = pd.concat([rows[~stock], latest(rows[stock])])
    used, number = counted(rows, doubt).to_numpy(), (rows["state"] == "number").to_numpy()
    valued = rows["value"].notna().to_numpy()
    kinds: dict[str, npt.NDArray[np.bool_]] = {"n": used, "N": np.ones(len(rows), dtype=bool)}
    kinds |= {state: (rows["state"] == state).to_numpy() for state in EMPTY}
    kinds |= {"doubted": number & valued & ~used, "unvalued": number & ~valued}
    row, names = _numbered(rows, [key, "code", "part"])
    sums = np.bincount(row, weights=rows["value"].where(used).fillna(0.0), minlength=len(names))
    table: dict[str, object] = {name: names[name] for name in ("group", "code", "part")}
    counts = {name: np.bincount(row[which], minlength=len(names)) for name, which in kinds.items()}
    table["value"] = np.where(counts["n"] > 0, sums, np.nan)
    table["agencies"] = _different(row, rows["agency_key"], used, len(names))
    out = pd.DataFrame(table | counts)
    return out.sort_values("group", kind="stable", ignore_index=True)


def _numbered(rows: pd.DataFrame, keys: Sequence[str]) -> tuple[Numbers, pd.DataFrame]:
    """A number for each row by its keys, and what it stands for (group, code, part), as they first come."""
    number = np.zeros(len(rows), dtype=np.int64)
    known: list[pd.Index[str]] = []
    for key in keys:
        codes, values = pd.factorize(rows[key], use_na_sentinel=False)  # what has no key is a group of its own
        number = number * len(values) + codes
        known.append(values)
    row, met = pd.factorize(number)
    names = dict[str, object]()
    for name, values in zip(("part", "code", "group"), reversed(known), strict=True):
        met, at = np.divmod(met, max(1, len(values)))
        names[name] = values.take(at).astype("str")
    return row, pd.DataFrame(names)[["group", "code", "part"]]


def _different(row: Numbers, who: pd.Series[str], used: npt.NDArray[np.bool_], many: int) -> Numbers:
    """How many known agencies the used rows of each number are of."""
    codes, agencies = pd.factorize(who, use_na_sentinel=False)
    known = used & (who != UNKNOWN).to_numpy()
    pairs = pd.unique(row[known] * len(agencies) + codes[known])
    return np.bincount(pairs // max(1, len(agencies)), minlength=many)


def ranked(table: pd.DataFrame, most: int) -> list[str]:
    """The `most` groups with the largest values, largest first; groups without any value are left out, and so are
    those that sum to nothing where others do not."""
    sums = table.groupby("group")["value"].sum(min_count=1).dropna()
    sums = sums[sums != 0] if (sums != 0).any() else sums
    return [str(g) for g in sums.sort_values(ascending=False, kind="stable").index[:most]]


def named(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """The rows of groups that are one thing: reports whose agency is unknown are not one agency's."""
    return table[table["group"] != UNKNOWN] if by == "agency" else table


def group_of(code: str) -> str:
    """The outcome group of a code: withheld.state_secret → withheld."""
    return code.partition(".")[0]


def closing(rows: pd.DataFrame, column: str, whole: str, *, doubt: bool = False) -> pd.DataFrame:
    """The reports whose parts add up to `whole`: one row a report, a column for each value of `column`, blanks 0.

    Where the sum closes, a blank or dashed part holds no request; where it does not, or a part is doubtful, the
    report is left out.
    """
    used = counted(rows, doubt)
    wide = rows[["report_id", column, "value"]][used].pivot(index="report_id", columns=column, values="value")
    wide = wide.reindex(columns=list(dict.fromkeys([*rows[column].unique(), whole])))
    parts = wide.drop(columns=whole).fillna(0.0)
    suspect = rows.loc[(rows["state"] == "number") & ~used, "report_id"]
    keep = ((parts.sum(axis=1) - wide[whole]).abs() < 0.5) & ~wide.index.isin(suspect)
    return parts[keep].assign(**{whole: wide.loc[keep, whole]})


def codes_of_outcome() -> tuple[str, ...]:
    """The codes of all outcomes, of either form."""
    return codes("granted", "granted_in_part", "withheld.*", "unavailable.*", "unprocessed.*", "other", "other.*")


def shares(rows: pd.DataFrame, by: str, *, doubt: bool = False) -> pd.DataFrame:
    """One row a group and outcome group: value (requests), whole (handled), share, n (reports used), N (reports)."""
    return _shared(
        rows, closing(rows, "code", "handled", doubt=doubt).T.groupby(group_of).sum().T, by, GROUPS, "handled"
    )


def mix(rows: pd.DataFrame, by: str, *, doubt: bool = False) -> pd.DataFrame:
    """One row a group and applicant, of cells of one code with all applicants: columns as in `shares`."""
    out = _shared(rows, closing(rows, "part", "total", doubt=doubt), by, APPLICANTS[:-1], "total")
    return out.assign(part=out["code"], code=rows["code"].iloc[0] if len(rows) else "")


def _shared(rows: pd.DataFrame, wide: pd.DataFrame, by: str, parts: Sequence[str], whole: str) -> pd.DataFrame:
    key = rows.drop_duplicates("report_id").set_index("report_id")[f"{by}_key"].astype("str")
    used = key.reindex(wide.index)
    sums = wide.reindex(columns=[*parts, whole]).groupby(used).sum()
    out = sums.melt(id_vars=whole, value_vars=list(parts), var_name="code", ignore_index=False)
    out = out.rename(columns={whole: "whole"}).rename_axis("group").reset_index()
    out["share"] = (out["value"] / out["whole"]).where(out["whole"] > 0)
    out["n"] = out["group"].map(used.value_counts()).astype("int64")
    out["N"] = out["group"].map(key.value_counts()).astype("int64")
    return out.assign(part="")[["group", "code", "part", "value", "whole", "share", "n", "N"]]


def by_code(rows: pd.DataFrame, *, doubt: bool = False) -> pd.DataFrame:
    """Totals of each code over all reports, the code as the group and its outcome group as the code."""
    table = totals(rows.assign(all_key="all"), "all", doubt=doubt)
    order = {code: place for place, code in enumerate(book().measures)}
    table = table.sort_values("code", key=lambda c: c.map(order), ignore_index=True)
    return table.assign(group=table["code"], code=table["code"].map(group_of))


def graded(rows: pd.DataFrame) -> pd.DataFrame:
    """Cells of an amount with the grade of its unit as the part: printed (in the document, the form or the text),
    inferred_high, inferred_medium, unknown."""
    grade = rows["unit_source"].replace({"form": "printed", "prose": "printed", CORRECTED: "printed"}).fillna("")
    grade = grade.mask((rows["state"] == "number") & (grade == ""), "unknown")
    # Nothing is nothing in any unit.
    return rows.assign(part=grade.mask(rows["value"] == 0, "printed"))
