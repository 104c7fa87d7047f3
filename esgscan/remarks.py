"""FINDINGS of a run: what the files said, and what a reader must know of values, dates and holdings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.records import Finding
from esgscan.securities.decided import NONE, WRITTEN
from esgscan.terms import Confidence, Kind, MatchedBy, Outcome, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from esgscan.records import FundFile, Reading


col = pl.col

CONTRACTS = [str(kind) for kind in (Kind.OPTION, Kind.FUTURE, Kind.SWAP, Kind.FORWARD)]
SHOWN = 10
NEWER = "use a newer edition of esgscan, or read newer lists with esgscan watchlist update"


def remarks(
    readings: Sequence[Reading],
    fund_files: Sequence[FundFile],
    *,
    stored: Sequence[FundFile] = (),
    positions: pl.DataFrame,
    paths: pl.DataFrame,
    decisions: pl.DataFrame,
    doubts: pl.DataFrame,
    as_of: date,
    max_age: int,
    known: tuple[date, date],
    updated: str = "",
    said: Sequence[Finding] = (),
) -> list[Finding]:
    """Give the findings of a run, gravest first, each once.

    Args:
        readings: The portfolio files as they were read.
        fund_files: The holdings files as they were read.
        stored: Files of the holdings store that were used.
        positions: Positions with value, `is_valued` and the decision that was found for them.
        paths: PATHS with is_stale.
        decisions: Table DECISIONS.
        doubts: Table OWNERS with names, where it is not known whether a programme reaches a company that is held.
        as_of: The day the answer is for.
        max_age: Days after which holdings are called old.
        known: First and last day that the reference data speaks of.
        updated: Edition of what was confirmed from newer lists since; empty where nothing was.
        said: What was found out before the run, such as prices that were looked up.
    """
    found = [
        *said,
        *(finding for reading in readings for finding in reading.findings),
        *(finding for file in fund_files for finding in file.findings),
        *_unvalued(positions),
        *([*_overruled(positions), *_nearly(decisions, positions)] if len(decisions) else ()),
        *_at_value(positions),
        *_unused(fund_files, as_of),
        *_repeated(fund_files),
        *_old(paths, as_of, max_age),
        *_outside(as_of, known, updated),
        *_from_store(stored),
        *_owned(doubts),
    ]
    rank = {severity: n for n, severity in enumerate(Severity)}
    return sorted(dict.fromkeys(found), key=lambda finding: rank[finding.severity])


def _unvalued(positions: pl.DataFrame) -> Iterator[Finding]:
    """Name the lines whose amount has no rate into the portfolio's currency; lines without one are said before."""
    has_amount = pl.coalesce("market_value", col("quantity") * col("price")).is_not_null()
    lines = positions.filter(~col("is_valued") & has_amount)
    for sheet, row, name, currency in lines.select("source_sheet", "source_row", "name_as_written", "currency").rows():
        yield Finding(
            severity=Severity.WARNING,
            where=f"sheet '{sheet}', row {row}" if sheet else f"row {row}",
            what=f"{_named(name)} is in {currency}, for which there is no rate; it is outside the percentages.",
            mend=f"give a rate for {currency} with --fx rates.csv",
        )


def _overruled(positions: pl.DataFrame) -> Iterator[Finding]:
    """Name the decisions that say another thing than the ISIN of their line, or that cannot settle it."""
    is_other = (col("answer") != col("issuer_id").fill_null(NONE)) | (col("outcome") == Outcome.UNCOVERED)
    lines = positions.filter(col("matched_by") != MatchedBy.DECISION, col("answer").is_not_null(), is_other)
    for row in lines.iter_rows(named=True):
        yield Finding(
            severity=Severity.WARNING,
            where=row["where"],
            what=f"The decision '{row['answer']}' on {_named(row['name_as_written'], 'a line')} was not used: "
            f"the line is settled by {row['evidence']}.",
            mend="look at the line again, and remove the decision or correct the line",
        )


def _nearly(decisions: pl.DataFrame, positions: pl.DataFrame) -> Iterator[Finding]:
    """Name the decisions that would hold for an open line, did the line not say more than they do."""
    unsure = positions.filter(col("confidence").is_in([Confidence.POSSIBLE, Confidence.REFUSED]))
    used = set(positions["where"])
    for decision in decisions.filter(~col("where").is_in(list(used))).iter_rows(named=True):
        written = {name: str(decision[name]).casefold() for name in WRITTEN if decision[name]}
        same = (col(name).str.to_lowercase() == text for name, text in written.items())
        for row in unsure.filter(*same).head(1).iter_rows(named=True):
            more = [f"{name} '{row[name]}'" for name in WRITTEN if name not in written and row[name]]
            yield Finding(
                severity=Severity.WARNING,
                where=decision["where"],
                what=f"The decision on '{next(iter(written.values()))}' was not used for row {row['source_row']}: "
                f"that line also has {' and '.join(more)}.",
                mend="add this to the decision if it holds for that line too",
            )


def _at_value(positions: pl.DataFrame) -> Iterator[Finding]:
    """Say that derivatives stand for more than the value at which they count."""
    lines = positions.filter(col("kind").is_in(CONTRACTS))
    if not lines.is_empty():
        rows = ", ".join(str(row) for row in lines["source_row"].drop_nulls().head(SHOWN))
        what = f"Options, futures, swaps and forwards count at their value, not at the amount they stand for: {rows}"
        more = f" and {lines.height - SHOWN} more" if lines.height > SHOWN else ""
        yield Finding(
            severity=Severity.INFO,
            where="rows of the portfolio",
            what=f"{what}{more}.",
            mend="add the underlying as a line of its own to count it",
        )


def _named(name: str | None, else_: str = "A line") -> str:
    return f"'{name}'" if name else else_


def _unused(fund_files: Sequence[FundFile], as_of: date) -> Iterator[Finding]:
    """Name the holdings that the user gave and that are of a later day."""
    for file in fund_files:
        for name, day in file.funds.filter(col("as_of") > as_of).select("name", "as_of").rows():
            yield Finding(
                severity=Severity.WARNING,
                where=file.name,
                what=f"The holdings of {_named(name, 'a fund')} are of {day}, after {as_of}, and were not used.",
                mend="give holdings of an earlier day, or a later --as-of",
            )


def _repeated(fund_files: Sequence[FundFile]) -> Iterator[Finding]:
    """Name the funds that more than one file lists for the same day; the file given last counts."""
    seen: dict[tuple[str, date], str] = {}
    for file in fund_files:
        for fund, day in file.funds.select("fund_id", "as_of").rows():
            if (fund, day) in seen:
                yield Finding(
                    severity=Severity.WARNING,
                    where=file.name,
                    what=f"The holdings of '{fund}' of {day} stand in '{seen[fund, day]}' too; this file counts.",
                    mend="give one file for a fund and a day",
                )
            seen[fund, day] = file.name


def _old(paths: pl.DataFrame, as_of: date, max_age: int) -> Iterator[Finding]:
    """Name the funds whose holdings were used although they are old; the funds inside them are not named again."""
    outermost = paths.filter(col("is_stale")).with_columns(fund=col("route").str.replace(" > .*", ""))
    days = outermost.group_by("fund").agg(col("holdings_as_of").min())
    for fund, day in days.sort("holdings_as_of", "fund").rows():
        yield Finding(
            severity=Severity.WARNING,
            where=f"fund {fund}",
            what=f"Holdings of {day} are {(as_of - day).days} days old, more than {max_age}; the interval is wider.",
            mend="add newer holdings with --holdings FILE",
        )


def _from_store(stored: Sequence[FundFile]) -> Iterator[Finding]:
    """Say which holdings came from the store: they are not among the files of the command."""
    told = [
        f"{_named(name or fund)} of {day}"
        for file in stored
        for fund, name, day in file.funds.select("fund_id", "name", "as_of").unique(maintain_order=True).iter_rows()
    ]
    if told:
        what = f"Holdings from the store were used: {'; '.join(told)}."
        mend = "scan with --no-store to do without"
        yield Finding(severity=Severity.INFO, where="holdings store", what=what, mend=mend)


def _owned(doubts: pl.DataFrame) -> Iterator[Finding]:
    """Name the companies that are not flagged, and of which it is not known whether a list of owners reaches them."""
    printed = pl.coalesce("known_on_as_printed", col("known_on").dt.to_string("iso"))
    share = pl.coalesce(pl.format("{}%", (100 * col("stake")).round(2)), pl.lit("share not given"))
    programmes = doubts.group_by("issuer_id", "issuer", "owner", share, printed, maintain_order=True).agg("programme")
    for issuer_id, issuer, owner, stake, day, names in programmes.rows():
        yield Finding(
            severity=Severity.INFO,
            where=f"issuer {issuer_id}",
            what=f"Whether {' and '.join(names)} {'reach' if len(names) > 1 else 'reaches'} {issuer} through its owner "
            f"{owner} ({stake}, {day}) is not known; it is not flagged.",
            mend=f"see the rule with esgscan issuers {issuer_id}, and look up the share",
        )


def _outside(as_of: date, known: tuple[date, date], updated: str) -> Iterator[Finding]:
    """Say that the day lies outside what the reference data knows: nothing found then means little."""
    first, last = known
    if first <= as_of <= last:
        return
    where = "--as-of"
    if as_of > last:
        what = f"The reference data is of {last}; what was listed or reported between then and {as_of} is not in it"
        what += f", but for the lists confirmed in {updated}." if updated else "."
        yield Finding(severity=Severity.WARNING, where=where, what=what, mend=NEWER)
    else:
        what = f"The reference data knows of no step before {first}; on {as_of} nothing could be flagged."
        yield Finding(severity=Severity.WARNING, where=where, what=what, mend="choose a later day")
