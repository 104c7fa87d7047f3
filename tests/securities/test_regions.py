"""What the name of a fund tells about its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl

from esgscan.names import word_key
from esgscan.securities.regions import region_of_name
from tests.frames import collected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.tables import Engine

TOLD = {
    "Vanguard FTSE Emerging Markets ETF": "emerging-markets",
    "DWS Schwellenländer Fonds": "emerging-markets",
    "iShares Core EM IMI UCITS ETF": "emerging-markets",
    "KraneShares MSCI China A Index ETF": "china",
    "Xtrackers CSI300 Swap UCITS ETF": "china",
    "华夏中国A股基金": "china",
    "iShares MSCI Emerging Markets ex China ETF": "ex-china",
    "Amundi Emerging Markets Ex-China": "ex-china",
    "Vanguard FTSE Asia ex Japan Shares Index ETF": "asia",
    "Vanguard Pacific Index": "asia",
    "Vanguard FTSE All-World UCITS ETF": "global",
    "iShares MSCI ACWI ETF": "global",
    "Vanguard Total International Stock": "global",
    "Xtrackers MSCI World UCITS ETF": "developed",
    "SPDR S&P 500 ETF Trust": "developed",
    "iShares Core DAX UCITS ETF": "developed",
    "iShares US Treasury Bond": "developed",
    "Obscure Absolute Return Fund": "unknown",
    "Plus Bonus Austria": "unknown",
}


def test_a_name_tells_the_narrowest_kind_that_it_names(engine: Engine) -> None:
    names = pl.DataFrame({"name": list(TOLD)})
    told = engine.frame(names).select("name", region=region_of_name(word_key(nw.col("name"))))
    assert collected(engine, told).set_index("name")["region"].to_dict() == TOLD


def test_no_fund_known_to_hold_emerging_shares_is_told_to_be_harmless(data: Mapping[str, pl.DataFrame]) -> None:
    # A name may tell less than is known of a fund, but not a kind with a smaller worst case.
    funds = nw.from_native(data["funds"].select("name", "region"))
    told = funds.with_columns(told=region_of_name(word_key(nw.col("name")))).to_native()
    risky = told.filter(pl.col("region").is_in(["emerging-markets", "china", "asia"]))
    assert risky.filter(told="developed")["name"].to_list() == []
