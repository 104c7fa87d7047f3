"""Identifiers that stand together: a CUSIP, SEDOL or FIGI on one line leads to the ISIN it stands beside elsewhere.

CUSIP and SEDOL are licensed, so none is packaged. Within one run a number is known from the lines that print it beside
an ISIN, from a file of identifiers that the user gives, and, for a CUSIP, from the ISINs of the watchlist and of known
funds: an American or Canadian ISIN is the country, the CUSIP and a check digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.identifiers import read_cusip, read_figi, read_isin, read_sedol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

READERS: dict[str, Callable[[str], str | None]] = {"cusip": read_cusip, "sedol": read_sedol, "figi": read_figi}
"""The numbers that lead to an ISIN, in the order in which they are asked."""
WITH_CUSIP = "^(?:US|CA|(?:KY|BM|VG)G)"
"""ISINs whose middle nine characters are a CUSIP; those of the Caymans, Bermuda and the Virgin Islands begin with G."""
LINKS = pl.Schema({"number": pl.String, "isin": pl.String, "said": pl.String})
"""number: `CUSIP 037833100`; said: where it stands beside the ISIN."""
LINKED = pl.Schema([(name, pl.String()) for name in ("isin", *READERS)])
BESIDE, GIVEN, WITHIN = "beside it on another line", "beside it in the file of identifiers", "which contains it"


def identifier_links(tables: Iterable[pl.DataFrame], *, given: pl.DataFrame, isins: Sequence[str]) -> pl.DataFrame:
    """Say which ISIN each number stands for.

    Args:
        tables: POSITIONS and HOLDINGS of the run.
        given: What the user gives: isin, cusip, sedol, figi.
        isins: ISINs of the watchlist and of known funds, from which CUSIPs follow.

    Returns:
        A table with the columns of `LINKS`, one row per number that stands for one ISIN. What the user gives goes
        before what the run shows.
    """
    shown = [*_beside(tables, BESIDE), _within(isins)]
    ours = _certain(pl.concat([LINKS.to_frame(), *_beside([given], GIVEN)]))
    others = _certain(pl.concat([LINKS.to_frame(), *shown])).join(ours, on="number", how="anti", maintain_order="left")
    return pl.concat([ours, others])


def add_links(lines: pl.DataFrame, numbers: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Give a line without an ISIN the one that its number stands for, and say so in `linked_by`.

    Args:
        lines: Lines with `isin`, checked.
        numbers: cusip, sedol, figi of the same lines, as written.
        links: As `identifier_links` gives them.
    """
    asked = [] if links.is_empty() else [kind for kind in READERS if _has(numbers, kind)]
    linked = lines.with_columns(linked_by=pl.lit(None, pl.String))
    for kind in asked:
        number = _numbers(numbers[kind], kind).alias("number")
        found = pl.DataFrame([number]).join(links, on="number", how="left", maintain_order="left")
        said = pl.format("{}, {}", found["number"], found["said"])
        is_new = pl.col("isin").is_null() & found["isin"].is_not_null()
        linked = linked.with_columns(
            isin=pl.coalesce("isin", found["isin"]),
            linked_by=pl.when(is_new).then(found.select(said=said)["said"]).otherwise(pl.col("linked_by")),
        )
    return linked


def _beside(tables: Iterable[pl.DataFrame], said: str) -> list[pl.DataFrame]:
    """Read the numbers that stand beside an ISIN."""
    pairs = []
    for table in tables:
        written = table.filter(pl.col("isin").is_not_null())
        for kind in (kind for kind in READERS if _has(written, kind)):
            isin = _read(written["isin"], read_isin)
            rows = pl.DataFrame({"number": _numbers(written[kind], kind), "isin": isin})
            pairs.append(rows.drop_nulls().unique(maintain_order=True).with_columns(said=pl.lit(said)))
    return pairs


def _has(table: pl.DataFrame, kind: str) -> bool:
    return kind in table.columns and table[kind].count() > 0


def _within(isins: Sequence[str]) -> pl.DataFrame:
    """Take the CUSIPs out of ISINs."""
    isin = pl.Series("isin", isins, pl.String)
    rows = isin.filter(isin.str.contains(WITH_CUSIP)).to_frame()
    number = pl.concat_str(pl.lit("CUSIP "), pl.col("isin").str.slice(2, 9))
    return rows.select(number=number, isin="isin", said=pl.lit(WITHIN)).unique(maintain_order=True)


def _certain(pairs: pl.DataFrame) -> pl.DataFrame:
    """Keep the numbers that stand for one ISIN."""
    first = pl.col("isin", "said").first()
    counted = pairs.group_by("number", maintain_order=True).agg(first, isins=pl.col("isin").n_unique())
    return counted.filter(pl.col("isins") == 1).select(LINKS.names())


def _numbers(column: pl.Series, kind: str) -> pl.Series:
    """Write numbers with a right check digit as `CUSIP 037833100`."""
    return kind.upper() + " " + _read(column, READERS[kind])


def _read(column: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """Read each distinct text once."""
    values = {text: read(text) for text in column.unique().drop_nulls()}
    return column.replace_strict(values, return_dtype=pl.String) if values else column.cast(pl.String)
