"""Issuers x watchlist on a date -> FLAGS: which measures had been announced, and how far they had come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.tables import FLAGS
from esgscan.terms import Covered, Outcome, Status

if TYPE_CHECKING:
    from datetime import date

    from esgscan.tables import Frame

col, lit, when = nw.col, nw.lit, nw.when

ENDS = ("in_force_until", "in_force_until_as_printed", "ended_basis")


def flags_known(measures: Frame, *, as_of: date, known_on: date | None = None) -> Frame:
    """Give every measure announced on or before `as_of` and `known_on`, with its status on `as_of`.

    A period includes its first day and not its last: a measure whose `in_force_until` is `as_of` has ended. An end that
    was not known yet is neither counted nor given.

    Args:
        measures: Data set `measures`, one row per issuer, programme and period.
        as_of: The day the answer is for.
        known_on: The day whose knowledge counts; `as_of` if not given. A later one tells of ends that came after
            `as_of`; an earlier one knows of no step announced since.

    Returns:
        Table FLAGS, one row per measure that had been announced.

    Source: docs/method.md, "Time".
    """
    knowing = known_on or as_of
    is_end_known = (~col("in_force_until").is_null()) & (col("in_force_until") <= knowing)
    has_ended = is_end_known & (col("in_force_until") <= as_of)
    has_begun = (~col("in_force_from").is_null()) & (col("in_force_from") <= as_of)
    is_planned = ~col("in_force_from").is_null()
    status = (
        when(has_ended)
        .then(lit(str(Status.ENDED)))
        .when(has_begun)
        .then(lit(str(Status.IN_FORCE)))
        .when(is_planned)
        .then(lit(str(Status.ANNOUNCED)))
        .otherwise(lit(str(Status.CONSIDERED)))
    )
    until_then = {name: when(is_end_known).then(col(name)) for name in ENDS}
    known = measures.filter(col("announced_on") <= min(as_of, knowing)).with_columns(status=status)
    return known.with_columns(**until_then).select(list(FLAGS.columns))


def known_by(facts: Frame, dated: str, *, day: date) -> Frame:
    """Keep the facts whose date, in column `dated`, is not after `day`; a fact without a date is not known."""
    return facts.filter(col(dated) <= day)


def standing_on(evidence: Frame, *, as_of: date, known_on: date | None = None) -> Frame:
    """Keep the evidence for tags that was known on the day and had not been withdrawn.

    Args:
        evidence: Data set `tag_evidence`.
        as_of: The day the answer is for.
        known_on: The day whose knowledge counts; `as_of` if not given.

    Returns:
        The same columns; what an authority determined ends on the day on which its list drops the issuer.
    """
    day = min(as_of, known_on or as_of)
    is_withdrawn = (col("withdrawn_on") <= day).fill_null(value=False)
    return known_by(evidence, "known_from", day=day).filter(~is_withdrawn)


def flagged_issuers(flags: Frame, tags: Frame, owners: Frame) -> Frame:
    """Give the issuers that are flagged: by a measure that has not ended, evidence for a risk tag, or an owner.

    Args:
        flags: Table FLAGS on the day.
        tags: Data set `tag_evidence` as known on the day.
        owners: Table OWNERS on the day; only what a programme is certain to reach is flagged, never what it may reach.

    Returns:
        One row per issuer: issuer_id.

    Source: docs/method.md, "Flags".
    """
    measured = flags.filter(col("status") != Status.ENDED).select("issuer_id")
    owned = owners.filter(col("covered") == Covered.YES).select("issuer_id")
    return nw.concat([measured, tags.select("issuer_id"), owned], how="vertical").unique()


def mark_flagged(lines: Frame, flagged: Frame) -> Frame:
    """Clear the lines of watchlist issuers that nothing flags on the day, such as one taken off every list.

    Args:
        lines: Lines with `issuer_id` and `outcome`.
        flagged: Issuers flagged on the day: issuer_id.

    Returns:
        The same lines; `outcome` is clear and `issuer_id` missing where the issuer is not flagged.
    """
    marked = lines.join(flagged.with_columns(is_flagged=lit(value=True)), on="issuer_id", how="left")
    is_off = ~col("issuer_id").is_null() & col("is_flagged").is_null()
    return marked.with_columns(
        outcome=when(is_off).then(lit(str(Outcome.CLEAR))).otherwise(col("outcome")),
        issuer_id=when(~is_off).then(col("issuer_id")),
    ).drop("is_flagged")
