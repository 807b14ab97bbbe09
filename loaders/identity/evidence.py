"""Evidence of a place and what comes of it: words with where they stand, and the region that they tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "agency", "title", "index", "source", "signature", "breadcrumb", "host", "lead", "statistics", "address",
    "phone", "postcode",
]  # fmt: skip
Status = Literal["stated", "inferred", "ambiguous", "unknown"]

ORDER: dict[Kind, tuple[str, float]] = {  # strongest first: the words for people, the confidence where it decides
    "agency": ("机关名", 0.95),
    "title": ("标题", 0.95),
    "index": ("索引号", 0.9),
    "source": ("来源", 0.8),
    "signature": ("落款", 0.8),
    "breadcrumb": ("栏目路径", 0.75),
    "host": ("网站域名", 0.75),
    "lead": ("正文首段", 0.7),
    "statistics": ("统计语句", 0.7),
    "address": ("地址", 0.7),
    "phone": ("电话区号", 0.4),
    "postcode": ("邮政编码", 0.3),
}
RANK = {kind: rank for rank, kind in enumerate(ORDER)}
PROSE = {"lead", "statistics", "address"}
NAMES_A_BODY = {"agency", "title", "signature"}
PORTAL = {"source", "breadcrumb"}  # words of the site, not of the report
HINTS = {"phone", "postcode"}  # tell candidates apart, place nothing by themselves
NOTHING = "文中没有可辨认的行政区划名称"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that may name the place, and where in the document they stand; `host` takes an address or a host."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Region:
    """The place of a report: names at the report year, `adcode` the six digits of the deepest division known.

    `zone` is a development zone that the evidence names: it is no division, the place is that of its host.
    """

    province: str | None = None
    city: str | None = None
    county: str | None = None
    township: str | None = None
    adcode: str | None = None
    region_status: Status = "unknown"
    region_confidence: float = 0.0
    region_evidence: str = NOTHING
    zone: str | None = None
    candidates: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether the place is told and not left open."""
        return self.region_status in ("stated", "inferred")
