"""Texts that mean harm wherever something other than a reader takes them up, and a data set whose every text is one.

The documents are made of a shipped report and read by the loaders themselves; what the loaders would never let through
is then put into every free text of the published tables, as if all of them had failed. All of it is marked synthetic.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq

from loaders import publish
from loaders.build import build
from loaders.intake.sources import find
from loaders.schema import SCHEMAS
from tests import library
from tests.gathering import written

HOST = "evil.example"
FLAG = "window.ran=(window.ran||0)+1"  # what a text does that is run
PAYLOADS = (
    # Markup that runs.
    f"<script>{FLAG}</script>",
    f"</script><script>{FLAG}</script>",
    f"<ScRiPt>{FLAG}</sCrIpT>",
    f"<img src=x onerror={FLAG}>",
    f'"><img src=x onerror="{FLAG}">',
    f"'><svg/onload={FLAG}>",
    f"<svg><script>{FLAG}</script></svg>",
    f"<svg><animate onbegin={FLAG} attributeName=x dur=1s>",
    f"<details open ontoggle={FLAG}>",
    f"<body onload={FLAG}>",
    f"<input autofocus onfocus={FLAG}>",
    f"<video><source onerror={FLAG}></video>",
    f"<math><mtext><table><mglyph><style><!--</style><img src=x onerror={FLAG}>",
    f"<noscript><p title='</noscript><img src=x onerror={FLAG}>'>",
    f"<template><script>{FLAG}</script></template>",
    f"<iframe srcdoc='<script>parent.{FLAG}</script>'></iframe>",
    f"<!--><img src=x onerror={FLAG}>-->",
    f"<x onmouseover={FLAG} style='position:fixed;inset:0'>over</x>",
    # Markup that asks another host, or leads there.
    f"<img src=https://{HOST}/i.png>",
    f"<link rel=stylesheet href=https://{HOST}/s.css>",
    f"<style>@import 'https://{HOST}/s.css';</style>",
    f"<iframe src=https://{HOST}/></iframe>",
    f"<object data=https://{HOST}/o></object>",
    f"<embed src=https://{HOST}/e>",
    f"<form action=https://{HOST}/><button>send</button></form>",
    f"<base href=https://{HOST}/>",
    f"<meta http-equiv=refresh content='0;url=https://{HOST}/'>",
    f"<a href='https://{HOST}/'>lead</a>",
    f"<a href='javascript:{FLAG}'>lead</a>",
    f"<a xlink:href='data:text/html,<script>{FLAG}</script>'>lead</a>",
    f'<span style="background:url(https://{HOST}/b.png)">back</span>',
    # Markdown.
    f"[lead](https://{HOST}/)",
    f"[lead](javascript:{FLAG})",
    f"[lead](JaVaScRiPt:{FLAG} 'title')",
    "[lead](data:text/html;base64,PHNjcmlwdD4=)",
    f"![shown](https://{HOST}/i.png)",
    f"[![shown](https://{HOST}/i.png)](https://{HOST}/)",
    f"[lead][1]\n\n[1]: https://{HOST}/",
    f"<https://{HOST}/>",
    f"https://{HOST}/",
    f"www.{HOST}",
    f"mail@{HOST}",
    "# heading\n\n* item\n\n> quote\n\n```\ncode\n```",
    "|a|b|\n|-|-|\n|1|2|",
    "**bold** _slant_ ~~struck~~ `code`",
    ":red[red] :material/bolt: :streamlit: :smile: :red-background[x]",
    # Mathematics, templates, formats.
    "$x^2$ $$\\int_0^1$$",
    f"$\\href{{javascript:{FLAG}}}{{x}}$ $\\url{{https://{HOST}/}}$",
    f"${{{FLAG}}} {{{{{FLAG}}}}} <%= {FLAG} %>",
    "{0} {name} {key.__class__.__mro__} %s %(x)s %n",
    "%{x} %{customdata[0]} <extra></extra>",
    "<b>bold</b><br><i>slant</i><sup>1</sup>",
    # Cells that a spreadsheet runs.
    "=cmd|' /C calc'!A1",
    f'=HYPERLINK("https://{HOST}/","lead")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    # Entities, escapes, characters that are not seen.
    f"&lt;script&gt;{FLAG}&lt;/script&gt;",
    f"&#60;img src=x onerror={FLAG}&#62;",
    f"%3Cscript%3E{FLAG}%3C/script%3E",
    f"\\u003cscript\\u003e{FLAG}\\u003c/script\\u003e",
    f"＜script＞{FLAG}＜/script＞",
    f"java\tscript:{FLAG}",
    f"javascript&colon;{FLAG}",
    f"//{HOST}/%2e%2e/",
    f"\u202e\u2066gnp.x\u2069<img src=x onerror={FLAG}>",
    f"\u200b<\u200bscript>{FLAG}</script>\ufeff",
    f"nul\x00<img src=x onerror={FLAG}>\x08\x1b[31m",
    "'; DROP TABLE reports; --",
    "' OR '1'='1",
    "../../../../etc/passwd\x00.txt",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349" * 3,
    "長" * 300,
)
EVERYTHING = " ".join(PAYLOADS)
# The free texts of the published tables: whatever a document, an index or somebody at the desk may have put there.
FREE = {
    "reports": (
        "source_name source_url layout title agency agency_scope_evidence scope_doubt province city county township zone"
        " region_evidence region_candidates year_evidence published_on published_evidence parser_version"
    ),
    "tables": "detail",
    "facts": "label_raw place doubt correction",
    "labels": "reason author date",
    "findings": "expected actual message",
    "verdicts": "reason author date why_not",
    "corrections": "reason author date why_not",
    "suggestions": "printed reason",
    "quarantine": "source_name detail",
    "regions": "name province city county short pinyin initials",
}
SEED = library.REPORTS / "004_402b3c2303c427b2.txt"
LABEL, HEADER, CELL = "行政处罚", "对外公开总数量", "\t82\n"  # what is spelt otherwise in each document


def publish_hostile(folder: Path) -> Path:
    """A data set of one report a payload and one that has them all, in which every free text means harm."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    _write(documents)
    build(find([documents], synthetic=True), folder)
    version = publish.current(folder)
    tables = {name: pq.read_table(version / f"{name}.parquet").to_pylist() for name in SCHEMAS}
    reports = tables["reports"]
    assert len(reports) + len(tables["quarantine"]) == len(PAYLOADS) + 1  # markup of a page makes one no report
    tables["verdicts"], tables["corrections"] = _decided(tables["facts"])
    tables["quarantine"] = [dict.fromkeys(("source_name", "source_sha256", "reason", "detail"), "X") for _ in PAYLOADS]
    for name, columns in FREE.items():
        for number, row in enumerate(tables[name]):
            for shift, column in enumerate(columns.split()):
                row[column] = EVERYTHING if number == 0 else PAYLOADS[(number + shift) % len(PAYLOADS)]
    written(folder, tables)
    return folder


def _write(folder: Path) -> None:
    """The documents, with an index that names their bodies: labels, cells and prose hold a payload each."""
    text = SEED.read_text(encoding="utf-8")
    rows = []
    for number, payload in enumerate((*PAYLOADS, EVERYTHING)):
        line = " ".join("".join(c for c in payload if c.isprintable() or c.isspace()).split())
        name = f"{number:03}.txt"
        said = text.replace(LABEL, f"{LABEL}{line[:40]}", 1).replace(HEADER, f"{HEADER}{line[:30]}", 1)
        said = said.replace(CELL, f"\t{line[:60]}\n", 1)
        (folder / name).write_text(f"{said}\n{line}\n主动公开信息{number}条{line}。\n", encoding="utf-8")
        told = {"agency": f"{number}号{line}"[:60], "title": f"{line}年报"[:300], "report_year": "2019"}
        rows.append({"file": name} | told)
    with (folder / "index.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _decided(facts: list[dict[str, object]]) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """A verdict and a correction on every doubtful cell; the facts are marked with them."""
    verdicts, corrections = list[dict[str, object]](), list[dict[str, object]]()
    for fact in facts:
        if not fact["doubt"]:
            continue
        cell = {name: fact[name] for name in ("report_id", "table", "code", "applicant", "raw")}
        fact["verdict"] = "corrected"
        fact["corrected_state"], fact["corrected_value"] = "number", 7.0
        verdicts.append({**cell, "kind": "cell", "verdict": "misread", "stands": True})
        corrections.append({**cell, "before_state": "number", "after_state": "number", "after": 7.0, "applied": True})
    return verdicts, corrections
