"""Which fund of the store a file means: a fund is one thing with many identifiers.

A scheme of TELLING is of one fund alone; `cik` is that of a filer, who may have many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from esgscan.names import word_keys

if TYPE_CHECKING:
    import polars as pl


TELLING = ("series", "class", "lei", "vanguard")


class Described(NamedTuple):
    """A fund as a file describes it."""

    fund_id: str
    name_key: str | None
    isin: str | None
    ticker: str | None
    others: tuple[str, ...]
    """Further identifiers, each `scheme:value`, by which the fund alone is known."""
    is_own_id: bool
    """Whether the id is the publisher's own, and no ISIN, ticker or name."""

    @property
    def series(self) -> frozenset[str]:
        """The series of the SEC's that it is."""
        return frozenset(other for other in self.others if other.startswith("series:"))


class FundIndex:
    """Finds a fund by ISIN, by a further identifier, by name, or by ticker where nothing else is told.

    What leads to two funds leads to none, and a series of the SEC's is never another series, whatever else they share:
    trusts write their own LEI for each of their series.

    Two funds with one name and different ISINs stay two: houses give their funds the same plain names.
    """

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._isins: dict[str, str | None] = {}
        self._others: dict[str, str | None] = {}
        self._names: dict[str, str | None] = {}
        self._tickers: dict[str, str | None] = {}
        self._with_isin: set[str] = set()
        self._series: dict[str, set[str]] = {}

    def learn(self, funds: pl.DataFrame) -> None:
        """Add funds by their final ids: fund_id, name, isin, ticker, identifiers."""
        for fund in described(funds):
            self._ids.add(fund.fund_id)
            for known, key in (
                (self._isins, fund.isin),
                (self._names, fund.name_key),
                (self._tickers, fund.ticker),
                *((self._others, other) for other in fund.others),
            ):
                if key:
                    known[key] = fund.fund_id if known.get(key, fund.fund_id) == fund.fund_id else None
            if fund.isin:
                self._with_isin.add(fund.fund_id)
            self._series.setdefault(fund.fund_id, set()).update(fund.series)

    def find(self, funds: pl.DataFrame) -> list[str]:
        """Give the id of each fund in the store; one that is not there keeps its own."""
        return [self._find(fund) or fund.fund_id for fund in described(funds)]

    def _find(self, fund: Described) -> str | None:
        if fund.fund_id in self._ids:
            return fund.fund_id
        if found := self._isins.get(fund.isin or "") or self._by_others(fund):
            return found
        if fund.is_own_id:
            return fund.fund_id
        named = self._names.get(fund.name_key or "")
        if named and not (fund.isin and named in self._with_isin):
            return named
        is_told_by_ticker = not fund.name_key or not fund.isin
        return self._tickers.get(fund.ticker or "") if is_told_by_ticker else None

    def _by_others(self, fund: Described) -> str | None:
        """Find the one fund to which further identifiers lead."""
        found = {known for other in fund.others if (known := self._others.get(other))}
        one = found.pop() if len(found) == 1 else None
        series = self._series.get(one or "", set())
        return None if fund.series and series and series.isdisjoint(fund.series) else one


def described(funds: pl.DataFrame) -> list[Described]:
    """Take what describes each fund out of a table: fund_id, name, isin, ticker, and identifiers if it has them."""
    keys = word_keys(funds["name"])
    written = funds["identifiers"].to_list() if "identifiers" in funds.columns else [None] * len(funds)
    columns = (funds["fund_id"], funds["name"], keys, funds["isin"], funds["ticker"])
    return [
        Described(fund_id, key, isin, ticker, telling(others), fund_id not in (name, isin, ticker))
        for fund_id, name, key, isin, ticker, others in zip(
            *(column.to_list() for column in columns), written, strict=True
        )
    ]


def telling(identifiers: str | None) -> tuple[str, ...]:
    """Take the identifiers of a fund that are of it alone."""
    return tuple(one for one in (identifiers or "").split() if one.partition(":")[0] in TELLING)
