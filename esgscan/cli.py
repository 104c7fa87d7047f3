"""The commands: read options, call one function, print, set the exit status.

Exit status: 0 done; 1 a limit was passed or a check failed; 2 usage; 3 the portfolio could not be read; 4 a source
failed. Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

import click

from esgscan import __version__
from esgscan.cli_market import bulk, funds, holders
from esgscan.cli_options import CONTEXT, FX, Fraction, is_terminal, look, refuse_to_overwrite, width
from esgscan.cli_watchlist import watchlist
from esgscan.errors import EsgscanError, OptionError, PortfolioError
from esgscan.terms import Investor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.portfolio.mappings import MappingFile
    from esgscan.portfolio.reading import ReadingOptions
    from esgscan.records import Scan

INVESTORS = [investor.value for investor in Investor]
LIMIT_PASSED = 1
FLAGGED = 1
STATUS = {OptionError: 2, PortfolioError: 3}
SOURCE_FAILED = 4
INTERRUPTED = 130
UNHEARD = 141
"""As a shell gives it for a program whose reader has gone: 128 and the number of SIGPIPE."""
WISHES = (
    *("as_of", "known_on", "holdings", "watchlist", "fx", "max_age", "investor", "decisions", "identifiers"),
    *("policy", "online", "store", "updates", "paper", "redact"),
)
FORMAT_NAMES = ["terminal", "json", "csv", "xlsx", "html", "pdf", "md", "bundle"]


def reading_options(command: Any) -> Any:
    """Add the options that overrule how a portfolio is read."""
    for option in (
        click.option("--mapping", metavar="FILE", help="Read as inspect --save-mapping wrote down."),
        click.option("--dates", type=click.Choice(["day-first", "month-first"]), help="How dates are written."),
        click.option("--decimal", type=click.Choice([",", "."]), help="Decimal mark of written numbers."),
        click.option("--column", "columns", multiple=True, metavar="MEANING=COLUMN", help="Such as weight=H."),
        click.option("--header-row", type=click.IntRange(min=0), help="Row of the column names; 0 for none."),
        click.option("--sheet", help="Sheet to read; all portfolio sheets if not given."),
    ):
        command = option(command)
    return command


class Commands(click.Group):
    """The commands; click itself would end with 1, a limit that was passed, when nobody reads on."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            sys.exit(UNHEARD)


@click.group(cls=Commands, context_settings=CONTEXT)
@click.version_option(__version__, message="esgscan %(version)s")
def cli() -> None:
    """Find listed surveillance companies in a portfolio, directly and through funds."""


@cli.command()
@click.argument("portfolio", nargs=-1, required=True)
@click.option("--as-of", metavar="DATE", help="The day the answer is for, as 2026-11-23; today if not given.")
@click.option("--known-on", metavar="DATE", help="The day whose knowledge counts; that of --as-of if not given.")
@click.option("--holdings", multiple=True, metavar="[FUND[@DATE]=]PATH", help="A file of fund holdings; may repeat.")
@click.option("--watchlist", multiple=True, metavar="PATH", help="A list of your own, beside ours; may repeat.")
@click.option("--store/--no-store", default=True, help="Use the holdings store, if there is one [yes].")
@click.option("--updates/--no-updates", default=True, help="Count newer lists that you confirmed, if any [yes].")
@click.option("--fx", metavar="PATH", help=FX)
@click.option("--identifiers", metavar="PATH", help="CSV: isin or security_id beside cusip, sedol, figi.")
@click.option("--policy", metavar="PATH", help="A policy file: what counts, what is only reported, tiers.")
@click.option("--investor", type=click.Choice(INVESTORS), help="For whom the effects of a listing are told.")
@click.option("--max-age", type=click.IntRange(min=0), metavar="DAYS", help="Age beyond which holdings are old [400].")
@click.option("--decisions", multiple=True, metavar="PATH", help="Your answers to review lines; may repeat.")
@click.option("--write-review", metavar="FILE", help="Write the open review lines as a file of decisions to fill in.")
@click.option("--online", is_flag=True, help="Look up prices, rates and US funds that the files leave out.")
@click.option("--format", "format_name", type=click.Choice(FORMAT_NAMES), help="What to print.")
@click.option("-o", "outputs", multiple=True, metavar="FILE", help="Write a report; its ending is the format.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), help="Paper of the PDF [a4].")
@click.option("--redact", is_flag=True, help="Leave out amounts, file names and names that are not public.")
@click.option("--fail-above", type=Fraction(), help="Exit with 1 if more than this reaches flagged companies.")
@reading_options
def scan(
    portfolio: tuple[str, ...],
    format_name: str | None,
    outputs: tuple[str, ...],
    write_review: str | None,
    fail_above: float | None,
    **wishes: Any,
) -> None:
    """Scan one portfolio, from one file or several."""
    from pathlib import Path

    from esgscan.report.formats import format_of, render_report, write_report

    for path in outputs:
        format_of(Path(path))
    for path in filter(None, [*outputs, write_review]):
        inputs = [*wishes["holdings"], *wishes["watchlist"], *wishes["decisions"], wishes["fx"], wishes["identifiers"]]
        refuse_to_overwrite(path, [*portfolio, *filter(None, inputs)])
    result = _scanned(portfolio, wishes)
    for path in outputs:
        write_report(result, Path(path))
        click.echo(f"wrote {path}", err=True)
    if write_review:
        _write_review(result, write_review)
    if format_name == "terminal" or (format_name is None and not outputs):
        _print_terminal(result)
    elif format_name is not None:
        sys.stdout.buffer.write(render_report(result, format_name))
    counting = result.tables["exposures"].filter(counts=True)
    reached = max(result.counted, float(counting["long"].sum()))
    if fail_above is not None and reached > fail_above:
        click.echo(f"{reached:.6%} reaches flagged companies, more than {fail_above:.6%}.", err=True)
        sys.exit(LIMIT_PASSED)


@cli.command()
@click.argument("bundle")
@click.argument("portfolio", nargs=-1)
def verify(bundle: str, portfolio: tuple[str, ...]) -> None:
    """Check that a sealed BUNDLE is as it was sealed; with its PORTFOLIO, that the scan comes out the same."""
    from esgscan.given_scans import verify as check_seal

    found = check_seal(bundle, [*portfolio])
    for line in found.checked:
        click.echo(f"checked: {line}")
    for problem in found.problems:
        click.echo(f"differs: {problem}", err=True)
    if found.problems:
        sys.exit(LIMIT_PASSED)
    click.echo(f"as sealed: {found.seal}")


@cli.command()
@click.argument("scan", metavar="SCAN")
@click.option("--to", required=True, metavar="NAME", help="Whom the letter is written to.")
@click.option("--tone", type=click.Choice(["engage", "escalate", "divest"]), default="engage", show_default=True)
@click.option("--about", multiple=True, metavar="ISSUER", help="A company to write about; the largest five if none.")
@click.option("--signed", default="[name and organisation]", metavar="NAME", help="Who signs the letter.")
@click.option("--as-of", metavar="DATE", help="The day of the scan, where SCAN is a portfolio.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", help="Paper of a .docx [a4].")
@click.option("-o", "outputs", multiple=True, metavar="FILE", help="Write .docx or .md; prints Markdown if not given.")
def letter(scan: str, outputs: tuple[str, ...], **wishes: Any) -> None:
    """Draft an engagement letter from SCAN: the JSON of a scan, or a portfolio."""
    from esgscan.given_scans import write_letter

    for path, content in write_letter(scan, outputs, **wishes).items():
        if path:
            click.echo(f"wrote {path}", err=True)
        else:
            sys.stdout.buffer.write(content)


@cli.command()
@click.argument("first")
@click.argument("second", required=False)
@click.option("--as-of", metavar="DATE", help="With one portfolio: the first day.")
@click.option("--and", "then", metavar="DATE", help="With one portfolio: the second day.")
@click.option("--holdings", multiple=True, metavar="[FUND[@DATE]=]PATH", help="A file of fund holdings; may repeat.")
@click.option("--fx", metavar="PATH", help=FX)
@click.option("--format", "format_name", type=click.Choice(["terminal", "json"]), default="terminal")
@reading_options
def compare(
    first: str, second: str | None, as_of: str | None, then: str | None, format_name: str, **wishes: Any
) -> None:
    """Say why the exposure changed: two scans as JSON, or one portfolio at two dates."""
    from esgscan.comparing import compare as compared
    from esgscan.given_scans import result_of
    from esgscan.report.compare import render_comparison, render_comparison_json

    if second is not None:
        if as_of or then:
            what = "Two scans have their dates already."
            raise OptionError(what, where="--as-of, --and", mend="leave the dates out, or give one portfolio")
        scans = [result_of(path) for path in (first, second)]
    elif as_of and then:
        scans = [_scan(first, day, wishes) for day in (as_of, then)]
    else:
        mend = "give two JSON files, or one portfolio with --as-of DATE --and DATE"
        raise OptionError("There is nothing to compare with.", where="compare", mend=mend)
    comparison = compared(*scans)
    if format_name == "json":
        click.echo(render_comparison_json(comparison), nl=False)
    else:
        click.echo(render_comparison(comparison, **look()), nl=False)


@cli.command()
@click.argument("portfolio")
@click.option("--format", "format_name", type=click.Choice(["terminal", "json"]), default="terminal")
@click.option("--save-mapping", metavar="FILE", help="Write down how the file is read, for --mapping.")
@reading_options
def inspect(portfolio: str, format_name: str, save_mapping: str | None, **wishes: Any) -> None:
    """Show how a portfolio file is read, and what was guessed."""
    from esgscan.portfolio.inputs import open_ahead

    opening = open_ahead(portfolio, sheet=wishes["sheet"])
    from esgscan.portfolio.reading import inspect_portfolio
    from esgscan.report.inspect import render_audit, render_audit_json

    inspection = inspect_portfolio(opening, options=_reading_options(wishes))
    if format_name == "json":
        click.echo(render_audit_json(inspection), nl=False)
    if inspection.error:
        raise inspection.error
    if format_name == "terminal":
        click.echo(render_audit(inspection, width=width(), color=is_terminal()), nl=False)
    if save_mapping:
        refuse_to_overwrite(save_mapping, [portfolio])
        _save(save_mapping, inspection.mapping)


@cli.command()
@click.argument("identifiers", nargs=-1, metavar="IDENTIFIER...")
@click.option("--as-of", metavar="DATE", help="The day the answer is for, as 2026-11-23; today if not given.")
@click.option("--investor", type=click.Choice(INVESTORS), help="For whom the effect of measures is given.")
@click.option("--watchlist", multiple=True, metavar="PATH", help="A list of your own, beside ours; may repeat.")
@click.option("--decisions", multiple=True, metavar="PATH", help="Your answers to uncertain lines; may repeat.")
@click.option("--updates/--no-updates", default=True, help="Count newer lists that you confirmed, if any [yes].")
@click.option("--format", "format_name", type=click.Choice(["terminal", "json"]), help="What to print [terminal].")
@click.option("--table", metavar="PATH", help="Check every row of a table instead; needs -o.")
@click.option("-o", "output", metavar="FILE.csv", help="Where the table goes, with five columns added.")
@reading_options
def check(
    identifiers: tuple[str, ...], format_name: str | None, table: str | None, output: str | None, **wishes: Any
) -> None:
    """Say whether an ISIN, a code with its market or a name is flagged, and why; exit with 1 if any is."""
    lists = {name: wishes[name] for name in ("as_of", "watchlist", "decisions", "updates")}
    if table or output:
        if identifiers or format_name or wishes["investor"]:
            what = "--table goes with -o, and not with identifiers, --format or --investor."
            raise OptionError(what, where="esgscan check", mend="check the table, or the identifiers")
        is_flagged = _check_table(table, output, _reading_options(wishes), lists)
    else:
        is_flagged = _check_identifiers(identifiers, format_name, {**lists, "investor": wishes["investor"]})
    if is_flagged:
        sys.exit(FLAGGED)


@cli.command()
@click.argument("issuer", required=False)
def issuers(issuer: str | None) -> None:
    """List the watchlist, or everything known of one issuer."""
    from esgscan.choices import reference_data
    from esgscan.report.reference import render_issuer, render_issuers

    data, shape = reference_data(), look()
    text = render_issuer(data, issuer, **shape) if issuer else render_issuers(data, **shape)
    click.echo(text, nl=False)


@cli.command()
@click.argument("programme", required=False)
def programmes(programme: str | None) -> None:
    """List the programmes, or what one of them legally does."""
    from esgscan.choices import reference_data
    from esgscan.report.reference import render_programme, render_programmes

    data, shape = reference_data(), look()
    text = render_programme(data, programme, **shape) if programme else render_programmes(data, **shape)
    click.echo(text, nl=False)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; another needs --token.")
@click.option("--port", type=click.IntRange(1, 65535), default=8321, show_default=True)
@click.option("--max-upload", type=click.IntRange(min=1), default=64, show_default=True, help="MiB of one upload.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that scan.")
@click.option("--token", metavar="FILE", help="File with the word that a caller must give.")
@click.option("--name", "names", multiple=True, help="Another name by which the page may be called.")
def serve(host: str, port: int, max_upload: int, workers: int, token: str | None, names: tuple[str, ...]) -> None:
    """Serve the page for uploads and the REST API on this machine."""
    from pathlib import Path

    from esgscan.web.serve import read_token, serve
    from esgscan.web.settings import MEBIBYTE, Settings, check_reach

    settings = check_reach(
        Settings(
            host=host,
            port=port,
            token=read_token(Path(token)) if token else "",
            names=names,
            max_upload=max_upload * MEBIBYTE,
            workers=workers,
        )
    )
    click.echo(f"http://{host}:{port}/  (stop with Ctrl+C)", err=True)
    serve(settings)


for command in (funds, holders, bulk, watchlist):
    cli.add_command(command)


def main() -> None:
    """Run a command; an error prints what, where and mend, and sets the exit status."""
    gc.disable()  # a command is short: looking for cycles costs a tenth of its time and frees nothing that matters
    try:
        cli.main(prog_name="esgscan", standalone_mode=False)
    except EsgscanError as error:
        click.echo(str(error), err=True)
        sys.exit(next((status for kind, status in STATUS.items() if isinstance(error, kind)), SOURCE_FAILED))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(INTERRUPTED)
    except OSError as error:
        sys.exit(unwritten(error))
    finally:
        gc.freeze()


def unwritten(error: OSError) -> int:
    """Say that what was printed could not be written, and give the exit status; a reader that left needs no word."""
    if isinstance(error, BrokenPipeError):
        return UNHEARD
    what = f"The output cannot be written: {error.strerror or error}."
    mend = "make room there, or write to another file with -o"
    click.echo(str(OptionError(what, where=error.filename or "standard output", mend=mend)), err=True)
    return STATUS[OptionError]


def _check_identifiers(identifiers: tuple[str, ...], format_name: str | None, wishes: Mapping[str, Any]) -> bool:
    from esgscan.checks import check
    from esgscan.report.check import render_check
    from esgscan.report.check_json import render_check_json
    from esgscan.report.formats import encoded

    result = check(*identifiers, **wishes)
    if format_name == "json":
        sys.stdout.buffer.write(render_check_json(result))
    else:
        sys.stdout.buffer.write(encoded(render_check(result, **look())))
    return result.flagged


def _check_table(table: str | None, output: str | None, options: ReadingOptions, lists: Mapping[str, Any]) -> bool:
    from pathlib import Path

    from esgscan.checks import check_table
    from esgscan.report.check_table import render_checked_csv, summary
    from esgscan.report.formats import write_whole

    if not table or not output or Path(output).suffix.lower() != ".csv":
        what = f"Cannot write the checked table to '{output or ''}'." if table else "There is no table to check."
        raise OptionError(what, where="esgscan check", mend="write --table portfolio.xlsx -o checked.csv")
    refuse_to_overwrite(output, [table, *lists["watchlist"], *lists["decisions"]])
    result = check_table(table, options=options, **lists)
    write_whole(Path(output), render_checked_csv(result))
    click.echo(summary(result))
    click.echo(f"wrote {output}", err=True)
    return result.flagged


def _save(path: str, text: str) -> None:
    from pathlib import Path

    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        what = f"Cannot write '{path}': {error.strerror}."
        raise OptionError(what, where=path, mend="name a file in a folder that you may write to") from error
    click.echo(f"wrote {path}", err=True)


def _scanned(portfolio: tuple[str, ...], wishes: Mapping[str, Any]) -> Scan:
    from esgscan.portfolio.inputs import open_ahead

    first = open_ahead(portfolio[0], sheet=wishes["sheet"])
    from esgscan.wiring import ScanRequest, scan

    asked = {name: wishes[name] for name in WISHES if wishes[name] is not None}
    return scan([first, *portfolio[1:]], request=ScanRequest(reading=_reading_options(wishes), **asked))


def _scan(portfolio: str, day: str, wishes: Mapping[str, Any]) -> Scan:
    """Scan one portfolio on one day."""
    from esgscan.wiring import ScanRequest, scan

    asked = ScanRequest(as_of=day, holdings=wishes["holdings"], fx=wishes["fx"], reading=_reading_options(wishes))
    return scan(portfolio, request=asked)


def _reading_options(wishes: Mapping[str, Any]) -> ReadingOptions:
    from esgscan.portfolio.reading import ReadingOptions

    columns = {}
    for written in wishes["columns"]:
        meaning, equals, column = written.partition("=")
        if not (meaning and equals and column):
            raise OptionError(f"Cannot read '{written}'.", where="--column", mend="write it as weight=H")
        columns[meaning.strip()] = column.strip()
    return ReadingOptions(
        sheet=wishes["sheet"],
        header_row=wishes["header_row"],
        columns=columns,
        decimal=wishes["decimal"] or "",
        dates=wishes["dates"] or "",
        mapping=_mapping(wishes["mapping"]) if wishes["mapping"] else None,
    )


def _mapping(path: str) -> MappingFile:
    from esgscan.portfolio.mappings import load_mapping

    return load_mapping(path)


def _write_review(scan: Scan, path: str) -> None:
    """Write the open review lines, and say how many ways of writing there are."""
    from pathlib import Path

    from esgscan.report.formats import encoded, write_whole
    from esgscan.report.review import render_review

    write_whole(Path(path), encoded(render_review(scan)))
    click.echo(f"wrote {path}: fill in answer, decided_by and decided_on, then --decisions {path}", err=True)


def _print_terminal(scan: Scan) -> None:
    from esgscan.report.terminal import render_terminal

    click.echo(render_terminal(scan, width=width(), color=is_terminal()), nl=False)
