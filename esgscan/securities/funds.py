"""The funds known to a run: the packaged ones, and those of the holdings files that the user gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.names import word_keys
from esgscan.securities.regions import regions_of_names
from esgscan.tables import FUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.records import FundFile

col = pl.col

FUND = ("fund_id", "name", "isin", "ticker", "lei", "domicile", "region")
SCHEMES = ("isin", "ticker", "lei")
"""Of the further identifiers of a fund, those that lines have."""


def known_funds(data: Mapping[str, pl.DataFrame], given: pl.DataFrame) -> pl.DataFrame:
    """Give one row per name of each fund: fund_id, name, isin, ticker, lei, domicile, region.

    Args:
        data: Data sets `funds` and `fund_names`.
        given: Table FUNDS of the user's holdings files, with final ids (`settle_fund_ids`); each further identifier of
            a fund, such as the ISIN of a share class, makes a row of its own.
    """
    packaged = data["funds"].with_columns(lei=pl.lit(None, pl.String)).select(FUND)
    others = data["fund_names"].select("fund_id", "name").join(packaged.drop("name"), on="fund_id").select(FUND)
    if given.is_empty():
        return pl.concat([packaged, others])
    named = given.select("fund_id", "name", "isin", "ticker", lei=pl.lit(None, pl.String))
    rows = pl.concat([packaged, others, _described(pl.concat([named, further_identifiers(given)]), packaged)])
    return rows.unique(["fund_id", "name", *SCHEMES], keep="first", maintain_order=True)


def further_identifiers(funds: pl.DataFrame) -> pl.DataFrame:
    """Take the `identifiers` of table FUNDS apart: a row for each one that lines have, under the name of its fund."""
    parted = funds.select("fund_id", "name", part=col("identifiers").str.split(" ")).explode("part").drop_nulls("part")
    scheme, value = col("part").str.replace(":.*$", ""), col("part").str.replace("^[^:]*:", "")
    found = {name: pl.when(scheme == name).then(value) for name in SCHEMES}
    return parted.filter(scheme.is_in(SCHEMES)).select("fund_id", "name", **found)


def settle_fund_ids(file: FundFile, data: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give a file's funds the ids of the packaged ones where ISIN, ticker with name, or name agree.

    Returns:
        Tables FUNDS and HOLDINGS of the file with their final `fund_id`, and `listed_as`, the id in the file.
    """
    settled = settle_ids(file.funds, data)
    renamed = dict(zip(settled["listed_as"], settled["fund_id"], strict=True))
    listed = col("fund_id")
    return settled, file.holdings.with_columns(fund_id=listed.replace(renamed), listed_as=listed)


def settle_ids(given: pl.DataFrame, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give table FUNDS with the ids of the packaged ones where these are known; `listed_as` is the id given."""
    if given.is_empty():
        return given.with_columns(listed_as=col("fund_id"))
    packaged = known_funds(data, FUNDS.frame())
    named = packaged.with_columns(key=word_keys(packaged["name"]))
    funds = given.with_columns(key=word_keys(given["name"]), listed_as=col("fund_id"))
    is_told_by_ticker = col("name").is_null() | col("isin").is_null()
    return (
        funds.join(_unique(named, "key", "by_name"), on="key", how="left", maintain_order="left")
        .join(_unique(packaged, "isin", "by_isin"), on="isin", how="left", maintain_order="left")
        .join(
            _unique(packaged.filter(col("domicile") == "US"), "ticker", "by_ticker"),
            on="ticker",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            fund_id=pl.coalesce("by_isin", "by_name", pl.when(is_told_by_ticker).then(col("by_ticker")), "fund_id")
        )
        .drop("key", "by_name", "by_isin", "by_ticker")
    )


def _unique(funds: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    """Give the keys that lead to one fund only, and that fund in a column `name`."""
    rows = funds.filter(col(key).is_not_null()).select(key, col("fund_id").alias(name)).unique(maintain_order=True)
    return rows.unique(key, keep="none", maintain_order=True)


def _described(funds: pl.DataFrame, packaged: pl.DataFrame) -> pl.DataFrame:
    """Add what is known of a file's funds: the region of the packaged fund, else the one its name tells."""
    known = packaged.select("fund_id", "domicile", "region").unique("fund_id", keep="first", maintain_order=True)
    rows = funds.with_columns(told=regions_of_names(funds["name"]))
    joined = rows.join(known, on="fund_id", how="left", maintain_order="left")
    return joined.with_columns(
        domicile=pl.when(col("ticker").is_null()).then(col("domicile")).otherwise(pl.lit("US")),
        region=pl.coalesce("region", "told"),
    ).select(FUND)
