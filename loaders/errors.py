"""What can go wrong, as one small tree.

LoaderError
├── NotAFile         a pipe, a device, a link out of the folder
├── TooLarge         more bytes than a report ever has
├── BadIndex         index.csv beside the documents can't be read
├── BadCorrections   a row of the corrections can't be read
├── Empty            nothing in the file
├── Unsupported      no reader for the container
├── BadStructure     the container is damaged, hostile or beyond its bounds
├── Undecodable      the bytes are in no encoding that Chinese sites use
├── NotAReport       nothing of the form's tables was found
├── Refused          a table can't be read whole
├── Busy             another build holds the data folder
├── Damaged          a published version differs from its manifest
├── TooNew           a published version is of newer code than this
├── OtherReader      a worker of a cluster has other code
├── Exists           another data package has the name already
└── NotFetched       a listed report could not be downloaded
"""

from __future__ import annotations


class LoaderError(Exception):
    """Base of all errors of the loaders; `reason` is the short code that lands in the quarantine."""

    reason = "ERROR"


class NotAFile(LoaderError):
    """Not a regular file, or a link that leads out of the folder."""

    reason = "NOT_A_FILE"


class TooLarge(LoaderError):
    """More bytes than a report ever has."""

    reason = "TOO_LARGE"


class BadIndex(LoaderError):
    """The index beside the documents can't be read: what it says of them would be lost."""

    reason = "BAD_INDEX"


class BadCorrections(LoaderError):
    """A row of the corrections can't be read: somebody's decision would be lost."""

    reason = "BAD_CORRECTIONS"


class TooNew(LoaderError):
    """A published version has a structure that this code does not know: newer code wrote it."""

    reason = "TOO_NEW"


class OtherReader(LoaderError):
    """A worker of a cluster has other code or data than the process that publishes."""

    reason = "OTHER_READER"


class Empty(LoaderError):
    """Nothing in the file."""

    reason = "EMPTY"


class Unsupported(LoaderError):
    """No reader for this container."""

    reason = "UNSUPPORTED_CONTAINER"


class BadStructure(LoaderError):
    """The container is damaged, hostile or beyond its bounds; `reason` is the short code."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Undecodable(LoaderError):
    """The bytes are in none of the encodings that Chinese sites use."""

    reason = "UNDECODABLE"


class NotAReport(LoaderError):
    """No table of any form was found in the document."""

    reason = "NO_TABLES"


class Refused(LoaderError):
    """A table can't be read whole; `reason` is a short code, `detail` says what was found and expected."""

    def __init__(self, reason: str, detail: str, labels: tuple[object, ...] = ()) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail, self.labels = reason, detail, labels


class Busy(LoaderError):
    """Another build holds the data folder."""

    reason = "BUSY"


class Damaged(LoaderError):
    """A published version differs from its manifest."""

    reason = "DAMAGED"


class Exists(LoaderError):
    """Another data package has the name already."""

    reason = "EXISTS"


class NotFetched(LoaderError):
    """A listed report could not be downloaded; `reason` is the short code, `again` whether another try may help.

    `after` is how many seconds the host asks to wait.
    """

    def __init__(self, reason: str, detail: str, again: bool = False, after: float = 0.0) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail, self.again, self.after = reason, detail, again, after
