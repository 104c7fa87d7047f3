"""The SEC's quarterly Form 13F data sets: a zip, or the folder it unpacks to, of tab-separated tables.

A restatement supersedes what the manager filed before it for the same day, and `NEW HOLDINGS` are added to that.

Source: SEC, Form 13F Data Sets (FORM13F_readme.htm).
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import polars as pl

from esgscan.errors import SourceError
from esgscan.records import Finding
from esgscan.sources.asked import find_day
from esgscan.sources.listed import fund_file
from esgscan.sources.nport_datasets import hash_of, is_quoted, members_of, unpacked_tables
from esgscan.sources.thirteen_f import FIELDS, table_of
from esgscan.terms import Severity

if TYPE_CHECKING:
    from datetime import date

    from esgscan.records import FundFile
    from esgscan.sources.listed import ListedFund

col = pl.col

NEEDED = ("SUBMISSION", "COVERPAGE", "INFOTABLE")
ADDED = "NEW HOLDINGS"
ORDER = ("day", "filed", "ACCESSION_NUMBER")


def recognises(path: Path) -> bool:
    """Whether a folder or an archive holds the tables that are needed; what cannot be opened does not."""
    try:
        return members_of(path).issuperset(NEEDED)
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def read(path: Path) -> FundFile:
    """Read a data set, one portfolio per manager and day.

    Raises:
        SourceError: The archive or a table is damaged, or a needed column is missing.
    """
    with tempfile.TemporaryDirectory() as folder:
        tables = unpacked_tables(path, Path(folder), NEEDED)
        try:
            filings = _filings(_table(tables["SUBMISSION"]), _table(tables["COVERPAGE"]))
            lines = _table(tables["INFOTABLE"]).rename({name.upper(): name for name in FIELDS}).fill_null("")
            held = lines.join(filings.select("ACCESSION_NUMBER", "holder"), on="ACCESSION_NUMBER", how="inner")
        except (pl.exceptions.PolarsError, OSError) as error:
            what = f"The tables of '{path.name}' cannot be read: {str(error).splitlines()[0]}"
            raise SourceError(what, where=str(path), mend="download the data set again") from error
    undated = filings.filter(col("day").is_null()).height
    by_holder = held.select("holder", *FIELDS).partition_by("holder", as_dict=True, include_key=False)
    listed = [
        _manager(filing, table, path.name)
        for filing in filings.filter(col("ACCESSION_NUMBER") == col("holder"), col("day").is_not_null()).to_dicts()
        if (table := by_holder.get((filing["holder"],))) is not None
    ]
    file = fund_file(listed, name=path.name, sha256=hash_of(path))
    return replace(file, findings=(*file.findings, *_left_out(undated, path.name)))


def _table(file: Path) -> pl.DataFrame:
    """Read a table as text, whatever its columns and their order; the SEC's quotes are letters like others."""
    quote = '"' if is_quoted(file) else None
    return pl.read_csv(file, separator="\t", infer_schema=False, quote_char=quote, encoding="utf8-lossy")


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
    return holders.join(starts, on=by_manager, nulls_equal=True).filter(
        (col("position") == col("start")) | (col("is_added") & (col("position") > col("start")))
    )


def _manager(filing: dict[str, str | date | None], lines: pl.DataFrame, name: str) -> ListedFund:
    day, filed = filing["day"], filing["filed"]
    assert not isinstance(day, str) and day is not None and not isinstance(filed, str)  # noqa: S101, PT018
    manager, cik = str(filing["FILINGMANAGER_NAME"] or ""), str(filing["CIK"])
    listed = table_of(lines.to_dicts(), manager=manager, as_of=day, filed=filed, name=f"{name}, {manager}")
    return replace(listed, code=f"13F-{cik}", identifiers=(f"cik:{cik}",))


def _left_out(undated: int, name: str) -> tuple[Finding, ...]:
    if not undated:
        return ()
    what = f"{undated:,} filings have no day that can be read, and were left out."
    mend = "check the column PERIODOFREPORT"
    return (Finding(severity=Severity.WARNING, where=name, what=what, mend=mend),)
