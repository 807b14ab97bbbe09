"""What reports say of each other: those of one agency and year, the year before, copied tables and prose."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from loaders.engines import local
from loaders.gather import beside, nearest
from loaders.gather.beside import Beside
from loaders.gather.engine import Engine
from loaders.gather.order import Numbers, Order, ranks, several
from loaders.gather.spool import Spool, SpoolWriter
from loaders.gather.streams import Read
from loaders.rows import Row, finding_rows
from loaders.trust.groups import differences


def compared(
    read: Read, order: Order, engine: Engine, work: Path, workers: int, begin: Callable[[], None]
) -> tuple[Path, dict[int, list[Row]]]:
    """What the rules over several reports say, as a file of rows (loaders.gather.beside), and findings in groups."""
    wanted = _wanted(read, order, engine)
    groups = list(several(order))
    said = work / "beside"
    with beside.writing(said) as out:
        beside.taken_over(read.store.beside, wanted, out)
        needed = {n for one in wanted.values() for n in (one.report, *one.others)} | {
            n for group in groups for n in group
        }
        _spool(read, order, work, np.array(sorted(needed), dtype=np.int64))
        for batch in local.in_order(partial(beside.told, folder=work), beside.blocks(wanted), workers, begin):
            out.write_batch(batch)
    return said, _apart(groups, work)


def _wanted(read: Read, order: Order, engine: Engine) -> dict[bytes, Beside]:
    """Each report that counts with those that it is held against, by the key of all that matters."""
    documents = read.documents
    digests = documents["digest"].take(pa.array(order.rows)).to_pylist()
    chance = ranks(documents["sha256"].take(pa.array(order.rows)))
    twins = nearest.twins(order, documents)
    near = nearest.candidates(engine, order, read, chance)
    found = dict[bytes, Beside]()
    for report in np.flatnonzero(order.counts).tolist():
        count, twin = twins.get(report, (0, -1))
        one = Beside(report, int(order.previous[report]), count, twin, near.get(report, ()))
        found[one.key(digests)] = one
    return found


def _spool(read: Read, order: Order, work: Path, needed: Numbers) -> None:
    writer = SpoolWriter(work, len(order.rows))
    documents = read.documents.select(["sha256", "source_name"])
    for report, (brief, prose) in read.blobs(("brief", "prose"), needed):
        sha, source = (column[order.rows[report]].as_py() for column in documents.columns)
        writer.add(report, (brief, prose, f"r{sha[:16]}\n{source}".encode()))
    writer.close()


def _apart(groups: list[list[int]], work: Path) -> dict[int, list[Row]]:
    """Report → findings that another one of its agency and year prints something else."""
    found = dict[int, list[Row]]()
    with Spool(work) as spool:
        for group in groups:
            briefs = [spool.brief(report) for report in group]
            for n, finding in differences(briefs):
                found.setdefault(group[n], []).extend(finding_rows(briefs[n].report_id, [finding]))
    return found
