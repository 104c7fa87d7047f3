"""Small markets written in a test, and what a scan says of each of their funds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.bulk.lines import fund_lines
from esgscan.bulk.market import MarketOptions, expose_market
from esgscan.bulk.passes import passes_over
from esgscan.engines.memory import Memory
from esgscan.records import FundFile
from esgscan.reference.datasets import dataset_names, load_dataset
from esgscan.tables import FUNDS, HOLDINGS
from tests.rows import reading
from tests.runs import scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from esgscan.tables import Engine

AS_OF = date(2026, 11, 23)
DAY = date(2026, 6, 30)
DATA = {name: load_dataset(name) for name in dataset_names()}


def line_of(fund: str, value: float, **more: Any) -> dict[str, Any]:
    """Write one line of a fund."""
    return {"fund_id": fund, "as_of": DAY, "market_value": value, "kind": "equity", **more}


def market(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Give lines of funds, with the columns of HOLDINGS and those that describe a fund."""
    texts = ("fund_name", "fund_isin", "fund_ticker", "fund_identifiers")
    schema = {**HOLDINGS.schema, **dict.fromkeys(texts, pl.String), "fund_total": pl.Float64}
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def exposed(
    engine: Engine, lines: pl.DataFrame, *, as_of: date = AS_OF, **options: Any
) -> dict[tuple[str, str | None], dict[str, Any]]:
    """Give the rows of FUND_EXPOSURES by fund and issuer."""
    frame = fund_lines(engine.frame(lines), as_of=as_of, where="the test")
    wanted = MarketOptions(as_of=as_of, **options)
    with passes_over(frame, engine) as passes:
        found = expose_market(passes, DATA, options=wanted, memory=Memory())
    rows = {(row["fund_id"], row["issuer_id"]): row for row in found.iter_rows(named=True)}
    assert len(rows) == len(found), "a fund and issuer have more than one row"
    return rows


def as_files(lines: pl.DataFrame) -> list[FundFile]:
    """Give the same lines as holdings files, one per fund and day, weighed by their values."""
    files = []
    for (fund, day), part in lines.partition_by("fund_id", "as_of", as_dict=True, maintain_order=True).items():
        value = part["market_value"].fill_null(0.0)
        total = part["fund_total"][0] or value.sum()
        described = {"name": part["fund_name"][0], "isin": part["fund_isin"][0], "ticker": part["fund_ticker"][0]}
        described["identifiers"] = part["fund_identifiers"][0]
        whole = {"fund_id": fund, "as_of": day, **described}
        rest = HOLDINGS.frame(
            [{"fund_id": fund, "as_of": day, "kind": "not-listed", "holding_weight": 1 - value.sum() / total}]
        )
        held = pl.concat([HOLDINGS.conform(part.with_columns(holding_weight=value / total)), rest])
        held = held.with_columns(holding_id=pl.format("h{}", pl.int_range(pl.len())))
        files.append(FundFile(name=str(fund), funds=FUNDS.frame([whole]), holdings=held, findings=(), sha256="0"))
    return files


def scanned(lines: pl.DataFrame, fund: Mapping[str, Any], *, as_of: date = AS_OF) -> tuple[dict[str, float], float]:
    """Scan a portfolio that is all in one fund: weight by issuer, and the part that was screened."""
    position = {"market_value": 1.0, "kind": "fund", **fund}
    found = scan(reading(position), *as_files(lines), as_of=as_of)
    exposures = found.tables["exposures"]
    return dict(zip(exposures["issuer_id"], exposures["weight"], strict=True)), found.coverage.screened
