"""Pages give the facts that the text gives; what a page lost or moved is refused or doubted, never read as sound."""

from __future__ import annotations

import random
import re
from pathlib import Path
from time import process_time

import pytest

from codebook import book
from loaders import report
from loaders.report import Quarantined, Report, Source
from tests import rendering
from tests.render_html import PAGES, encoded, plain_page
from tests.rendering import Dress
from tests.truth import Cell, Key, load

ROOT = Path(__file__).resolve().parent.parent
TRUTH, SHARED = ROOT / "tests" / "reports", ROOT.parent / "shared"
FORMS = {
    "000_5788aadf38ad7c43": "zhejiang2019",
    "001_ae670e83d15f685b": "2019",
    "002_661fbc7c25e971f6": "2019",
    "003_15cf22d5a5bab8ab": "2021",
    "004_402b3c2303c427b2": "2019",
}
WITH_IDENTITIES = ("requests", "review")


def truth(name: str) -> dict[Key, Cell]:
    """The true table cells of a shipped report."""
    return {key: cell for key, cell in load(TRUTH / f"{name}.csv").items() if not key[0].startswith("narrative.")}


def printed(name: str) -> dict[Key, str]:
    return {key: cell.raw for key, cell in truth(name).items()}


def read(data: bytes) -> Report:
    found = report.read(Source("page.html", data))
    assert isinstance(found, Report), found
    return found


def told(found: Report) -> dict[Key, tuple[str, float | None]]:
    """Key → state and value, of the facts that stand in tables."""
    return {(f.code, f.applicant or ""): (f.state, f.value) for f in found.facts if f.table != "narrative"}


def expected(name: str) -> dict[Key, tuple[str, float | None]]:
    return {key: (cell.state, cell.value) for key, cell in truth(name).items()}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", FORMS)
def test_page_gives_the_facts_of_the_text(name: str, page: str) -> None:
    found = read(PAGES[page](printed(name), FORMS[name]).encode())
    got, want = told(found), expected(name)
    # The unit of procurement is told from the agency, and the made-up one is another: the state is the cell's own.
    money = {key for key in want if key[0].endswith(".amount")}
    assert {key: got.get(key) for key in want.keys() - money} == {key: want[key] for key in want.keys() - money}
    assert {key: got[key][0] for key in money} == {key: want[key][0] for key in money}
    assert got.keys() == want.keys()
    raws = {(f.code, f.applicant or ""): "".join(f.raw.split()) for f in found.facts if f.table != "narrative"}
    assert raws == {key: "".join(cell.raw.split()) for key, cell in truth(name).items()}
    assert found.reading.layout == "html"
    assert found.reading.form == FORMS[name]


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5", "no-such-charset"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "big5", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_encoding_whatever_is_declared(encoding: str, declared: str) -> None:
    name = "003_15cf22d5a5bab8ab"
    page = plain_page(printed(name), FORMS[name], charset=declared)
    assert told(read(encoded(page, encoding))) == told(read(page.encode()))
    assert len(told(read(page.encode()))) == len(expected(name))


@pytest.mark.parametrize(
    "dress", [Dress(1, alias=True, wide=True), Dress(2, wide=True, note=False), Dress(3, alias=True)]
)
@pytest.mark.parametrize("page", PAGES)
def test_other_spellings(page: str, dress: Dress) -> None:
    name = "002_661fbc7c25e971f6"
    assert told(read(PAGES[page](printed(name), FORMS[name], dress).encode())).keys() == expected(name).keys()


def test_head_and_metadata_tell_who_and_when() -> None:
    name = "003_15cf22d5a5bab8ab"
    found = read(PAGES["nested"](printed(name), FORMS[name]).encode())
    who = found.identity
    assert (who.agency, who.report_year, who.published_on) == ("合成县示例局", 2022, "2023-01-20")
    assert who.title == "合成县示例局2022年政府信息公开工作年度报告（合成数据）".replace("（", "(").replace("）", ")")
    assert "索引号：000014349/2022-00001\n发布机构：合成县示例局\n成文日期：2023年1月18日\n" in found.text


def test_every_value_stands_at_its_place() -> None:
    name = "002_661fbc7c25e971f6"
    found = read(PAGES["word"](printed(name), FORMS[name]).encode())
    placed = [fact for fact in found.facts if fact.start is not None]
    assert len(placed) == len(found.facts)
    assert [fact for fact in placed if found.text[fact.start : fact.end] != fact.raw] == []


def test_the_real_page_at_hand() -> None:
    path = SHARED / "reports" / "010_shuyang_fagaiju_2023.html"
    if not path.exists():
        pytest.skip("no source documents beside the project")
    found = told(read(path.read_bytes()))
    want = {k: (c.state, c.value) for k, c in load(SHARED / "reports" / "truth" / "010.csv").items()}
    assert found == want


CELL = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)


def mutants(page: str, chance: random.Random) -> list[tuple[str, str]]:
    """One structural fault each, at a random place of the tables."""
    cells = list(CELL.finditer(page))
    one, other = sorted(chance.sample(range(len(cells)), 2))
    cell, second = cells[one], cells[other]

    def without(start: int, end: int) -> str:
        return page[:start] + page[end:]

    def at(tag: str) -> int:
        places = [m.start() for m in re.finditer(tag, page)]
        return chance.choice(places)

    found = [
        ("drop a cell", without(*cell.span())),
        ("double a cell", page[: cell.end()] + cell.group() + page[cell.end() :]),
        ("blank cell before", page[: cell.start()] + "<td>&nbsp;</td>" + page[cell.start() :]),
        ("lose <td>", without(cell.start(), cell.start() + cell.group().index(">") + 1)),
        ("lose </td>", without(cell.end() - 5, cell.end())),
        ("widen a cell", page[: cell.start() + 3] + ' colspan="2"' + page[cell.start() + 3 :]),
        ("heighten a cell", page[: cell.start() + 3] + ' rowspan="2"' + page[cell.start() + 3 :]),
        ("nest a table", page[: cell.start() + 4] + "<table><tr><td>7</td></tr></table>" + page[cell.start() + 4 :]),
        ("hide a cell", page[: cell.start() + 3] + ' style="display:none"' + page[cell.start() + 3 :]),
        ("comment opens", page[: cell.start()] + "<!-- " + page[cell.start() :]),
        ("cut off", page[: cell.start() + chance.randrange(len(cell.group()))]),
        ("stray text", page[: cell.start()] + "5" + page[cell.start() :]),
        ("div around two", page[: cell.start()] + "<div>" + cell.group() + page[cell.end() :]),
    ]
    if "</tr>" in page[cell.end() : second.start()]:  # within a row it is what an author could have meant
        moved = page[: cell.start()] + page[cell.end() : second.end()] + cell.group() + page[second.end() :]
        found.append(("move a cell", moved))
    for tag in ("<tr>", "</tr>", "</table>"):
        start = at(tag)
        found.append((f"drop {tag}", without(start, start + len(tag))))
    return found


def made(form: str, chance: random.Random, blanks: float = 0.2) -> dict[Key, Cell]:
    """A made-up report whose cells differ from each other, with a share of blanks, and whose sums all hold."""
    places = rendering.places(form)
    numbers = {key: chance.randrange(10, 100) * (chance.random() >= blanks) for key in places}
    applicants = [key[1] for key in places if key[0] == "received"]
    inner = [code for code, applicant in places if applicant == "person"]
    outcomes = [code for code in inner if code not in {"received", "carried_in", "handled", "carried_out"}]
    for one in applicants:
        numbers["handled", one] = sum(numbers[code, one] for code in outcomes)
        numbers["received", one] = numbers["handled", one] + 100
        numbers["carried_in", one], numbers["carried_out", one] = 7, 107
    for code in inner:
        numbers[code, "total"] = sum(numbers[code, one] for one in applicants if one != "total")
    for (code, applicant), (table, row, column) in places.items():
        if table == "review" and column == "total":
            numbers[code, applicant] = sum(
                numbers[k] for k, (t, r, c) in places.items() if (t, r) == (table, row) and c != "total"
            )
    return {key: _cell(number, book().cell(*places[key]).kind) for key, number in numbers.items()}


def _cell(number: int, kind: str) -> Cell:
    if kind in {"text", "yes_no"}:
        return Cell("是" if kind == "yes_no" else "合成网", "text", None)
    return Cell(str(number), "number", float(number)) if number else Cell("", "blank", None)


def silently_wrong(truth: dict[Key, Cell], data: bytes) -> list[str]:
    """Facts that differ from the truth, carry no doubt, and stand in a table that claims to be read."""
    found = report.read(Source("page.html", data))
    if isinstance(found, Quarantined):
        return []
    want = {key: (cell.state, cell.value) for key, cell in truth.items()}
    wrong = []
    for fact in found.facts:
        key = (fact.code, fact.applicant or "")
        if fact.table != "narrative" and not fact.doubt and not key[0].endswith(".amount"):
            right = want.get(key)
            if right != (fact.state, fact.value):
                wrong.append(f"{key}: {right} read as {fact.state} {fact.value}")
    return wrong


@pytest.mark.parametrize("form", ["2019", "2021", "zhejiang2019"])
def test_no_structural_fault_is_silently_wrong(form: str) -> None:
    chance = random.Random(form)  # noqa: S311 - the same for everybody
    for _ in range(3):
        truth = made(form, chance)
        page = plain_page({key: cell.raw for key, cell in truth.items()}, form)
        assert silently_wrong(truth, page.encode()) == []
        for fault, mutant in mutants(page, chance):
            assert silently_wrong(truth, mutant.encode()) == [], fault


def test_swapped_cells_break_a_sum_or_are_told_by_their_labels() -> None:
    """Two neighbours of the request table change places: labels carry their values, values break a sum."""
    chance = random.Random("swap")  # noqa: S311 - the same for everybody
    for _ in range(25):
        form = chance.choice(("2019", "2021"))
        truth = made(form, chance, blanks=0.0)
        page = plain_page({key: cell.raw for key, cell in truth.items()}, form)
        cells = list(CELL.finditer(page, page.index("三、收到和处理"), page.index("四、政府信息公开行政复议")))
        at = chance.randrange(len(cells) - 1)
        one, other = cells[at], cells[at + 1]
        if one.group() == other.group():
            continue
        swapped = (
            page[: one.start()] + other.group() + page[one.end() : other.start()] + one.group() + page[other.end() :]
        )
        assert silently_wrong(truth, swapped.encode()) == [], (one.group(), other.group())


ROWS = "<tr><td>信息内容</td><td>本年处理决定数量</td></tr>"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<html>" + "<div>" * 300 + "规章" + "</div>" * 300, "TOO_DEEP"),
        ("<html>" + "<font>" * 50_000 + "规章", "TOO_DEEP"),
        ("<table><tr><td>" * 300 + "规章", "TOO_DEEP"),
        ("<html><p>" + "公" * 11_000_000 + "</p>", "TOO_LARGE"),
        ("<html><p>" + " " * 21_000_000 + "</p>", "TOO_LARGE"),
        (f"<table>{ROWS}<tr><td colspan=100000000>行政许可</td><td>1</td></tr></table>", "SPAN_TOO_LARGE"),
        (f"<table>{ROWS}<tr><td rowspan=99999999999999>行政许可</td><td>1</td></tr></table>", "SPAN_TOO_LARGE"),
        ("<table>" + "<tr><td colspan=1000>1</td></tr>" * 1000 + "</table>", "TOO_MANY_CELLS"),
        (
            "<table><tr><td colspan=1000 rowspan=60000>1</td></tr>" + "<tr><td>1</td></tr>" * 1000 + "</table>",
            "TOO_MANY_CELLS",
        ),
        (f"<table>{ROWS}<!-- <tr><td>行政许可</td><td>1</td></tr></table>", "CELLS_LOST"),
        (f"<table>{ROWS}<script> <tr><td>行政许可</td><td>1</td></tr></table>", "CELLS_LOST"),
        ("<html></html>", "NO_TABLES"),
        ("<!-- <html> -->", "EMPTY"),
        ("<html><body><p>政府信息公开</p></body></html>", "NO_TABLES"),
        ('<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><p>&x;</p></html>', "NO_TABLES"),
        ("<html>" + "<script" * 200_000, "NO_TABLES"),
        ("<html>" + "<td>" * 100_000, "NO_TABLES"),
    ],
)
def test_what_cannot_be_read_whole_has_a_reason(page: str, reason: str) -> None:
    found = report.read(Source("page.html", page.encode()))
    assert isinstance(found, Quarantined)
    assert found.reason == reason, found


def _one(cell: str, attributes: str = "") -> Report:
    return read(
        f"<html><p>第二十条第（五）项</p><table>{ROWS}<tr><td>行政许可</td><td{attributes}>{cell}</td></tr></table>".encode()
    )


@pytest.mark.parametrize(
    ("cell", "attributes", "state", "value"),
    [
        ("12<sup>2</sup>", "", "text", None),
        ("12<sup>①</sup>", "", "text", None),
        ('12<span style="vertical-align: super">2</span>', "", "text", None),
        ("<del>5</del>6", "", "text", None),
        ('<span style="text-decoration:line-through">5</span>6', "", "text", None),
        ("<img src=a.png>", "", "text", None),
        ('<img src=a.gif width="1">7', "", "number", 7.0),
        ("1<br>2", "", "text", None),
        ("1 2", "", "text", None),
        ("<span>1</span><span>2</span>", "", "number", 12.0),
        ('<input type="text" value="9">', "", "number", 9.0),
        ('<input type="hidden" value="9">', "", "blank", None),
        ("<select><option>1<option selected>2</select>", "", "number", 2.0),
        ("<!-- 5 -->6<script>7</script><style>8</style><noscript>9</noscript>", "", "number", 6.0),
        ("<p style='display: none'>5</p>6", "", "number", 6.0),
        ("<span style='mso-hide:all'>5</span>6", "", "number", 6.0),
        ("<span hidden>5</span>6", "", "number", 6.0),
        ("&nbsp;<o:p>&nbsp;</o:p>", "", "blank", None),
        ("\n\t1,234 \n", "", "number", 1234.0),
        ("8", " colspan=0", "number", 8.0),
        ("8", " colspan=x rowspan=-1", "number", 8.0),
        ("8", " rowspan=0", "number", 8.0),
    ],
)
def test_what_a_visitor_sees_is_read(cell: str, attributes: str, state: str, value: float | None) -> None:
    found = _one(cell, attributes)
    (fact,) = found.facts
    assert (fact.state, fact.value) == (state, value)


def test_blank_cells_merged_over_columns_are_blank_and_merged_values_are_refused() -> None:
    head = "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
    rest = "<tr><td>行政规范性文件</td><td>1</td><td>2</td><td>3</td></tr>"

    def page(cells: str) -> Report:
        return read(f"<html><p>第二十条第（一）项</p><table>{head}<tr><td>规章</td>{cells}</tr>{rest}</table>".encode())

    blank = page("<td colspan=3>&nbsp;</td>")
    assert [fact.state for fact in blank.facts] == ["blank"] * 3 + ["number"] * 3
    for cells in ("<td colspan=3>0</td>", "<td colspan=2>0</td><td>0</td>", "<td></td><td></td>"):
        assert page(cells).reading.tables["proactive.20_1"].reason == "ROW_CELLS", cells


def test_header_in_another_order_is_read_by_its_columns() -> None:
    rows = (
        "<tr><td rowspan=2>信息内容</td><td colspan=2>依据、条件、程序</td><td rowspan=2>处理决定数量</td></tr>"
        "<tr><td>原有项目数量</td><td>本年更新</td></tr><tr><td>行政处罚</td><td>1</td><td>2</td><td>3</td></tr>"
        "<tr><td>行政强制</td><td>4</td><td>5</td><td>6</td></tr>"
    )
    found = read(f"<html><p>第二十条第（六）项</p><table>{rows}</table>".encode())
    values = {fact.code: fact.value for fact in found.facts}
    assert values["penalties.decisions"] == 3
    assert values["zj.penalties.items_existing"] == 1


@pytest.mark.parametrize("piece", [" ", "\n ", "&nbsp;", "<", "<b", "<!--", "(a", "规章 ", "text-decoration:", "|-"])
@pytest.mark.parametrize("around", ["<p>{}</p>", '<p style="{}">5</p>', "<table><tr><td>{}</td></tr></table>"])
def test_a_long_page_takes_bounded_time(piece: str, around: str) -> None:
    page = f"<html><p>公开</p>{around.format(piece * (200_000 // len(piece)))}".encode()
    started = process_time()
    report.read(Source("page.html", page))
    assert process_time() - started < 10
