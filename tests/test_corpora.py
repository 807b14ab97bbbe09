"""Reports out of corpora, archives and folders are the reports that their files give; the rest is told, never lost."""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders import publish, report
from loaders.build import Summary, build
from loaders.intake import archives, corpora
from loaders.intake.signature import is_likely
from loaders.intake.sources import find
from loaders.report import Quarantined, Report, Source
from tests import library

ROOT = Path(__file__).resolve().parent.parent
REPORTS, SHARED = ROOT / "data" / "reports", ROOT.parent / "shared"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in library.TRANSCRIBED}
NOISE = "合成数据：本页介绍政府信息公开的办理流程，申请人可以在线提出申请。"
Row = dict[str, object]


def built(folder: Path, *inputs: Path, workers: int = 1) -> Summary:
    return build(find(inputs), folder / "out", workers)


def table(folder: Path, name: str) -> list[Row]:
    rows: list[Row] = pq.read_table(publish.current(folder / "out") / f"{name}.parquet").to_pylist()
    return rows


def facts(folder: Path) -> list[tuple[object, ...]]:
    """All facts without the report they belong to, sorted."""
    names = ("table", "code", "applicant", "state", "value", "raw", "start", "end", "doubt")
    return sorted((tuple(row[name] for name in names) for row in table(folder, "facts")), key=repr)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    folder = tmp_path_factory.mktemp("files")
    built(folder, *library.TRANSCRIBED)
    return facts(folder)


def rows(noise: int = 40) -> list[Row]:
    """The shipped reports among pages that are none, as a corpus of the web holds them."""
    found: list[Row] = [
        {"text": text, "url": f"http://example.gov.cn/{name}", "date": "2024-02-03", "title": name}
        for name, text in TEXTS.items()
    ]
    found += [{"text": f"{NOISE}{n}", "url": "", "date": None, "title": None} for n in range(noise)]
    random.Random(1).shuffle(found)  # noqa: S311 - the same for everybody
    return found


def lines(found: Iterable[Row]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found).encode()


def as_jsonl(folder: Path) -> Path:
    path = folder / "corpus.jsonl"
    path.write_bytes(lines(rows()))
    return path


def as_gzip(folder: Path) -> Path:
    path = folder / "corpus.jsonl.gz"
    path.write_bytes(gzip.compress(lines(rows())))
    return path


def as_parquet(folder: Path) -> Path:
    path = folder / "corpus.parquet"
    pq.write_table(pa.Table.from_pylist(rows()), path)
    return path


def as_json(folder: Path) -> Path:
    path = folder / "corpus.json"
    path.write_text(json.dumps(rows(), ensure_ascii=False), encoding="utf-8")
    return path


def as_zip(folder: Path) -> Path:
    path = folder / "corpus.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("part/rows.jsonl", lines(rows()))
    return path


@pytest.mark.parametrize("write", [as_jsonl, as_gzip, as_parquet, as_json, as_zip])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_corpus_gives_the_facts_of_its_texts(
    write: object, workers: int, tmp_path: Path, expected: list[tuple[object, ...]]
) -> None:
    assert callable(write)
    path = write(tmp_path)
    summary = built(tmp_path, path, workers=workers)
    assert facts(tmp_path) == expected
    assert sum(summary.passed.values()) == 40
    assert table(tmp_path, "quarantine") == []
    reports = table(tmp_path, "reports")
    order = [number for number, row in enumerate(rows(), start=1) if row["title"]]
    stem = path.name + "/part/rows.jsonl" * (path.suffix == ".zip")
    assert sorted(str(row["source_name"]) for row in reports) == sorted(f"{stem}#{number}" for number in order)
    assert {row["source_url"] for row in reports} == {f"http://example.gov.cn/{name}" for name in TEXTS}


def test_title_and_day_of_a_row_help_where_the_text_says_nothing(tmp_path: Path) -> None:
    text = TEXTS["003_15cf22d5a5bab8ab.txt"]
    text = text[text.index("第二十条") :]
    row: Row = {
        "Text": text,
        "meta": {"title": "合成县示例局2022年政府信息公开工作年度报告", "publish_date": "2023-01-20T08:00"},
    }
    (tmp_path / "a.jsonl").write_bytes(lines([row]))
    built(tmp_path, tmp_path / "a.jsonl")
    (report,) = table(tmp_path, "reports")
    assert (report["agency"], report["report_year"], report["published_on"]) == ("合成县示例局", 2022, "2023-01-20")
    (source,) = table(tmp_path, "sources")
    assert source["text"] == text


def test_body_and_year_of_an_index_are_used(tmp_path: Path) -> None:
    """In a folder and in an archive alike; a column that holds something else is as good as none."""
    text = TEXTS["003_15cf22d5a5bab8ab.txt"]
    text = text[text.index("第二十条") :]
    index = "file,agency,agency_basis,report_year,published\na.txt,合成县示例局,address,2022,2023年1月20日\nb.txt,局,,soon,\n"
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "index.csv").write_text(index, encoding="utf-8")
    (folder / "a.txt").write_text(text, encoding="utf-8")
    (folder / "b.txt").write_text(text + "\n", encoding="utf-8")
    members = {"a.txt": text.encode(), "b.txt": (text + "\n").encode(), "index.csv": index.encode()}
    for given in (folder, archive(tmp_path, members)):
        built(tmp_path, given)
        found = {str(row["source_name"])[-5:]: row for row in table(tmp_path, "reports")}
        one = found["a.txt"]
        assert (one["agency"], one["report_year"], one["published_on"]) == ("合成县示例局", 2022, "2023-01-20")
        assert one["year_evidence"] == "索引"
        assert (found["b.txt"]["agency"], found["b.txt"]["report_year"]) == (None, None)


def test_pages_in_a_corpus_are_read_as_pages(tmp_path: Path) -> None:
    cells = "".join(f"<td>{text}</td>" for text in ("行政许可", "12"))
    page = (
        "<html><body><h1>合成县示例局2022年政府信息公开工作年度报告（合成数据）</h1><table><tr><td colspan=2>第二十条第（五）项</td></tr>"
        f"<tr><td>信息内容</td><td>本年处理决定数量</td></tr><tr>{cells}</tr></table></body></html>"
    )
    (tmp_path / "a.jsonl").write_bytes(lines([{"html": page, "text": "", "url": "u"}]))
    built(tmp_path, tmp_path / "a.jsonl")
    (fact,) = table(tmp_path, "facts")
    assert (fact["code"], fact["value"]) == ("licensing.decisions", 12.0)


def test_bad_rows_have_a_place_and_a_reason(tmp_path: Path) -> None:
    good = lines([{"text": next(iter(TEXTS.values()))}])
    deep = b'{"text": ' + b"[" * 100_000 + b"\n"
    (tmp_path / "a.jsonl").write_bytes(b"{broken\n\n[1]\n" + deep + '{"text": "中'.encode("gbk") + b"\xff\xff\n" + good)
    built(tmp_path, tmp_path / "a.jsonl")
    assert [(row["source_name"], row["reason"]) for row in table(tmp_path, "quarantine")] == [
        (f"a.jsonl#{number}", "BAD_ROW") for number in (1, 3, 4, 5)
    ]
    assert [row["source_name"] for row in table(tmp_path, "reports")] == ["a.jsonl#6"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.jsonl", b"x\n" * 2000, "BAD_CORPUS"),
        ("a.jsonl.gz", gzip.compress(lines(rows()))[:2000], "CORPUS_DAMAGED"),
        ("a.json", b"[1, 2", "BAD_JSON"),
        ("a.json", b'{"name": "x"}', "NO_TEXT_COLUMN"),
        ("a.parquet", b"PAR1" + b"x" * 100, "CORPUS_DAMAGED"),
    ],
)
def test_a_damaged_corpus_has_a_reason(name: str, data: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    summary = built(tmp_path, tmp_path / name)
    assert reason in summary.reasons


def test_a_row_without_end_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "LONGEST", 50_000)
    (tmp_path / "a.jsonl").write_bytes(
        b'{"text": "' + b"x" * 200_000 + b'"}\n' + lines([{"text": next(iter(TEXTS.values()))}])
    )
    summary = built(tmp_path, tmp_path / "a.jsonl")
    assert summary.reasons == {"BAD_ROW": 1}
    assert [row["source_name"] for row in table(tmp_path, "reports")] == ["a.jsonl#2"]


def test_a_gzip_that_swells_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "AT_LEAST", 100_000)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"text": ""}\n' * 100_000))
    assert built(tmp_path, tmp_path / "a.jsonl.gz").reasons == {"ZIP_BOMB": 1}


def test_what_is_passed_over_has_no_table_that_the_reader_finds() -> None:
    folders = [REPORTS, *(SHARED / folder for folder in ("reports", "reports/excerpts", "harvest/docs"))]
    texts = [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.[thm]*"))]
    assert len(texts) >= len(TEXTS)
    passed = [path for path in texts if not is_likely(path.read_text(encoding="utf-8"))]
    found = [report.read(Source(path.name, path.read_bytes())) for path in passed]
    assert [one.source for one in found if isinstance(one, Report) and one.facts] == []
    assert len(passed) < len(texts) / 10


def test_other_pages_are_passed_over() -> None:
    assert not is_likely(NOISE)
    assert not is_likely("规章制度公开栏。行政许可、行政处罚结果公示。")
    assert is_likely(
        "<td>信息公开</td><td>规范<b>性文件</b></td><td>行 政 许 可</td><td>行政处罚</td><td>行政强制</td>"
    )


def archive(folder: Path, members: dict[str, bytes], name: str = "reports.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for member, data in members.items():
            file.writestr(member, data)
    return path


def test_an_archive_gives_the_facts_of_its_files(tmp_path: Path, expected: list[tuple[object, ...]]) -> None:
    members = {f"年报/{name}": text.encode("gb18030") for name, text in TEXTS.items()}
    members |= {"年报/.hidden.txt": b"x", "__MACOSX/a.txt": b"x", "README.md": b"x"}
    path = archive(tmp_path, members)
    built(tmp_path, path)
    assert facts(tmp_path) == expected
    assert {row["source_name"] for row in table(tmp_path, "reports")} == {f"reports.zip/年报/{name}" for name in TEXTS}
    assert table(tmp_path, "quarantine") == []


def test_index_and_notes_in_an_archive_are_heeded(tmp_path: Path) -> None:
    name, text = next(iter(TEXTS.items()))
    other, more = list(TEXTS.items())[1]
    index = f"file,source_url,synthetic\n{name},http://a.gov.cn,yes\n".encode()
    note = json.dumps({"url": "http://b.gov.cn", "title": "t"}).encode()
    members = {
        "z/" + name: text.encode(),
        "z/index.csv": index,
        other: more.encode(),
        other.replace(".txt", ".json"): note,
    }
    built(tmp_path, archive(tmp_path, members))
    told = {row["source_name"]: (row["source_url"], row["synthetic"]) for row in table(tmp_path, "reports")}
    assert told == {
        f"reports.zip/z/{name}": ("http://a.gov.cn", True),
        f"reports.zip/{other}": ("http://b.gov.cn", False),
    }
    assert table(tmp_path, "quarantine") == []


def test_notes_beside_files(tmp_path: Path) -> None:
    (name, text), folder = next(iter(TEXTS.items())), tmp_path / "in"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name.replace(".txt", ".json")).write_text('{"url": "http://c.gov.cn"}', encoding="utf-8")
    (folder / "alone.json").write_text('{"url": "http://d.gov.cn"}', encoding="utf-8")
    built(tmp_path, folder)
    assert [row["source_url"] for row in table(tmp_path, "reports")] == ["http://c.gov.cn"]
    assert [(row["source_name"], row["reason"]) for row in table(tmp_path, "quarantine")] == [
        ("alone.json", "NO_TEXT_COLUMN")
    ]


def test_names_in_gbk_and_paths_that_lead_out(tmp_path: Path) -> None:
    text = next(iter(TEXTS.values())).encode()
    info = zipfile.ZipInfo("x")
    path = tmp_path / "reports.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(info, text)
        file.writestr("../../y.txt", text.replace(b"0", b"1", 1))
    raw = "年报.txt".encode("gbk")
    path.write_bytes(_renamed(path.read_bytes(), b"x", raw))
    built(tmp_path, path)
    names = {row["source_name"] for row in [*table(tmp_path, "reports"), *table(tmp_path, "quarantine")]}
    assert names == {"reports.zip/年报.txt", "reports.zip/../../y.txt"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "reports.zip"]


def _renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """An archive whose first member is called by other bytes, without the mark for UTF-8."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        members = [(info.filename.encode(), file.read(info)) for info in file.infolist()]
    out, directory = io.BytesIO(), b""
    for title, body in members:
        name = new if title == old else title
        crc, at = zlib.crc32(body), out.tell()
        fields = (20, 0, 0, 0, 33, crc, len(body), len(body), len(name), 0)
        out.write(struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + name + body)
        head = (20, *fields, 0, 0, 0, 0, at)
        directory += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *head) + name
    start = out.tell()
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(members), len(members), len(directory), start, 0)
    return out.getvalue() + directory + end


def test_what_an_archive_hides_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    name, text = next(iter(TEXTS.items()))
    inner = archive(tmp_path, {name: text.encode()}, "inner.zip").read_bytes()
    middle = archive(tmp_path, {"inner.zip": inner}, "middle.zip").read_bytes()
    deep = archive(tmp_path, {"middle.zip": middle}, "deep.zip").read_bytes()
    members = {
        "bomb.txt": b"0" * 20_000_000,
        "inner.zip": inner,
        "deep.zip": deep,
        "office.docx": _office(),
        "broken.zip": inner[:300],
    }
    folder = tmp_path / "in"
    folder.mkdir()
    archive(folder, members)
    (folder / "z.txt").write_text(list(TEXTS.values())[1], encoding="utf-8")
    built(tmp_path, folder)
    reasons = {str(row["source_name"]): row["reason"] for row in table(tmp_path, "quarantine")}
    assert reasons["reports.zip/bomb.txt"] == "ZIP_BOMB"
    assert reasons["reports.zip/broken.zip"] == "ZIP_DAMAGED"
    assert reasons["reports.zip/deep.zip/middle.zip"] == "TOO_DEEP"
    assert "reports.zip/office.docx" in reasons  # a document, whatever its reader makes of it
    assert {row["source_name"] for row in table(tmp_path, "reports")} == {f"reports.zip/inner.zip/{name}", "z.txt"}


def _office() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def test_encrypted_damaged_overlapping_and_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = next(iter(TEXTS.values())).encode()
    path = archive(tmp_path, {"a.txt": text, "b.txt": text})
    data = path.read_bytes()

    def reasons(changed: bytes) -> list[str]:
        found = archives.members("a.zip", io.BytesIO(changed))
        return [one.reason for one in found if not isinstance(one, archives.Member)]

    at = data.index(b"PK\x01\x02")
    assert reasons(data) == []
    assert reasons(data[: at + 8] + b"\x01" + data[at + 9 :]) == ["ENCRYPTED"]
    assert reasons(data[:60] + bytes([data[60] ^ 255]) + data[61:]) == ["ZIP_DAMAGED"]
    second = data.index(b"PK\x01\x02", at + 4)
    assert reasons(data[: second + 42] + struct.pack("<I", 0) + data[second + 46 :]) == ["ZIP_OVERLAP"]
    monkeypatch.setattr(archives, "MOST", 1)
    assert reasons(data) == ["ZIP_BOMB"]


def test_an_archive_of_nothing_ends_with_one_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "WORST", 3)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for n in range(20):
            archive.writestr(f"{n:02}.txt", "x" if n == 1 else "")
    *read, last = archives.members("a.zip", file)
    assert len(read) == 4  # three empty ones and the one between
    assert isinstance(last, Quarantined)
    assert last.reason == "BAD_ARCHIVE"
    assert "其余 16 个" in last.detail


def test_the_order_of_the_file_system_does_not_matter(tmp_path: Path) -> None:
    versions = []
    for order in (1, -1):
        folder = tmp_path / f"{order}"
        (folder / "in").mkdir(parents=True)
        for name, text in list(TEXTS.items())[::order]:
            (folder / "in" / name).write_text(text, encoding="utf-8")
        archive(folder / "in", {name: text.encode() for name, text in list(TEXTS.items())[::order]})
        versions.append(built(folder, folder / "in").version.name)
    assert versions[0] == versions[1]
