"""The traps of real files that concern identity, and the names and codes that vendors write; both engines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from esgscan.engines.duckdb import DuckDB
from esgscan.engines.memory import Memory
from esgscan.securities.funds import known_funds
from esgscan.securities.keys import identity_keys
from esgscan.tables import FUNDS
from tests.securities.conftest import identified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from esgscan.securities.keys import IdentityKeys
    from tests.securities.conftest import Identified

    Look = Callable[..., Identified]

CN = {"country": "China"}
PROBABLE: list[tuple[dict[str, str], str]] = [
    ({"name_as_written": "HANGZHOU HIKVISION DGTL TECH-A", **CN}, "hikvision"),
    ({"name_as_written": "HIK VISION", "currency": "CNY"}, "hikvision"),
    ({"name_as_written": "ＨＩＫＶＩＳＩＯＮ", "exchange": "深セン証券取引所"}, "hikvision"),
    ({"name_as_written": "杭州海康威視數字技術股份有限公司", "country": "中国"}, "hikvision"),
    ({"name_as_written": "雲從科技", "exchange": "上海證券交易所"}, "cloudwalk"),
    ({"name_as_written": "XIAMEN MEIYA PICO INFO-A", **CN}, "meiya-pico"),
    ({"name_as_written": "INSPUR ELEC INFO IND CO LTD", **CN}, "ieit-systems"),
]
POSSIBLE: list[tuple[dict[str, str], str]] = [
    ({"name_as_written": "HANGZHOU HIKVISION DIGITAL TEC-A", **CN}, "hikvision"),
    ({"name_as_written": "HANGZHOU HIKVI-A", **CN}, "hikvision"),
    ({"name_as_written": "CITIGROUP ACCESS PRODUCT HIKVISION", "country": "United States"}, "hikvision"),
    ({"name_as_written": "UBS P-NOTE HANGZHOU HIKVISION", "kind": "structured-note"}, "hikvision"),
    ({"name_as_written": "HANGZHOU HIKVISON DIGITAL", **CN}, "hikvision"),
    ({"name_as_written": "ZTE CORP CB 0% 05AUG2030", "kind": "bond"}, "zte"),
    ({"name_as_written": "SENSETIME GRO", "country": "Cayman Islands"}, "sensetime"),
    ({"name_as_written": "CHINA TELECO", "currency": "USD"}, "china-telecom"),
    ({"name_as_written": "HANGZHOU HIKVISION DIGITAL TEC", "ticker": "94415", "exchange": "Hong Kong"}, "hikvision"),
]
BY_CODE_AND_CUT_NAME: list[tuple[dict[str, str], str]] = [
    ({"ticker": "002415", "name_as_written": "HANGZHOU HIKVISION DIGITAL TEC-A"}, "XSHE:002415"),
    ({"ticker": "2415", "name_as_written": "HANGZHOU HIKVI-A"}, "XSHE:002415"),
    ({"ticker": "763", "name_as_written": "ZTE CORP-H"}, "XHKG:0763"),
    ({"ticker": "63", "name_as_written": "ZTE CORP-A"}, "XSHE:000063"),
    ({"ticker": "2230", "name_as_written": "IFLYTEK CO LTD A NPV"}, "XSHE:002230"),
]
CLEAR: list[dict[str, str]] = [
    {"name_as_written": "Saudi Chemical Co", "ticker": "2230", "country": "Saudi Arabia"},
    {"name_as_written": "DONG WHA PHARM", "ticker": "000020", "exchange": "Korea Exchange"},
    {"name_as_written": "Yuhan Corp", "ticker": "000100", "country": "Korea (South)"},
    {"name_as_written": "Hikma Pharmaceuticals PLC", "ticker": "HIK", "exchange": "London Stock Exchange"},
    {"name_as_written": "ZHEJIANG DALI TECHNOLOGY CO-A", "ticker": "002214", "exchange": "XSHE"},
    {"name_as_written": "CANGZHOU DAHUA CO LTD-A", "ticker": "600230 C1"},
    {"name_as_written": "KEDA INDUSTRIAL GROUP CO LTD-A", "ticker": "600499 CH"},
    {"name_as_written": "TAIWAN SEMICONDUCTOR MANUFACTURING", "ticker": "2330", "country": "Taiwan"},
    {"name_as_written": "Inspur Intl Ltd", "ticker": "596", "exchange": "Hong Kong"},
    {"name_as_written": "DAHUA XYZ PRECISION", "ticker": "300999.SZ"},
    {"name_as_written": "GCI LLC 144A", "isin": "US36155WAD02", "country": "United States", "kind": "bond"},
    {"name_as_written": "SENSTIME AG", "isin": "US0378331005", "kind": "equity"},
]
REFUSED: list[dict[str, str]] = [
    {"ticker": "0.002415", "name_as_written": "A name nobody knows"},
    {"ticker": "002415", "exchange": "Korea Exchange"},
    {"ticker": "2330", "name_as_written": "A name nobody knows"},
]
SAME_IN_ANY_WRITING = [
    *("002415 C1", "002415 C2", "002415 CS", "002415 CH EQY", "002415 ch equity", "２415.SZ", "００２４１５．ＳＺ"),
    *("002415 HKSC", "HKSC 002415", "002415.SZ-HK", "002415 Shenzhen", "Shenzhen:002415", "深圳:002415"),
    *("CN:002415", "sz.002415", "002415_SZ", "002415(SZ)", "(002415.SZ)", "XSHE-002415", "CNSESZ:002415"),
]
US_COLUMNS = [
    ("ZTCOF", "OTC Pink", "zte"),
    ("ZTCOY", "OTC", "zte"),
    ("SMICY", "OTCQX", "smic"),
    ("XIACY", "PINX", "xiaomi"),
]
US_LINES = ["ZTCOF.PK", "ZTCOF US", "OTC:ZTCOF", "OTCMKTS:ZTCOF", "ZTCOF UV", "FZM.F", "FZM GR"]

LINES: list[Mapping[str, Any]] = [
    *(row for group in (PROBABLE, POSSIBLE, BY_CODE_AND_CUT_NAME) for row, _ in group),
    *CLEAR,
    *REFUSED,
    *({"ticker": code} for code in (*SAME_IN_ANY_WRITING, *US_LINES)),
    *({"ticker": code, "exchange": exchange} for code, exchange, _ in US_COLUMNS),
]


def line_key(row: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(row.items()))


@pytest.fixture(scope="module", params=[Memory, DuckDB], ids=lambda kind: kind.name)
def look(request: pytest.FixtureRequest, keys: IdentityKeys) -> Look:
    """Give what a line of this module was resolved to; all of them are resolved together."""
    found = dict(zip(map(line_key, LINES), identified(LINES, keys, request.param()), strict=True))
    return lambda **row: found[line_key(row)]


def test_a_known_name_in_another_writing_with_a_witness_is_probable(look: Look) -> None:
    found = [(row["name_as_written"], look(**row).issuer, look(**row).confidence) for row, _ in PROBABLE]
    assert found == [(row["name_as_written"], issuer, "probable") for row, issuer in PROBABLE]


def test_a_name_cut_short_or_like_a_known_one_is_a_line_to_review_and_never_weight(look: Look) -> None:
    found = [(row["name_as_written"], look(**row).candidate, look(**row).confidence) for row, _ in POSSIBLE]
    assert found == [(row["name_as_written"], issuer, "possible") for row, issuer in POSSIBLE]
    assert {look(**row).outcome for row, _ in POSSIBLE} == {"uncovered"}


def test_a_code_of_letters_beside_a_column_for_its_market_is_confirmed(look: Look) -> None:
    found = [look(ticker=code, exchange=exchange) for code, exchange, _ in US_COLUMNS]
    assert [(one.issuer, one.confidence) for one in found] == [(issuer, "confirmed") for _, _, issuer in US_COLUMNS]


def test_a_bare_code_and_a_name_cut_short_are_two_witnesses(look: Look) -> None:
    found = [(look(**row).security, look(**row).confidence) for row, _ in BY_CODE_AND_CUT_NAME]
    assert found == [(security, "confirmed") for _, security in BY_CODE_AND_CUT_NAME]


def test_another_company_is_clear_whatever_its_code_and_name_look_like(look: Look) -> None:
    found = [(row["name_as_written"], look(**row).outcome, look(**row).candidate) for row in CLEAR]
    assert found == [(row["name_as_written"], "clear", "") for row in CLEAR]


def test_a_number_that_is_no_identity_is_not_clear_and_not_flagged(look: Look) -> None:
    assert {(look(**row).issuer, look(**row).outcome) for row in REFUSED} == {("", "uncovered")}


def test_a_code_is_the_same_in_any_writing(look: Look) -> None:
    found = {code: look(ticker=code).security for code in SAME_IN_ANY_WRITING}
    assert found == dict.fromkeys(SAME_IN_ANY_WRITING, "XSHE:002415")


def test_a_line_of_the_american_or_german_market_is_found_before_and_after_any_word_for_it(look: Look) -> None:
    assert {code: look(ticker=code).issuer for code in US_LINES} == dict.fromkeys(US_LINES, "zte")


def test_two_lines_of_one_company_are_two_securities_and_one_issuer(look: Look) -> None:
    a_share, h_share = (look(**row) for row, security in BY_CODE_AND_CUT_NAME if ":0" in security and "ZTE" in str(row))
    assert a_share.security != h_share.security
    assert a_share.issuer == h_share.issuer == "zte"


def test_the_evidence_quotes_the_spelling_that_the_name_is_like(look: Look) -> None:
    cut, contained, like = (look(**POSSIBLE[n][0]).evidence for n in (0, 2, 4))
    assert cut.startswith("name 'HANGZHOU HIKVISION DIGITAL TEC-A' may be 'HANGZHOU HIKVISION DIGITAL TECHNOL")
    assert cut.endswith("cut short")
    assert "contains the name of a watchlist issuer, 'Hikvision'" in contained
    assert like.startswith("name 'HANGZHOU HIKVISON DIGITAL' is like ")
    assert like.endswith("94 of 100")  # 100 x 2 x 8 / (8 + 9) = 94.1, HIKVISON against HIKVISION


def test_a_former_name_is_said_with_its_day(data: Mapping[str, pl.DataFrame]) -> None:
    names = data["names"]
    dated = names.with_columns(
        until=pl.when(pl.col("name") == "Phoenix Optics Company Limited").then(date(2024, 3, 1)).otherwise("until")
    )
    keys = identity_keys({**data, "names": dated}, known_funds(data, FUNDS.frame()), as_of=date(2026, 11, 23))
    rows = [{"name_as_written": name, **CN} for name in ("Phoenix Optics Co Ltd", "Phenix Optical Co Ltd")]
    former, present = identified(rows, keys, Memory())
    assert (former.issuer, present.issuer) == ("phenix-optical", "phenix-optical")
    assert former.evidence == "name 'Phoenix Optics Co Ltd' (a former name, until 2024-03-01) with country 'China'"
    assert present.evidence == "name 'Phenix Optical Co Ltd' with country 'China'"
