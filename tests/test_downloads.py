"""What is downloaded equals the data in every format, opens in a spreadsheet, and runs nothing there."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from math import isnan
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from lxml import etree
from pandas.io.stata import StataReader

from codebook import book
from codebook.spreadsheet import neutral, printed
from codebook.terms import fields
from dashboard import data, downloads
from dashboard.data import Dataset
from dashboard.desk import Desk
from dashboard.selection import Selection
from dashboard.take import comma, lists, states, workbook
from dashboard.take.bundle import variables
from dashboard.take.long import long, universe
from dashboard.take.parquet import parquet
from dashboard.take.slip import Slip
from dashboard.take.stata import NAME, TAKEN, dta, names
from dashboard.take.table import Table, of_frame
from dashboard.take.wide import wide
from dashboard.take.workbook import TooManyRowsError, xlsx
from dashboard.words import Words
from tests.made import HARM, MONEY, publish

Rows = list[dict[str, Any]]
FORMULAS = ["=1+1", "+cmd", "-2+3", "@x", "|x", "%x", "\tx", "\rx", " =1", "\u3000＝1", "＋x", "\ufeff=1"]
PLAIN = ["+5", "-3", "-1,234.5", "0", "文字", "a=b", "-", "--", ""]
SLIP = Slip("made1", "book1", date(2026, 11, 25), 6, doubt=False, address="https://data.example.cn/?version=made1")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return data.read(publish(tmp_path_factory.mktemp("made")) / "versions" / "made1")


def back(content: bytes) -> pd.DataFrame:
    assert content.startswith(b"\xef\xbb\xbf")
    return pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", keep_default_na=False, dtype="str")


def stored(made: Dataset) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = pq.read_table(made.folder / "facts.parquet").to_pylist()
    return {(str(row["report_id"]), str(row["code"]), row["applicant"] or ""): row for row in rows}


def none(cell: Any) -> Any:
    """None for an empty cell of any format."""
    return None if cell is None or cell is pd.NA or cell == "" or (isinstance(cell, float) and isnan(cell)) else cell


def rows_of(frame: pd.DataFrame) -> Rows:
    return [{str(name): none(cell) for name, cell in row.items()} for row in frame.astype("object").to_dict("records")]


# How each format is read back: rows with texts as printed in the report, and None for an empty cell.
def from_csv(table: Table) -> Rows:
    return [
        {printed(name): cell and printed(cell) for name, cell in row.items()} for row in rows_of(back(comma.csv(table)))
    ]


def from_xlsx(table: Table) -> Rows:
    frame = pd.read_excel(io.BytesIO(xlsx(table, SLIP)), sheet_name="data", keep_default_na=False, dtype="object")
    # XML has no carriage return of its own: it stands as _x000D_, which this reader leaves as it is.
    return [
        {n: printed(c.replace("_x000D_", "\r")) if isinstance(c, str) else c for n, c in row.items()}
        for row in rows_of(frame)
    ]


def from_parquet(table: Table) -> Rows:
    rows: Rows = pq.read_table(io.BytesIO(parquet(table, SLIP))).to_pylist()
    return rows


def from_stata(table: Table) -> Rows:
    old = {new: old for old, new in names(table).items()}
    return [
        {old[name]: cell for name, cell in row.items()} for row in rows_of(pd.read_stata(io.BytesIO(dta(table, SLIP))))
    ]


READERS: dict[str, Callable[[Table], Rows]] = {
    "csv": from_csv,
    "xlsx": from_xlsx,
    "parquet": from_parquet,
    "dta": from_stata,
}


@pytest.mark.parametrize("form", READERS)
def test_long_table_equals_the_parquet(made: Dataset, form: str) -> None:
    table = long(made, made.reports)
    found = READERS[form](table)
    assert len(found) == table.rows
    facts, seen = stored(made), set()
    for row in found:
        key = row["report_id"], row["code"], row["applicant"] or ""
        fact = facts.get(key)
        if fact is None:
            assert state_of(row["state"]) in ("unread", "not_on_form")
            assert row["value"] is None
            continue
        seen.add(key)
        assert (None if row["value"] is None else float(row["value"])) == fact["value"]
        assert state_of(row["state"]) == fact["state"]
        for column in ("raw", "doubt", "label_raw", "place"):
            assert (row[column] or None) == (fact[column] or None)
        assert (None if row["start"] is None else int(row["start"])) == fact["start"]
    assert seen == facts.keys()


def state_of(told: str) -> str:
    """The state of a cell; Stata's reader gives its label."""
    return next((state for state in states.STATES if told == state or told.startswith(LABELS[state])), told)


LABELS = {
    "number": "数字 ",
    "blank": "空白 ",
    "dash": "短横或斜杠 ",
    "text": "文字 ",
    "not_on_form": "本表式无此项 ",
    "unread": "未读到 ",
    "not_collected": "没有收集到报告 ",
    "doubtful": "存疑（",
    "unit_unknown": "单位未定 ",
    "not_told": "正文没有写 ",
}


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("doubt", [False, True])
def test_wide_table_equals_the_parquet(made: Dataset, form: str, doubt: bool) -> None:
    found = {row["report_id"]: row for row in READERS[form](wide(made, made.reports, doubt=doubt))}
    assert sorted(found) == [f"r{i}" for i in range(1, 7)]
    expected: dict[tuple[str, str], dict[str, Any]] = {}
    for (report, code, applicant), fact in stored(made).items():
        expected[report, code if applicant in ("", "total") else f"{code}__{applicant}"] = fact
    items = {name for _, name in expected}
    assert items <= found["r1"].keys()
    for (report, name), fact in expected.items():
        cell = found[report][name]
        assert (None if cell is None else float(cell)) == (None if fact["doubt"] and not doubt else fact["value"])
        kind = "doubtful" if fact["doubt"] else "unit_unknown" if report == "r5" and fact["raw"] == "8040" else None
        assert state_of(found[report][f"{name}__state"]) == (kind or fact["state"])
    empty = [(report, name) for report in found for name in items if (report, name) not in expected]
    assert empty
    for report, name in empty:
        assert found[report][name] is None
        assert state_of(found[report][f"{name}__state"]) in ("unread", "not_on_form", "not_told")


def test_the_kinds_of_empty_are_told_apart(made: Dataset) -> None:
    chosen = made.reports[made.reports["report_id"].isin(["r1", "r2", "r3", "r5", "r4"])]
    gaps = lists.gaps(chosen, made.reports, ("2019", "2022"))
    table = wide(made, chosen, gaps=gaps)
    found = {str(row["report_id"]): row for row in table.whole().to_dict("records")}
    told = {report: row["normative.published__state"] for report, row in found.items()}
    assert (told["r1"], told["r2"], told["r3"], told["nan"]) == ("number", "blank", "not_on_form", "not_collected")
    assert found["r3"]["normative.repealed__state"] == "dash"
    assert found["r5"]["received__state"] == "unread"
    assert found["r4"]["normative.public_total__state"] == "text"
    assert found["r4"]["procurement.amount__state"] == "doubtful"
    assert found["r5"]["procurement.amount__state"] == "unit_unknown"
    assert found["r2"]["narrative.disclosed_total__state"] == "not_told"
    assert found["r4"]["normative.made"] == 0
    assert found["r4"]["normative.made__state"] == "number"
    # The same in Stata: .a, .b … as its own missing values, with labels.
    with StataReader(io.BytesIO(dta(table, SLIP))) as reader:
        labels = reader.value_labels()
    file = io.BytesIO(dta(table, SLIP))
    rows = pd.read_stata(file, convert_missing=True, convert_categoricals=False).to_dict("records")
    stata = {str(row["report_id"]): row for row in rows}
    assert [str(stata[r]["normative_published"]) for r in ("r1", "r2", "r3", "")] == ["2.0", ".a", ".d", ".f"]
    assert str(stata["r3"]["normative_repealed"]) == ".b"
    assert str(stata["r5"]["received"]) == ".e"
    assert str(stata["r4"]["normative_public_total"]) == ".c"
    assert str(stata["r4"]["procurement_amount"]) == ".g"
    assert str(stata["r5"]["procurement_amount"]) == ".h"
    assert str(stata["r2"]["narrative_disclosed_total"]) == ".i"
    assert stata["r4"]["normative_made"] == 0
    assert labels["received"][2_147_483_622] == "空白 blank"
    # And in the long table.
    rows = long(made, chosen, gaps=gaps).whole().to_dict("records")
    kinds = {(row["report_id"], row["code"]): row["state"] for row in rows if pd.isna(row["applicant"])}
    assert kinds["r2", "normative.published"] == "blank"
    assert kinds["r3", "normative.published"] == "not_on_form"
    assert {row["state"] for row in rows if pd.isna(row["report_id"])} == {"not_collected"}


def test_gaps_are_years_without_a_report(made: Dataset) -> None:
    reports = made.reports
    assert lists.gaps(reports, reports).empty
    without = reports[reports["report_id"] != "r2"]
    found = lists.gaps(without, without)
    assert [(row["agency"], row["report_year"]) for row in found.to_dict("records")] == [("甲县教育局", 2020)]
    assert lists.gaps(without, reports).empty  # a report that the filters leave out is there
    chosen = lists.gaps(reports[reports["report_id"] == "r6"], reports, ("2022", "2023", "unknown"))
    assert list(chosen["report_year"]) == [2022]
    assert lists.gaps(reports[reports["report_id"] == "r6"].iloc[:0], reports, ("2022",)).empty


def test_missing_rows_are_those_of_the_forms(made: Dataset) -> None:
    rows = long(made, made.reports).whole()
    assert len(rows.drop_duplicates(["report_id", "code", "applicant"])) == len(rows)
    cells = {(code, applicant or "") for code, applicant in universe()}
    for _, one in rows[~rows["code"].str.startswith("narrative.")].groupby("report_id"):
        assert set(zip(one["code"], one["applicant"].fillna(""), strict=True)) == cells
    assert (
        len(long(made, made.reports, missing=False).whole()) == len(stored(made)) == downloads.count(made, made.reports)
    )


def test_long_table_in_parts_is_the_same(made: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, broad = comma.csv(long(made, made.reports)), comma.csv(wide(made, made.reports))
    monkeypatch.setattr("dashboard.take.long.BLOCK", 2)
    monkeypatch.setattr("dashboard.take.wide.BLOCK", 2)
    assert len(list(long(made, made.reports).parts())) == 3
    assert comma.csv(long(made, made.reports)) == whole
    assert comma.csv(wide(made, made.reports)) == broad


def test_filtered_is_what_is_downloaded(made: Dataset) -> None:
    selection, words = Selection(province=("33",), year=("2019",)), Words("zh")
    chosen = selection.apply(made.reports)
    found = back(comma.csv(long(made, chosen, missing=False)))
    assert set(found["report_id"]) == {"r1"}
    assert len(found) == downloads.count(made, chosen)
    assert list(back(comma.csv(wide(made, chosen)))["report_id"]) == ["r1"]
    assert set(lists.tables(made, chosen).whole()["report_id"]) == {"r1"}
    narrow, all_of_it = Desk(made, selection, words, chosen, False), Desk(made, Selection(), words, made.reports, False)
    assert downloads.named(narrow, "long") == f"ogi_long_331099_2019_{made.version}.csv"
    assert downloads.named(all_of_it, "long", "dta") == f"ogi_long_all_2019-2023_{made.version}.dta"
    empty = made.reports.iloc[:0]
    assert long(made, empty).rows == len(long(made, empty).whole()) == 0


@pytest.mark.parametrize("doubt", [False, True])
def test_the_switch_of_doubtful_values_is_told(made: Dataset, doubt: bool) -> None:
    told = "included" if doubt else "left_out"
    rows = long(made, made.reports, doubt=doubt).whole()
    money = rows[(rows["code"] == "procurement.amount") & (rows["report_id"] == "r4")].iloc[0]
    assert (money["value"], money["counted"], money["doubt"]) == (24_680_000, doubt, MONEY["r4"][3])
    assert (
        set(rows["doubtful_values"]) == set(wide(made, made.reports, doubt=doubt).whole()["doubtful_values"]) == {told}
    )
    slip = Slip("v", "b", date(2026, 1, 1), 1, doubt=doubt)
    assert ("不计入" in slip.line("zh")) is not doubt
    assert ("left out" in slip.line("en")) is not doubt


def test_reports_go_out_as_published(made: Dataset) -> None:
    assert not [c for c in lists.reports(made, made.reports).columns if c.name.endswith("_key")]


def test_every_column_is_described(made: Dataset) -> None:
    broad = wide(made, made.reports)
    made_of = [long(made, made.reports), lists.reports(made, made.reports), lists.tables(made, made.reports)]
    columns = [c for table in (*made_of, broad, lists.codebook(), variables(broad)) for c in table.columns]
    assert [c.name for c in columns if not (c.label_zh and c.label_en)] == []
    published = {field for table, field in fields() if table != "download"}
    items = {c.name for c in broad.columns if c.name.partition("__")[0] in book().measures}
    added = {c.name for c in columns} - items
    handed = {field for table, field in fields() if table == "download"}
    assert added - published <= handed
    assert handed <= added


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_neutralised(text: str) -> None:
    row = back(downloads.csv(pd.DataFrame({"=head": [text]})))
    assert neutral(text) == f"'{text}"
    assert list(row.columns) == ["'=head"]
    assert printed(neutral(text)) == text


@pytest.mark.parametrize("text", PLAIN)
def test_figures_and_plain_text_stay(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize("text", [*FORMULAS, *PLAIN, "'", "''", "'=1", "'a"])
def test_text_comes_back_as_it_was(text: str) -> None:
    """Through every format: the apostrophe is taken away again, or was never there."""
    frame = pd.DataFrame({"report_id": ["r"], "raw": [text]}, dtype="str")
    for form, reader in READERS.items():
        found = reader(of_frame("data", frame))[0]["raw"]
        assert (found or "") == text, form


def test_numbers_stay_numbers_and_harm_is_quoted() -> None:
    content = downloads.csv(pd.DataFrame({"n": [-5.0, 2.5], "t": [HARM, None]})).decode("utf-8-sig")
    assert content.splitlines()[1].startswith("-5,\"'=cmd")
    assert content.splitlines()[2] == "2.5,"
    assert not downloads.csv(pd.DataFrame({"n": [1]}), mark=False).startswith(b"\xef\xbb\xbf")


def test_workbook_has_no_formula_no_link_and_its_sheets(made: Dataset) -> None:
    frame = pd.DataFrame({"=head": [*FORMULAS, HARM, "https://evil.example/", None], "n": range(len(FORMULAS) + 3)})
    others = (lists.codebook(), lists.reports(made, made.reports))
    content = xlsx(of_frame("x", frame), SLIP, others)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheets = [etree.fromstring(part) for name, part in parts.items() if name.startswith("xl/worksheets/sheet")]
    space = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    assert len(sheets) == 4
    assert [cell for sheet in sheets for cell in sheet.iterfind(".//s:f", space)] == []
    assert [cell for sheet in sheets for cell in sheet.iterfind(".//s:hyperlink", space)] == []
    texts = etree.fromstring(parts["xl/sharedStrings.xml"]).iterfind(".//s:t", space)
    bare = [one.text for one in texts if one.text and not one.text.startswith("'")]
    assert [text for text in bare if neutral(text) != text] == []
    numbers = sheets[0].findall(".//s:c[@r='B3']/s:v", space)
    assert [one.text for one in numbers] == ["1"]
    book_ = pd.ExcelFile(io.BytesIO(content))
    assert book_.sheet_names == ["data", "codebook", "reports", "about"]
    assert xlsx(of_frame("x", frame), SLIP, others) == content
    rows = pd.read_excel(book_, "about", header=None, dtype="str").to_numpy().tolist()
    about: dict[str, str] = dict(rows)
    assert "made1" in about["数据版本"]
    assert "[DS/OL]" in about["GB/T 7714"]


def test_a_workbook_keeps_to_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "长" * 40_000
    found = from_xlsx(of_frame("x", pd.DataFrame({"t": [text]})))[0]["t"]
    assert len(found) == workbook.LONGEST
    assert found.endswith(workbook.CUT)
    monkeypatch.setattr(workbook, "MOST", 1)
    with pytest.raises(TooManyRowsError):
        xlsx(of_frame("x", pd.DataFrame({"t": ["a", "b"]})), SLIP)


def test_stata_names_are_valid_and_each_once(made: Dataset) -> None:
    every = [f"{c}__{a}" for c in book().measures for a in book().applicants]
    every += [*book().measures, "if", "1st", "withheld.x__state", "期", *(f"{name}__state" for name in every)]
    found = names(of_frame("x", pd.DataFrame(columns=pd.Index(every))))
    assert len(set(found.values())) == len(every)
    for name in found.values():
        assert len(name) <= NAME
        assert name.isascii()
        assert name.replace("_", "a").isalnum()
        assert not name[0].isdigit()
        assert name not in TAKEN
    assert found["received__person"] == "received_per"


def test_stata_file_is_118_with_labels_and_the_same_each_time(made: Dataset) -> None:
    table = wide(made, made.reports)
    content = dta(table, SLIP)
    assert content.startswith(b"<stata_dta><header><release>118</release>")
    assert dta(table, SLIP) == content
    with StataReader(io.BytesIO(content)) as reader:
        told, kinds = reader.variable_labels(), reader.value_labels()
        assert "made1" in reader.data_label
    frame = pd.read_stata(io.BytesIO(content))
    assert told["received"].startswith("received 一、本年新收")
    assert frame["received_state"].tolist()[0] == "数字 number"
    assert set(frame["region_status"].dropna()) <= set(kinds["region_status"].values())
    column = variables(table).whole().set_index("variable")["column"]
    assert column["withheld_other_law_per"] == "withheld.other_law__person"
    assert set(column.index) == set(frame.columns)


def test_stata_keeps_the_greatest_figures_and_long_texts() -> None:
    table = of_frame("x", pd.DataFrame({"value": [8.9e15, 0.1, -5.0], "raw": ["长" * 3000, "", None]}))
    frame = pd.read_stata(io.BytesIO(dta(table, SLIP)))
    assert frame["value"].tolist() == [8.9e15, 0.1, -5.0]
    assert frame["raw"].tolist() == ["长" * 3000, "", ""]
    assert struct.pack("<d", 0.1) in dta(table, SLIP)


def test_parquet_keeps_types_and_text(made: Dataset) -> None:
    table = pq.read_table(io.BytesIO(parquet(long(made, made.reports), SLIP)))
    assert str(table.schema.field("value").type) == "double"
    assert str(table.schema.field("start").type) == "int64"
    assert table.schema.field("code").metadata[b"label_zh"].decode() == fields()["facts", "code"]["label_zh"]
    assert table.schema.metadata[b"version"] == b"made1"
    assert HARM in table.column("agency").to_pylist()


def test_codebook_has_every_measure_in_both_languages() -> None:
    rows = lists.codebook().whole()
    assert rows[rows["class"] == "measure"]["name"].is_unique
    assert (rows[["label_zh", "label_en"]] != "").all(axis=None)
