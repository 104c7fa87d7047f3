"""Checks of the rows of one data set against each other: keys, order, periods, number of rows."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from esgscan.reference.problems import Problem, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from esgscan.reference.cards import Card

ALWAYS = "0000-00-00"
FOR_EVER = "9999-99-99"


class Row(NamedTuple):
    """One entry and the line of the file it ends on."""

    line: int
    cells: dict[str, str]

    def pick(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Return some cells, in the order asked for."""
        return tuple(self.cells[column] for column in columns)


def count_problems(card: Card, rows: Sequence[Row]) -> Iterator[Problem]:
    """Check that there are neither fewer nor more rows than the card allows."""
    if not card.fewest_rows <= len(rows) <= card.most_rows:
        yield Problem(
            what=f"Cannot trust {len(rows)} rows: the card allows {card.fewest_rows} to {card.most_rows}.",
            where=place(card.name),
            mend="bring back the rows that are missing, or change rows in card.yml after counting by hand",
        )


def key_problems(card: Card, rows: Sequence[Row]) -> Iterator[Problem]:
    """Check that no two rows have the same key."""
    first_line: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = row.pick(card.key)
        if key in first_line:
            yield Problem(
                what=f"Cannot tell two rows apart: {', '.join(card.key)} = '{', '.join(key)}' is there twice.",
                where=place(card.name, line=row.line, column=card.key[0]),
                mend=f"remove the row, or the one on line {first_line[key]}, or give it a key of its own",
            )
        first_line.setdefault(key, row.line)


def order_problems(card: Card, rows: Sequence[Row]) -> Iterator[Problem]:
    """Check that the rows are sorted as the card says; integers sort as numbers."""
    integers = {column.name for column in card.columns if column.type == "integer"}
    for before, after in pairwise(rows):
        if _sort_key(before, card.sort, integers) > _sort_key(after, card.sort, integers):
            yield Problem(
                what=f"Cannot keep the order: '{', '.join(after.pick(card.sort))}' comes after a later row.",
                where=place(card.name, line=after.line, column=card.sort[0]),
                mend=f"sort the rows by {', '.join(card.sort)}",
            )


def period_problems(card: Card, rows: Sequence[Row], columns: Sequence[str]) -> Iterator[Problem]:
    """Check that each period begins before it ends; `columns` are its first day and its last, not included."""
    begin, end = columns
    for row in rows:
        first, last = row.pick(columns)
        if first and last and first >= last:
            yield Problem(
                what=f"Cannot use a period from '{first}' until '{last}': it ends before it begins.",
                where=place(card.name, line=row.line, column=end),
                mend=f"{begin} is the first day and {end} the first day after; correct the one that is wrong",
            )


def overlap_problems(card: Card, rows: Sequence[Row], columns: Sequence[str]) -> Iterator[Problem]:
    """Check that rows with the same cells have no day in common; the last two columns are the period.

    An empty first day is the beginning of time, an empty last day its end.
    """
    *same, begin, end = columns
    groups: dict[tuple[str, ...], list[tuple[str, str, int]]] = defaultdict(list)
    for row in rows:
        first, last = row.pick((begin, end))
        groups[row.pick(same)].append((first or ALWAYS, last or FOR_EVER, row.line))
    for cells, periods in groups.items():
        for before, after in pairwise(sorted(periods)):
            if after[0] < before[1]:
                yield Problem(
                    what=f"Cannot use two periods of '{', '.join(cells)}' that overlap.",
                    where=place(card.name, line=max(before[2], after[2]), column=begin),
                    mend=f"close the earlier one with {end}; the other is on line {min(before[2], after[2])}",
                )


def _sort_key(row: Row, columns: Sequence[str], integers: set[str]) -> tuple[tuple[int, str], ...]:
    """Return what a row is sorted by."""
    return tuple(
        (int(cell) if column in integers and cell.isdigit() else 0, cell)
        for column, cell in zip(columns, row.pick(columns), strict=True)
    )


ROW_CHECKS: dict[str, Callable[[Card, Sequence[Row], Sequence[str]], Iterator[Problem]]] = {
    "period_order": period_problems,
    "no_overlap": overlap_problems,
}
