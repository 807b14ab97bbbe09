"""The archive of a selection is whole, describes itself by the Frictionless rules, and its program reads it."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from codebook.spreadsheet import printed
from dashboard import data
from dashboard.data import Dataset
from dashboard.take import lists
from dashboard.take.bundle import bundle, readme
from dashboard.take.long import long
from dashboard.take.wide import wide
from tests.made import HARM, publish
from tests.test_citation import problems
from tests.test_downloads import SLIP, back


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return data.read(publish(tmp_path_factory.mktemp("made")) / "versions" / "made1")


@pytest.fixture(scope="module")
def pack(made: Dataset) -> Callable[[bool], bytes]:
    """The archive of all reports, with or without byte-order marks."""
    rest = [lists.reports(made, made.reports), lists.tables(made, made.reports), lists.codebook()]
    return lambda mark: bundle(long(made, made.reports), wide(made, made.reports), rest, SLIP, mark=mark)


def test_bundle_is_whole_and_described(pack: Callable[[bool], bytes]) -> None:
    content = pack(True)
    assert pack(True) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    package = json.loads(files["datapackage.json"])
    assert problems(package) == []
    assert package["version"] == "made1"
    tables = [one for one in package["resources"] if one["path"].endswith(".csv")]
    assert {one["path"] for one in package["resources"]} | set(LOOSE) == set(files)
    for one in tables:
        head = back(files[one["path"]])
        assert [field["name"] for field in one["schema"]["fields"]] == [printed(c) for c in head.columns]
        for field in one["schema"]["fields"]:
            if field["type"] in ("number", "integer"):
                pd.to_numeric(head[field["name"]].replace("", None))  # raises where a text stands among numbers
    text = files["README.md"].decode()
    assert text == readme(SLIP)
    for part in ("made1", "[DS/OL]", "@misc{", "Apache-2.0", "`.d`", "本表式无此项", "筛选", "Filters", "撇号"):
        assert part in text
    assert "{" not in text.replace(text[text.index("```bibtex") : text.rindex("```")], "")


LOOSE = ("datapackage.json", "README.md", "CITATION.bib", "read.py", "read.R", "read.do")


@pytest.mark.parametrize("mark", [False, True])
def test_the_python_program_of_the_bundle_reads_it(
    made: Dataset, pack: Callable[[bool], bytes], tmp_path: Path, mark: bool
) -> None:
    with zipfile.ZipFile(io.BytesIO(pack(mark))) as archive:
        archive.extractall(tmp_path)
    asked = "import runpy; t = runpy.run_path('read.py', run_name='__main__'); print('|', t['long'].agency[0], t['wide'].agency[3])"
    command = [sys.executable, "-W", "error", "-c", asked]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", env=UTF8, cwd=tmp_path, check=True)
    assert f"{long(made, made.reports).rows} cells, 6 reports" in ended.stdout
    assert "not_on_form" in ended.stdout
    assert ended.stdout.splitlines()[-1] == f"| 甲县教育局 {HARM}"


UTF8 = {"PYTHONUTF8": "1"}
