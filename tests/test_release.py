"""A data package says what the data say, describes each of its files rightly, and is the same when made again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from codebook.spreadsheet import FIGURE, FORMULA, printed
from loaders import publish
from loaders.__main__ import DONE, FAILED, USAGE, main
from loaders.compare.difference import difference
from loaders.release.package import EPOCH, TABLES, release, today
from loaders.release.tables import read_csv, write_csv
from loaders.schema import SCHEMAS
from tests import made
from tests.gathering import written

DAY = date(2026, 11, 25)
CFF = {"cff-version", "type", "message", "title", "authors", "version", "date-released", "identifiers", "keywords"}
HOSTILE = [
    "",
    None,
    "=1+1",
    "'=1",
    "''=1",
    "'x",
    "+5",
    "-3",
    "--",
    "＝1",
    ' "q", \n;',
    "a\r\nb",
    "\t=x",
    "\ufeff=1",
    "NULL",
    "文字",
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every kind of cell and text that means harm."""
    version = publish.current(made.publish(tmp_path_factory.mktemp("made")))
    rows = {name: pq.read_table(version / f"{name}.parquet").to_pylist() for name in SCHEMAS}
    rows["labels"] = [{"label_raw": text or "", "runner_up": text, "reports": n} for n, text in enumerate(HOSTILE)]
    folder = tmp_path_factory.mktemp("data")
    written(folder, rows)
    return folder


@pytest.fixture(scope="module")
def package(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(data, tmp_path_factory.mktemp("out"), DAY)[0]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def described(package: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    return found


def test_made_twice_it_is_the_same_and_another_date_only_moves_names(data: Path, package: Path, tmp_path: Path) -> None:
    folder, archive = release(data, tmp_path, DAY)
    assert bytes_of(folder) == bytes_of(package)
    assert archive.read_bytes() == (package.parent / archive.name).read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [folder.name, archive.name]
    later, _ = release(data, tmp_path, date(2026, 11, 26))
    before, after = bytes_of(folder), bytes_of(later)
    dated = {"README.md", "CITATION.cff", "datapackage.json", "SHA256SUMS"}
    assert {name for name in before | after if before.get(name) != after.get(name)} == dated


def test_a_package_in_its_place_is_left_alone_where_it_is_the_same(data: Path, tmp_path: Path) -> None:
    arguments = ["release", str(data), "--out", str(tmp_path), "--date", "2026-11-25"]
    assert main(arguments) == DONE
    assert main(arguments) == DONE
    readme = tmp_path / "ogi-reports-2026.11.25" / "README.md"
    readme.write_text("ours", encoding="utf-8")
    assert main(arguments) == FAILED
    assert readme.read_text(encoding="utf-8") == "ours"
    assert main([*arguments, "--version", "2.0.1"]) == DONE
    assert (tmp_path / "ogi-reports-2.0.1.zip").exists()
    assert not list(tmp_path.glob(".tmp-*"))


def test_every_resource_matches_its_file(package: Path) -> None:
    resources = described(package)["resources"]
    assert len({one["name"] for one in resources}) == len(resources) == 2 * len(TABLES) + 1
    for one in resources:
        path = package / one["path"]
        assert one["bytes"] == path.stat().st_size
        assert one["hash"] == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
        names = [field["name"] for field in one["schema"]["fields"]]
        if one["format"] == "csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                assert next(csv.reader(file)) == names
        else:
            assert pq.read_schema(path).names == names


def test_the_descriptor_keeps_to_the_standard(package: Path) -> None:
    """What Data Package 2.0 requires of package, resource, field and key; the profile of a resource knows no type but table."""
    told = described(package)
    name = re.compile(r"[a-z0-9._-]+")
    kinds = {"string", "integer", "number", "boolean"}
    assert name.fullmatch(told["name"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["created"])
    assert told["contributors"][0]["title"]
    resources = {one["name"]: one for one in told["resources"]}
    for one in resources.values():
        fields = {field["name"]: field for field in one["schema"]["fields"]}
        assert name.fullmatch(one["name"])
        assert not one["path"].startswith(("/", ".", "~"))
        assert one["type"] == "table"
        assert {field["type"] for field in fields.values()} <= kinds
        assert all(
            re.search("[\u4e00-\u9fff]", f["title"]) and re.search("[a-zA-Z]", f["title"]) for f in fields.values()
        )
        assert set(one["schema"].get("primaryKey", [])) <= fields.keys()
        for key in one["schema"].get("foreignKeys", []):
            there = resources[key["reference"]["resource"]]
            assert there["format"] == one["format"]
            assert set(key["fields"]) <= fields.keys()
            assert key["reference"]["fields"] == there["schema"]["primaryKey"]


@pytest.mark.parametrize("name", TABLES)
def test_csv_equals_parquet_equals_the_data(name: str, data: Path, package: Path) -> None:
    stored = publish.current(data) / f"{name}.parquet"
    parquet, path = package / "parquet" / stored.name, package / "csv" / f"{name}.csv"
    assert parquet.read_bytes() == stored.read_bytes()
    table = pq.read_table(parquet)
    assert read_csv(path, table.schema).equals(table)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert len(rows) == table.num_rows
    for row, fact in zip(rows, table.to_pylist(), strict=True):
        for column, value in fact.items():
            assert not FORMULA.match(row[column]) or row[column].startswith("'") or FIGURE.match(row[column])
            assert as_told(row[column], type(value)) == value or (value == "" and not row[column])


def as_told(cell: str, kind: type) -> object:
    """What a cell of the CSV says: a text without the apostrophe that keeps it from running, or a number."""
    told = printed(cell)
    return None if not told else told == "true" if kind is bool else kind(told)


def test_texts_that_mean_harm_come_back_whole(tmp_path: Path) -> None:
    table = pa.table({"=head": HOSTILE, "n": [float(n) / 7 for n in range(len(HOSTILE))]})
    pq.write_table(table, tmp_path / "a.parquet")
    write_csv(tmp_path / "a.parquet", tmp_path / "a.csv")
    assert read_csv(tmp_path / "a.csv", table.schema).equals(table)


def test_the_sources_stay_at_home(data: Path, package: Path) -> None:
    texts = pq.read_table(publish.current(data) / "sources.parquet")["text"].to_pylist()
    assert texts
    assert not [name for name in bytes_of(package) if "sources" in name]
    assert not [name for name, content in bytes_of(package).items() if any(text.encode() in content for text in texts)]


def test_sums_and_archive_hold_every_file(package: Path) -> None:
    files = bytes_of(package)
    lines = files.pop("SHA256SUMS").decode().splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    with zipfile.ZipFile(package.with_name(package.name + ".zip")) as archive:
        assert archive.testzip() is None
        packed = {entry.filename.partition("/")[2]: archive.read(entry) for entry in archive.infolist()}
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 25, 0, 0, 0)}
    assert packed == bytes_of(package)


def test_the_papers_tell_what_it_is(data: Path, package: Path) -> None:
    readme = (package / "README.md").read_text(encoding="utf-8")
    assert publish.current(data).name in readme
    assert "6 份是虚构样例" in readme
    assert not re.search(r"[{}]", readme)
    lines = (package / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    cff = {name: json.loads(value) for name, value in (line.split(": ", 1) for line in lines)}
    assert cff.keys() == CFF
    assert (cff["cff-version"], cff["date-released"], cff["version"]) == ("1.2.0", "2026-11-25", "2026.11.25")
    assert cff["authors"][0]["name"]


def test_packages_can_be_compared(data: Path, package: Path) -> None:
    assert difference(package / "parquet", data) == []


def test_damaged_data_are_not_released(data: Path, tmp_path: Path) -> None:
    version = publish.current(data)
    broken = tmp_path / version.name
    broken.mkdir()
    for path in version.iterdir():
        content = path.read_bytes()
        (broken / path.name).write_bytes(content[:-1] + b"?" if path.name == "facts.parquet" else content)
    assert main(["release", str(broken), "--out", str(tmp_path / "out")]) == FAILED
    assert main(["release", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == USAGE
    assert not (tmp_path / "out").exists()


def test_the_date_may_come_from_the_build_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EPOCH, "1764028799")
    assert today() == date(2025, 11, 24)


@pytest.mark.parametrize("wrong", [["--date", "25.11.2026"], ["--version", "../up"], ["--version", ""]])
def test_a_wrong_name_is_wrong_use(wrong: list[str], data: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["release", str(data), "--out", str(tmp_path), *wrong])
    assert ended.value.code == USAGE
