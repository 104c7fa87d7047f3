"""The small tables that lines are compared with: one per rung of the ladder, built from the reference data.

Each table has one row per key, so that a join never makes two lines of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import polars as pl

from esgscan.names import name_keys, word_keys, written_keys
from esgscan.securities.links import LINKED, identifier_links
from esgscan.securities.scoring import THRESHOLD
from esgscan.securities.spellings import spellings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from esgscan.securities.spellings import Spellings

col = pl.col

MAINLAND = ["XSHE", "XSHG"]
SHARED_FORMS = ["LTD", "LIMITED", "CO LTD", "CO", "CORP", "CORPORATION"]
"""Legal forms with which files print a name that two companies bear."""
RENMINBI = ("CNY", "CNH", "RMB")


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
        names: name key -> issuer_id, whether it is unique, and what to say of it (`name_said`): a former name.
        seats: issuer_id -> the places that agree with the issuer.
        lookalikes: name key -> why it is another company.
        near_lookalikes: written key -> the same, where only the written words tell it from a watchlist name, and where
            the other company is listed.
        exchanges: word key -> country, market.
        countries: word key -> country.
        fund_isins: isin -> fund_id, region.
        fund_leis: lei -> fund_id, region.
        fund_codes: ticker -> fund_id, region, for funds of one country.
        fund_names: word key -> fund_id, region.
        spellings: Gives what names are likened to that are not known as they stand; made when it is asked for first.
        written: Pattern of codes and identifiers that are looked for inside other codes.
        written_in_hong_kong: Pattern of codes of Hong Kong beside a word for it, looked for in the same way.
        letter_codes: Pattern of codes of letters that belong to a watchlist issuer on one market only.
        links: What CUSIPs, SEDOLs and FIGIs of the run stand for.
    """

    isins: pl.DataFrame
    figis: pl.DataFrame
    leis: pl.DataFrame
    forms: pl.DataFrame
    codes: pl.DataFrame
    bare_codes: pl.DataFrame
    names: pl.DataFrame
    seats: pl.DataFrame
    lookalikes: pl.DataFrame
    near_lookalikes: pl.DataFrame
    exchanges: pl.DataFrame
    countries: pl.DataFrame
    fund_isins: pl.DataFrame
    fund_leis: pl.DataFrame
    fund_codes: pl.DataFrame
    fund_names: pl.DataFrame
    spellings: Callable[[], Spellings]
    written: str
    written_in_hong_kong: str
    letter_codes: str
    links: pl.DataFrame


def identity_keys(
    data: Mapping[str, pl.DataFrame],
    funds: pl.DataFrame,
    *,
    as_of: date,
    tables: Iterable[pl.DataFrame] = (),
    identifiers: pl.DataFrame | None = None,
) -> IdentityKeys:
    """Build the keys from the data sets and from the funds known to this run.

    Args:
        data: Data sets `issuers`, `listings`, `bonds`, `names`, `name_forms`, `name_words`, `lookalikes`, `markets`.
        funds: One row per name of a fund: fund_id, name, isin, ticker, lei, domicile, region.
        as_of: A code confirms only while its listing lasts.
        tables: POSITIONS and HOLDINGS of the run, whose lines tell what CUSIPs and SEDOLs stand for.
        identifiers: The same, given by the user: isin, cusip, sedol, figi.
    """
    listings = _listings(data["listings"], as_of)
    seats = _seats(data["issuers"], listings)
    lookalikes, near_lookalikes = _lookalikes(data["lookalikes"], data["names"])
    markets = data["markets"]
    given = LINKED.to_frame() if identifiers is None else identifiers
    isins = pl.concat([listings["isin"], data["bonds"]["isin"], funds["isin"]]).drop_nulls().to_list()
    return IdentityKeys(
        isins=_isins(listings, data["bonds"]),
        figis=_figis(listings),
        leis=data["issuers"].filter(col("lei").is_not_null()).select("lei", "issuer_id"),
        forms=_forms(listings, markets),
        codes=_codes(listings, seats),
        bare_codes=_bare_codes(listings),
        names=_names(data),
        seats=seats,
        lookalikes=lookalikes,
        near_lookalikes=near_lookalikes,
        exchanges=_market_words(markets, "exchange"),
        countries=_market_words(markets, "country").drop("market"),
        fund_isins=_unique(funds, "isin", ["fund_id", "region"]),
        fund_leis=_unique(funds, "lei", ["fund_id", "region"]),
        fund_codes=_unique(funds.filter(col("domicile") == "US"), "ticker", ["fund_id", "region"]),
        fund_names=_unique(funds.with_columns(fund_key=word_keys(funds["name"])), "fund_key", ["fund_id", "region"]),
        spellings=cache(partial(spellings_of_issuers, data)),
        written=_written(listings, data),
        written_in_hong_kong=_written_in_hong_kong(listings),
        letter_codes=_letter_codes(listings),
        links=identifier_links(tables, given=given, isins=isins),
    )


def _listings(listings: pl.DataFrame, as_of: date) -> pl.DataFrame:
    until = col("listed_until")
    return listings.with_columns(
        code=col("local_code").str.strip_chars_start("0"),
        six_digits=col("mic").is_in(MAINLAND),
        is_listed=until.is_null() | (until > as_of),
    )


def _bare_codes(listings: pl.DataFrame) -> pl.DataFrame:
    """Give the codes that a watchlist listing has somewhere: to be refused where their market is not told."""
    letters = _other_forms(listings).with_columns(
        code=col("form").str.extract("^([A-Z]+) (?:US|GR)$"), six_digits=pl.lit(value=False)
    )
    columns = ("code", "issuer_id", "six_digits")
    both = pl.concat([listings.select(columns), letters.select(columns).drop_nulls()])
    return both.group_by("code", maintain_order=True).agg(
        bare_issuer=col("issuer_id").first(), bare_six=col("six_digits").max()
    )


def _written(listings: pl.DataFrame, data: Mapping[str, pl.DataFrame]) -> str:
    """Give a pattern of what names a watchlist security wherever it stands in a code.

    Six digits, ISINs, FIGIs, and the five letters of shares and receipts over the counter in the United States.
    """
    six = listings.filter(col("six_digits"))["local_code"]
    over_the_counter = _other_forms(listings)["form"].str.extract("^([A-Z]{5}) US$")
    known = [
        six,
        over_the_counter,
        *(listings[name] for name in ("isin", "composite_figi", "share_class_figi")),
        data["bonds"]["isin"],
    ]
    return "|".join(sorted({code for column in known for code in column.drop_nulls()}))


def _written_in_hong_kong(listings: pl.DataFrame) -> str:
    codes = "|".join(listings.filter(col("mic") == "XHKG")["code"].sort())
    number, word = f"(?:^|[^0-9])0*(?:{codes})(?:[^0-9]|$)", "(?:HK|HONG ?KONG|香港)"
    return f"{word}.*{number}|{word}0*(?:{codes})(?:[^0-9]|$)|{number}.*{word}|(?:^|[^0-9])0*(?:{codes}){word}"


def _letter_codes(listings: pl.DataFrame) -> str:
    """Give a pattern of the codes of letters, such as receipts, which mean a company on their own market only."""
    codes = [*_other_forms(listings)["form"], *listings["local_code"].drop_nulls()]
    letters = {code.partition(" ")[0] for code in codes}
    return "|".join(sorted(code for code in letters if code.isalpha()))


def _isins(listings: pl.DataFrame, bonds: pl.DataFrame) -> pl.DataFrame:
    columns = ["isin", "security_id", "issuer_id"]
    shares = listings.filter(col("isin").is_not_null()).select(columns)
    notes = bonds.with_columns(security_id=col("isin")).select(columns)
    return pl.concat([shares, notes]).unique("isin", keep="first", maintain_order=True)


def _figis(listings: pl.DataFrame) -> pl.DataFrame:
    levels = ("composite_figi", "share_class_figi")
    parts = [listings.select("security_id", "issuer_id", figi=level, known_isin="isin") for level in levels]
    figis = pl.concat(parts).filter(col("figi").is_not_null())
    return figis.unique("figi", keep="first", maintain_order=True)


def _forms(listings: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Give the codes that carry their market in a way of their own: `603019CN`, `ZTCOF.PK`, `NYSE:CHL`.

    A code of letters stands before or after any word for a market of its country.
    """
    other = _other_forms(listings)
    lettered = listings.filter(~col("local_code").str.contains("^[0-9]+$")).with_columns(form=col("local_code") + " US")
    words = markets.filter(col("column") == "exchange").select("word", seat="country")
    coded = pl.concat([other, lettered]).with_columns(code=col("form").str.extract("^([A-Z]+) (?:US|GR)$"))
    seats = coded.with_columns(
        seat=pl.when(col("form").str.ends_with(" GR")).then(pl.lit("DE")).otherwise(pl.lit("US"))
    )
    placed = seats.filter(col("code").is_not_null()).join(words, on="seat", maintain_order="left")
    before, after = (
        placed.with_columns(form=form) for form in (col("code") + " " + col("word"), col("word") + " " + col("code"))
    )
    columns = ("form", "security_id", "issuer_id", "isin", "is_listed")
    forms = pl.concat([part.select(columns) for part in (other, before, after)]).rename({"isin": "known_isin"})
    return forms.unique(maintain_order=True).unique("form", keep="none", maintain_order=True)


def _other_forms(listings: pl.DataFrame) -> pl.DataFrame:
    other = listings.with_columns(form=col("other_codes").str.split("; ")).explode("form", empty_as_null=True)
    lettered = other.filter(col("form").str.contains("[A-Z]{2}"))
    written = col("form").str.replace("(US OTC)", "US", literal=True).str.replace("(Germany)", "GR", literal=True)
    return lettered.with_columns(form=word_keys(lettered.select(written)["form"]))


def _codes(listings: pl.DataFrame, seats: pl.DataFrame) -> pl.DataFrame:
    columns = ("code", "security_id", "issuer_id", "six_digits", "is_listed")
    return listings.select(*columns, known_isin="isin", market="mic").join(seats, on="issuer_id", maintain_order="left")


def _names(data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give name key -> issuer; a key that two issuers share is marked, so that it decides nothing."""
    until = pl.concat_str(pl.lit(", until "), col("until").cast(pl.String))
    said = pl.concat_str(pl.lit(" (a former name"), until, pl.lit(")"), ignore_nulls=True)
    names = _written_names(data).with_columns(said=pl.when(col("kind") == "former").then(said))
    keyed = names.with_columns(name_key=name_keys(names["name"]))
    return keyed.group_by("name_key", maintain_order=True).agg(
        name_issuer=col("issuer_id").first(),
        name_is_unique=col("issuer_id").n_unique() == 1,
        name_said=pl.when(col("said").is_not_null().all()).then(col("said").last()),
    )


def _written_names(data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give the names of issuers as they may be printed: issuer_id, name, kind, until."""
    turned = data["name_forms"].filter(col("kind") != "pinyin").select("issuer_id", "kind", name="form")
    return pl.concat([data["names"].select("issuer_id", "name", "kind", "until"), turned], how="diagonal")


def spellings_of_issuers(data: Mapping[str, pl.DataFrame], *, threshold: float = THRESHOLD) -> Spellings:
    """Index the names of issuers, their sounds, and the names of look-alikes that no issuer bears."""
    own = _written_names(data).select("name", "issuer_id", is_sound=pl.lit(value=False))
    sounds = data["name_forms"].filter(col("kind") == "pinyin")
    together = col("form").str.replace_all(" ", "", literal=True)
    heard = sounds.select("issuer_id", name=together, is_sound=pl.lit(value=True))
    others = data["lookalikes"].select(name=_without_brackets(), is_sound=pl.lit(value=False))
    named = pl.concat([own, heard, others], how="diagonal").unique(maintain_order=True)
    keyed = named.with_columns(name_key=name_keys(named["name"]))
    known = keyed.filter(col("issuer_id").is_not_null())["name_key"]
    apart = keyed.filter(col("issuer_id").is_not_null() | ~col("name_key").is_in(known.implode()))
    return spellings_of(apart, data["name_words"], threshold=threshold)


def _without_brackets() -> pl.Expr:
    return col("name").str.replace(r" \(.*\)$", "")


def _seats(issuers: pl.DataFrame, listings: pl.DataFrame) -> pl.DataFrame:
    """Give for each issuer the places, beside China, that agree with it: where it is listed and has its seat."""
    elsewhere = col("other_codes").str.contains("US OTC", literal=True).fill_null(value=False)
    in_us = listings.filter((col("mic") == "XNYS") | elsewhere)["issuer_id"]
    in_hk = listings.filter(col("mic") == "XHKG")["issuer_id"]
    return issuers.select(
        "issuer_id",
        "country",
        in_hk=col("issuer_id").is_in(in_hk.to_list()),
        in_us=col("issuer_id").is_in(in_us.to_list()),
    )


def _lookalikes(lookalikes: pl.DataFrame, names: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the names of other companies: by name key, and by their very words where a watchlist name has that key.

    A name that another company and the issuer that it looks like both bear, word for word, is among the latter, with
    any legal form: it tells them apart no better.
    """
    bare = lookalikes.select(_without_brackets())["name"]
    keyed = lookalikes.with_columns(name_key=name_keys(bare), near_key=written_keys(bare))
    written = names.with_columns(name_key=name_keys(names["name"]), near_key=written_keys(names["name"]))
    is_shared = col("name_key").is_in(written["name_key"].to_list())
    is_own = col("near_key").is_in(written["near_key"].to_list())
    borne = written.select(looks_like="issuer_id", near_key="near_key").unique()
    is_both = pl.struct("looks_like", "near_key").is_in(borne.to_struct().implode())
    apart = keyed.filter(~is_shared).unique("name_key", keep="first", maintain_order=True)
    seat = pl.when(col("security_id").str.contains("^XSH[EG]:")).then(pl.lit("CN"))
    near = keyed.filter(is_shared & (~is_own | is_both)).select("near_key", near_why="why", near_seat=seat)
    forms = pl.DataFrame({"form": SHARED_FORMS})
    shared = keyed.filter(is_both).join(forms, how="cross", maintain_order="left_right")
    formed = shared.select(near_key=col("near_key") + " " + col("form"), near_why="why", near_seat=seat)
    own = formed.filter(~col("near_key").is_in(written["near_key"].to_list()))
    both = pl.concat([near, own, _begun_by_others(written)], how="diagonal")
    return apart.select("name_key", "why"), both.unique("near_key", keep="first", maintain_order=True)


def _begun_by_others(names: pl.DataFrame) -> pl.DataFrame:
    """Give the names that are an issuer's only without its legal form, and with which another issuer's begins."""
    whole, named = set(names["near_key"]), names.select("issuer_id", "name", "name_key").rows()
    begun: dict[str, list[tuple[str, str]]] = {}
    for issuer, name, key in named:
        words = key.split(" ")
        for number in range(1, len(words)):
            begun.setdefault(" ".join(words[:number]), []).append((issuer, name))
    rows = [
        (key, f"'{name}' begins so too")
        for issuer, _, key in named
        if key not in whole
        for other, name in begun.get(key, ())
        if other != issuer
    ]
    return pl.DataFrame(rows, schema={"near_key": pl.String, "near_why": pl.String}, orient="row")


def _market_words(markets: pl.DataFrame, column: str) -> pl.DataFrame:
    words = markets.filter(col("column") == column)
    return words.select(col("word").alias(f"{column}_word"), seat="country", market="mic")


def _unique(table: pl.DataFrame, key: str, values: list[str]) -> pl.DataFrame:
    """Keep the keys that lead to one fund only."""
    rows = table.filter(col(key).is_not_null()).select(key, *values).unique(maintain_order=True)
    return rows.unique(key, keep="none", maintain_order=True)
