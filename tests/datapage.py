"""Write the counted parts of docs/data.md and README.md from the shipped reports, their truth and benchmarks/RESULTS.md:
python -m tests.datapage.

A part stands between <!-- counted: name --> and <!-- end -->; what stands around them is written by hand.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from codebook import book
from codebook.terms import values
from loaders import publish
from loaders.build import build
from loaders.intake.sources import find
from tests import library
from tests.truth import load

PAGES = (library.ROOT / "docs" / "data.md", library.ROOT / "README.md")
RESULTS = library.ROOT / "benchmarks" / "RESULTS.md"
PART = re.compile(r"(<!-- counted: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
MEASURES = (  # what a reader asks for first; an applicant stands behind @
    *("normative.public_total", "normative.in_force", "licensing.decisions", "penalties.decisions"),
    *("compulsory.decisions", "fees.amount", "procurement.projects", "procurement.amount"),
    *("received@total", "handled@total", "granted@total", "reconsideration.total", "suit_direct.total"),
)
GRADES = ("printed", "form", "prose", "inferred_high", "inferred_medium", "unknown")
Row = dict[str, object]
Tables = dict[str, list[Row]]


def parts(data: Tables) -> dict[str, str]:
    """Name of a part → its text, from the rows of a data set that holds the shipped reports."""
    reports = [row for row in data["reports"] if row["is_current"]]
    return {
        "holdings": _holdings(data, reports),
        "years": _cross(reports, "report_year", "form"),
        "tables": _tables(data, reports),
        "reasons": _reasons(data, reports),
        "measures": _measures(data, reports),
        "regions": _regions(data, reports),
        "units": _units(data, reports),
        "findings": _findings(data, reports),
        "doubts": _doubts(data, reports),
        "score": _score(data),
        "front": _front(data, reports),
        "benchmarks": _benchmarks(),
    }


def table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    lines = [[str(cell) for cell in row] for row in ([*head], *rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _key(row: Row, field: str) -> str:
    return str(row[field] or "未定 · unknown")


def _holdings(data: Tables, reports: list[Row]) -> str:
    known = {str(row["agency_id"]) for row in reports if row["agency_id"]}
    provinces = {row["province"] for row in reports if row["province"]}
    years = sorted(int(str(row["report_year"])) for row in reports if row["report_year"])
    again = len(data["reports"]) - len(reports)
    return table(
        ("报告 · reports", "另存的重复收录 · further captures", "拒收的文件 · refused", "机关 · agencies", "省级地区 · provinces", "年份 · years"),
        [(len(reports), again, len(data["quarantine"]), len(known), len(provinces), f"{years[0]}–{years[-1]}")],
    )  # fmt: skip


def _front(data: Tables, reports: list[Row]) -> str:
    """The holdings and how they compare with the truth, in two sentences."""
    known = {str(row["agency_id"]) for row in reports if row["agency_id"]}
    years = sorted(int(str(row["report_year"])) for row in reports if row["report_year"])
    right, missing, flagged, wrong, extra = _scored(data)[-1][3:]
    return (
        f"随附 {len(reports)} 份报告、{len(known)} 个机关、{years[0]}–{years[-1]} 年。对照逐格读出的真值：读对 {right:,} 格，"
        f"未读 {missing:,} 格（多在连同理由拒读的表里），读错 {wrong} 格，多读 {extra} 格，存疑而不符 {flagged} 格。\n"
        f"{len(reports)} reports of {len(known)} agencies ship with it. Against cells read by eye: {right:,} right, {missing:,} not "
        f"read (mostly in tables refused with a reason), {wrong} wrong, {extra} extra, {flagged} doubted and different.\n"
    )


def _benchmarks() -> str:
    """What was measured against a peer, with its bar, whether it holds or not."""
    lines = [line.strip("| ").split(" | ") for line in RESULTS.read_text(encoding="utf-8").splitlines()]
    rows = [line for line in lines if len(line) >= 8 and line[0] not in ("name", "---") and "---" not in line[0]]
    told = ((work, peer, must, measured, holds) for _, work, peer, must, _, measured, holds, *_ in rows if must)
    return table(("工作 · work", "对手 · peer", "须达 · must hold", "量得 · measured", "达到 · holds"), told)


def _cross(reports: list[Row], down: str, across: str) -> str:
    count = Counter((_key(row, down), _key(row, across)) for row in reports)
    rows, columns = sorted({r for r, _ in count}), sorted({c for _, c in count})
    head = (
        "年份 · year",
        *(f"{form.label_zh} · {c}" if (form := book().form(str(c))) else c for c in columns),
        "合计 · all",
    )
    return table(head, ((r, *(count[r, c] or "" for c in columns), sum(count[r, c] for c in columns)) for r in rows))


def _tables(data: Tables, reports: list[Row]) -> str:
    shown = {row["report_id"] for row in reports}
    count = Counter((row["table"], row["status"]) for row in data["tables"] if row["report_id"] in shown)
    states = ("read", "blank", "incomplete", "absent", "not_on_form")
    head = (
        "表 · table",
        *(values()["table_status", s]["zh"] + " · " + values()["table_status", s]["en"] for s in states),
    )
    rows = ((f"{t.label_zh} · {t.label_en}", *(count[name, s] for s in states)) for name, t in book().tables.items())
    return table(head, rows)


def _reasons(data: Tables, reports: list[Row]) -> str:
    shown = {row["report_id"] for row in reports}
    rows = [row for row in data["tables"] if row["report_id"] in shown and row["status"] == "incomplete"]
    count = Counter(str(row["reason"]) for row in [*rows, *data["quarantine"]])
    known = values()
    return table(
        ("原因 · reason", "说明 · in words", "表或文件 · tables or files"),
        (
            (name, f"{known['refusal', name]['zh']} · {known['refusal', name]['en']}", n)
            for name, n in sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
    )


def _measures(data: Tables, reports: list[Row]) -> str:
    year = {row["report_id"]: _key(row, "report_year") for row in reports}
    years, count = sorted(set(year.values())), Counter[tuple[str, str]]()
    for fact in data["facts"]:
        key = f"{fact['code']}@{fact['applicant']}" if fact["applicant"] else str(fact["code"])
        if fact["report_id"] in year and fact["value"] is not None and not fact["doubt"]:
            count[key, year[fact["report_id"]]] += 1
    names = {m: book().measures[m.partition("@")[0]] for m in MEASURES}
    head = ("项目 · item", *years)
    return table(head, ((f"{one.label_zh} `{m}`", *(count[m, y] or "" for y in years)) for m, one in names.items()))


def _regions(data: Tables, reports: list[Row]) -> str:
    read = {row["report_id"] for row in data["tables"] if row["table"] == "requests" and row["status"] == "read"}
    count, asked = Counter(_key(r, "province") for r in reports), Counter[str]()
    asked.update(_key(r, "province") for r in reports if r["report_id"] in read)
    order = sorted(count, key=lambda p: (-count[p], p))
    return table(
        ("省 · province", "报告 · reports", "申请表读到的 · request table read"),
        ((p, count[p], asked[p] or "") for p in order),
    )


def _units(data: Tables, reports: list[Row]) -> str:
    shown = {row["report_id"] for row in reports}
    found = [f for f in data["facts"] if f["code"] == "procurement.amount" and f["report_id"] in shown]
    amounts = [f for f in found if f["state"] == "number" and f["raw"] and _digits(f)]
    count = Counter(str(f["unit_source"] or "unknown") for f in amounts)
    nothing = sum(f["state"] == "number" for f in found) - len(amounts)
    rows: list[tuple[object, ...]] = []
    for grade in GRADES:
        label = values()["unit_source", grade]
        if count[grade]:
            rows.append((f"{label['zh']} · {label['en']}", count[grade]))
    rows += [("零，不论单位 · zero in any unit", nothing)]
    rows += [("空白、短横或文字 · blank, dash or text", sum(f["state"] != "number" for f in found))]
    return table(("金额的单位 · unit of the amount", "报告 · reports"), rows)


def _digits(fact: Row) -> bool:
    return bool(re.search("[1-9]", str(fact["raw"])))


def _findings(data: Tables, reports: list[Row]) -> str:
    names = {row["report_id"]: row for row in data["reports"]}
    rows = [row for row in data["findings"] if not str(row["check_id"]).startswith("PARSE-")]
    rows.sort(key=lambda row: (str(row["check_id"]), str(names[row["report_id"]]["source_name"])))
    return table(
        ("规则 · rule", "报告 · report", "内容 · finding"),
        ((f"`{row['check_id']}`", _who(names[row["report_id"]]), _line(row)) for row in rows),
    )


def _line(row: Row) -> str:
    """The finding in words; of a table what was expected of it."""
    known = book().tables.get(str(row["codes"]))
    more = f"（{known.label_zh}：{row['expected']} ≠ {row['actual']}）" if known else ""
    return (str(row["message"]) + more).replace("|", "\\|").replace("\n", " ")


def _who(report: Row) -> str:
    who = report["agency"] or report["title"] or "机关未定"
    return f"{who} {report['report_year'] or ''}（{_stem(report)}）"


def _doubts(data: Tables, reports: list[Row]) -> str:
    names, groups = {row["report_id"]: row for row in reports}, defaultdict[str, list[Row]](list)
    for fact in data["facts"]:
        if fact["doubt"] and fact["report_id"] in names:
            groups[str(fact["doubt"])].append(fact)
    order = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return table(
        ("疑问 · doubt", "格 · cells", "报告 · reports"),
        ((why, len(found), "、".join(sorted({_stem(names[f["report_id"]]) for f in found}))) for why, found in order),
    )


def _stem(report: Row) -> str:
    return Path(str(report["source_name"])).stem


def _score(data: Tables) -> str:
    return table(("表式 · form", "版式 · layout", "报告 · reports", *library.KINDS), _scored(data))


def _scored(data: Tables) -> list[tuple[object, ...]]:
    """Form, layout, reports and how their cells compare with the truth; the last row is of all."""
    names = {row["report_id"]: str(row["source_name"]) for row in data["reports"]}
    how = {str(row["source_name"]): (_key(row, "form"), str(row["layout"])) for row in data["reports"]}
    facts = defaultdict[str, list[Row]](list)
    for fact in data["facts"]:
        facts[names[fact["report_id"]]].append(fact)
    total, sums, reports = (
        Counter[str](),
        defaultdict[tuple[str, str], Counter[str]](Counter),
        Counter[tuple[str, str]](),
    )
    for name in library.listed():
        key = how.get(name, ("拒收 · refused", ""))
        count = library.score(load(library.truth_of(name)), facts[name])
        reports[key] += 1
        sums[key] += count
        total += count
    rows: list[tuple[object, ...]] = [
        (*key, reports[key], *(sums[key][k] for k in library.KINDS)) for key in sorted(sums)
    ]
    return [*rows, ("合计 · all", "", sum(reports.values()), *(total[k] for k in library.KINDS))]


def tables_of(folder: Path) -> Tables:
    """The rows of a data folder's current version."""
    return {path.stem: pq.read_table(path).to_pylist() for path in publish.current(folder).glob("*.parquet")}


def filled(text: str, found: dict[str, str]) -> str:
    """The page with its counted parts. Raises KeyError for a part that nothing counts."""
    return PART.sub(lambda part: part[1] + found[part[2]] + part[4], text)


def main() -> int:
    """Build the shipped reports and write the counted parts."""
    with tempfile.TemporaryDirectory() as folder:
        build(find([library.REPORTS]), Path(folder), workers=2)
        found = parts(tables_of(Path(folder)))
    for page in PAGES:
        page.write_text(filled(page.read_text(encoding="utf-8"), found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
