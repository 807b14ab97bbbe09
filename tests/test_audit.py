"""The second reader: it agrees where both are right, disagrees aloud where one is wrong, and else is silent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from codebook import book
from loaders.build import build
from loaders.facts import Fact
from loaders.intake.sources import find
from loaders.report import Report, Source, read
from loaders.trust import audit, second, second_html
from tests import library
from tests.source import imports, modules_under

ROOT = Path(__file__).resolve().parent.parent
REPORTS = library.TRANSCRIBED
SHARED = ROOT.parent / "shared"
# What the second reader can't take: cells that hold words, and blank cells (a strip with a blank in it).
SILENT = {"000": {"proactive.20_2", "proactive.20_7", "proactive.other"}, "003": {"review"}}


def report(path: Path) -> Report:
    """A shipped report."""
    told = read(Source(path.name, path.read_bytes()))
    assert isinstance(told, Report)
    return told


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem[:3])
def test_both_read_the_shipped_reports_alike(path: Path) -> None:
    one = report(path)
    told = audit.audited(one, one.text)
    assert (told.facts, told.findings) == (one.facts, one.findings)
    states = {name: table.audit for name, table in told.reading.tables.items() if table.cells}
    silent = {name for name, state in states.items() if state == "unread"}
    assert silent == SILENT.get(path.stem[:3], set())
    assert {state for name, state in states.items() if name not in silent} == {"agrees"}


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem[:3])
def test_each_wrong_cell_is_doubted(path: Path) -> None:
    """Change what the first reader says of one cell: that cell and no other carries the other reading."""
    one = report(path)
    readable = second.read(one.text)
    for n, fact in enumerate(one.facts):
        if n % 5 or fact.table not in readable:
            continue
        wrong = fact._replace(state="number", value=(fact.value or 0.0) + 1, raw="?")
        told = audit.audited(replace(one, facts=(*one.facts[:n], wrong, *one.facts[n + 1 :])), one.text)
        assert [f.code for f in told.facts if f.doubt and "另一读法得" in f.doubt] == [fact.code]
        assert [finding.check_id for finding in told.findings if finding.cells] == ["AUDIT-DIFF"]
        assert told.reading.tables[fact.table].audit == "differs"


def test_swapped_columns_are_seen() -> None:
    """The order of the columns is read from the header, not taken for granted."""
    text = "第二十条第（五）项\n信息内容\n{}\n{}\n{}\n行政许可\n1\n2\n3\n其他对外管理服务事项\n4\n5\n6\n"
    columns = ("上一年项目数量", "本年增/减", "处理决定数量")
    straight, swapped = second.read(text.format(*columns)), second.read(text.format(*columns[::-1]))
    told = straight["proactive.20_5"], swapped["proactive.20_5"]
    assert [told[0][f"licensing.{key}", ""] for key in ("items_prior", "items_change", "decisions")] == ["1", "2", "3"]
    assert [told[1][f"licensing.{key}", ""] for key in ("items_prior", "items_change", "decisions")] == ["3", "2", "1"]


@pytest.mark.parametrize(
    "rows",
    [
        "行政许可\n1\n2\n其他对外管理服务事项\n4\n5\n6\n",  # a cell is missing
        "行政许可\n1\n2\n3\n9\n其他对外管理服务事项\n4\n5\n6\n",  # one too many
        "行政许可\n1\n2\n3\n其他对外管理服务事项\n4\n5\n6\n7\n",
        "9\n行政许可\n1\n2\n3\n其他对外管理服务事项\n4\n5\n6\n",
        "行政许可\n1\n2\n3\n",  # a row is missing
        "行政许可\n1\n2\n3²\n其他对外管理服务事项\n4\n5\n6x\n",  # no figure
    ],
)
def test_what_does_not_fit_is_not_read(rows: str) -> None:
    header = "第二十条第（五）项\n信息内容\n上一年项目数量\n本年增/减\n处理决定数量\n"
    assert "proactive.20_5" not in second.read(header + rows)


def test_a_strip_with_totals_is_not_read_as_one_without() -> None:
    """Fifteen columns whose last three cells are no figures must not pass for the twelve of another form."""
    group = "结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n"
    figures = "".join(f"{n}\n" for n in range(15))
    assert len(second.read("行政复议\n" + group * 3 + figures)["review"]) == 15
    assert "review" not in second.read("行政复议\n" + group * 3 + "1\n" * 12 + "无\n" * 3)
    assert len(second.read("行政复议\n" + group.replace("总计\n", "") * 3 + "1\n" * 12)["review"]) == 12


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0", 0),
        ("+5", 5),
        ("-3", -3),
        ("1,234.5", 1234.5),
        ("2358万", 23_580_000),
        ("12件", 12),
        ("-", None),
        ("/", None),
    ],
)
def test_number(cell: str, value: float | None) -> None:
    assert second.number(cell) == value


def test_the_readers_share_no_code() -> None:
    """What both used would be wrong in both."""
    ours = {name for _, name in imports(modules_under(ROOT, ["loaders/trust/second.py"])["loaders.trust.second"])}
    assert {name for name in ours if name.startswith("loaders")} == set()
    html = {
        name for _, name in imports(modules_under(ROOT, ["loaders/trust/second_html.py"])["loaders.trust.second_html"])
    }
    assert {name for name in html if name.startswith("loaders")} == set()


def test_sample_is_told_by_the_hash() -> None:
    hashes = [f"{n * 2654435761 % 2**32:08x}" + "0" * 56 for n in range(2000)]
    chosen = [one for one in hashes if audit.sampled(one, 0.05)]
    assert 60 < len(chosen) < 140
    assert set(chosen) < {one for one in hashes if audit.sampled(one, 0.5)}
    assert [audit.sampled("f" * 64, share) for share in (0.0, 1.0)] == [False, True]
    assert not audit.sampled("0" * 64, 0.0)


def page(facts: tuple[Fact, ...]) -> str:
    """The request table and a proactive table of a 2019 report as a page with merged cells."""
    cells = {(fact.code, fact.applicant or ""): fact.raw for fact in facts}
    layout = next(one for one in book().layouts["requests"] if "2019" in one.forms)
    rows = []
    for row in layout.rows:
        values = (cells[book().cell("requests", row.key, column.key).code, column.key] for column in layout.columns)
        label = f"<td colspan=3>{row.label}</td>"
        if row.parent.startswith("("):
            label = f"<td>三、本年度办理结果</td><td>{row.parent}</td><td>{row.label}</td>"
        rows.append(f"<tr>{label}" + "".join(f"<td>{value}</td>" for value in values) + "</tr>")
    names = [column.label for column in layout.columns]
    head = (
        "<thead><tr><th rowspan=2 colspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</th>"
        "<th rowspan=2>自然人</th><th colspan=5>法人或其他组织</th><th rowspan=2>总计</th></tr>"
        f"<tr>{''.join(f'<th>{name}</th>' for name in names[1:-1])}</tr></thead>"
    )
    licences = "".join(
        f"<tr><td>{label}</td>{''.join(f'<td>{cells[code, str()]}</td>' for code in codes)}</tr>"
        for label, codes in _licences().items()
    )
    return (
        "<html><body><table><tr><td colspan=4>第二十条第（五）项</td></tr><tr><td>信息内容</td><td>上一年项目数量</td>"
        f"<td>本年增/减</td><td>处理决定数量</td></tr>{licences}</table><p>三、收到和处理</p><table>{head}"
        f"<tbody>{''.join(rows)}</tbody></table></body></html>"
    )


def _licences() -> dict[str, list[str]]:
    layout = next(one for one in book().layouts["proactive.20_5"] if "2019" in one.forms)
    return {
        row.label: [book().cell("proactive.20_5", row.key, column.key).code for column in layout.columns]
        for row in layout.rows
    }


def test_a_page_is_read_by_pandas() -> None:
    """Merged cells, heads and figures with commas; both tables come out as the report that made the page."""
    one = report(next(path for path in REPORTS if path.stem.startswith("001")))
    changed = tuple(f._replace(raw="1,234") if f.code == "licensing.decisions" else f for f in one.facts)
    told = second.read(second_html.text(page(changed)))
    assert told.keys() == {"requests", "proactive.20_5"}
    values = {key: second.number(cell) for table in told.values() for key, cell in table.items()}
    assert values == {
        (f.code, f.applicant or ""): second.number(f.raw) for f in changed if f.table in {"requests", "proactive.20_5"}
    }
    assert values["licensing.decisions", ""] == 1234


def test_blank_cells_of_a_page_are_blank() -> None:
    """They hold their place: what stands behind them does not move into it."""
    row = "<tr><td>{}</td><td></td><td>{}</td><td>&nbsp;</td></tr>"
    head = "<tr><td>信息内容</td><td>上一年项目数量</td><td>本年增/减</td><td>处理决定数量</td></tr>"
    body = row.format("行政许可", 7) + row.format("其他对外管理服务事项", 8)
    told = second.read(second_html.text(f"<table><tr><td colspan=4>第二十条第（五）项</td></tr>{head}{body}</table>"))
    licensing = [told["proactive.20_5"][f"licensing.{key}", ""] for key in ("items_prior", "items_change", "decisions")]
    assert licensing == [second.BLANK, "7", second.BLANK]


def test_a_figure_for_a_blank_is_a_disagreement() -> None:
    one = report(REPORTS[0])
    blank = next(fact for fact in one.facts if fact.state == "number")
    assert not audit._same(blank, second.BLANK)
    assert audit._same(blank._replace(state="blank", value=None), second.BLANK)
    assert not audit._same(blank._replace(state="blank", value=None), "0")


@pytest.mark.parametrize("page", ["", "<p>x", "<table></table>", "<table><tr><td colspan=x>1</table>", "\x00<table>"])
def test_a_page_without_tables_is_silence(page: str) -> None:
    assert second.read(second_html.text(page)) == {}


def test_a_build_tells_what_was_audited(tmp_path: Path) -> None:
    found = find(library.TRANSCRIBED)
    all_of_them = build(found, tmp_path / "a", audit=1.0)
    assert all_of_them.audit == {"agrees": 35, "unread": 4}
    tables = pq.read_table(all_of_them.version / "tables.parquet").to_pylist()
    assert sum(row["audit"] == "agrees" for row in tables) == 35
    assert build(found, tmp_path / "b", audit=0.0).audit == {}


@pytest.mark.parametrize("folder", ["seeds", "reports/excerpts", "harvest/docs"])
def test_sources_at_hand_are_read_alike(folder: str, tmp_path: Path) -> None:
    if not (SHARED / folder).is_dir():
        pytest.skip(f"no source documents beside the project ({folder}): the shipped transcriptions are tested")
    summary = build(find([SHARED / folder]), tmp_path, audit=1.0)
    assert "differs" not in summary.audit
    assert summary.audit["agrees"] > 3 * summary.audit["unread"]
