"""What the lines of a market are: each distinct identity is settled once, by the ladder that serves a scan too.

Ten million lines have some hundred thousand identities. Those that are clear are what is left; the others, a few
thousand, go back to the engine as a small table that the lines are joined with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl

from esgscan.bulk.passes import CLASS
from esgscan.identifiers import ISIN_LENGTH
from esgscan.securities.decided import resolve_or_decide
from esgscan.securities.lines import lines_of
from esgscan.tables import HOLDINGS
from esgscan.terms import Kind, Outcome

if TYPE_CHECKING:
    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine

col = pl.col

SLICE = 200_000
"""Identities that go through the ladder at a time: they keep its memory flat."""
ENDS = ("outcome", "issuer_id", "fund_held")
"""What a line comes to."""
LETTERS = 3
"""Letters of an unknown ISIN that the ladder looks at: the country, and the one after it that mainland shares have."""
FILLER = "x" * (ISIN_LENGTH - LETTERS)
"""What stands for the rest; no ISIN has small letters."""
KINDS = frozenset(map(str, Kind))


def settle_identities(
    identities: pl.DataFrame,
    keys: IdentityKeys,
    *,
    decisions: pl.DataFrame,
    memory: Engine,
) -> pl.DataFrame:
    """Find what each identity comes to, and keep those that are not clear.

    Args:
        identities: One row per identity.
        keys: What lines are compared with.
        decisions: Table DECISIONS: what a person said of lines of uncertain identity.
        memory: Where the ladder is computed.

    Returns:
        The rows that are of an issuer, whether the day flags it or not, uncovered or a fund, with outcome, issuer_id,
        fund_held.
    """
    parts = [
        _settled(identities.slice(start, SLICE), keys, decisions=decisions, memory=memory)
        for start in range(0, max(len(identities), 1), SLICE)
    ]
    return pl.concat(parts)


def _settled(identities: pl.DataFrame, keys: IdentityKeys, *, decisions: pl.DataFrame, memory: Engine) -> pl.DataFrame:
    numbered = identities.with_columns(line_id=pl.format("{}", pl.int_range(pl.len())))
    holdings = HOLDINGS.conform(_with_kinds(with_missing(numbered.rename({"line_id": "holding_id"}))))
    lines, alike = _once(lines_of(holdings, "holding_id", keys.links), _known_isins(keys, decisions))
    resolved = resolve_or_decide(lines, decisions, keys, engine=memory)
    is_open = nw.col("outcome").is_null() | (nw.col("outcome") != str(Outcome.CLEAR))
    ended = memory.collect(resolved.filter(is_open).rename({"fund_id": "fund_held"}).select("line_id", *ENDS))
    return numbered.join(ended.join(alike, on="line_id").drop("line_id"), left_on="line_id", right_on="like").drop(
        "line_id"
    )


def _known_isins(keys: IdentityKeys, decisions: pl.DataFrame) -> pl.Series:
    """Give the ISINs that the ladder or a decision can tell from any other."""
    tables = (keys.isins, keys.fund_isins, keys.figis, keys.forms, keys.codes, decisions)
    columns = [table[name] for table in tables for name in ("isin", "known_isin") if name in table.columns]
    return pl.concat(columns).drop_nulls().unique()


def _once(lines: pl.DataFrame, known: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Take lines without a name that differ in an ISIN only that nobody knows for one line.

    Returns:
        The lines, and for each of them (line_id) those that are like it (like), itself too.
    """
    named, nameless = (
        lines.filter(kept) for kept in (col("name_as_written").is_not_null(), col("name_as_written").is_null())
    )
    is_unknown = col("isin").is_not_null() & ~col("isin").is_in(known.implode())
    short = pl.when(is_unknown).then(col("isin").str.slice(0, LETTERS) + FILLER).otherwise(col("isin"))
    columns = [name for name in lines.columns if name != "line_id"]
    grouped = nameless.with_columns(isin=short).group_by(columns).agg(like="line_id", line_id=col("line_id").first())
    alike = grouped.select("line_id", "like").explode("like")
    return (
        pl.concat([named, grouped.select(lines.columns)]),
        pl.concat([named.select("line_id", like="line_id"), alike]),
    )


def with_missing(identities: pl.DataFrame) -> pl.DataFrame:
    """Write empty as missing again."""
    return identities.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())


def _with_kinds(identities: pl.DataFrame) -> pl.DataFrame:
    """Read the kind of each line from asset class and name, unless a column says it in our own words."""
    columns = identities.columns
    given = identities["kind"] if "kind" in columns else pl.Series("kind", [None] * len(identities), pl.String)
    if "kind" in columns and set(given.drop_nulls().unique()) <= KINDS and not given.has_nulls():
        return identities
    from esgscan.portfolio.kinds import kinds_of

    none = [None] * len(identities)
    words, names, tickers = (
        identities[name].to_list() if name in columns else none for name in (CLASS, "name_as_written", "ticker")
    )
    classes = [word or kind for word, kind in zip(words, given.to_list(), strict=True)]
    read = pl.Series("kind", kinds_of(classes, names, tickers), pl.String)
    return identities.with_columns(kind=pl.when(given.is_in(list(KINDS))).then(given).otherwise(read))
