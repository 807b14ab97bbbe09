"""Differences in words: a summary by kind, Chinese and English, and a line for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import isclose
from typing import Any

from codebook import book
from codebook.terms import fields, values
from loaders.compare.difference import ASPECTS, Change, Moved

TEN_THOUSAND = 10_000
FIRST = (
    "state",
    "value",
    "unit",
    "unit_source",
    "doubt",
    "match",
    "raw",
)  # a fact is counted under the first that moved
OF = {column: aspect for aspect, columns in ASPECTS.items() for column in columns}
ASPECT = {
    "document": ("文件内容", "document"),
    "title": ("标题", "title"),
    "agency": ("机关", "agency"),
    "scope": ("统计范围", "scope"),
    "region": ("地区", "region"),
    "year": ("年度", "year"),
    "form": ("表式", "form"),
    "published": ("发布日期", "date of publication"),
    "status": ("状态", "status"),
    "current": ("是否现行", "being current"),
    "synthetic": ("虚构标记", "mark of being made up"),
    "name": ("文件名", "file name"),
}
Words = tuple[str, str]


def summary(changes: Iterable[Change]) -> list[str]:
    """One line for each kind of difference with its number, in the order of the kinds: Chinese · English."""
    groups = defaultdict[tuple[int, Words], list[Change]](list)
    for change in changes:
        for key in _kinds(change):
            groups[key].append(change)
    return [_line(words, found) for (_, words), found in sorted(groups.items())]


def _line(words: Words, found: list[Change]) -> str:
    cells = {(change.table, change.code) for change in found if change.table}
    what = _what({table for table, _ in cells}, {code for _, code in cells}) if cells else ("", "")
    told = {"n": len(found), "facts": sum(change.facts for change in found)}
    zh, en = (side.format(what=one, **told) for side, one in zip(words, what, strict=True))
    return f"{zh} · {en}"


def _what(tables: set[str], codes: set[str]) -> Words:
    """What changed cells are of: the measure, or the table where there are several, or neither."""
    if len(codes) == 1 and (measure := book().measures.get(next(iter(codes)))):
        return measure.label_zh, measure.label_en
    if len(codes) == 1 and "" not in codes:
        return (next(iter(codes)),) * 2
    if len(tables) == 1:
        table = next(iter(tables))
        known = book().table(table)
        return (known.label_zh, known.label_en) if known else (table, table)
    return f"{len(tables)} 张表", f"cells of {len(tables)} tables" if codes != {""} else "various tables"


def _kinds(change: Change) -> Iterator[tuple[int, Words]]:
    """The kinds under which a change is counted, with their rank."""
    moved = {one.field: one for one in change.moved}
    match change.kind:
        case "report added":
            yield 0, ("新增报告 {n} 份（{facts} 个值）", "{n} reports added ({facts} facts)")
        case "report gone":
            yield 1, ("少了报告 {n} 份（{facts} 个值）", "{n} reports gone ({facts} facts)")
        case "report changed":
            for aspect in dict.fromkeys(OF.get(name, "name") for name in moved):
                zh, en = ASPECT[aspect]
                yield 2, (f"{{n}} 份报告的{zh}改变", f"{{n}} reports with another {en}")
        case "table changed":
            yield 3, _table(moved)
        case "fact added" | "fact gone":
            zh, en = ("新增", "added") if change.kind == "fact added" else ("少了", "gone")
            yield 4, (f"{zh} {{n}} 个值：{{what}}", f"{{n}} facts {en}: {{what}}")
        case "fact changed":
            yield 5, _fact(change, moved)
        case "finding added" | "finding gone":
            zh, en = ("新增", "new") if change.kind == "finding added" else ("消失", "gone")
            yield 6, (f"{{n}} 条 {change.code} {zh}", f"{{n}} findings {change.code} {en}")
        case "check added" | "check gone" | "check changed":
            yield (
                7,
                (
                    f"{{n}} 份报告的规则 {change.code} 结果改变",
                    f"{{n}} reports with another result of rule {change.code}",
                ),
            )
        case "suggestion added" | "suggestion gone" | "suggestion changed":
            yield 8, ("{n} 格建议的改动改变", "{n} cells with another suggestion")
        case "copy added" | "copy gone" | "copy changed":
            yield 9, ("{n} 份报告与他处相同的文字或表改变", "{n} reports that share other wording or tables")
        case "refusal added" | "refusal gone":
            zh, en = ("新增", "new") if change.kind == "refusal added" else ("消失", "gone")
            reason = next(str(one.new or one.old) for one in change.moved)
            yield 10, (f"拒读文件{zh} {{n}} 份：{reason}", f"{{n}} documents refused, {en}: {reason}")
        case _:
            raise ValueError(change.kind)


def _table(moved: dict[str, Moved]) -> Words:
    if "status" not in moved:
        told = moved.get("reason") or moved["cells"]
        return f"{{n}} 张表的{told.field}改变：{{what}}", f"{{n}} tables with another {told.field}: {{what}}"
    old, new = (_value("table_status", side) for side in moved["status"][1:])
    why = moved["reason"].new if "reason" in moved and moved["reason"].new else ""
    behind = (f"（{why}）", f" ({why})") if why else ("", "")
    return (
        f"{{n}} 张表由{old[0]}改为{new[0]}{behind[0]}：{{what}}",
        f"{{n}} tables from {old[1]} to {new[1]}{behind[1]}: {{what}}",
    )


def _fact(change: Change, moved: dict[str, Moved]) -> Words:
    name = next(field for field in FIRST if field in moved)
    if name == "value" and "unit_source" in moved and None in moved["value"][1:]:
        name = "unit_source"  # the amount came or went with its unit
    one, measure = moved[name], book().measures.get(change.code)
    if name == "value" and measure and measure.kind == "money" and (units := _rescaled(one)):
        return f"{{n}} 处{{what}}由{units[0]}改读为{units[1]}", f"{{n}} × {{what}} moved from {units[0]} to {units[1]}"
    if name in ("value", "raw"):
        return f"{{n}} 个{_field(name)[0]}改变：{{what}}", f"{{n}} facts with another {_field(name)[1]}: {{what}}"
    if name == "doubt":
        zh, en = ("存疑", "doubted") if not one.old else ("不再存疑", "no longer doubted") if not one.new else ("", "")
        return (
            f"{{n}} 个值{zh or '存疑的理由改变'}：{{what}}",
            f"{{n}} facts {en or 'doubted for another reason'}: {{what}}",
        )
    old, new, label = _value(name, one.old), _value(name, one.new), _field(name)
    return (
        f"{{n}} 个值的{label[0]}由{old[0]}改为{new[0]}：{{what}}",
        f"{{n}} facts with {label[1]} from {old[1]} to {new[1]}: {{what}}",
    )


def _rescaled(one: Moved) -> tuple[str, str] | None:
    """The units between which an amount moved: values are in yuan, so the same digits are ten thousand times as many."""
    if not isinstance(one.old, float) or not isinstance(one.new, float) or not one.old:
        return None
    if isclose(one.new, one.old * TEN_THOUSAND, rel_tol=1e-9):
        return "元", "万元"
    return ("万元", "元") if isclose(one.old, one.new * TEN_THOUSAND, rel_tol=1e-9) else None


def _field(name: str) -> Words:
    one = fields()["facts", name]
    return one["label_zh"], one["label_en"]


def _value(field: str, value: object) -> Words:
    known = values().get((field, str(value)))
    shown = (known["zh"], known["en"]) if known else ("无", "none") if value is None else (str(value),) * 2
    return shown[0].replace("{", "{{").replace("}", "}}"), shown[1].replace("{", "{{").replace("}", "}}")


def line(change: Change) -> str:
    """One difference: the file, what it is in, and every column that moved."""
    where = change.code + (f"@{change.applicant}" if change.applicant else "")
    place = " · ".join(filter(None, (change.source_name, change.report_id, change.table, where)))
    moved = "；".join(f"{one.field} {_plain(one.old)} → {_plain(one.new)}" for one in change.moved)
    counted = f"（{change.facts}）" if change.facts else ""
    return f"{change.kind} · {place}{counted}" + (f"：{moved}" if moved else "")


def _plain(value: object) -> str:
    if value is None:
        return "∅"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def as_json(change: Change) -> dict[str, Any]:
    """One difference as JSON: empty places are left out."""
    row = {name: getattr(change, name) for name in change.__slots__ if name != "moved" and getattr(change, name)}
    return row | {"moved": {one.field: [one.old, one.new] for one in change.moved}}
