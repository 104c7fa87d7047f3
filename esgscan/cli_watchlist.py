"""The commands about the lists that portfolios are compared with: check them, and bring them up to date."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from esgscan.cli_options import look
from esgscan.errors import OptionError

if TYPE_CHECKING:
    from esgscan.updating import ProposedUpdate

FAULTY = 1
NOT_CONFIRMED = 1
USAGE = 2
SOURCE_FAILED = 4


@click.group()
def watchlist() -> None:
    """Look after the lists that portfolios are compared with."""


@watchlist.command("check")
@click.argument("place", metavar="[FOLDER|FILE]", required=False)
def check_watchlist(place: str | None) -> None:
    """Validate the packaged data sets, those in FOLDER, or a list of your own."""
    from pathlib import Path

    from esgscan.checks import check_watchlist as checked

    told, problems = checked(Path(place) if place else None)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        click.echo(f"{len(problems)} problem(s).", err=True)
        sys.exit(FAULTY)
    click.echo(told)


@watchlist.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--online", is_flag=True, help="Fetch the publishers' bulk files.")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="With --online: only this file; may repeat.")
@click.option("--opensanctions", multiple=True, metavar="DATASET", help="With --online: a data set of OpenSanctions.")
@click.option("--licence", default="", metavar="TEXT", help="Under which terms you use data of OpenSanctions.")
@click.option("--published", metavar="DATE", help="The day of files that do not say theirs.")
@click.option("--yes", is_flag=True, help="Confirm without being asked.")
@click.option("--with-candidates", is_flag=True, help="Take up the candidates with securities too.")
@click.option("--write-candidates", metavar="FILE.csv", help="Write the candidates as a list of your own.")
@click.option("--undo", is_flag=True, help="Take the last confirmation back.")
def update(files: tuple[str, ...], **wishes: Any) -> None:
    """Compare the watchlist with publishers' newer lists, and keep what you confirm.

    FILES are the Consolidated Screening List, OFAC's lists, the Entity List, Section 1260H, UFLPA and the FCC Covered
    List, as downloaded; each is known by what is in it. Nothing is written unless you confirm, and the exit status is
    then 1 where there was something to confirm. It is 4 if no file could be read.
    """
    from pathlib import Path

    from esgscan.report.formats import write_whole
    from esgscan.report.list_changes import render_changes
    from esgscan.updating import UpdateRequest, candidates_table, propose_update, take_back_update

    if wishes["undo"]:
        taken = take_back_update()
        click.echo(f"removed {taken}" if taken else "There is no update to take back.", err=True)
        return
    if path := wishes["write_candidates"]:
        _refuse_place(path, files)
    asked = {name: wishes[name] for name in ("online", "sources", "opensanctions", "published", "licence")}
    proposed = propose_update(UpdateRequest(files=files, **asked))
    for error in proposed.failed:
        click.echo(str(error), err=True)
    if not proposed.files:
        sys.exit(USAGE if all(isinstance(error, OptionError) for error in proposed.failed) else SOURCE_FAILED)
    click.echo(render_changes(proposed.comparison, proposed.files, **look()), nl=False)
    if path:
        write_whole(Path(path), candidates_table(proposed.comparison, proposed.files))
        click.echo(f"wrote {path}", err=True)
    _confirm(proposed, is_yes=wishes["yes"], with_candidates=wishes["with_candidates"])


def _refuse_place(path: str, files: tuple[str, ...]) -> None:
    """Refuse a list of candidates that is no CSV, or in the place of a file that is read."""
    from pathlib import Path

    if Path(path).suffix.lower() != ".csv":
        what = f"Cannot write the candidates to '{path}'."
        raise OptionError(what, where=f"--write-candidates {path}", mend="end it with .csv")
    if any(Path(path).resolve() == Path(file).resolve() for file in files):
        what = f"The candidates would overwrite '{path}'."
        raise OptionError(what, where=f"--write-candidates {path}", mend="give the list another name")


def _confirm(proposed: ProposedUpdate, *, is_yes: bool, with_candidates: bool) -> None:
    """Ask, and write what is confirmed; without a terminal and without --yes nothing is written."""
    from esgscan.updating import confirm_update, listed_candidates

    candidates = listed_candidates(proposed.comparison) if with_candidates else []
    if not proposed.is_news and not candidates:
        click.echo("The watchlist is as these files have it; nothing to confirm.", err=True)
        return
    if not is_yes and not _is_asked(proposed, len(candidates)):
        click.echo("Nothing was written.", err=True)
        sys.exit(NOT_CONFIRMED)
    click.echo(f"wrote {confirm_update(proposed, candidates=candidates)}", err=True)
    click.echo("From now on every scan counts it, unless it is run with --no-updates.", err=True)


def _is_asked(proposed: ProposedUpdate, candidates: int) -> bool:
    if not _has_terminal():
        click.echo("There is no terminal to ask on: confirm with --yes.", err=True)
        return False
    changes = len(proposed.comparison.changes)
    taken = f" and take up {candidates} candidate(s)" if candidates else ""
    return click.confirm(f"Keep {changes} change(s) and the record of these files{taken}?", default=False, err=True)


def _has_terminal() -> bool:
    """Say whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()
