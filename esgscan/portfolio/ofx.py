"""Statements in OFX or QFX -> sheets of cells: the positions of an investment account, with the names its list gives.

OFX 1 is SGML, whose leaves have no end tag; OFX 2 is XML. Both are read by one tolerant reader, for brokers write both
loosely. Nothing is expanded or fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from esgscan.errors import PortfolioError
from esgscan.portfolio.grids import Cell, Grid, GridFile
from esgscan.portfolio.texts import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TAG = re.compile(r"<(/?)([A-Za-z0-9_.]+)(?:\s[^>]*)?>([^<]*)")
KINDS = {"POSSTOCK": "Stock", "POSMF": "Mutual fund", "POSDEBT": "Bond", "POSOPT": "Option", "POSOTHER": "Other"}
HEADER = (
    "Account", "Name", "Ticker", "Security ID", "Asset Class", "Quantity", "Price", "Market Value", "Currency", "Side",
)  # fmt: skip
SAME_AMOUNT = 0.005


@dataclass(slots=True)
class Element:
    """One element: a leaf has text, an aggregate has children."""

    tag: str
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def every(self, *tags: str) -> Iterator[Element]:
        """Give the elements below with one of the tags, in the order of the file."""
        waiting = list(reversed(self.children))
        while waiting:
            element = waiting.pop()
            if element.tag in tags:
                yield element
            waiting.extend(reversed(element.children))

    def leaf(self, tag: str) -> str:
        """Give the text of the first element below with the tag; empty if there is none."""
        return next((element.text for element in self.every(tag)), "")


def read_ofx(data: bytes, *, name: str, sheet: str | None) -> GridFile:
    """Read the investment accounts of a statement, one sheet each.

    Raises:
        PortfolioError: The statement has no list of positions, or there is no account `sheet`.
    """
    text, encoding = decode(data, name=name)
    root = _tree(text)
    securities = {info.leaf("UNIQUEID"): info for info in root.every("SECINFO")}
    grids = [_account(statement, securities, number) for number, statement in enumerate(root.every("INVSTMTRS"), 1)]
    if not any(len(grid.rows) > 3 for grid in grids):
        what = f"{name!r} is an OFX statement without positions: it lists transactions or bank balances."
        raise PortfolioError(what, where=name, mend="download a statement of the investment account with its positions")
    if sheet is not None:
        accounts = ", ".join(grid.sheet for grid in grids)
        grids = [grid for grid in grids if grid.sheet == sheet]
        if not grids:
            raise PortfolioError(f"There is no account {sheet!r}.", where=name, mend=f"give --sheet one of: {accounts}")
    return GridFile(name=name, format="ofx", grids=tuple(grids), encoding=encoding)


def _tree(text: str) -> Element:
    """Build the elements; an end tag closes everything that is open above its own start."""
    root = Element("")
    open_elements = [root]
    for match in TAG.finditer(text):
        tag, content = match[2].upper(), unescape(match[3]).strip()
        if match[1]:
            at = next((i for i in range(len(open_elements) - 1, 0, -1) if open_elements[i].tag == tag), 0)
            if at:
                del open_elements[at:]
            continue
        element = Element(tag, content)
        open_elements[-1].children.append(element)
        if not content:
            open_elements.append(element)
    return root


def _account(statement: Element, securities: Mapping[str, Element], number: int) -> Grid:
    account = statement.leaf("ACCTID") or f"account {number}"
    currency = statement.leaf("CURDEF")
    lines = [_position(element, securities, account, currency) for element in statement.every(*KINDS)]
    lines += _cash(statement, lines, account, currency)
    rows: list[list[Cell]] = [["Statement of", statement.leaf("DTASOF")[:8]], ["Account number", account]]
    return Grid(sheet=account, rows=[*rows, list(HEADER), *lines])


def _position(element: Element, securities: Mapping[str, Element], account: str, currency: str) -> list[Cell]:
    """Give one position; the list of securities names it."""
    unique_id, scheme = element.leaf("UNIQUEID"), element.leaf("UNIQUEIDTYPE").upper()
    info = securities.get(unique_id, Element(""))
    is_short = element.leaf("POSTYPE").upper() == "SHORT"
    ticker = info.leaf("TICKER") or (unique_id if scheme == "TICKER" else "")
    return [
        account,
        info.leaf("SECNAME") or element.leaf("MEMO"),
        ticker,
        "" if scheme == "TICKER" else unique_id,
        KINDS[element.tag],
        element.leaf("UNITS"),
        element.leaf("UNITPRICE"),
        element.leaf("MKTVAL"),
        element.leaf("CURSYM") or currency,
        "short" if is_short else "long",
    ]


def _cash(statement: Element, lines: list[list[Cell]], account: str, currency: str) -> list[list[Cell]]:
    """Give the cash of an account; cash that is swept into a fund among the positions is not counted twice."""
    values = [_number(str(line[HEADER.index("Market Value")])) for line in lines]
    cash: list[list[Cell]] = []
    for tag, words in (("AVAILCASH", "Cash"), ("MARGINBALANCE", "Cash (margin)")):
        amount = statement.leaf(tag)
        value = _number(amount)
        if value and not any(abs(value - other) < SAME_AMOUNT for other in values):
            cash.append([account, words, "", "", "Cash", "", "", amount, currency, ""])
    return cash


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return 0.0
