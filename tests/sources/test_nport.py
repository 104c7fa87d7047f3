"""One Form N-PORT: lines of every kind, identifiers that are none, and what the net assets leave over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

import esgscan
from esgscan.errors import SourceError
from tests.sources.files import fund_of, kinds, names, read_text, weights
from tests.sources.filings import Filing, Security, xml

if TYPE_CHECKING:
    from pathlib import Path

HIKVISION = Security(
    name="Hangzhou Hikvision Digital Technology Co., Ltd.",
    title="Hangzhou Hikvision Digital Technology Co Ltd, Class A",
    isin="CNE100000PM8",
    ticker="002415 C2",
    sedol="BD5CPQ2",
    currency="CNY",
    value="400.00",
    percent="40.0",
    country="CN",
)
INNER = Security(
    name="iShares Trust",
    title="iShares Core MSCI Emerging Markets ETF",
    cusip="46434G103",
    isin="US46434G1031",
    value="300.00",
    percent="30.0",
    issuer="RF",
)
SWAP = Security(
    title="TRS SWAP PAY SOFR",
    value="-50.00",
    percent="-5.0",
    profile="N/A",
    asset="DE",
    issuer="OTHER",
    derivative="SWP",
    reference="Zhejiang Dahua Technology Co Ltd",
    reference_isin="CNE100000BJ4",
)
RECEIPT = Security(
    name="Alibaba Group Holding Ltd", title="Alibaba ADR", isin="US01609W1027", value="100", percent="10"
)
SHORT = Security(name="Apple Inc", title="Apple Inc", cusip="037833100", value="-20", percent="-2", profile="Short")
MONEY = Security(
    name="BlackRock",
    title="BlackRock Cash Funds",
    cusip="999999999",
    value="150",
    percent="15",
    asset="STIV",
    issuer="RF",
)
BOND = Security(name="N/A", title="US TREASURY N/B", value="70", percent="7", asset="DBT", issuer="UST")
EVERYTHING = Filing(cash="30", unnamed="10", securities=(HIKVISION, INNER, SWAP, RECEIPT, SHORT, MONEY, BOND))


def test_every_line_keeps_its_kind_and_sign(tmp_path: Path) -> None:
    file = read_text(tmp_path, xml(EVERYTHING), name="primary_doc.xml")
    listed = ["equity", "fund", "swap", "depositary-receipt", "equity", "money-market", "bond"]
    # 400 + 300 - 50 + 100 - 20 + 150 + 70 = 950 of 1,000; 30 are stated cash, 10 securities without a name, 10 claims
    assert kinds(file) == [*listed, "cash", "cash", "not-listed"]
    assert weights(file) == [0.4, 0.3, -0.05, 0.1, -0.02, 0.15, 0.07, 0.03, 0.01, 0.01]
    assert fund_of(file)["share_published"] == pytest.approx(0.99)


def test_the_day_is_that_of_the_holdings_and_not_the_end_of_the_fiscal_year(tmp_path: Path) -> None:
    fund = fund_of(read_text(tmp_path, xml(EVERYTHING)))
    assert fund["as_of"] == date(2024, 3, 31)
    assert (fund["fund_id"], fund["name"]) == ("S000000001", "Example Emerging Markets Fund")
    assert fund["identifiers"] == "series:S000000001 class:C000000011 class:C000000012 cik:0001100663"
    assert (fund["total_market_value"], fund["currency"], fund["denominator"]) == (1000.0, "USD", "net assets")


def test_sentinels_are_no_identifiers_and_no_names(tmp_path: Path) -> None:
    lines = read_text(tmp_path, xml(EVERYTHING)).holdings
    assert list(lines["cusip"])[:7] == [None, "46434G103", None, None, "037833100", None, None]
    assert lines["lei"].null_count() == lines.height
    assert list(lines["name_as_written"])[6] == "US TREASURY N/B"
    first = lines.row(0, named=True)
    assert (first["isin"], first["sedol"], first["ticker"]) == ("CNE100000PM8", "BD5CPQ2", "002415 C2")
    assert (first["country"], first["currency"]) == ("CN", "CNY")


def test_a_ticker_of_one_letter_is_an_identifier_and_nine_letters_x_are_none(tmp_path: Path) -> None:
    steel = Security(name="United States Steel Corp", ticker="X", cusip="XXXXXXXXX", value="1000")
    line = read_text(tmp_path, xml(replace(EVERYTHING, securities=(steel,)))).holdings.row(0, named=True)
    assert (line["ticker"], line["cusip"]) == ("X", None)


def test_a_fund_inside_is_named_by_its_title_and_a_share_by_its_issuer(tmp_path: Path) -> None:
    assert names(read_text(tmp_path, xml(EVERYTHING)))[:2] == [HIKVISION.name, INNER.title]


def test_a_swap_carries_the_security_it_refers_to(tmp_path: Path) -> None:
    line = read_text(tmp_path, xml(EVERYTHING)).holdings.row(2, named=True)
    assert line["isin"] == "CNE100000BJ4"
    assert line["name_as_written"] == "TRS SWAP PAY SOFR on Zhejiang Dahua Technology Co Ltd"


def test_a_unit_trust_without_series_is_known_by_its_filer(tmp_path: Path) -> None:
    trust = replace(EVERYTHING, series="N/A", series_id="", registrant="SPDR S&amp;P 500 ETF Trust", cik="0000884394")
    fund = fund_of(read_text(tmp_path, xml(trust)))
    assert (fund["fund_id"], fund["name"]) == ("CIK0000884394", "SPDR S&P 500 ETF Trust")


def test_a_final_filing_without_lines_is_a_fund_of_which_nothing_is_known(tmp_path: Path) -> None:
    file = read_text(tmp_path, xml(replace(EVERYTHING, securities=(), cash="0", unnamed="0")))
    assert kinds(file) == ["not-listed"]
    assert fund_of(file)["share_published"] == 0.0


def test_the_user_s_word_names_the_fund(tmp_path: Path) -> None:
    assert fund_of(read_text(tmp_path, xml(EVERYTHING), fund="EEM"))["fund_id"] == "EEM"


def test_the_envelope_of_edgar_and_a_blank_first_line_are_passed_over(tmp_path: Path) -> None:
    text = f"\n<SEC-DOCUMENT>x.txt\n<DOCUMENT>\n<XML>\n{xml(EVERYTHING)}\n</XML>\n</DOCUMENT>\n<DOCUMENT>& more"
    assert weights(read_text(tmp_path, text))[:2] == [0.4, 0.3]


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda text: text[: len(text) // 2], "damaged or cut off"),
        (lambda text: text.replace("2024-03-31", "soon"), "names no day"),
        (lambda text: text.replace("<edgar", '<!DOCTYPE x [<!ENTITY a "b">]><edgar', 1), "defines entities"),
        (lambda text: text.replace("N/A", "&boom;", 1), "damaged or cut off"),
    ],
)
def test_a_damaged_filing_says_what_is_wrong(tmp_path: Path, damage, what: str) -> None:
    with pytest.raises(SourceError) as error:
        read_text(tmp_path, damage(xml(EVERYTHING)), name="primary_doc.xml")
    assert what in error.value.what
    assert error.value.where == "primary_doc.xml"
    assert error.value.mend


def test_a_published_case_of_two_levels_reaches_dahua_through_both(tmp_path: Path) -> None:
    """A fund holds 99.904 % of another, which holds 0.00857 % of Dahua: 0.99904 x 0.0000857 = 0.0000856177.

    Money: the outer fund is worth 1,000,000, so 85.6177 reach Dahua.
    """
    dahua = Security(
        name="Zhejiang Dahua Technology Co Ltd", isin="CNE100000BJ4", currency="CNY", value="85.70", country="CN"
    )
    rest = Security(name="Taiwan Semiconductor", isin="TW0002330008", value="999914.30", country="TW")
    inner = Filing(
        series="Example Emerging Markets Index Master Fund", series_id="S000000002", net_assets="1000000.00",
        securities=(dahua, rest),
    )  # fmt: skip
    feeder = Security(
        name="Example Trust", title="Example Emerging Markets Index Master Fund", value="999040.00", issuer="RF"
    )
    outer = Filing(
        series="Example Emerging Markets Index Fund", net_assets="1000000.00", cash="960.00", securities=(feeder,)
    )
    for name, filing in (("inner.xml", inner), ("outer.xml", outer)):
        (tmp_path / name).write_text(xml(filing), encoding="utf-8")
    portfolio = tmp_path / "portfolio.csv"
    portfolio.write_text(
        "Name,ISIN,Asset class,Market Value,Currency\nExample Emerging Markets Index Fund,,Fund,1000000.00,USD\n",
        encoding="utf-8",
    )
    scan = esgscan.scan(portfolio, as_of="2024-06-30", holdings=[tmp_path / "outer.xml", tmp_path / "inner.xml"])
    path = scan.paths.iloc[0]
    assert path["issuer_id"] == "dahua"
    assert path["route_names"] == "Example Emerging Markets Index Fund > Example Emerging Markets Index Master Fund"
    assert path["weight"] == pytest.approx(0.99904 * 0.0000857, rel=1e-12)
    assert f"{path['weight']:.5%}" == "0.00856%"
    assert path["market_value"] == pytest.approx(85.617728, abs=1e-6)
    assert scan.coverage.flagged + scan.coverage.clear + scan.coverage.uncovered == pytest.approx(1.0, abs=1e-12)
    assert scan.coverage.uncovered == pytest.approx(0.0, abs=1e-12)


def test_two_filings_one_behind_the_other_are_two_funds(tmp_path: Path) -> None:
    first = replace(EVERYTHING, series="Fund One", series_id="S000000001")
    second = replace(EVERYTHING, series="Fund Two", series_id="S000000002", securities=(HIKVISION,))
    envelope = "<DOCUMENT><TYPE>NPORT-P\n<TEXT><XML>\n{}\n</XML></TEXT></DOCUMENT>\n"
    between = "<DOCUMENT><TYPE>NPORT-EX\n<TEXT><html>" + "a note " * 20_000 + "</html></TEXT></DOCUMENT>\n"
    text = envelope.format(xml(first)) + between + envelope.format(xml(second))
    file = read_text(tmp_path, text, name="two.txt")
    assert list(file.funds["name"]) == ["Fund One", "Fund Two"]
    alone = read_text(tmp_path, xml(second), name="primary_doc.xml")
    own = file.holdings.filter(pl.col("fund_id") == "S000000002")
    assert list(own["holding_weight"]) == list(alone.holdings["holding_weight"])
