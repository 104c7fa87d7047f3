"""Whether a table lists movements - trades, orders, payments, dividends - and not what is held.

By the words of its headers, by what its cells say was done, and by days, times and balances that go on from line to
line.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import isclose
from typing import TYPE_CHECKING

from esgscan.portfolio.columns import IDENTITY, MOST, Shape, shape_of
from esgscan.portfolio.headers import CORE, plain
from esgscan.portfolio.numbers import read_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.blocks import Block
    from esgscan.portfolio.columns import Layout
    from esgscan.portfolio.grids import Cell

TRADE = re.compile(
    r"(?:(?:market|limit|stop|you|stock|share|cash|custody|free[- ]funds?|regular|account) )?(?:buy|sell|bought|sold"
    r"|purchase|sale|dividend|deposit|withdraw|interest|reinvest|fee|transfer|top-up|split|cash account interest"
    r"|ertrag|kauf|verkauf|dividende|einzahlung|auszahlung|gutschrift|zins|achat|vente|versement|intérêts|compra"
    r"|venta|venda|dividendo|acquisto|vendita|koop|aankoop|verkoop|storting|rente|köp|sälj|utdelning|insättning|uttag"
    r"|kjøp|salg|solgt|utbytte|innskudd|uttak|køb|udbytte|indskud|zakup|kupno|sprzeda|dywidend|wpłat|wypłat|entrada|saída"
    r"|покупк|продаж|дивиденд|ввод|вывод|зачислен|списан|mua|bán|frais|droits de garde|virement|alış|satış"
    r"|suscripci|reembolso|traspaso|aportaci|souscription|rachat|sottoscrizion|rimborso|resgate|stak|unstak|airdrop|fx-)\w*"
    r"(?:\b|$)|div: |(?:open|close) position|position (?:opened|closed)|withholding tax|savings plan|distribution$"
    r"|taxes$|coupon$|trading$|customer_\w+|executed$|filled$|cancell?ed$|ausgeführt$|gestrichen$|storniert$"
    r"|分红|配当|temettü|[买卖買売]$|(?:证券)?(?:买入|卖出)|买进|買入|買付|賣出|売却|売付|購入|매수|매도|입금|출금|배당|קני|מכיר|דיבידנד|העבר",
    re.IGNORECASE,
)
"""What was done, as the first word of a cell."""
NOT_DONE = re.compile(
    r"rating|recommend|signal|empfehl|einstufung|conseil|avis|opinion|raccomand|recomend|评级"
    r"|^last |^latest |^letzte|^(?:trading |banking )?book$|policy|coupon|interest|share ?class|verwendung|strateg",
    re.IGNORECASE,
)
"""Headers of columns in which `Buy` is advice or of long ago, and `Trading` or `Distribution` what a security is."""
TERMS = ("matur", "expir", "inception", "launch", "issue", "fällig", "auflage", "échéance", "vencim", "scaden", "到期")
"""Words in headers of days that are a security's own, and not of what was done."""
VALUED = ("valu", "valo", "as of", "as at", "price", "kurs", "bewert", "stich", "report", "position", "updated")
"""Words in headers of days of which a position is: those of the prices of funds differ from line to line."""
GAINS = ("unrealized", "unrealised", "nicht realisiert", "latent", "浮动盈亏", "評価損益")
"""Words in headers of a gain that was not taken yet, which only a position has."""
LOOKED_AT = 200
"""Lines of a table that are looked at for what was done."""
PRICES_OF_TODAY = frozenset({"current price", "last price", "market price", "closing price", "last", "mark price"})
"""Prices that trades do not have."""
TIMES = frozenset({"date", "timestamp", "datetime", "date time", "time", "created at", "executed at"})
"""Headers of when something was done; `last updated` and `as of` are when a position was looked at."""
CENT = 0.015
"""How far amounts that are rounded may be from the step of a balance."""
TIME_OF_DAY = re.compile(r"\d[T ]\s?(?!00:00)\d{1,2}:\d\d")
RUNNING = frozenset({"balance", "running balance", "saldo", "solde", "kontostand", "account balance", "cash balance"})
"""Headers of what an account holds after each of its movements."""
ORDERS = frozenset(
    {"order id", "order no", "order number", "order nr", "orderid", "trade id", "transaction id", "execution id"}
    | {"tx id", "txid", "txhash", "tx hash", "transaction hash", "withdrawal id"}
    | {"ordernummer", "auftragsnummer", "auftrags nr", "id ordre", "id orden", "id ordine", "id da ordem", "ordre id"}
    | {"identyfikator zlecenia", "id objednávky", "номер заявки", "номер сделки", "委托编号", "成交编号", "成交id"}
)
"""Headers of what names one trade; beside days, they are enough to tell trades from positions."""
DIVIDEND_DATES = frozenset(
    {"ex date", "ex dividend date", "ex div date", "record date", "pay date", "payment date", "payable date"}
)
"""Headers of the days of a dividend; a list of dividends has two of them."""


def lists_movements(block: Block, layout: Layout) -> bool:
    """Whether the lines of a table are what was done on an account, one after the other."""
    rules = (_is_transactions, _lists_dividends, _lists_payments, _goes_on_over_days, _has_a_time_each, _lists_trades)
    return any(rule(block, layout) for rule in rules)


def _is_transactions(block: Block, layout: Layout) -> bool:
    """Count headers that only trades have; a portfolio may have one or two of them beside its values."""
    if _has_gains(layout):
        return False
    if layout.has("date") and not _is_of_today(layout) and _has_order_numbers(block, layout):
        return True
    signs = sum("transaction" in h.meanings and h.sureness >= CORE for h in layout.headers)
    is_stated = layout.header("market_value").meaning == "market_value"  # and not `amount`, which trades have as well
    has_value = _is_of_today(layout) or (is_stated and layout.has("quantity"))
    return signs >= (4 if has_value else 2) or (signs == 1 and layout.has("date") and not has_value)


def _is_of_today(layout: Layout) -> bool:
    """Whether there is what positions have and trades do not: a weight, a price of today, a gain not yet taken.

    So are values beside the day on which they were got.
    """
    if layout.has("weight") or layout.header("price").phrase in PRICES_OF_TODAY or _has_gains(layout):
        return True
    return _is_valued(layout) and layout.header("market_value").meaning == "market_value"


def _has_gains(layout: Layout) -> bool:
    return any(word in header.text.casefold() for header in layout.headers for word in GAINS)


def _has_order_numbers(block: Block, layout: Layout) -> bool:
    """Whether a column numbers orders or trades; one that counts the lines, 1, 2, 3, only puts them in order."""
    counted = [str(line) for line in range(1, min(block.height, LOOKED_AT) + 1)]
    return any(
        plain(header.text) in ORDERS and [str(cell).removesuffix(".0") for cell in column[:LOOKED_AT]] != counted
        for header, column in zip(layout.headers, block.columns, strict=True)
    )


def _lists_dividends(_: Block, layout: Layout) -> bool:
    """Whether the days of dividends stand beside amounts that are neither prices nor stated to be values."""
    days = sum(plain(header.text) in DIVIDEND_DATES for header in layout.headers)
    is_stated = layout.header("market_value").meaning == "market_value"
    return days > 1 and not is_stated and not layout.has("price", "weight")


def _lists_payments(block: Block, layout: Layout) -> bool:
    """Whether lines are an account's movements: a day and an amount each, and nothing that a security has.

    A running balance beside the amounts shows it; else the days differ, which those of one portfolio do not.
    """
    has_amount = layout.header("market_value").meaning == "amount" or layout.header("quantity").meaning == "amount"
    if not has_amount or layout.has("price", "weight", *IDENTITY):
        return False
    if any(plain(header.text) in RUNNING for header in layout.headers):
        is_dated = layout.has("date") or any(shape_of(column[:LOOKED_AT]) is Shape.DATE for column in block.columns)
        return is_dated and (len(_days(block, layout)) != 1 or _runs_on(block, layout))
    return not layout.has("quantity") and not _is_valued(layout) and len(_days(block, layout)) > 1


def _runs_on(block: Block, layout: Layout) -> bool:
    """Whether each balance is that of the line before, or below, and an amount: else it is what is held."""
    amount = next(layout.index[m] for m in ("market_value", "quantity") if layout.header(m).meaning == "amount")
    running = next(at for at, header in enumerate(layout.headers) if plain(header.text) in RUNNING)
    amounts, balances = (
        [abs(value or 0.0) for value in read_numbers(block.columns[at][:LOOKED_AT]).values] for at in (amount, running)
    )
    steps = [abs(after - before) for before, after in pairwise(balances)]
    return bool(steps) and all(
        any(isclose(step, one, abs_tol=CENT) for one in pair)
        for step, pair in zip(steps, pairwise(amounts), strict=True)
    )


def _is_valued(layout: Layout) -> bool:
    """Whether the days are those of which prices or positions are."""
    return any(word in plain(layout.header("date").text) for word in VALUED)


def _goes_on_over_days(block: Block, layout: Layout) -> bool:
    """Whether a security comes back on other days, nearly every line of a day of its own, and none states a value.

    Positions of several days are many of each day, or they have values.
    """
    is_stated = layout.header("market_value").meaning == "market_value"
    if is_stated or _is_of_today(layout):
        return False
    named = next((layout.index[m] for m in ("isin", "ticker", "code", "name") if m in layout.index), None)
    days = _days(block, layout)
    lines = min(block.height, LOOKED_AT)
    if named is None or 2 * len(days) <= lines:
        return False
    dated = zip(block.columns[named][:lines], block.columns[layout.index["date"]][:lines], strict=True)
    of_each = Counter(security for security, day in set(dated) if security and day)
    return max(of_each.values(), default=0) > 1


def _has_a_time_each(block: Block, layout: Layout) -> bool:
    """Whether each line is of a time of day of its own, as what was done is, and positions of one evening are not.

    Prices of one day may each have their time, beside values.
    """
    if _is_of_today(layout) or plain(layout.header("date").text) not in TIMES:
        return False
    times = [str(cell) for cell in block.columns[layout.index["date"]][:LOOKED_AT] if cell]
    found = [TIME_OF_DAY.search(time) for time in times]
    days = {time[: match.start() + 1] for time, match in zip(times, found, strict=True) if match}
    is_stated = layout.header("market_value").meaning == "market_value"
    return 1 < len(times) == len(set(times)) and all(found) and (len(days) > 1 or not is_stated)


def _days(block: Block, layout: Layout) -> set[Cell]:
    """Give the different days that the lines of a table are of."""
    return {day for day in block.columns[layout.index["date"]][:LOOKED_AT] if day} if layout.has("date") else set()


def _lists_trades(block: Block, layout: Layout) -> bool:
    """Whether a column says on most lines what was done - bought, sold, paid - beside a column of dates.

    An analyst's `Buy` is none of it, and neither is the side of a position that has a value on one day.
    """
    if _is_of_today(layout):
        return False
    columns = [column[:LOOKED_AT] for column in block.columns]
    shapes = [shape_of(column) for column in columns]
    is_held = layout.has("market_value") and len(_days(block, layout)) < 2
    side = layout.index.get("side", -1) if is_held else -1
    is_dated = any(
        shape is Shape.DATE and not any(word in header.text.casefold() for word in TERMS)
        for shape, header in zip(shapes, layout.headers, strict=True)
    )
    return is_dated and any(
        shape is Shape.TEXT and at != side and not NOT_DONE.search(header.text.strip()) and _are_trades(column)
        for at, (column, shape, header) in enumerate(zip(columns, shapes, layout.headers, strict=True))
    )


def _are_trades(column: Sequence[Cell]) -> bool:
    words = [cell.strip() for cell in column if isinstance(cell, str) and cell.strip()]
    return bool(words) and sum(TRADE.match(word) is not None for word in words) > MOST * len(words)
