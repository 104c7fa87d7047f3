"""The small tables that lines are compared with: one per rung of the ladder, built from the reference data.

Each table has one row per key, so that a join never makes two lines of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from esgscan.names import name_keys, word_keys
from esgscan.tables import PANDAS, Type

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

MAINLAND = {"XSHE", "XSHG"}
RENMINBI = ("CNY", "CNH", "RMB")
DISTINCTIVE_LENGTH = 5
"""A short name of fewer letters (`360`, `MGI`) is too common to be looked for inside other names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityKeys:
    """What lines are compared with.

    Attributes:
        isins: isin -> security_id, issuer_id.
        figis: figi -> security_id, issuer_id, known_isin.
        leis: lei -> issuer_id.
        forms: code written with its market in a way of its own -> security_id, issuer_id, known_isin, is_listed.
        codes: code without leading zeros, MIC -> the same, whether the market writes six digits, and the places that
            agree with the issuer.
        bare_codes: code without leading zeros -> issuer_id of a watchlist listing that has it.
        names: name key -> issuer_id, whether it is unique, and the places that agree with the issuer.
        lookalikes: name key -> why it is another company.
        near_lookalikes: word key -> the same, where only the written words tell it from a watchlist name.
        exchanges: word key -> country, market.
        countries: word key -> country.
        fund_isins: isin -> fund_id, region.
        fund_codes: ticker -> fund_id, region, for funds of one country.
        fund_names: word key -> fund_id, region.
        distinctive: Pattern of watchlist names that are looked for inside other names.
        written: Pattern of codes and identifiers that are looked for inside other codes.
        letter_codes: Pattern of codes of letters that belong to a watchlist issuer on one market only.
    """

    isins: pd.DataFrame
    figis: pd.DataFrame
    leis: pd.DataFrame
    forms: pd.DataFrame
    codes: pd.DataFrame
    bare_codes: pd.DataFrame
    names: pd.DataFrame
    lookalikes: pd.DataFrame
    near_lookalikes: pd.DataFrame
    exchanges: pd.DataFrame
    countries: pd.DataFrame
    fund_isins: pd.DataFrame
    fund_codes: pd.DataFrame
    fund_names: pd.DataFrame
    distinctive: str
    written: str
    letter_codes: str


def identity_keys(data: Mapping[str, pd.DataFrame], funds: pd.DataFrame, *, as_of: date) -> IdentityKeys:
    """Build the keys from the data sets and from the funds known to this run.

    Args:
        data: Data sets `issuers`, `listings`, `bonds`, `names`, `lookalikes`, `markets` by name.
        funds: One row per name of a fund: fund_id, name, isin, ticker, domicile, region.
        as_of: A code confirms only while its listing lasts.
    """
    listings = _listings(data["listings"], as_of)
    seats = _seats(data["issuers"], listings)
    names = _names(data, seats)
    lookalikes, near_lookalikes = _lookalikes(data["lookalikes"], data["names"])
    markets = data["markets"]
    return IdentityKeys(
        isins=_isins(listings, data["bonds"]),
        figis=_figis(listings),
        leis=data["issuers"].loc[data["issuers"]["lei"].notna(), ["lei", "issuer_id"]],
        forms=_forms(listings),
        codes=_codes(listings, seats),
        bare_codes=_bare_codes(listings),
        names=names,
        lookalikes=lookalikes,
        near_lookalikes=near_lookalikes,
        exchanges=_market_words(markets, "exchange"),
        countries=_market_words(markets, "country")[["country_word", "seat"]],
        fund_isins=_unique(funds, "isin", ["fund_id", "region"]),
        fund_codes=_unique(funds[funds["domicile"].eq("US")], "ticker", ["fund_id", "region"]),
        fund_names=_unique(funds.assign(fund_key=word_keys(funds["name"])), "fund_key", ["fund_id", "region"]),
        distinctive=_distinctive(data["names"]),
        written=_written(listings, data),
        letter_codes=_letter_codes(pd.concat([_other_forms(listings), listings.assign(form=listings["local_code"])])),
    )


def _listings(listings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    until = listings["listed_until"]
    return listings.assign(
        code=listings["local_code"].str.lstrip("0"),
        six_digits=listings["mic"].isin(MAINLAND).astype(PANDAS[Type.BOOLEAN]),
        is_listed=(until.isna() | (until > as_of)).astype(PANDAS[Type.BOOLEAN]),
    )


def _bare_codes(listings: pd.DataFrame) -> pd.DataFrame:
    """Give the codes that a watchlist listing has somewhere: to be refused where their market is not told."""
    codes = listings.groupby("code", as_index=False).agg(
        bare_issuer=("issuer_id", "first"), bare_six=("six_digits", "max")
    )
    return codes.astype({"bare_six": PANDAS[Type.BOOLEAN]})


def _written(listings: pd.DataFrame, data: Mapping[str, pd.DataFrame]) -> str:
    """Give a pattern of what names a watchlist security wherever it stands in a code: six digits, ISINs, FIGIs."""
    six = listings.loc[listings["six_digits"], "local_code"]
    figis = pd.concat([listings["composite_figi"], listings["share_class_figi"]])
    known = pd.concat([six, listings["isin"], data["bonds"]["isin"], figis]).dropna()
    return "|".join(sorted(set(known)))


def _letter_codes(forms: pd.DataFrame) -> str:
    """Give a pattern of the codes of letters, such as receipts, which mean a company on their own market only."""
    letters = pd.concat([forms["form"], forms["local_code"]]).str.replace(" .*$", "", regex=True)
    return "|".join(sorted({code for code in letters if code.isalpha()}))


def _isins(listings: pd.DataFrame, bonds: pd.DataFrame) -> pd.DataFrame:
    shares = listings.loc[listings["isin"].notna(), ["isin", "security_id", "issuer_id"]]
    notes = bonds.assign(security_id=bonds["isin"])[["isin", "security_id", "issuer_id"]]
    return pd.concat([shares, notes], ignore_index=True).drop_duplicates("isin")


def _figis(listings: pd.DataFrame) -> pd.DataFrame:
    columns = ["security_id", "issuer_id", "isin"]
    parts = [
        listings[[level, *columns]].rename(columns={level: "figi", "isin": "known_isin"})
        for level in ("composite_figi", "share_class_figi")
    ]
    figis = pd.concat(parts, ignore_index=True)
    return figis[figis["figi"].notna()].drop_duplicates("figi")


def _forms(listings: pd.DataFrame) -> pd.DataFrame:
    """Give the codes that carry their market in a way of their own: `603019CN`, `ZTCOF (US OTC)`, `CHL US`."""
    letters = listings[~listings["local_code"].str.isdigit()]
    parts = [
        _other_forms(listings),
        *(letters.assign(form=letters["local_code"] + " " + word) for word in ("US", "N", "UN", "NYSE")),
        *(letters.assign(form=word + " " + letters["local_code"]) for word in ("NYSE", "XNYS", "NYS")),
    ]
    columns = ["form", "security_id", "issuer_id", "isin", "is_listed"]
    forms = pd.concat(parts, ignore_index=True)[columns].rename(columns={"isin": "known_isin"}).drop_duplicates()
    return forms.drop_duplicates("form", keep=False)


def _other_forms(listings: pd.DataFrame) -> pd.DataFrame:
    other = listings.assign(form=listings["other_codes"].str.split("; ")).explode("form")
    other = other[other["form"].notna() & other["form"].str.contains("[A-Z]{2}", regex=True)]
    written = other["form"].str.replace("(US OTC)", "US", regex=False).str.replace("(Germany)", "GR", regex=False)
    return other.assign(form=word_keys(written))


def _codes(listings: pd.DataFrame, seats: pd.DataFrame) -> pd.DataFrame:
    columns = ["code", "mic", "security_id", "issuer_id", "isin", "six_digits", "is_listed"]
    codes = listings[columns].rename(columns={"isin": "known_isin", "mic": "market"})
    return codes.merge(seats, on="issuer_id")


def _names(data: Mapping[str, pd.DataFrame], seats: pd.DataFrame) -> pd.DataFrame:
    """Give name key -> issuer; a key that two issuers share is marked, so that it decides nothing."""
    spelled = data["names"][["name", "issuer_id"]]
    keyed = spelled.assign(name_key=name_keys(spelled["name"]))[["name_key", "issuer_id"]].drop_duplicates()
    count = keyed.groupby("name_key", as_index=False).agg(name_issuer=("issuer_id", "first"), n=("issuer_id", "size"))
    count = count.assign(name_is_unique=count["n"].eq(1).astype(PANDAS[Type.BOOLEAN])).drop(columns="n")
    places = seats.rename(columns={name: f"name_{name}" for name in ("country", "in_hk", "in_us")})
    return count.merge(places.rename(columns={"issuer_id": "name_issuer"}), on="name_issuer")


def _seats(issuers: pd.DataFrame, listings: pd.DataFrame) -> pd.DataFrame:
    """Give for each issuer the places, beside China, that agree with it: where it is listed and has its seat."""
    elsewhere = listings["other_codes"].fillna("").str.contains("US OTC", regex=False)
    in_us = set(listings.loc[listings["mic"].eq("XNYS") | elsewhere, "issuer_id"])
    in_hk = set(listings.loc[listings["mic"].eq("XHKG"), "issuer_id"])
    seats = issuers[["issuer_id", "country"]]
    return seats.assign(
        in_hk=seats["issuer_id"].isin(in_hk).astype(PANDAS[Type.BOOLEAN]),
        in_us=seats["issuer_id"].isin(in_us).astype(PANDAS[Type.BOOLEAN]),
    )


def _lookalikes(lookalikes: pd.DataFrame, names: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the names of other companies: by name key, and by their very words where a watchlist name has that key."""
    bare = lookalikes["name"].str.replace(r" \(.*\)$", "", regex=True)
    keyed = lookalikes.assign(name_key=name_keys(bare), fund_key=word_keys(bare))
    is_shared = keyed["name_key"].isin(set(name_keys(names["name"])))
    is_own = keyed["fund_key"].isin(set(word_keys(names["name"])))
    apart = keyed[~is_shared].drop_duplicates("name_key")[["name_key", "why"]]
    near = keyed[is_shared & ~is_own].drop_duplicates("fund_key")[["fund_key", "why"]]
    return apart, near.rename(columns={"why": "near_why"})


def _market_words(markets: pd.DataFrame, column: str) -> pd.DataFrame:
    words = markets.loc[markets["column"].eq(column), ["word", "country", "mic"]]
    return words.rename(columns={"word": f"{column}_word", "country": "seat", "mic": "market"})


def _unique(table: pd.DataFrame, key: str, values: list[str]) -> pd.DataFrame:
    """Keep the keys that lead to one fund only."""
    rows = table.loc[table[key].notna(), [key, *values]].drop_duplicates()
    return rows.drop_duplicates(key, keep=False)


def _distinctive(names: pd.DataFrame) -> str:
    """Give a pattern of the short names that are long enough to be looked for inside other names."""
    short = names.loc[names["kind"].eq("short"), "name"]
    words = sorted({key for key in word_keys(short) if len(key) >= DISTINCTIVE_LENGTH or not key.isascii()})
    latin = "|".join(word for word in words if word.isascii())
    chinese = "|".join(word for word in words if not word.isascii())
    return f" (?:{latin}) |(?:{chinese})"
