"""Reports of Chinese agencies on open government information, read into facts that can be checked.

    >>> import loaders
    >>> report = loaders.read(Path("report.pdf").read_bytes(), "report.pdf")
    >>> report.facts[0].value, loaders.passage(report, report.facts[0])

What __all__ lists is the public surface: it changes only with a note in CHANGELOG.md. All else may change at any time.
"""

from __future__ import annotations

from pathlib import Path

from loaders import publish as _publish
from loaders import report as _report
from loaders.checks.findings import Finding
from loaders.errors import LoaderError
from loaders.facts import Fact
from loaders.report import Quarantined, Report

__all__ = ["Fact", "Finding", "LoaderError", "Quarantined", "Report", "current", "passage", "read"]


def read(data: bytes, name: str, *, url: str = "") -> Report | Quarantined:
    """One document from its bytes: a report with its facts, or the reason why it is none.

    `name` is its file name: an ending that tells the container helps, and dates in it are evidence. `url` is where it was
    published, evidence for its place. Contact details are masked in the report's text. Never raises for what a document
    holds; it is read in this process, so for documents of strangers use `python -m loaders build`, which bounds memory
    and time.
    """
    return _report.read(_report.Source(name, data, url))


def passage(report: Report, fact: Fact, around: int = 40) -> str:
    """What stands at a fact's place in the report's text, with so many characters on either side; "" where a blank cell
    left nothing in the text."""
    if fact.start is None or fact.end is None:
        return ""
    return report.text[max(0, fact.start - around) : fact.end + around]


def current(folder: str | Path) -> Path:
    """The folder of the current version in a data folder: its Parquet files and manifest.json, checked against it.

    Raises FileNotFoundError where nothing was published, LoaderError where a file differs from the manifest.
    """
    version = _publish.current(Path(folder))
    _publish.check(version)
    return version
