"""The currency of each line's value: what the header, a column, the cells or the preamble say, in this order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esgscan.portfolio.currencies import HUNDREDTH_CODES, Money, read_currency
from esgscan.portfolio.lines import as_text
from esgscan.portfolio.number_cells import looks_numeric, take_apart, take_apart_with_unit

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from esgscan.portfolio.grids import Cell
    from esgscan.portfolio.lines import Lines

CURRENCY_LABEL = re.compile(
    r"(?:currency|währung|devise|moneda|divisa|valuta|munt|moeda|货币|币种|通貨)\W{0,3}(?:code)?\W{0,3}([A-Z]{3}\b|[A-Z]{0,3}[$£€¥])",
    re.IGNORECASE,
)
IN_CURRENCY = re.compile(
    r"(?:values?|amounts?|figures?|prices|beträge|werte?|montants?|importes?|importi|bedragen|valores|gesamtwert|total|balance)"
    r"\s+(?:are\s+|sind\s+)?(?:all\s+)?(?:in|en|em)"
    r"\s+((?:US|HK|Canadian|Australian|Hong Kong|Singapore) dollars?|[A-Za-z]{3,8}\b|[A-Z]{0,3}[$£€¥])"
    r"|\(in ([A-Z]{3}|[A-Z]{0,3}[$£€¥])\)|^in ([A-Z]{3})$",
    re.IGNORECASE,
)
BARE_DOLLAR = re.compile(r"(?<![A-Z])\$(?!\w)")
OTHER_DOLLARS = frozenset({"AUD", "CAD", "NZD", "SGD", "HKD", "TWD"})
SYMBOL_BEFORE = re.compile(r"(US\$|HK\$|AU?\$|CA?\$|NZ\$|NT\$|S\$|R\$|[£€¥₩₹$])\s?-?\d|\d\s?(£|€|zł)")


def preamble_currency(above: Sequence[tuple[int, Sequence[Cell]]]) -> str:
    """Find the currency that the rows above a table state: `Currency: CHF`, `Gesamtwert in Euro`, `£12,497.70`.

    One of hundredths (`values in pence`) gives the code of the hundredth, GBX.
    """
    for _, row in above:
        text = "  ".join(as_text(cell) for cell in row if not looks_numeric(cell))
        for pattern in (CURRENCY_LABEL, IN_CURRENCY):
            match = pattern.search(text)
            found = read_currency(next(filter(None, match.groups()), "")) if match else None
            if match and found and (found.scale == 1 or not match[0].casefold().startswith("price")):
                return found.currency if found.scale == 1 else HUNDREDTH_CODES[found.currency]
    for _, row in above:
        for cell in row:
            match = SYMBOL_BEFORE.search(cell) if isinstance(cell, str) else None
            found = read_currency(match[1] or match[2]) if match else None
            if found:
                return found.currency
    return ""


def line_currencies(lines: Lines, kept: Sequence[int], *, file_currency: str, is_fund: bool) -> tuple[list[Money], str]:
    """Find the currency of each value: header, unit column, currency column, cells, preamble, in this order."""
    layout = lines.layout
    header = layout.header("market_value")
    if header.currency:
        return [Money(_other_dollar(header.text, file_currency) or header.currency)] * len(kept), ""
    position = layout.index.get("market_value", layout.index.get("price", -1))
    unit = layout.units.get(position)
    if unit is not None:
        cells = lines.block.columns[unit]
        return [_money(as_text(cells[i]), file_currency) for i in kept], ""
    is_local = "local_value" in header.meanings
    for meaning in ("local_currency", "currency") if is_local else ("currency",):
        if meaning in lines.texts:
            return _column_currencies([lines.texts[meaning][i] for i in kept], file_currency)
    named = lines.numbers["market_value"].currencies if "market_value" in lines.numbers else {}
    named = named or (lines.numbers["price"].currencies if "price" in lines.numbers else {})
    if named:
        return _cell_currencies(lines, kept, named, file_currency)
    stated = file_currency or _header_currency(lines)
    if stated:
        return [_money(stated, "")] * len(kept), ""
    if "local_currency" in lines.texts and not is_fund:
        why = "no currency is stated for the values; the trading currency of each line was taken"
        return [_money(lines.texts["local_currency"][i], "") for i in kept], why
    return [Money("")] * len(kept), ""


def _other_dollar(text: str, file_currency: str) -> str:
    """Give the dollar of the file where a `$` stands alone, as in Australia or Canada; empty where it is the US one."""
    return file_currency if file_currency in OTHER_DOLLARS and BARE_DOLLAR.search(text) else ""


def trading_currencies(lines: Lines, kept: Sequence[int]) -> list[str]:
    """Give the trading currency of each kept line as the currency column has it, else as its price is written."""
    column = lines.texts.get("local_currency") or lines.texts.get("currency")
    if column is not None:
        currencies = {text: _money(text, "").currency for text in set(column)}
        return [currencies[column[i]] for i in kept]
    price = lines.numbers.get("price")
    if price is None or len(price.currencies) < 2:  # one sign on all prices says no more than the header would
        return [""] * len(kept)
    cells = lines.block.columns[lines.layout.index["price"]]
    written = [take_apart(cell) if isinstance(cell := cells[i], str) else None for i in kept]
    return [one.money.currency if one and one.money else "" for one in written]


def _header_currency(lines: Lines) -> str:
    """Give the currency that the headers of the money columns name, if they name one.

    A `$` that only tells amounts from shares, as in `Gain $` beside `Gain %`, names none.
    """
    texts = {header.text.casefold() for header in lines.layout.headers}
    headers = [header for header in lines.layout.headers if header.currency]
    named = {header.currency for header in headers if not _is_against_percent(header.text.casefold(), texts)}
    return named.pop() if len(named) == 1 else ""


def _is_against_percent(text: str, texts: Container[str]) -> bool:
    return BARE_DOLLAR.search(text) is not None and text.replace("$", "%") in texts


def _column_currencies(texts: Sequence[str], file_currency: str) -> tuple[list[Money], str]:
    """Read a currency column; a line without one takes that of the file, or that of all other lines."""
    named = {text for text in texts if text}
    fallback = file_currency or (next(iter(named)) if len(named) == 1 else "")
    empty = sum(not text for text in texts)
    why = f"{empty} lines name no currency; {fallback}, that of all others, was taken" if empty and fallback else ""
    money = {text: _money(text, _money(fallback, "").currency) for text in set(texts)}
    return [money[text] for text in texts], why


def _cell_currencies(
    lines: Lines, kept: Sequence[int], named: Mapping[str, int], file_currency: str
) -> tuple[list[Money], str]:
    """Read the currency from the cells themselves; one that names none takes that of the others."""
    usual = max(named, key=lambda code: named[code])
    meaning = "market_value" if "market_value" in lines.layout.index else "price"
    cells = lines.block.columns[lines.layout.index[meaning]]
    money = []
    for i in kept:
        cell = cells[i]
        text = cell if isinstance(cell, str) and len(named) > 1 else ""
        written = take_apart(text) or take_apart_with_unit(text)
        money.append(Money(written.money.currency if written and written.money else usual))
    bare = usual == "USD" and not any(isinstance(c, str) and ("US$" in c or "USD" in c) for c in cells)
    if bare and file_currency in OTHER_DOLLARS:
        return [Money(file_currency) if one.currency == "USD" else one for one in money], ""
    bare_dollar = usual == "USD" and any(isinstance(c, str) and "$" in c and "US$" not in c for c in cells)
    return money, "'$' was read as the US dollar" if bare_dollar else ""


def _money(text: str, fallback: str) -> Money:
    return read_currency(text) or read_currency(fallback) or Money(fallback)
