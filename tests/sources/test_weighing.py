"""What the lines of a fund are fractions of, and what is left over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esgscan.sources.fields import lines_frame
from esgscan.sources.listed import ListedFund, fund_file
from esgscan.sources.weighing import BY_BOTH

if TYPE_CHECKING:
    import random

    from esgscan.records import FundFile

NUMBERS = st.floats(min_value=-1e9, max_value=1e12, allow_nan=False, allow_infinity=False)


def weighed(values: list[float | None], printed: list[float | None] | None = None, **stated: object) -> FundFile:
    lines = {
        "name_as_written": [f"Line {n}" for n in range(len(values))],
        "kind": ["equity"] * len(values),
        "market_value": values,
        "weight": printed or [None] * len(values),
    }
    fund = ListedFund(
        fund="Fund",
        as_of=date(2026, 5, 31),
        lines=lines_frame(lines),
        publisher="test",
        **stated,  # type: ignore[arg-type]
    )
    return fund_file([fund], name="file.csv", sha256="0")


def parts(file: FundFile) -> list[tuple[str, float]]:
    return [(kind, round(weight, 12)) for kind, weight in file.holdings.select("kind", "holding_weight").iter_rows()]


AMOUNTS = st.lists(st.integers(1, 10**6).map(float), min_size=2, max_size=40)


@given(amounts=AMOUNTS, chosen=st.randoms(use_true_random=False))
def test_no_line_is_proven_to_weigh_more_than_it_does_when_others_were_deleted(
    amounts: list[float], chosen: random.Random
) -> None:
    """A fund prints its weights to 0.01 %; of some of its lines, none is proven to weigh more than its amount did."""
    kept = sorted(chosen.sample(range(len(amounts)), chosen.randint(1, len(amounts))))
    values, fund = [amounts[n] for n in kept], sum(amounts)
    file = weighed([*values], [round(value / fund, 4) for value in values])
    if file.funds["denominator"][0] != BY_BOTH or file.holdings["rounding"].max() == 0.0:
        return  # what was deleted is less than rounding hides, or no line is large enough to tell the whole
    least = file.holdings.head(len(values)).select(pl.col("holding_weight") - pl.col("rounding")).to_series()
    assert all(weight <= value / fund + 1e-12 for weight, value in zip(least, values, strict=True))


def share(file: FundFile) -> float:
    return round(file.funds["share_published"][0], 12)


def test_printed_weights_tell_of_cash_lines_that_a_user_removed() -> None:
    """Values of 960 at 96 % are a fund of 1,000, of which 40 are not in the file."""
    file = weighed([560.0, 400.0], [0.56, 0.40])
    assert parts(file) == [("equity", 0.56), ("equity", 0.40), ("not-listed", 0.04)]
    assert share(file) == 0.96


def test_weights_that_round_to_nothing_do_not_make_a_list_a_part() -> None:
    file = weighed([500.0, 499.0, 0.5, 0.5], [0.50, 0.50, 0.0, 0.0])
    assert parts(file) == [("equity", 0.5), ("equity", 0.499), ("equity", 0.0005), ("equity", 0.0005)]


def test_a_line_without_a_value_weighs_what_is_printed() -> None:
    file = weighed([900.0, None], [0.90, 0.10])
    assert parts(file) == [("equity", 0.9), ("equity", 0.1)]


def test_values_above_the_net_assets_leave_debts_and_no_negative_unknown() -> None:
    file = weighed([700.0, 338.0], total=1000.0, total_is="net assets")
    assert parts(file) == [("equity", 0.7), ("equity", 0.338), ("cash", -0.038)]
    assert (share(file), file.funds["denominator"][0]) == (1.0, "net assets")


def test_stated_cash_and_unnamed_securities_are_told_apart() -> None:
    file = weighed([900.0], total=1000.0, cash=60.0, not_named=30.0, is_complete=True)
    assert parts(file) == [("equity", 0.9), ("cash", 0.06), ("cash", 0.01), ("not-listed", 0.03)]
    assert share(file) == 0.97


def test_a_complete_list_that_lacks_too_much_is_a_cut_list() -> None:
    file = weighed([900.0], total=1000.0, is_complete=True)
    assert parts(file) == [("equity", 0.9), ("not-listed", 0.1)]
    assert any("rest is uncovered" in finding.what for finding in file.findings)


def test_a_fund_worth_nothing_is_all_uncovered() -> None:
    file = weighed([5.0, -5.0], total=-3.0, is_complete=True)
    assert parts(file) == [("equity", 0.0), ("equity", 0.0), ("not-listed", 1.0)]


def test_values_that_are_of_another_whole_than_the_printed_weights_stand_for_themselves() -> None:
    file = weighed([940.0, 60.0, 1e-300], [0.0, 0.0, 0.25])
    assert parts(file) == [("equity", 0.94), ("equity", 0.06), ("equity", 0.0)]
    assert any("is 25.0000%, its value is 0.0000%" in finding.what for finding in file.findings)


def test_values_that_cancel_one_another_are_all_uncovered() -> None:
    file = weighed([1e12, -1e12, 1e-3])
    assert parts(file)[-1] == ("not-listed", 1.0)


def test_a_printed_weight_that_its_value_contradicts_is_reported_and_not_used() -> None:
    file = weighed([250.0, 350.0, 400.0], [0.05, 0.35, 0.40])
    # The large lines together say 1,000 / 0.80 = 1,250; what they do not explain is uncovered.
    assert parts(file)[0] == ("equity", 0.2)
    assert any("The printed weight of 'Line 0' is 5.0000%" in finding.what for finding in file.findings)


def test_rounding_is_no_contradiction() -> None:
    file = weighed([123.4, 876.6], [0.1234, 0.8766])
    assert file.findings == ()


def test_printed_weights_above_one_leave_debts() -> None:
    file = weighed([None, None], [0.70, 0.40])
    assert parts(file) == [("equity", 0.7), ("equity", 0.4), ("cash", -0.1)]


@settings(deadline=None)
@given(st.lists(st.tuples(NUMBERS, st.floats(min_value=-0.2, max_value=0.3)), min_size=1, max_size=30))
def test_weights_of_any_list_add_to_one(lines: list[tuple[float, float]]) -> None:
    file = weighed([value for value, _ in lines], [weight for _, weight in lines])
    total = file.holdings["holding_weight"].sum()
    scale = max(1.0, file.holdings["holding_weight"].abs().sum())
    assert total == pytest.approx(1.0, abs=1e-9 * scale)
    assert 0.0 <= file.funds["share_published"][0] <= 1.0


def test_printed_weights_tell_of_a_small_line_that_was_deleted() -> None:
    """Lines of 600, 397 and 3 in a fund of 1,000: without the last, 600 at 60 % cannot be of 997."""
    file = weighed([600.0, 397.0], [0.60, 0.397])
    assert share(file) == pytest.approx(0.997)


def test_a_list_whose_weights_can_be_rounded_from_its_own_sum_is_whole() -> None:
    # 333.33 of 999.99 prints as 33.33 %, which is of 1,000.09 at most and of 999.94 at least
    file = weighed([333.33, 333.33, 333.33], [0.3333, 0.3333, 0.3333])
    assert share(file) == 1.0
