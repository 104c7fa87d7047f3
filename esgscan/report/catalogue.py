"""The packaged data sets as the reports on them read them: rows about an issuer, numbered sources, names."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

from esgscan.errors import OptionError
from esgscan.reference.editions import day_of
from esgscan.report.citations import Citations
from esgscan.report.rows import Row, rows, split
from esgscan.terms import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import polars as pl

    Datasets: TypeAlias = Mapping[str, pl.DataFrame]

MOST_GUESSES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The packaged data sets, and the day for which the status of a measure is given."""

    data: Mapping[str, pl.DataFrame]
    as_of: date

    def rows(self, name: str) -> list[Row]:
        """Give a data set as rows."""
        return rows(self.data[name])

    def about(self, name: str, issuer_id: str, column: str = "issuer_id") -> list[Row]:
        """Give the rows of a data set that name an issuer; a cell may name several."""
        return [row for row in self.rows(name) if issuer_id in split(row[column], "; ")]

    def short_names(self) -> dict[str, str]:
        """Give the short name of each programme."""
        return {row["programme_id"]: row["short_name"] for row in self.rows("programmes")}

    def measures(self) -> dict[str, Row]:
        """Give the measures by id."""
        return {row["measure_id"]: row for row in self.rows("measures")}


def library_of(data: Datasets, as_of: date | None = None) -> Library:
    """Take the data sets for a day; that of the edition if none is given."""
    return Library(data=data, as_of=as_of or day_of(data))


class NumberedSources(Citations):
    """Numbers sources in the order in which they are first cited."""

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._sources = {row["source_id"]: row for row in library.rows("sources")}
        self._numbers: dict[str, int] = {}

    def numbered(self, row: Row) -> Row:
        """Give a row its source numbers, each once."""
        cited = dict.fromkeys(split(row["source_ids"], " "))
        numbers = [self._numbers.setdefault(one, len(self._numbers) + 1) for one in cited]
        return {**row, "source_numbers": ", ".join(map(str, numbers))}

    def rows(self) -> list[Row]:
        """The sources that have a number, in its order."""
        return [{**self._sources[one], "number": number} for one, number in self._numbers.items()]


def find_issuer(library: Library, wanted: str) -> Row:
    """Find an issuer by its id, or by one of its names."""
    issuers = {row["issuer_id"]: row for row in library.rows("issuers")}
    ids = {issuer_id.casefold(): issuer_id for issuer_id in issuers}
    names = {row["name"].casefold(): row["issuer_id"] for row in library.rows("names")}
    found = {**names, **ids}.get(wanted.casefold())
    if found in issuers:
        return issuers[found]
    raise _unknown("issuer", wanted, {**{name: names[name] for name in names}, **ids})


def find_programme(library: Library, wanted: str) -> Row:
    """Find a programme by its id or short name."""
    programmes = {row["programme_id"]: row for row in library.rows("programmes")}
    short = {row["short_name"].casefold(): row["programme_id"] for row in programmes.values()}
    known = {**short, **{one: one for one in programmes}}
    found = known.get(wanted.casefold())
    if found is None:
        raise _unknown("programme", wanted, known)
    return programmes[found]


def _unknown(noun: str, wanted: str, known: dict[str, str]) -> OptionError:
    near = get_close_matches(wanted.casefold(), known, n=MOST_GUESSES, cutoff=0.5)
    guesses = list(dict.fromkeys(known[one] for one in near))
    advice = f"did you mean {' or '.join(guesses)}? " if guesses else ""
    return OptionError(
        f"Cannot find the {noun} '{wanted}'.",
        where=f"esgscan {noun}s {wanted}",
        mend=f"{advice}esgscan {noun}s lists them all",
    )


def with_status(row: Row, programmes: dict[str, Row], as_of: date) -> Row:
    """Give a measure its status on a day, and the words of its programme."""
    programme = programmes[row["programme_id"]]
    words = {"programme": programme["short_name"], "effect_on_investor": programme["effect_on_investor"]}
    return {**row, **words, "status": _status(row, as_of)}


def _status(row: Row, as_of: date) -> Status:
    """Say how far a measure had come on a day; intervals include their first day and exclude their last."""
    if row["in_force_until"] and row["in_force_until"] <= as_of:
        return Status.ENDED
    if row["in_force_from"] is None:
        return Status.CONSIDERED
    return Status.IN_FORCE if row["in_force_from"] <= as_of else Status.ANNOUNCED
