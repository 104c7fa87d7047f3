"""Exposures and open parts -> the interval: floor and ceiling, what each is made of, and what would narrow it most.

A line without a value leaves the whole unknown: nothing is proven then, and unless the line is harmless the ceiling is
the whole. The tables are small, and plain Polars.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from esgscan.terms import Component, Outcome, Reason

col, lit = pl.col, pl.lit

IS_OPEN = ~(pl.col("outcome") == str(Outcome.CLEAR)).fill_null(value=False)
"""A line that could hold something."""
BY_CASE = ["issuer_id", "reason", "region"]
ACTIONS = {
    Reason.NO_HOLDINGS: "add the holdings of {} with --holdings FILE",
    Reason.NOT_PUBLISHED: "add the full holdings of {} with --holdings FILE",
    Reason.STALE: "add newer holdings of {} with --holdings FILE",
    Reason.POSSIBLE: "give the ISIN of {}, or its code with the market",
    Reason.REFUSED: "give the ISIN of {}, or its code with the market",
    Reason.UNRESOLVED: "give the ISIN of {}, or its code with the market",
    Reason.KIND_UNKNOWN: "add a name or an asset class to {}",
    Reason.DERIVATIVE: "add the underlying of {} as a line of its own",
    Reason.CYCLE: "look at the holdings of {}: funds that hold one another",
    Reason.DEPTH: "raise the depth to open {}",
    Reason.NOT_IN_FILE: "add the lines that are missing in {}",
    Reason.NO_VALUE: "add a value, a price or a rate (--fx) to {}",
}
"""What would settle an open part; `{}` is the fund or line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Floor and ceiling of the portfolio as a whole, as fractions of it; floor <= weight <= ceiling."""

    weight: float
    floor: float
    rounding: float
    ceiling: float


def is_unbounded(positions: pl.DataFrame) -> bool:
    """Say whether a line without a value could hold something: then no number bounds the exposure but the whole."""
    return not positions.filter(~col("is_valued") & IS_OPEN).is_empty()


def with_unbounded(parts: pl.DataFrame, weight: float, positions: pl.DataFrame) -> pl.DataFrame:
    """Let the lines without a value that could hold something add what is missing to the whole."""
    open_lines = positions.filter(IS_OPEN)["position_id"]
    is_lost = (col("reason") == str(Reason.NO_VALUE)) & col("position_id").is_in(open_lines.to_list())
    gap = max(0.0, 1.0 - weight - _sum(parts["adds_to_ceiling"]))
    share = gap / max(parts.filter(is_lost).height, 1)
    return parts.with_columns(adds_to_ceiling=pl.when(is_lost).then(lit(share)).otherwise(col("adds_to_ceiling")))


def bounded(exposures: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """Widen the interval of each issuer where lines have no value."""
    floor = col("floor") if positions["is_valued"].all() else pl.min_horizontal(lit(0.0), col("short"))
    ceiling = pl.max_horizontal(lit(1.0), col("ceiling")) if is_unbounded(positions) else col("ceiling")
    return exposures.with_columns(floor=floor, ceiling=ceiling)


def whole_interval(exposures: pl.DataFrame, parts: pl.DataFrame, positions: pl.DataFrame) -> Interval:
    """Give the interval of all issuers together.

    Args:
        exposures: Per issuer, as `bounded` gives them.
        parts: Open parts, as `with_unbounded` gives them.
        positions: Positions with `is_valued` and `outcome`.
    """
    weight, rounding = _sum(exposures["weight"]), _sum(exposures["rounding"])
    ceiling = weight + rounding + _sum(parts["adds_to_ceiling"])
    is_valued = bool(positions["is_valued"].all())
    return Interval(
        weight=weight,
        floor=_sum(exposures["floor"]) if is_valued else min(0.0, _sum(exposures["short"])),
        rounding=rounding,
        ceiling=max(ceiling, 1.0) if is_unbounded(positions) else ceiling,
    )


def interval_rows(
    exposures: pl.DataFrame, added: pl.DataFrame, parts: pl.DataFrame, positions: pl.DataFrame
) -> pl.DataFrame:
    """Say what each ceiling is made of, the whole first, then issuer after issuer.

    Args:
        exposures: Per issuer, as `bounded` gives them, in the order of the report.
        added: Per issuer, reason and region, as `exposures.additions` gives them.
        parts: Open parts, as `with_unbounded` gives them.
        positions: Positions with `is_valued` and `outcome`.

    Returns:
        Columns of `tables.RESULT_INTERVAL` but names and money; what `adds` of one issuer adds up to is its ceiling.
    """
    whole = whole_interval(exposures, parts, positions)
    head = pl.DataFrame(
        [(None, whole.weight, whole.floor, whole.rounding, whole.ceiling)],
        schema={"issuer_id": pl.String, **dict.fromkeys(("weight", "floor", "rounding", "ceiling"), pl.Float64)},
        orient="row",
    )
    ends = pl.concat([head, exposures.select(head.columns)]).with_row_index("rank")
    nobody = lit(None, pl.String).alias("issuer_id")
    together = parts.select(nobody, "reason", "region", "weight", adds="adds_to_ceiling")
    cases = (
        pl.concat([together, added.select(together.columns)])
        .group_by(BY_CASE, maintain_order=True)
        .agg(col("weight", "adds").sum())
    )
    told = pl.concat([_counted(ends), _possible(cases), _unbounded(ends, cases)], how="diagonal")
    order = [str(component) for component in Component]
    step = col("component").replace_strict(order, range(len(order)), return_dtype=pl.Int64)
    ranks = ends.select("rank", "issuer_id")
    ranked = told.join(ranks, on="issuer_id", nulls_equal=True).with_columns(step=step)
    return ranked.sort("rank", "step", -col("adds"), "reason", "region", nulls_last=True)


def _counted(ends: pl.DataFrame) -> pl.DataFrame:
    """Give what is counted already: proven, not proven, and what rounding can hide."""
    not_proven = ends.with_columns(gap=col("weight") - col("floor"))
    components = ((Component.PROVEN, "floor"), (Component.NOT_PROVEN, "gap"), (Component.ROUNDING, "rounding"))
    rows = [not_proven.select("issuer_id", component=lit(str(name)), adds=column) for name, column in components]
    return pl.concat(rows).filter((col("adds") != 0.0) | (col("component") == str(Component.PROVEN)))


def _possible(cases: pl.DataFrame) -> pl.DataFrame:
    share = pl.when(col("weight") > 0).then(col("adds") / col("weight"))
    return cases.filter(col("adds") > 0).with_columns(component=lit(str(Component.POSSIBLE)), worst_case=share)


def _unbounded(ends: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Give what lines without a value add to the ceiling of an issuer: what is missing to the whole."""
    summed = cases.group_by("issuer_id", maintain_order=True).agg(col("adds").sum())
    joined = ends.join(summed, on="issuer_id", how="left", nulls_equal=True)
    gap = col("ceiling") - col("weight") - col("rounding") - col("adds").fill_null(0.0)
    rows = joined.with_columns(adds=gap, component=lit(str(Component.POSSIBLE)), reason=lit(str(Reason.NO_VALUE)))
    return rows.filter(col("adds") > 1e-12).select("issuer_id", "component", "reason", "adds")


def step_rows(uncovered: pl.DataFrame, name: str) -> pl.DataFrame:
    """Say what would narrow the interval, the action that narrows it most first.

    The routes that end in one fund count together, and so do lines that one action settles.

    Args:
        uncovered: Open parts with `route_names`, `name_as_written`, `source_row`, as in the result.
        name: Name of the portfolio, for what is in no line.

    Returns:
        Columns of `tables.RESULT_STEPS` but the money.
    """
    last = col("route_names").str.split(" > ").list.last()
    place = pl.format("row {}", "source_row")
    subject = pl.coalesce(last, pl.when(col("name_as_written") != "").then(col("name_as_written")), place, lit(name))
    told = uncovered.filter(col("adds_to_ceiling") > 0).with_columns(subject=subject)
    template = col("reason").replace_strict({str(r): text for r, text in ACTIONS.items()}, return_dtype=pl.String)
    acts = told.with_columns(before=template.str.split("{}").list.first(), after=template.str.split("{}").list.last())
    acting = acts.with_columns(action=pl.concat_str("before", "subject", "after"))
    sums = (col("weight", "adds_to_ceiling").sum(), col("position_id").n_unique().alias("positions"))
    steps = acting.group_by("subject", "action", maintain_order=True).agg(*sums)
    return steps.sort("adds_to_ceiling", "subject", "action", descending=[True, False, False])


def _sum(column: pl.Series) -> float:
    return float(column.sum())
