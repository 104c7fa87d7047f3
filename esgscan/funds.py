"""Runs over the store of fund holdings and over whole markets: what `wiring` is for one portfolio."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from esgscan.choices import reference_data
from esgscan.days import read_day
from esgscan.errors import OptionError, SourceError
from esgscan.identifiers import read_isin, read_lei
from esgscan.names import word_keys
from esgscan.records import FundFile
from esgscan.securities.funds import known_funds
from esgscan.sources.asked import is_ticker
from esgscan.sources.datasets import dataset_of
from esgscan.store.catalogue import newest_on
from esgscan.store.folder import PART, store_folder, written
from esgscan.store.holdings import Store
from esgscan.tables import FUNDS, HOLDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from esgscan.markets import MarketRequest
    from esgscan.records import Finding
    from esgscan.sources.datasets import Dataset
    from esgscan.store.holdings import Added, Writer

col = pl.col


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFile:
    """What became of one file that was to be added.

    Attributes:
        path: The file, as it was given.
        new: Funds and days that are new in the store.
        repeated: Funds and days whose lines were there already.
        was_there: The file was added before, and was not read again.
        findings: What the reader must know of the file.
        error: Why it could not be read, if so.
    """

    path: str
    new: int = 0
    repeated: int = 0
    was_there: bool = False
    findings: tuple[Finding, ...] = ()
    error: SourceError | None = None


def holdings_files(given: Sequence[str]) -> list[str]:
    """List the files to add: those given, and those in the folders given, hidden ones left out.

    The folder that a data set of the SEC's unpacks to is one file.

    Raises:
        OptionError: There is no such file or folder.
    """
    return [path for one in given for path in _files(one)]


def _files(given: str) -> Iterable[str]:
    path = Path(given.partition("=")[2] or given)
    if Path(given).is_dir():
        return map(str, _inside(Path(given)))
    if not (path.exists() or Path(given).exists()):
        raise OptionError(f"There is no file or folder '{path}'.", where=given, mend="check the path")
    return [given]


def _inside(folder: Path) -> Iterator[Path]:
    """Give the files of a folder and of those in it, in the order of their names; links to folders are not followed."""
    if dataset_of(folder):
        yield folder
        return
    for path in sorted(path for path in folder.iterdir() if not path.name.startswith(".")):
        if path.is_dir() and not path.is_symlink():
            yield from _inside(path)
        elif path.is_file():
            yield path


def add_funds(files: Iterable[str]) -> Iterator[AddedFile]:
    """Add files of fund holdings to the store, and tell of each what became of it.

    Each file counts once it is told of. A file that was added before is not read again, so that a run which was stopped
    goes on where it stood; one that cannot be read does not stop the others.

    Args:
        files: Each `PATH`, or `FUND=PATH`, or `FUND@DATE=PATH`, as `--holdings` takes them.

    Raises:
        SourceError: The store cannot be written to, as on a full disk; what was told of before is in it.
    """
    with Store(store_folder()).writer(known_funds(reference_data(), FUNDS.frame())) as writer:
        for given in files:
            yield _add(writer, given)


def _add(writer: Writer, given: str) -> AddedFile:
    """Add one file. What it cannot give is told of it; what the store cannot take ends the run."""
    try:
        key = _key(given)
        if writer.has(key):
            return AddedFile(path=given, was_there=True)
        if dataset := dataset_of(Path(given)):
            return _add_dataset(writer, given, key, dataset)
        file = _read(given)
    except SourceError as error:
        return AddedFile(path=given, error=error)
    return _added(given, writer.add(file, key=key), file)


def _read(given: str) -> FundFile:
    from esgscan.sources.holdings import read_holdings

    return read_holdings(given)


def _added(given: str, added: Added, file: FundFile) -> AddedFile:
    return AddedFile(path=given, new=added.new, repeated=added.repeated, findings=file.findings)


def _add_dataset(writer: Writer, given: str, key: str, dataset: Dataset) -> AddedFile:
    """Add a quarterly data set, whose millions of lines go from file to file."""
    with written(writer.store.folder):
        writer.store.folder.mkdir(parents=True, exist_ok=True)
        unpacked = tempfile.TemporaryDirectory(dir=writer.store.folder, suffix=PART)
    with unpacked as folder:
        parquet = dataset.write_parquet(Path(given), Path(folder), stored_in=key)
        file = FundFile(
            name=Path(given).name,
            funds=FUNDS.conform(pl.read_parquet(parquet.funds)),
            holdings=HOLDINGS.frame(),
            findings=parquet.findings,
            sha256=key,
        )
        return _added(given, writer.add_written(file, parquet.holdings, key=key), file)


def _key(given: str) -> str:
    """Hash the bytes of a file, and the fund that the user names for it."""
    fund, equals, path = ("", "", given) if Path(given).exists() else given.partition("=")
    digest = hashlib.sha256()
    try:
        for file in sorted(Path(path).iterdir()) if Path(path).is_dir() else [Path(path)]:
            with file.open("rb") as stream:
                while part := stream.read(1 << 20):
                    digest.update(part)
    except OSError as error:
        raise SourceError(f"Cannot open '{path}': {error.strerror}.", where=given, mend="check the path") from error
    digest.update(f"{fund}{equals}".encode())
    return digest.hexdigest()


def listed_funds(as_of: date | str | None = None) -> pl.DataFrame:
    """Give the funds of the store with their newest day not after `as_of`, by name."""
    rows = newest_on(Store(store_folder()).catalogue(), read_day(as_of))
    return rows.sort(col("name").fill_null(col("fund_id")), "fund_id")


def find_fund(wanted: str) -> str:
    """Find a fund of the store by id, ISIN, LEI, ticker or name.

    Raises:
        OptionError: There is none, or more than one.
    """
    rows = Store(store_folder()).catalogue()
    kept = rows.filter(col("stored_in").is_not_null()).select("fund_id")
    known = known_funds(reference_data(), FUNDS.conform(rows)).join(kept, on="fund_id", how="semi")
    key = word_keys(pl.Series([wanted]))[0]
    is_it = (
        (col("fund_id") == wanted)
        | (col("isin") == wanted.upper())
        | (col("ticker") == wanted.upper())
        | (col("lei") == wanted.upper())
        | (word_keys(known["name"]) == key)
    )
    found = known.filter(is_it.fill_null(value=False))["fund_id"].unique(maintain_order=True).to_list()
    if len(found) != 1:
        what = f"'{wanted}' is {'no fund' if not found else f'one of {len(found)} funds'} in the store."
        mend = "esgscan funds list shows them" if not found else f"give one of the ids: {', '.join(found)}"
        raise OptionError(what, where="FUND", mend=mend)
    return str(found[0])


def remove_fund(wanted: str) -> int:
    """Remove a fund from the store; give the number of its days."""
    fund = find_fund(wanted)
    with Store(store_folder()).writer(FUNDS.frame()) as writer:
        return writer.remove(fund)


def rename_fund(wanted: str, identifiers: Sequence[str]) -> str:
    """Give a fund of the store further identifiers, each an ISIN, an LEI, a ticker or a name; give the fund's id.

    So a share class, or a feeder without holdings of its own, shares the holdings of the fund.
    """
    fund = find_fund(wanted)
    with Store(store_folder()).writer(FUNDS.frame()) as writer:
        for identifier in identifiers:
            writer.name(fund, **_identified(identifier))
    return fund


def _identified(identifier: str) -> dict[str, str]:
    """Tell an ISIN, an LEI, a ticker and a name apart."""
    if isin := read_isin(identifier):
        return {"isin": isin}
    if lei := read_lei(identifier):
        return {"identifiers": f"lei:{lei}"}
    if is_ticker(identifier):
        return {"ticker": identifier}
    return {"name": identifier}


def fund_rows(wanted: str) -> pl.DataFrame:
    """Give the rows of table CATALOGUE of one fund."""
    return Store(store_folder()).catalogue().filter(col("fund_id") == find_fund(wanted))


def fund_exposures(wanted: str, *, request: MarketRequest) -> pl.DataFrame:
    """Give what one fund of the store reaches: its rows of table FUND_EXPOSURES, the largest weight first."""
    from esgscan.markets import exposures_of_funds

    return exposures_of_funds(request=request, with_recorded=True).filter(col("fund_id") == find_fund(wanted))


def issuer_names(request: MarketRequest) -> dict[str, str]:
    """Give the names of the issuers on the watchlist and on the user's own lists, by id."""
    return dict(request.data()["issuers"].select("issuer_id", "name").iter_rows())
