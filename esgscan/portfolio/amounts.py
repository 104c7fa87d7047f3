"""Values, prices, currencies, weights and sides of the lines of one table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esgscan.portfolio.grids import letter
from esgscan.portfolio.headers import plain
from esgscan.portfolio.kinds import NO_ISSUER
from esgscan.portfolio.line_currencies import line_currencies, trading_currencies
from esgscan.portfolio.preambles import preamble_unit
from esgscan.terms import Kind, Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.currencies import Money
    from esgscan.portfolio.lines import Lines

SHORT_WORDS = frozenset({"short", "s", "sell", "sold", "verkauf", "空", "空头", "卖", "売", "売建", "written", "-"})
DEBITS_AND_CREDITS = (("dr", "cr"), ("d", "c"), ("debit", "credit"), ("s", "h"), ("soll", "haben"))
"""How a column beside the amounts says which of them are debits and which credits."""
BOOKED = frozenset({"dr", "d", "debit", "soll", "h"})
"""Words in the header of such a column; where all lines have one mark, all are held."""
NEAR = 0.02
"""How close quantity x price must be to the value before the two confirm each other."""


THOUSANDS = 1000.0
PARTS = {"bps": 10_000.0, "bp": 10_000.0, "‰": 1000.0}
"""Units of weights smaller than percent: how many of them are the whole."""


@dataclass(slots=True)
class Amounts:
    """Numbers of the lines that are positions, in their order, and remarks on how they were got.

    Attributes:
        market_value: Value of each line in its currency; None where there is none.
        price: Price of one unit in the same currency; None where it is in another.
        quantity: Quantity as written.
        weight: Stated weight as a fraction.
        value_scale: What turns a market value as written into an amount: 1000 where it is in thousands.
        weight_scale: What turns a weight as written into a fraction: 0.01 where it is percent.
        currency: ISO 4217; empty where the file does not say.
        side: terms.Side.
        remarks: What was computed or assumed, one sentence each.
        computed: How many values are quantity x price.
    """

    market_value: list[float | None]
    price: list[float | None]
    quantity: list[float | None]
    weight: list[float | None]
    currency: list[str]
    side: list[str]
    remarks: list[str] = field(default_factory=list)
    computed: int = 0
    value_scale: float = 1.0
    weight_scale: float = 1.0


def read_amounts(
    lines: Lines, kept: Sequence[int], kinds: Sequence[str], *, file_currency: str, is_fund: bool
) -> Amounts:
    """Give value, price, currency, weight and side of each position.

    Args:
        lines: The table.
        kept: Positions of its lines that are kept.
        kinds: Kind of each kept line.
        file_currency: Currency the file states for the whole, used where nothing nearer says.
        is_fund: The table is a fund's holdings, whose values are never in the trading currency of the line.
    """
    column = {m: [n.values[i] for i in kept] for m, n in lines.numbers.items()}
    nothing: list[float | None] = [None] * len(kept)
    scale = lines.layout.header("market_value").scale
    value = _values(lines, kept, column.get("market_value", nothing), scale)
    price = _scaled(column.get("price", nothing), _price_scale(lines))
    amounts = Amounts(
        market_value=value,
        price=price,
        quantity=_scaled(column.get("quantity", nothing), max(lines.layout.header("quantity").scale, 1.0)),
        weight=list(nothing),
        currency=[],
        side=[],
    )
    amounts.value_scale = scale
    if "market_value" in column and (held := lines.numbers["market_value"].held):
        amounts.remarks.append(
            f"values are marked DR or CR; {held}, the mark of the larger sum, is taken for what is held"
        )
    if "market_value" in column and (there := lines.numbers["market_value"].with_unit):
        example = lines.block.columns[lines.layout.index["market_value"]][min(there)]
        amounts.remarks.append(f"values with a unit behind them, such as '{example}', were multiplied by it")
    elif "market_value" in column and scale == 1:
        _scale_as_stated(amounts, preamble_unit(lines.block.above).scale)
        _scale_unsaid_thousands(amounts, lines, kinds)
    _scale_values_in_pence(amounts, lines)
    money, why = line_currencies(lines, kept, file_currency=file_currency, is_fund=is_fund)
    if why:
        amounts.remarks.append(why)
    _scale_hundredths(amounts, money, has_pounds=lines.layout.header("price").scale < 1)
    amounts.currency = [m.currency for m in money]
    if "market_value" in column or "price" in column:
        _compute_values(amounts, column.get("multiplier", nothing), kinds)
    _check_base_currency(amounts, lines, kept, kinds)
    _drop_foreign_prices(amounts, lines, kept)
    amounts.weight = _weights(lines, column.get("weight", nothing), amounts)
    _read_sides(amounts, lines, kept)
    return amounts


def _median(values: Sequence[float]) -> float:
    from statistics import median

    return median(values)


def _values(lines: Lines, kept: Sequence[int], written: Sequence[float | None], scale: float) -> list[float | None]:
    """Multiply values by the unit of their header, but for those that have one of their own."""
    own = lines.numbers["market_value"].with_unit if "market_value" in lines.numbers else frozenset()
    scaled = zip(kept, written, _scaled(written, scale), strict=True)
    return [bare if line in own else value for line, bare, value in scaled]


def _scaled(values: Sequence[float | None], scale: float) -> list[float | None]:
    if scale == 1:
        return list(values)
    if scale < 1:  # pence: 25376.1 / 100 is exact to the last bit more often than 25376.1 x 0.01
        return [None if v is None else v / round(1 / scale) for v in values]
    return [None if v is None else v * scale for v in values]


def _scale_as_stated(amounts: Amounts, scale: float) -> None:
    """Multiply values that a preamble says are in thousands, unless quantity x price shows that they are not."""
    if scale == 1:
        return
    ratios = _ratios(amounts, range(len(amounts.market_value)))
    if ratios and abs(_median(ratios) - 1) < NEAR:
        amounts.remarks.append(
            f"the file speaks of units of {scale:,.0f}, but quantity x price is the value as written"
        )
        return
    amounts.market_value = _scaled(amounts.market_value, scale)
    amounts.value_scale = scale
    amounts.remarks.append(f"values were multiplied by {scale:,.0f}, the unit that the file states above the table")


def _scale_unsaid_thousands(amounts: Amounts, lines: Lines, kinds: Sequence[str]) -> None:
    """Multiply values by 1000 where an export is in thousands or not, and the price that they give is of thousands."""
    cheapest = lines.known.layout.cheapest if lines.known else 0.0
    prices = _prices_given(amounts, kinds) if cheapest else []
    if not prices or amounts.value_scale != 1 or _median(prices) >= cheapest:
        return
    amounts.market_value = _scaled(amounts.market_value, THOUSANDS)
    amounts.value_scale = THOUSANDS
    amounts.remarks.append(
        f"values were multiplied by 1,000: the median of value over quantity is {_median(prices):.3g}, "
        "which only values in thousands give"
    )


def _prices_given(amounts: Amounts, kinds: Sequence[str]) -> list[float]:
    """Give value over quantity, of bonds in percent of the nominal."""
    rows = zip(amounts.market_value, amounts.quantity, kinds, strict=True)
    return [v / quantity * (100 if kind == Kind.BOND else 1) for v, quantity, kind in rows if v and quantity]


def _price_scale(lines: Lines) -> float:
    """Scale of the price column; thousands in a price header belong to the value beside it."""
    return min(lines.layout.header("price").scale, 1.0)


def _scale_values_in_pence(amounts: Amounts, lines: Lines) -> None:
    """Turn values into pounds that no header gives a unit, where they are quantity x price with the price in pence."""
    price, value = lines.layout.header("price"), lines.layout.header("market_value")
    if price.scale >= 1 or value.scale != 1 or value.currency:
        return
    ratios = _ratios(amounts, range(len(amounts.market_value)))
    if ratios and abs(_median(ratios) - 100) < NEAR * 100:
        amounts.market_value = _scaled(amounts.market_value, 0.01)
        amounts.value_scale = 0.01
        amounts.remarks.append("values were divided by 100: they are quantity x price, and the price is in pence")


def _scale_hundredths(amounts: Amounts, money: Sequence[Money], *, has_pounds: bool) -> None:
    """Turn pence into pounds where the currency is one of hundredths; a value already in pounds stays.

    Prices whose header says pence are in pounds by now (`has_pounds`).
    """
    pence = [i for i, m in enumerate(money) if m.scale != 1]
    if not pence:
        return
    ratios = _ratios(amounts, pence)
    wanted = 1.0 if has_pounds else 0.01
    in_pounds = bool(ratios) and abs(_median(ratios) / wanted - 1) < NEAR
    for i in pence:
        value, price = amounts.market_value[i], amounts.price[i]
        amounts.price[i] = price if price is None or has_pounds else price / 100
        amounts.market_value[i] = value if value is None or in_pounds else value / 100
    what = " and ".join(["prices"] * (not has_pounds) + ["values"] * (not in_pounds))
    if what and any(amounts.market_value[i] is not None or not has_pounds for i in pence):
        amounts.remarks.append(f"{what} of {len(pence)} lines were in hundredths (pence) and were divided by 100")


def _ratios(amounts: Amounts, lines: Sequence[int]) -> list[float]:
    """Give value / (quantity x price) of the lines that have all three."""
    ratios = []
    for i in lines:
        value, quantity, price = amounts.market_value[i], amounts.quantity[i], amounts.price[i]
        if value is not None and quantity and price:
            ratios.append(value / (quantity * price))
    return ratios


def _compute_values(amounts: Amounts, multipliers: Sequence[float | None], kinds: Sequence[str]) -> None:
    """Compute what is missing: quantity x price, and for cash the quantity itself."""
    if None not in amounts.market_value:
        return
    ratios = _ratios(amounts, range(len(kinds)))
    agrees = not ratios or abs(_median(ratios) - 1) < NEAR
    for i, kind in enumerate(kinds):
        quantity, price = amounts.quantity[i], amounts.price[i]
        if amounts.market_value[i] is not None or quantity is None:
            continue
        if kind == Kind.CASH and price is None:
            amounts.market_value[i] = quantity
        elif price is not None and agrees:
            percent = 0.01 if kind == Kind.BOND and not ratios and _is_percent_price(price, quantity) else 1.0
            amounts.market_value[i] = quantity * price * (multipliers[i] or 1.0) * percent
        amounts.computed += amounts.market_value[i] is not None
    if amounts.computed:
        amounts.remarks.append(f"values of {amounts.computed} lines are quantity x price")


def _is_percent_price(price: float, nominal: float) -> bool:
    """Whether a bond is quoted in percent of a nominal, as nearly all are."""
    return 20 <= price <= 200 and abs(nominal) >= 1000


def _check_base_currency(amounts: Amounts, lines: Lines, kept: Sequence[int], kinds: Sequence[str]) -> None:
    """Find values that are in one currency although a column names the trading currency of each line.

    Quantity x price is in the trading currency. If it meets the value on the lines of one currency only, that is the
    currency of all values.
    """
    currencies = {c for c in amounts.currency if c}
    column = lines.layout.header("market_value")
    if len(currencies) < 2 or column.currency or "market_value" not in lines.numbers or amounts.computed:
        return
    groups: dict[str, list[int]] = {}
    for i, currency in enumerate(amounts.currency):
        if kinds[i] != Kind.BOND and kinds[i] not in NO_ISSUER:
            groups.setdefault(currency, []).append(i)
    ratios = {c: _median(r) for c, members in groups.items() if (r := _ratios(amounts, members))}
    meets = [c for c, ratio in ratios.items() if abs(ratio - 1) < NEAR]
    if len(ratios) < 2 or len(meets) != 1:
        return
    others = [c for c in ratios if c != meets[0]]
    if all(abs(ratios[c] - 1) >= NEAR for c in others):
        amounts.currency = [meets[0]] * len(kept)
        amounts.price = [
            p if lines_c == meets[0] else None
            for p, lines_c in zip(amounts.price, trading_currencies(lines, kept), strict=True)
        ]
        amounts.remarks.append(
            f"values are all in {meets[0]}: quantity x price gives the value on its lines and not on those in "
            f"{', '.join(sorted(others))}"
        )


def _drop_foreign_prices(amounts: Amounts, lines: Lines, kept: Sequence[int]) -> None:
    """Leave a price out where it is in another currency than the value: the table has one currency a line."""
    own = trading_currencies(lines, kept)
    header = lines.layout.header("price").currency
    if not header and own == amounts.currency:
        return
    dropped = 0
    for i, currency in enumerate(amounts.currency):
        other = header or own[i]
        if amounts.price[i] is not None and other and currency and other != currency and not _meets(amounts, i):
            amounts.price[i] = None
            dropped += 1
    if dropped:
        at = letter(lines.layout.index["price"])
        amounts.remarks.append(f"prices of {dropped} lines (column {at}) are in another currency and were left out")


def _meets(amounts: Amounts, line: int) -> bool:
    """Whether quantity x price is the value of a line: its price is in the currency of the value."""
    return any(abs(ratio - 1) < NEAR for ratio in _ratios(amounts, [line]))


def _weights(lines: Lines, stated: Sequence[float | None], amounts: Amounts) -> list[float | None]:
    """Turn stated weights into fractions; percent or fraction is decided for the column."""
    if "weight" not in lines.numbers:
        return list(stated)
    filled = [abs(w) for w in stated if w is not None]
    header = lines.layout.header("weight")
    if part := _part(header.text):
        amounts.remarks.append(f"weights are parts of {part:,.0f}: the header says so")
        amounts.weight_scale = 1 / part
        return [None if w is None else w / part for w in stated]
    signs = lines.numbers["weight"].percent
    is_percent, why = _is_percent(filled, signs=signs, header=header.is_percent)
    amounts.remarks.append(f"weights are {'percent' if is_percent else 'fractions'}: {why}")
    amounts.weight_scale = 0.01 if is_percent else 1.0
    return [None if w is None else w / 100 for w in stated] if is_percent else list(stated)


def _part(header: str) -> float | None:
    """Say how many parts the whole has, where the header of weights says: `Weight (bps)`, `Anteil in ‰`."""
    words = plain(header).split()
    return next((part for word, part in PARTS.items() if word in words), None)


def _is_percent(weights: Sequence[float], *, signs: int, header: bool) -> tuple[bool, str]:
    """Decide between percent and fraction: signs in cells, then the sum, then the header, then the size."""
    total = sum(weights)
    if signs:
        return True, "the cells have percent signs"
    if len(weights) > 1 and 0.97 <= total <= 1.03:
        return False, f"they add to {total:.4g}"
    if total >= 50:
        return True, f"they add to {total:.4g}"
    if header:
        return True, "the header says so"
    if max(weights, default=0.0) > 1:
        return True, f"the largest is {max(weights):.4g}"
    return False, f"none is above 1 and they add to {total:.4g}"


def _read_sides(amounts: Amounts, lines: Lines, kept: Sequence[int]) -> None:
    """Find shorts by the side column, else by the sign; a short's value is negative."""
    first = amounts.market_value if "market_value" in lines.numbers or amounts.computed else amounts.weight
    signed = [v or q for v, q in zip(first, amounts.quantity, strict=True)]
    amounts.side = [Side.SHORT if v is not None and v < 0 else Side.LONG for v in signed]
    words = lines.texts.get("side")
    if words is None:
        return
    marks = [words[i].casefold().rstrip(".") for i in kept]
    pair = next((pair for pair in DEBITS_AND_CREDITS if set(filter(None, marks)) == set(pair)), None)
    is_booked = any(word in lines.layout.header("side").phrase.split() for word in BOOKED)
    owed = _owed(amounts, marks, pair) if pair else frozenset() if is_booked else SHORT_WORDS
    for position, mark in enumerate(marks):
        if mark in owed:
            amounts.side[position] = Side.SHORT
            value = amounts.market_value[position]
            amounts.market_value[position] = None if value is None else -abs(value)


def _owed(amounts: Amounts, marks: Sequence[str], pair: tuple[str, str]) -> frozenset[str]:
    """Of debits and credits in a column, give the mark of what is owed: that of the smaller sum, as in `numbers`."""
    sums = dict.fromkeys((*pair, ""), 0.0)
    for mark, value in zip(marks, amounts.market_value, strict=True):
        sums[mark] += abs(value or 0.0)
    owed, held = sorted(pair, key=lambda mark: sums[mark])
    amounts.remarks.append(
        f"lines are marked {pair[0].upper()} or {pair[1].upper()}; {held.upper()}, the mark of the larger sum, is taken"
        " for what is held"
    )
    return frozenset({owed})
