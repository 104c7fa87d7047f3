"""The identity ladder: which rung decides on a line, what it says, and what it refuses.

All lines of a group are resolved together, once per engine; each test then looks at its own.
"""

from __future__ import annotations

from dataclasses import astuple
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from esgscan.engines.duckdb import DuckDB
from esgscan.engines.memory import Memory
from esgscan.securities.funds import known_funds
from esgscan.securities.keys import identity_keys
from esgscan.tables import FUNDS
from tests.rows import APPLE, EEM, HIKVISION
from tests.securities.conftest import Identified, identified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine

    Look = Callable[..., Identified]

MOUTAI = "CNE0000018R8"
"""ISIN of a share of Shanghai, 600519, that is not on the watchlist."""
WRONG_CHECK_DIGIT = "CNE100000PM9"

CODE_WITH_ITS_MARKET = {
    "002415.SZ": "XSHE:002415",
    "SZSE:002415": "XSHE:002415",
    "XSHE:002415": "XSHE:002415",
    "SHE:002415": "XSHE:002415",
    "002415 CH Equity": "XSHE:002415",
    "002415 CH": "XSHE:002415",
    "002415 C2": "XSHE:002415",
    "002415 C2 Equity": "XSHE:002415",
    "002415-CN": "XSHE:002415",
    "002415 CN": "XSHE:002415",
    "002415.ZK": "XSHE:002415",
    "002415.sz": "XSHE:002415",
    "0020.HK": "XHKG:0020",
    "00020.HK": "XHKG:0020",
    "20 HK": "XHKG:0020",
    "20 HK Equity": "XHKG:0020",
    "HKG:0020": "XHKG:0020",
    "600498.SS": "XSHG:600498",
    "600498.SH": "XSHG:600498",
    "600498 C1": "XSHG:600498",
    "600498 CH": "XSHG:600498",
    "SSE:600498": "XSHG:600498",
    "SHA:600498": "XSHG:600498",
    "SHSE:600498": "XSHG:600498",
    "80941 HK": "XHKG:0941",
    "81810.HK": "XHKG:1810",
    "HKG:80020": "XHKG:0020",
    "603019CN": "XSHG:603019",
    "688343.SS": "XSHG:688343",
}

CODE_AND_COLUMN: list[tuple[dict[str, str], str]] = [
    ({"ticker": "002415", "exchange": "Shenzhen"}, "XSHE:002415"),
    ({"ticker": "002415", "exchange": "XSHE"}, "XSHE:002415"),
    ({"ticker": "002415", "exchange": "深圳证券交易所"}, "XSHE:002415"),
    ({"ticker": "002415", "exchange": "Stock Connect"}, "XSHE:002415"),
    ({"ticker": "002415", "country": "China"}, "XSHE:002415"),
    ({"ticker": "002415", "country": "CN"}, "XSHE:002415"),
    ({"ticker": "002415", "currency": "CNY"}, "XSHE:002415"),
    ({"ticker": "002415", "currency": "CNH"}, "XSHE:002415"),
    ({"ticker": "600498", "country": "China"}, "XSHG:600498"),
    ({"ticker": "600498", "currency": "CNY"}, "XSHG:600498"),
    ({"ticker": "20", "exchange": "Hong Kong"}, "XHKG:0020"),
    ({"ticker": "20", "exchange": "HKEX"}, "XHKG:0020"),
    ({"ticker": "0020", "currency": "HKD"}, "XHKG:0020"),
    ({"ticker": "981", "exchange": "Hong Kong"}, "XHKG:0981"),
    ({"ticker": "981", "country": "Hong Kong"}, "XHKG:0981"),
    ({"ticker": "002415", "country": "China", "currency": "USD"}, "XSHE:002415"),
    ({"ticker": "002415", "exchange": "深港通"}, "XSHE:002415"),
    ({"ticker": "603019", "exchange": "沪港通"}, "XSHG:603019"),
    ({"ticker": "002415", "exchange": "Shanghai-Hong Kong Stock Connect"}, "XSHE:002415"),
    ({"ticker": "00941", "exchange": "沪港通"}, "XHKG:0941"),
    ({"ticker": "00941", "country": "China"}, "XHKG:0941"),
    ({"ticker": "00941", "exchange": "China", "currency": "CNY"}, "XHKG:0941"),
    ({"ticker": "941", "exchange": "Main Board HK"}, "XHKG:0941"),
    ({"ticker": "00941", "exchange": "港股通(沪)"}, "XHKG:0941"),
    ({"ticker": "600941", "exchange": "上交所主板"}, "XSHG:600941"),
]

LOST_ITS_ZEROS: list[tuple[dict[str, str], str]] = [
    ({"ticker": "2415", "exchange": "Shenzhen"}, "exchange 'Shenzhen'"),
    ({"ticker": "2415", "exchange": "XSHE", "country": "China"}, "exchange 'XSHE', country 'China'"),
    ({"ticker": "2415", "currency": "CNY"}, "currency 'CNY'"),
    ({"ticker": "2415.SZ"}, "its market"),
    ({"ticker": "2415.0", "exchange": "Shenzhen"}, "exchange 'Shenzhen'"),
    (
        {"ticker": "2415", "name_as_written": "Hangzhou Hikvision Digital Technology Co., Ltd."},
        "the name 'Hangzhou Hikvision Digital Technology Co., Ltd.'",
    ),
    ({"ticker": "2415", "name_as_written": "HIKVISION", "country": "China"}, "the name 'HIKVISION'"),
]

KEPT_AS_NUMBER = [
    {"ticker": ticker, "name_as_written": "Some Company", "kind": "equity", **place}
    for ticker in ("0.002415", "002.415", "2,415", "2.415,00", "2415,00", "2.415E+03", "2415E3")
    for place in ({}, {"exchange": "Shenzhen"}, {"exchange": "Main Board HK"})
]

REFUSED: list[tuple[dict[str, str], str]] = [
    ({"ticker": "981", "exchange": "Stock Connect"}, "smic"),
    ({"ticker": "941", "exchange": "China", "name_as_written": "Foo"}, "china-mobile"),
    ({"ticker": "2415"}, "hikvision"),
    ({"ticker": "002415"}, "hikvision"),
    ({"ticker": "2415", "currency": "USD"}, "hikvision"),
    # Hong Kong writes its codes without zeros, so that China as a country does not say that zeros were lost.
    ({"ticker": "2415", "country": "China"}, "hikvision"),
    ({"ticker": "981", "country": "China"}, "smic"),
    ({"ticker": "20"}, "sensetime"),
    ({"ticker": "1810"}, "xiaomi"),
    ({"ticker": "000020", "currency": "HKD"}, "sensetime"),
    ({"ticker": "2415", "name_as_written": "A name nobody knows"}, "hikvision"),
]

ANOTHER_SECURITY: list[dict[str, str]] = [
    {"ticker": "2415", "country": "Taiwan", "name_as_written": "CX Technology"},
    {"ticker": "2415 TT", "name_as_written": "CX Technology"},
    {"ticker": "000100", "country": "Korea", "name_as_written": "Yuhan Corp"},
    {"ticker": "000100.KS", "name_as_written": "Yuhan Corp"},
    {"ticker": "2230", "country": "Saudi Arabia", "name_as_written": "Saudi Chemical Co"},
    {"ticker": "2230 AB", "name_as_written": "Saudi Chemical Co"},
    {"ticker": "000020", "exchange": "Korea Exchange", "name_as_written": "Dong Wha Pharmaceutical"},
    {"ticker": "000020.KS", "name_as_written": "Dong Wha Pharmaceutical"},
    {"ticker": "000981", "exchange": "XSHE", "name_as_written": "Yinyi Co"},
    {"ticker": "000981.SZ", "name_as_written": "Yinyi Co"},
    {"ticker": "1810", "exchange": "Tadawul", "name_as_written": "Seera Group"},
    {"ticker": "1810 AB", "name_as_written": "Seera Group"},
    {"ticker": "0020.KL", "name_as_written": "NetX Holdings"},
    {"ticker": "700 HK", "name_as_written": "Tencent"},
    {"ticker": "700 HK", "kind": "equity"},
    {"ticker": "80700 HK", "name_as_written": "Tencent"},
    {"ticker": "80941", "exchange": "Tokyo", "name_as_written": "Another company"},
    # Korea writes six digits too; 002230 is PSTEC in Seoul, and iFLYTEK in Shenzhen
    {"ticker": "002230.KS", "name_as_written": "PSTEC"},
    {"ticker": "002230", "country": "Korea", "name_as_written": "PSTEC"},
    {"ticker": "600519.SS", "name_as_written": "Kweichow Moutai"},
    {"isin": APPLE, "name_as_written": "Apple Inc"},
    {"isin": APPLE, "kind": "equity"},
    {"ticker": "AAPL", "name_as_written": "Apple Inc"},
    {"isin": MOUTAI, "name_as_written": "Kweichow Moutai", "country": "China"},
]

LOOKALIKES: list[dict[str, str]] = [
    {"name_as_written": "Cangzhou Dahua Co., Ltd.", "country": "China"},
    {"name_as_written": "CANGZHOU DAHUA CO LTD A", "ticker": "600230", "country": "China"},
    {"name_as_written": "Cangzhou Dahua", "ticker": "600230.SS"},
    {"name_as_written": "Keda Industrial Group Co., Ltd.", "country": "China"},
    {"name_as_written": "Keda Industrial Group", "ticker": "600499.SS"},
    {"name_as_written": "Hangzhou Lion Electronics Co., Ltd.", "country": "China"},
    {"name_as_written": "Hangzhou Lion Electronics", "ticker": "605358", "exchange": "Shanghai"},
    {"name_as_written": "Zhejiang Dali Technology Co., Ltd.", "country": "China"},
    {"name_as_written": "Zhejiang Dali Technology", "ticker": "002214", "exchange": "Shenzhen"},
    {"name_as_written": "Lens Technology Co., Ltd.", "country": "China"},
]

ISIN_WINS: list[dict[str, str]] = [
    {"isin": HIKVISION},
    {"isin": HIKVISION, "ticker": "AAPL", "name_as_written": "Apple Inc", "country": "United States"},
    {"isin": HIKVISION, "ticker": "2415", "country": "Taiwan"},
    {"isin": HIKVISION, "name_as_written": "Zhejiang Dahua Technology", "currency": "CNY"},
    {"isin": HIKVISION, "kind": "fund"},
    {"isin": "cne1 0000 0pm8"},
]

OTHER_ISIN: list[dict[str, str]] = [
    {"isin": MOUTAI, "ticker": "002415.SZ"},
    {"isin": MOUTAI, "ticker": "002415", "exchange": "Shenzhen", "name_as_written": "Hikvision"},
    {"isin": APPLE, "ticker": "2415", "currency": "CNY"},
    {"isin": MOUTAI, "ticker": "2415", "name_as_written": "Hikvision"},
    {"isin": MOUTAI, "name_as_written": "Hikvision", "country": "China"},
    {"isin": APPLE, "figi": "BBG000Q844N5"},
    {"isin": APPLE, "figi": "BBG000Q844N5", "name_as_written": "Apple Inc"},
]

NAME_WITH_WITNESS: list[tuple[dict[str, str], str]] = [
    ({"name_as_written": "Hangzhou Hikvision Digital Technology", "country": "China"}, "hikvision"),
    ({"name_as_written": "HANGZHOU HIKVIS A (HK-C)", "country": "China"}, "hikvision"),
    ({"name_as_written": "Hikvision", "exchange": "Shenzhen"}, "hikvision"),
    ({"name_as_written": "Hikvision", "currency": "CNY"}, "hikvision"),
    ({"name_as_written": "SenseTime Group Inc.", "currency": "HKD"}, "sensetime"),
    ({"name_as_written": "杭州海康威视数字技术股份有限公司", "country": "China"}, "hikvision"),
    ({"name_as_written": "Zhejiang Dahua Technology Co., Ltd. Class A", "country": "CN"}, "dahua"),
]

NAME_FOR_REVIEW: list[tuple[dict[str, str], str]] = [
    ({"name_as_written": "Hikvision"}, "hikvision"),
    ({"name_as_written": "Hikvision", "currency": "USD"}, "hikvision"),
    ({"name_as_written": "Hikvision", "country": "Taiwan"}, "hikvision"),
    ({"name_as_written": "Hikvision", "exchange": "Korea Exchange", "country": "China"}, "hikvision"),
    ({"name_as_written": "Zhejiang Dahua Technology Co., Ltd."}, "dahua"),
    ({"name_as_written": "Hikvision", "isin": WRONG_CHECK_DIGIT}, "hikvision"),
    ({"name_as_written": "XYZ 5% Hikvision linked note"}, "hikvision"),
    # A line of such a kind is no share, whatever it is called.
    ({"name_as_written": "Hikvision", "country": "China", "kind": "fund"}, "hikvision"),
    ({"name_as_written": "China Mobile Ltd", "country": "China", "kind": "cash"}, "china-mobile"),
    ({"name_as_written": "ZTE Corp", "currency": "CNY", "kind": "money-market"}, "zte"),
    # Without its legal form the name begins that of another issuer, and may be that name cut short.
    ({"name_as_written": "China Electronics", "country": "China"}, "cec"),
]

AGREE_AGAINST_THE_MARKET: list[dict[str, str]] = [
    {"ticker": "603019", "name_as_written": "Dawning Information Industry", "country": "Hong Kong"},
    {"ticker": "603019", "name_as_written": "Dawning Information Industry", "exchange": "HKEX", "currency": "HKD"},
    {"ticker": "002415 CH", "name_as_written": "Hikvision", "country": "United States"},
    {"ticker": "2415", "name_as_written": "Hikvision", "exchange": "Taiwan Stock Exchange"},
]

ENDED: list[dict[str, str]] = [
    {"ticker": "CHA", "exchange": "NYSE"},
    {"ticker": "CHA", "exchange": "NYSE", "name_as_written": "Chagee Holdings"},
    {"ticker": "CHA US", "name_as_written": "Chagee Holdings"},
    {"ticker": "NYSE:CHL"},
    {"ticker": "300367.SZ"},
]

OTHERS: list[dict[str, str]] = [
    {"isin": WRONG_CHECK_DIGIT},
    {"isin": WRONG_CHECK_DIGIT, "ticker": "002415.SZ"},
    {"isin": WRONG_CHECK_DIGIT, "name_as_written": "Apple Inc", "ticker": "AAPL"},
    {"isin": APPLE},
    {"isin": EEM},
    {"ticker": "EEM US"},
    {"ticker": "AAPL"},
    {"ticker": "700 HK"},
    {"name_as_written": "A name nobody knows"},
    {"name_as_written": "US dollar", "kind": "cash"},
    {"kind": "money-market", "name_as_written": "Liquidity Reserve"},
    {"kind": "cash"},
    {"kind": "option", "name_as_written": "S&P 500 put 4000"},
    {"kind": "swap"},
    {"kind": "not-listed", "name_as_written": "Hikvision", "country": "China"},
    {"figi": "BBG000Q844N5"},
    {"figi": "BBG001T6NTC0", "ticker": "2415"},
    {"lei": "300300PV91RY9GH3CT16"},
    {},
]

WITH_ANSWER = (CODE_AND_COLUMN, LOST_ITS_ZEROS, REFUSED, NAME_WITH_WITNESS, NAME_FOR_REVIEW)
WITHOUT_ANSWER = (
    ANOTHER_SECURITY,
    LOOKALIKES,
    ISIN_WINS,
    OTHER_ISIN,
    AGREE_AGAINST_THE_MARKET,
    ENDED,
    KEPT_AS_NUMBER,
    OTHERS,
)
LINES = [
    *({"ticker": code} for code in CODE_WITH_ITS_MARKET),
    *(row for group in WITH_ANSWER for row, _ in group),
    *(row for group in WITHOUT_ANSWER for row in group),
]


def line_key(row: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(row.items()))


def in_words(value: object) -> str:
    return " ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else ""


def each(rows: list[Any], names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(names, rows, ids=in_words)


@pytest.fixture(scope="module", params=[Memory, DuckDB], ids=lambda kind: kind.name)
def look(request: pytest.FixtureRequest, keys: IdentityKeys) -> Look:
    """Give what a line of this module was resolved to; all of them are resolved together."""
    found = dict(zip(map(line_key, LINES), identified(LINES, keys, request.param()), strict=True))
    return lambda **row: found[line_key(row)]


@pytest.mark.parametrize(("written", "security"), CODE_WITH_ITS_MARKET.items())
def test_a_code_written_with_its_market_is_confirmed(look: Look, written: str, security: str) -> None:
    found = look(ticker=written)
    assert (found.security, found.matched_by, found.confidence) == (security, "listing code", "confirmed")
    assert found.outcome == "flagged"
    assert found.evidence == f"code {written} is {security}"


@each(CODE_AND_COLUMN, "row, security")
def test_a_code_beside_its_exchange_country_or_currency_is_confirmed(look: Look, row, security: str) -> None:
    found = look(**row)
    assert (found.security, found.confidence, found.outcome) == (security, "confirmed", "flagged")
    assert all(f"{column} '{row[column]}'" in found.evidence for column in row if column != "ticker")


@each(LOST_ITS_ZEROS, "row, witness")
def test_a_code_that_lost_its_zeros_is_repaired_by_a_second_witness_and_says_so(look: Look, row, witness: str) -> None:
    found = look(**row)
    assert (found.security, found.confidence, found.matched_by) == ("XSHE:002415", "confirmed", "repaired code")
    assert found.evidence == f"code {row['ticker']} without its zeros, repaired to XSHE:002415 by {witness}"


@each(REFUSED, "row, candidate")
def test_a_number_alone_is_refused_and_the_issuer_it_might_be_is_named(look: Look, row, candidate: str) -> None:
    found = look(**row)
    assert (found.issuer, found.outcome, found.reason) == ("", "uncovered", "identity refused")
    assert (found.confidence, found.candidate) == ("refused", candidate)
    assert found.evidence == f"the number {row['ticker']} alone is not an identity"


@each(KEPT_AS_NUMBER, "row")
def test_a_code_that_was_kept_as_a_number_is_refused_and_never_clear(look: Look, row) -> None:
    one = look(**row)
    assert (one.issuer, one.outcome, one.confidence) == ("", "uncovered", "refused")
    assert one.evidence == f"{row['ticker']} is written as a number, and not as a code"


@each(ANOTHER_SECURITY, "row")
def test_another_security_is_clear_whatever_number_it_has(look: Look, row) -> None:
    found = look(**row)
    assert (found.outcome, found.issuer, found.fund) == ("clear", "", "")
    assert (found.candidate, found.confidence) == ("", "none")


@each(LOOKALIKES, "row")
def test_a_look_alike_is_never_flagged_and_points_at_nobody(look: Look, row) -> None:
    found = look(**row)
    assert found.outcome != "flagged"
    assert (found.issuer, found.candidate, found.security) == ("", "", "")


def test_a_known_look_alike_is_clear_and_says_why(look: Look) -> None:
    found = look(name_as_written="Cangzhou Dahua Co., Ltd.", country="China")
    assert (found.outcome, found.matched_by) == ("clear", "known look-alike")
    assert found.evidence.startswith("another company: Chemical company that shares only the word Dahua")


@each(ISIN_WINS, "row")
def test_an_isin_wins_over_everything_else_on_the_line(look: Look, row) -> None:
    found = look(**row)
    assert (found.security, found.issuer, found.outcome) == ("XSHE:002415", "hikvision", "flagged")
    assert (found.matched_by, found.confidence, found.evidence) == ("isin", "confirmed", f"ISIN {HIKVISION}")


@each(OTHER_ISIN, "row")
def test_an_isin_that_is_another_than_that_of_code_or_name_makes_a_review_line(look: Look, row) -> None:
    found = look(**row)
    assert (found.outcome, found.reason, found.confidence) == ("uncovered", "possible match to review", "possible")
    assert (found.issuer, found.candidate) == ("", "hikvision")
    assert row["isin"] in found.evidence


@each(AGREE_AGAINST_THE_MARKET, "row")
def test_a_code_and_a_name_that_agree_against_the_market_told_make_a_review_line(look: Look, row) -> None:
    found = look(**row)
    assert (found.outcome, found.confidence, found.issuer) == ("uncovered", "possible", "")
    assert found.candidate in {"hikvision", "sugon"}
    assert f"code {row['ticker']} and name '{row['name_as_written']}' agree" in found.evidence


@each(NAME_WITH_WITNESS, "row, issuer")
def test_a_name_with_a_witness_is_probable(look: Look, row, issuer: str) -> None:
    found = look(**row)
    assert (found.issuer, found.confidence, found.outcome) == (issuer, "probable", "flagged")
    assert found.matched_by == "name and witness"
    assert f"name '{row['name_as_written']}' with " in found.evidence


@each(NAME_FOR_REVIEW, "row, candidate")
def test_a_name_alone_or_with_a_witness_against_it_is_a_review_line(look: Look, row, candidate: str) -> None:
    found = look(**row)
    assert (found.outcome, found.reason, found.confidence) == ("uncovered", "possible match to review", "possible")
    assert (found.issuer, found.candidate) == ("", candidate)
    assert row["name_as_written"] in found.evidence


@each(ENDED, "row")
def test_the_code_of_a_listing_that_had_ended_does_not_flag(look: Look, row) -> None:
    found = look(**row)
    assert (found.issuer, found.outcome, found.confidence) == ("", "uncovered", "possible")
    assert "a code can be given again" in found.evidence


def test_the_code_of_an_american_listing_flags_while_it_lasts(data: Mapping[str, pd.DataFrame], engine: Engine) -> None:
    # China Telecom left New York in January 2021, kept in the data as 2021-01-31.
    funds = known_funds(data, FUNDS.frame())
    rows = [{"ticker": "CHA", "exchange": "NYSE"}, {"ticker": "CHA US"}]
    found = {
        day: [one.security for one in identified(rows, identity_keys(data, funds, as_of=day), engine)]
        for day in (date(2021, 1, 30), date(2021, 1, 31))
    }
    assert found == {date(2021, 1, 30): ["XNYS:CHA"] * 2, date(2021, 1, 31): ["", ""]}


def test_an_isin_with_a_wrong_check_digit_is_as_if_it_were_missing(look: Look) -> None:
    assert look(isin=WRONG_CHECK_DIGIT).reason == "line without an identifier"
    assert look(isin=WRONG_CHECK_DIGIT).isin == ""
    by_code = look(isin=WRONG_CHECK_DIGIT, ticker="002415.SZ")
    assert (by_code.security, by_code.confidence, by_code.isin) == ("XSHE:002415", "confirmed", HIKVISION)
    other = look(isin=WRONG_CHECK_DIGIT, name_as_written="Apple Inc", ticker="AAPL")
    assert (other.outcome, other.evidence) == ("clear", "ticker AAPL and name 'Apple Inc' are another security")


def test_the_isin_of_a_line_matched_by_its_code_is_filled_in(look: Look) -> None:
    assert look(ticker="600498.SS").isin == "CNE0000018P2"
    assert look(ticker="2415", exchange="Shenzhen").isin == HIKVISION


def test_figi_and_lei_are_identifiers(look: Look) -> None:
    assert look(figi="BBG000Q844N5").security == "XSHE:002415"
    assert look(figi="BBG001T6NTC0", ticker="2415").matched_by == "figi"
    cec = look(lei="300300PV91RY9GH3CT16")
    assert (cec.issuer, cec.matched_by, cec.confidence) == ("cec", "lei", "confirmed")


def test_an_identifier_without_name_and_kind_may_be_a_fund_and_is_uncovered(look: Look) -> None:
    assert look(isin=APPLE).reason == "not known whether share or fund"
    assert look(ticker="AAPL").reason == "not known whether share or fund"


def test_a_code_with_its_market_and_no_name_is_not_called_a_line_without_identifier(look: Look) -> None:
    found = look(ticker="700 HK")
    assert (found.outcome, found.reason) == ("uncovered", "not known whether share or fund")


@pytest.mark.parametrize("row", [{}, {"name_as_written": "A name nobody knows"}], ids=in_words)
def test_a_line_that_says_too_little_is_uncovered_and_never_clear(look: Look, row) -> None:
    found = look(**row)
    assert (found.outcome, found.reason) == ("uncovered", "line without an identifier")


@pytest.mark.parametrize("row", [r for r in OTHERS if r.get("kind") in {"cash", "money-market"}], ids=in_words)
def test_cash_is_clear(look: Look, row) -> None:
    found = look(**row)
    assert (found.outcome, found.matched_by) == ("clear", "kind of line")


def test_a_derivative_is_uncovered_by_its_kind(look: Look) -> None:
    assert look(kind="option", name_as_written="S&P 500 put 4000").reason.startswith("derivative")
    assert look(kind="swap").reason.startswith("derivative")


def test_the_part_that_a_list_leaves_out_is_uncovered_whatever_it_is_called(look: Look) -> None:
    found = look(kind="not-listed", name_as_written="Hikvision", country="China")
    assert (found.outcome, found.reason) == ("uncovered", "part of a fund that its holdings leave out")


def test_a_mixed_table_gives_the_same_answer_on_every_engine(keys: IdentityKeys) -> None:
    one, other = (identified(LINES, keys, engine) for engine in (Memory(), DuckDB()))
    assert [astuple(found) for found in one] == [astuple(found) for found in other]


def test_the_answer_does_not_depend_on_the_order_or_the_company_of_the_lines(keys: IdentityKeys) -> None:
    there = identified(LINES, keys, Memory())
    back = identified(LINES[::-1], keys, Memory())[::-1]
    assert there == back


def test_every_line_is_flagged_to_an_issuer_a_fund_clear_or_uncovered_with_a_reason(keys: IdentityKeys) -> None:
    for row, found in zip(LINES, identified(LINES, keys, Memory()), strict=True):
        is_one = [
            bool(found.outcome == "flagged" and found.issuer),
            bool(found.fund and not found.outcome),
            bool(found.outcome == "clear" and not found.reason),
            bool(found.outcome == "uncovered" and found.reason),
        ]
        assert sum(is_one) == 1, row
        assert found.evidence, row
