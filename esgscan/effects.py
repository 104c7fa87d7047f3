"""What a measure does to an investor: from what the reference data says of its programme.

The text is that of the programme, chosen by whom its law binds. This is the one place where it is chosen, measure by
measure and for a day, so that rules with dates of their own can take the place of the programme's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.terms import Investor

if TYPE_CHECKING:
    from esgscan.tables import Frame

col, lit, when = nw.col, nw.lit, nw.when

HOME = {Investor.EU: "EU", Investor.UK: "UK", Investor.CA: "CA"}
"""Whose law binds an investor at home."""
US = (Investor.US_PERSON, Investor.US_FEDERAL_CONTRACTOR)
WITHOUT_PLACE = ["no", "own fund"]
"""Programmes that forbid no holder anything, or bind only the fund that decided: that is so wherever the holder is."""
NOT_APPLICABLE = "Not applicable."


def effects(measures: Frame, programmes: Frame, *, investor: Investor | None) -> Frame:
    """Say what each measure does to an investor.

    Args:
        measures: One row per measure: measure_id, programme_id.
        programmes: Data set `programmes`.
        investor: For whom; without one, what the programme does to those whom it binds.

    Returns:
        One row per measure: measure_id, effect.
    """
    worded = programmes.select("programme_id", effect=_effect(investor))
    named = measures.select("measure_id", "programme_id")
    return named.join(worded, on="programme_id", how="left").drop("programme_id")


def _effect(investor: Investor | None) -> nw.Expr:
    general = col("effect_on_investor")
    if investor is None:
        return general
    if investor in US:
        return _effect_in_the_us(investor)
    there = nw.concat_str(
        lit("law of "), col("jurisdiction"), lit(": "), general, lit("; what it does elsewhere is not recorded here")
    )
    binds = (col("jurisdiction") == HOME.get(investor, "")) | (col("jurisdiction") == "index")
    return when(binds | col("prohibits_holding").is_in(WITHOUT_PLACE)).then(general).otherwise(there)


def _effect_in_the_us(investor: Investor) -> nw.Expr:
    """Give what the programme does to US persons and, for a contractor, to who sells to the federal government."""
    if investor is Investor.US_PERSON:
        return col("us_person_investors")
    buyers = when(col("us_federal_buyers") != NOT_APPLICABLE).then(
        nw.concat_str(lit(" Federal buyers: "), col("us_federal_buyers"))
    )
    return nw.concat_str(col("us_person_investors"), buyers, ignore_nulls=True)
