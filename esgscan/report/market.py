"""Funds and markets as text and tables: the store, who holds an issuer, which funds reach most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.report.page import Page
from esgscan.report.wording import DISCLAIMER, count, money, percent, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

col = pl.col

LABELS = {"id": "fund_id", "name": "name", "ISIN": "isin", "ticker": "ticker", "also": "identifiers"}
"""What a fund is known by, and the column of table CATALOGUE that has it."""
CLOSING = "What the funds hold is as of the date beside each, and may have changed."


def render_funds(funds: pl.DataFrame, *, width: int, color: bool) -> str:
    """Render the funds of the store, one line each with its newest day."""
    page = Page(width=width, color=color)
    page.title(f"{count(len(funds), 'fund')} in the holdings store")
    page.blank()
    if funds.is_empty():
        page.line("esgscan funds add FILE_OR_FOLDER brings holdings into it; lists of a later day are left out here.")
        return page.text()
    cells = [
        (row["fund_id"], row["name"] or "", str(row["as_of"]), f"{row['lines']:,}", _share(row["share_published"]))
        for row in funds.iter_rows(named=True)
    ]
    page.table(["Fund", "Name", "Holdings as of", "Lines", "Published"], cells, texts=2)
    page.blank()
    page.line("esgscan funds show FUND tells what one of them reaches.")
    return page.text()


def render_fund(rows: pl.DataFrame, exposed: pl.DataFrame, names: Mapping[str, str], *, width: int, color: bool) -> str:
    """Render one fund: its identifiers, its days in the store, and what it reaches on its newest day.

    Args:
        rows: The fund's rows of table CATALOGUE.
        exposed: Its rows of table FUND_EXPOSURES.
        names: Names of the issuers by id.
        width: Width in cells.
        color: Whether to write styles.
    """
    page = Page(width=width, color=color)
    page.title(_first(rows, "name") or _first(rows, "fund_id"))
    for label, column in LABELS.items():
        known = rows[column].drop_nulls().unique(maintain_order=True).to_list()
        if known:
            page.line("; ".join(map(plain, known)), lead=f"{label:<8}", indent=2)
    page.heading("HOLDINGS")
    days = rows.filter(col("stored_in").is_not_null()).sort("as_of", "number", descending=True)
    cells = [
        (
            str(row["as_of"]),
            row["file_name"],
            row["publisher"] or "",
            f"{row['lines']:,}",
            _share(row["share_published"]),
        )
        for row in days.iter_rows(named=True)
    ]
    page.table(["As of", "File", "Publisher", "Lines", "Published"], cells, texts=3)
    page.heading("WHAT IT REACHES")
    _write_exposures(page, exposed, names)
    return page.text()


def _write_exposures(page: Page, exposed: pl.DataFrame, names: Mapping[str, str]) -> None:
    reached = exposed.filter(col("issuer_id").is_not_null())
    first = exposed.row(0, named=True) if len(exposed) else None
    if first is None:
        page.line("It has no holdings on or before that day.")
        return
    cells = [
        (
            names.get(row["issuer_id"], row["issuer_id"]),
            percent(row["weight"]),
            percent(row["direct"]),
            percent(row["indirect"]),
        )
        for row in reached.iter_rows(named=True)
    ]
    if cells:
        page.table(["Flagged company", "Weight", "Direct", "Funds"], cells)
    else:
        page.line("No flagged company.")
    page.line(f"Holdings of {first['as_of']}; {percent(first['coverage'])} of the fund could be screened.")


def render_holders(holders: pl.DataFrame, issuer: str, summed: pl.DataFrame, *, width: int, color: bool) -> str:
    """Render which funds hold an issuer, the biggest first, and the sum."""
    page = Page(width=width, color=color)
    page.title(f"{count(len(holders), 'fund')} with {plain(issuer)}")
    page.blank()
    cells = [
        (
            row["fund_name"] or row["fund_id"],
            str(row["as_of"]),
            percent(row["weight"]),
            percent(row["direct"]),
            percent(row["indirect"]),
            money(row["market_value"], row["currency"] or ""),
        )
        for row in holders.iter_rows(named=True)
    ]
    page.table(["Fund", "Holdings as of", "Weight", "Direct", "Funds", "Market value"], cells)
    page.blank()
    for row in summed.iter_rows(named=True):
        page.line(f"{money(row['market_value'], row['currency'] or '')} in {count(row['funds'], 'fund')}", lead="Sum  ")
    page.line("The sum counts what the funds hold themselves: money that one holds through another counts once.")
    page.line(CLOSING)
    page.line(DISCLAIMER)
    return page.text()


def render_rank(ranked: pl.DataFrame, *, width: int, color: bool) -> str:
    """Render the funds that reach most, all flagged companies together."""
    page = Page(width=width, color=color)
    page.title("Funds that reach most flagged companies by weight")
    page.blank()
    cells = [
        (
            row["fund_name"] or row["fund_id"],
            str(row["as_of"]),
            percent(row["weight"]),
            str(row["issuers"]),
            percent(row["coverage"]),
        )
        for row in ranked.iter_rows(named=True)
    ]
    page.table(["Fund", "Holdings as of", "Weight", "Companies", "Screened"], cells)
    page.blank()
    page.line(CLOSING)
    page.line(DISCLAIMER)
    return page.text()


def _share(share: float | None) -> str:
    return "" if share is None else percent(share)


def _first(rows: pl.DataFrame, column: str) -> Any:
    return next(iter(rows[column].drop_nulls()), None)
