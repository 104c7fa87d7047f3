from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esgscan.report.wording import measure_kind, measure_scope, money, percent, percent_column, plain

WEIGHTS = st.floats(min_value=-2, max_value=2, allow_nan=False)


@pytest.mark.parametrize(
    ("weight", "text"),
    [
        (0.0, "0%"),
        (0.003154012, "0.3154%"),
        (0.0000086, "0.00086%"),
        (0.4, "40.00%"),
        (0.972, "97.20%"),
        (0.05615, "5.615%"),
        (-0.0001, "-0.01%"),
        (1.0, "100%"),
        (1 - 1e-13, "100%"),
        (0.9999996, "99.99996%"),
        (1e-20, "<0.000000001%"),
        (-1e-20, ">-0.000000001%"),
        (None, ""),
    ],
)
def test_a_weight_is_written_with_four_significant_digits(weight: float | None, text: str) -> None:
    assert percent(weight) == text


@given(WEIGHTS)
def test_no_weight_but_zero_is_written_as_zero(weight: float) -> None:
    digits = percent(weight).strip("<>-%")
    assert (float(digits) == 0) == (weight == 0)


@given(st.floats(min_value=0, max_value=1, exclude_max=True))
def test_less_than_the_whole_is_not_written_as_the_whole(weight: float) -> None:
    if weight < 1 - 1e-11:
        assert float(percent(weight).strip("<%")) < 100


def test_a_column_of_weights_adds_up_as_printed() -> None:
    # A third each is 33.33% three times; one of them has to give way for the sum to be 100.00.
    assert sorted(percent_column([1 / 3, 1 / 3, 1 / 3])) == ["33.33%", "33.33%", "33.34%"]


@given(st.lists(st.integers(min_value=1, max_value=10_000), min_size=1, max_size=12))
def test_a_column_that_adds_to_one_prints_as_one_hundred(parts: list[int]) -> None:
    weights = [part / sum(parts) for part in parts]
    assert sum(float(text.strip("%")) for text in percent_column(weights)) == pytest.approx(100, abs=1e-6)


def test_a_tiny_weight_in_a_column_is_not_printed_as_zero() -> None:
    # 0.000000012 is 0.0000012%: two digits of it need seven decimals.
    assert percent_column([0.999999988, 0.000000012]) == ["99.9999988%", "0.0000012%"]


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (250_000_000.0, "EUR 250,000,000"),
        (-25_000.4, "EUR -25,000"),
        (12.5, "EUR 12.50"),
        (0.001, "EUR <0.01"),
        (0.0, "EUR 0"),
        (None, ""),
    ],
)
def test_money_has_separators_and_a_currency(amount: float | None, text: str) -> None:
    assert money(amount, "EUR") == text


def test_money_without_a_currency_is_a_bare_amount() -> None:
    assert money(1_000.0, "") == "1,000"


def test_text_from_outside_cannot_drive_a_terminal() -> None:
    assert plain("a\x1b[31mb\r\nc\u202ed\ud800") == "a [31mb c d"


def test_a_measure_on_a_subsidiary_says_that_it_is_not_on_the_company() -> None:
    row = {"scope": "subsidiary", "kind": "listing", "named_entities": "Branch Ltd.", "status": "in_force"}
    assert measure_scope(row) == "names Branch Ltd., a subsidiary of the company, not the company itself"


def test_a_step_that_was_only_considered_stays_so_after_its_end() -> None:
    assert measure_kind({"kind": "considered", "status": "ended"}) == " (considered only)"
