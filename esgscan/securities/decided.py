"""Answers of a person to lines of uncertain identity: found again by how a line is written, and put above the ladder.

A decision holds for the lines that are written as it is: the same name, ISIN, code, exchange and country, but for upper
and lower case, punctuation, and zeros before a code, which a spreadsheet takes away. It is about identity, and so it
holds whatever day a run is for. Only an ISIN that is known beats it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.names import word_key
from esgscan.securities.ladder import resolve
from esgscan.tables import SECURITIES
from esgscan.terms import Confidence, MatchedBy, Outcome, Reason

if TYPE_CHECKING:
    import polars as pl

    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine, Frame

col, lit, when = nw.col, nw.lit, nw.when

WRITTEN = ("name_as_written", "isin", "ticker", "exchange", "country")
"""The columns by which a line is known again."""
NONE = "none"
"""The answer that a line is no issuer of the watchlist."""
SETTLED_BY_NONE = [Reason.POSSIBLE, Reason.REFUSED, Reason.UNRESOLVED]
"""What `none` settles; that a line is no watchlist issuer does not open a fund or a derivative."""
ANSWER = ("answer", "decided_by", "decided_on", "comment")


def resolve_or_decide(lines: pl.DataFrame, decisions: pl.DataFrame, keys: IdentityKeys, *, engine: Engine) -> Frame:
    """Say what each line is, a person's answer above the ladder's, and give that answer.

    Args:
        lines: Lines as `securities.lines.lines_of` gives them.
        decisions: Table DECISIONS, at most one answer for one way of writing.
        keys: What lines are compared with.
        engine: Where the tables go.

    Returns:
        Table SECURITIES, one row per line, and beside it the decision on the line where there are any.
    """
    frame = engine.frame(lines)
    resolved = resolve(frame, keys, engine=engine)
    if decisions.is_empty():
        return resolved
    answered = answers(frame, engine.frame(decisions))
    return decide(resolved, answered).join(answered, on="line_id", how="left")


def line_key() -> nw.Expr:
    """Give the key under which a line and a decision on it meet."""
    parts = {name: word_key(col(name)).fill_null("") for name in WRITTEN}
    parts["ticker"] = parts["ticker"].str.replace_all("^0+", "")
    return nw.concat_str(*parts.values(), separator="|")


def answers(lines: Frame, decisions: Frame) -> Frame:
    """Find the decision on each line.

    Args:
        lines: Lines as `securities.lines.lines_of` gives them.
        decisions: Table DECISIONS, at most one answer for one way of writing.

    Returns:
        One row per line that a person settled: line_id, answer, decided_by, decided_on, comment, where.
    """
    keyed = decisions.with_columns(line_key=line_key()).select("line_key", *ANSWER, "where")
    return lines.select("line_id", line_key=line_key()).join(keyed, on="line_key", how="inner").drop("line_key")


def decide(resolved: Frame, answered: Frame) -> Frame:
    """Put the answers of a person above what the ladder said.

    Args:
        resolved: Table SECURITIES, as the ladder gives it.
        answered: As `answers` gives them.

    Returns:
        Table SECURITIES; a line of which the ladder knows the ISIN stays as it was.
    """
    joined = resolved.join(answered, on="line_id", how="left")
    is_exact = (col("matched_by") == MatchedBy.ISIN) & (col("confidence") == Confidence.CONFIRMED)
    is_open = col("outcome").is_null() | (col("outcome") == Outcome.UNCOVERED)
    is_beyond = is_open & ~col("reason").is_in(SETTLED_BY_NONE).fill_null(value=False)
    is_issuer = ~col("answer").is_null() & (col("answer") != NONE) & ~is_exact.fill_null(value=False)
    is_none = (col("answer") == NONE) & ~is_beyond & ~is_exact.fill_null(value=False)
    marked = joined.with_columns(is_issuer=is_issuer.fill_null(value=False), is_none=is_none.fill_null(value=False))
    return _settled(marked.with_columns(said=_said(), pointed=nw.coalesce("issuer_id", "candidate")))


def _settled(marked: Frame) -> Frame:
    """Write the answer into the lines that have one."""
    is_issuer, is_none = col("is_issuer"), col("is_none")
    is_settled = is_issuer | is_none
    is_agreed = is_issuer & (col("pointed") == col("answer")).fill_null(value=False)
    issuer = when(is_issuer).then(col("answer")).when(~is_none).then(col("issuer_id"))
    outcome = when(is_issuer).then(lit(str(Outcome.FLAGGED))).when(is_none).then(lit(str(Outcome.CLEAR)))
    confidence = when(is_issuer).then(lit(str(Confidence.CONFIRMED))).when(is_none).then(lit(str(Confidence.NONE)))
    return marked.with_columns(
        issuer_id=issuer,
        security_id=when(is_agreed | ~is_settled).then(col("security_id")),
        outcome=outcome.otherwise(col("outcome")),
        confidence=confidence.otherwise(col("confidence")),
        matched_by=when(is_settled).then(lit(str(MatchedBy.DECISION))).otherwise(col("matched_by")),
        evidence=when(is_settled).then(col("said")).otherwise(col("evidence")),
        **{name: when(~is_settled).then(col(name)) for name in ("fund_id", "region", "reason", "candidate")},
    ).select(list(SECURITIES.columns))


def _said() -> nw.Expr:
    """Say who decided what and when, and what the line would be without that."""
    answer = when(col("answer") == NONE).then(lit("no issuer of the watchlist")).otherwise(col("answer"))
    comment = when(~col("comment").is_null()).then(nw.concat_str(lit(" ("), col("comment"), lit(")")))
    day = col("decided_on").cast(nw.String())
    decided = [lit("decided by "), col("decided_by"), lit(" on "), day, lit(": "), answer, comment]
    is_unsure = col("confidence").is_in([Confidence.POSSIBLE, Confidence.REFUSED])
    sureness = when(is_unsure).then(col("confidence")).otherwise(col("outcome"))
    otherwise = [lit("; without it "), sureness, lit(": "), col("evidence")]
    return nw.concat_str(*decided, *otherwise, ignore_nulls=True)
