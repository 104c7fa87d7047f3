"""Sums -> weights: what the lines of each fund are fractions of."""

from __future__ import annotations

import polars as pl

from esgscan.terms import Outcome

col, lit, when = pl.col, pl.lit, pl.when

TWICE = 1.3
"""Printed weights that add to more than this count money more than once; such a fund is uncovered."""
PERCENT = 10.0
"""Printed weights that add to more are percentages: no list counts its money ten times."""
NEARLY_WHOLE = 0.95
"""Printed weights that add to less tell of a list that was cut."""
WHOLE = 0.02
"""Printed weights that add to one within this much are a whole list."""
NOTHING = "nothing"
"""The basis of a fund whose lines cannot be weighed."""


def weigh_funds(funds: pl.DataFrame) -> pl.DataFrame:
    """Say what the lines of each fund and day are fractions of.

    A column `holding_weight` is taken as it is. Else values are divided by the value of the fund where it is stated, or
    by their sum; where there are no values, printed weights stand in.

    Args:
        funds: Sums of each fund and day (`sums.add_up_funds`).

    Returns:
        The same with `basis`, the sum that is weighed; `denominator`; `listed`, the share of the fund that its lines
        are; and `total_market_value`, missing where only weights are known.
    """
    value, scale = col("market_value"), _scale()
    printed = col("printed_weight") / scale
    is_stated = (col("fund_total") > 0).fill_null(value=False)
    basis = (
        when(printed > TWICE).then(lit(NOTHING))
        .when(col("holding_weight") != 0).then(lit("holding_weight"))
        .when((col("valued") > 0) & ((value != 0) | is_stated)).then(lit("market_value"))
        .when(printed != 0).then(lit("printed_weight"))
        .otherwise(lit(NOTHING))
    )  # fmt: skip
    is_cut = (printed > 0) & (printed < NEARLY_WHOLE)
    is_whole = ~is_stated & ((printed - 1.0).abs() < WHOLE)
    by_value = when(is_stated).then(col("fund_total")).when(is_cut).then(value / printed).otherwise(value)
    told = funds.with_columns(basis=basis).with_columns(
        denominator=when(col("basis") == "market_value").then(by_value)
        .when((col("basis") == "printed_weight") & is_whole).then(col("printed_weight"))
        .when(col("basis") == "printed_weight").then(scale)
        .otherwise(lit(1.0)),
    )  # fmt: skip
    is_money = col("basis") == "market_value"
    total = when(is_money).then(col("denominator")).when(is_stated).then(col("fund_total"))
    return told.with_columns(total_market_value=total, listed=share_of_fund())


def _scale() -> pl.Expr:
    """Say what printed weights of a whole add to: 100 where those of the fund, or of most funds of the table, do."""
    added = col("printed_weight").abs()
    of_most = when(added > 0).then(added).median().fill_null(0.0)
    return when((added > PERCENT) | (of_most > PERCENT)).then(100.0).otherwise(1.0)


def share_of_fund() -> pl.Expr:
    """Divide the sum that `basis` names by the denominator."""
    bases = ("market_value", "printed_weight", "holding_weight")
    amount = pl.coalesce(*(when(col("basis") == name).then(col(name)) for name in bases), lit(0.0))
    return amount / col("denominator")


def weigh_lines(funds: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Give the reduced holdings of each fund: what was found, what is clear, and what its lines leave out.

    Args:
        funds: As `weigh_funds` gives them.
        found: Sums of the lines that are not clear (`sums.add_up_lines`).

    Returns:
        fund_id, as_of, outcome, issuer_id, fund_held, holding_weight; the weights of a fund and day add to one.
    """
    by = ["fund_id", "as_of"]
    whole = funds.select(*by, "basis", "denominator")
    weighed = found.join(whole.filter(col("basis") != NOTHING), on=by).with_columns(holding_weight=share_of_fund())
    counted = weighed.group_by(by).agg(told=col("holding_weight").sum())
    rest = funds.join(counted, on=by, how="left").with_columns(clear=col("listed") - col("told").fill_null(0.0))
    return pl.concat(
        [
            weighed.select(*by, "outcome", "issuer_id", "fund_held", "holding_weight"),
            rest.select(*by, outcome=lit(str(Outcome.CLEAR)), holding_weight="clear"),
            rest.select(*by, outcome=lit(str(Outcome.UNCOVERED)), holding_weight=1.0 - col("listed")),
        ],
        how="diagonal",
    )
