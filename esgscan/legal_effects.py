"""FLAGS and OWNERS x rules on a date -> LEGAL_CALENDAR: what each list does to an investor, from when and until when.

A company that a list reaches through its owner is told with the owner, and with no first day: when it came to belong
to the owner is not recorded. The rules are data (`legal_effects`), with their sources; nothing here knows a law.
Information, not legal advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.tables import FLAGS, LEGAL_CALENDAR
from esgscan.terms import Covered, Phase, Status

if TYPE_CHECKING:
    from datetime import date

    from esgscan.tables import Frame
    from esgscan.terms import Investor

col, lit, when = nw.col, nw.lit, nw.when

WITHOUT_EFFECT = ["considered", "recommendation"]
"""Kinds of measures that were never more than talked about."""
OWNER = "owner"
"""Scope of a measure that names the owner of a company, and not the company."""
DATES_OF_A_MEASURE = ("announced_on", "in_force_from", "in_force_until", "divest_until")


def legal_calendar(
    flags: Frame,
    owners: Frame,
    rules: Frame,
    *,
    as_of: date,
    known_on: date | None = None,
    investor: Investor | None = None,
) -> Frame:
    """Give what each measure that is decided and has not ended does to an investor.

    A period includes its first day and not its last. It ends where the measure, or the rule itself, ends. That a rule
    is to be replaced is not told before the day, and a rule that could not be read yet is left out.

    Args:
        flags: Table FLAGS on the day.
        owners: Table OWNERS on the day; only what a programme is certain to reach is told.
        rules: Data set `legal_effects`.
        as_of: The day the answer is for.
        known_on: The day whose knowledge counts; `as_of` if not given.
        investor: The kind of investor asked about; without one, every rule is given with all it speaks of.

    Returns:
        Table LEGAL_CALENDAR.

    Source: docs/method.md, "What a listing does to an investor".
    """
    knowing = known_on or as_of
    chosen = _for_investor(_readable(rules, knowing), investor)
    named = chosen.rename({"citation": "rule_citation", "source_ids": "rule_source_ids"})
    decided = flags.filter(
        ~col("kind").is_in(WITHOUT_EFFECT), col("status").is_in([str(Status.IN_FORCE), str(Status.ANNOUNCED)])
    )
    standing = _with_owned(decided, owners)
    dated = _with_period(standing.join(named, on="programme_id", how="inner").filter(_speaks_of_the_name()), knowing)
    told = dated.with_columns(
        phase=_phase(as_of),
        citation=col("rule_citation"),
        source_ids=nw.concat_str("rule_source_ids", "source_ids", separator=" ", ignore_nulls=True),
    )
    is_since_unknown = ~col("owner").is_null() & (col("from") <= as_of).fill_null(value=False)
    return told.with_columns(**{"from": when(~is_since_unknown).then(col("from"))}).select(list(LEGAL_CALENDAR.columns))


def _readable(rules: Frame, knowing: date) -> Frame:
    """Keep the rules that could be read on the day, each in the reading that was the fullest then."""
    has_appeared = (col("known_from") <= knowing).fill_null(value=True)
    is_the_fullest = (col("known_until") > knowing).fill_null(value=True)
    return rules.filter(has_appeared, is_the_fullest)


def _with_owned(measures: Frame, owners: Frame) -> Frame:
    """Add to the measures that name a company those that name its owner and are certain to reach it."""
    reaching = owners.filter(col("covered") == str(Covered.YES)).select(
        "measure_id", "owner_id", "owner", owned="issuer_id", reached_in="source_ids"
    )
    theirs = measures.rename({"issuer_id": "owner_id"}).join(reaching, on=["owner_id", "measure_id"], how="inner")
    reached = theirs.with_columns(issuer_id=col("owned"), scope=lit(OWNER), source_ids=col("reached_in"))
    columns = [*FLAGS.columns, "owner"]
    return nw.concat([measures.with_columns(owner=lit(None, nw.String)).select(columns), reached.select(columns)])


def _for_investor(rules: Frame, investor: Investor | None) -> Frame:
    if investor is None:
        return rules
    listed = nw.concat_str(lit("; "), col("investors"), lit("; "))
    return rules.filter(listed.str.contains(f"; {investor}; ", literal=True)).with_columns(investors=lit(str(investor)))


def _speaks_of_the_name() -> nw.Expr:
    """Keep the rules that speak of a name announced on the measure's day."""
    is_late_enough = (col("announced_on") >= col("listed_from")).fill_null(value=True)
    is_early_enough = (col("announced_on") < col("listed_before")).fill_null(value=True)
    return is_late_enough & is_early_enough


def _with_period(rows: Frame, knowing: date) -> Frame:
    """Add `from` and `until`: the dates of the measure that the rule names, within the time of the rule itself."""
    dated = rows.with_columns(**{"from": _date_named_by("begins"), "until": _date_named_by("ends")})
    begins_later = (col("valid_from") > col("from")).fill_null(value=False)
    is_replaced = (col("valid_until") <= knowing).fill_null(value=False)
    ends_earlier = is_replaced & (col("valid_until") < col("until")).fill_null(value=True)
    within = dated.with_columns(
        **{
            "from": when(begins_later).then(col("valid_from")).otherwise(col("from")),
            "until": when(ends_earlier).then(col("valid_until")).otherwise(col("until")),
        }
    )
    return within.filter((col("from") < col("until")).fill_null(value=True))


def _date_named_by(column: str) -> nw.Expr:
    """Take the date of the measure whose name stands in `column`."""
    return nw.coalesce(*(when(col(column) == name).then(col(name)) for name in DATES_OF_A_MEASURE))


def _phase(as_of: date) -> nw.Expr:
    is_over = (col("until") <= as_of).fill_null(value=False)
    is_ahead = (col("from") > as_of).fill_null(value=True)
    return (
        when(is_over)
        .then(lit(str(Phase.OVER)))
        .when(is_ahead)
        .then(lit(str(Phase.AHEAD)))
        .otherwise(lit(str(Phase.NOW)))
    )
