"""Phone numbers, mail addresses and names of officials reach no file of a version, no listing and no log."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.building import command
from tests.library import REPORTS

ROOT = Path(__file__).resolve().parent.parent
# Made up, each beside the words that print it in reports.
PERSONAL = {
    "13912345678": "联系人手机：{}。",
    "139-1234-5679": "咨询请致电{}。",
    "0571-88123456": "联系电话：{}",
    "(010)66554433": "传真：{}",
    "0571—88123457-801": "办公电话{}",
    "zhang.san_x@example.gov.cn": "电子邮箱：{}",
    "qxwvz＠example.com": "邮箱：{}，欢迎来信。",
    "赵钱孙": "联系人：{} 电话：0571-88123458",
    "周吴": "填报人：{}，审核人：另见签名。",
    "郑 王": "经办人：{}",
}
MARKED = (
    "13912345678",
    "1234-5679",
    "88123456",
    "66554433",
    "88123457",
    "88123458",
    "zhang.san",
    "qxwvz",
    "赵钱孙",
    "周吴",
    "郑 王",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """Folder of documents, data folder, and what the build said."""
    folder = tmp_path_factory.mktemp("privacy")
    text = next(REPORTS.glob("004_*.txt")).read_text(encoding="utf-8")
    lines = "\n".join(sentence.format(value) for value, sentence in PERSONAL.items())
    rows = "".join(f"<p>{sentence.format(value)}</p>" for value, sentence in PERSONAL.items())
    documents = folder / "documents"
    documents.mkdir()
    (documents / "合成.txt").write_text(f"{text}\n{lines}\n", encoding="utf-8")
    (documents / "合成.html").write_text(f"<html><body>{rows}</body></html>", encoding="utf-8")
    out = folder / "out"
    build = command([documents], out, "--synthetic")
    done = subprocess.run(build, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8")
    return documents, out, done.stdout + done.stderr


def texts(out: Path) -> Iterator[tuple[str, str]]:
    """Every text in every Parquet file below a data folder, and every other file whole."""
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            for name in table.column_names:
                if pa.types.is_string(table.schema.field(name).type) or pa.types.is_dictionary(
                    table.schema.field(name).type
                ):
                    yield from (
                        (f"{path.name}:{name}", str(value)) for value in table.column(name).to_pylist() if value
                    )
                else:
                    yield f"{path.name}:{name}", str(table.column(name).to_pylist())
        else:
            yield path.name, path.read_bytes().decode("utf-8", errors="replace")


def test_nothing_personal_is_in_any_file(made: tuple[Path, Path, str]) -> None:
    found = {(place, mark) for place, text in texts(made[1]) for mark in MARKED if mark in text}
    assert found == set()


def test_the_document_was_read_nevertheless(made: tuple[Path, Path, str]) -> None:
    everything = [text for _, text in texts(made[1])]
    assert any("■" in text and "联系电话" in text for text in everything)


def test_nothing_personal_is_said(made: tuple[Path, Path, str]) -> None:
    documents, out, said = made
    for arguments in (["explain", str(documents / "合成.txt")], ["verify", str(out)]):
        done = subprocess.run(
            [sys.executable, "-m", "loaders", *arguments],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        said += done.stdout + done.stderr
    assert [mark for mark in MARKED if mark in said] == []
