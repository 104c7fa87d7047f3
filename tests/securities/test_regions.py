"""What the name of a fund tells about its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import pandas as pd

from esgscan.names import word_key
from esgscan.securities.regions import region_of_name
from esgscan.tables import PANDAS, Type

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
    names = pd.DataFrame({"name": pd.Series(list(TOLD), dtype=PANDAS[Type.TEXT])})
    told = engine.frame(names).select("name", region=region_of_name(word_key(nw.col("name"))))
    assert engine.pandas(told).set_index("name")["region"].to_dict() == TOLD


def test_no_fund_known_to_hold_emerging_shares_is_told_to_be_harmless(data: Mapping[str, pd.DataFrame]) -> None:
    # A name may tell less than is known of a fund, but not a kind with a smaller worst case.
    funds = data["funds"][["name", "region"]]
    frame = nw.from_native(funds.assign(name=funds["name"].astype(PANDAS[Type.TEXT])))
    told = frame.with_columns(told=region_of_name(word_key(nw.col("name")))).to_native()
    risky = told[told["region"].isin(["emerging-markets", "china", "asia"])]
    assert risky.loc[risky["told"].isin(["developed"]), "name"].tolist() == []
