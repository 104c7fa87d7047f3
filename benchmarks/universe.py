"""Fund holdings with the shape of the real market, the same for the same seed, at any number of rows.

Run from the project's root: python benchmarks/universe.py FOLDER [--rows 10000000] [--seed 20261123] [--lean]

About 12,000 funds; lines per fund, values, and the number of holders of a security are heavy-tailed. Three in a hundred
hold other funds, up to four deep. The watchlist appears under every spelling that the packaged names have. Fifteen
rows in a hundred have no ISIN. Rows are drawn and written a million at a time, as columns.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from portfolios import ENDINGS, FIRST_WORDS, SECOND_WORDS, SEED, invented_isin

from esgscan.reference.datasets import load_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

FUNDS = 12_000
SECURITIES = 60_000
FUNDS_OF_FUNDS = 0.03
DEEPEST = 4
INSIDE = (4, 20)
"""Funds that a fund of funds holds: at least, at most."""
WATCHLIST = 0.003
"""Share of the lines that are of a watchlist issuer."""
WITHOUT_ISIN = 0.15
POPULARITY = 3
"""How uneven it is which securities are held: the exponent of a power law."""
BATCH = 1_000_000
PART = 10_000_000
"""Rows of one file."""
ROW_GROUP = 250_000
DAYS = np.array(["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"], dtype="datetime64[D]")
LEAN = ["fund_id", "as_of", "isin", "kind", "market_value"]
"""The columns of holdings that are known by ISIN only."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a line can be: invented securities first, then watchlist spellings, then funds."""

    name: list[str]
    isin: list[str | None]
    ticker: list[str | None]
    country: list[str]
    currency: list[str]
    kind: list[str]
    invented: int
    watchlist: int


@dataclass(frozen=True, slots=True)
class Universe:
    """Funds and what their lines can be; `lines` and `level` have one entry per fund."""

    listed: Listed
    lines: NDArray[np.int64]
    level: NDArray[np.int64]
    day: NDArray[np.int64]


def write_universe(folder: Path, *, rows: int, seed: int = SEED, lean: bool = False) -> None:
    """Write `rows` holdings as Parquet files into `folder`; lean ones have only the columns `LEAN`."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    universe = make_universe(chance, rows=rows)
    writer, written, part = None, 0, 0
    for table in batches(universe, chance):
        kept = table.select(LEAN) if lean else table
        if writer is None:
            writer = pq.ParquetWriter(folder / f"part-{part:03}.parquet", kept.schema)
            part += 1
        writer.write_table(kept, row_group_size=ROW_GROUP)
        written += table.num_rows
        if written >= part * PART:
            writer.close()
            writer = None
    if writer is not None:
        writer.close()


def make_universe(chance: np.random.Generator, *, rows: int) -> Universe:
    """Draw the funds, how deep each is a fund of funds, and how many lines it has; the lines add to `rows`."""
    level = np.zeros(FUNDS, dtype=np.int64)
    of_funds = chance.choice(FUNDS, size=int(FUNDS * FUNDS_OF_FUNDS), replace=False)
    level[of_funds] = np.minimum(chance.geometric(0.5, size=len(of_funds)), DEEPEST)
    lines = chance.integers(*INSIDE, size=FUNDS)
    plain = level == 0
    lines[plain] = shares(rows - int(lines[~plain].sum()), 10 + chance.pareto(1.3, size=int(plain.sum())) * 100)
    return Universe(listed(level), lines, level, chance.integers(len(DAYS), size=FUNDS))


def shares(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Part `total` in whole numbers, as `weights` are to one another, none of them more than 40 times the mean."""
    capped = np.minimum(weights, weights.mean() * 40)
    bounds = np.floor(np.cumsum(capped) / capped.sum() * total + 0.5).astype(np.int64)
    parts: NDArray[np.int64] = np.diff(bounds, prepend=0)
    return parts


def listed(level: NDArray[np.int64]) -> Listed:
    """Name everything that a line can be."""
    countries = list(ENDINGS)
    numbers = range(SECURITIES)
    seats = [countries[n % len(countries)] for n in numbers]
    names = [
        f"{FIRST_WORDS[n % 10]} {SECOND_WORDS[n // 10 % 10]} {n} {ENDINGS[seat]}"
        for n, seat in zip(numbers, seats, strict=True)
    ]
    watched = watchlist()
    funds = [fund_name(n, int(deep)) for n, deep in enumerate(level)]
    currencies = {"US": "USD", "GB": "GBP", "DE": "EUR", "FR": "EUR", "JP": "JPY"}
    return Listed(
        name=[*names, *(name for name, _, _ in watched), *funds],
        isin=[
            *(invented_isin(seat, n) for n, seat in zip(numbers, seats, strict=True)),
            *(isin for _, isin, _ in watched),
            *map(fund_isin, range(FUNDS)),
        ],
        ticker=[*map(letters, numbers), *(code for _, _, code in watched), *[None] * FUNDS],
        country=[*seats, *["CN"] * len(watched), *["LU"] * FUNDS],
        currency=[*(currencies[seat] for seat in seats), *["CNY"] * len(watched), *["USD"] * FUNDS],
        kind=[*["equity"] * (SECURITIES + len(watched)), *["fund"] * FUNDS],
        invented=SECURITIES,
        watchlist=len(watched),
    )


def watchlist() -> list[tuple[str, str | None, str | None]]:
    """Give every spelling of every watchlist issuer with the ISIN and code of its listing, where it has one."""
    codes = {row: (isin, code) for row, isin, code in rows_of_set("listings", "issuer_id", "isin", "local_code")}
    spelled = rows_of_set("names", "issuer_id", "name")
    return [(name, *codes.get(issuer, (None, None))) for issuer, name in spelled]


def rows_of_set(name: str, *columns: str) -> list[tuple[str, ...]]:
    """Give some columns of a packaged data set, row by row."""
    return load_dataset(name).select(columns).rows()


def fund_isin(number: int) -> str:
    """Make an ISIN of Luxembourg that nobody has been given."""
    return invented_isin("LU", number)


def fund_name(number: int, level: int) -> str:
    """Name a fund; one of funds says so."""
    what = "Fund of Funds" if level else "Equity Fund"
    return f"{FIRST_WORDS[number % 10]} {SECOND_WORDS[number // 10 % 10]} {what} {number}"


def letters(number: int) -> str:
    """Write a number as a ticker of letters."""
    return "".join(chr(65 + number // 26**place % 26) for place in range(4))


def batches(universe: Universe, chance: np.random.Generator) -> Iterator[pa.Table]:
    """Give the rows, fund after fund, a million at a time."""
    fund_of = np.repeat(np.arange(FUNDS), universe.lines)
    by_level = [np.flatnonzero(universe.level == level) for level in range(DEEPEST)]
    for start in range(0, len(fund_of), BATCH):
        fund = fund_of[start : start + BATCH]
        yield rows_of(universe, fund, drawn(universe, fund, by_level, chance), chance)


def drawn(
    universe: Universe, fund: NDArray[np.int64], by_level: list[NDArray[np.int64]], chance: np.random.Generator
) -> NDArray[np.int64]:
    """Draw what each line is: few securities are held by many funds, and a fund of funds holds those below it."""
    what = universe.listed
    held = (what.invented * chance.random(len(fund)) ** POPULARITY).astype(np.int64)
    watched = chance.random(len(fund)) < WATCHLIST
    held[watched] = what.invented + chance.integers(what.watchlist, size=int(watched.sum()))
    for level, below in enumerate(by_level, start=1):
        lines = np.flatnonzero(universe.level[fund] == level)
        inside = below[chance.integers(len(below), size=len(lines))] if len(below) else fund[lines]
        held[lines] = what.invented + what.watchlist + inside
    return held


def rows_of(
    universe: Universe, fund: NDArray[np.int64], held: NDArray[np.int64], chance: np.random.Generator
) -> pa.Table:
    """Make the columns of some rows; texts are codes into the lists of `Listed`, as Parquet stores them."""
    what = universe.listed
    without = chance.random(len(fund)) < WITHOUT_ISIN
    codeless = without & (chance.random(len(fund)) < 0.5)
    values = np.round(chance.lognormal(12, 2, size=len(fund)), 2)
    names = [*map(fund_isin, range(FUNDS))]
    called = what.name[what.invented + what.watchlist :]
    return pa.table(
        {
            "fund_id": text(names, fund),
            "fund_name": text(called, fund),
            "as_of": pa.array(DAYS[universe.day[fund]]),
            "name_as_written": text(what.name, held),
            "isin": text(what.isin, held, without),
            "ticker": text(what.ticker, held, codeless),
            "country": text(what.country, held),
            "currency": text(what.currency, held),
            "kind": text(what.kind, held),
            "market_value": pa.array(values),
        }
    )


def text(
    words: list[str] | list[str | None], codes: NDArray[np.int64], missing: NDArray[np.bool_] | None = None
) -> pa.Array:
    """Give a column of texts: each code stands for a word, and none where it is missing."""
    return pa.array(words, pa.string()).take(pa.array(codes, mask=missing))


def main() -> None:
    """Write a universe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=PART)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--lean", action="store_true", help="only fund, day, ISIN, kind and value")
    asked = parser.parse_args()
    write_universe(asked.folder, rows=asked.rows, seed=asked.seed, lean=asked.lean)


if __name__ == "__main__":
    main()
