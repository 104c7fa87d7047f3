"""PATHS x FLAGS -> EXPOSURES and coverage: what reaches each issuer, and what could.

The interval. `weight` counts confirmed and probable matches on opened paths. `floor` leaves out the probable ones and
those that rest on holdings older than the largest age allowed. `ceiling` adds what could still be there: for each
uncovered part its weight times a stated worst case, and the same for the rest of a fund whose holdings are too old.
Weights that a file rounds widen it by half a unit of the last printed digit.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.terms import Confidence, Outcome, Reason, Region

if TYPE_CHECKING:
    from esgscan.tables import Frame

col, lit, when = nw.col, nw.lit, nw.when

KNOWN_KIND_REASONS = [
    Reason.NO_HOLDINGS,
    Reason.NOT_PUBLISHED,
    Reason.CYCLE,
    Reason.DEPTH,
    Reason.DERIVATIVE,
    Reason.STALE,
]
"""Uncovered parts of which the kind of fund says something; of the others nothing is known, and all of it counts."""

STAND_INS = {Region.DEVELOPED: Region.GLOBAL, Region.EX_CHINA: Region.GLOBAL}
"""Kinds without a recorded fund borrow the worst case of a kind that contains them."""


NOTHING = 1e-12
"""What sums of fractions may be apart without meaning it."""


def mark_stale(paths: Frame, *, as_of: date, max_age: int) -> Frame:
    """Say of each path whether its oldest holdings are more than `max_age` days old."""
    oldest_allowed = date.fromordinal(max(date.min.toordinal(), as_of.toordinal() - max_age))
    return paths.with_columns(is_stale=(col("holdings_as_of") < oldest_allowed).fill_null(value=False))


def worst_cases(recorded: Frame) -> Frame:
    """Give for each kind of fund the highest watchlist weight recorded in one fund of that kind on one day.

    Args:
        recorded: Reduced holdings of funds: fund_id, as_of, region of the fund, issuer_id, holding_weight.

    Returns:
        region, issuer_id, worst_case: per issuer, and with a missing issuer_id for all issuers together.
    """
    held = recorded.filter(~col("issuer_id").is_null())
    by_issuer = held.group_by("region", "fund_id", "as_of", "issuer_id").agg(col("holding_weight").sum())
    in_fund = held.group_by("region", "fund_id", "as_of").agg(col("holding_weight").sum())
    issuers = by_issuer.group_by("region", "issuer_id").agg(worst_case=col("holding_weight").max())
    together = in_fund.group_by("region").agg(worst_case=col("holding_weight").max())
    together = together.with_columns(issuer_id=lit(None, nw.String()))
    columns = ["region", "issuer_id", "worst_case"]
    return nw.concat([issuers.select(columns), together.select(columns)], how="vertical")


def open_parts(paths: Frame) -> Frame:
    """Give the parts of the portfolio that could hold more than is known of them.

    They are the uncovered paths, and the funds on a route whose holdings are too old.

    Args:
        paths: Table PATHS with `is_stale`.

    Returns:
        One row per part: position_id, route, fund_id of a fund at its end, region, reason, weight; kind, under which
        its worst case is looked up, missing where nothing is known; whole, the weight of the fund that the worst case
        is of; flagged, what of that fund is counted already.
    """
    by = ["position_id", "route", "fund_id", "region", "reason"]
    is_uncovered = col("outcome") == Outcome.UNCOVERED
    is_open = (col("weight") > 0) | (col("reason") == Reason.NO_VALUE)
    is_rest = col("reason") == Reason.NOT_PUBLISHED
    whole = when(is_rest & (col("fund_weight") >= col("weight"))).then(col("fund_weight")).otherwise(col("weight"))
    uncovered = paths.filter(is_uncovered & is_open).with_columns(whole=whole)
    counted = _counted(paths).rename({"known": "flagged"})
    told = uncovered.join(counted, on=["position_id", "route"], how="left").with_columns(
        flagged=when(is_rest).then(col("flagged").fill_null(0.0)).otherwise(lit(0.0))
    )
    is_flagged = col("outcome") == Outcome.FLAGGED
    stale = paths.filter(~is_uncovered & col("is_stale")).with_columns(
        reason=lit(str(Reason.STALE)), flagged=when(is_flagged).then(col("weight")).otherwise(lit(0.0))
    )
    summed = stale.group_by(by).agg(col("weight").sum(), col("flagged").sum()).with_columns(whole=col("weight"))
    columns = [*by, "weight", "whole", "flagged"]
    parts = nw.concat([told.select(columns), summed.select(columns)], how="vertical")
    return parts.with_columns(kind=_kind())


def _counted(paths: Frame, *more: str) -> Frame:
    """Sum what is counted already of each fund on a route."""
    flagged = paths.filter(col("outcome") == Outcome.FLAGGED)
    return flagged.group_by("position_id", "route", *more).agg(known=col("weight").sum())


def _kind() -> nw.Expr:
    region = col("region")
    for kind, stand_in in STAND_INS.items():
        region = when(region == kind).then(lit(str(stand_in))).otherwise(region)
    return when(col("reason").is_in(KNOWN_KIND_REASONS) & (col("region") != Region.UNKNOWN)).then(region)


def add_worst_case(parts: Frame, worst: Frame) -> Frame:
    """Add `adds_to_ceiling`, for all issuers together, and `worst_case`: the fraction of the part that this is of.

    For a fund whose list is too old the worst case is that of the whole fund, and what is counted already comes off.
    """
    together = worst.filter(col("issuer_id").is_null()).select("worst_case", kind="region")
    joined = parts.join(together, on="kind", how="left").with_columns(worst_case=col("worst_case").fill_null(1.0))
    adds = joined.with_columns(adds_to_ceiling=_could_be_there(col("worst_case"), col("flagged")))
    is_rest = (col("reason") == Reason.NOT_PUBLISHED) & (col("weight") > 0)
    return adds.with_columns(
        worst_case=when(is_rest).then(col("adds_to_ceiling") / col("weight")).otherwise(col("worst_case"))
    )


def _could_be_there(case: nw.Expr, counted: nw.Expr) -> nw.Expr:
    """Say how much of a part could be flagged beside what is counted already of its fund.

    A fund has at most its worst case, and the part that its list leaves out at most itself. A fund that is known to
    have the worst case on record, or more, tells that the record is no bound: then all that is left out counts.
    """
    left = col("whole") * case - counted
    is_rest = col("reason") == Reason.NOT_PUBLISHED
    within = when(left < col("weight")).then(left).otherwise(col("weight"))
    rest = when(left > NOTHING).then(within).otherwise(col("weight"))
    return when(is_rest).then(rest).otherwise(_positive(left))


def additions(parts: Frame, exposed: Frame, paths: Frame, worst: Frame) -> Frame:
    """Say for each exposed issuer what each kind of open part could add to it: never more than to all together.

    Args:
        parts: As `add_worst_case` gives them.
        exposed: As `expose` gives them.
        paths: Table PATHS.
        worst: As `worst_cases` gives them.

    Returns:
        One row per issuer, reason and region: issuer_id, reason, region, weight, adds.
    """
    by = ["position_id", "route", "issuer_id"]
    columns = ("position_id", "route", "region", "reason", "kind", "weight", "whole", "flagged", "adds_to_ceiling")
    pairs = parts.select(*columns).join(exposed.select("issuer_id"), how="cross")
    cases = worst.filter(~col("issuer_id").is_null()).select("issuer_id", "worst_case", kind="region")
    case = when(col("kind").is_null()).then(lit(1.0)).otherwise(col("worst_case").fill_null(0.0))
    counted = when(col("flagged") > 0).then(col("known").fill_null(0.0)).otherwise(lit(0.0))
    added = (
        pairs.join(cases, on=["kind", "issuer_id"], how="left")
        .join(_counted(paths, "issuer_id"), on=by, how="left")
        .with_columns(alone=_could_be_there(case, counted))
        .with_columns(adds=nw.min_horizontal("alone", "adds_to_ceiling"))
    )
    return added.group_by("issuer_id", "reason", "region").agg(col("weight").sum(), col("adds").sum())


def ceilings(exposed: Frame, added: Frame) -> Frame:
    """Add to the exposure of each issuer its `ceiling`: its weight, the rounding of it, and what could be there.

    Args:
        exposed: As `expose` gives them.
        added: As `additions` gives them.

    Returns:
        `exposed` with `ceiling`.
    """
    summed = added.group_by("issuer_id").agg(col("adds").sum())
    joined = exposed.join(summed, on="issuer_id", how="left")
    return joined.with_columns(ceiling=col("weight") + col("rounding") + col("adds").fill_null(0.0)).drop("adds")


def _positive(amount: nw.Expr) -> nw.Expr:
    return when(amount > 0).then(amount).otherwise(lit(0.0))


def expose(paths: Frame) -> Frame:
    """Sum the paths that reach flagged issuers; the floor takes shorts in full, proven or not.

    A published weight that is rounded counts for the floor with the least it can stand for.

    Args:
        paths: Table PATHS with `is_stale`.

    Returns:
        One row per issuer: issuer_id, weight, direct, indirect, long, short, floor, rounding, paths.
    """
    flagged = paths.filter(col("outcome") == Outcome.FLAGGED)
    weight = col("weight")
    is_proven = (col("confidence") == Confidence.CONFIRMED) & ~col("is_stale")
    rounding = _positive(col("rounding").fill_null(0.0))
    parts = flagged.with_columns(
        rounding=rounding,
        direct=when(col("depth") == 0).then(weight).otherwise(lit(0.0)),
        indirect=when(col("depth") > 0).then(weight).otherwise(lit(0.0)),
        long=when(weight > 0).then(weight).otherwise(lit(0.0)),
        short=when(weight < 0).then(weight).otherwise(lit(0.0)),
        floor=when(weight < 0).then(weight).when(is_proven).then(_positive(weight - rounding)).otherwise(lit(0.0)),
    )
    sums = (col(name).sum() for name in ("weight", "direct", "indirect", "long", "short", "floor", "rounding"))
    return parts.group_by("issuer_id").agg(*sums, paths=nw.len())


def cover(paths: Frame) -> Frame:
    """Sum all paths by outcome and reason: the weights add to those of the paths."""
    return paths.group_by("outcome", "reason").agg(
        col("weight").sum(), positions=col("position_id").n_unique()
    )  # fmt: skip
