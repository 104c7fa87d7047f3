"""FLAGS and OWNERS -> the exclusion list: every security of every issuer flagged on the day, for a limits workbook.

It lists them held or not, says why an issuer is flagged and until when as far as that is known, and gives no advice to
exclude anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.terms import Covered, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

col, lit = pl.col, pl.lit

DELISTED = "delisted"


def exclusion_list(
    flags: pl.DataFrame, owners: pl.DataFrame, tags: pl.DataFrame, data: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """List the securities of the issuers that are flagged: by a measure that has not ended, an owner, or a risk tag.

    Args:
        flags: Table FLAGS on the day.
        owners: Table OWNERS on the day; what a programme is certain to reach through an owner is flagged.
        tags: Data set `tag_evidence` as known on the day.
        data: The packaged data sets by name.

    Returns:
        Table `exclusions` without source numbers: one row per security, by issuer, shares before bonds.
    """
    standing = flags.filter(col("status") != str(Status.ENDED))
    reasons = pl.concat([_named(standing), _reached(owners, standing)], how="diagonal")
    because = _measures(reasons, data["programmes"]).join(
        _tags(tags, data["tags"]), on="issuer_id", how="full", coalesce=True
    )
    securities = pl.concat([_listings(data["listings"]), _bonds(data["bonds"])], how="diagonal")
    names = data["issuers"].select("issuer_id", "name", "name_zh")
    rows = securities.join(because, on="issuer_id").join(names, on="issuer_id", how="left")
    ids = pl.concat_str("source_ids", "measure_sources", "tag_sources", separator=" ", ignore_nulls=True)
    distinct = ids.str.split(" ").list.unique(maintain_order=True).list.join(" ")
    return rows.with_columns(source_ids=distinct).sort(
        "issuer_id", "kind", "security_id", descending=[False, True, False]
    )


def _named(standing: pl.DataFrame) -> pl.DataFrame:
    """Say of the measures that name an issuer, or an entity of its group, since when they do."""
    whom = pl.when(~col("scope").str.starts_with("issuer")).then(pl.format(" ({})", "scope")).otherwise(lit(""))
    since = pl.coalesce("in_force_from", "announced_on").dt.to_string("iso")
    return standing.with_columns(of_whom=pl.concat_str(whom, lit(" since ") + since, ignore_nulls=True))


def _reached(owners: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """Say of the programmes that reach an issuer through an owner whom they name."""
    reaching = owners.filter(covered=str(Covered.YES))
    ends = standing.select("measure_id", "announced_on", "in_force_until", owner_id="issuer_id")
    said = reaching.with_columns(of_whom=pl.format(" (names its owner {}, not the company)", "owner"))
    return said.join(ends, on=["owner_id", "measure_id"], how="left")


def _measures(reasons: pl.DataFrame, programmes: pl.DataFrame) -> pl.DataFrame:
    """Name the measures of each issuer that stand on the day, and until when the last of them does."""
    words = programmes.select("programme_id", "short_name", "effect_on_investor")
    named = reasons.join(words, on="programme_id", how="left").sort("issuer_id", "announced_on", "measure_id")
    state = pl.when(col("status") != str(Status.IN_FORCE)).then(pl.format(", {}", "status")).otherwise(lit(""))
    text = pl.concat_str("short_name", "of_whom", state)
    until = pl.when(col("in_force_until").is_null().any()).then(None).otherwise(col("in_force_until").max())
    return (
        named.with_columns(text=text)
        .group_by("issuer_id", maintain_order=True)
        .agg(
            measures=_joined("text", "; "),
            effects=_joined("effect_on_investor", "; "),
            measure_sources=_joined("source_ids", " "),
            until=until,
        )
    )


def _tags(tags: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    named = tags.join(words.select("tag", "label"), on="tag", how="left").sort("issuer_id", "tag", "known_from")
    return named.group_by("issuer_id", maintain_order=True).agg(
        tags=_joined("label", "; "), tag_sources=_joined("source_ids", " ")
    )


def _listings(listings: pl.DataFrame) -> pl.DataFrame:
    """Give the listings, but for those that were closed."""
    open_ones = listings.filter(col("status") != DELISTED)
    columns = ("issuer_id", "security_id", "mic", "local_code", "isin", "currency", "source_ids")
    return open_ones.select(*columns, kind=lit("share"))


def _bonds(bonds: pl.DataFrame) -> pl.DataFrame:
    return bonds.select("issuer_id", "isin", "source_ids", security_id="isin", kind=lit("bond"))


def _joined(column: str, mark: str) -> pl.Expr:
    return col(column).drop_nulls().unique(maintain_order=True).str.join(mark)
