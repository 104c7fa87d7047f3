"""What lines are compared with: every identifier and name of the packaged data leads to its own issuer or fund."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.engines.memory import Memory
from esgscan.securities.funds import known_funds
from esgscan.securities.keys import identity_keys
from esgscan.tables import FUNDS
from tests.frames import loaded
from tests.securities.conftest import identified

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine


def test_every_name_with_its_country_resolves_to_its_own_issuer_or_to_none(keys: IdentityKeys, engine: Engine) -> None:
    names = loaded("names")
    found = identified([{"name_as_written": name, "country": "China"} for name in names["name"]], keys, engine)
    wrong = [
        (name, issuer, one.issuer)
        for name, issuer, one in zip(names["name"], names["issuer_id"], found, strict=True)
        if one.issuer not in {issuer, ""}
    ]
    assert wrong == []
    # A name that two issuers share would be refused; so far each leads to one, and none of them is lost. The short name
    # of the Hong Kong Unicom is also that of a mainland company.
    unsure = [name for name, one in zip(names["name"], found, strict=True) if one.confidence != "probable"]
    assert unsure == ["China Unicom", "チャイナ・ユニコム", "中国联通", "中国聯通", "차이나유니콤"]


@pytest.mark.parametrize("place", [{"country": "Hong Kong"}, {"currency": "HKD"}, {"exchange": "HKEX"}], ids=str)
@pytest.mark.parametrize("name", ["China Unicom", "中国联通", "中國聯通", "차이나유니콤"])
def test_a_name_that_a_mainland_company_bears_too_is_the_issuers_in_hong_kong(
    name: str, place: dict[str, str], keys: IdentityKeys
) -> None:
    assert [one.issuer for one in identified([{"name_as_written": name, **place}], keys, Memory())] == [
        "china-unicom-hk"
    ]


@pytest.mark.parametrize("place", [{"country": "China"}, {"currency": "CNY"}, {"exchange": "Shanghai"}, {}], ids=str)
@pytest.mark.parametrize(
    "name", ["China Unicom", "CHINA UNICOM LTD-A", "中国联通-A", "China Unicom Class A", "中国联通", "차이나유니콤"]
)
def test_a_name_that_a_mainland_company_bears_too_is_a_line_to_review_elsewhere(
    name: str, place: dict[str, str], keys: IdentityKeys
) -> None:
    (one,) = identified([{"name_as_written": name, **place}], keys, Memory())
    assert (one.outcome, one.confidence, one.candidate) == ("uncovered", "possible", "china-unicom-hk")


@pytest.mark.parametrize("ticker", ["600050 CH", "600050.SS", "SH600050"])
@pytest.mark.parametrize("name", ["China Unicom", "中国联通", "차이나유니콤"])
def test_the_code_of_the_mainland_company_clears_the_name_that_it_shares(
    name: str, ticker: str, keys: IdentityKeys
) -> None:
    (one,) = identified([{"name_as_written": name, "ticker": ticker}], keys, Memory())
    assert one.outcome == "clear"


def test_every_name_alone_is_a_review_line_that_points_at_its_own_issuer(keys: IdentityKeys) -> None:
    names = loaded("names")
    found = identified([{"name_as_written": name} for name in names["name"]], keys, Memory())
    assert {one.outcome for one in found} == {"uncovered"}
    assert [one.candidate for one in found] == names["issuer_id"].tolist()


@pytest.mark.parametrize(("ticker", "issuer"), [("XIACY", "xiaomi"), ("SNTMF", "sensetime"), ("SMICY", "smic")])
def test_a_code_of_letters_without_its_market_is_a_review_line_that_points_at_its_issuer(
    ticker: str, issuer: str, keys: IdentityKeys
) -> None:
    (one,) = identified([{"ticker": ticker}], keys, Memory())
    assert (one.outcome, one.confidence, one.candidate, one.issuer) == ("uncovered", "possible", issuer, "")


def test_every_isin_of_a_listing_resolves_to_its_security_and_issuer(keys: IdentityKeys, engine: Engine) -> None:
    listings = loaded("listings").dropna(subset="isin")
    found = identified([{"isin": isin} for isin in listings["isin"]], keys, engine)
    assert [(one.security, one.issuer) for one in found] == list(
        zip(listings["security_id"], listings["issuer_id"], strict=True)
    )


def test_every_isin_of_a_bond_resolves_to_its_issuer(keys: IdentityKeys) -> None:
    bonds = loaded("bonds")
    found = identified([{"isin": isin, "kind": "bond"} for isin in bonds["isin"]], keys, Memory())
    assert [one.issuer for one in found] == bonds["issuer_id"].tolist()


def test_every_figi_resolves_to_its_security(keys: IdentityKeys) -> None:
    listings = loaded("listings").dropna(subset="composite_figi")
    found = identified([{"figi": figi} for figi in listings["composite_figi"]], keys, Memory())
    assert [one.security for one in found] == listings["security_id"].tolist()


def test_every_code_with_its_mic_resolves_to_its_listing_while_that_lasts(keys: IdentityKeys, engine: Engine) -> None:
    listings = loaded("listings")
    listed = listings[listings["listed_until"].isna()]
    found = identified([{"ticker": code} for code in listed["security_id"]], keys, engine)
    assert [one.security for one in found] == listed["security_id"].tolist()


def test_every_code_as_a_number_that_lost_its_zeros_is_refused(keys: IdentityKeys) -> None:
    listings = loaded("listings")
    codes = listings.loc[listings["local_code"].str.isdigit(), "local_code"].astype(object).astype("int64").astype(str)
    found = identified([{"ticker": code} for code in codes], keys, Memory())
    assert {(one.outcome, one.confidence) for one in found} == {("uncovered", "refused")}


def test_every_look_alike_that_is_not_on_the_watchlist_is_never_flagged(keys: IdentityKeys) -> None:
    lookalikes = loaded("lookalikes")
    ours = set(loaded("listings")["security_id"])
    others = lookalikes[~lookalikes["security_id"].isin(ours)]
    assert len(others) == 23 - 2  # BGI Genomics and FiberHome are on the watchlist beside their groups
    # In Hong Kong a short name of the mainland Unicom is that of the Hong Kong company.
    borne = set(loaded("names")["name"]) & set(others["name"])
    assert borne == {"China Unicom", "中国联通", "차이나유니콤", "チャイナ・ユニコム", "中国聯通"}
    for country in (None, "China", "Hong Kong"):
        others = others[~others["name"].isin(borne)] if country == "Hong Kong" else others
        found = identified([{"name_as_written": name, "country": country} for name in others["name"]], keys, Memory())
        assert {one.issuer for one in found} == {""}
        assert "flagged" not in {one.outcome for one in found}


def test_every_isin_of_a_packaged_fund_resolves_to_it(keys: IdentityKeys, engine: Engine) -> None:
    funds = loaded("funds").dropna(subset="isin")
    found = identified([{"isin": isin} for isin in funds["isin"]], keys, engine)
    assert [one.fund for one in found] == funds["fund_id"].tolist()
    assert {one.confidence for one in found} == {"confirmed"}


def test_every_ticker_of_an_american_fund_resolves_to_it_with_its_market(keys: IdentityKeys) -> None:
    funds = loaded("funds")
    american = funds[funds["domicile"].eq("US") & funds["ticker"].notna()]
    rows = [{"ticker": ticker, "exchange": "NASDAQ"} for ticker in american["ticker"]]
    assert [one.fund for one in identified(rows, keys, Memory())] == american["fund_id"].tolist()


def test_a_packaged_fund_with_its_name_and_ticker_is_never_called_another_security(keys: IdentityKeys) -> None:
    funds = loaded("funds").dropna(subset="ticker")
    rows = [
        {"ticker": ticker, "name_as_written": name} for ticker, name in zip(funds["ticker"], funds["name"], strict=True)
    ]
    cleared = [row for row, one in zip(rows, identified(rows, keys, Memory()), strict=True) if one.outcome == "clear"]
    assert cleared == []


def test_a_fund_name_leads_to_its_own_fund_or_to_none(keys: IdentityKeys) -> None:
    funds = loaded("funds")
    found = identified([{"name_as_written": name, "kind": "fund"} for name in funds["name"]], keys, Memory())
    wrong = [
        (one.fund, fund)
        for one, fund in zip(found, funds["fund_id"], strict=True)
        if one.fund not in {fund, ""} or one.outcome == "clear"
    ]
    assert wrong == []


KEYED = {
    "isins": ["isin"],
    "figis": ["figi"],
    "leis": ["lei"],
    "forms": ["form"],
    "codes": ["code", "market"],
    "bare_codes": ["code"],
    "names": ["name_key"],
    "lookalikes": ["name_key"],
    "near_lookalikes": ["near_key"],
    "exchanges": ["exchange_word"],
    "countries": ["country_word"],
    "fund_isins": ["isin"],
    "fund_leis": ["lei"],
    "fund_codes": ["ticker"],
    "fund_names": ["fund_key"],
}


@pytest.mark.parametrize(("name", "by"), KEYED.items())
def test_a_key_table_has_one_row_per_key_so_that_no_line_becomes_two(
    keys: IdentityKeys, name: str, by: list[str]
) -> None:
    table: pl.DataFrame = getattr(keys, name)
    assert len(table) > 0
    assert table.select(by).null_count().row(0) == (0,) * len(by)
    assert table.filter(table.select(by).is_duplicated()).to_dicts() == []


def test_a_name_that_two_issuers_share_is_refused(data: Mapping[str, pl.DataFrame], engine: Engine) -> None:
    twice = data["names"][[0, 0]]
    shared = twice.with_columns(name=pl.lit("Twin Cameras"), issuer_id=pl.Series(["dahua", "hikvision"]))
    doubled = {**data, "names": pl.concat([data["names"], shared])}
    keys = identity_keys(doubled, known_funds(data, FUNDS.frame()), as_of=date(2026, 11, 23))
    found = identified([{"name_as_written": "TWIN CAMERAS CO., LTD.", "country": "China"}], keys, engine)[0]
    assert (found.issuer, found.outcome, found.reason) == ("", "uncovered", "identity refused")
    assert found.evidence == "name 'TWIN CAMERAS CO., LTD.' belongs to more than one issuer"
