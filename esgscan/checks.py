"""Checks without a portfolio: of identifiers and of tables before a trade, and of lists of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esgscan.choices import decided, list_update, reference_data, several, with_own_lists
from esgscan.days import read_day
from esgscan.engines.memory import Memory
from esgscan.errors import OptionError
from esgscan.reference.datasets import dataset_names, load_dataset
from esgscan.terms import Investor
from esgscan.wiring import made_run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from esgscan.checking import CheckInputs
    from esgscan.portfolio.reading import ReadingOptions
    from esgscan.records import Check, CheckedTable
    from esgscan.reference.problems import Problem


def check(
    *identifiers: str,
    as_of: date | str | None = None,
    investor: Investor | str | None = None,
    watchlist: str | Path | Sequence[str | Path] = (),
    decisions: str | Path | Sequence[str | Path] = (),
    updates: bool = True,
) -> Check:
    """Say of identifiers whether they are flagged, and why: `check("002415 CH", "Hikvision, CN", "CNE100000BJ4")`.

    Args:
        identifiers: ISINs, FIGIs, LEIs, codes with their market, names with or without a country.
        as_of: The day the answer is for; today, or the day of SOURCE_DATE_EPOCH, if not given.
        investor: For whom the effect of measures is given, such as `us-person`; else for those whom a programme binds.
        watchlist: Files of the user's own lists, which count beside the packaged ones.
        decisions: Files of answers to lines of uncertain identity.
        updates: Whether what was confirmed from publishers' newer lists counts.

    Returns:
        One answer per identifier, and the measures, tags, owners and sources behind them.

    Raises:
        OptionError: There is no identifier, or a wish cannot be granted.
    """
    from esgscan.checking import check_identifiers

    if not identifiers:
        raise OptionError("There is no identifier.", where="identifiers", mend="give an ISIN, a code or a name")
    day = read_day(as_of)
    inputs, digests = _check_inputs(day, investor, watchlist, decisions, updates=updates)
    files = {"watchlist": several(watchlist), "decisions": several(decisions)}
    chosen = {"investor": inputs.investor, **{name: list(map(str, given)) for name, given in files.items()}}
    run = made_run(day, digests, {"as_of": day.isoformat(), **chosen}, inputs.data)
    return check_identifiers([*identifiers], inputs, engine=Memory(), run=run)


def check_table(
    table: Any,
    *,
    as_of: date | str | None = None,
    watchlist: str | Path | Sequence[str | Path] = (),
    decisions: str | Path | Sequence[str | Path] = (),
    updates: bool = True,
    options: ReadingOptions | None = None,
) -> CheckedTable:
    """Say of each row of a table which issuer it is, how sure that is, and why.

    Args:
        table: A path, the bytes of a file, or a DataFrame, with columns as in a portfolio; amounts are not needed.
        as_of: The day the answer is for; today, or the day of SOURCE_DATE_EPOCH, if not given.
        watchlist: Files of the user's own lists, which count beside the packaged ones.
        decisions: Files of answers to lines of uncertain identity.
        updates: Whether what was confirmed from publishers' newer lists counts.
        options: How the table is to be read.

    Returns:
        The user's rows, all and in their order, with `issuer_id`, `confidence`, `matched_by`, `evidence` and
        `security_id` of each.

    Raises:
        PortfolioError: The table cannot be read.
        OptionError: A wish cannot be granted.
    """
    from esgscan.checking import check_rows
    from esgscan.portfolio.lists import read_list

    day = read_day(as_of)
    read = read_list(table, options=options)
    inputs, digests = _check_inputs(day, None, watchlist, decisions, updates=updates)
    files = {"watchlist": several(watchlist), "decisions": several(decisions)}
    chosen = {"as_of": day.isoformat(), **{name: list(map(str, given)) for name, given in files.items()}}
    run = made_run(day, {read.name: read.sha256, **digests}, chosen, inputs.data)
    return check_rows(read, inputs, engine=Memory(), run=run)


def _check_inputs(
    as_of: date,
    investor: Investor | str | None,
    watchlist: str | Path | Sequence[str | Path],
    decisions: str | Path | Sequence[str | Path],
    *,
    updates: bool,
) -> tuple[CheckInputs, dict[str, str]]:
    """Load what a check works on, with the hashes of the files that were read.

    Raises:
        OptionError: There is no such investor, or a file of decisions cannot be used.
    """
    known = [str(one) for one in Investor]
    if investor is not None and investor not in known:
        mend = f"use one of {', '.join(known)}"
        raise OptionError(f"There is no investor '{investor}'.", where="--investor", mend=mend)
    from esgscan.checking import CheckInputs

    data, own = with_own_lists(reference_data(updates=updates), watchlist)
    settled, digests = decided(decisions, data)
    whom = Investor(investor) if investor is not None else None
    return CheckInputs(data=data, as_of=as_of, investor=whom, decisions=settled), {**own, **digests}


def check_watchlist(place: Path | None) -> tuple[str, Sequence[Problem]]:
    """Validate the packaged data sets, those in a folder, or a list of the user's own.

    Returns:
        What was looked at, and the problems.

    Raises:
        OptionError: There is no such place, or the file is no list.
    """
    from esgscan.reference.checks import check_datasets
    from esgscan.reference.own_entries import with_own_entries
    from esgscan.report.wording import count

    if place is not None and not place.is_dir():
        from esgscan.sources.own_lists import read_own_list

        own = read_own_list(place, load_dataset("markets"))
        with_own_entries(reference_data(), own.entries)
        return f"{count(len(own.entries), 'entry', 'entries')}, no problem.", own.problems
    told, problems = count(len(dataset_names(folder=place)), "data set"), list(check_datasets(place))
    if place is None and (update := list_update()):
        from esgscan.sources.lists.checks import update_problems

        told += f" and {count(len(update.changes), 'change')} from newer lists ({update.label})"
        problems += update_problems(update, load_dataset("markets"))
    return f"{told}, no problem.", problems
