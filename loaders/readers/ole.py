"""OLE files (.doc, .xls, encrypted .docx and .xlsx): told apart by their streams; all but workbooks are refused."""

from __future__ import annotations

from loaders.errors import BadStructure
from loaders.grids import Sheet

ENTRY = 128  # bytes of a directory entry: a UTF-16 name of up to 31 characters first; sectors keep them aligned
MOST_SCANNED = 64 << 20
STREAMS = (
    ("EncryptedPackage", "ENCRYPTED", "文件已加密，请解除密码后另存"),
    ("WordDocument", "LEGACY_DOC", "旧版 Word 文件（.doc），请另存为 .docx"),
)
WORKBOOKS = ("Workbook", "Book")  # of Excel 97-2003, of Excel 5 and 95


def kind(data: bytes) -> str:
    """The container: xls where a workbook is in it and nothing that is refused, else ole."""
    scanned = data[:MOST_SCANNED]
    if any(_holds(scanned, name) for name, _, _ in STREAMS):
        return "ole"
    return "xls" if any(_holds(scanned, name) for name in WORKBOOKS) else "ole"


def read(data: bytes) -> Sheet:
    """Never returns: raises BadStructure with the reason (ENCRYPTED, LEGACY_DOC, LEGACY_OLE)."""
    for name, reason, advice in STREAMS:
        if _holds(data[:MOST_SCANNED], name):
            raise BadStructure(reason, advice)
    if STREAMS[0][0].encode("utf-16-le") in data[:MOST_SCANNED]:  # its directory is damaged
        raise BadStructure(*STREAMS[0][1:])
    raise BadStructure("LEGACY_OLE", "旧版复合文档，请另存为 .docx 或 .xlsx")


def _holds(data: bytes, name: str) -> bool:
    wanted = (name + "\0").encode("utf-16-le")
    at = data.find(wanted)
    while at >= 0:
        length = int.from_bytes(data[at + 64 : at + 66], "little")
        if at % ENTRY == 0 and length == len(wanted):
            return True
        at = data.find(wanted, at + 1)
    return False
