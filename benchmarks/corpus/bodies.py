"""Made-up agencies at real places: which body the n-th agency of a corpus is."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq

GAZETTEER = Path(__file__).resolve().parents[2] / "data" / "gazetteer"
YEAR = 2020  # places that stand through the years of the corpus
PREFECTURE, COUNTY = 2, 3
NO_PLACE = ("市辖区", "直辖县级行政区划", "省直辖县级行政区划", "自治区直辖县级行政区划", "县")
FIELDS = (
    *("教育局", "科学技术局", "民政局", "司法局", "财政局", "自然资源局", "生态环境局", "住房和城乡建设局"),
    *("交通运输局", "水利局", "农业农村局", "商务局", "文化和旅游局", "卫生健康局", "应急管理局", "审计局"),
    *("市场监督管理局", "统计局", "医疗保障局", "林业局", "信访局", "城市管理局", "乡村振兴局", "发展和改革局"),
)


@dataclass(frozen=True, slots=True)
class Agency:
    """A body: its full name and the code of the division that it belongs to; `small` bodies handle fewer cases."""

    name: str
    code: str
    small: bool


class Bodies:
    """All bodies there are, in an order that a seed tells; indexed, never listed."""

    def __init__(self, seed: int) -> None:
        counties, prefectures, towns = _places()
        self.kinds: tuple[tuple[int, list[tuple[str, str]], tuple[str, ...], bool], ...] = (
            (58, counties, FIELDS, False),
            (30, towns, ("",), True),
            (8, prefectures, FIELDS, False),
            (4, counties, ("人民政府",), False),
        )
        self.seed = seed

    def __getitem__(self, number: int) -> Agency:
        """The number-th agency; kinds take turns by their shares, and a kind that is used up begins anew."""
        turn, at = divmod(number, 100)
        first = 0
        for share, places, fields, small in self.kinds:
            if at < first + share:
                size = len(places) * len(fields)
                order = _stride(size, self.seed)
                place, field = divmod((turn * share + at - first) * order % size, len(fields))
                name, code = places[place]
                return Agency(name + fields[field], code, small)
            first += share
        raise IndexError(number)


@cache
def _stride(size: int, seed: int) -> int:
    """A step that visits every number below `size` before one comes back."""
    chance = random.Random(f"{seed} {size}")  # noqa: S311 - the same for everybody
    while True:
        step = chance.randrange(size // 3, size)
        if _divisor(step, size) == 1:
            return step


def _divisor(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


@cache
def _places() -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    """(full name, code) of counties, prefectures and townships that stand in the year."""
    rows = [r for r in pq.read_table(GAZETTEER / "divisions.parquet").to_pylist() if r["y0"] <= YEAR <= r["y1"]]
    known = {row["code"]: row for row in rows}

    def full(row: dict[str, object] | None) -> str:
        if row is None:
            return ""
        name = "" if row["name"] in NO_PLACE else str(row["name"])
        return full(known.get(row["parent"])) + name

    def listed(level: int) -> list[tuple[str, str]]:
        return [
            (full(row), row["code"])
            for row in sorted(rows, key=lambda r: str(r["code"]))
            if row["level"] == level and row["name"] not in NO_PLACE and row["kind"] == "gb2260"
        ]

    towns = [
        (
            full(known[row["parent"]]) + str(row["name"]) + ("" if str(row["name"]).endswith("街道") else "人民政府"),
            row["parent"],
        )
        for row in sorted(pq.read_table(GAZETTEER / "townships.parquet").to_pylist(), key=lambda r: str(r["code"]))
        if row["y0"] <= YEAR <= row["y1"] and row["parent"] in known and str(row["name"])[-1] in "乡镇道"
    ]
    return listed(COUNTY), listed(PREFECTURE), towns
