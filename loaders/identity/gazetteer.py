"""The divisions of data/gazetteer as units with parents and years, and a name index for longest matches."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

FOLDER = Path(__file__).resolve().parents[2] / "data" / "gazetteer"
PROVINCE, CITY, COUNTY, TOWNSHIP, ZONE = 1, 2, 3, 4, 5
CALLED_TOWN = ("街道", "镇", "乡", "苏木")
OPEN_FROM, OPEN_TO = 2023, 2017  # last year seen from here on: still stands; first township year: not known earlier
ETHNIC = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土"
    "|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春"
    "|赫哲|门巴|珞巴|基诺|各"
)
PEOPLES = f"(?:{ETHNIC})"
PREFECTURE = re.compile(rf"^(.{{2,6}}?)(?:{PEOPLES}族?)+自治州$")
AUTONOMOUS = re.compile(rf"^(.{{2,6}}?)(?:{PEOPLES}族?)+自治(县|旗)$")
ETHNIC_TOWN = re.compile(rf"^(.{{1,5}}?)(?:{PEOPLES}族)+(乡|镇)$")
ABBREVIATED = {  # in daily use, not to be had by a rule
    "锡林郭勒盟": "锡盟", "阿拉善盟": "阿盟", "巴音郭楞蒙古自治州": "巴州", "博尔塔拉蒙古自治州": "博州",
    "克孜勒苏柯尔克孜自治州": "克州", "达尔罕茂明安联合旗": "达茂旗", "莫力达瓦达斡尔族自治旗": "莫旗",
}  # fmt: skip


class Unit(NamedTuple):
    """A division: `parent` is its index among the units (-1: none), y0 and y1 the years in which it stands."""

    code: str
    name: str
    level: int
    parent: int
    y0: int
    y1: int


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Units and two name indexes, written in full and short; `lengths` are those of all names that begin so."""

    units: tuple[Unit, ...]
    full: dict[str, list[int]]
    short: dict[str, list[int]]
    lengths: dict[str, tuple[int, ...]]
    children: dict[int, list[int]]
    by_code: dict[str, list[int]]

    def chain(self, unit: int) -> tuple[int, ...]:
        """A unit and its ancestors, the unit first."""
        found = []
        while unit >= 0:
            found.append(unit)
            unit = self.units[unit].parent
        return tuple(found)

    def lateness(self, unit: int, year: int | None) -> float:
        """How far a unit is from standing in the year: 0 stands, 0.5 a year off, 1.5 more; 0.25 retired, no year."""
        row = self.units[unit]
        last = 9999 if row.y1 >= OPEN_FROM else row.y1
        first = 0 if row.y0 <= OPEN_TO or row.level == ZONE else row.y0
        if year is None:
            return 0.0 if last == 9999 else 0.25
        off = max(first - year, year - last, 0)
        return (0.0, 0.5)[off] if off < 2 else 1.5


def short_names(name: str, level: int) -> list[str]:
    """Names in daily use that follow from the full one by rule: 台州, 黔东南州, 三江县, 科左后旗, 石家庄高新区."""
    if name in ABBREVIATED:
        return [ABBREVIATED[name], name[:-1]] if name.endswith(("盟", "旗")) else [ABBREVIATED[name]]
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
    rest = name.removeprefix(county)
    return rest if len(rest) > 2 and rest.endswith(CALLED_TOWN) else name


def _units() -> list[Unit]:
    index: dict[str, int] = {}
    units: list[Unit] = []

    def add(code: str, name: str, level: int, parent: str, y0: int, y1: int) -> None:
        above = (index.get(code, -1) for code in (parent, parent[:4] + "00", parent[:2] + "0000"))
        host = next((at for at in above if at >= 0 and units[at].level < level), -1)
        index[code] = len(units)
        units.append(Unit(code, name, level, host, y0, y1))

    rows = pq.read_table(FOLDER / "divisions.parquet").to_pylist()
    for row in sorted(rows, key=lambda row: (row["level"], row["code"], row["y0"])):
        level = row["level"]
        if row["kind"] == "nbs_zone":
            level = ZONE  # a zone of the statistics office is no division: it tells its parent only
            if row["name"] == units[index[row["parent"]]].name:
                continue  # 嘉峪关市 has no counties: the office repeats the city
        add(row["code"], row["name"], level, row["parent"], row["y0"], row["y1"])
    towns = pq.read_table(FOLDER / "townships.parquet").to_pydict()
    columns = (towns[name] for name in ("code", "name", "parent", "y0", "y1"))
    known: dict[tuple[str, str], int] = {}
    for code, printed, parent, y0, y1 in zip(*columns, strict=True):
        name = _town_name(printed, units[index[parent]].name if parent in index else "")
        at = known.setdefault((parent, name), len(units))
        if at < len(units):  # written in two ways in different years: one township
            units[at] = units[at]._replace(y0=min(y0, units[at].y0), y1=max(y1, units[at].y1))
        else:
            add(code, name, TOWNSHIP, parent, y0, y1)
    with (FOLDER / "zones.csv").open(encoding="utf-8", newline="") as file:
        for zone in csv.DictReader(file):
            add("zone:" + zone["zone"], zone["zone"], ZONE, zone["host"], 0, 9999)
    return units


@cache
def gazetteer() -> Gazetteer:
    """All units with their names, read once a process (about half a second)."""
    units = _units()
    full: dict[str, list[int]] = {}
    short: dict[str, list[int]] = {}
    children: dict[int, list[int]] = {}
    by_code: dict[str, list[int]] = {}
    for at, unit in enumerate(units):
        full.setdefault(unit.name.replace("於", "于"), []).append(at)  # 於潜镇: matched in simplified characters
        by_code.setdefault(unit.code, []).append(at)
        children.setdefault(unit.parent, []).append(at)
        if unit.level != TOWNSHIP or unit.name.endswith(("族乡", "族镇")):
            for name in short_names(unit.name, unit.level):
                if len(name) > 1 and name != unit.name:
                    short.setdefault(name, []).append(at)
    lengths: dict[str, set[int]] = {}
    for name in (*full, *short):
        lengths.setdefault(name[:2], set()).add(len(name))
    ordered = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}
    return Gazetteer(tuple(units), full, short, ordered, children, by_code)
