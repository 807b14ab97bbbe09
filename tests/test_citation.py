"""Citations name version, day and address, and datapackage.json keeps to the Frictionless specification."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from codebook.citation import Cited, bibtex, gbt7714, work
from codebook.datapackage import Column, descriptor, resource

ONE = Cited(
    "abc123", date(2026, 11, 25), "https://data.example.cn/outcomes?year=2020&by=level", "依申请公开", "outcomes"
)
# Of the specification, version 1: https://specs.frictionlessdata.io/data-package/ and …/table-schema/.
NAME, PATH = re.compile(r"[-a-z0-9._/]+"), re.compile(r"(?!\.{0,2}/)(?!.*\.\./)[^\\]+")
FIELD_TYPES = {"string", "number", "integer", "boolean", "date"}


def test_chinese_citation() -> None:
    told = gbt7714(ONE)
    assert told == (
        f"{work()['author_zh']}. {work()['title_zh']}：依申请公开[DS/OL]. 数据版本 abc123[2026-11-25]."
        " https://data.example.cn/outcomes?year=2020&by=level."
    )
    assert gbt7714(Cited("v", date(2026, 1, 2))).endswith("[2026-01-02].")


def test_bibtex_has_what_a_style_needs_and_no_open_brace() -> None:
    entry = bibtex(ONE)
    assert entry.startswith("@misc{ogi_abc123,\n")
    assert "year         = {2026}" in entry
    assert "url          = {https://data.example.cn/outcomes?year=2020&by=level}" in entry
    assert "abc123, accessed 2026-11-25" in entry


@pytest.mark.parametrize("harm", ["a{b", "a}b", "\\input{x}", "50% & more_#$~"])
def test_bibtex_of_harmful_text_stays_one_entry(harm: str) -> None:
    entry = bibtex(Cited(harm, date(2026, 1, 1), harm, harm, harm))
    bare = re.sub(r"\\[{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert len(entry.splitlines()) == len(bibtex(ONE).splitlines())
    assert not re.search(r"(?<!\\)[&%$#_~]", "".join(entry.splitlines()[1:-2]))


def problems(package: dict[str, object]) -> list[str]:
    """Where a descriptor breaks the specification's rules; nothing where it keeps them."""
    found = []
    resources = package.get("resources")
    if not NAME.fullmatch(str(package.get("name", ""))):
        found.append("name")
    if not isinstance(resources, list) or not resources:
        return [*found, "resources"]
    if len({one["name"] for one in resources}) != len(resources):
        found.append("names of resources repeat")
    for one in resources:
        found += [f"{one['name']}: name"] if not NAME.fullmatch(one["name"]) else []
        found += [f"{one['name']}: path"] if not PATH.fullmatch(one["path"]) else []
        found += [f"{one['name']}: hash"] if not re.fullmatch(r"sha256:[0-9a-f]{64}", one["hash"]) else []
        fields = one.get("schema", {}).get("fields", [])
        if one.get("profile") == "tabular-data-resource" and not fields:
            found.append(f"{one['name']}: no schema")
        names = [field["name"] for field in fields]
        found += [f"{one['name']}: fields repeat"] if len(set(names)) != len(names) else []
        found += [f"{one['name']}: type" for field in fields if field["type"] not in FIELD_TYPES]
        key = one.get("schema", {}).get("primaryKey", [])
        found += [f"{one['name']}: key"] if not set(key) <= set(names) else []
    for licence in package.get("licenses", []):  # type: ignore[attr-defined]
        found += ["licence"] if not re.fullmatch(r"[-.\w]+", licence["name"]) else []
    return found


def test_descriptor_keeps_the_rules() -> None:
    columns = [Column("a", "text", "甲", "a", "注", "note"), Column("b", "number")]
    files = [resource("long", "long.csv", b"a,b\r\n", "长表", columns, ("a",)), resource("panel", "panel.dta", b"x")]
    package = json.loads(descriptor(files, "v1", "about"))
    assert problems(package) == []
    assert package["resources"][0]["bytes"] == 5
    assert package["resources"][0]["schema"]["fields"][0]["description"] == "甲：注 | a：note"
    assert descriptor(files, "v1") == descriptor(list(files), "v1")


@pytest.mark.parametrize(
    ("name", "path", "kinds", "wrong"),
    [("Long", "long.csv", "ab", "name"), ("long", "../long.csv", "ab", "path"), ("long", "x.csv", "aa", "fields")],
)
def test_a_broken_descriptor_is_found(name: str, path: str, kinds: str, wrong: str) -> None:
    file = resource(name, path, b"", "", [Column(kind, "text") for kind in kinds])
    assert any(wrong in one for one in problems(json.loads(descriptor([file], "v1"))))


def test_citation_file_names_the_work_as_the_page_does() -> None:
    root = Path(__file__).resolve().parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = (root / "CITATION.cff").read_text(encoding="utf-8")
    for line in (
        f'title: "{work()["title_en"]}"',
        f'abstract: "{work()["title_zh"]}"',
        f'  - name: "{work()["author_en"]}"',
        f"license: {work()['licence']}",
        f'version: "{project["version"]}"',
    ):
        assert line in told.splitlines(), line
