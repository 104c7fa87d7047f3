"""The figures every report opens with, taken from one place so that all reports agree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.report.rows import Row, rows, total

if TYPE_CHECKING:
    from esgscan.records import Scan
    from esgscan.terms import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The exposure as a whole: weights are fractions of the portfolio, values in its currency or None.

    Attributes:
        issuers: Number of flagged companies that are reached.
        weight: Net weight that reaches them; `direct` + `indirect`, and also `long` + `short`.
        counted: Part of the weight that counts by the policy of the run.
        direct: Part held directly.
        indirect: Part held through funds.
        long: Long part.
        short: Short part, negative.
        floor: What is proven.
        ceiling: What could be there at most.
        market_value: `weight` in money.
        direct_value: `direct` in money.
        indirect_value: `indirect` in money.
    """

    issuers: int
    weight: float
    counted: float
    direct: float
    indirect: float
    long: float
    short: float
    floor: float
    ceiling: float
    market_value: float | None
    direct_value: float | None
    indirect_value: float | None

    @property
    def reached(self) -> float:
        """What a report opens with: a short position takes nothing away from what is held."""
        return self.long if self.short else self.weight


def headline(scan: Scan) -> Headline:
    """Take the opening figures from a scan."""
    exposures, paths = rows(scan.tables["exposures"]), rows(scan.tables["paths"])
    known = scan.portfolio.market_value is not None
    return Headline(
        issuers=len(exposures),
        weight=scan.weight,
        counted=scan.counted,
        direct=scan.direct,
        indirect=scan.indirect,
        long=math.fsum(row["long"] or 0.0 for row in exposures),
        short=math.fsum(row["short"] or 0.0 for row in exposures),
        floor=scan.floor,
        ceiling=scan.ceiling,
        market_value=_value(exposures) if known else None,
        direct_value=_value([row for row in paths if not row["route"]]) if known else None,
        indirect_value=_value([row for row in paths if row["route"]]) if known else None,
    )


def outcome_value(scan: Scan, outcome: Outcome) -> float | None:
    """Add up the money of one outcome; None where the portfolio has only weights."""
    if scan.portfolio.market_value is None:
        return None
    return _value([row for row in rows(scan.tables["coverage_rows"]) if row["outcome"] == outcome])


def _value(having_value: list[Row]) -> float | None:
    return total([row["market_value"] for row in having_value])
