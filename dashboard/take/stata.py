"""Stata .dta (version 118): names that Stata takes, labels in both languages, and why a value is missing.

pandas writes the file. What it cannot write is put in afterwards: the extended missing values .a, .b, … that tell a
blank from a cell that the form lacks (dashboard.take.states).
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
from collections.abc import Mapping

import numpy as np
import pandas as pd

from codebook import book
from codebook.terms import values
from dashboard.take import states
from dashboard.take.slip import Slip
from dashboard.take.table import Table
from dashboard.take.wide import STATE

NAME, LABEL = 32, 80  # the most characters of a name, of a label
# Stata's words and types: no variable may be called so.
TAKEN = {"_all", "_b", "_coef", "_cons", "_n", "_N", "_pi", "_pred", "_rc", "_skip", "aggregate", "array", "boolean"}
TAKEN |= {"break", "byte", "case", "catch", "class", "const", "continue", "default", "double", "else", "end", "enum"}
TAKEN |= {"eltypedef", "explicit", "export", "external", "float", "for", "friend", "function", "global"}
TAKEN |= {"goto", "if", "in", "inline", "int", "local", "long", "NULL", "pragma", "protected", "quad", "rowvector"}
TAKEN |= {"short", "strL", "typedef", "typename", "using", "virtual", "with"}
CODED = ("state", "unit_source", "region_status", "agency_level", "status", "match")
DOT = 2_147_483_621  # "." among Stata's whole numbers; .a is the next
DAY = pd.Timestamp("2000-01-01")


def names(table: Table) -> dict[str, str]:
    """Column → a name that Stata takes: letters, digits and underscores, at most 32, each once.

    withheld.state_secret__person → withheld_state_secret_p; what is still too long ends in four digits of its hash.
    """
    short = {f"__{applicant}": f"_{applicant[:3]}" for applicant in book().applicants}
    out: dict[str, str] = {}
    for column in table.columns:
        name = column.name
        for long, brief in short.items():
            name = name.replace(long, brief)
        name = re.sub(r"\W+", "_", name.replace(STATE, "_state").replace("__", "_"), flags=re.ASCII)
        name = name if name[:1].isalpha() and name not in TAKEN and not re.fullmatch(r"str\d+", name) else f"v_{name}"
        if len(name) > NAME or name in out.values():
            mark = hashlib.sha256(column.name.encode()).hexdigest()[:4]
            name = f"{name[: NAME - 5]}_{mark}"
        out[column.name] = name
    return out


def dta(table: Table, slip: Slip) -> bytes:
    """The table as .dta. Values whose `__state` (or `state`) is not number are extended missing values with labels;
    coded columns are numbers with value labels in both languages, numbered as in the code book."""
    frame, new = table.whole(), names(table)
    why = {c: frame[s].astype("str") for c in new for s in (f"{c}{STATE}",) if s in frame}
    if "value" in frame and "state" in frame:
        why["value"] = (
            frame["state"].astype("str").mask(frame["value"].isna() & (frame["state"] == "number"), "unit_unknown")
        )
    labels: dict[str, Mapping[int, str]] = {new[c]: _reasons() for c in why}
    out = {}
    for column in table.columns:
        field = "state" if column.name.endswith(STATE) else column.name.rpartition("__")[2]
        if field in CODED and column.kind == "text":
            codes = _codes(field)
            out[new[column.name]] = frame[column.name].map(codes).astype("float64")
            labels[new[column.name]] = {number: _both(field, value) for value, number in codes.items()}
        else:
            out[new[column.name]] = _plain(frame[column.name], column.kind)
    told = {new[c.name]: _label(c.name, c.label_zh, c.label_en) for c in table.columns}
    file = io.BytesIO()
    pd.DataFrame(out).to_stata(
        file,
        write_index=False,
        version=118,
        time_stamp=DAY.to_pydatetime(),
        data_label=slip.short[:LABEL],
        variable_labels=told,
        value_labels=labels,  # type: ignore[arg-type]
    )
    return _missing(file.getvalue(), {new[c]: kinds for c, kinds in why.items()}, frame, list(new.values()))


def _plain(column: pd.Series, kind: str) -> pd.Series:
    if kind != "text":
        return column.astype("float64")
    return column.astype("object").where(column.notna(), "")


def _codes(field: str) -> dict[str, int]:
    known = states.STATES if field == "state" else [value for name, value in values() if name == field]
    return {value: number for number, value in enumerate(known)}


def _both(field: str, value: str) -> str:
    told = values()[field, value]
    return f"{told['zh']} {told['en']}"


def _reasons() -> dict[int, str]:
    return {DOT + 1 + place: _both("state", state) for place, state in enumerate(states.MISSING)}


def _label(name: str, zh: str, en: str) -> str:
    return f"{name} {zh} {en}".strip()[:LABEL]


def _missing(content: bytes, why: Mapping[str, pd.Series], frame: pd.DataFrame, order: list[str]) -> bytes:
    """The file with the extended missing values in place of the dots that pandas wrote."""
    out = bytearray(content)
    at = out.index(b"<map>") + len(b"<map>")
    places = struct.unpack_from("<14Q", out, at)
    kinds = struct.unpack_from(f"<{len(order)}H", out, places[2] + len(b"<variable_types>"))
    widths = [WIDTHS.get(kind, kind) for kind in kinds]
    offsets = dict(zip(order, np.cumsum([0, *widths]), strict=False))
    start, width = places[9] + len(b"<data>"), sum(widths)
    table = np.frombuffer(out, dtype="u1", count=width * len(frame), offset=start).reshape(len(frame), width)
    table = table.copy()
    bits = {state: _bits(place + 1) for place, state in enumerate(states.MISSING)}
    for name, kinds_of in why.items():
        cell = slice(int(offsets[name]), int(offsets[name]) + 8)
        held = np.ascontiguousarray(table[:, cell]).view("<u8")[:, 0]
        wanted = kinds_of.map(bits).fillna(0).to_numpy(dtype="<u8")
        table[:, cell] = np.where((held == _bits(0)) & (wanted > 0), wanted, held).view("u1").reshape(-1, 8)
    out[start : start + table.size] = table.tobytes()
    return bytes(out)


WIDTHS = {65526: 8, 65527: 4, 65528: 4, 65529: 2, 65530: 1, 32768: 8}  # double, float, long, int, byte, strL


def _bits(place: int) -> int:
    """The bits of a double that Stata reads as "." (0), ".a" (1), ".b" (2) …"""
    return 0x7FE0_0000_0000_0000 + (place << 40)
