"""Real fund files whose exchange column was taken out, and more with it: no line silently becomes another company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.engines.memory import Memory
from esgscan.errors import EsgscanError
from esgscan.portfolio.reading import ReadingOptions, read_portfolio
from esgscan.securities.ladder import resolve
from esgscan.securities.lines import lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.securities.keys import IdentityKeys

pytestmark = pytest.mark.specimens

TAKEN = {
    "exchange": ["exchange"],
    "exchange and identifiers": ["exchange", "isin", "figi", "lei", "sedol", "cusip"],
    "exchange, identifiers and country": ["exchange", "isin", "figi", "lei", "sedol", "cusip", "country"],
    "all but code and name": ["exchange", "isin", "figi", "lei", "sedol", "cusip", "country", "currency"],
}
TEXTS = [*TAKEN["all but code and name"]]


@pytest.fixture(scope="module")
def read(specimens: Path) -> pl.DataFrame:
    """Read every fund file that is a table of securities; the lines of all of them, numbered."""
    tables = []
    for path in sorted((specimens / "fund-holdings").iterdir()):
        try:
            tables.append(read_portfolio(str(path), options=ReadingOptions()).table)
        except EsgscanError:
            continue
    lines = pl.concat(tables)
    return lines.with_columns(position_id=pl.format("p{}", pl.int_range(pl.len())))


def resolved(table: pl.DataFrame, keys: IdentityKeys) -> pl.DataFrame:
    engine = Memory()
    found = engine.collect(resolve(engine.frame(lines_of(table, "position_id")), keys, engine=engine))
    return found.select("line_id", "issuer_id", "outcome", "evidence", name=pl.lit(""))


@pytest.fixture(scope="module")
def known(read: pl.DataFrame, keys: IdentityKeys) -> pl.DataFrame:
    """Give what each line is, by everything that its file says."""
    return resolved(read, keys).select("line_id", known_issuer="issuer_id", known_outcome="outcome")


def test_the_files_hold_lines_of_the_watchlist_and_many_others(known: pl.DataFrame) -> None:
    assert len(known) > 20_000
    assert known["known_issuer"].count() == 9 + 17 + 1  # EIMI 2021, AOM 2020, a list of the largest lines of AAXJ


@pytest.mark.parametrize("taken", TAKEN)
def test_no_line_becomes_another_company(
    taken: str, read: pl.DataFrame, known: pl.DataFrame, keys: IdentityKeys
) -> None:
    without = read.with_columns(pl.lit(None, pl.String).alias(name) for name in TAKEN[taken])
    both = resolved(without, keys).join(known, on="line_id")
    flagged = both.filter(pl.col("outcome") == "flagged")
    wrong = flagged.filter(pl.col("issuer_id").ne_missing(pl.col("known_issuer")))
    assert wrong.to_dicts() == []
    silent = both.filter((pl.col("known_outcome") == "flagged") & (pl.col("outcome") == "clear"))
    assert silent.to_dicts() == []


def test_without_the_exchange_every_line_of_the_watchlist_is_still_found(
    read: pl.DataFrame, known: pl.DataFrame, keys: IdentityKeys
) -> None:
    both = resolved(read.with_columns(exchange=pl.lit(None, pl.String)), keys).join(known, on="line_id")
    assert both.filter(pl.col("known_issuer").is_not_null() & pl.col("issuer_id").is_null()).to_dicts() == []
