"""Bytes → text: every encoding that Chinese sites use is tried, and accepted only where the words of a report appear.

A charset that a page declares is often wrong, and GB18030 decodes almost any bytes into some Han characters, so the
text itself is the judge: the words that every report of the form prints must be there.
"""

from __future__ import annotations

import codecs
import re

from loaders.errors import Undecodable
from loaders.grids import HALVES

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CANDIDATES = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")
WORDS = ("信息", "政府", "行政", "公开", "申请", "資訊", "公開", "申請", "訊息", "报告", "報告", "年度")
DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
ENOUGH = 3  # different words; a wrong encoding gives none
# Names that Python knows and no page is written in: some raise, some unfold escapes.
NO_CHARSETS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7", "mbcs", "oem"}


def decode(data: bytes, declared: str = "") -> str:
    """The text of a file. Raises Undecodable where no encoding gives text.

    A byte-order mark decides; else the first encoding whose text holds the words of a report; else, for a text that
    is no report, UTF-8 or GB18030.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return _decoded(data, name) or _refuse()
    first = None
    for name in dict.fromkeys((*filter(None, [declared]), *CANDIDATES)):
        text = _decoded(data, name)
        if text is None:
            continue
        if sum(word in text for word in WORDS) >= ENOUGH:
            return text
        if first is None and name in {"utf-8", "gb18030"}:
            first = text
    return first if first is not None else _refuse()


def declared(data: bytes) -> str:
    """The charset that a page declares in its first two kilobytes; "" where it declares none that is known."""
    found = DECLARED.search(data[:2048])
    name = found.group(1).decode("ascii", "replace") if found else ""
    try:
        known = codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
    if known in NO_CHARSETS:
        return ""
    return "gb18030" if known in {"gb2312", "gbk"} else known


def _decoded(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
    except (UnicodeError, LookupError):
        return None
    return None if "\x00" in text or HALVES.search(text) else text


def _refuse() -> str:
    raise Undecodable("没有一种编码能读出文字")
