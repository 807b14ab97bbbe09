"""Questions to the files of one version: DuckDB over Parquet, opened here and nowhere else.

The connection sees the files of its version alone: no other file, no network, no extension, no change of its settings,
and of statements only questions, with values as parameters. A question takes what it needs from the files; nothing is
held between questions but what their askers keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

ROWS, SECONDS = 65_536, 60.0
LINE = "file_row_number"
Views = Callable[[Mapping[str, list[str]]], Mapping[str, str]]
CLOSED: dict[str, Any] = {
    "memory_limit": "1GB",
    "threads": "2",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "max_temp_directory_size": "0B",
}
QUESTIONS = frozenset({duckdb.StatementType.SELECT})


class GoneError(Exception):
    """A file of the version is no more: newer versions took its place while somebody looked at it."""


class NotAQuestion(ValueError):
    """A statement that would do something instead of telling something."""


class Asked:
    """Tables by name, each a Parquet file with `file_row_number` beside its columns."""

    def __init__(self, files: Mapping[str, Path], views: Views = lambda _: {}) -> None:
        """`views` tells of further tables, as questions to the others, by the columns that these have. Raises GoneError."""
        self._one = duckdb.connect(config=CLOSED)
        self.columns = dict[str, list[str]]()
        try:
            self._open(files, views)
        except duckdb.IOException as error:
            raise GoneError(str(error)) from None
        self._one.execute("SET allowed_paths = ?", [[str(path) for path in files.values()]])
        self._one.execute("SET enable_external_access = false")
        self._one.execute("SET lock_configuration = true")

    def _open(self, files: Mapping[str, Path], views: Views) -> None:
        """The files and further tables by name. Each of these steps looks into the files, so any may find one gone."""
        for name, path in files.items():
            table = self._one.read_parquet(str(path), file_row_number=True)
            table.create_view(name)
            self.columns[name] = [column for column in table.columns if column != LINE]
        for name, question in views(self.columns).items():
            self._one.sql(question).create_view(name)

    def table(self, question: str, *values: object) -> pa.Table:
        """What a question tells. Raises NotAQuestion; duckdb.Error where the files can't be read."""
        with self._bounded(question, values) as found:
            return found.to_arrow_table()

    def rows(self, question: str, *values: object) -> pd.DataFrame:
        """The same as a frame."""
        told: pd.DataFrame = self.table(question, *values).to_pandas()
        return told

    def batches(self, question: str, *values: object) -> Iterator[pa.RecordBatch]:
        """What a question tells, in parts."""
        with self._bounded(question, values) as found:
            yield from found.to_arrow_reader(ROWS)

    @contextmanager
    def _bounded(self, question: str, values: tuple[object, ...]) -> Iterator[duckdb.DuckDBPyRelation]:
        """An answer on its way; what takes too long is broken off (duckdb.InterruptException)."""
        _checked(question)
        cursor = self._one.cursor()  # one a question: several visitors ask at once
        watch = Timer(SECONDS, cursor.interrupt)
        watch.daemon = True
        watch.start()
        try:
            yield cursor.sql(question, params=list(values))
        except duckdb.IOException as error:
            raise GoneError(str(error)) from None
        finally:
            watch.cancel()


@lru_cache(maxsize=256)
def _checked(question: str) -> None:
    """Raises NotAQuestion unless a text is one question."""
    statements = duckdb.extract_statements(question)
    if len(statements) != 1 or statements[0].type not in QUESTIONS:
        raise NotAQuestion(question[:80])
