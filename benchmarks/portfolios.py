"""A portfolio of any size, the same for the same seed: invented companies with well-formed identifiers."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from openpyxl import Workbook
from stdnum import isin as isin_rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEED = 20261123

HEADER = ("Name", "ISIN", "Ticker", "Exchange", "Currency", "Quantity", "Price", "Market Value", "Asset class")

FIRST_WORDS = ("Alder", "Beacon", "Cobalt", "Dunmore", "Elm", "Fairwater", "Granite", "Harrow", "Ivory", "Juniper")
SECOND_WORDS = (
    "Bank",
    "Chemicals",
    "Energy",
    "Foods",
    "Insurance",
    "Logistics",
    "Mining",
    "Motors",
    "Pharma",
    "Software",
)
ENDINGS = {"US": "Inc", "GB": "PLC", "DE": "AG", "FR": "SA", "JP": "Corp"}
EXCHANGES = {
    "US": "New York Stock Exchange",
    "GB": "London Stock Exchange",
    "DE": "Xetra",
    "FR": "Euronext Paris",
    "JP": "Tokyo",
}


class Line(NamedTuple):
    """One line of the portfolio, in the order of `HEADER`."""

    name: str
    isin: str
    ticker: str
    exchange: str
    currency: str
    quantity: int
    price: float
    market_value: float
    asset_class: str


WATCHLIST = (
    ("Hangzhou Hikvision Digital Technology", "CNE100000PM8", "002415", "Shenzhen"),
    ("Zhejiang Dahua Technology", "CNE100000BJ4", "002236", "Shenzhen"),
    ("iFlytek", "CNE100000B81", "002230", "Shenzhen"),
)
"""Real securities of the watchlist, so that a scan has something to find."""


def write_portfolio(path: Path, *, lines: int, seed: int = SEED) -> None:
    """Write a workbook with `lines` positions, three of them on the watchlist."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Positions")
    sheet.append(HEADER)
    for line in portfolio_lines(lines, seed=seed):
        sheet.append(line)
    book.save(path)


def portfolio_lines(lines: int, *, seed: int = SEED) -> Iterator[Line]:
    """Give `lines` positions; those of the watchlist are spread evenly among them."""
    chance = random.Random(seed)  # noqa: S311 - the same portfolio each time is the purpose
    every = lines // len(WATCHLIST)
    for number in range(lines):
        listed = number // every if number % every == 0 else len(WATCHLIST)
        yield watchlist_line(listed, chance) if listed < len(WATCHLIST) else invented_line(number, chance)


def watchlist_line(listed: int, chance: random.Random) -> Line:
    """Give a position in a security of the watchlist."""
    name, isin, ticker, exchange = WATCHLIST[listed]
    return Line(name, isin, ticker, exchange, "USD", *amounts(chance), "Equity")


def invented_line(number: int, chance: random.Random) -> Line:
    """Give a position in an invented share; its ISIN has a right check digit and its name is its own."""
    country = chance.choice(list(ENDINGS))
    name = f"{chance.choice(FIRST_WORDS)} {chance.choice(SECOND_WORDS)} {number} {ENDINGS[country]}"
    ticker = "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=4))
    return Line(name, invented_isin(country, number), ticker, EXCHANGES[country], "USD", *amounts(chance), "Equity")


def invented_isin(country: str, number: int) -> str:
    """Make an ISIN that nobody has been given: a national number that begins with ZZ, and its check digit."""
    body = f"{country}ZZ{number:07d}"
    return body + str(isin_rules.calc_check_digit(body))


def amounts(chance: random.Random) -> tuple[int, float, float]:
    """Draw quantity and price, heavy-tailed as real holdings are, and multiply them."""
    quantity = 1 + int(chance.paretovariate(1.2) * 100)
    price = round(chance.lognormvariate(4, 1), 2)
    return quantity, price, round(quantity * price, 2)
