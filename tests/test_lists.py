"""The lists of before 2019: three real ones by eye, and parse(render(truth)) == truth in every layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from codebook import book
from loaders import report
from loaders.build import build
from loaders.intake.sources import find
from loaders.report import Report, Source
from loaders.trust.verify import verify
from tests import library, render_docx, render_html
from tests.listing import caption, filled, glued, listing, sheet
from tests.rendering import LAYOUTS
from tests.test_round_trip import other
from tests.truth import Cell, Key, load

REAL = library.REPORTS
NAMES = ("103_pingtan_county_2012", "107_pingtan_2014", "110_pingtan_2017")
FORMS = tuple(book().older)
SAID = {
    "103_pingtan_county_2012": ("fujian2008", 2012, "平潭县人民政府", "平潭县人民政府2012年政府信息公开情况统计表"),
    "107_pingtan_2014": ("fujian2014", 2014, "平潭综合实验区", "平潭综合实验区政府信息公开情况统计表"),
    "110_pingtan_2017": ("fujian2017", 2017, None, "政府信息公开情况统计表"),
}
# What ran together and no sum parts: read by its growth, and said to be so.
DOUBTED = {
    "103_pingtan_county_2012": {"fj.disclosed", "fj.disclosed_website"},
    "107_pingtan_2014": set(),
    "110_pingtan_2017": {"fj.disclosed_documents", "fj.disclosed_website"},
}


def read(text: str | bytes, name: str = "synthetic.txt") -> Report:
    data = text if isinstance(text, bytes) else text.encode()
    found = report.read(Source(name, data, synthetic=True))
    assert isinstance(found, Report), found
    return found


def apart(found: Report, truth: dict[Key, Cell]) -> list[str]:
    """Cells that are missing, extra or other than the truth."""
    facts = {(fact.code, fact.applicant or ""): fact for fact in found.facts if fact.table != "narrative"}
    wrong = [f"{key}: missing or extra" for key in facts.keys() ^ truth.keys()]
    return wrong + [told for key in facts.keys() & truth.keys() for told in other(facts[key], truth[key])]


@pytest.mark.parametrize("name", NAMES)
def test_a_real_list(name: str) -> None:
    found = read((REAL / f"{name}.txt").read_bytes())
    truth = load(library.truth_of(f"{name}.txt"))
    doubted = {fact.code.removesuffix(".cumulative") for fact in found.facts if fact.doubt}
    assert doubted == DOUBTED[name]
    assert [told for told in apart(found, truth) if "doubt" not in told] == []
    who = found.identity
    assert (found.reading.form, who.report_year, who.agency, who.title) == SAID[name]
    assert (found.status, found.findings) == ("complete", ())


def test_every_value_of_a_real_list_is_found_again(tmp_path: Path) -> None:
    build(find([REAL / f"{name}.txt" for name in NAMES]), tmp_path, audit=1.0)
    told = verify(tmp_path)
    assert (told.again, told.placeless, told.wrong) == (96, 0, ())


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", FORMS)
def test_a_rendered_list_reads_as_its_truth(form: str, layout: str) -> None:
    for seed in ("a", "b"):
        truth = filled(form, seed)
        text = caption(form) + "\n" + LAYOUTS[layout].write(sheet(truth, form)) + "\n本表为测试而作。\n"
        found = read(text)
        assert apart(found, truth) == [], text
        assert (found.reading.form, found.status) == (form, "complete")
        assert [one for one in found.findings if one.severity != "info"] == []
        assert found.identity.report_year == book().older[form].span[0]


@pytest.mark.parametrize("form", FORMS)
def test_a_list_in_a_page_and_in_a_word_file(form: str) -> None:
    truth = filled(form, "page")
    table = sheet(truth, form)
    page = f"<html><body><h1>{caption(form)}</h1>{render_html.table(table)}<p>本表为测试而作。</p></body></html>"
    word = render_docx.paragraph(render_docx.run(caption(form))) + render_docx.table(*render_docx.rows_of(table))
    for found in (read(page, "a.html"), read(render_docx.docx(word), "a.docx")):
        assert apart(found, truth) == []
        assert (found.reading.form, found.status) == (form, "complete")


@pytest.mark.parametrize(("form", "extra"), [("national2014", ("number",)), ("regional2008", ("code",))])
def test_numbered_and_coded_rows(form: str, extra: tuple[str, ...]) -> None:
    """A column of row numbers or codes is checked and is no value."""
    truth = filled(form, "extra")
    table = sheet(truth, form, extra=extra)
    for layout in ("pipe rows led by |", "cells parted by tabs"):
        found = read(caption(form) + "\n" + LAYOUTS[layout].write(table) + "\n无。\n")
        assert apart(found, truth) == []
        assert found.findings == ()


def test_a_code_out_of_its_row_refuses_the_list() -> None:
    truth = filled("regional2008", "extra")
    text = LAYOUTS["pipe rows"].write(sheet(truth, "regional2008", extra=("code",))).replace("| 07 |", "| 08 |")
    assert read(caption("regional2008") + "\n" + text).reading.tables["regional2008"].reason == "ROW_CELLS"


def test_regional_returns_with_the_year_only() -> None:
    truth = filled("regional2008", "year", columns=["year"])
    for layout in LAYOUTS.values():
        table = layout.write(sheet(truth, "regional2008", columns=["year"]))
        found = read(caption("regional2008") + "\n" + table + "\n无。\n")
        assert apart(found, truth) == []


@pytest.mark.parametrize("form", [form for form in FORMS if form.startswith("fujian")])
def test_what_ran_together_is_right_or_doubted_or_refused(form: str) -> None:
    read_whole = 0
    for seed in range(40):
        truth = filled(form, str(seed), most=30 if seed % 2 else 999)
        found = read(caption(form) + "\n" + glued(sheet(truth, form)))
        facts = [fact for fact in found.facts if not fact.doubt and fact.table != "narrative"]
        assert [told for fact in facts for told in other(fact, truth[fact.code, ""])] == []
        read_whole += found.status == "complete"
    assert read_whole >= 5


def test_one_column_that_ran_together_is_read_without_a_doubt() -> None:
    for seed in range(10):
        truth = filled("national2014", str(seed))
        found = read(caption("national2014") + "\n" + glued(sheet(truth, "national2014")) + "\n无。\n")
        assert apart(found, truth) == []


def test_the_same_labels_below_two_headings_are_told_by_the_order() -> None:
    keys = [entry.key for entry in listing("national2014").entries if entry.label == "（二）被依法纠错数"]
    assert keys == ["review.corrected", "lit.corrected"]
    truth = filled("national2014", "a")
    truth["n14.review.corrected", ""] = Cell("5", "number", 5.0)
    truth["n14.lit.corrected", ""] = Cell("7", "number", 7.0)
    facts = {fact.code: fact.value for fact in read(LAYOUTS["pipe rows"].write(sheet(truth, "national2014"))).facts}
    assert (facts["n14.review.corrected"], facts["n14.lit.corrected"]) == (5.0, 7.0)


def printed(form: str, layout: str = "a cell a line", seed: str = "a") -> str:
    return caption(form) + "\n" + LAYOUTS[layout].write(sheet(filled(form, seed), form)) + "\n无。\n"


def reason(text: str) -> str:
    return next((table.reason for table in read(text).reading.tables.values() if table.reason), "")


def test_another_unit_than_the_forms_is_a_doubt() -> None:
    text = printed("fujian2014", "pipe rows").replace("对申请的答复总数 | 条", "对申请的答复总数 | 件")
    doubts = {fact.code: fact.doubt for fact in read(text).facts if fact.doubt}
    assert doubts == dict.fromkeys(("fj.replies", "fj.replies.cumulative"), "计量单位印为“件”，表式为“条”")


def test_an_amount_follows_the_printed_unit() -> None:
    text = printed("fujian2014", "pipe rows")
    line = next(line for line in text.splitlines() if line.startswith("政府信息公开收费减免金额"))
    found = read(text.replace(line, "政府信息公开收费减免金额 | 万元 | 3 | 4.5 |"))
    amounts = {fact.code: (fact.value, fact.doubt) for fact in found.facts if fact.code.startswith("fj.fee_waived")}
    why = "计量单位印为“万元”，表式为“元”"
    assert amounts == {"fj.fee_waived": (30000.0, why), "fj.fee_waived.cumulative": (45000.0, why)}


def test_all_years_below_this_year_is_a_doubt() -> None:
    text = printed("fujian2017", "pipe rows")
    line = next(line for line in text.splitlines() if line.startswith("行政诉讼数"))
    doubts = {f.code: f.doubt for f in read(text.replace(line, "行政诉讼数 | 件 | 9 | 4 |")).facts if f.doubt}
    assert doubts == dict.fromkeys(("fj.suits", "fj.suits.cumulative"), "历年累计少于本年")


def test_blanks_are_seen_where_marks_show_them_and_doubted_elsewhere() -> None:
    truth = filled("fujian2008", "a") | {
        ("fj.suits", ""): Cell("", "blank", None),
        ("fj.suits.cumulative", ""): Cell("", "blank", None),
    }
    table = sheet(truth, "fujian2008")
    for layout in ("pipe rows", "pipe rows led by |", "Word paste", "cell and | a line", "cells parted by tabs"):
        found = read(caption("fujian2008") + "\n" + LAYOUTS[layout].write(table) + "\n无。\n")
        assert apart(found, truth) == [], layout
    lossy = read(caption("fujian2008") + "\n" + LAYOUTS["a cell a line"].write(table) + "\n无。\n")
    assert {fact.code for fact in lossy.facts if fact.doubt} == {"fj.suits", "fj.suits.cumulative"}


def test_a_list_without_figures_is_blank() -> None:
    truth = {key: Cell("", "blank", None) for key in filled("fujian2017", "a")}
    for layout in LAYOUTS.values():
        found = read(caption("fujian2017") + "\n" + layout.write(sheet(truth, "fujian2017")) + "\n无。\n")
        assert (found.status, {fact.doubt for fact in found.facts}) == ("blank", {None}), layout.name


def test_a_list_printed_twice() -> None:
    text = printed("fujian2017")
    again = read(text + "\n" + text)
    assert again.status == "complete"
    assert reason(text + "\n" + printed("fujian2017", seed="b")) == "TABLE_TWICE"


def test_a_header_repeated_on_the_next_page_is_no_row() -> None:
    text = printed("fujian2008", "pipe rows")
    head = next(line for line in text.splitlines() if line.startswith("指标名称"))
    found = read(text.replace("对申请的答复数 |", f"{head}\n对申请的答复数 |", 1))
    assert apart(found, filled("fujian2008", "a")) == []


def test_a_list_quoted_by_a_later_report_is_not_missed_there() -> None:
    """A report of 2019 that names the old items in its prose has no old table, refused or not."""
    names = "、".join(entry.label for entry in listing("national2014").entries)
    source = (Path(__file__).parent.parent / "data" / "reports" / "001_ae670e83d15f685b.txt").read_text("utf-8")
    assert "national2014" not in read(source + f"\n按旧口径统计：{names}。\n").reading.tables


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("申请总数", "申请的总数"), "UNKNOWN_LABEL"),
        (("网上咨询数", "网上的咨询"), "UNKNOWN_LABEL"),
        (("指标名称", "项目"), "HEADER_MISSING"),
        (("传真申请数", "当面申请数"), "ROW_TWICE"),
    ],
)
def test_a_changed_label_refuses_the_list(change: tuple[str, str], expected: str) -> None:
    for layout in ("a cell a line", "pipe rows", "one line, cells parted by spaces"):
        text = printed("regional2008", layout)
        assert change[0] in text
        assert reason(text.replace(*change)) in {expected, "ROW_CELLS", "ROWS_MISSING"}


def test_a_list_cut_at_its_end_says_so() -> None:
    lines = printed("fujian2017").removesuffix("\n无。\n").rstrip("\n").split("\n")
    assert reason("\n".join(lines[:-1])) == "TEXT_ENDS"
    assert reason("\n".join(lines[:-4])) == "ROWS_MISSING"


def test_a_wording_not_known_is_proposed_for_review() -> None:
    text = printed("regional2008").replace("依申请公开信息目录数", "依申请公开的信息目录总数")
    (label,) = [one for one in read(text).labels if one.match == "unmapped"]
    assert (label.label_raw, label.runner_up, label.code) == ("依申请公开的信息目录总数", "app.catalogue", "")
    assert label.score > 80


def test_every_row_of_a_list_has_a_measure_of_its_unit() -> None:
    for table, some in book().lists.items():
        for one in some:
            for entry in (entry for entry in one.entries if entry.units):
                for column in one.layout.columns:
                    measure = book().cell(table, entry.key, column.key)
                    assert measure.unit == entry.units[0] or (measure.kind, entry.units) == ("money", ("万元",))


def test_what_the_rows_of_a_form_rest_on_is_said() -> None:
    """A form whose rows no real table has borne out says so in both languages, on the page and in its row."""
    provisional = {name for name, form in book().older.items() if "provisional" in form.note_en}
    assert provisional == {"national2014", "regional2008"}
    assert all("暂定" in book().older[name].note_zh for name in provisional)
