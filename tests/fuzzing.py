"""Damaged documents of every container, by number: the same number gives the same bytes everywhere.

A document begins as a made-up report that the renderers print; some of its characters, bytes, elements or members are
then flipped, inserted, dropped, repeated, spliced or cut off. What a reader may do with it: read it or say why not,
within bounds, and each fact stands where it says. `python -m tests.fuzzing --documents N [--container X]` is the long
form; what it finds is made smaller and kept in tests/finds, which the test reads again.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from loaders.intake import inputs
from loaders.intake.corpora import Passed
from loaders.intake.keeper import Limits
from loaders.intake.sandbox import Sandbox
from loaders.intake.sources import Found
from loaders.report import Quarantined, Report, Source
from tests.fuzz_seeds import CONTAINERS, Mixed

FINDS = Path(__file__).resolve().parent / "finds"
SECONDS = 15.0  # no document of this size takes a second
LIMITS = Limits(wall=SECONDS)
DIED = {"CRASHED", "KILLED_TIME", "KILLED_MEMORY"}
OPENED = {"jsonl", "json", "zip", "parquet"}  # files of several documents
MOST_TRIES = 150  # to make a find smaller
Outcome = Report | Quarantined | Passed


def document(container: str, number: int, seed: str = "") -> bytes:
    """The damaged document of a number."""
    chance = random.Random(f"{seed} {container} {number}")  # noqa: S311 - the same for everybody
    return CONTAINERS[container](Mixed(chance))


def outcomes(container: str, data: bytes, sandbox: Sandbox) -> Iterator[Outcome]:
    """What comes of a file: one document, or those of an archive or corpus. What is raised is a CRASHED."""
    name = f"synthetic.{container}"
    if container not in OPENED:
        yield sandbox.read(Source(name, data, synthetic=True))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            items = list(inputs.documents([Found(path, synthetic=True)]))
        except Exception as error:
            yield Quarantined(name, "", "CRASHED", f"{type(error).__name__}: {error}"[:500])
            return
        for item in items:
            source = item.load() if isinstance(item, Found) else item
            yield sandbox.read(source) if isinstance(source, Source) else source


def wrong(outcome: Outcome) -> str:
    """What is wrong with an outcome; "" for a report whose facts stand where they say, and for a reason."""
    if isinstance(outcome, Passed):
        return ""
    if isinstance(outcome, Quarantined):
        if outcome.reason in DIED:
            return f"{outcome.reason}: {outcome.detail}"
        told = bool(outcome.reason and outcome.detail) and _storable(outcome.source + outcome.detail)
        return "" if told else f"no reason: {outcome}"
    who = outcome.identity
    if not _storable("".join((outcome.text, outcome.source, outcome.url, who.title or "", who.agency or ""))):
        return "text that can't be stored"
    for fact in outcome.facts:
        if fact.start is not None and outcome.text[fact.start : fact.end] != fact.raw:
            return f"{fact.code} {fact.applicant}: {fact.raw!r} stands elsewhere"
        if (fact.state == "number") != (fact.value is not None) and not fact.doubt:
            return f"{fact.code} {fact.applicant}: {fact.state} {fact.value} of {fact.raw!r}"
    return ""


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def verdict(container: str, data: bytes, sandbox: Sandbox) -> tuple[str, str]:
    """What is wrong with a file ("" where nothing is), and what came of it in a word."""
    started = time.monotonic()
    found = list(outcomes(container, data, sandbox))
    seconds = time.monotonic() - started
    faults = [fault for one in found if (fault := wrong(one))]
    if seconds > SECONDS * max(1, len(found)):
        faults.append(f"{seconds:.0f} s")
    return (faults[0] if faults else ""), _word(found)


def _word(found: Iterable[Outcome]) -> str:
    words = [one.reason for one in found if isinstance(one, Quarantined)]
    reports = [one.status for one in found if isinstance(one, Report)]
    return (reports or words or ["passed over"])[0]


def smaller(data: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """A part of a document that still fails: pieces are left out, large ones first, as long as tries last."""
    tries, size = 0, len(data) // 2
    while size and tries < MOST_TRIES:
        at = 0
        while at < len(data) and tries < MOST_TRIES:
            part, tries = data[:at] + data[at + size :], tries + 1
            if part and fails(part):
                data = part
            else:
                at += size
        size //= 2
    return data


def keep(container: str, data: bytes, fault: str, sandbox: Sandbox) -> Path:
    """A find as a file in tests/finds, made smaller where what is wrong stays the same."""
    kind = fault.partition(":")[0]
    small = smaller(data, lambda part: verdict(container, part, sandbox)[0].partition(":")[0] == kind)
    path = FINDS / container / f"{hashlib.sha256(small).hexdigest()[:12]}.{container}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(small)
    return path


def main(arguments: list[str]) -> int:
    """The long form: count what comes of so many documents, keep what is wrong; exit status 1 where anything is."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--documents", type=int, default=1000, help="of each container")
    parser.add_argument("--container", choices=CONTAINERS, action="append", help="default: all")
    parser.add_argument("--seed", default="long", help="another word gives other documents")
    asked = parser.parse_args(arguments)
    finds = 0
    with Sandbox(limits=LIMITS) as sandbox:
        for container in asked.container or CONTAINERS:
            words, started, slowest = Counter[str](), time.monotonic(), 0.0
            for number in range(asked.documents):
                data, began = document(container, number, asked.seed), time.monotonic()
                fault, word = verdict(container, data, sandbox)
                slowest = max(slowest, time.monotonic() - began)
                words[word] += 1
                if fault:
                    finds += 1
                    path = keep(container, data, fault, sandbox)
                    print(f"{container} {asked.seed} {number}: {fault} → finds/{container}/{path.name}", flush=True)
            spent = time.monotonic() - started
            told = ", ".join(f"{word} {count}" for word, count in words.most_common())
            print(f"{container}: {asked.documents} in {spent:.0f} s, slowest {slowest:.2f} s; {told}", flush=True)
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
