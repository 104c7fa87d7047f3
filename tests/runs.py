"""Whole runs on portfolios and holdings written in a test, against the packaged data."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from esgscan.engines.memory import Memory
from esgscan.reference.datasets import dataset_names, load_dataset
from esgscan.scanning import Inputs, ScanOptions, scan_portfolio
from esgscan.sources.rates import Rates
from tests.fakes import INVENTED_RUN, SilentReporter
from tests.rows import APPLE, EEM, HIKVISION, fund_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.fund_holdings import HoldingsStore
    from esgscan.records import FundFile, Reading, Scan
    from esgscan.tables import Engine

AS_OF = date(2026, 11, 23)
DATA = {name: load_dataset(name) for name in dataset_names()}
OWN_FUND = "LU0000000009"


def scan(
    portfolio: Reading | Sequence[Reading],
    *files: FundFile,
    as_of: date = AS_OF,
    engine: Engine | None = None,
    rates: Mapping[str, float] | None = None,
    store: HoldingsStore | None = None,
    **options: Any,
) -> Scan:
    return scan_portfolio(
        Inputs(
            readings=list(portfolio) if isinstance(portfolio, list | tuple) else [portfolio],
            data=DATA,
            fund_files=files,
            store=store,
            currency="EUR",
            rates=Rates(rates or {}, "EUR").into("EUR"),
        ),
        options=ScanOptions(as_of=as_of, **options),
        engine=engine or Memory(),
        run=INVENTED_RUN,
        reporter=SilentReporter(),
    )


def own_fund(
    *rows: dict[str, Any], as_of: date = date(2026, 6, 30), file: str = "own.csv", **described: Any
) -> FundFile:
    named = {"fund": OWN_FUND, "isin": OWN_FUND, "name": "Our Own Fund", **described}
    return fund_file(*rows, as_of=as_of, file=file, **named)


def eem(as_of: date, weight: float, file: str = "eem.csv") -> FundFile:
    """Write a holdings file of the emerging-markets fund that holds Hikvision and, for the rest, Apple."""
    return fund_file(
        {"isin": HIKVISION, "name_as_written": "Hikvision", "holding_weight": weight},
        {"isin": APPLE, "name_as_written": "Apple Inc", "holding_weight": 1.0 - weight},
        fund="EEM",
        isin=EEM,
        name="iShares MSCI Emerging Markets ETF",
        as_of=as_of,
        file=file,
    )
