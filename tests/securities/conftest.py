"""Fixtures for the identity ladder: the packaged keys, and lines resolved on every engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from esgscan.securities.funds import known_funds
from esgscan.securities.keys import identity_keys
from esgscan.securities.ladder import resolve
from esgscan.securities.lines import lines_of
from esgscan.tables import FUNDS, SECURITIES
from tests.rows import line_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import polars as pl

    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine

AS_OF = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Identified:
    """What one line was resolved to; a missing value is empty."""

    security: str
    issuer: str
    fund: str
    isin: str
    region: str
    outcome: str
    reason: str
    matched_by: str
    confidence: str
    evidence: str
    candidate: str


@pytest.fixture(scope="session")
def keys(data: Mapping[str, pl.DataFrame]) -> IdentityKeys:
    """Give what lines are compared with on 23 November 2026, without a file of the user."""
    return identity_keys(
        data,
        known_funds(data, FUNDS.frame([{"fund_id": "A", "identifiers": "series:S1 lei:5493006TF05454RBY690"}])),
        as_of=AS_OF,
    )


def identified(rows: Sequence[Mapping[str, Any]], keys: IdentityKeys, engine: Engine) -> list[Identified]:
    """Resolve lines and give them back in their order."""
    lines = lines_of(line_table(rows), "position_id")
    found = SECURITIES.conform(engine.collect(resolve(engine.frame(lines), keys, engine=engine)))
    assert sorted(found["line_id"]) == sorted(lines["line_id"]), "one row per line, no more and no less"
    ordered = lines.select("line_id").join(found, on="line_id", maintain_order="left").drop("line_id")
    return [Identified(*("" if cell is None else cell for cell in row)) for row in ordered.rows()]


@pytest.fixture
def identify(engine: Engine, keys: IdentityKeys) -> Callable[..., Identified]:
    """Resolve one line, on every engine."""
    return lambda **row: identified([row], keys, engine)[0]
