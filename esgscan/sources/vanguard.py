"""Vanguard holdings files: CSV of the US adviser site, of the UK and of Australia, and the JSON behind the US pages.

In the US file a section of shares may be followed by one of bonds and one of reserves, each with a header of its own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.errors import SourceError
from esgscan.portfolio.currencies import read_currency
from esgscan.portfolio.kinds import kinds_of
from esgscan.sources.asked import find_day
from esgscan.sources.fields import identifier, lines_frame, stated
from esgscan.sources.listed import ListedFund, positions_of
from esgscan.sources.sheets import above, column, has_header, listed, one_of, text
from esgscan.terms import Kind, Side

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from esgscan.portfolio.blocks import Block
    from esgscan.sources.asked import Asked
    from esgscan.sources.sheets import Sheets

TITLE = "holdings details"
US_WEIGHT = ("% of funds*", "% of fund*", "% of funds", "% of fund")
FUND = re.compile(r"^(.*?)\s*\(([A-Z]{3,5})\)$")
US_DATE = "%m/%d/%Y"
SECTIONS = {"short-term": Kind.MONEY_MARKET, "fixed income": Kind.BOND, "equity": Kind.EQUITY}
PUBLISHER = "Vanguard"
COUNTRY_CODE = re.compile("[A-Z]{2}")


def recognises(sheets: Sheets) -> bool:
    """Whether the file is headed `Holdings details`, or a table has the columns of the UK or of Australia."""
    return bool(_us_sections(sheets)) or _other(sheets) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the fund, all sections of it.

    Raises:
        SourceError: No section has a line with a value or a weight.
    """
    sections = _us_sections(sheets)
    if not sections:
        table = _other(sheets)
        assert table is not None  # noqa: S101 - the file was recognised by it
        found = listed(_with_countries(table), name=asked.name, publisher=PUBLISHER, as_of=asked.day_of())
        return [replace(found, currency=_currency(column(table, "Market value")))]
    lines = [_section(block, asked.name) for block in sections if block.height]
    if not lines:
        raise SourceError(f"'{asked.name}' has no lines.", where=asked.name, mend="download the holdings file again")
    fund, ticker = _fund(sheets)
    found = ListedFund(
        fund=fund,
        ticker=ticker or None,
        as_of=asked.day_of(_day(sheets)),
        lines=pl.concat(lines),
        publisher=PUBLISHER,
        currency="USD",
    )
    return [found]


def _with_countries(table: Block) -> Block:
    """Call the column `Region` of the UK what it is where it has codes of countries: `TW`."""
    regions = [cell for cell in column(table, "Region") if cell]
    if not regions or not all(COUNTRY_CODE.fullmatch(cell) for cell in regions):
        return table
    header = tuple("Country" if text(cell).casefold() == "region" else cell for cell in table.header)
    return replace(table, header=header)


def _section(block: Block, name: str) -> pl.DataFrame:
    """Read one section; its title says what its lines are, where their names do not."""
    title = " ".join(cell for texts in above(block) for cell in texts).casefold()
    kind = next((kind for words, kind in SECTIONS.items() if words in title), Kind.UNKNOWN)
    return positions_of(block, name=name).with_columns(pl.col("kind").replace(str(Kind.UNKNOWN), str(kind)))


def _currency(cells: Sequence[str]) -> str | None:
    """Read the currency that stands before each value: `US$3,362,450,950.80`."""
    money = read_currency(one_of([re.sub(r"[\d.,\s-]+$", "", cell) for cell in cells]))
    return money.currency if money else None


def recognises_json(content: Any) -> bool:
    """Whether JSON is a list of portfolios with `holdingDetailItem`."""
    return isinstance(content, list) and bool(content) and _is_portfolio(content[0])


def read_json(content: Sequence[Mapping[str, Any]], asked: Asked) -> list[ListedFund]:
    """Read the portfolios of the JSON; the share class of a line is in `reportingName`."""
    return [_portfolio(one, asked) for one in content if _is_portfolio(one)]


def _is_portfolio(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("holdingDetailItem"), list)


def _portfolio(one: Mapping[str, Any], asked: Asked) -> ListedFund:
    items = [item for item in one["holdingDetailItem"] if isinstance(item, dict)]
    texts = {key: [stated(_text(item.get(key))) for item in items] for key in ("reportingName", "name", "bticker")}
    names = [long or short for long, short in zip(texts["reportingName"], texts["name"], strict=True)]
    classes = [stated(_text(item.get("issueTypeName") or item.get("parentIssueTypeName"))) for item in items]
    percents = [item.get("mktValPercent") for item in items]
    lines = lines_frame(
        {
            "name_as_written": names,
            "cusip": [identifier(_text(item.get("CUSIP"))) for item in items],
            "sedol": [identifier(_text(item.get("sedol"))) for item in items],
            "ticker": texts["bticker"],
            "country": [stated(_text(item.get("countryOfRiskCode"))) for item in items],
            "asset_class": classes,
            "kind": kinds_of(classes, names, texts["bticker"]),
            "quantity": [item.get("quantity") for item in items],
            "market_value": [item.get("marketVal") for item in items],
            "weight": [None if percent is None else percent / 100 for percent in percents],
            "side": [Side.SHORT if item.get("salesPosition") == "SHORT" else Side.LONG for item in items],
        }
    )
    days = {day for item in items if (day := find_day(item.get("effectiveDate")))}
    return ListedFund(
        fund="",
        as_of=asked.day_of(max(days, default=None)),
        lines=lines,
        publisher=PUBLISHER,
        currency="USD",
        identifiers=(f"vanguard:{one['portId']}",) if one.get("portId") else (),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _us_sections(sheets: Sheets) -> list[Block]:
    """Give the tables of a US file: those of securities, each below a line such as `Equity,as of 09/30/2020`."""
    tables = [block for block in sheets.blocks if has_header(block, "holdings")]
    is_titled = any(texts[0].casefold() == TITLE for block in sheets.blocks[:1] for texts in above(block))
    has_weight = any(has_header(block, word) for block in tables for word in US_WEIGHT)
    return tables if is_titled or (has_weight and tables) else []


def _other(sheets: Sheets) -> Block | None:
    uk = sheets.with_header("Holding name", "% of market value")
    return uk or sheets.with_header("Holding name", "% of net assets", "Country code")


def _fund(sheets: Sheets) -> tuple[str, str]:
    for texts in above(sheets.blocks[0]):
        if len(texts) == 1 and (found := FUND.match(texts[0])):
            return f"Vanguard {found[1]}".replace("Vanguard Vanguard", "Vanguard"), found[2]
    return "", ""


def _day(sheets: Sheets) -> date | None:
    days = (find_day(cell, US_DATE) for block in sheets.blocks for texts in above(block) for cell in texts)
    return next(filter(None, days), None)
