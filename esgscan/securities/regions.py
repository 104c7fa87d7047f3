"""What a fund invests in, as its name says: the kind whose recorded worst case stands in for an unopened fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.names import keyed, word_key
from esgscan.terms import Region

if TYPE_CHECKING:
    import polars as pl

WORDS = {
    Region.EX_CHINA: "EX CHINA|EXCL CHINA|EXCLUDING CHINA|EX CHN|SANS CHINE|OHNE CHINA|EX CH INA",
    Region.CHINA: "CHINA|CHINE|CSI 300|CSI300|HANG SENG|CHINEXT|中国|中國",
    Region.EMERGING_MARKETS: (
        "EMERGING|EMERG|EMERGENTES|EMERGENTI|EMERGENTS|SCHWELLENL|OPKOMENDE|MSCI EM|FTSE EM|EM IMI|EMIMI|EM MARKETS"
        "|EM EQUITY|E MK|新兴|新興"
    ),
    Region.ASIA: "ASIA|ASIEN|ASIE|AZIE|PACIFIC|PAZIFIK|FAR EAST|亚洲|アジア",
    Region.GLOBAL: (
        "ALL WORLD|TOTAL WORLD|ALL COUNTRY|ACWI|GLOBAL|TOTAL INTL|TOTAL INTERNATIONAL|INTERNATIONAL|WORLD EX US"
        "|WORLD EX USA|ALL CAP EX US|ALLOCATION|TARGET RETIREMENT|LIFESTRATEGY|MULTI ASSET"
    ),
    Region.DEVELOPED: (
        "WORLD|DEVELOPED|S P 500|S P500|SP 500|NASDAQ|RUSSELL|DOW JONES|EUROPE|EUROPA|EURO STOXX|STOXX|EUROZONE|EMU|DAX"
        "|FTSE 100|USA|U S|US|UNITED STATES|AMERICA|JAPAN|NIKKEI|TOPIX|SWITZERLAND|SWISS|UK|TREASURY|TOTAL STOCK MARKET"
    ),
}
"""Words of each kind, narrowest first; a name is compared as a word key."""


def region_of_name(fund_key: nw.Expr) -> nw.Expr:
    """Say what the name of a fund tells about its kind, or that it tells nothing."""
    padded = nw.concat_str(nw.lit(" "), fund_key, nw.lit(" "))
    said = [
        nw.when(padded.str.contains(f"(?:{words})" if region is not Region.DEVELOPED else f" (?:{words}) ")).then(
            nw.lit(str(region))
        )
        for region, words in WORDS.items()
    ]
    return nw.coalesce(*said, nw.lit(str(Region.UNKNOWN)))


def regions_of_names(names: pl.Series) -> pl.Series:
    """Say the same of each name of a column."""
    return keyed(names, lambda name: region_of_name(word_key(name)))
