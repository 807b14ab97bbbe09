"""What is downloaded equals the data, opens in a spreadsheet, and runs nothing there."""

import io

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.spreadsheet import FIGURE, FORMULA, neutral, printed
from dashboard import data, downloads
from dashboard.data import Dataset
from dashboard.selection import Selection
from tests.made import HARM, publish


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return data.read(publish(tmp_path_factory.mktemp("made")) / "versions" / "made1")


def back(content: bytes) -> pd.DataFrame:
    assert content.startswith(b"\xef\xbb\xbf")
    return pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", keep_default_na=False, dtype="str")


def test_long_table_equals_the_parquet(made: Dataset) -> None:
    found = back(downloads.csv(downloads.facts(made, made.reports)))
    stored = pq.read_table(made.folder / "facts.parquet").to_pylist()
    assert len(found) == len(stored)
    key = ["report_id", "code", "applicant"]
    mine = {tuple(row[k] for k in key): row for row in found.to_dict("records")}
    for fact in stored:
        row = mine[str(fact["report_id"]), str(fact["code"]), fact["applicant"] or ""]
        assert (float(row["value"]) if row["value"] else None) == fact["value"]
        assert (row["state"], row["unit_source"], row["doubt"]) == (
            fact["state"],
            fact["unit_source"] or "",
            fact["doubt"] or "",
        )
        assert row["raw"] == fact["raw"]
        assert row["start"] == ("" if fact["start"] is None else str(fact["start"]))


def test_filtered_is_what_is_downloaded(made: Dataset) -> None:
    chosen = Selection(province=("33",), year=("2019",)).apply(made.reports)
    found = back(downloads.csv(downloads.facts(made, chosen)))
    assert set(found["report_id"]) == {"r1"}
    assert len(found) == downloads.count(made, chosen)
    assert list(back(downloads.csv(downloads.panel(made, chosen)))["report_id"]) == ["r1"]
    assert downloads.file_name("facts", chosen, "v1") == "ogi_facts_331099_2019_v1.csv"
    assert downloads.file_name("facts", made.reports, "v1") == "ogi_facts_all_2019-2023_v1.csv"


def test_panel_has_a_row_a_report_and_its_states_tell_why_a_cell_is_empty(made: Dataset) -> None:
    values = {row["report_id"]: row for row in downloads.panel(made, made.reports).to_dict("records")}
    states = {row["report_id"]: row for row in downloads.panel(made, made.reports, "state").to_dict("records")}
    assert list(values) == list(states) == [f"r{i}" for i in range(1, 7)]
    assert values["r4"]["received"] == values["r4"]["received__person"] == 60
    assert values["r2"]["procurement.amount__unit_source"] == "inferred_high"
    assert pd.isna(values["r2"]["normative.published"])
    found = [states[report]["normative.published"] for report in ("r1", "r2", "r3")]
    assert found == ["number", "blank", "not_on_form"]
    assert states["r3"]["normative.repealed"] == "dash"
    assert states["r5"]["received"] == "unread"
    assert states["r4"]["normative.public_total"] == "text"


def test_reports_go_out_as_published(made: Dataset) -> None:
    assert not [column for column in downloads.reports(made, made.reports) if str(column).endswith("_key")]


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-2+3", "@x", "|x", "%x", "\tx", "\rx", " =1", "\u3000＝1", "＋x", "\ufeff=1"]
)
def test_formulas_are_neutralised(text: str) -> None:
    row = back(downloads.csv(pd.DataFrame({"=head": [text]})))
    assert neutral(text) == f"'{text}"
    assert list(row.columns) == ["'=head"]


@pytest.mark.parametrize("text", ["+5", "-3", "-1,234.5", "0", "文字", "a=b", "-", "--", ""])
def test_figures_and_plain_text_stay(text: str) -> None:
    assert neutral(text) == text


@given(st.one_of(st.text("'=+-@% \u3000＝1,.x", max_size=8), st.text(max_size=8)))
def test_a_neutral_cell_can_be_read_back_and_does_not_run(text: str) -> None:
    assert printed(neutral(text)) == text
    assert not FORMULA.match(neutral(text)) or neutral(text).startswith("'") or FIGURE.match(text)


def test_numbers_stay_numbers_and_harm_is_quoted(made: Dataset) -> None:
    content = downloads.csv(pd.DataFrame({"n": [-5.0, 2.5], "t": [HARM, None]})).decode("utf-8-sig")
    assert content.splitlines()[1].startswith("-5.0,\"'=cmd")
    assert content.splitlines()[2] == "2.5,"


def test_codebook_has_every_measure_in_both_languages() -> None:
    rows = downloads.codebook()
    assert rows[rows["class"] == "measure"]["name"].is_unique
    assert (rows[["label_zh", "label_en"]] != "").all(axis=None)
