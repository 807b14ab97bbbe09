"""What goes with the tables: README.md, CITATION.cff, and the head of datapackage.json."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from codebook.terms import notes
from loaders.release.described import PROFILE, Json

TITLE_ZH, TITLE_EN = "政府信息公开年报数据", "Annual reports on government information disclosure in China"
AUTHOR = "OGI reports"
KEYWORDS = ["政府信息公开", "年度报告", "依申请公开", "open government information", "freedom of information", "China"]
CAVEATS = (  # those of the codebook that speak of the data and not of a page
    *("sample", "double", "normative_scope", "zhejiang", "decisions_items", "narrative", "procurement", "units"),
    *("other_forms", "applicants", "review", "review_blank"),
)
TEMPLATE = Path(__file__).with_name("readme.md")
CONTENT = {
    "reports": "每份报告一行 · one row a report",
    "tables": "每份报告每张表一行 · one row a report and table",
    "facts": "每格一行 · one row a cell",
    "labels": "每种标题写法一行 · one row a wording of a label",
    "findings": "勾稽与核对的发现 · what checks found",
    "quarantine": "未读的文件及理由 · documents not read, with the reason",
    "checks": "每份报告每条规则一行：通过、不通过、无法评估的次数 · one row a report and rule: passed, failed, not assessable",
    "suggestions": "可使不符的勾稽成立的最小改动，只是提示 · smallest changes that would mend failing sums, hints only",
    "copies": "正文与上年及他机关重合的份额 · shares of prose that also stand in another report",
    "sightings": "每个标题写法在各报告中的位置 · where each wording of a label stands",
    "verdicts": "人工裁定 · verdicts of people",
    "corrections": "人工更正，更正前后并列 · corrections by people, before and after",
    "regions": "2007年以来的行政区划 · divisions since 2007",
}


def readme(parquet: Path, rows: dict[str, int], manifest: Json, told: Json) -> str:
    """The README of a package, from the numbers of its tables."""
    reports = pq.read_table(parquet / "reports.parquet")
    status = pc.value_counts(pq.read_table(parquet / "tables.parquet", columns=["status"])["status"]).to_pylist()
    tables = {one["values"]: one["counts"] for one in status}
    doubt = pq.read_table(parquet / "facts.parquet", columns=["doubt"])["doubt"]
    years = pc.min_max(reports["report_year"]).as_py()
    made_up = pc.sum(reports["synthetic"]).as_py() or 0
    files = [f"| `{name}` | {count:,} | {CONTENT.get(name, '')} |" for name, count in rows.items()]
    return TEMPLATE.read_text(encoding="utf-8").format(
        title_zh=TITLE_ZH,
        title_en=TITLE_EN,
        **told,
        **{name: manifest.get(name, "") for name in ("schema_version", "parser_version", "codebook_version")},
        reports=f"{len(reports):,}",
        synthetic=f"（其中 {made_up} 份是虚构样例，不可引用 are made up: not to be cited）" if made_up else "",
        agencies=f"{_different(reports['agency_id']):,}",
        provinces=_different(reports["province"]),
        years="–".join(dict.fromkeys(str(year) for year in years.values() if year is not None)) or "?",
        facts=f"{rows['facts']:,}",
        doubted=f"{len(doubt) - doubt.null_count:,}",
        read=tables.get("read", 0) + tables.get("blank", 0),
        refused=tables.get("incomplete", 0),
        absent=tables.get("absent", 0),
        quarantine=rows["quarantine"],
        files="\n".join(files),
        caveats="\n".join(f"- {notes()[topic]['zh']}\n  {notes()[topic]['en']}" for topic in CAVEATS),
    )


def _different(column: pa.ChunkedArray) -> int:
    return int(pc.count_distinct(column, mode="only_valid").as_py())


def citation(told: Json) -> str:
    """CITATION.cff 1.2.0; a JSON text is a YAML text."""
    lines = {
        "cff-version": "1.2.0",
        "type": "dataset",
        "message": "引用本数据请写明版本。If you use this data set, please cite it with its version.",
        "title": f"{TITLE_ZH} · {TITLE_EN}",
        "authors": [{"name": AUTHOR}],
        "version": told["version"],
        "date-released": told["date"],
        "identifiers": [{"type": "other", "value": told["data_version"], "description": "数据版本 · data version"}],
        "keywords": KEYWORDS,
    }
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in lines.items())


def package(told: Json, resources: list[Json]) -> str:
    """datapackage.json."""
    return _json(
        {
            "$schema": f"{PROFILE}/datapackage.json",
            "name": "ogi-reports",
            "title": f"{TITLE_ZH} · {TITLE_EN}",
            "description": "\n\n".join(f"{notes()[topic]['zh']} {notes()[topic]['en']}" for topic in CAVEATS[:2]),
            "version": told["version"],
            "created": f"{told['date']}T00:00:00Z",
            "data_version": told["data_version"],
            "keywords": KEYWORDS,
            "contributors": [{"title": AUTHOR, "roles": ["creator"]}],
            "sources": [{"title": "各级行政机关政府信息公开工作年度报告 · annual reports of the agencies"}],
            "resources": resources,
        }
    )


def _json(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
