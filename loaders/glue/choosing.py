"""Which way to cut each row of a table: the only one, or the only one with which all sums of the table hold.

Where a source breaks its own sums, or blank cells would allow another cut, what is chosen carries a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loaders.errors import Refused
from loaders.glue import balance
from loaders.glue.cuts import MOST, Budget, Cut, Run, Sum, cuts, parted, search

BY_COUNT, BY_ROW, BY_TABLE, UNBALANCED = 100.0, 95.0, 90.0, 50.0  # how sure a cut is, see loaders.glue.glued
NOT_BALANCED = "连排数字只按行内勾稽切分：各列勾稽不成立，切法没有旁证"
NO_WITNESS = "连排数字只凭组内之和切分，没有别的勾稽可以旁证"
ENOUGH = 3  # spaces that stand between cells beyond doubt before others are taken to do so
Across = tuple[tuple[balance.Term, ...], ...]
Options = Sequence[Sequence[tuple[Run, Cut]]]  # for each row the ways to cut it


@dataclass(frozen=True, slots=True)
class Line:
    """The run behind one label with what its cells may be."""

    name: str
    run: Run
    kinds: tuple[str, ...]
    sums: tuple[Sum, ...]
    end: str = ""  # an ordinal of the next label that the run may end with


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cut of a line, how sure it is, and why it should not be trusted without a look."""

    run: Run
    cut: Cut
    score: float
    doubt: str = ""


def choose(lines: Sequence[Line], across: Across, apart: bool, budget: Budget) -> list[Chosen]:
    """The one way to cut all rows of a table; `apart` says that spaces stand around each run.

    Raises Refused with what is known (GLUED_AMBIGUOUS, GLUED_INCONSISTENT, GLUED_SPACED, GLUED_UNCUT, GLUED_UNDECIDED).
    """
    if not across and not any(line.sums for line in lines):
        shown = [parted(line.run, line.kinds) for line in lines] if apart else [None]
        if all(shown):
            return [Chosen(line.run, cut, BY_COUNT) for line, cut in zip(lines, shown, strict=True) if cut]
        return [_only(line, budget) for line in lines]
    options = [list(_options(line, budget)) for line in lines]
    ways = _ways(options, across, budget)
    if not ways:
        return _unbalanced(lines, options, budget)
    if len(ways) > 1 and _spaces_part(options):
        parting = [[one for one in some if not one[1].spans_gap(one[0])] for some in options]
        fewer = _ways(parting, across, budget)
        options, ways = (parting, fewer) if fewer else (options, ways)
    picked = [some[n] for some, n in zip(options, ways[0], strict=True)]
    if len(ways) > 1:
        raise Refused("GLUED_AMBIGUOUS", _several(lines, options, ways))
    if any(cut.spans_gap(run) for run, cut in picked):
        raise Refused("GLUED_SPACED", "只有把数字中间的空格算作同一格才能平衡")
    scored = zip(lines, options, picked, strict=True)
    return [_scored(line, some, one, bool(across), budget) for line, some, one in scored]


def _ways(options: Options, across: Across, budget: Budget) -> list[tuple[int, ...]]:
    return balance.solutions([[cut.values for _, cut in some] for some in options], across, budget)


def _options(line: Line, budget: Budget) -> Iterator[tuple[Run, Cut]]:
    """The ways to cut a line whose sums hold, with and without the ordinal that it may end with."""
    apart = parted(line.run, line.kinds)
    if apart is not None and _holds(apart, line.sums):
        yield line.run, apart  # as many parts as cells: the spaces stand between cells
        return
    for run in _variants(line):
        ways = cuts(run, line.kinds, line.sums, budget)
        if len(ways) > MOST:
            raise Refused("GLUED_UNDECIDED", f"“{run.chars}”符合行内勾稽的切法超过 {MOST} 种")
        for cut in ways:
            yield run, cut


def _variants(line: Line) -> Iterator[Run]:
    yield line.run
    if line.end and line.run.chars.endswith(line.end):
        yield line.run.head(len(line.run.chars) - len(line.end))


def _holds(cut: Cut, sums: Sequence[Sum]) -> bool:
    return all(sum(sign * cut.values[place] for sign, place in one.terms) == 0 for one in sums)


def _only(line: Line, budget: Budget) -> Chosen:
    """The single way to cut a line without sums, spaces set aside; a doubt where blank cells would allow others."""
    run, ways = line.run, cuts(line.run, line.kinds, (), budget)
    if not ways:
        raise Refused("GLUED_UNCUT", f"“{line.name}”的“{run.chars}”切不成表式的 {len(line.kinds)} 格")
    if len(ways) > 1:
        count = f"{len(ways)} 种" if len(ways) <= MOST else f"{MOST} 种以上的"
        shown = "；".join(cut.texts(run) for cut in ways[:3])
        raise Refused("GLUED_AMBIGUOUS", f"“{line.name}”的“{run.chars}”有 {count}切法：{shown} …")
    if ways[0].spans_gap(run):
        raise Refused("GLUED_SPACED", f"“{line.name}”的数字中间有空格，是一格还是几格无法判断")
    blank = _with_blanks(line, budget) if len(line.kinds) > 1 else ""
    if blank and "money" in line.kinds:
        raise Refused("GLUED_AMBIGUOUS", f"“{line.name}”的“{run.chars}”若有空白格则另有切法：{blank}")
    return Chosen(run, ways[0], BY_COUNT, f"连排；若有空白格则另有切法，如 {blank}" if blank else "")


def _with_blanks(line: Line, budget: Budget) -> str:
    """One way to cut a line that leaves cells blank; "" where there is none."""
    fewer = (cut for cut in search(line.run, line.kinds, (), budget, blanks=True) if None in cut.cells)
    cut = next(fewer, None)
    return cut.texts(line.run) if cut else ""


def _spaces_part(options: Options) -> bool:
    """Whether spaces stand between cells: enough do so beyond doubt, and none is inside a cell."""
    sure = [some[0] for some in options if len(some) == 1]
    return sum(len(run.gaps) for run, _ in sure) >= ENOUGH and not any(cut.spans_gap(run) for run, cut in sure)


def _several(lines: Sequence[Line], options: Options, ways: Sequence[tuple[int, ...]]) -> str:
    """How many ways there are, on how many cells they agree, and the rows in which they don't."""
    total = sum(len(line.kinds) for line in lines)
    rows = [set(some) for some in zip(*ways, strict=True)]
    alike = sum(
        len({options[row][n][1].values[column] for n in some}) == 1
        for row, some in enumerate(rows)
        for column in range(len(options[row][0][1].values))
    )
    unlike = [
        f"{lines[row].name} " + " 或 ".join(options[row][n][1].texts(options[row][n][0]) for n in sorted(some)[:2])
        for row, some in enumerate(rows)
        if len(some) > 1
    ]
    count = f"至少 {len(ways)}" if len(ways) >= balance.MOST_SOLUTIONS else f"{len(ways)}"
    return f"满足全部勾稽的切法有 {count} 种，{total} 格中 {alike} 格各法相同；不同的行：" + "；".join(unlike[:4])


def _scored(
    line: Line, options: Sequence[tuple[Run, Cut]], one: tuple[Run, Cut], witnessed: bool, budget: Budget
) -> Chosen:
    """`witnessed` says that sums across the rows hold, which had no part in cutting this one."""
    run, cut = one
    if len(options) > 1:
        return Chosen(run, cut, BY_TABLE)
    if len(line.run.parts) == len(line.kinds) or _forced(line, budget) is not None:
        return Chosen(run, cut, BY_COUNT)
    return Chosen(run, cut, BY_ROW, "" if witnessed else NO_WITNESS)


def _forced(line: Line, budget: Budget) -> tuple[Run, Cut] | None:
    """The cut of a line that has as many characters as cells, whatever the sums."""
    if len(line.run.chars) != len(line.kinds):
        return None
    ways = cuts(line.run, line.kinds, (), budget)
    return (line.run, ways[0]) if len(ways) == 1 else None


def _unbalanced(lines: Sequence[Line], options: Options, budget: Budget) -> list[Chosen]:
    """The source breaks its own sums: rows that have one way all the same are read, every cell with a doubt."""
    chosen = []
    for line, some in zip(lines, options, strict=True):
        apart = parted(line.run, line.kinds)
        forced = ((line.run, apart) if apart else None, _forced(line, budget))
        left = list(some) or list(dict.fromkeys(one for one in forced if one))
        if len(left) != 1 or left[0][1].spans_gap(left[0][0]):
            what = f"有 {len(left)} 种切法" if left else "没有一种切法"
            raise Refused("GLUED_INCONSISTENT", f"表内勾稽不成立；“{line.name}”的“{line.run.chars}”{what}符合行内勾稽")
        chosen.append(Chosen(*left[0], UNBALANCED, NOT_BALANCED))
    return chosen
