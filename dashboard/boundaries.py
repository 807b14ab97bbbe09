"""A map of the reader's own boundaries: GeoJSON dropped into data/gazetteer/boundaries, drawn without a map service.

None is shipped: no source at hand grants a right to pass county boundaries on. Rings are projected here (Albers equal
area, parallels 25 and 47 degrees, as maps of China are) and filled as plain shapes, so that their winding does not
matter and nothing is asked of another host. A feature is told by a division code among its properties or as its id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard import numbers, theme, tilemap
from dashboard.charts import Figure, records, safe

FOLDER = Path(__file__).resolve().parents[1] / "data" / "gazetteer" / "boundaries"
NAMES, CODE = ("adcode", "code", "gb", "id", "GB", "区划代码"), re.compile(r"(?:156)?(\d{6})(?:\d{3}|\d{6})?")
LARGEST, MOST_POINTS = 20_000_000, 400_000  # bytes of a file, points of a map
SOUTH, NORTH, MIDDLE, LOW = radians(25), radians(47), radians(105), radians(0)
LEVELS = {2: "province", 4: "city", 6: "county"}
Ring = list[tuple[float, float]]


class BadBoundaries(ValueError):
    """A file that is no GeoJSON of divisions; says which and why."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """The divisions of one level: filter key → its rings, projected."""

    level: str
    rings: dict[str, tuple[Ring, ...]]


def shapes(folder: Path = FOLDER) -> Shapes | None:
    """What the files of the folder hold, the level that most features are of; None where there is no file.

    Raises BadBoundaries.
    """
    files = sorted(folder.glob("*.*json")) if folder.is_dir() else []
    return _read(tuple((str(path), path.stat().st_mtime_ns) for path in files)) if files else None


@cache
def _read(files: tuple[tuple[str, int], ...]) -> Shapes:
    found: dict[int, dict[str, tuple[Ring, ...]]] = {digits: {} for digits in LEVELS}
    points = 0
    for name, _ in files:
        for code, rings in _features(Path(name)):
            points += sum(map(len, rings))
            if points > MOST_POINTS:
                raise BadBoundaries(f"{Path(name).name}: > {MOST_POINTS:,} points")
            digits = 2 if code.endswith("0000") else 4 if code.endswith("00") else 6
            key = code[:digits]
            found[digits][key] = (*found[digits].get(key, ()), *rings)
    digits = max(found, key=lambda one: len(found[one]))
    if not found[digits]:
        raise BadBoundaries(f"{Path(files[0][0]).name}: no feature has a division code ({', '.join(NAMES)})")
    return Shapes(LEVELS[digits], found[digits])


def _features(path: Path) -> Iterator[tuple[str, tuple[Ring, ...]]]:
    if path.stat().st_size > LARGEST:
        raise BadBoundaries(f"{path.name}: > {LARGEST:,} bytes")
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        for feature in features:
            told = {**feature.get("properties", {}), "id": feature.get("id", feature.get("properties", {}).get("id"))}
            codes = (CODE.fullmatch(str(told.get(name, ""))) for name in NAMES)
            code = next((found.group(1) for found in codes if found), None)
            shape = feature["geometry"]
            if code is None or shape is None or shape["type"] not in ("Polygon", "MultiPolygon"):
                continue
            parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
            yield code, tuple([project(x, y) for x, y, *_ in ring] for part in parts for ring in part)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBoundaries(f"{path.name}: {type(error).__name__}") from None


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees on the plane of an Albers equal-area cone; one is the radius of the earth."""
    n = (sin(SOUTH) + sin(NORTH)) / 2
    c = cos(SOUTH) ** 2 + 2 * n * sin(SOUTH)
    turn = n * (radians(longitude) - MIDDLE)
    far, near = sqrt(c - 2 * n * sin(radians(latitude))) / n, sqrt(c - 2 * n * sin(LOW)) / n
    return far * sin(turn), near - far * cos(turn)


def figure(found: Shapes, table: pd.DataFrame, names: dict[str, str], lang: str, unit: str, none: str) -> Figure:
    """The divisions coloured by `value` of `table` (group, value, n, N), as the tiles are; grey without a report.
    A click carries the division's key."""
    rows = {str(row.group): row for row in records(table)}
    values = {key: float(row.value) for key, row in rows.items() if key in found.rings and not pd.isna(row.value)}
    bounds = tilemap.steps(list(values.values()))
    colours = {
        key: theme.SCALE[tilemap.step(values[key], bounds)] if key in values else theme.EMPTY for key in found.rings
    }
    traces = [
        _filled(colour, [found.rings[k] for k, c in colours.items() if c == colour]) for colour in set(colours.values())
    ]
    traces.sort(key=lambda trace: str(trace["fillcolor"]))
    middles = [_middle(rings) for rings in found.rings.values()]
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [x for x, _ in middles],
            "y": [y for _, y in middles],
            "marker": {"size": 16, "opacity": 0},
            "customdata": [[key] for key in found.rings],
            "hovertext": [_hover(names.get(key, key), rows.get(key), unit, none) for key in found.rings],
            "hoverinfo": "text",
        }
    )
    axis: dict[str, Any] = {"visible": False, "fixedrange": True}
    layout = theme.layout(520, legend=False) | {"xaxis": axis, "yaxis": axis | {"scaleanchor": "x"}}
    return {"data": traces, "layout": layout}


def _filled(colour: str, some: list[tuple[Ring, ...]]) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in (ring for rings in some for ring in rings):
        x += [*(a for a, _ in ring), None]
        y += [*(b for _, b in ring), None]
    line = {"color": theme.LINE, "width": 0.6}
    look = {"fill": "toself", "fillcolor": colour, "line": line, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, **look}


def _middle(rings: tuple[Ring, ...]) -> tuple[float, float]:
    """The middle of the largest ring's box."""
    ring = max(rings, key=len)
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _hover(name: str, row: Any, unit: str, none: str) -> str:
    if row is None:
        return f"{safe(name)}<br>{safe(none)}"
    value = "–" if pd.isna(row.value) else f"{numbers.exact(float(row.value))} {safe(unit)}".rstrip()
    return f"{safe(name)}<br>{value}<br>n = {row.n} / {row.N}"
