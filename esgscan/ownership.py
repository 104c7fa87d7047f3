"""Owners of an issuer x what the lists say about ownership -> OWNERS: a flag through ownership, never a listing.

A list that names the owner does not name the company owned. Whether it reaches that company is for the programme to
say: some reach named entities only, some also companies of which a named entity holds a stated share, some
subsidiaries and affiliates whatever the share. Where the share or the rule is not known, neither is the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.tables import OWNERS
from esgscan.terms import Covered, Status

if TYPE_CHECKING:
    from datetime import date

    from esgscan.tables import Frame

col, lit, when = nw.col, nw.lit, nw.when

NAMES_ITSELF = ["issuer", "issuer and subsidiary"]
"""Scopes of a measure that names the entity it is recorded for."""
LISTING = "listing"
"""The kind of measure that is a law's or an authority's; index providers and funds bind nobody through ownership."""
STATED = "stated"


def rules_in_force(rules: Frame, *, as_of: date) -> Frame:
    """Keep the rules on ownership of that day: first day included, last day not."""
    has_begun = col("in_force_from").is_null() | (col("in_force_from") <= as_of)
    has_ended = ~col("in_force_until").is_null() & (col("in_force_until") <= as_of)
    return rules.filter(has_begun & ~has_ended)


def owners_named(ownership: Frame, flags: Frame, rules: Frame, *, as_of: date) -> Frame:
    """Give the owners of issuers that a list names on the day, and whether the list reaches what they own.

    Args:
        ownership: Data set `ownership`; of several statements on one owner the newest known on the day counts.
        flags: Table FLAGS on the day.
        rules: Data set `ownership_rules`.
        as_of: The day the answer is for.

    Returns:
        Table OWNERS, one row per issuer, owner and measure that names the owner and has not ended.
    """
    stands = col("status").is_in([Status.IN_FORCE, Status.ANNOUNCED])
    listing = flags.filter(col("kind") == LISTING, col("scope").is_in(NAMES_ITSELF), stands)
    named = listing.select("measure_id", "programme_id", "status", holder_id="issuer_id", named_in="source_ids")
    rule = rules_in_force(rules, as_of=as_of).select(
        "programme_id", "reach", "threshold", "basis", "text", ruled_in="source_ids"
    )
    joined = _newest(ownership, as_of=as_of).join(named, on="holder_id", how="inner").join(rule, on="programme_id")
    sources = nw.concat_str(col("source_ids"), col("named_in"), col("ruled_in"), separator=" ")
    named_words = {"holder_id": "owner_id", "holder_name": "owner", "as_of": "known_on"}
    words = {**named_words, "as_of_as_printed": "known_on_as_printed"}
    return joined.with_columns(covered=_covered(), source_ids=sources).rename(words).select(list(OWNERS.columns))


def _newest(ownership: Frame, *, as_of: date) -> Frame:
    """Keep of each owner the newest statement known on the day; one without a date is not known on any."""
    known = ownership.filter(~col("holder_id").is_null(), col("as_of") <= as_of)
    days = known.group_by("issuer_id", "holder_id").agg(col("as_of").max())
    return known.join(days, on=["issuer_id", "holder_id", "as_of"], how="inner")


def _covered() -> nw.Expr:
    """Say whether the company owned is covered: yes only where the rule holds for certain and the share is known."""
    is_small = (col("stake") < col("threshold")).fill_null(value=False)
    is_large = (col("stake") >= col("threshold")).fill_null(value=False)
    reaches_all = col("reach") == "subsidiaries and affiliates"
    return (
        when((col("reach") == "named only") | is_small)
        .then(lit(str(Covered.NO)))
        .when((col("basis") == STATED) & (reaches_all | is_large))
        .then(lit(str(Covered.YES)))
        .otherwise(lit(str(Covered.NOT_KNOWN)))
    )
