"""Values in one currency, and weights: values first, then quantity x price, then what the file states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from esgscan.errors import PortfolioError
from esgscan.sources.rates import Rates
from esgscan.valuation import value_positions, weigh_positions
from tests.frames import collected
from tests.rows import position_table

if TYPE_CHECKING:
    import pandas as pd

    from esgscan.tables import Engine


def valued(engine: Engine, *rows: dict[str, Any], rates: dict[str, float] | None = None) -> dict[str, Any]:
    table = engine.frame(Rates(rates or {}, "EUR").into("EUR"))
    frame = collected(engine, value_positions(engine.frame(position_table(rows)), table, currency="EUR"))
    assert len(frame) == len(rows)
    return by_position(frame, "value")


def weighed(engine: Engine, *rows: dict[str, Any], rates: dict[str, float] | None = None) -> pd.DataFrame:
    table = engine.frame(Rates(rates or {}, "EUR").into("EUR"))
    frame = value_positions(engine.frame(position_table(rows)), table, currency="EUR")
    return collected(engine, weigh_positions(frame, engine=engine))


def by_position(frame: pd.DataFrame, column: str) -> dict[str, Any]:
    named = frame.set_index("position_id")[column].astype(object)
    return named.where(named.notna(), None).to_dict()


def test_the_market_value_goes_before_quantity_times_price(engine: Engine) -> None:
    found = valued(
        engine,
        {"market_value": 100.0, "quantity": 3.0, "price": 7.0},
        {"quantity": 3.0, "price": 7.0},  # 3 x 7 = 21
        {"quantity": 3.0},
        {"price": 7.0},
        {"market_value": 0.0, "quantity": 3.0, "price": 7.0},
    )
    assert found == {"p1": 100.0, "p2": 21.0, "p3": None, "p4": None, "p5": 0.0}


def test_a_value_in_another_currency_is_converted_by_its_rate(engine: Engine) -> None:
    found = valued(
        engine,
        {"market_value": 100.0, "currency": "USD"},  # 100 x 0.5 = 50
        {"quantity": 10.0, "price": 4.0, "currency": "CNY"},  # 10 x 4 x 0.125 = 5
        {"market_value": 100.0, "currency": "EUR"},
        {"market_value": 100.0, "currency": None},
        {"market_value": 100.0, "currency": "JPY"},
        rates={"USD": 0.5, "CNY": 0.125, "EUR": 9.0},
    )
    assert found == {"p1": 50.0, "p2": 5.0, "p3": 100.0, "p4": 100.0, "p5": None}


def test_a_short_is_negative_however_its_file_writes_it(engine: Engine) -> None:
    found = valued(
        engine,
        {"market_value": 100.0, "side": "short"},
        {"market_value": -100.0, "side": "short"},
        {"quantity": -10.0, "price": 4.0, "side": "short"},
        {"quantity": 10.0, "price": 4.0, "side": "short"},
        {"market_value": -7.0, "side": "long"},
    )
    assert found == {"p1": -100.0, "p2": -100.0, "p3": -40.0, "p4": -40.0, "p5": -7.0}


def test_weights_are_values_over_their_sum_and_the_printed_weight_does_not_count(engine: Engine) -> None:
    # 150 + 60 - 10 = 200
    frame = weighed(
        engine,
        {"market_value": 150.0, "weight": 0.1},
        {"market_value": 60.0, "weight": 0.1},
        {"market_value": -10.0, "weight": 0.1},
    )
    assert by_position(frame, "weight") == {"p1": 0.75, "p2": 0.3, "p3": -0.05}
    assert frame["is_valued"].all()


def test_a_line_without_a_rate_has_no_weight_and_the_others_add_to_one(engine: Engine) -> None:
    frame = weighed(
        engine,
        {"market_value": 30.0},
        {"market_value": 10.0},
        {"market_value": 60.0, "currency": "USD"},
    )
    assert by_position(frame, "weight") == {"p1": 0.75, "p2": 0.25, "p3": 0.0}
    assert by_position(frame, "is_valued") == {"p1": True, "p2": True, "p3": False}


def test_stated_weights_that_add_to_one_are_taken(engine: Engine) -> None:
    frame = weighed(engine, {"weight": 0.75}, {"weight": 0.5}, {"weight": -0.25})
    assert by_position(frame, "weight") == {"p1": 0.75, "p2": 0.5, "p3": -0.25}


def test_stated_weights_that_add_to_less_leave_the_rest_out_of_the_file(engine: Engine) -> None:
    frame = weighed(engine, {"weight": 0.5}, {"weight": 0.1})
    assert by_position(frame, "weight") == {"p1": 0.5, "p2": 0.1}


@pytest.mark.parametrize("total", [1.01, 0.99])
def test_stated_weights_that_were_rounded_are_brought_to_one(engine: Engine, total: float) -> None:
    frame = weighed(engine, {"weight": 0.5}, {"weight": total - 0.5})
    assert float(frame["weight"].sum()) == pytest.approx(1.0, abs=1e-15)
    assert by_position(frame, "weight")["p1"] == pytest.approx(0.5 / total, rel=1e-15)


def test_stated_weights_of_a_file_that_shows_funds_and_what_they_hold_are_brought_to_one(engine: Engine) -> None:
    frame = weighed(engine, {"weight": 1.0}, {"weight": 0.8})  # 1 / 1.8 and 0.8 / 1.8
    assert by_position(frame, "weight") == pytest.approx({"p1": 5 / 9, "p2": 4 / 9}, rel=1e-15)


def test_a_stated_weight_of_a_short_is_negative_as_its_value_would_be(engine: Engine) -> None:
    # 0.9 + 0.3 - 0.2 = 1
    frame = weighed(engine, {"weight": 0.9}, {"weight": 0.3}, {"weight": 0.2, "side": "short"})
    assert by_position(frame, "weight") == pytest.approx({"p1": 0.9, "p2": 0.3, "p3": -0.2}, abs=1e-12)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{}],
        [{"market_value": 0.0}],
        [{"market_value": 100.0}, {"market_value": -100.0}],
        [{"market_value": -1.0}],
        [{"market_value": 5.0, "currency": "USD"}],
        [{"weight": 0.0}],
        [{"weight": -0.5}],
    ],
)
def test_a_portfolio_that_adds_to_nothing_cannot_be_weighed(engine: Engine, rows: list[dict[str, Any]]) -> None:
    with pytest.raises(PortfolioError) as caught:
        weighed(engine, *rows)
    assert caught.value.what.startswith("Cannot compute weights: the positions add to ")
    assert "column" in caught.value.where
    assert "--fx" in caught.value.mend


def test_stated_weights_stand_in_where_a_value_is_missing_and_every_line_states_one(engine: Engine) -> None:
    frame = weighed(
        engine,
        {"market_value": 90.0, "weight": 0.5},
        {"weight": 0.3},
        {"market_value": 10.0, "currency": "USD", "weight": 0.2},
    )
    assert by_position(frame, "weight") == pytest.approx({"p1": 0.5, "p2": 0.3, "p3": 0.2}, rel=1e-15)
    assert frame["is_valued"].all()
    assert frame["is_stated"].all()


def test_values_count_where_a_line_states_no_weight(engine: Engine) -> None:
    frame = weighed(engine, {"market_value": 90.0, "weight": 0.5}, {"market_value": 10.0}, {"weight": 0.5})
    assert by_position(frame, "weight") == {"p1": 0.9, "p2": 0.1, "p3": 0.0}
    assert not frame["is_stated"].any()
