"""The sentences at the top of a page: their figures against a plain reading of the Parquet, and against frames made up."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from codebook import book
from codebook.listing import forms_with
from codebook.series import series
from dashboard import data as opened
from dashboard import numbers, queries, trends
from dashboard.data import Dataset
from dashboard.desk import Desk, choose
from dashboard.selection import Selection
from dashboard.sentences import change, evidence, limits, missing
from dashboard.sentences.pages import Statement, items, made, stories
from dashboard.words import LANGUAGES, Words
from loaders import publish
from tests.made import HARM
from tests.made import publish as made_up
from tests.test_pages import visit

FILTERS = {
    "everything": {},
    "a province": {"province": "35"},
    "years": {"year": "2021,2022,2023"},
    "a level and years": {"level": "county", "year": "2019,2020"},
    "an older form": {"form": "fujian2014"},
}
# Series of one cell of the newer forms: what they are, a reader of the Parquet can tell without the codebook's formulas.
OF_A_CELL = {
    "license_decisions": ("licensing.decisions", None),
    "penalty_decisions": ("penalties.decisions", None),
    "coercion_decisions": ("compulsory.decisions", None),
    "fee_amount": ("fees.amount", None),
    "applications_closed": ("handled", "total"),
}


@pytest.fixture(scope="module")
def pages(shipped: Path) -> Dataset:
    """The data as the pages open it."""
    return opened.read(publish.current(shipped))


@pytest.fixture(scope="module")
def parquet(shipped: Path) -> dict[str, pd.DataFrame]:
    """The files, and the reports that count."""
    version = publish.current(shipped)
    found = {name: pd.read_parquet(version / f"{name}.parquet") for name in ("facts", "reports", "tables", "findings")}
    return found | {"reports": found["reports"][found["reports"]["is_current"]]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up(tmp_path_factory.mktemp("sentences"))


@pytest.fixture(autouse=True)
def shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_DATA", str(folder))


def desk(pages: Dataset, chosen: dict[str, str], *, doubt: bool = False) -> Desk:
    selection = Selection(**{name: tuple(keys.split(",")) for name, keys in chosen.items()})
    return Desk(pages, selection, Words("zh"), choose(pages, selection), doubt)


def selected(parquet: dict[str, pd.DataFrame], chosen: dict[str, str]) -> pd.DataFrame:
    """The reports of a filter, as the columns of the file have it."""
    rows = parquet["reports"]
    for name, keys in chosen.items():
        some = keys.split(",")
        column = {"year": rows["report_year"].astype("Int64").astype("str"), "level": rows["agency_level"]}
        column |= {"form": rows["form"], "province": rows["adcode"].str[:2]}
        rows = rows[column[name].reindex(rows.index).isin(some)]
    return rows


def of_kind(told: list[Statement], kind: type) -> list[Statement]:
    return [one for one in told if isinstance(one, kind)]


def rows_of(table: pd.DataFrame) -> list[Any]:
    """The rows of a table, by the names of its columns."""
    return list(table.itertuples())


@pytest.mark.parametrize("chosen", FILTERS.values(), ids=FILTERS)
def test_filters_of_these_tests_choose_the_reports_that_the_pages_choose(
    pages: Dataset, parquet: dict[str, pd.DataFrame], chosen: dict[str, str]
) -> None:
    assert set(desk(pages, chosen).reports.index) == set(selected(parquet, chosen)["report_id"]) != set()


@pytest.mark.parametrize("name", OF_A_CELL)
@pytest.mark.parametrize("chosen", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("doubt", [False, True])
def test_changes_are_sums_over_agencies_with_both_years(
    pages: Dataset, parquet: dict[str, pd.DataFrame], name: str, chosen: dict[str, str], doubt: bool
) -> None:
    (code, applicant), facts = OF_A_CELL[name], parquet["facts"]
    facts = facts[(facts["code"] == code) & facts["value"].notna() & (doubt | facts["doubt"].isna())]
    facts = facts[facts["applicant"].isna() if applicant is None else facts["applicant"] == applicant]
    rows = facts.merge(selected(parquet, chosen), on="report_id").dropna(subset=["agency_id", "report_year"])
    rows = rows[rows["scope_doubt"].isna() | doubt | (code == "handled")]
    both = rows.merge(rows.assign(report_year=rows["report_year"] - 1), on=["agency_id", "report_year"])
    expected = {
        (int(float(str(year))), len(some), some["value_x"].sum(), some["value_y"].sum())
        for year, some in both.groupby("report_year")
    }
    cells = desk(pages, chosen).cells(trends.items(series()[name]))
    found = change.pairs(change.of_agencies(cells, name, doubt=doubt), name)
    assert {(one.before, one.agencies, one.old, one.new) for one in found} == expected
    assert all(one.after == one.before + 1 for one in found)


def test_some_years_of_the_shipped_reports_compare(pages: Dataset) -> None:
    """The zone is the one agency with several years: 9 requests granted in part, then 20; another year compares with none."""
    told = of_kind(made(desk(pages, {}), stories()["outcomes"]), change.Change)
    assert told == [change.Change("partial", 2022, 2023, 9.0, 20.0, 1)]
    assert of_kind(made(desk(pages, {"year": "2019"}), stories()["outcomes"]), change.Change) == []


@pytest.mark.parametrize("page", [page for page, story in stories().items() if story.cells])
@pytest.mark.parametrize("chosen", FILTERS.values(), ids=FILTERS)
def test_missing_cells_are_those_of_the_form_without_a_figure(
    pages: Dataset, parquet: dict[str, pd.DataFrame], page: str, chosen: dict[str, str]
) -> None:
    reports, wanted = selected(parquet, chosen), items(stories()[page])
    facts = {
        (fact.report_id, fact.code, fact.applicant): fact
        for fact in rows_of(parquet["facts"].fillna({"applicant": ""}))
        if (fact.code, fact.applicant) in set(wanted)
    }
    kinds: defaultdict[str, int] = defaultdict(int)
    bare, having = set[str](), set[str]()
    for report in rows_of(reports):
        # A report on two forms has cells that its own form lacks: they count where they are.
        cells = [c for c in wanted if report.form in forms_with(c[0]) or (report.report_id, *c) in facts]
        own = [facts.get((report.report_id, *cell)) for cell in cells]
        having |= {report.report_id} if cells else set()
        bare |= {report.report_id} if cells and not any(own) else set()
        for (code, _), fact in zip(cells, own, strict=True):
            larger = isinstance(report.scope_doubt, str) and book().measures[code].table.startswith("proactive")
            if fact is None:
                kinds["unread"] += 1
            elif fact.state != "number":
                kinds[fact.state] += 1
            elif pd.isna(fact.value):
                kinds["unvalued"] += 1
            else:
                kinds["doubted" if isinstance(fact.doubt, str) or larger else "counted"] += 1
    (told,) = of_kind(made(desk(pages, chosen), stories()[page]), missing.Missing)
    assert isinstance(told, missing.Missing)
    assert (told.reports, told.having, told.bare) == (len(reports), len(having), len(bare))
    assert {"counted": told.counted, **told.left} == {"counted": 0, **dict.fromkeys(missing.LEFT, 0), **kinds}
    assert told.cells == sum(kinds.values())
    (switched,) = of_kind(made(desk(pages, chosen, doubt=True), stories()[page]), missing.Missing)
    assert isinstance(switched, missing.Missing)
    assert (switched.counted, switched.suspect) == (kinds["counted"] + kinds["doubted"], kinds["doubted"])


@pytest.mark.parametrize("chosen", FILTERS.values(), ids=FILTERS)
def test_tables_findings_places_and_agencies_are_counted_as_in_the_files(
    pages: Dataset, parquet: dict[str, pd.DataFrame], chosen: dict[str, str]
) -> None:
    reports = selected(parquet, chosen)
    own = {
        name: parquet[name][parquet[name]["report_id"].isin(reports["report_id"])] for name in ("tables", "findings")
    }
    tables = own["tables"][own["tables"]["status"] != "not_on_form"]
    told = missing.of_tables(own["tables"], len(reports))
    assert told in made(desk(pages, chosen), stories()["coverage"])
    assert (told.asked, told.read) == (len(tables), int(tables["status"].isin(["read", "blank"]).sum()))
    lost = tables[tables["status"].isin(["incomplete", "absent"])]["table"].value_counts()
    shares = (lost / tables["table"].value_counts()).fillna(0)
    assert (told.lacking, told.having) == (lost.get(told.worst, 0), (tables["table"] == told.worst).sum())
    assert shares.get(told.worst, 0) == (shares.max() if len(shares) else 0)
    found = evidence.of_findings(own["findings"], len(reports))
    each = own["findings"].drop_duplicates(["report_id", "check_id"])["check_id"].value_counts()
    assert (found.findings, found.often) == (len(own["findings"]), int(each.max()) if len(each) else 0)
    (placed,) = of_kind(made(desk(pages, chosen), stories()["regions"]), evidence.Places)
    states = reports["region_status"].value_counts()
    assert isinstance(placed, evidence.Places)
    assert [getattr(placed, s) for s in ("stated", "inferred", "ambiguous", "unknown")] == [
        states.get(s, 0) for s in ("stated", "inferred", "ambiguous", "unknown")
    ]
    years = reports.dropna(subset=["agency_id", "report_year"]).groupby("agency_id")["report_year"].nunique()
    panel = limits.panel(desk(pages, chosen).reports)
    assert (panel.agencies, panel.several) == (len(years), int((years > 1).sum()))


def test_units_of_amounts_are_told_by_grade(pages: Dataset, parquet: dict[str, pd.DataFrame]) -> None:
    facts = parquet["facts"].merge(parquet["reports"], on="report_id")
    rows = facts[(facts["code"] == "procurement.amount") & (facts["state"] == "number") & (facts["value"] != 0)]
    told = limits.units(desk(pages, {}).cells([("procurement.amount", "")]))
    assert told.amounts == len(rows)
    assert told.unknown == int((rows["unit_source"] == "unknown").sum()) > 0
    assert told.inferred == int(rows["unit_source"].str.startswith("inferred").sum()) > 0


frames = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "unknown"]),
        st.sampled_from(["2019", "2020", "2021", "2023", "unknown"]),
        st.integers(0, 1),
        st.one_of(st.just(float("nan")), st.integers(0, 10**6).map(float)),
    ),
    max_size=24,
    unique_by=lambda row: row[:2],
)


def frame(rows: list[tuple[str, str, int, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=pd.Index(["group", "year", "line", "value"])).assign(form="2019")


@given(frames)
def test_a_change_never_joins_lines_years_apart_or_different_agencies(rows: list[tuple[str, str, int, float]]) -> None:
    values = {(g, int(y), line): v for g, y, line, v in rows if g != "unknown" and y != "unknown" and not math.isnan(v)}
    expected: defaultdict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for (group, year, line), old in values.items():
        if (group, year + 1, line) in values:
            expected[year, line].append((old, values[group, year + 1, line]))
    found = change.pairs(frame(rows), "granted")
    assert sorted((one.before, one.agencies, one.old, one.new) for one in found) == sorted(
        (year, len(some), sum(a for a, _ in some), sum(b for _, b in some)) for (year, _), some in expected.items()
    )


@given(frames)
def test_the_largest_change_has_its_sign_and_no_division_by_zero(rows: list[tuple[str, str, int, float]]) -> None:
    told = change.largest({"granted": frame(rows)})
    others = [one for one in change.pairs(frame(rows), "granted") if max(one.old, one.new) >= change.LEAST]
    if told is None:
        assert all(one.difference == 0 for one in others)
        return
    assert 0 < told.weight == max(one.weight for one in others) <= 1
    assert (told.share is None) == (told.old == 0)
    for lang, words in {"zh": ("增至", "减至"), "en": ("rose", "fell")}.items():
        said = told.told(Words(lang))
        assert words[told.difference < 0] in said
        assert words[told.difference > 0] not in said
        assert "nan" not in said
        assert "inf" not in said


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("a", "2020", 0, 50.0), ("b", "2020", 0, 70.0)],  # a single year
        [("a", "2020", 0, float("nan")), ("a", "2021", 0, float("nan"))],  # all missing
        [("a", "2020", 0, 50.0), ("b", "2021", 0, 70.0)],  # no agency in both
        [("a", "2020", 0, 50.0), ("a", "2021", 1, 70.0)],  # the line breaks between
        [("a", "2020", 0, 50.0), ("a", "2022", 0, 70.0)],  # a year apart
        [("unknown", "2020", 0, 50.0), ("unknown", "2021", 0, 70.0)],  # nobody's
        [("a", "2020", 0, 50.0), ("a", "2021", 0, 50.0)],  # nothing changed
        [("a", "2020", 0, 3.0), ("a", "2021", 0, 9.0)],  # a matter of single cases
    ],
)
def test_where_nothing_compares_nothing_is_said(rows: list[tuple[str, str, int, float]]) -> None:
    assert change.largest({"granted": frame(rows)}) is None


def test_numbers_follow_the_language() -> None:
    one = change.Change("fee_amount", 2021, 2022, 242_523_110.82, 91_163_600.0, 3)
    assert "由2.43亿元减至9,116万元，减少62.4%（只比两年都有数的 3 个机关）" in one.told(Words("zh"))
    assert "from 243M yuan to 91.2M yuan, by 62.4% (only agencies with both years: 3)" in one.told(Words("en"))


@pytest.mark.parametrize(
    ("count", "whole", "told"),
    [(1, 4306, "<0.1%"), (4305, 4306, ">99.9%"), (0, 7, "0.0%"), (7, 7, "100.0%"), (1, 8, "12.5%")],
)
def test_a_share_never_rounds_what_is_there_to_nothing(count: int, whole: int, told: str) -> None:
    assert numbers.share(count, whole) == told


@given(st.lists(st.sampled_from([*queries.EMPTY, "number", "doubted", "unvalued"]), max_size=12), st.booleans())
def test_kinds_of_missing_cells_add_up(kinds: list[str], doubt: bool) -> None:
    cells = pd.DataFrame(
        {
            "report_id": [f"r{n // 2}" for n in range(len(kinds))],
            "state": ["number" if kind in ("doubted", "unvalued") else kind for kind in kinds],
            "value": [1.0 if kind in ("number", "doubted") else float("nan") for kind in kinds],
            "doubt": ["!" if kind == "doubted" else None for kind in kinds],
            "verdict": None,
        }
    ).astype({"report_id": "str", "state": "str", "value": "float64"})
    told = missing.of_cells(cells, 6, doubt=doubt)
    assert told.counted + sum(told.left.values()) == told.cells == len(kinds)
    assert told.left["doubted"] == (0 if doubt else kinds.count("doubted"))
    for lang in LANGUAGES:
        said = told.told(Words(lang))
        named = {kind: f"{Words(lang)(f'table.{kind}')} {n}" for kind, n in told.left.items()}
        assert {kind for kind, text in named.items() if text in said} == {kind for kind, n in told.left.items() if n}


def sentences(app: AppTest) -> str:
    return "\n".join(one.value for one in app.text)


@pytest.mark.parametrize("page", stories())
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_data_begins_with_sentences(page: str, lang: str) -> None:
    said = sentences(visit(page, lang=lang))
    assert said
    assert HARM not in said
    assert "{" not in said


def test_sentences_follow_the_filters() -> None:
    """甲县教育局 did not hold 3, 12 and 0 of what it was asked for in three years; only it has more than one."""
    whole = "变化最大的是不掌握、不存在：2020→2021年由12件减至0件，减少100.0%（只比两年都有数的 1 个机关）"
    assert whole in sentences(visit("outcomes"))
    assert "2019→2020年由10件增至40件，增加300.0%" in sentences(visit("outcomes", year="2019,2020"))
    assert "变化最大" not in sentences(visit("outcomes", year="2020"))
    assert "4 个机关里只有 1 个有两年以上的报告" in sentences(visit("outcomes"))
    assert "4 个机关都只有一年的报告" in sentences(visit("outcomes", level="province,street,county", year="2023,2020"))


def test_sentences_follow_the_switch_of_doubt() -> None:
    assert "其余是存疑 1（12.5%）、单位未定 1（12.5%）" in sentences(visit("procurement"))
    switched = sentences(visit("procurement", doubt="1"))
    assert "存疑 1（" not in switched
    assert "计入的格里有 1 格存疑" in switched


def test_sentences_of_a_comparison_and_of_a_profile_are_of_the_chosen() -> None:
    app = visit("compare")
    assert "2020→2021年由40件减至7件" in sentences(app)
    assert "4 个对象" in sentences(app)
    assert "4 个机关里只有 1 个有两年以上的报告" in sentences(app)
    profile = visit("profile")
    assert "由40件减至7件" in sentences(profile)
    alone = visit("profile", who=str(profile.query_params["who"]), year="2020")
    assert "由40件减至7件" in sentences(alone)  # a profile shows all years of its agency, whatever the filter


def test_sentences_of_findings_are_of_the_chosen_severity() -> None:
    assert "1 条发现，涉及 1 份报告（16.7%），其中有错误的 1 份（16.7%）" in sentences(visit("findings"))
    assert "没有这种发现" in sentences(visit("findings", severity="warning"))
