"""Small tables, written row by row in a test: what a row leaves out is missing, or stands here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.records import Audit, FundFile, Reading
from esgscan.reference.recorded import REDUCED
from esgscan.tables import FUNDS, HOLDINGS, PATHS, POSITIONS, Column, Table, Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from esgscan.terms import Region

HIKVISION = "CNE100000PM8"
DAHUA = "CNE100000BJ4"
EZVIZ = "CNE100005VM5"
IEIT = "CNE0000012M2"
IFLYTEK = "CNE100000B81"
XIAOMI = "KYG9830T1067"
APPLE = "US0378331005"
EEM = "US4642872349"
"""iShares MSCI Emerging Markets ETF, whose recorded days are 2022-07-31 and 2025-01-31."""
AOM = "US4642898757"
"""iShares Core Moderate Allocation ETF, recorded on 2020-11-05 with the funds inside it."""

TYPES = {"as_of": Type.DATE, "holding_weight": Type.NUMBER, "rounding": Type.NUMBER}
REDUCED_HOLDINGS = Table(
    "reduced holdings",
    "line of a fund that matters, or sum of others",
    {name: Column(TYPES.get(name, Type.TEXT), "") for name in REDUCED},
)


def position_table(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Give table POSITIONS: p1, p2 and so on, in euros and long unless a row says otherwise."""
    numbered = (
        {"position_id": f"p{n}", "source_row": n + 1, "currency": "EUR", "side": "long", **row}
        for n, row in enumerate(rows, start=1)
    )
    return POSITIONS.frame(numbered)


def line_table(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Give table POSITIONS of lines that say nothing but what is written: no currency, no side."""
    return POSITIONS.frame({"position_id": f"p{n}", **row} for n, row in enumerate(rows, start=1))


def reading(*rows: Mapping[str, Any], name: str = "portfolio.csv") -> Reading:
    """Give a portfolio file as it was read."""
    return Reading(
        name=name.removesuffix(".csv"),
        table=position_table(rows),
        audit=Audit(file_name=name, file_format="csv", kind="delimited text"),
        findings=(),
        sha256="0" * 64,
    )


def fund_file(
    *rows: Mapping[str, Any], fund: str, as_of: date, file: str = "holdings.csv", **described: Any
) -> FundFile:
    """Give a holdings file of one fund and day as it was read; `described` are columns of FUNDS."""
    source = f"user:{file}"
    whole = {"fund_id": fund, "name": fund, "as_of": as_of, "share_published": 1.0, "source_id": source, **described}
    held = (
        {"holding_id": f"h{n}", "fund_id": fund, "as_of": as_of, "source_id": source, **row}
        for n, row in enumerate(rows, start=1)
    )
    return FundFile(name=file, funds=FUNDS.frame([whole]), holdings=HOLDINGS.frame(held), findings=(), sha256="1" * 64)


def path_table(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Give table PATHS: starting paths of positions p1, p2 and so on unless a row says otherwise."""
    return PATHS.frame({"position_id": f"p{n}", "depth": 0, **row} for n, row in enumerate(rows, start=1))


def held_table(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Give reduced holdings, as `lookthrough.look_through` takes them."""
    return REDUCED_HOLDINGS.frame(rows)


def data_table(like: pl.DataFrame, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Give rows of a packaged data set, with all its columns and their types."""
    rows = list(rows)
    assert {key for row in rows for key in row} <= set(like.columns), "a column that the data set lacks"
    return pl.DataFrame(rows, schema=like.schema)


def issuer_line(fund: str, issuer: str, weight: float, **more: Any) -> dict[str, Any]:
    """Write the line of a fund that holds a flagged issuer, identity confirmed."""
    return {
        "fund_id": fund,
        "issuer_id": issuer,
        "holding_weight": weight,
        "outcome": "flagged",
        "confidence": "confirmed",
        **more,
    }


def fund_line(fund: str, held: str, weight: float, **more: Any) -> dict[str, Any]:
    """Write the line of a fund that holds another fund."""
    return {"fund_id": fund, "fund_held": held, "holding_weight": weight, "confidence": "confirmed", **more}


def rest_line(fund: str, weight: float, **more: Any) -> dict[str, Any]:
    """Write the sum of what a fund holds beside, screened and clear."""
    return {"fund_id": fund, "holding_weight": weight, "outcome": "clear", **more}


def worst_case_table(rows: Iterable[tuple[Region, str | None, float]]) -> pl.DataFrame:
    """Give region, issuer_id, worst_case."""
    schema = {"region": pl.String, "issuer_id": pl.String, "worst_case": pl.Float64}
    return pl.DataFrame([(str(region), issuer, case) for region, issuer, case in rows], schema=schema, orient="row")
