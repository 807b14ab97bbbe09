"""Cheap bounds before a C library sees a PDF: size, end mark, what its streams unpack to, forms within forms.

The streams of a PDF carry check sums that readers ignore: a damaged one gives other text without an error. Here
each compressed stream is unpacked once and must end well.
"""

from __future__ import annotations

import re
import zlib

from loaders.errors import BadStructure

MOST_BYTES, MOST_UNPACKED, MOST_STREAMS = 40_000_000, 200_000_000, 50_000
TAIL = 2048
STREAM = re.compile(rb"stream\r?\n")
HEAD = 2000


def check(data: bytes) -> None:
    """Nothing where a PDF is within bounds and its streams are whole. Raises BadStructure with the reason."""
    if len(data) > MOST_BYTES:
        raise BadStructure("TOO_LARGE", f"文件超过 {MOST_BYTES // 1_000_000} MB")
    if b"%%EOF" not in data[-TAIL:]:
        raise BadStructure("TRUNCATED", "文件末尾缺失，可能没有下载完整")
