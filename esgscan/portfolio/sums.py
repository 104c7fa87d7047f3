"""Lines whose value is the sum of other lines: totals by their label, and subtotals that have none."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from esgscan.portfolio.columns import IDENTITY
from esgscan.portfolio.kinds import kinds_of
from esgscan.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.lines import Lines

HALF_A_CENT = 0.005
FURTHEST = 2_000
"""Lines that are looked through for a run that makes a subtotal, and headings that may have one."""
TOTAL = "total"


def skip_sums(lines: Lines) -> None:
    """Take out lines whose value is the sum of lines above or below, and compare printed totals with ours."""
    values = lines.numbers.get("market_value") or lines.numbers.get("weight")
    if values is None:
        return
    totals = {skipped.row for skipped in lines.skipped if skipped.why == TOTAL}
    bare = _bare(lines)
    if totals or any(bare):
        _skip_headed_sums(lines, values.values, bare)
        _compare_totals(lines, values.values, bare, totals)
    if totals and not any(bare):
        _skip_nested_sums(lines, values.values, [v for _, v, _ in lines.totals])


def any_of(height: int, columns: Sequence[list[str]]) -> list[bool]:
    """Whether any of the columns has something, per line."""
    return list(map(any, zip(*columns, strict=True))) if columns else [False] * height


def _compare_totals(lines: Lines, values: Sequence[float | None], bare: Sequence[bool], totals: set[int]) -> None:
    """Find what each total is of: the lines since the last one, any run of lines above it, or all lines."""
    above: list[float] = [0.0]
    since = 0
    everything = sum(v for v, keep in zip(values, lines.keep, strict=True) if keep and v is not None)
    for line in range(lines.block.height):
        value = values[line]
        row = lines.block.row(line)
        if value is None or not (lines.keep[line] or row in totals):
            continue
        if lines.keep[line] and not (bare[line] and _run_above(value, above, len(above) - since, least=2)):
            above.append(above[-1] + value)
            continue
        if lines.keep[line]:
            lines.skip(line, "its value is the sum of the lines above")
            lines.totals.append((row, value, value))
        else:
            lines.totals.append((row, value, _computed(value, above, since, everything)))
        since = len(above) - 1


def _computed(value: float, above: Sequence[float], since: int, everything: float) -> float:
    """Give the sum that a total is of: the run of lines above that makes it, else the nearest sum it could mean."""
    if len(above) == 1:
        return everything
    if _run_above(value, above, len(above) - since, least=1):
        return value
    return min((above[-1] - above[since], above[-1]), key=lambda candidate: abs(candidate - value))


def _run_above(value: float, above: Sequence[float], group: int, *, least: int) -> bool:
    """Whether a value is the sum of the last lines, as many as since the last total, all of them, or any number."""
    if len(above) <= least or abs(value) <= HALF_A_CENT:
        return False
    wanted = above[-1] - value
    nearest = range(len(above) - 1 - least, max(len(above) - FURTHEST, 0), -1) if least == 1 else ()
    starts = (len(above) - group, 0, *nearest)
    return any(
        abs(above[start] - wanted) <= HALF_A_CENT * (len(above) - start + 2)
        for start in starts
        if 0 <= start <= len(above) - 1 - least
    )


def _skip_headed_sums(lines: Lines, values: Sequence[float | None], bare: Sequence[bool]) -> None:
    """Take out headings of groups whose value is the sum of the lines below them."""
    heads = [i for i, is_bare in enumerate(bare) if is_bare and lines.keep[i] and values[i] is not None]
    if not heads or len(heads) > FURTHEST:
        return
    counted = [
        v if keep and not b and v is not None else 0.0 for v, keep, b in zip(values, lines.keep, bare, strict=True)
    ]
    sums = [0.0, *accumulate(counted)]
    lengths = [0, *accumulate(int(keep and not b) for keep, b in zip(lines.keep, bare, strict=True))]
    ends = {head: _end_of_group(head, values[head] or 0.0, sums) for head in heads}
    found = {head: lengths[end] - lengths[head] for head, end in ends.items() if end}
    if any(length > 1 for length in found.values()):
        for head in found:
            lines.skip(head, "its value is the sum of the lines below")


def _skip_nested_sums(lines: Lines, values: Sequence[float | None], printed: Sequence[float]) -> None:
    """Take out headings whose value is the sum of the lines below, where the total shows that they are counted twice.

    So are the groups of a pivot table written, whose lines have nothing but a name and a value.
    """
    kept = [(at, value) for at, value in enumerate(values) if lines.keep[at] and value is not None]
    if not kept or len(kept) > FURTHEST:
        return
    heads = _headings([value for _, value in kept])
    rest = sum(value for number, (_, value) in enumerate(kept) if number not in heads)
    if heads and any(abs(rest - total) <= HALF_A_CENT * len(kept) for total in printed):
        for number in heads:
            lines.skip(kept[number][0], "its value is the sum of the lines below")
        lines.totals = [
            (row, total, rest if abs(rest - total) <= HALF_A_CENT * len(kept) else computed)
            for row, total, computed in lines.totals
        ]


def _headings(values: Sequence[float]) -> set[int]:
    """Find the lines that are the sum of those right below them, from the top: each is the nearest such sum."""
    heads: set[int] = set()
    sums = [0.0, *accumulate(values)]
    at = 0
    while at < len(values):
        ends = (end for end in range(at + 2, len(sums)) if abs(sums[end] - sums[at + 1] - values[at]) <= HALF_A_CENT)
        end = next(ends, 0) if abs(values[at]) > HALF_A_CENT else 0
        if end:
            heads.add(at)
        at = end or at + 1
    return heads


def _end_of_group(head: int, value: float, sums: Sequence[float]) -> int:
    """Find where the lines below a heading add to its value; 0 if they never do."""
    if abs(value) <= HALF_A_CENT:
        return 0
    for end in range(head + 2, min(len(sums), head + FURTHEST)):
        if abs(sums[end] - sums[head] - value) <= HALF_A_CENT * (end - head + 1) and sums[end] != sums[head]:
            return end
    return 0


def _bare(lines: Lines) -> list[bool]:
    """Whether each line has nothing that a security has beside a value, where the table has such columns.

    Cash has nothing of it either; it is no sum, unless it stands below lines of cash.
    """
    height = lines.block.height
    units = [lines.numbers[m].values for m in ("quantity", "price") if m in lines.numbers]
    if not units and not IDENTITY & set(lines.texts):
        return [False] * height
    ids = any_of(height, [lines.texts[m] for m in IDENTITY if m in lines.texts])
    nothing = (None,) * len(units)
    without = [cells == nothing for cells in zip(*units, strict=True)] if units else [True] * height
    bare = [none and not has_id for none, has_id in zip(without, ids, strict=True)]
    if all(bare):  # such as an empty column for ISINs: it tells no line from another
        return [False] * height
    return [is_bare and not _is_cash_alone(lines, line) for line, is_bare in enumerate(bare)]


def _is_cash_alone(lines: Lines, line: int) -> bool:
    """Whether a line is named as cash, and the line above it is not."""
    names = [lines.text("name", at) or lines.text("ticker", at) for at in (line, line - 1) if at >= 0]
    is_cash = [kind == Kind.CASH for kind in kinds_of([""] * len(names), names, [""] * len(names))]
    return is_cash[0] and not any(is_cash[1:])
