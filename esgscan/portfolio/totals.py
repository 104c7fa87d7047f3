"""What a file's portfolios add up to, and the totals that the file itself prints, one beside the other."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

from esgscan.portfolio.exclusions import is_total
from esgscan.portfolio.grids import place
from esgscan.portfolio.headers import plain
from esgscan.portfolio.lines import as_text
from esgscan.portfolio.number_cells import looks_numeric
from esgscan.portfolio.numbers import read_numbers
from esgscan.portfolio.sheets import filled_cells
from esgscan.records import Finding, PortfolioReading, StatedTotal
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esgscan.portfolio.grids import Cell
    from esgscan.portfolio.positions import TablePositions

CASH_LABEL = re.compile(
    r"(?:total |available |account )?(?:cash|liquidität|guthaben|liquidités|efectivo|liquidez)(?: balance| value)?"
)
CASH = frozenset({str(Kind.CASH), str(Kind.MONEY_MARKET)})
SAME = 0.005
"""Share by which a printed total may differ from ours before a reader is warned."""
CENT = 0.01


def stated_totals(found: Sequence[TablePositions], name: str) -> list[StatedTotal]:
    """Collect the totals that the file prints, below its lines and above its tables, beside ours."""
    everything = fsum(table.total for table in found)
    totals = [
        _of_all(total, everything) if len(found) > 1 else total
        for table in found
        for total in _table_totals(table, name)
    ]
    return totals + _totals_of_exports(found, name, seen={total.where for total in totals})


def read_portfolios(found: Sequence[TablePositions], *, name: str, file_name: str) -> tuple[PortfolioReading, ...]:
    """Count and add up the positions of each portfolio of the file, in the order of the file.

    Args:
        found: The tables.
        name: Name of a portfolio that names itself nowhere.
        file_name: The file's name, for messages.
    """
    by_sheet = len({table.lines.block.sheet for table in found}) > 1
    groups: dict[str, list[_Part]] = {}
    for table in found:
        fallback = table.lines.block.sheet if by_sheet else name
        for title, part in _parts(table).items():
            groups.setdefault(title or fallback, []).append(part)
    return tuple(_portfolio(title, parts, file_name) for title, parts in groups.items())


def differing_totals(totals: Sequence[StatedTotal], cash: float) -> list[Finding]:
    """Warn of printed totals that are not the sum of the lines; cash stated above the table may be the difference."""
    said = []
    for total in totals:
        missing = total.stated - total.computed
        if abs(missing) <= max(SAME * abs(total.stated), 1.0 if total.of == "market_value" else CENT):
            continue
        stated, computed = _amount(total.stated, total), _amount(total.computed, total)
        what = f"The file states a total of {stated}; its lines add to {computed}."
        mend = "check that the file is complete"
        if cash and abs(missing - cash) < 1:
            what = f"{what} The difference is cash of {cash:,.2f} stated above the table, which is not among its lines."
            mend = "add a line for the cash if it belongs to the portfolio"
        said.append(Finding(severity=Severity.WARNING, where=total.where, what=what, mend=mend))
    return said


def cash_above(found: Sequence[TablePositions]) -> float:
    """Find an amount of cash in a preamble: `Total cash: | 250.00`."""
    for table in found:
        for _, row in table.lines.block.above:
            cells = filled_cells(row)
            if len(cells) == 2 and CASH_LABEL.fullmatch(plain(as_text(cells[0]))) and looks_numeric(cells[1]):
                return read_numbers([cells[1]]).values[0] or 0.0
    return 0.0


def one_of(currencies: Sequence[str]) -> str:
    """Give the one value that all have; empty if they differ."""
    distinct = set(currencies)
    return distinct.pop() if len(distinct) == 1 else ""


def _table_totals(table: TablePositions, name: str) -> Iterator[StatedTotal]:
    lines, block = table.lines, table.lines.block
    of = "market_value" if "market_value" in lines.numbers else "weight"
    is_value = of == "market_value"
    currency = one_of(table.amounts.currency) if is_value else ""
    scale = table.amounts.value_scale if is_value else table.amounts.weight_scale
    for row, stated, computed in lines.totals:
        where = place(name, block.sheet, row)
        yield StatedTotal(where=where, stated=stated * scale, computed=computed * scale, currency=currency, of=of)
    total = table.total
    for row, cells in block.above:
        stated_above = _total_above(cells)
        if stated_above is not None and total:
            yield StatedTotal(
                where=place(name, block.sheet, row), stated=stated_above, computed=total, currency=currency
            )


def _totals_of_exports(found: Sequence[TablePositions], name: str, *, seen: set[str]) -> list[StatedTotal]:
    """Collect the totals that a known export states outside its lines; they are of the whole sheet."""
    totals = []
    exports = {table.lines.block.sheet: table.lines.known for table in found if table.lines.known}
    for sheet, export in exports.items():
        tables = [table for table in found if table.lines.block.sheet == sheet]
        currency = one_of([c for table in tables for c in table.amounts.currency])
        computed = fsum(table.total for table in tables)
        for stated, row in export.totals() if currency else ():
            where = place(name, sheet, row)
            if where not in seen:
                totals.append(StatedTotal(where=where, stated=stated, computed=computed, currency=currency))
    return totals


def _of_all(total: StatedTotal, everything: float) -> StatedTotal:
    """Compare a total with the sum of all tables if that is what it is of."""
    is_of_all = total.of == "market_value" and abs(total.stated - everything) < abs(total.stated - total.computed)
    return replace(total, computed=everything) if is_of_all else total


@dataclass(frozen=True, slots=True)
class _Part:
    """What one table has of one portfolio; `is_whole` if it has nothing else."""

    table: TablePositions
    kinds: Sequence[object]
    currencies: Sequence[str]
    values: Sequence[float | None]
    weights: Sequence[float | None]
    is_whole: bool


def _parts(table: TablePositions) -> dict[str, _Part]:
    """Give the parts of a table by the portfolio that each line names."""
    names, amounts, kinds = table.columns["portfolio"], table.amounts, table.columns["kind"]
    titles = list(dict.fromkeys(names))
    if len(titles) == 1:
        whole = _Part(table, kinds, amounts.currency, amounts.market_value, amounts.weight, is_whole=True)
        return {str(titles[0] or ""): whole}
    lines: dict[str, list[int]] = {}
    for line, title in enumerate(names):
        lines.setdefault(str(title or ""), []).append(line)
    return {
        title: _Part(
            table,
            [kinds[i] for i in own],
            [amounts.currency[i] for i in own],
            [amounts.market_value[i] for i in own],
            [amounts.weight[i] for i in own],
            is_whole=False,
        )
        for title, own in lines.items()
    }


def _portfolio(name: str, parts: Sequence[_Part], file_name: str) -> PortfolioReading:
    totals: dict[str, list[float]] = {}
    for part in parts:
        for currency in set(part.currencies):
            own = (v for c, v in zip(part.currencies, part.values, strict=True) if c == currency and v is not None)
            totals.setdefault(currency, []).extend(own)
    weights = [weight for part in parts for weight in part.weights if weight is not None]
    return PortfolioReading(
        name=name,
        positions=sum(len(part.kinds) for part in parts),
        cash_lines=sum(list(part.kinds).count(kind) for part in parts for kind in CASH),
        total={currency: fsum(values) for currency, values in sorted(totals.items()) if values},
        total_weight=fsum(weights) if weights else None,
        stated_total=_stated(parts, file_name),
    )


def _stated(parts: Sequence[_Part], file_name: str) -> float | None:
    """Find the total that the file prints for these lines: the one of all of them, else the largest of one table."""
    if not all(part.is_whole for part in parts):
        return None
    total = fsum(part.table.total for part in parts)
    totals = [one for one in stated_totals([p.table for p in parts], file_name) if one.of == "market_value"]
    whole = [one.stated for one in totals if abs(one.computed - total) <= CENT * sum(p.table.count for p in parts)]
    if whole:
        return min(whole, key=lambda stated: abs(stated - total))
    return max((one.stated for one in totals), key=abs, default=None) if len(parts) == 1 else None


def _total_above(row: Sequence[Cell]) -> float | None:
    """Read a total in a preamble: `Depotgesamtwert in Euro: | 36.965,96`."""
    cells = [cell for cell in row if as_text(cell)]
    if len(cells) != 2 or not looks_numeric(cells[1]):
        return None
    label = plain(as_text(cells[0])).removesuffix(" in euro").removesuffix(" in eur").removesuffix(" value").strip()
    if not (is_total(label) or label in {"stock", "portfolio", "account", "total"}):
        return None
    return read_numbers([cells[1]]).values[0]


def _amount(amount: float, total: StatedTotal) -> str:
    return f"{amount:,.2f}" if total.of == "market_value" else f"{amount:.2%}"
