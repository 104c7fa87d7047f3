"""What a line says about its own identity: keys of code and name, and the market its words point at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.names import name_key, word_key, written_key
from esgscan.securities.keys import RENMINBI

if TYPE_CHECKING:
    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine, Frame

col, lit, when = nw.col, nw.lit, nw.when

GLUED_HONG_KONG = "HK|SEHK|XHKG|HKEX|HKSE|HKG|HKS"
GLUED = f"{GLUED_HONG_KONG}|SZ|SH|SS|CN|CH|CS|CG|ZK|SZA|SHA|SZSE|SHSE|SSE|XSHE|XSHG|SHE|SHG|SZE|SHH|SHZ|TW|TT|KS|KQ"
"""Markets that files write against a code without anything between: `SZ002415`, `603019CN`, `763HK`."""
GLUED_BEHIND = f"^(?:[0-9]{{4,6}}(?:{GLUED}|C1|C2|H1|H2)|[0-9]{{1,3}}(?:{GLUED_HONG_KONG}))$"
GLUED_BEFORE = f"^(?:(?:{GLUED})[0-9]{{4,6}}|(?:{GLUED_HONG_KONG})[0-9]{{1,3}})$"
TOLD_TWICE = (
    "^(?:HK|SEHK|XHKG|HKEX|HKG) [0-9]{1,5} HK$|^(?:SZ|SZSE|XSHE|SHE|CN) [0-9]{6} (?:SZ|CH|CN)$"
    "|^(?:SH|SSE|SHSE|XSHG|SHG|CN) [0-9]{6} (?:SH|SS|CH|CN)$"
)
"""A market both before and after its code: `HK:00981.HK`."""

HONG_KONG_CODE = "^0[0-9]{4}$"
"""A code of five digits that begins with zero: no exchange of the mainland writes one."""
RENMINBI_CODE = "^8[0-9]{4}$"
"""The number under which Hong Kong trades a share in renminbi: 8 before its code in Hong Kong dollars."""


def add_witnesses(lines: Frame, keys: IdentityKeys, engine: Engine) -> Frame:
    """Add the keys of code and name, and what exchange, country and currency say about the market."""
    is_named = _has_known_code(keys)
    named = lines.with_columns(
        ticker=when(is_named).then(col("named_code")).otherwise(col("ticker")),
        is_number_in_name=is_named & col("named_code").str.contains("^[0-9]+$").fill_null(value=False),
        bare_name=when(is_named).then(col("bare_name")).otherwise(col("name_as_written")),
    )
    written = named.with_columns(
        name_key=name_key(col("bare_name")),
        fund_key=word_key(col("name_as_written")),
        near_key=written_key(col("bare_name")),
        form=_once(word_key(col("ticker")).str.replace_all(" (?:EQUITY|EQY|INDEX)$", "")),
        exchange_word=word_key(col("exchange")),
        country_word=word_key(col("country")),
    )
    written = written.with_columns(placed_form=_placed_form())
    placed = _placed(_parted(written), keys, engine)
    seated = placed.with_columns(seat=nw.coalesce("exchange_seat", "country_seat", "currency_seat"))
    return seated.with_columns(market=_market())


def _has_known_code(keys: IdentityKeys) -> nw.Expr:
    """Say whether the code behind a name may be one of the watchlist's; any other leaves the line as it was."""
    code = col("named_code").str.replace_all("C[12]$|[^0-9]", "").str.replace_all("^0+", "")
    return code.is_in(keys.codes.get_column("code").to_list()).fill_null(value=False)


def _once(form: nw.Expr) -> nw.Expr:
    """Leave out the first of two words for one market."""
    return when(form.str.contains(TOLD_TWICE)).then(form.str.replace_all("^[A-Z]+ ", "")).otherwise(form)


def _placed_form() -> nw.Expr:
    """Put the exchange of a column behind a code of letters, as it is written where both stand in one."""
    is_lettered = col("form").str.contains("^[A-Z]+$") & ~col("exchange_word").is_null()
    placed = nw.concat_str(col("form"), col("exchange_word"), separator=" ")
    return when(is_lettered).then(placed).otherwise(col("form"))


def _parted(lines: Frame) -> Frame:
    """Part a code from the market written with it: `002415 SZ`, `SZSE 002415`, `SZ002415`, `002415 Shenzhen`."""
    form = col("form")
    is_before = form.str.contains(r"^[0-9]{1,6} \pL[\pL0-9]*(?: \pL+)?$")
    is_after = form.str.contains(r"^\pL{2,}(?: \pL+){0,2} [0-9]{1,6}$")
    is_glued_before, is_glued_after = form.str.contains(GLUED_BEHIND), form.str.contains(GLUED_BEFORE)
    first, last = form.str.replace_all(" .*$", ""), form.str.replace_all("^.* ", "")
    after, before = form.str.replace_all("^[0-9]+ ?", ""), form.str.replace_all(" ?[0-9]+$", "")
    glued_first, glued_last = form.str.replace_all("[A-Z].*$", ""), form.str.replace_all("^[A-Z]+", "")
    bare = (
        when(is_before).then(first).when(is_after).then(last)
        .when(is_glued_before).then(glued_first).when(is_glued_after).then(glued_last)
    )  # fmt: skip
    market = when(is_before | is_glued_before).then(after).when(is_after | is_glued_after).then(before)
    parted = lines.with_columns(number=nw.coalesce(bare, form).str.replace_all(" 0$", ""), ticker_word=market)
    is_renminbi = col("number").str.contains(RENMINBI_CODE)
    four = when(is_renminbi).then(col("number").str.slice(1)).otherwise(col("number"))
    return parted.with_columns(
        code=four.str.replace_all("^0+", ""),
        digits=when(col("number").str.contains("^[0-9]{1,6}$")).then(col("number").str.len_chars()),
        fund_code=form.str.replace_all(" (?:US|UP|UQ|UW|UN|UF)$", ""),
    )


def _placed(lines: Frame, keys: IdentityKeys, engine: Engine) -> Frame:
    """Turn the words for exchange, country and currency into markets and countries."""
    currency = when(col("currency").is_in(RENMINBI)).then(lit("CN")).when(col("currency") == "HKD").then(lit("HK"))
    words = {"exchange_word": "ticker_word", "seat": "ticker_seat", "market": "ticker_market"}
    tickers = engine.frame(keys.exchanges.rename(words))
    exchanges = engine.frame(keys.exchanges.rename({"seat": "listed_seat", "market": "listed_market"}))
    countries = engine.frame(keys.countries.rename({"seat": "country_seat"}))
    joined = (
        lines.join(tickers, on="ticker_word", how="left")
        .join(exchanges, on="exchange_word", how="left")
        .join(countries, on="country_word", how="left")
    )
    return joined.with_columns(
        exchange_seat=nw.coalesce("ticker_seat", "listed_seat"),
        exchange_market=when(~col("ticker_seat").is_null()).then(col("ticker_market")).otherwise(col("listed_market")),
        currency_seat=currency,
    )


def _market() -> nw.Expr:
    """Say which market a bare code belongs to, where the witnesses tell.

    Six digits in China name their exchange: those of Shanghai begin with 6. A code that lost its zeros had them, and so
    was a Shenzhen one; China as a country alone is not enough for it, since Hong Kong writes codes without zeros. Words
    for Stock Connect do not say which way it goes: five digits that begin with zero are those of Hong Kong. A number in
    a name may be that of a fund, an account or a contract: country and currency do not make a code of it.
    """
    is_whole = col("digits") == 6
    is_of_hong_kong = col("number").str.contains(HONG_KONG_CODE)
    mainland = when(is_whole & col("number").str.starts_with("6")).then(lit("XSHG")).otherwise(lit("XSHE"))
    trades_in_china = (col("exchange_seat") == "CN") | (col("exchange_seat").is_null() & (col("currency_seat") == "CN"))
    trades_in_hong_kong = col("exchange_seat").is_null() & (
        (col("currency_seat") == "HK") | (col("country_seat") == "HK")
    )
    return (
        when(~col("exchange_market").is_null())
        .then(col("exchange_market"))
        .when(col("is_number_in_name"))
        .then(None)
        .when(is_of_hong_kong & (col("seat") == "CN"))
        .then(lit("XHKG"))
        .when(~col("digits").is_null() & trades_in_china)
        .then(mainland)
        .when(is_whole & col("exchange_seat").is_null() & (col("country_seat") == "CN"))
        .then(mainland)
        .when(~is_whole & trades_in_hong_kong)
        .then(lit("XHKG"))
    )


def quoted_witnesses() -> nw.Expr:
    """Quote the witnesses as the file has them."""
    named = [
        when(~col(name).is_null()).then(nw.concat_str(lit(f"{name} '"), col(name), lit("'")))
        for name in ("exchange", "country", "currency")
    ]
    return nw.concat_str(*named, separator=", ", ignore_nulls=True)


def accepts(issuer: str, seat: str) -> nw.Expr:
    """Say whether a country agrees with an issuer: China, where it is listed, or where it has its seat."""
    place = col(seat)
    agrees = (
        (place == "CN")
        | ((place == "HK") & col(f"{issuer}_in_hk"))
        | ((place == "US") & col(f"{issuer}_in_us"))
        | (place == col(f"{issuer}_country"))
    )
    return agrees.fill_null(value=False)
