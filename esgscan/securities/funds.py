"""The funds known to a run: the packaged ones, and those of the holdings files that the user gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from esgscan.names import word_keys
from esgscan.securities.regions import regions_of_names
from esgscan.tables import FUNDS, PANDAS, Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.records import FundFile

TEXT = PANDAS[Type.TEXT]
FUND = ["fund_id", "name", "isin", "ticker", "domicile", "region"]


def known_funds(data: Mapping[str, pd.DataFrame], given: pd.DataFrame) -> pd.DataFrame:
    """Give one row per name of each fund: fund_id, name, isin, ticker, domicile, region.

    Args:
        data: Data sets `funds` and `fund_names`.
        given: Table FUNDS of the user's holdings files, with final ids (`settle_fund_ids`).
    """
    packaged = data["funds"][FUND]
    others = data["fund_names"][["fund_id", "name"]].merge(packaged.drop(columns="name"), on="fund_id")
    if given.empty:
        return pd.concat([packaged, others], ignore_index=True)
    rows = pd.concat([packaged, others, _described(given, packaged)], ignore_index=True)
    return rows.drop_duplicates(["fund_id", "name", "isin", "ticker"]).astype(TEXT)


def settle_fund_ids(file: FundFile, data: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give a file's funds the ids of the packaged ones where ISIN, ticker with name, or name agree.

    Returns:
        Tables FUNDS and HOLDINGS of the file with their final `fund_id`, and `listed_as`, the id in the file.
    """
    packaged = known_funds(data, FUNDS.frame())
    names = _unique(packaged.assign(key=word_keys(packaged["name"])), "key")
    isins = _unique(packaged, "isin")
    tickers = _unique(packaged[packaged["domicile"].eq("US")], "ticker")
    funds = file.funds
    by_name = word_keys(funds["name"]).map(names)
    by_isin = funds["isin"].map(isins)
    by_ticker = funds["ticker"].map(tickers)
    settled = by_isin.fillna(by_name).fillna(by_ticker.where(funds["name"].isna() | funds["isin"].isna()))
    ids = settled.astype(TEXT).fillna(funds["fund_id"])
    renamed = dict(zip(funds["fund_id"], ids, strict=True))
    listed = file.holdings["fund_id"]
    holdings = file.holdings.assign(fund_id=listed.map(renamed).astype(TEXT), listed_as=listed)
    return funds.assign(fund_id=ids, listed_as=funds["fund_id"]), holdings


def _unique(funds: pd.DataFrame, key: str) -> dict[str, str]:
    rows = funds.loc[funds[key].notna(), [key, "fund_id"]].drop_duplicates().drop_duplicates(key, keep=False)
    return dict(zip(rows[key], rows["fund_id"], strict=True))


def _described(funds: pd.DataFrame, packaged: pd.DataFrame) -> pd.DataFrame:
    """Add what is known of a file's funds: the region of the packaged fund, else the one its name tells."""
    rows = funds[["fund_id", "name", "isin", "ticker"]]
    known = packaged.drop_duplicates("fund_id").set_index("fund_id")
    region = rows["fund_id"].map(known["region"]).astype(TEXT).fillna(regions_of_names(rows["name"]))
    ticker_is_us = rows["fund_id"].map(known["domicile"]).astype(TEXT)
    return rows.assign(domicile=ticker_is_us.where(rows["ticker"].isna(), "US"), region=region)
