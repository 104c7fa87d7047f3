"""Races of `esgscan bulk` against DuckDB reading the same columns of the same Parquet into Arrow, and of the store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from timing import Race
from universe import LEAN, write_universe

if TYPE_CHECKING:
    from pathlib import Path

SMOKE_ROWS, FULL_ROWS = 50_000, 10_000_000
ALL = [*LEAN, "name_as_written", "ticker", "country", "currency"]
READ = (
    "import duckdb\n"
    "found = duckdb.sql(\"SELECT {columns} FROM read_parquet('{folder}/*.parquet')\")\n"
    "for batch in found.to_arrow_reader(1_000_000): batch.num_rows"
)


def races(folder: Path, *, is_smoke: bool, esgscan: str) -> list[Race]:
    """Write the universe with and without names, and list the races."""
    rows = SMOKE_ROWS if is_smoke else FULL_ROWS
    lean, named = folder / "lean", folder / "named"
    write_universe(lean, rows=rows, lean=True)
    write_universe(named, rows=rows)
    return [
        _race(f"bulk of {rows:,} rows by ISIN : duckdb", lean, LEAN, esgscan, target=1.2),
        _race(f"bulk of {rows:,} rows with names : duckdb", named, ALL, esgscan, target=2.5),
    ]


def _race(name: str, holdings: Path, columns: list[str], esgscan: str, *, target: float) -> Race:
    out = holdings.with_suffix(".out.parquet")
    read = READ.format(columns=", ".join(columns), folder=holdings)
    ours = [esgscan, "bulk", str(holdings), "--as-of", "2026-11-23", "-o", str(out)]
    return Race(name=name, ours=ours, theirs=[sys.executable, "-c", read], target=target)
