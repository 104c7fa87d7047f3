"""Exposures of all funds at once, against look-through fund by fund: nested, looping, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esgscan.bulk.exposures import expose_funds
from esgscan.engines.duckdb import DuckDB
from esgscan.engines.memory import Memory
from esgscan.lookthrough import look_through
from esgscan.terms import Outcome
from tests.rows import fund_line, held_table, issuer_line, path_table, rest_line
from tests.test_lookthrough import graphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.engines.spark import Spark
    from esgscan.tables import Engine

Figures = dict[tuple[str, str | None], tuple[float, float, float, float]]


def funds_of(lines: Sequence[dict[str, Any]]) -> list[str]:
    return sorted({line["fund_id"] for line in lines})


def all_at_once(engine: Engine, lines: Sequence[dict[str, Any]], *, depth: int = 8) -> Figures:
    described = {"fund_name": pl.String, "as_of": pl.Date, "total_market_value": pl.Float64, "lines": pl.Int64}
    schema = {"fund_id": pl.String, **described, "fund_currency": pl.String}
    funds = pl.DataFrame([{"fund_id": fund} for fund in funds_of(lines)], schema=schema)
    found = expose_funds(funds, held_table(lines), memory=engine, max_depth=depth)
    columns = ("fund_id", "issuer_id", "weight", "direct", "indirect", "coverage")
    return {(fund, issuer): tuple(rest) for fund, issuer, *rest in found.select(columns).iter_rows()}


def one_by_one(lines: Sequence[dict[str, Any]], *, depth: int = 8) -> Figures:
    """Look through each fund by its own, as a scan does, and add its routes up."""
    figures: Figures = {}
    memory = Memory()
    for fund in funds_of(lines):
        start = path_table([{"fund_id": fund, "weight": 1.0, "confidence": "confirmed"}])
        paths = memory.collect(
            look_through(memory.frame(start), memory.frame(held_table(lines)), engine=memory, max_depth=depth)
        )
        covered = paths.filter(pl.col("outcome") != Outcome.UNCOVERED)["weight"].sum()
        uncovered = paths.filter(pl.col("outcome") == Outcome.UNCOVERED)["weight"].sum()
        gross = paths["weight"].abs().sum()
        assert covered + uncovered == pytest.approx(1.0, abs=1e-12 * max(1.0, gross))
        flagged = paths.filter(pl.col("outcome") == Outcome.FLAGGED)
        for issuer in flagged["issuer_id"].unique() if len(flagged) else [None]:
            own = flagged.filter(pl.col("issuer_id").eq_missing(issuer))
            direct = own.filter(pl.col("depth") == 1)["weight"].sum()
            indirect = own.filter(pl.col("depth") > 1)["weight"].sum()
            figures[fund, issuer] = (direct + indirect, direct, indirect, covered)
    return figures


def assert_same(found: Figures, expected: Figures) -> None:
    assert found.keys() == expected.keys()
    for key, figures in expected.items():
        assert found[key] == pytest.approx(figures, abs=1e-12 * max(1.0, *map(abs, figures)))


@settings(max_examples=60, deadline=None)
@given(lines=graphs(), depth=st.integers(1, 5))
def test_all_funds_at_once_reach_what_each_reaches_by_itself(lines, depth: int) -> None:
    assert_same(all_at_once(Memory(), lines, depth=depth), one_by_one(lines, depth=depth))


@settings(max_examples=25, deadline=None)
@given(lines=graphs(), data=st.data())
def test_the_order_of_the_lines_does_not_matter(lines, data: st.DataObject) -> None:
    assert_same(all_at_once(Memory(), data.draw(st.permutations(lines))), all_at_once(Memory(), lines))


@settings(max_examples=5, deadline=None)
@given(lines=graphs())
def test_duckdb_gives_the_same_figures(lines) -> None:
    assert_same(all_at_once(DuckDB(), lines), all_at_once(Memory(), lines))


LOOPS = [
    # A holds B, B holds C and A again, C holds itself and, like A, an issuer; D holds two of them
    fund_line("A", "B", 0.5), issuer_line("A", "dahua", 0.1), rest_line("A", 0.4),
    fund_line("B", "C", 0.25), fund_line("B", "A", 0.25), rest_line("B", 0.5),
    fund_line("C", "C", 0.2), issuer_line("C", "zte", 0.3), rest_line("C", 0.5),
    fund_line("D", "A", 0.5), fund_line("D", "C", 0.4), fund_line("D", "unknown", 0.1),
]  # fmt: skip


def test_funds_that_hold_one_another_are_the_same_on_every_engine(engine: Engine) -> None:
    found = all_at_once(engine, LOOPS)
    assert_same(found, one_by_one(LOOPS))
    # zte in A: 0.5 x 0.25 x 0.3 = 0.0375; A is covered by its own 0.5, half of B (0.25), and 0.8 of C (0.1)
    assert found["A", "zte"] == pytest.approx((0.0375, 0.0, 0.0375, 0.85))
    # zte in D: through C 0.4 x 0.3 = 0.12, through A > B > C 0.5 x 0.0375 = 0.01875
    assert found["D", "zte"][0] == pytest.approx(0.13875)


@pytest.mark.spark
@settings(max_examples=3, deadline=None)
@given(lines=graphs())
def test_spark_gives_the_same_figures(spark: Spark, lines) -> None:
    assert_same(all_at_once(spark, lines), all_at_once(Memory(), lines))
