"""What an amount of money is in yuan, and who says so: the cell, the header, the form, the prose, or a graded guess."""

from __future__ import annotations

from dataclasses import dataclass

from codebook import book
from loaders.values import Number

WAN, YUAN = "万元", "元"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in yuan (None where the unit can't be told), the source of its unit, and the reasoning in words."""

    yuan: float | None
    source: str | None
    why: str = ""


def scale(unit: str) -> float:
    """How many yuan a printed unit is; KeyError for a word that is no unit of money."""
    return float(book().units["words"][unit])


def stated(number: Number, header: str) -> Amount | None:
    """The amount where cell or header print a unit; a cell's own unit wins over the header's."""
    words = book().units["words"]
    if number.unit in words:
        why = "" if not header or scale(header) == scale(number.unit) else f"单元格写{number.unit}，标题写{header}"
        return Amount(_round(number.value * scale(number.unit)), "printed", why)
    if number.unit:
        return Amount(None, "unknown", f"单元格的单位“{number.unit}”不是金额单位")
    return Amount(_round(number.value * scale(header)), "printed") if header else None


def procurement(number: Number, projects: float | None, body: frozenset[str], header: str = "") -> Amount:
    """The amount of 采购总金额: stated, or told from the mean a project within the bounds of codebook/units.toml.

    `body` holds the agency's level and type. 200 to 3,000 a project fits both units, less than 200 yuan
    or more than 30 million fit none: the unit stays unknown.
    """
    told = stated(number, header)
    if told is not None:
        return told
    if number.value == 0:
        return Amount(0.0, None)
    rule = book().units["procurement"]
    if not projects or projects < 0 or number.value < 0:
        return Amount(None, "unknown", "没有采购项目数量，无法推断单位")
    mean = number.value / projects
    if mean * scale(WAN) < rule["least_mean"] or mean > rule["most_mean"]:
        return Amount(None, "unknown", f"每个项目平均 {mean:,.4g}，元与万元都说不通")
    if mean > rule["only_yuan_above"]:
        too_big = number.value * scale(WAN) > rule["high_total_as_wan"] and bool(body & set(rule["small_bodies"]))
        whole = number.value == int(number.value) and number.value >= rule["whole_yuan_from"]
        high = mean > rule["high_yuan_above"] or too_big or whole
        return _inferred(number, YUAN, high, mean)
    if mean < rule["only_wan_below"]:
        return _inferred(number, WAN, number.decimals >= rule["decimals_for_wan"], mean)
    return Amount(None, "unknown", f"每个项目平均 {mean:,.1f}，元与万元都说得通")


def fee(number: Number, header: str) -> Amount:
    """The amount of 本年收费金额: the 2021 form states 万元 in its header; without it the form's unit is inferred."""
    told = stated(number, header)
    if told is not None:
        return Amount(told.yuan, "form" if told.source == "printed" and not number.unit else told.source, told.why)
    return Amount(_round(number.value * scale(WAN)), "inferred_high", "标题里的单位缺失，按表式为万元")


def listed(number: Number, printed: str) -> Amount:
    """An amount in a list with a column of units: that unit counts, one in the cell wins over it."""
    told = stated(number, printed if printed in book().units["words"] else "")
    if told is None:
        return Amount(None, "unknown", f"计量单位“{printed}”不是金额单位" if printed else "计量单位空缺")
    return Amount(told.yuan, "form" if told.source == "printed" and not number.unit else told.source, told.why)


def _inferred(number: Number, unit: str, high: bool, mean: float) -> Amount:
    source = "inferred_high" if high else "inferred_medium"
    return Amount(_round(number.value * scale(unit)), source, f"每个项目平均 {mean:,.1f}，只有{unit}说得通")


def _round(yuan: float) -> float:
    """To the hundredth of a fen: 190.457379 万元 is 1904573.79 yuan and not 1904573.7899999999."""
    return round(yuan, 4)
