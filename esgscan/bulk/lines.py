"""A table of holdings as the engine reads it, under our names: one row per line, with its fund and day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from esgscan.tables import Frame

TEXTS = {
    "name_as_written": ("name", "security_name"),
    "isin": (),
    "figi": (),
    "lei": (),
    "cusip": (),
    "sedol": (),
    "ticker": (),
    "exchange": ("mic",),
    "country": (),
    "currency": (),
    "kind": (),
    "asset_class": (),
    "fund_name": (),
    "fund_isin": (),
    "fund_ticker": (),
    "fund_identifiers": (),
    "fund_currency": (),
}
"""Our columns of text, each with other names that people give it."""
NUMBERS = {
    "market_value": ("value",),
    "printed_weight": ("weight",),
    "holding_weight": (),
    "fund_total": ("total_market_value", "net_assets"),
}
FUND = ("fund_id", "fund")
"""Columns that say which fund a line is of."""
DESCRIBED = ("fund_isin", "fund_ticker", "fund_name")
"""Columns that describe a fund, one of which stands in where no column says which fund it is."""
NEEDED = {
    "fund": {"fund_id"},
    "day": {"as_of"},
    "value or weight": {"market_value", "printed_weight", "holding_weight"},
}
DAY = ("as_of", "as_of_date", "date")
TYPES: dict[str, nw.dtypes.DType] = {
    "fund_id": nw.String(),
    "as_of": nw.Date(),
    **dict.fromkeys(TEXTS, nw.String()),
    **dict.fromkeys(NUMBERS, nw.Float64()),
}
MEND = "name the columns as table HOLDINGS does: fund_id, as_of, name_as_written, isin, kind, market_value and so on"


def fund_lines(table: Frame, *, as_of: date, where: str) -> Frame:
    """Give the lines of funds that are not dated after `as_of`, under our names and with our types.

    Args:
        table: One row per line: fund_id (or fund_isin, fund_ticker, fund), as_of, what identifies the line, and
            market_value, weight or holding_weight.
        as_of: Later holdings are left out.
        where: What to call the table in an error.

    Raises:
        SourceError: There is no column for the fund, for the day, or for value and weight.
    """
    columns_there = {name.casefold(): (name, kind) for name, kind in table.collect_schema().items()}
    fund = FUND if set(FUND) & set(columns_there) else ("", *DESCRIBED)
    others = {"fund_id": fund[1:], "as_of": DAY[1:], **TEXTS, **NUMBERS}
    columns = {ours: _any_of((ours, *others[ours]), columns_there, kind) for ours, kind in TYPES.items()}
    there = {ours: expression for ours, expression in columns.items() if expression is not None}
    for what, one_of in NEEDED.items():
        if not there.keys() & one_of:
            raise SourceError(f"The table has no column for the {what}.", where=where, mend=MEND)
    return table.select(**there).filter((nw.col("as_of") <= as_of) | nw.col("as_of").is_null())


def _any_of(
    words: tuple[str, ...], there: dict[str, tuple[str, nw.dtypes.DType]], kind: nw.dtypes.DType
) -> nw.Expr | None:
    """Give the first of these columns that has a value on a line, or nothing where there is no such column."""
    found = [_typed(*there[word], kind) for word in words if word in there]
    return nw.coalesce(*found) if len(found) > 1 else next(iter(found), None)


def _typed(name: str, given: nw.dtypes.DType, wanted: nw.dtypes.DType) -> nw.Expr:
    """Read a column as the type that is wanted; what is no number, one that is infinite too, is missing."""
    if given.is_float():
        finite = nw.when(nw.col(name).is_finite()).then(nw.col(name))
        return finite if given == wanted else finite.cast(wanted)
    if given == wanted:
        return nw.col(name)
    if wanted == nw.Date and given == nw.String:
        return nw.col(name).str.slice(0, 10).str.to_date("%Y-%m-%d")
    return nw.col(name).cast(wanted)


def together(tables: Sequence[Frame]) -> Frame:
    """Put lines of several tables one below the other; a column that some lack is missing there."""
    columns = [name for name in TYPES if any(name in table.collect_schema().names() for table in tables)]
    return nw.concat([_with_columns(table, columns) for table in tables], how="vertical")


def _with_columns(table: Frame, columns: list[str]) -> Frame:
    there = set(table.collect_schema().names())
    missing = [nw.lit(None, TYPES[name]).alias(name) for name in columns if name not in there]
    return (table.with_columns(*missing) if missing else table).select(columns)
