"""POSITIONS -> values in one currency, and weights.

The market value goes first, then quantity x price, then the weight that the file states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.errors import PortfolioError
from esgscan.terms import Side

if TYPE_CHECKING:
    from esgscan.tables import Engine, Frame

col, lit, when = nw.col, nw.lit, nw.when

ROUNDING = 0.02
"""Stated weights that add to one within this much were rounded; less leaves a part that is not in the file."""


def value_positions(positions: Frame, rates: Frame, *, currency: str) -> Frame:
    """Give each position its value in the portfolio's currency.

    Args:
        positions: Table POSITIONS.
        rates: currency, rate: units of the portfolio's currency for one unit of `currency`.
        currency: The portfolio's currency; a position without a currency is in it.

    Returns:
        POSITIONS with `value`, missing where there is no amount or no rate. Value and weight of a short are negative.
    """
    amount = nw.coalesce("market_value", col("quantity") * col("price"))
    signed = _signed(amount)
    in_own = col("currency").is_null() | (col("currency") == currency)
    rate = when(in_own).then(lit(1.0)).otherwise(col("rate"))
    valued = positions.join(rates, on="currency", how="left")
    return valued.with_columns(value=signed * rate, weight=_signed(col("weight"))).drop("rate")


def _signed(amount: nw.Expr) -> nw.Expr:
    """Make what is written for a short negative; one that is written so stays."""
    return when((col("side") == Side.SHORT) & (amount > 0)).then(-amount).otherwise(amount)


def weigh_positions(valued: Frame, *, engine: Engine) -> Frame:
    """Turn values into weights; stated weights stand in where values are missing and every line states its weight.

    The weights of the positions that have one add to one, unless stated weights add to less: the rest is then not in
    the file.

    Args:
        valued: POSITIONS with `value`.
        engine: Computes the totals.

    Returns:
        The same with `weight` replaced; zero, and `is_valued` false, where neither value nor weight is known.
        `is_stated` says whether the weights are those of the file.

    Raises:
        PortfolioError: The values add to zero or less, so that no weight can be computed.
    """
    counts = valued.select(
        lines=nw.len(),
        values=col("value").count(),
        weights=col("weight").count(),
        value=col("value").sum(),
        weight=col("weight").sum(),
    )
    sums = engine.collect(counts).row(0, named=True)
    is_stated = sums["values"] == 0 or (sums["values"] < sums["lines"] == sums["weights"])
    total = float(sums["weight" if is_stated else "value"] or 0)
    _check_total(total)
    denominator = lit(1.0 if is_stated and total <= 1 - ROUNDING else total)
    weight = col("weight" if is_stated else "value") / denominator
    return valued.with_columns(
        weight=weight.fill_null(0.0),
        is_valued=~weight.is_null(),
        is_stated=lit(bool(is_stated)),
    )


def _check_total(total: float) -> None:
    if not total > 0:
        raise PortfolioError(
            f"Cannot compute weights: the positions add to {total:,.2f}.",
            where="the value and weight columns of the portfolio",
            mend="name the value column with --column market_value=H, or give rates with --fx rates.csv",
        )
