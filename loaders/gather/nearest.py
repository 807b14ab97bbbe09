"""Which reports of other agencies a report may have copied from: the same request table, or much of the same prose.

Which prose is worth comparing is told by the smallest hashes of each report: two that share much of their text share
some of these. So the cost grows with the number of reports and not with its square.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa

from loaders.gather.engine import Engine, asked
from loaders.gather.order import Numbers, Order, ranks, runs
from loaders.gather.streams import Read

# At most 40 reports are kept for one hash, set phrases stand in thousands; a candidate shares two hashes at least, and
# the share of four candidates is worked out. Which 40 is told by their bytes: neither place nor year is preferred.
CANDIDATES = """
WITH listed AS (
    SELECT hash, report, owner FROM sampled
    QUALIFY row_number() OVER (PARTITION BY hash ORDER BY chance) <= 40
)
SELECT one.report AS report, other.report AS other, count(*) AS votes
FROM sampled AS one JOIN listed AS other ON one.hash = other.hash
WHERE one.owner <> other.owner
GROUP BY one.report, other.report
HAVING count(*) >= 2
QUALIFY row_number() OVER (PARTITION BY one.report ORDER BY votes DESC, other.report) <= 4
ORDER BY report, votes DESC, other
"""


def twins(order: Order, documents: pa.Table) -> dict[int, tuple[int, int]]:
    """Report → how many reports of other agencies have the same request table, and the first of them."""
    tables = documents["requests"].take(pa.array(order.rows))
    code = ranks(tables)
    held = np.flatnonzero(order.counts & (order.owner >= 0) & (code >= 0))
    held = held[np.argsort(code[held], kind="stable")]
    found = dict[int, tuple[int, int]]()
    for start, end in runs(code[held]):
        group = held[start:end].tolist()
        owners = order.owner[held[start:end]].tolist()
        counts = Counter(owners)
        firsts = list(dict(zip(reversed(owners), reversed(group), strict=True)).items())[::-1]
        for report, mine in zip(group, owners, strict=True) if len(counts) > 1 else ():
            other = next(first for owner, first in firsts if owner != mine)
            found[report] = (len(group) - counts[mine], other)
    return found


def candidates(engine: Engine, order: Order, read: Read, chance: Numbers) -> dict[int, tuple[int, ...]]:
    """Report → reports of other agencies that share some of its prose, the likeliest first."""
    told = [
        (np.full(len(sample) // 8, report), np.frombuffer(sample, dtype=np.uint64))
        for report, (sample,) in read.blobs(("sample",), np.flatnonzero(order.counts & (order.owner >= 0)))
    ]
    report = np.concatenate([n for n, _ in told]) if told else np.empty(0, dtype=np.int64)
    hashes = np.concatenate([one for _, one in told]) if told else np.empty(0, dtype=np.uint64)
    sampled = pa.table({"hash": hashes, "report": report, "owner": order.owner[report], "chance": chance[report]})
    found = dict[int, list[int]]()
    for batch in asked(engine, CANDIDATES, sampled=sampled):
        for one, other in zip(batch["report"].to_pylist(), batch["other"].to_pylist(), strict=True):
            found.setdefault(one, []).append(other)
    return {one: tuple(others) for one, others in found.items()}
