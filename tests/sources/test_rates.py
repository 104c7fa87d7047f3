"""A file of exchange rates: which day counts, which way the rate goes, and what is wrong with a broken one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import SourceError
from esgscan.sources.rates import Rates, read_rates

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 23)


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "rates.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    return write


def test_a_rate_is_what_one_unit_of_the_currency_buys(written) -> None:
    rates = read_rates(written("currency,rate\nUSD,0.92\ncny,0.127\n"), as_of=AS_OF)
    assert rates == Rates({"USD": 0.92, "CNY": 0.127}, "")


def test_the_newest_day_not_after_the_as_of_date_counts_in_any_order(written) -> None:
    text = "currency,rate,base,date\nUSD,0.93,EUR,2026-11-20\nUSD,0.99,EUR,2026-11-24\nUSD,0.91,EUR,2026-11-02\n"
    assert read_rates(written(text), as_of=AS_OF) == Rates({"USD": 0.93}, "EUR")


def test_the_as_of_date_itself_counts(written) -> None:
    text = "date,currency,rate\n2026-11-23,USD,0.94\n2026-11-22,USD,0.93\n"
    assert read_rates(written(text), as_of=AS_OF).rates == {"USD": 0.94}


def test_a_currency_with_later_days_only_has_no_rate(written) -> None:
    assert read_rates(written("currency,rate,date\nUSD,0.94,2026-11-24\n"), as_of=AS_OF).rates == {}


def test_headers_may_be_in_capitals_and_the_file_may_begin_with_a_byte_order_mark(written) -> None:
    assert read_rates(written("Currency, Rate\nUSD,0.92\n".encode("utf-8-sig")), as_of=AS_OF).rates == {"USD": 0.92}


def test_the_portfolio_s_own_currency_needs_no_rate() -> None:
    table = Rates({"USD": 0.92, "EUR": 1.0}, "EUR").into("EUR")
    assert table.to_dicts() == [{"currency": "USD", "rate": 0.92}]


def test_no_rates_are_a_table_without_rows() -> None:
    assert list(Rates().into("EUR").columns) == ["currency", "rate"]
    assert len(Rates().into("EUR")) == 0


@pytest.mark.parametrize(
    ("text", "what", "where", "mend"),
    [
        ("currency,rate\nUSD,n/a\n", "Cannot read a rate: 'n/a' is no positive", "line 2, column rate", "1.0842"),
        ("currency,rate\nUSD,1\nCNY,-1\n", "Cannot read a rate: '-1' is no positive", "line 3, column rate", "1.0842"),
        ("currency,rate\nUSD,0\n", "'0' is no positive number", "line 2, column rate", "1.0842"),
        ("currency,rate\nUSD,nan\n", "'nan' is no positive number", "line 2, column rate", "1.0842"),
        ("currency,rate\nUSD,inf\n", "'inf' is no positive number", "line 2, column rate", "1.0842"),
        ("currency,rate\nUSD\n", "'' is no positive number", "line 2, column rate", "1.0842"),
        ("currency,rate,date\nUSD,1,23.11.2026\n", "Cannot read the date '23.11.2026'", "line 2", "2026-11-23"),
        ("code,rate\nUSD,1\n", "the columns currency and rate are needed", "line 1", "currency,rate"),
        ("", "the columns currency and rate are needed", "line 1", "currency,rate"),
        ("currency,rate,base\nUSD,1,EUR\nCNY,7,USD\n", "they lead into EUR and USD", "rates.csv", "one currency"),
        (b"currency,rate\nUSD,\xff\xfe1\n", "Cannot read the rates", "rates.csv", "UTF-8"),
    ],
)  # fmt: skip
def test_a_broken_file_says_what_where_and_how_to_mend_it(written, text, what: str, where: str, mend: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_rates(written(text), as_of=AS_OF)
    assert what in caught.value.what
    assert where in caught.value.where
    assert "rates.csv" in caught.value.where
    assert mend in caught.value.mend


def test_a_cell_beyond_the_header_is_not_read(written) -> None:
    rates = read_rates(written("currency,rate\nUSD,0.92,seen on a screen\n"), as_of=AS_OF)
    assert rates.rates == {"USD": 0.92}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_rates(tmp_path / "none.csv", as_of=AS_OF)
    assert "none.csv" in caught.value.where


@pytest.mark.parametrize(
    ("code", "rate", "into", "mend"),
    [
        ("CNY", 8.0, "USD", 0.125),
        ("USD", 0.125, "CNY", 8.0),
        ("JPY", 160.0, "EUR", 0.00625),
        ("HKD", 10.0, "GBP", 0.1),
    ],
)
def test_a_rate_of_the_other_direction_is_refused_with_the_right_one(
    code: str, rate: float, into: str, mend: float
) -> None:
    with pytest.raises(SourceError) as refused:
        Rates({code: rate}, into, "rates.csv").into(into)
    assert refused.value.where == "rates.csv"
    assert f"one {code} is worth {rate:,.6g} {into}" in refused.value.what
    assert refused.value.mend == f"write what one {code} is worth in {into}: {mend:.6g}"


@pytest.mark.parametrize(("code", "rate", "into"), [("CNY", 0.139, "USD"), ("USD", 7.2, "CNY"), ("EUR", 1.08, "USD")])
def test_a_rate_that_may_be_right_is_taken_and_said(code: str, rate: float, into: str) -> None:
    rates = Rates({code: rate}, into, "rates.csv")
    assert rates.into(into).rows() == [(code, rate)]
    assert [one.what for one in rates.used(into, {code, into})] == [
        f"Values are changed with your rates: 1 {code} as {rate:g} {into}."
    ]
    assert rates.used(into, {into, "XYZ"}) == []
