"""Number columns: one decimal mark for a column, decided from all of its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esgscan.portfolio.number_cells import is_missing, looks_numeric, take_apart
from esgscan.portfolio.numbers import read_numbers

if TYPE_CHECKING:
    from esgscan.portfolio.grids import Cell


@pytest.mark.parametrize(
    ("cells", "values", "decimal"),
    [
        (["1.234,56", "12,5", "-"], [1234.56, 12.5, None], ","),
        (["1,234.56", "12.5"], [1234.56, 12.5], "."),
        (["1.234.567", "8"], [1234567.0, 8.0], ","),
        (["0.123"], [0.123], "."),
        (["$1,234.50", "--", "+$0.19", "-$3"], [1234.5, None, 0.19, -3.0], "."),
        (["$.00", "$402,754,128.10"], [0.0, 402754128.1], "."),
        (["-7.56e-06"], [-7.56e-06], "."),
        (["333,7442 Stück"], [333.7442], ","),
        ([1.5, "", None, "2.5"], [1.5, None, None, 2.5], "."),
        ([10, 2.5], [10.0, 2.5], ""),
    ],
)
def test_a_column_is_read_with_one_mark(cells: list[Cell], values: list[float | None], decimal: str) -> None:
    numbers = read_numbers(cells)
    assert numbers.values == values
    assert numbers.decimal == decimal
    assert numbers.unread == []


@pytest.mark.parametrize(
    ("cells", "values", "held"),
    [
        # some lines without a mark: a debit is less, a credit more, as on the statement of an account
        (["1,900.00", "500.00 DR"], [1900.0, -500.0], ""),
        (["1,900.00", "500.00CR"], [1900.0, 500.0], ""),
        # every line has one: the mark of the larger sum is what is held
        (["1,900.00 DR", "3,250.00 DR", "500.00 CR"], [1900.0, 3250.0, -500.0], "DR"),
        (["1,900.00 Cr.", "3,250.00 Cr.", "500.00 Dr."], [1900.0, 3250.0, -500.0], "CR"),
        (["1,900.00 DR", "-"], [1900.0, None], "DR"),
        (["DR 10", "CR 30"], [-10.0, 30.0], "CR"),
    ],
)
def test_debit_and_credit_are_decided_for_the_column(cells: list[Cell], values: list[float | None], held: str) -> None:
    numbers = read_numbers(cells)
    assert numbers.values == values
    assert numbers.held == held


@pytest.mark.parametrize(
    ("cells", "values", "with_unit"),
    [
        (["$1.2M", "$350k", "$850,000"], [1.2e6, 3.5e5, 8.5e5], {0, 1}),
        (["1,2 Mio. €", "-350 Tsd. €", "0,85 Mrd. €"], [1.2e6, -3.5e5, 8.5e8], {0, 1, 2}),
        (["1.5亿元", "300万"], [1.5e8, 3e6], {0, 1}),
        # crores are no credits where rupees or lakhs tell so
        (["₹30 Cr", "₹5.5 Cr"], [3e8, 5.5e7], {0, 1}),
        (["30 Cr", "80 Lakh"], [3e8, 8e6], {0, 1}),
        (["₹30 Cr", "₹5 Dr"], [30.0, -5.0], set()),
        # thousands or millions, and months or metres: not to be guessed
        (["2 mil", "1"], [None, 1.0], set()),
        (["2T", "3Y", "1"], [None, None, 1.0], set()),
    ],
)
def test_a_unit_behind_a_number_multiplies_it(
    cells: list[Cell], values: list[float | None], with_unit: set[int]
) -> None:
    numbers = read_numbers(cells)
    assert numbers.values == values
    assert numbers.with_unit == with_unit


def test_a_cell_against_its_column_is_unread_and_not_guessed() -> None:
    numbers = read_numbers(["1.234,50", "2,5", "1,234.5"])
    assert numbers.values == [1234.5, 2.5, None]
    assert numbers.unread == [2]


def test_a_bound_is_no_value_and_no_error() -> None:
    numbers = read_numbers(["7.75%", "<0.01%"])
    assert numbers.values == [7.75, None]
    assert (numbers.unread, numbers.below, numbers.percent) == ([], frozenset({1}), 2)


def test_currencies_in_cells_are_counted() -> None:
    assert dict(read_numbers(["US$5", "£3", "£4.50"]).currencies) == {"USD": 1, "GBP": 2}
    assert read_numbers(["32,997.50p"]).values == [329.975]


@pytest.mark.parametrize("text", ["abc", "12/05/2020", "1-2", "5 apples", "#REF!", "=A1", "--5--", "1e999x", "€"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_numbers([text, "1"]).values == [None, 1.0]


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    take_apart(text)
    looks_numeric(text)
    numbers = read_numbers([text, 1.0])
    assert (numbers.values[0] is None) or isinstance(numbers.values[0], float)
    assert is_missing(text) in {True, False}


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=20))
def test_real_numbers_stay_what_they_are(cells: list[float]) -> None:
    assert read_numbers(cells).values == cells
