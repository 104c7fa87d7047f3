"""Lines of a portfolio that are a fund because the user said so: `--holdings TICKER=PATH`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.records import Finding
from esgscan.sources.asked import is_ticker, read_given
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from esgscan.portfolio.inputs import Upload

col = pl.col

OTHER_WITNESSES = ("isin", "cusip", "sedol", "figi", "lei", "asset_class")
"""What may say that a line is something else; where a file gives one of these, the user's ticker decides nothing."""


def told_tickers(holdings: Iterable[str | Upload]) -> list[str]:
    """Give the tickers by which the user named the funds of his files."""
    named = (read_given(given).fund for given in holdings)
    return list(dict.fromkeys(fund for fund in named if is_ticker(fund)))


def as_told(positions: pl.DataFrame, tickers: Sequence[str]) -> pl.DataFrame:
    """Make the lines funds that have one of these tickers and nothing else: no name, no identifier, no asset class.

    A share may have the ticker of a fund; so a line that has a name stays what its name says.
    """
    kind = pl.when(is_told(tickers)).then(pl.lit(str(Kind.FUND))).otherwise(col("kind"))
    return positions.with_columns(kind=kind)


def told_findings(positions: pl.DataFrame, tickers: Sequence[str], *, where: str) -> list[Finding]:
    """Say which lines became funds so.

    Args:
        positions: Table POSITIONS as it was read.
        tickers: Those that name funds.
        where: The file.
    """
    rows = positions.filter(is_told(tickers)).group_by(_ticker(), maintain_order=True).agg("source_row")
    return [
        Finding(
            severity=Severity.INFO,
            where=f"{where}, row {', '.join(map(str, lines))}",
            what=f"The line has a ticker and nothing else, and was taken for the fund of --holdings {ticker}=PATH.",
            mend="add a name or an asset class if it is something else",
        )
        for ticker, lines in rows.iter_rows()
    ]


def is_told(tickers: Sequence[str]) -> pl.Expr:
    """Say of each line whether the user's word for a fund is all that tells what it is."""
    is_alone = pl.all_horizontal(col(name).is_null() for name in OTHER_WITNESSES)
    name = col("name_as_written").str.strip_chars().str.to_uppercase()
    has_no_name = name.is_null() | (name == _ticker())
    is_open = (col("kind") == str(Kind.UNKNOWN)) | col("kind").is_null()
    return (_ticker().is_in(list(tickers)) & is_alone & has_no_name & is_open).fill_null(value=False)


def _ticker() -> pl.Expr:
    return col("ticker").str.strip_chars().str.to_uppercase()
