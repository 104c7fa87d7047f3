"""What the tables of a Form 13F data set add up to: of each manager the unit of its values and the whole.

The rules are those for one table (`thirteen_f`, `weighing`, `duplicates`), on millions of lines at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from esgscan.records import Finding
from esgscan.sources.duplicates import SHORTEST_BLOCK, said_of_block
from esgscan.sources.thirteen_f import FIELDS, PUBLISHER, scale_of
from esgscan.sources.weighing import BY_VALUES
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

col = pl.col

SHOWN = 5
"""Managers that a finding of one kind names; of more, their number is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a data set adds up to.

    Attributes:
        funds: One row per manager and day: `manager`, table FUNDS, and `scale`, what one unit of a value is in dollars.
        twice: The lines that come a second time: line.
        findings: What the reader must know.
    """

    funds: pl.DataFrame
    twice: pl.DataFrame
    findings: tuple[Finding, ...]


def number_in(column: str) -> pl.Expr:
    """Give the decimal numbers of a column of text; anything else, and what is infinite, is none."""
    numbers = col(column).cast(pl.Float64, strict=False)
    return pl.when(numbers.is_finite()).then(numbers)


def totals(lines: pl.LazyFrame, holders: pl.DataFrame, *, name: str) -> Totals:
    """Add up the tables of the managers.

    Args:
        lines: One row per line: line, manager, and as text the columns of FIELDS.
        holders: One row per manager and day: manager, CIK, FILINGMANAGER_NAME, day, filed.
        name: The data set, for messages.
    """
    values = _values(lines)
    blocks = _blocks(values)
    twice = pl.concat([pl.DataFrame(schema={"line": pl.UInt32}), *(lines for _, _, lines in blocks)])
    once = values.join(twice, on="line", how="anti")
    price = col("value") / col("shares")
    sums = once.group_by("manager").agg(
        price=price.filter("is_priced", price.is_not_nan() & price.is_finite() & (price != 0)).median(),
        total=col("value").sum(),
        size=col("value").abs().sum(),
    )
    managers = holders.join(sums, on="manager", how="inner", maintain_order="left")
    units = [
        scale_of(price, filed or day, is_filing=bool(filed), name=f"{name}, {manager}")
        for price, filed, day, manager in managers.select("price", "filed", "day", "FILINGMANAGER_NAME").iter_rows()
    ]
    funds = _funds(managers.with_columns(scale=pl.Series([scale for scale, _ in units], dtype=pl.Float64)))
    names = dict(funds.select("manager", "name").iter_rows())
    repeated = [said_of_block(start, f"{name}, fund '{names[manager]}'") for manager, start, _ in blocks]
    said = [*_few([one for _, some in units for one in some], name), *_few(repeated, name), *_worthless(funds, name)]
    return Totals(funds=funds, twice=twice, findings=tuple(said))


def _values(lines: pl.LazyFrame) -> pl.DataFrame:
    """Take of each line the numbers, and a fingerprint of all that it says."""
    is_priced = (col("SSHPRNAMTTYPE") == "SH") & (col("PUTCALL") == "")
    return lines.select(
        "line",
        "manager",
        value=number_in("VALUE"),
        shares=number_in("SSHPRNAMT"),
        is_priced=is_priced,
        hash=pl.struct(name.upper() for name in FIELDS).hash(),
    ).collect(engine="streaming")


def _blocks(values: pl.DataFrame) -> list[tuple[int, int, pl.DataFrame]]:
    """Find the managers whose table begins again: manager, the lines of the block, and those of its second time."""
    placed = values.select("line", "manager", "hash", at=pl.int_range(pl.len()).over("manager"))
    first = placed.filter(col("at") == 0).select("manager", "hash")
    again = placed.join(first, on=["manager", "hash"], how="semi").filter(col("at") > 0)
    starts = again.group_by("manager").agg(start=col("at").min())
    heights = placed.group_by("manager").len()
    wanted = starts.join(heights, on="manager").filter(col("start") >= SHORTEST_BLOCK, col("len") >= 2 * col("start"))
    tables = placed.join(wanted, on="manager", how="inner", maintain_order="left").partition_by("manager")
    return [found for table in tables if (found := _block(table))]


def _block(table: pl.DataFrame) -> tuple[int, int, pl.DataFrame] | None:
    manager, start = table.row(0, named=True)["manager"], table.row(0, named=True)["start"]
    is_same = table["hash"][:start].equals(table["hash"][start : 2 * start])
    return (manager, start, table[start : 2 * start].select("line")) if is_same else None


def _funds(managers: pl.DataFrame) -> pl.DataFrame:
    """Describe the managers as funds; a table that adds up to nothing is uncovered as a whole."""
    whole = col("total") * col("scale")
    is_whole = (col("total") > 0) & (col("total") > 1e-9 * col("size"))
    return managers.select(
        "manager",
        "scale",
        fund_id=pl.format("13F-{}", "CIK"),
        name=col("FILINGMANAGER_NAME").fill_null(""),
        identifiers=pl.format("cik:{}", "CIK"),
        as_of="day",
        total_market_value=whole,
        currency=pl.lit("USD"),
        denominator=pl.lit(BY_VALUES),
        share_published=pl.when(is_whole).then(1.0).otherwise(0.0),
        publisher=pl.lit(PUBLISHER),
    )


def _worthless(funds: pl.DataFrame, name: str) -> Iterator[Finding]:
    if count := funds.filter(col("share_published") == 0).height:
        who = "1 manager lists" if count == 1 else f"{count:,} managers list"
        what = f"{who} nothing of value; all of {'it' if count == 1 else 'them'} is uncovered."
        yield Finding(severity=Severity.WARNING, where=name, what=what, mend="give the full list")


def _few(findings: list[Finding], name: str) -> Iterator[Finding]:
    """Give the first findings of a kind, and say how many there are."""
    yield from findings[:SHOWN]
    if len(findings) > SHOWN:
        what = f"The same is so of {len(findings) - SHOWN:,} more managers."
        yield Finding(severity=Severity.WARNING, where=name, what=what, mend=findings[0].mend)
