"""What the lines of a fund weigh, of which whole, and what the list leaves out.

Weights come from market values where the file has them, and never from the printed column, which is rounded; the two
are compared, and where they disagree the reader is told.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from esgscan.records import Finding
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from esgscan.sources.listed import ListedFund

SUM_TOLERANCE = 1e-9
NEARLY_WHOLE = 0.95
"""Printed weights that add to less tell of a list that was cut; thousands of lines that round to zero miss less."""
WHOLE = 0.02
"""Printed weights that add to one within this much are a whole list."""
CLAIMS = 0.05
"""Most that claims less debts may be where the list has every investment: interest and sales not yet paid."""
LARGE = 0.01
"""Printed weights from here on are exact enough to tell the whole: rounding to 0.01 % moves them by half a percent."""
ENOUGH = 0.05
"""Large lines together must weigh this much before they tell the whole."""
NO_DIGIT = 1e-10
"""What a fraction may be beside a decimal number of a file without meaning it."""
DIGITS = range(4, 9)
"""Digits that printed weights have behind the point, as fractions: 0.01 % has four."""
APART = 0.01
"""Value and printed weight give two wholes when these differ by more."""
MOST = 1.3
"""Values that add to more than this many wholes are not those that the printed weights are of."""
LINES_SHOWN = 5
OTHER_ASSETS = "Other assets less liabilities"
BY_VALUES, BY_WEIGHTS = "sum of the values in the file", "printed weights"
BY_BOTH = "sum of the values in the file, by its printed weights a part of the fund"


class Rest(NamedTuple):
    """A part of the fund that stands on no line."""

    name: str | None
    kind: Kind
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Weights of the lines and what they are fractions of.

    Attributes:
        weights: One per line.
        rounding: Most by which each is too high: the whole that rounded weights tell may be larger.
        denominator: The whole, in the fund's currency; None where there are only printed weights.
        basis: What the denominator is.
        rest: What the list leaves out; with it the weights add to one.
        share_published: Share of the fund that is listed or stated to be cash.
        findings: What the reader must know.
    """

    weights: pl.Series
    rounding: pl.Series
    denominator: float | None
    basis: str
    rest: tuple[Rest, ...]
    share_published: float
    findings: tuple[Finding, ...]


def weigh(listed: ListedFund, name: str) -> Weighed:
    """Weigh the lines of a fund by market values; where the file has none, by the printed weights."""
    whole: float | None
    has_values = listed.lines["market_value"].null_count() < listed.lines.height
    if has_values:
        whole, basis, largest = _whole(listed)
        weights = _weights(listed, whole or 0.0)
        rounding = weights * (1.0 - whole / largest) if whole and largest else weights * 0.0
    else:
        whole, basis = _stated(listed), BY_WEIGHTS
        weights = _printed_weights(listed)
        rounding = weights * 0.0
    rest = _rest(listed, weights)
    share = max(0.0, 1.0 - sum(part.weight for part in rest if part.kind is Kind.NOT_LISTED))
    apart = _disagreements(listed, weights, name) if has_values else []
    return Weighed(
        weights=weights,
        rounding=rounding,
        denominator=whole,
        basis=basis,
        rest=rest,
        share_published=share,
        findings=(*_cut(listed, share, name), *apart),
    )


def implied_whole(values: pl.Series, printed: pl.Series) -> float | None:
    """Say which whole the large lines tell: the sum of their values over the sum of their printed weights."""
    large = ((printed >= LARGE) & (values > 0)).fill_null(value=False)
    told = float(printed.filter(large).sum())
    return float(values.filter(large).sum()) / told if told >= ENOUGH else None


def _bounds(values: pl.Series, printed: pl.Series) -> tuple[float, float] | None:
    """Give the least and the largest whole that the printed weights of the large lines can have been rounded from.

    Each bounds the whole by half a unit of its last digit; None where the lines contradict one another.
    """
    large = ((printed >= LARGE) & (values > 0)).fill_null(value=False)
    value, weight, half = values.filter(large), printed.filter(large), _half_unit(printed.drop_nulls().to_list())
    least, most = max((value / (weight + half)).to_list()), min((value / (weight - half)).to_list())
    return (least, most) if least <= most else None


def _half_unit(printed: list[float]) -> float:
    """Say how much rounding can have moved a printed weight: half a unit of the last digit that any of them has."""
    for digits in DIGITS:
        if all(abs(weight - round(weight, digits)) < NO_DIGIT for weight in printed):
            return 0.5 * 10.0**-digits
    return NO_DIGIT


def _stated(listed: ListedFund) -> float | None:
    """Give the value of the whole fund as the file states it; one that is not positive is no denominator."""
    return listed.total if listed.total and listed.total > 0 else None


def _whole(listed: ListedFund) -> tuple[float, str, float | None]:
    """Say what the values are fractions of: the stated whole, what the printed weights tell of it, or their own sum.

    Returns:
        The whole, what it is, and the largest that it can be where rounded weights tell it.
    """
    values, printed = listed.lines["market_value"], listed.lines["weight"]
    stated, total = _stated(listed), float(values.sum())
    if stated:
        return stated, listed.total_is, None
    told, implied = float(printed.filter(values.is_not_null()).sum()), implied_whole(values, printed)
    if implied and abs(total) <= MOST * implied:
        bounds = _bounds(values, printed)
        if bounds and total < bounds[0]:
            return min(max(implied, bounds[0]), bounds[1]), BY_BOTH, bounds[1]
        if abs(total - implied) > APART * implied:
            return implied, BY_BOTH, None
    if not implied and 0 < told < NEARLY_WHOLE and total > 0:
        return total / told, BY_BOTH, None
    return total, BY_VALUES, None


def _weights(listed: ListedFund, whole: float) -> pl.Series:
    """Divide the values by the whole; a line without a value weighs what is printed.

    A whole that is nothing, beside values that cancel one another, is no whole.
    """
    values, printed = listed.lines["market_value"], listed.lines["weight"]
    if whole <= max(SUM_TOLERANCE * float(values.abs().sum()), sys.float_info.min):
        return pl.Series([0.0] * values.len(), dtype=pl.Float64)
    return (values / whole).fill_null(printed).fill_null(0.0)


def _printed_weights(listed: ListedFund) -> pl.Series:
    """Take printed weights that add to nearly one as all of the fund, and others as they are."""
    printed = listed.lines["weight"].fill_null(0.0)
    total = float(printed.sum())
    return printed / total if not _stated(listed) and abs(total - 1.0) < WHOLE else printed


def _rest(listed: ListedFund, weights: pl.Series) -> tuple[Rest, ...]:
    """Say what is left over: stated cash, then claims and debts where all else is listed, then the unknown.

    A list that adds to more than the whole leaves debts: a fund cannot hold less than nothing of what is not listed.
    """
    missing = 1.0 - float(weights.sum())
    whole = _stated(listed)
    cash = _part(listed.cash, whole, missing)
    unnamed = _part(listed.not_named, whole, missing - cash)
    left = missing - cash - unnamed
    is_balance = left < 0 or (listed.is_complete and left <= CLAIMS)
    parts = (
        Rest("Cash not listed", Kind.CASH, cash),
        Rest(OTHER_ASSETS, Kind.CASH, left) if is_balance else Rest(None, Kind.NOT_LISTED, left),
        Rest("Securities not named", Kind.NOT_LISTED, unnamed),
    )
    return tuple(part for part in parts if abs(part.weight) > SUM_TOLERANCE)


def _part(value: float, whole: float | None, most: float) -> float:
    """Give a stated value as a fraction of the whole, but no more than is left."""
    return min(max(value / whole, 0.0), max(most, 0.0)) if whole else 0.0


def _where(listed: ListedFund, name: str) -> str:
    return f"{name}, fund '{listed.fund or listed.fund_id}'"


def _cut(listed: ListedFund, share: float, name: str) -> list[Finding]:
    """Say what part of the fund the list leaves out."""
    if share >= 1.0 - WHOLE:
        return []
    what = f"The list holds {share:.1%} of the fund; the rest is uncovered."
    mend = "give the full list"
    return [Finding(severity=Severity.WARNING, where=_where(listed, name), what=what, mend=mend)]


def _disagreements(listed: ListedFund, weights: pl.Series, name: str) -> list[Finding]:
    """Say where the printed weight is not what the value gives: more apart than rounding to 0.01 % can be."""
    printed = listed.lines["weight"]
    apart = (printed - weights).abs()
    is_apart = (apart > 1e-4) & (apart > 0.02 * weights.abs()) & printed.is_not_null()
    lines = listed.lines.with_columns(by_value=weights, by=apart).filter(is_apart.fill_null(value=False))
    lines = lines.sort("by", descending=True, maintain_order=True)
    where = _where(listed, name)
    said = [
        Finding(
            severity=Severity.INFO,
            where=where,
            what=f"The printed weight of '{line['name_as_written']}' is {line['weight']:.4%}, its value is "
            f"{line['by_value']:.4%} of the fund; the value was used.",
        )
        for line in lines.head(LINES_SHOWN).iter_rows(named=True)
    ]
    if lines.height > LINES_SHOWN:
        what = f"{lines.height:,} printed weights are not what the values give; the {LINES_SHOWN} furthest are named."
        said.append(Finding(severity=Severity.INFO, where=where, what=what))
    return said
