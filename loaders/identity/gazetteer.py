"""The divisions of data/gazetteer as units with parents and years, and a name index for longest matches."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(__file__).resolve().parents[2] / "data" / "gazetteer"
PROVINCE, CITY, COUNTY, TOWNSHIP, ZONE = 1, 2, 3, 4, 5
CALLED_TOWN = ("街道", "镇", "乡", "苏木")
GAP = 2024  # the tables of townships are of 2023 and 2026: what is first seen in 2026 may be two years older
FOREVER = 9999
OPEN = (2023, 2024, 2026, 9999)  # last years of the tables: what is seen in them still stands
SINCE = {TOWNSHIP: 2017, ZONE: 9999}  # first year of the table, by level (divisions: 2007): not known earlier
ETHNIC = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土"
    "|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春"
    "|赫哲|门巴|珞巴|基诺|各"
)
PEOPLES = f"(?:{ETHNIC})"
PREFECTURE = re.compile(rf"^(.{{2,6}}?)(?:{PEOPLES}族?)+自治州$")
AUTONOMOUS = re.compile(rf"^(.{{2,6}}?)(?:{PEOPLES}族?)+自治(县|旗)$")
ETHNIC_TOWN = re.compile(rf"^(.{{1,5}}?)(?:{PEOPLES}族)+(乡|镇)$")
KEPT_CITY = "吉林市"  # the one city that shares its province's short name and is called by it: 吉林 stays open
PARK = re.compile(r"开发区|园区|管委会|管理委员会|公司|服务[中站]|产业园|集[中聚]区|保税|示范区|管理区$|乡级|局局直")
ZONED = re.compile(r"^.{2,12}?(?:管理区|开发区|高新区|新区|园区|示范区)(?=.{2,}(?:街道|镇|乡)$)")
TOWN_COLUMNS = ("code", "name", "parent", "y0", "y1")
SHORT_ALIAS = 4  # characters; longer ones (新疆生产建设兵团) stand for themselves wherever they stand
LARGE = (PROVINCE, CITY, COUNTY)
Row = dict[str, Any]


class Unit(NamedTuple):
    """A division: `parent` is its index among the units (-1: none), y0 and y1 the years in which it stands."""

    code: str
    name: str
    level: int
    parent: int
    y0: int
    y1: int

    @property
    def is_local(self) -> bool:
        """Whether it is known by the table of townships only: one of thousands of parks and farms."""
        return len(self.code) == 9 and self.code.isdigit()


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Units and two name indexes, written in full and short; `lengths` are those of all names that begin so.

    `own` and `above` are the years in which a unit and all that is above it stand (0 and 9999: not known to end).
    """

    units: tuple[Unit, ...]
    full: dict[str, list[int]]
    short: dict[str, list[int]]
    lengths: dict[str, tuple[int, ...]]
    children: dict[int, list[int]]
    by_code: dict[str, list[int]]
    own: tuple[tuple[int, int], ...]
    above: tuple[tuple[int, int], ...]

    def chain(self, unit: int) -> tuple[int, ...]:
        """A unit and its ancestors, the unit first."""
        found = []
        while unit >= 0:
            found.append(unit)
            unit = self.units[unit].parent
        return tuple(found)

    def full_at(self, text: str, at: int) -> bool:
        """Whether a full name of three characters or more stands at a place of the text."""
        return any(
            n > 2 and (text[at : at + n] in self.full or text[at : at + n] in self.short)
            for n in self.lengths.get(text[at : at + 2], ())
        )

    def lateness(self, unit: int, year: int | None) -> float:
        """How far a unit or one above it is from standing in the year: 0 stands, 0.5 a year off, 1.5 more; 0.25 retired, no year."""
        late = self._late(self.own[unit], year)
        above = self._late(self.above[unit], year)
        return max(above, late / 2 if late == 0.5 and self.units[unit].level == TOWNSHIP else late)

    @staticmethod
    def _late(span: tuple[int, int], year: int | None) -> float:
        if year is None:
            return 0.0 if span[1] == FOREVER else 0.25
        off = max(span[0] - year, year - span[1], 0)
        return 0.0 if off == 0 else 0.5 if off == 1 else 1.5


def short_names(name: str, level: int) -> list[str]:
    """Names in daily use that follow from the full one by rule: 台州, 黔东南州, 三江县, 科左后旗, 石家庄高新区."""
    if level == PROVINCE:
        return [re.sub("(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$", "", name)]
    if level == CITY and (found := PREFECTURE.match(name)):
        return [found[1] + "州", found[1]]
    if level in (COUNTY, TOWNSHIP) and (found := AUTONOMOUS.match(name)):
        return [found[1] + found[2], found[1]]
    if level == CITY:
        return [name.removesuffix("市").removesuffix("地区").removesuffix("盟")]
    if level == TOWNSHIP:
        return [found[1] + found[2]] if (found := ETHNIC_TOWN.match(name)) and len(found[1]) > 1 else []
    if level == ZONE or name.endswith("开发区"):
        return [name.replace("高新技术产业开发区", "高新区").replace("经济技术开发区", "经开区")]
    if name.endswith("旗"):
        return [name.replace("科尔沁", "科").replace("左翼", "左").replace("右翼", "右")]
    return [name[:-1]] if len(name) > 2 and name[-1] in "县区市" else []


def _town_name(name: str, county: str) -> str:
    """A township's name without its county before it and without the office behind it: 卓资县梨花镇, 西湾子街道办."""
    name = name.removesuffix("办事处").removesuffix("办") if "街道办" in name else name.removesuffix("人民政府")
    above = next((n for n in (county, *short_names(county, COUNTY)) if len(n) > 2 and n in name), county)
    rest = ZONED.sub("", name.rpartition(above)[2] if above else name)
    return rest if len(rest) > 2 and rest.endswith(CALLED_TOWN) else name


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a small table of data/gazetteer."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def divisions() -> list[Row]:
    """The divisions of the table and what changed since: code, name, parent, level, y0, y1, kind, in a fixed order."""
    found: dict[tuple[str, str], Row] = {}
    for row in pq.read_table(FOLDER / "divisions.parquet", use_threads=False).to_pylist():
        found[row["code"], row["name"]] = row
    for later in rows("divisions_later.csv"):
        years = {"y0": int(later["y0"]), "y1": int(later["y1"] or 9999)}
        found[later["code"], later["name"]] = {"kind": "gb2260", **later, "level": int(later["level"]), **years}
    return sorted(found.values(), key=lambda row: (row["level"], row["code"], row["y0"]))


def _units() -> list[Unit]:
    index: dict[str, int] = {}
    units: list[Unit] = []

    def add(code: str, name: str, level: int, parent: str, y0: int, y1: int) -> None:
        above = (index.get(code, -1) for code in (parent, parent[:4] + "00", parent[:2] + "0000"))
        host = next((at for at in above if at >= 0 and units[at].level < level and units[at].level in LARGE), -1)
        index[code] = len(units)
        units.append(Unit(code, name, level, host, y0, y1))

    for row in divisions():
        level = row["level"]
        if row["kind"] == "nbs_zone":
            level = ZONE  # a zone of the statistics office is no division: it tells its parent only
            if row["name"] == units[index[row["parent"]]].name:
                continue  # 嘉峪关市 has no counties: the office repeats the city
        add(row["code"], row["name"], level, row["parent"], row["y0"], row["y1"])
    towns = pq.read_table(FOLDER / "townships.parquet", columns=list(TOWN_COLUMNS), use_threads=False).to_pydict()
    known: dict[tuple[str, str], int] = {}
    for code, printed, parent, y0, y1 in zip(*(towns[n] for n in TOWN_COLUMNS), strict=True):
        name = _town_name(printed, units[index[parent]].name if parent in index else "")
        plainly = found[1] + found[2] if (found := ETHNIC_TOWN.match(name)) and len(found[1]) > 1 else name
        at = known.setdefault((parent, plainly), len(units))
        if at < len(units):  # written in two ways in different years: one township
            longer = max(name, units[at].name, key=len)
            units[at] = units[at]._replace(name=longer, y0=min(y0, units[at].y0), y1=max(y1, units[at].y1))
        else:
            add(code, name, ZONE if PARK.search(name) else TOWNSHIP, parent, y0, y1)
    there = {(unit.name, unit.parent) for unit in units if unit.level == ZONE and not unit.is_local}
    for zone in rows("zones.csv"):
        if (zone["zone"], index[zone["host"]]) not in there:
            add("zone:" + zone["zone"], zone["zone"], ZONE, zone["host"], 0, int(zone["until"] or 9999))
    pa.default_memory_pool().release_unused()
    return units


def _shorts(units: list[Unit]) -> dict[str, list[int]]:
    """Short name → units; what is also called like a province is left to the province: 河南县, but 河南 is 河南省."""
    provinces = {name for unit in units if unit.level == PROVINCE for name in short_names(unit.name, PROVINCE)}
    short: dict[str, list[int]] = {}
    for at, unit in enumerate(units):
        if unit.is_local and not unit.name.endswith(("族乡", "族镇")):
            continue
        for name in short_names(unit.name, unit.level):
            taken = name in provinces and unit.level != PROVINCE and unit.name != KEPT_CITY
            if len(name) > 1 and name != unit.name and not taken:
                short.setdefault(name, []).append(at)
    return short


def _spans(units: list[Unit]) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """The years in which each unit stands, and in which all above it do; equal ones are one object."""
    always = (0, FOREVER)
    same: dict[tuple[int, int], tuple[int, int]] = {always: always}
    own, above = list[tuple[int, int]](), list[tuple[int, int]]()
    for unit in units:  # parents come before their children
        first = 0 if unit.y0 <= SINCE.get(unit.level, 2007) else min(unit.y0, GAP) if unit.is_local else unit.y0
        span = (first, FOREVER if unit.y1 in OPEN else unit.y1)
        own.append(same.setdefault(span, span))
        up, on = (above[unit.parent], own[unit.parent]) if unit.parent >= 0 else (always, always)
        span = (max(up[0], on[0]), min(up[1], on[1]))
        above.append(same.setdefault(span, span))
    return tuple(own), tuple(above)


@cache
def gazetteer() -> Gazetteer:
    """All units with their names, read once a process (about half a second)."""
    units = _units()
    full: dict[str, list[int]] = {}
    children: dict[int, list[int]] = {}
    by_code: dict[str, list[int]] = {}
    for at, unit in enumerate(units):
        full.setdefault(unit.name.replace("於", "于"), []).append(at)  # 於潜镇: matched in simplified characters
        children.setdefault(unit.parent, []).append(at)
        if not unit.is_local:
            by_code.setdefault(unit.code, []).append(at)
    short = _shorts(units)
    for alias in rows("aliases.csv"):
        where = full if len(alias["alias"]) > SHORT_ALIAS else short
        where.setdefault(alias["alias"], []).extend(by_code[alias["code"]])
    lengths: dict[str, set[int]] = {}
    for name in (*full, *short):
        lengths.setdefault(name[:2], set()).add(len(name))
    ordered = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}
    own, above = _spans(units)
    return Gazetteer(tuple(units), full, short, ordered, children, by_code, own, above)
