"""The commands on funds and markets: the holdings store, who holds an issuer, and bulk runs."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from esgscan import HAS_SET_THREADS
from esgscan.cli_options import FX, POLICY, Fraction, look, own_files, refuse_to_overwrite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import polars as pl

    from esgscan.bulk.passes import Passes

SOURCE_FAILED = 4
PORTFOLIO_FAILED = 3
CLEAR_LINE = "\r\x1b[K"
TABLES = click.Choice(["terminal", "csv", "json"])
AS_OF = click.option("--as-of", metavar="DATE", help="The day the answer is for, as 2026-11-23; today if not given.")
FORMAT = click.option("--format", "format_name", type=TABLES, default="terminal", help="What to print [terminal].")
MIN_WEIGHT = click.option("--min-weight", type=Fraction(), default="0", help="Leave out funds with less [0].")


@click.group()
def funds() -> None:
    """Keep fund holdings in a store, and look at them."""


@funds.command()
@click.argument("files", nargs=-1, required=True, metavar="[FUND[@DATE]=]FILE_OR_FOLDER...")
def add(files: tuple[str, ...]) -> None:
    """Add files of fund holdings to the store.

    A file that was added before is not read again, and one that cannot be read stops no other; the exit status is then
    4. A day that a file states itself goes before DATE, and is told.
    """
    from esgscan.funds import add_funds, holdings_files
    from esgscan.report.wording import count
    from esgscan.terms import Severity

    paths = holdings_files(files)
    done = {"new": 0, "repeated": 0, "there": 0, "failed": 0}
    for file in with_progress(add_funds(paths), len(paths), "adding"):
        done["new"] += file.new
        done["repeated"] += file.repeated
        done["there"] += file.was_there
        for finding in file.findings:
            if finding.severity is Severity.WARNING:
                tell(f"{file.path}: {finding.what}")
        if file.error:
            done["failed"] += 1
            tell(f"{file.path}: {file.error}".replace("--holdings ", ""))
    tell(
        f"{count(len(paths), 'file')}: {count(done['new'], 'fund and day', 'funds and days')} added, "
        f"{done['repeated']:,} repeated; {count(done['there'], 'file')} there already, {done['failed']:,} failed."
    )
    if done["failed"]:
        sys.exit(SOURCE_FAILED)


@funds.command(name="list")
@AS_OF
@FORMAT
def list_(as_of: str | None, format_name: str) -> None:
    """List the funds in the store, each with its newest holdings."""
    from esgscan.funds import listed_funds
    from esgscan.report.market import render_funds

    found = listed_funds(as_of)
    print_table(found, format_name, lambda: render_funds(found, **look()))


@funds.command()
@click.argument("fund")
@AS_OF
@own_files
@FORMAT
def show(fund: str, format_name: str, **wishes: Any) -> None:
    """Show one fund of the store: its days, and what it reaches."""
    from esgscan.funds import fund_exposures, fund_rows, issuer_names
    from esgscan.markets import MarketRequest
    from esgscan.report.market import render_fund

    request = MarketRequest(**wishes)
    rows = fund_rows(fund)
    exposed = fund_exposures(fund, request=request)
    print_table(exposed, format_name, lambda: render_fund(rows, exposed, issuer_names(request), **look()))


@funds.command()
@click.argument("fund")
@click.argument("identifiers", nargs=-1, required=True, metavar="IDENTIFIER...")
def name(fund: str, identifiers: tuple[str, ...]) -> None:
    """Give a fund of the store further identifiers.

    ISINs, LEIs, tickers or names: of its share classes, or of feeders without holdings of their own.
    """
    from esgscan.funds import rename_fund

    click.echo(f"{rename_fund(fund, identifiers)} is known by {', '.join(identifiers)} too.", err=True)


@funds.command()
@click.argument("fund", nargs=-1, required=True)
def remove(fund: tuple[str, ...]) -> None:
    """Remove funds from the store, with all their days."""
    from esgscan.funds import remove_fund
    from esgscan.report.wording import count

    for one in fund:
        click.echo(f"removed '{one}': {count(remove_fund(one), 'day')}", err=True)


@funds.command()
@AS_OF
@MIN_WEIGHT
@click.option("--limit", type=click.IntRange(min=1), default=25, help="Funds to print [25].")
@own_files
@POLICY
@FORMAT
def rank(min_weight: float, limit: int, format_name: str, **wishes: Any) -> None:
    """List the funds that reach most flagged companies, from the store and the packaged figures.

    With a policy, only the companies that count by it are added up.
    """
    from esgscan.markets import MarketRequest, ranked_funds
    from esgscan.report.market import render_rank

    found = ranked_funds(request=MarketRequest(**wishes), min_weight=min_weight).head(limit)
    print_table(found, format_name, lambda: render_rank(found, **look()))


@click.command()
@click.argument("issuer")
@AS_OF
@MIN_WEIGHT
@own_files
@FORMAT
def holders(issuer: str, min_weight: float, format_name: str, **wishes: Any) -> None:
    """Show which funds hold an issuer, directly and through funds, the biggest first.

    The funds are those of the store, and the well-known ones of the packaged figures.
    """
    from esgscan.markets import MarketRequest, find_issuer_id, holders_of, summed
    from esgscan.report.market import render_holders

    request = MarketRequest(**wishes)
    issuer_id, named = find_issuer_id(issuer, request)
    found = holders_of(issuer_id, request=request, min_weight=min_weight)
    print_table(found, format_name, lambda: render_holders(found, named, summed(found), **look()))


@click.command()
@click.argument("holdings", nargs=-1, metavar="[HOLDINGS]...")
@click.option("--portfolios", metavar="FOLDER", help="Answer for every portfolio file of a folder, not for the funds.")
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="Where lines are read [duckdb]."
)
@click.option("-o", "output", metavar="FILE", help="Write .parquet, .csv or .json; CSV is printed if not given.")
@click.option("--fx", metavar="PATH", help=f"With --portfolios. {FX}")
@own_files
@POLICY
@AS_OF
def bulk(holdings: tuple[str, ...], portfolios: str | None, output: str | None, fx: str | None, **wishes: Any) -> None:
    """Give the exposure of every fund, or of thousands of portfolios, to every flagged company.

    HOLDINGS are files or folders of fund holdings; Parquet with the columns of table HOLDINGS is read where it lies, at
    any size. Without HOLDINGS the store is used. A policy adds two columns: whether a company counts, and its tier.
    """
    from pathlib import Path

    from esgscan.report.table_files import table_format

    if output:
        table_format(Path(output))
        own = [*wishes["watchlist"], *wishes["decisions"], wishes["identifiers"], wishes["policy"]]
        refuse_to_overwrite(output, [*holdings, fx, *own])
    if portfolios:
        found, failed = _portfolios(portfolios, holdings, fx=fx, **wishes)
    else:
        found, failed = _funds(holdings, **wishes), False
    if found.is_empty():
        click.echo("No line of these holdings is dated on or before the day of the answer.", err=True)
    if output:
        from esgscan.report.table_files import write_table

        write_table(found, Path(output))
        click.echo(f"wrote {output}", err=True)
    else:
        print_table(found, "csv", str)
    if failed:
        sys.exit(PORTFOLIO_FAILED)


def _funds(holdings: Sequence[str], **wishes: Any) -> pl.DataFrame:
    """Expose the funds; where a list of the store went away meanwhile, do it again."""
    from esgscan.market_lines import over_store

    return over_store(partial(_exposures, holdings, **wishes), holdings)


def _exposures(holdings: Sequence[str], **wishes: Any) -> pl.DataFrame:
    """Expose the funds; the passes over their lines begin before what is needed after them is loaded."""
    from esgscan.days import read_day
    from esgscan.market_lines import market_passes

    with market_passes(holdings, as_of=read_day(wishes["as_of"]), engine=wishes["engine"]) as passes:
        if HAS_SET_THREADS and "polars" not in sys.modules:  # a market is long, and DuckDB adds in no order either
            os.environ.pop("POLARS_MAX_THREADS", None)
        from esgscan.markets import MarketRequest, exposures_of_funds

        with _watched(passes) as watched:
            return exposures_of_funds(holdings, request=MarketRequest(**wishes), passes=watched)


@contextmanager
def _watched(passes: Passes) -> Iterator[Passes]:
    """Show on a terminal how far a market is: its funds are added up, its lines are told apart, its answer is there."""
    if not sys.stderr.isatty():
        yield passes
        return
    from dataclasses import replace

    with click.progressbar(length=3, label="screening", file=sys.stderr) as bar:

        def told(wait: Callable[[], pl.DataFrame]) -> pl.DataFrame:
            found = wait()
            bar.update(1)
            return found

        bar.render_progress()
        yield replace(passes, sums=partial(told, passes.sums), identities=partial(told, passes.identities))
        bar.update(1)


def _portfolios(folder: str, holdings: Sequence[str], *, fx: str | None, **wishes: Any) -> tuple[pl.DataFrame, bool]:
    """Read the portfolios, tell which could not be read, and expose the others."""
    from esgscan.market_portfolios import exposures_of_portfolios, read_portfolios
    from esgscan.markets import MarketRequest
    from esgscan.report.wording import count

    request = MarketRequest(**wishes)
    read = list(with_progress(read_portfolios(folder, as_of=request.as_of, fx=fx), None, "reading"))
    failed = [one for one in read if one.error]
    for one in failed:
        tell(f"{one.path}: {one.error}")
    lines = [one.lines for one in read if one.lines is not None]
    tell(f"{count(len(read), 'portfolio')}, {len(failed):,} failed.")
    return exposures_of_portfolios(lines, holdings, request=request), bool(failed)


def tell(message: str) -> None:
    """Print a message; where a terminal reads it, in the place of a progress bar, which is drawn anew below."""
    click.echo(f"{CLEAR_LINE if sys.stderr.isatty() else ''}{message}", err=True)


def with_progress(items: Iterable[Any], length: int | None, label: str) -> Iterator[Any]:
    """Give the items, with a progress bar where a terminal reads the messages and none in a pipe."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
        yield from bar


def print_table(table: pl.DataFrame, format_name: str, render: Any) -> None:
    """Print a table as text, CSV or JSON."""
    if format_name == "terminal":
        click.echo(render(), nl=False)
        return
    from esgscan.report.table_files import table_bytes

    sys.stdout.buffer.write(table_bytes(table, format_name))
