"""Portfolio composition files of funds listed in Tokyo: quantities and prices, and the fund's cash above the table.

A price is in the currency of its line. Lines of cash give the rates to yen, where a file has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError
from esgscan.sources.asked import find_day
from esgscan.sources.fields import lines_frame, number, stated
from esgscan.sources.listed import ListedFund
from esgscan.sources.sheets import column, text
from esgscan.terms import Kind, Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.sources.asked import Asked
    from esgscan.sources.sheets import Sheets

FACTS = ("etf code", "etf name", "fund cash component", "shares outstanding", "fund date")
TABLE = ("Code", "Name", "ISIN", "Exchange", "Currency", "Shares Amount", "Stock Price")
YEN = "JPY"
DERIVATIVES_EXCHANGE = "OSE"
CASH_CODES, FORWARD = frozenset({"CASH", "MARGIN"}), "FX FORWARD"


def recognises(sheets: Sheets) -> bool:
    """Whether the fund's facts stand above a table of quantities and prices."""
    return bool(_facts(sheets)) and sheets.with_header(*TABLE) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the fund; its cash is a line of its own.

    Raises:
        SourceError: The file has lines in a currency for which it has no rate.
    """
    table, facts = sheets.with_header(*TABLE), _facts(sheets)
    assert table is not None  # noqa: S101 - the file was recognised by it
    cells = {word: column(table, word) for word in TABLE}
    rates = _rates(cells["Code"], cells["Currency"], cells["Stock Price"])
    kinds = list(map(_kind, cells["Code"], cells["Exchange"]))
    values = [
        _value(kind, currency, shares, price, rates, asked.name)
        for kind, currency, shares, price in zip(
            kinds, cells["Currency"], cells["Shares Amount"], cells["Stock Price"], strict=True
        )
    ]
    lines = lines_frame(
        {
            "name_as_written": [
                stated(name) or stated(code) for name, code in zip(cells["Name"], cells["Code"], strict=True)
            ],
            "isin": list(map(stated, cells["ISIN"])),
            "ticker": [
                stated(code) if kind is Kind.UNKNOWN else None for code, kind in zip(cells["Code"], kinds, strict=True)
            ],
            "exchange": list(map(stated, cells["Exchange"])),
            "currency": list(map(stated, cells["Currency"])),
            "kind": list(map(str, kinds)),
            "quantity": list(map(number, cells["Shares Amount"])),
            "market_value": values,
            "side": [Side.SHORT if (value or 0.0) < 0 else Side.LONG for value in values],
        }
    )
    cash = lines_frame(
        {
            "name_as_written": ["Cash component"],
            "kind": [Kind.CASH],
            "market_value": [number(facts["fund cash component"])],
        }
    )
    found = ListedFund(
        fund=facts["etf name"],
        ticker=facts["etf code"],
        as_of=asked.day_of(find_day(facts["fund date"])),
        lines=pl.concat([lines.filter(pl.col("name_as_written").is_not_null()), cash]),
        publisher="Tokyo Stock Exchange, portfolio composition file",
        currency=YEN,
    )
    return [found]


def _facts(sheets: Sheets) -> dict[str, str]:
    """Give what the two rows above the table say of the fund."""
    for rows in (grid.rows for grid in sheets.file.grids if len(grid.rows) > 1):
        labels = [text(cell).casefold() for cell in rows[0]]
        if labels[: len(FACTS)] == list(FACTS):
            return dict(zip(labels, map(text, rows[1]), strict=False))
    return {}


def _kind(code: str, exchange: str) -> Kind:
    if code.upper() in CASH_CODES:
        return Kind.CASH
    if code.upper() == FORWARD:
        return Kind.FORWARD
    return Kind.FUTURE if exchange == DERIVATIVES_EXCHANGE else Kind.UNKNOWN


def _rates(codes: Sequence[str], currencies: Sequence[str], prices: Sequence[str]) -> dict[str, float]:
    """Take the rates to yen from the lines of cash, whose price they are."""
    lines = zip(codes, currencies, map(number, prices), strict=True)
    return {YEN: 1.0, **{currency: rate for code, currency, rate in lines if code.upper() == "CASH" and rate}}


def _value(kind: Kind, currency: str, shares: str, price: str, rates: dict[str, float], name: str) -> float | None:
    """Give the value of a line in yen; a derivative has none that the file would tell."""
    amount, unit = number(shares), number(price)
    if kind in {Kind.FUTURE, Kind.FORWARD} or amount is None or not currency:
        return None
    if currency not in rates:
        what = f"The file has lines in {currency} and no rate to yen, so that their weights cannot be told."
        raise SourceError(what, where=name, mend="give a list of the fund's publisher with values or weights")
    return amount * rates[currency] * (1.0 if kind is Kind.CASH else unit or 0.0)
