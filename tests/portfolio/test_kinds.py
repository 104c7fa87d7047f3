"""Kinds of lines by their words: real names of funds, bonds, cash and derivatives, and shares that sound like them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from esgscan.portfolio import kinds
from esgscan.portfolio.kinds import kind_of, kinds_of
from esgscan.portfolio.reading import read_portfolio

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("asset_class", "name", "ticker", "kind"),
    [
        ("", "SPDR S&P 500 ETF Trust (SPY) Long Call Option", "4SPY 270430 C 4.96", "option"),
        ("", "S&P 500 INDEX SWAP GOLDMAN SACHS", "", "swap"),
        ("", "NET OTHER ASSETS (LIABILITIES)", "", "cash"),
        ("", "Other Payable & Receivables", "", "cash"),
        ("", "JPM USD CASH", "", "cash"),
        ("", "원화예금", "", "cash"),
        ("", "ISHARES CORE S&P 500 UCITS ETF", "", "fund"),
        ("", "MUL-L.MSCI E.MK.EX C.DL A", "", "fund"),
        ("", "IS C.MSCI EMIMI U.ETF DLA", "", "fund"),
        ("", "AIS-A.IN.MSCI E.M.UCETFDD", "", "fund"),
        ("", "Vanguard Emerging Markets Stock Index Fund", "VEMAX", "fund"),
        ("", "Vanguard FTSE Developed World ex-UK Equity Index Accumulation", "", "fund"),
        ("", "SPDR S&P 500 ETF TRUST", "", "fund"),
        ("", "Scottish Mortgage Investment Trust PLC", "", "fund"),
        ("", "易方达蓝筹精选混合基金", "", "fund"),
        ("", "长盛电子信息主题混合A", "", "fund"),
        ("", "沪深300ETF", "", "fund"),
        ("ETF", "anything", "", "fund"),
        ("Fonds", "JPM-ASIA GROWTH JPMAGAADL", "", "fund"),
        ("Beleggingsfonds", "x", "", "fund"),
        ("Fondo", "x", "", "fund"),
        ("基金", "x", "", "fund"),
        ("Equity", "ISHARES CORE S&P ETF", "IVV", "fund"),
        ("Fixed Income", "ISHARES CORE TOTAL USD BOND MARKET", "IUSB", "fund"),
        ("Equity", "Apple Inc", "AAPL", "equity"),
        ("Aktien", "TENCENT HLDGS   HD-,00002", "", "equity"),
        ("股票", "海康威视", "", "equity"),
        ("EQUITY_ORDINARY", "Apple", "", "equity"),
        ("Common Stock", "Microsoft", "", "equity"),
        ("Equity", "ALIBABA GROUP HOLDING-SP ADR", "", "depositary-receipt"),
        ("", "Vonovia 1,625% 07/10/2039", "", "bond"),
        ("", "US TREASURY N/B 2.5 05/15/2030", "", "bond"),
        ("Fixed Income", "BRITANNIA INDUSTRIES LTD", "", "bond"),
        ("", "CASH & CASH FUND & FTX CASH (CHF)", "", "cash"),
        ("", "", "$CASH", "cash"),
        ("", "U.S. Dollar", "CASH_USD", "cash"),
        ("", "EUR - EURO", "EUR", "cash"),
        ("Cash and Money Market", "Cash & Cash Investments", "", "cash"),
        ("Cash Collateral and Margins", "CASH COLLATERAL USD SGAFT", "", "cash"),
        ("", "HELD IN MONEY MARKET", "SPAXX**", "money-market"),
        ("Money Market", "BLK CSH FND TREASURY SL AGENCY", "", "money-market"),
        ("", "TWTR Feb 15 '19 $41 Call", "", "option"),
        ("ETFs & Closed End Funds", "PUT SMALL CAP INDEX $32 EXP 04/01/20", "", "option"),
        ("", "", "-SNDK270917C1500", "option"),
        ("Futures", "MSCI EMER MKT INDEX (ICE) SEP 21", "", "future"),
        ("Cash and/or Derivatives", "SPI 200 JUN 24", "", "future"),
        ("FX", "USD/THB", "", "forward"),
        ("", "Some 5Y TRS", "", "swap"),
        ("Structured Products", "x", "", "structured-note"),
        ("Equity-linked note", "ACME BANK ON ZTE 2027", "", "structured-note"),
        ("Bond", "Equity-linked note on Zhejiang Dahua 2027", "", "structured-note"),
        ("", "ACME BANK ZTE P-NOTE 2027", "", "structured-note"),
        ("", "ACME FIN TRADING HIKVISION ELN", "", "structured-note"),
        ("", "ACME AG PERLES ON HANGZHOU HIKVISION", "", "structured-note"),
        ("LEPO", "x", "", "structured-note"),
        ("Aktienanleihe", "x", "", "structured-note"),
        ("Certificate of Deposit", "ACME BANK 5%", "", "bond"),
        ("Convertible bond", "ZTE CORP 0% 2030", "", "bond"),
        ("", "ZTE Corp 0% 05AUG2030", "", "bond"),
        ("", "太极转债", "", "bond"),
        ("", "Hángzhōu Hǎikāng Wēishì", "", "unknown"),
        ("", "烽火轉債", "", "bond"),
        ("", "18电科02", "", "bond"),
        ("", "25华为SCP001", "", "bond"),
        ("公司债", "x", "", "bond"),
        ("社債", "x", "", "bond"),
        ("债券型基金", "x", "", "fund"),
        ("", "可转债ETF", "", "fund"),
        ("Wandelanleihe", "x", "", "bond"),
        ("", "ZTE CORP 0% CV 2030", "", "bond"),
        ("Bzr", "ACME INH. -ANR-", "", "option"),
        ("Rights", "x", "", "option"),
        ("", "763 HK 12/30/26 P20 Equity", "", "option"),
        ("Equity and Index Options", "XIACY 18DEC26 30 C", "", "option"),
        ("", "Total return swap on iShares MSCI Emerging Markets ETF", "", "swap"),
        ("", "CFD Hikvision", "", "swap"),
        ("", "Xtrackers MSCI China UCITS ETF 1C (Swap)", "", "fund"),
        ("Contract for difference", "x", "", "swap"),
        ("", "Hikvision Sep26 future", "", "future"),
        ("Repo", "x", "", "money-market"),
        ("Forex", "USD", "", "cash"),
    ],
)
def test_kind_of_a_line(asset_class: str, name: str, ticker: str, kind: str) -> None:
    assert kind_of(asset_class, name, ticker) == kind


@pytest.mark.parametrize(
    "name",
    [
        "MSCI Inc",
        "S&P Global Inc",
        "Nasdaq Inc",
        "Northern Trust Corp",
        "Netflix Inc",
        "Betfair Group PLC",
        "Hanesbrands Inc",
        "FIRSTCASH HOLDINGS INC",
        "Nippon Building Fund Inc",
        "Coronation Fund Managers Ltd",
        "Federal Realty Investment Trust",
        "Vanguard International Semiconductor Corp",
        "SHO-BOND Holdings Co Ltd",
        "MTN Group Ltd",
        "Orion Corp/Republic of Korea",
        "Future PLC",
        "Callaway Golf Co",
        "Link REIT",
        "Hanergy Thin Film Power Group Ltd",
    ],
)
def test_a_share_that_sounds_like_something_else_stays_unknown(name: str) -> None:
    assert kind_of("", name) == "unknown"


def test_many_lines_are_decided_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    original = kinds.kind_of

    def counted(asset_class: str, name: str, ticker: str = "") -> kinds.Kind:
        asked.append(name)
        return original(asset_class, name, ticker)

    monkeypatch.setattr(kinds, "kind_of", counted)
    found = kinds_of(["", "", ""] * 100, ["Apple", "X ETF", None] * 100, [None, None, "$CASH"] * 100)
    assert found[:3] == ["unknown", "fund", "cash"]
    assert len(asked) == 3


@pytest.mark.specimens
def test_shares_of_a_large_owner_are_not_taken_for_funds(specimens: Path) -> None:
    # equity holdings only; the six that are called funds end in /Fund or are a SICAV: closed-end funds by name
    positions = read_portfolio(specimens / "owner-holdings/nbim_EQ_2014_Country.csv").positions
    assert positions["kind"].isin(["unknown", "fund"]).all()
    funds = positions.loc[positions["kind"] == "fund", "name_as_written"]
    assert all("/fund" in name.casefold() or "SICAV" in name for name in funds)


@pytest.mark.specimens
def test_the_cheap_test_never_changes_an_answer(specimens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = ["fund-holdings/ishares-us_AOM_2020-11-05_fund-of-funds.csv", "owner-holdings/nbim_EQ_2020_Industry.xlsx"]
    names = {
        str(name).upper() for file in files for name in read_portfolio(specimens / file).positions["name_as_written"]
    }
    quick = {name: kinds.kind_of_name(name) for name in names}
    monkeypatch.setattr(kinds, "may_say_a_kind", lambda _: True)
    assert {name: kinds.kind_of_name(name) for name in names} == quick
