from __future__ import annotations

import pytest

from esgscan.securities.written import COLUMNS, WrittenLine, market_words, ways_to_read, wrong_number

WORDS = market_words({"CN": "CN", "CHINA": "CN", "US": "US"}, {"US": "US", "NASDAQ": "US", "SHENZHEN": "CN"})
HIKVISION = "CNE100000PM8"


def read(text: str) -> list[dict[str, str]]:
    """Give the filled columns of each way to read a text; that a bare line is a share is left out."""
    ways = ways_to_read(text, WORDS)
    return [{name: value for name in COLUMNS if (value := getattr(way, name)) and name != "kind"} for way in ways]


@pytest.mark.parametrize(
    ("text", "column"),
    [(HIKVISION, "isin"), ("cne100000pm8", "isin"), ("300300PV91RY9GH3CT16", "lei"), ("BBG000BLNNH6", "figi")],
)
def test_what_has_a_right_check_digit_is_read_as_nothing_else(text, column):
    assert read(text) == [{column: text.upper()}]


def test_an_isin_among_other_words_counts_and_the_words_stay():
    assert read(f"Hikvision {HIKVISION}") == [{"isin": HIKVISION, "name_as_written": "Hikvision"}]


@pytest.mark.parametrize("text", ["002415 CH", "002415.SZ", "SZSE:002415", "002415 CH Equity"])
def test_a_code_with_its_market_is_read_as_a_code_first(text):
    assert read(text)[0] == {"ticker": text}


@pytest.mark.parametrize(
    ("text", "witness"),
    [
        ("Hikvision, CN", {"country": "CN"}),
        ("Hikvision,China", {"country": "China"}),
        ("Dahua, Shenzhen", {"exchange": "Shenzhen"}),
    ],
)
def test_a_country_or_market_after_a_comma_is_a_witness_and_no_part_of_the_name(text, witness):
    name = text.partition(",")[0]
    assert read(text) == [{"ticker": name, **witness}, {"name_as_written": name, **witness}]


def test_a_comma_in_a_name_parts_nothing():
    name = "Hangzhou Hikvision Digital Technology Co., Ltd."
    assert read(name) == [{"name_as_written": name}]


@pytest.mark.parametrize("text", ["2415 Hikvision", "Hikvision 2415", "Hikvision, 2415", "2415, Hikvision"])
def test_a_code_beside_a_name_is_read_as_both(text):
    assert {"ticker": "2415", "name_as_written": "Hikvision"} in read(text)


@pytest.mark.parametrize(("text", "code", "market"), [("AAPL US", "AAPL", "US"), ("NASDAQ:AAPL", "AAPL", "NASDAQ")])
def test_a_code_of_letters_is_parted_from_a_market_that_is_known(text, code, market):
    assert read(text)[0] == {"ticker": code, "exchange": market}


def test_a_cusip_is_read_as_the_isins_that_follow_from_it():
    # China Mobile's receipt: ISIN US16941M1099 is US, the CUSIP 16941M109, and a check digit.
    assert [way["isin"][:11] for way in read("16941M109")[:2]] == ["US16941M109", "CA16941M109"]
    assert read("16941M109")[0] == {"isin": "US16941M1099"}
    assert read("16941M108") == [{"ticker": "16941M108"}, {"name_as_written": "16941M108"}]


@pytest.mark.parametrize("name", ["ZTE", "Hikvision"])
def test_letters_before_a_place_whose_codes_are_digits_are_a_name(name):
    assert read(f"{name} CN")[0] == {"name_as_written": name, "country": "CN"}
    assert not any(way.tells_security for way in ways_to_read(f"{name} CN", WORDS))


def test_nothing_is_read_as_nothing():
    assert read("") == []
    assert read("海康威视") == [{"name_as_written": "海康威视"}]


def test_a_word_with_a_country_tells_no_security_and_a_code_does():
    ways = ways_to_read("APPLE, US", WORDS)
    assert not any(way.tells_security for way in ways)
    assert ways_to_read("AAPL US", WORDS)[0].tells_security
    assert WrittenLine(isin=HIKVISION).tells_security


def test_an_unknown_code_of_a_foreign_share_in_the_united_states_tells_no_company():
    assert not ways_to_read("ZZZZY US", WORDS)[0].tells_security


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CNE100000PM9", "ISIN"),
        ("BBG000BLNNH8", "FIGI"),
        ("300300PV91RY9GH3CT17", "LEI"),
        (HIKVISION, ""),
        ("Hikvision", ""),
    ],
)
def test_a_number_with_a_slip_is_named_by_its_kind(text, kind):
    assert wrong_number(text) == kind
