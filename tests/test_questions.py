"""Questions that a researcher would ask of the shipped reports: the pages and a plain reading of the Parquet agree.

The pages answer through `dashboard.queries`; the other answer joins the tables by hand and shares nothing with them but
the files. What is known by eye from the reports is written out.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from codebook import book
from dashboard import coverage, queries
from dashboard import data as opened
from dashboard.data import Dataset
from dashboard.selection import Selection
from loaders import publish

LOCAL = ("township", "street")
ZONE = "平潭综合实验区管委会"


@pytest.fixture(scope="module")
def pages(shipped: Path) -> Dataset:
    """The data as the pages open it."""
    return opened.read(publish.current(shipped))


@pytest.fixture(scope="module")
def plain(shipped: Path) -> pd.DataFrame:
    """Every fact of a report that counts, joined with its report: what SQL over the Parquet sees."""
    version = publish.current(shipped)
    facts, reports = (pd.read_parquet(version / f"{name}.parquet") for name in ("facts", "reports"))
    return facts.merge(reports[reports["is_current"]], on="report_id", suffixes=("", "_report"))


def asked(pages: Dataset, items: list[queries.Item], **chosen: tuple[str, ...]) -> pd.DataFrame:
    """The cells behind a page with such filters."""
    return queries.cells(pages, Selection(**chosen).apply(pages.reports), items)


def test_procurement_of_each_agency_in_2019_and_2020(pages: Dataset, plain: pd.DataFrame) -> None:
    amounts, answers = queries.items("procurement.amount"), {}
    for year in ("2019", "2020"):
        table = queries.totals(asked(pages, amounts, year=(year,)), "agency")
        answers[year] = table[(table["n"] > 0) & (table["group"] != "unknown")].set_index("group")["value"].to_dict()
        rows = plain[(plain["code"] == "procurement.amount") & (plain["report_year"] == int(year))]
        rows = rows[rows["value"].notna() & rows["doubt"].isna() & rows["agency_id"].notna()]
        rows = rows[rows["scope_doubt"].isna()]  # 佳东街道: its district's figures would be counted as a street's
        assert answers[year] == pytest.approx(rows.groupby("agency_id")["value"].sum().to_dict())
    names = dict(zip(pages.reports["agency_key"], pages.reports["agency"], strict=True))
    found = {names[key]: value for key, value in answers["2019"].items()}
    assert found["嘉祥县卧龙山街道"] == 23_580_000
    assert found["杨凌示范区教育局"] == 9_768_100
    # Both years: one agency has both reports, and its amounts could not be cut out of figures that ran together.
    reported = plain[plain["report_year"].isin((2019, 2020))].groupby("agency")["report_year"].nunique()
    assert list(reported[reported > 1].index) == [ZONE]
    assert answers["2019"].keys() & answers["2020"].keys() == set()


def test_townships_that_print_nothing_but_zeros(pages: Dataset, plain: pd.DataFrame) -> None:
    """Of townships and streets whose request table was read, how many have no number above zero in it."""
    codes = [one.code for one in book().measures.values() if one.table == "requests"]
    cells = asked(pages, [(c, a) for c in codes for a in queries.APPLICANTS], level=LOCAL)
    cells = cells[cells["state"] != "unread"]
    answer = cells.groupby("report_id")["value"].max() == 0
    rows = plain[(plain["table"] == "requests") & plain["agency_level"].isin(LOCAL)]
    zeros = rows.groupby("report_id")["value"].apply(lambda values: bool((values.fillna(0) == 0).all()))
    assert answer.to_dict() == zeros.to_dict()
    whole = set(
        coverage.tables(pages, pages.reports).query("table == 'requests' and status == 'read'")["report_id"]
    ) & set(pages.reports.index[pages.reports["level_key"].isin(LOCAL)])
    assert set(answer.index) == whole
    named = {str(pages.reports["agency"][str(report)]): bool(zero) for report, zero in answer.items()}
    assert named == {
        "洪家街道": False,
        "平凉市崆峒区崆峒镇人民政府": True,
        "嘉祥县卧龙山街道": True,
        "包头市昆都仑区前进道街道办事处": True,
        "东风区佳东街道办事处": False,
    }


def may_issue(level: object, kind: object) -> bool:
    """Whether the law lets a body issue 规章: ministries, and governments of provinces and larger cities."""
    return level == "national" or (kind == "government" and level in ("province", "prefecture"))


def test_who_prints_regulations_without_the_right_to_issue_them(pages: Dataset, plain: pd.DataFrame) -> None:
    items = [item for item in queries.items("regulations.*", "zj.regulations.*") if not item[0].endswith("repealed")]
    table = queries.totals(asked(pages, items), "agency", doubt=True)
    over = set(table.loc[(table["value"] > 0) & (table["group"] != "unknown"), "group"])
    bodies = pages.reports.drop_duplicates("agency_key").set_index("agency_key")
    answer = {
        str(bodies.loc[key, "agency"])
        for key in over
        if not may_issue(bodies.loc[key, "agency_level"], bodies.loc[key, "agency_type"])
    }
    rows = plain[plain["code"].isin([code for code, _ in items]) & (plain["value"] > 0) & plain["agency"].notna()]
    right = [may_issue(*pair) for pair in zip(rows["agency_level"], rows["agency_type"], strict=True)]
    assert answer == set(rows.loc[[not one for one in right], "agency"])
    assert {
        "始兴县退役军人事务局",  # 6, a county bureau
        "炎陵县九龙工业园管理委员会",  # 1, a park
        "衡阳市衡东县杨林镇人民政府",  # 1, a town
        "广东省文化和旅游厅",  # 1, a department of a province
    } <= answer


def test_disclosure_volume_of_pingtan_and_its_breaks(pages: Dataset, plain: pd.DataFrame) -> None:
    """What one agency discloses over the years; what a form does not have is no zero and joins nothing."""
    (key,) = set(pages.reports.loc[pages.reports["agency"] == ZONE, "agency_key"])
    items = queries.items("normative.*", "regulations.*", "*.decisions", "fees.amount")
    cells = asked(pages, items, agency=(key,))
    table = queries.totals(cells, "year")
    counted = table[table["n"] > 0].set_index(["group", "code"])["value"].to_dict()
    rows = plain[(plain["agency"] == ZONE) & plain["code"].isin([code for code, _ in items])]
    rows = rows[rows["value"].notna() & rows["doubt"].isna()]
    sums = rows.groupby([rows["report_year"].astype("int64").astype("str"), "code"])["value"].sum()
    assert counted == pytest.approx(sums.to_dict())
    assert len(counted) > 10
    # The break of the form: the old stock ends where the new one begins, and no year has both.
    years = {code: set(part["year_key"]) for code, part in cells.groupby("code")}
    assert years["normative.public_total"] == {"2019", "2020"}
    assert years["normative.in_force"] == {"2021", "2022", "2023"}
    # Every year of the zone is there, read or not: a year that could not be read is unread and not left out.
    assert {"2019", "2020", "2021", "2022", "2023"} <= set(
        pages.reports.loc[pages.reports["agency"] == ZONE, "year_key"]
    )
