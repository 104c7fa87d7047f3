"""The SEC's quarterly Form 13F data sets: a zip, or the folder it unpacks to, of tab-separated tables.

A restatement supersedes what the manager filed before it for the same day, and `NEW HOLDINGS` are added to that.
Millions of lines: Polars goes over them three times and writes Parquet, and only distinct words pass through Python.

Source: SEC, Form 13F Data Sets (FORM13F_readme.htm).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from esgscan.records import Finding
from esgscan.result import USER_SOURCE
from esgscan.sources.asked import find_day
from esgscan.sources.quarters import (
    ROW_GROUP,
    WrittenDataset,
    has_tables,
    is_quoted,
    read_written,
    unpacked_tables,
    unread,
)
from esgscan.sources.thirteen_f import FIELDS, written_lines
from esgscan.sources.thirteen_f_totals import number_in, totals
from esgscan.tables import FUNDS, HOLDINGS
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from esgscan.records import FundFile
    from esgscan.sources.thirteen_f_totals import Totals

col = pl.col

NEEDED = ("SUBMISSION", "COVERPAGE", "INFOTABLE")
ADDED = "NEW HOLDINGS"
ORDER = ("day", "filed", "ACCESSION_NUMBER")
WORDS = {word.upper(): word for word in FIELDS if word not in ("value", "sshPrnamt")}
"""What says of a line which security it is, and not how much of it, by columns of the table."""

GIVEN = (
    "holding_id", "fund_id", "as_of", "name_as_written", "cusip", "kind", "market_value", "holding_weight", "rounding",
    "source_id",
)  # fmt: skip
"""The columns of HOLDINGS that a table gives."""


def recognises(path: Path) -> bool:
    """Whether a folder or an archive holds the tables that are needed; what cannot be opened does not."""
    return has_tables(path, NEEDED)


def read(path: Path) -> FundFile:
    """Read a data set, one portfolio per manager and day.

    Raises:
        SourceError: As `write_parquet`.
    """
    return read_written(path, write_parquet)


def write_parquet(path: Path, folder: Path, *, stored_in: str = "") -> WrittenDataset:
    """Write a data set as Parquet: `funds.parquet`, `holdings.parquet` and `rest.parquet` in `folder`.

    Args:
        path: The zip or the folder.
        folder: Where to write; it must exist. What is unpacked on the way lies there too, and is removed.
        stored_in: Name of the file in the holdings store; the lines then have the columns of the store beside.

    Raises:
        SourceError: The archive or a table is damaged, or a needed column is missing.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unpacked-") as unpacked:
        tables = unpacked_tables(path, Path(unpacked), NEEDED)
        try:
            filings = _filings(_table(tables["SUBMISSION"]), _table(tables["COVERPAGE"]))
            dated = filings.filter(col("day").is_not_null())
            lines = _lines(tables["INFOTABLE"], dated)
            added_up = totals(lines, dated.filter(col("ACCESSION_NUMBER") == col("holder")), name=path.name)
            written = _written(lines, added_up, folder, path.name, stored_in)
        except (pl.exceptions.PolarsError, OSError) as error:
            first = str(error).splitlines()[0]
            raise unread(f"The tables of '{path.name}' cannot be read: {first}", path) from error
    findings = (*added_up.findings, *_left_out(filings.height - dated.height, path.name))
    return WrittenDataset(funds=written[0], holdings=tuple(written[1:]), findings=findings)


def _table(file: Path) -> pl.DataFrame:
    return _scanned(file).collect()


def _scanned(file: Path) -> pl.LazyFrame:
    """Read a table as text, whatever its columns and their order; the SEC's quotes are letters like others."""
    quote = '"' if is_quoted(file) else None
    return pl.scan_csv(file, separator="\t", infer_schema=False, quote_char=quote, encoding="utf8-lossy")


def _lines(file: Path, filings: pl.DataFrame) -> pl.LazyFrame:
    """Give the lines of the filings that count: `line`, its number; `manager`, whose it is; FIELDS."""
    words = [col(name.upper()).str.strip_chars().fill_null("") for name in FIELDS]
    lines = _scanned(file).with_row_index("line").select("line", "ACCESSION_NUMBER", *words)
    whose = filings.select("ACCESSION_NUMBER", "manager").lazy()
    return lines.join(whose, on="ACCESSION_NUMBER", how="inner", maintain_order="left").drop("ACCESSION_NUMBER")


def _filings(submissions: pl.DataFrame, covers: pl.DataFrame) -> pl.DataFrame:
    """Give each filing that counts, with the filing whose portfolio its lines belong to as `holder`."""
    optional = [name for name in ("AMENDMENTTYPE",) if name in covers.columns]
    filings = submissions.join(
        covers.select("ACCESSION_NUMBER", "FILINGMANAGER_NAME", *optional), on="ACCESSION_NUMBER"
    )
    days = {
        name: pl.Series([find_day(text) for text in filings[column]], dtype=pl.Date)
        for name, column in (("day", "PERIODOFREPORT"), ("filed", "FILING_DATE"))
    }
    kind = col("AMENDMENTTYPE") if optional else pl.lit(None, pl.String)
    filings = filings.with_columns(**days, is_added=(kind.str.strip_chars() == ADDED).fill_null(value=False)).sort(
        ORDER
    )
    by_manager = ["CIK", "day"]
    whole = pl.when(~col("is_added")).then(col("ACCESSION_NUMBER"))
    filings = filings.with_columns(
        holder=whole.last(ignore_nulls=True)
        .over(by_manager)
        .fill_null(col("ACCESSION_NUMBER").first().over(by_manager))
    )
    position = pl.int_range(pl.len()).over(by_manager)
    holders = filings.with_columns(position=position)
    starts = holders.filter(col("ACCESSION_NUMBER") == col("holder")).select(*by_manager, start="position")
    return (
        holders.join(starts, on=by_manager, nulls_equal=True)
        .filter((col("position") == col("start")) | (col("is_added") & (col("position") > col("start"))))
        .with_columns(manager=col("holder").rank("dense"))
    )


def _written(lines: pl.LazyFrame, added_up: Totals, folder: Path, name: str, stored_in: str) -> list[Path]:
    """Write funds, holdings, and what stands for the whole of a manager whose table is worth nothing."""
    funds, holdings, rest = (folder / f"{one}.parquet" for one in ("funds", "holdings", "rest"))
    source = pl.lit(f"{USER_SOURCE}{name}").alias("source_id")
    beside = [col("fund_id").alias("listed_as"), pl.lit(stored_in).alias("stored_in")] if stored_in else []
    FUNDS.conform(added_up.funds.with_columns(source)).write_parquet(funds)
    held = _holdings(lines, added_up).with_columns(source)
    empty = [pl.lit(None, kind).alias(name) for name, kind in HOLDINGS.schema.items() if name not in GIVEN]
    held.with_columns(empty).select(*HOLDINGS.columns, *beside).sink_parquet(holdings, row_group_size=ROW_GROUP)
    nothing = added_up.funds.filter(col("share_published") == 0).with_columns(
        source,
        holding_id=pl.format("rest-{}", "manager"),
        kind=pl.lit(str(Kind.NOT_LISTED)),
        holding_weight=pl.lit(1.0),
    )
    unlisted = nothing.drop("currency", "name", "identifiers")
    HOLDINGS.conform(unlisted).with_columns(beside).write_parquet(rest)
    return [funds, holdings, rest]


def _holdings(lines: pl.LazyFrame, added_up: Totals) -> pl.LazyFrame:
    """Weigh the lines; one without a value weighs nothing."""
    funds = added_up.funds.select("manager", "fund_id", "as_of", "scale", "total_market_value", "share_published")
    weight = pl.when(col("share_published") > 0).then(col("market_value") / col("total_market_value"))
    return (
        lines.join(added_up.twice.lazy(), on="line", how="anti", maintain_order="left")
        .join(funds.lazy(), on="manager", how="inner", maintain_order="left")
        .join(_written_words(lines).lazy(), on=list(WORDS), how="left", maintain_order="left")
        .with_columns(holding_id=pl.format("h{}", "line"), market_value=number_in("VALUE") * col("scale"))
        .with_columns(holding_weight=weight.fill_null(0.0), rounding=pl.lit(0.0))
    )


def _written_words(lines: pl.LazyFrame) -> pl.DataFrame:
    """Give each combination of WORDS once, with the columns of HOLDINGS that it tells."""
    distinct = lines.select(list(WORDS)).unique().collect(engine="streaming")
    schema, told = HOLDINGS.schema, written_lines(distinct.rename(WORDS).to_dicts())
    return distinct.with_columns(pl.Series(name, cells, schema[name]) for name, cells in told.items())


def _left_out(undated: int, name: str) -> tuple[Finding, ...]:
    if not undated:
        return ()
    what = f"{undated:,} filings have no day that can be read, and were left out."
    mend = "check the column PERIODOFREPORT"
    return (Finding(severity=Severity.WARNING, where=name, what=what, mend=mend),)
