"""What newer lists say, checked as the lines of a list of the user's own are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from esgscan.sources.own_lists import entry_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import polars as pl

    from esgscan.reference.list_updates import ListChange, ListUpdate
    from esgscan.reference.problems import Problem


def change_check(addresses: Mapping[str, str], markets: pl.DataFrame) -> Callable[[ListChange], list[Problem]]:
    """Give the check of a change: a name, a source and days; check digits right, a code only with its market.

    Args:
        addresses: The address of each file by its hash.
        markets: Data set `markets`.
    """
    check = entry_check(markets)
    return lambda change: [one for cells in _cells(change, addresses) for one in check(cells, change.where)]


def update_problems(update: ListUpdate, markets: pl.DataFrame) -> list[Problem]:
    """Check all that was confirmed."""
    check = change_check({source.sha256: source.address for source in update.sources}, markets)
    return [problem for change in update.changes for problem in check(change)]


def securities_of(one: ListChange) -> list[tuple[str, str, str]]:
    """Give ISIN, MIC and code of each security; one line without any where there is none."""
    isins = [(isin, "", "") for isin in one.isins]
    codes = [("", mic, code) for mic, code in one.codes]
    return [*isins, *codes] or [("", "", "")]


def _cells(change: ListChange, addresses: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Give a change as lines of a list of the user's own; an end and a new name begin on their own day."""
    begins = change.in_force_from or change.announced_on
    shared = {"name": change.entity, "source": addresses[change.source], "lei": change.lei, "country": change.country}
    if change.in_force_until and not begins:
        begins, ends = change.in_force_until, None
    else:
        ends = change.in_force_until
    for isin, mic, code in securities_of(change):
        yield {
            **shared,
            "isin": isin,
            "exchange": mic,
            "ticker": code,
            "in_force_from": begins or date.min,
            "in_force_until": ends,
        }
