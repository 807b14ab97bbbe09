"""Everything of a selection as one ZIP: tables, code book, README, datapackage.json, citation, and programs that read it.

The same data, filters and day give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from codebook import datapackage
from codebook.citation import bibtex, gbt7714, work
from codebook.datapackage import Resource, resource
from codebook.terms import notes, values
from dashboard.take import states
from dashboard.take.comma import csv
from dashboard.take.slip import Slip
from dashboard.take.stata import dta, names
from dashboard.take.table import Table, of_frame

HERE = Path(__file__).parent
SNIPPETS = ("read.py", "read.R", "read.do")
DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can hold: the day of packing says nothing


def bundle(long: Table, wide: Table, lists: Iterable[Table], slip: Slip, *, mark: bool = True) -> bytes:
    """The archive; `mark` is the byte-order mark of its CSV files."""
    out, listed = io.BytesIO(), list[Resource]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in (long, wide, *lists, variables(wide)):
            content = csv(table, mark=mark)
            _put(archive, f"{table.name}.csv", content)
            listed.append(resource(table.name, f"{table.name}.csv", content, "", table.columns, table.key))
        stata = dta(wide, slip)
        _put(archive, "wide.dta", stata)
        listed.append(resource("wide-stata", "wide.dta", stata, "Stata 118"))
        about = " ".join(slip.line(lang) for lang in ("zh", "en"))
        _put(archive, "datapackage.json", datapackage.descriptor(listed, slip.version, about))
        _put(archive, "README.md", readme(slip).encode())
        _put(archive, "CITATION.bib", bibtex(slip.cited).encode() + b"\n")
        for name in SNIPPETS:
            _put(archive, name, (HERE / "snippets" / name).read_bytes())
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, DAY)
    info.external_attr = 0o644 << 16
    archive.writestr(info, content, zipfile.ZIP_DEFLATED)


def variables(wide: Table) -> Table:
    """Stata's names beside the columns of the wide table and their labels."""
    new = names(wide)
    rows = [(new[c.name], c.name, c.label_zh, c.label_en) for c in wide.columns]
    return of_frame("variables", pd.DataFrame(rows, columns=["variable", "column", "label_zh", "label_en"]))


def readme(slip: Slip) -> str:
    """README.md in both languages: filters, definitions, caveats, version, citation, terms."""
    kinds = [
        f"| `{state}` | {'' if state == 'number' else f'`{states.letter(state)}`'} | {told['zh']} | {told['en']} |"
        for state in states.STATES
        for told in (values()["state", state],)
    ]
    about = {lang: "\n".join(f"- {label}: {text}" for label, text in slip.sentences(lang)) for lang in ("zh", "en")}
    return (
        (HERE / "readme.md")
        .read_text(encoding="utf-8")
        .format(
            title_zh=work()["title_zh"],
            title_en=work()["title_en"],
            about_zh=about["zh"],
            about_en=about["en"],
            states="\n".join(kinds),
            notes="\n".join(f"- {told['zh']} {told['en']}" for told in notes().values()),
            gbt=gbt7714(slip.cited),
            bibtex=bibtex(slip.cited),
            terms=f"{work()['terms_zh']} {work()['terms_en']}",
        )
    )
