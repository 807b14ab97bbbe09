"""Pages give the facts that the text gives; what a page lost or moved is refused or doubted, never read as sound."""

from __future__ import annotations

import random
import re
from pathlib import Path

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
    for _ in range(5):
        truth = made(form, chance)
        page = plain_page({key: cell.raw for key, cell in truth.items()}, form)
        assert silently_wrong(truth, page.encode()) == []
        for fault, mutant in mutants(page, chance):
            assert silently_wrong(truth, mutant.encode()) == [], fault


def test_swapped_cells_break_a_sum_or_are_told_by_their_labels() -> None:
    """Two neighbours of the request table change places: labels carry their values, values break a sum."""
    chance = random.Random("swap")  # noqa: S311 - the same for everybody
    for _ in range(60):
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
