"""Updates of the watchlist from publishers' files: read, compared, checked, and written once a person has confirmed."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import esgscan
from esgscan.choices import list_update, reference_data, stored_holdings
from esgscan.days import read_day
from esgscan.errors import EsgscanError, OptionError, SourceError
from esgscan.list_changes.comparing import ListComparison, compare_lists
from esgscan.list_changes.held import COUNTRIES, with_held
from esgscan.records import Finding
from esgscan.reference.datasets import load_dataset
from esgscan.reference.list_updates import ListChange, ListSource, with_update
from esgscan.sources.lists.asked import GivenFile
from esgscan.sources.lists.checks import change_check, securities_of
from esgscan.sources.lists.downloads import SOURCES, client, fetch, opensanctions_source
from esgscan.sources.lists.reading import LARGEST, read_list_files
from esgscan.store.folder import updates_folder
from esgscan.store.list_updates import undo_update, write_update
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    import httpx
    import polars as pl

    from esgscan.reference.list_updates import ListUpdate
    from esgscan.reference.listed_entities import ListFile


CANDIDATE_COLUMNS = (
    *("name", "isin", "ticker", "exchange", "lei", "country", "from", "until", "list", "source"),
    *("like", "held as", "note"),
)
"""Columns of a list of the user's own, and what helps to trim it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRequest:
    """What an update is made from.

    Attributes:
        files: Files from disk.
        online: Whether to fetch files.
        sources: Keys of the files to fetch; all if none.
        opensanctions: Data sets of OpenSanctions to fetch.
        published: The day of files that do not say theirs.
        licence: Under which terms licensed files are used.
    """

    files: Sequence[str | Path] = ()
    online: bool = False
    sources: Sequence[str] = ()
    opensanctions: Sequence[str] = ()
    published: date | str | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedUpdate:
    """What files say, before anything is written.

    Attributes:
        files: The files that were read.
        failed: What is wrong with the others.
        comparison: What is new, ended, renamed, a candidate, and what cannot be decided.
        before: What was confirmed before.
        today: The day of this run.
    """

    files: tuple[ListFile, ...]
    failed: tuple[EsgscanError, ...]
    comparison: ListComparison
    before: ListUpdate | None
    today: date

    @property
    def is_news(self) -> bool:
        """Whether there is something to confirm: a change, or a list that was not read before."""
        known = {one.sha256 for one in self.before.sources} if self.before else set()
        return bool(self.comparison.changes) or any(file.sha256 not in known for file in self.files)


@dataclass(slots=True)
class _Gathered:
    given: list[GivenFile] = field(default_factory=list)
    failed: list[EsgscanError] = field(default_factory=list)


def propose_update(request: UpdateRequest, *, using: httpx.Client | None = None) -> ProposedUpdate:
    """Read publishers' files and compare them with what we know; nothing is written.

    Args:
        request: Which files.
        using: The client that fetches; one of ours if not given.

    Raises:
        OptionError: There is nothing to read, or no such source or file.
        SourceError: What was confirmed before cannot be read.
    """
    today = read_day(None)
    published = None if request.published is None else read_day(request.published, where="--published")
    if published and published > today:
        raise OptionError(f"{published} is yet to come.", where="--published", mend="give the day of the file")
    base = GivenFile(
        name="",
        content=b"",
        published_on=published,
        licence=request.licence,
        countries=_countries(load_dataset("markets")),
    )
    gathered = _Gathered([_from_disk(Path(path), base) for path in request.files])
    if request.online:
        _fetch(request, gathered, replace(base, published_on=today), using)
    if not gathered.given and not gathered.failed:
        mend = "write --online, or name files that you downloaded"
        raise OptionError("There is no list to read.", where="esgscan watchlist update", mend=mend)
    files, failed = read_list_files(gathered.given)
    before = list_update()
    data = with_update(reference_data(updates=False), before)
    compared = _sound(compare_lists(files, data), files, data["markets"])
    store = stored_holdings()
    if store and compared.candidates:
        held = store.names_of_securities(COUNTRIES)
        compared = replace(compared, candidates=tuple(with_held(compared.candidates, held, data["name_words"])))
    return ProposedUpdate(
        files=tuple(files),
        failed=(*gathered.failed, *failed),
        comparison=compared,
        before=before,
        today=today,
    )


def confirm_update(proposed: ProposedUpdate, *, candidates: Sequence[ListChange] = ()) -> Path:
    """Write what was proposed, and the candidates that a person takes, beside what was confirmed before.

    Returns:
        The file that was written.

    Raises:
        SourceError: The user's data folder cannot be written to.
    """
    before = proposed.before
    known = {one.sha256: one for one in before.sources} if before else {}
    sources = {**known, **{file.sha256: _source(file, proposed.today) for file in proposed.files}}
    changes = [*(before.changes if before else ()), *proposed.comparison.changes, *candidates]
    return write_update(
        updates_folder(),
        list(sources.values()),
        changes,
        updated_on=proposed.today,
        after=before.number if before else 0,
    )


def take_back_update() -> Path | None:
    """Take the last confirmation back; give its file, or None where there is none."""
    return undo_update(updates_folder())


def listed_candidates(comparison: ListComparison) -> list[ListChange]:
    """Give the candidates of which a list gives securities and a day, and that are like no company of the watchlist."""
    those = (one for one in comparison.candidates if one.isins or one.codes)
    return [one for one in those if one.announced_on and not one.known_as]


def candidates_table(comparison: ListComparison, files: Sequence[ListFile]) -> bytes:
    """Write the candidates as a list of the user's own, one line per security, to be trimmed by hand."""
    addresses = {file.sha256: f"{file.title}: {file.address}" for file in files}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CANDIDATE_COLUMNS)
    for one in comparison.candidates:
        start, end = one.in_force_from or one.announced_on, one.in_force_until
        for isin, mic, code in securities_of(one):
            told = (one.entity, isin, code, mic, one.lei, one.country, start, end, one.programme, addresses[one.source])
            writer.writerow([_plain(cell) for cell in (*told, one.known_as, " ".join(one.held_as), one.where)])
    return out.getvalue().encode("utf-8")


def _plain(cell: object) -> str:
    """Write a cell; one that a spreadsheet would take for a formula gets a mark before it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _from_disk(path: Path, base: GivenFile) -> GivenFile:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        what = f"Cannot open '{path}': {error.strerror}."
        raise OptionError(what, where=str(path), mend="check the path and your permission to read it") from error
    return replace(base, name=path.name, content=content)


def _fetch(request: UpdateRequest, gathered: _Gathered, base: GivenFile, using: httpx.Client | None) -> None:
    """Fetch the files; one that cannot be got stops no other."""
    keys = [one.key for one in SOURCES]
    for key in request.sources:
        if key not in keys:
            raise OptionError(f"There is no source '{key}'.", where="--source", mend=f"use one of {', '.join(keys)}")
    wanted = [one for one in SOURCES if not request.sources or one.key in request.sources]
    wanted += [opensanctions_source(dataset) for dataset in request.opensanctions]
    with using or client(esgscan.__version__) as asking:
        for source in wanted:
            try:
                got = fetch(source, asking)
            except SourceError as error:
                gathered.failed.append(error)
            else:
                gathered.given.append(replace(base, name=got.name, content=got.content, address=got.address))


def _countries(markets: pl.DataFrame) -> dict[str, str]:
    return dict(markets.filter(column="country").select("word", "country").rows())


def _sound(comparison: ListComparison, files: Sequence[ListFile], markets: pl.DataFrame) -> ListComparison:
    """Set aside what would be refused as a line of a list of the user's own."""
    addresses = {file.sha256: file.address or file.title for file in files}
    doubts: list[Finding] = []
    check = change_check(addresses, markets)

    def sound(changes: Iterable[ListChange]) -> Iterator[ListChange]:
        for change in changes:
            if told := check(change):
                what = f"{change.programme}, '{change.entity}': {told[0].what}"
                doubts.append(Finding(severity=Severity.WARNING, where=change.where, what=what, mend=told[0].mend))
            else:
                yield change

    changes, candidates = tuple(sound(comparison.changes)), tuple(sound(comparison.candidates))
    return replace(
        comparison, changes=changes, candidates=candidates, doubts=(*comparison.doubts, *dict.fromkeys(doubts))
    )


def _source(file: ListFile, today: date) -> ListSource:
    return ListSource(
        sha256=file.sha256,
        name=file.name,
        title=file.title,
        publisher=file.publisher,
        address=file.address,
        published_on=file.published_on,
        retrieved_on=today,
        licence=file.licence if file.publisher == "OpenSanctions" else "",
        programmes=tuple(one.programme_id for one in file.lists if one.is_whole),
    )
