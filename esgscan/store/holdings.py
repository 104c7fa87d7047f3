"""Holdings in the store: added file by file, chosen by fund and day.

The lines of a file are written first and its rows of the catalogue last, each by a temporary file and a rename. So a
reader never meets half a file, and a writer that is killed leaves at most the file in hand undone; what it left behind
goes when the next writer starts.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError
from esgscan.records import FundFile
from esgscan.result import USER_SOURCE
from esgscan.store.catalogue import CATALOGUE, newest_of_each_day, newest_on, read_catalogue, write_catalogue
from esgscan.store.folder import PART, moved, only_writer, remove, replaced, written
from esgscan.store.index import FundIndex
from esgscan.tables import FUNDS, HOLDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

col = pl.col

LINES = "lines"
ROW_GROUP = 50_000
"""Lines of a row group: one fund out of thousands is read without the others."""
ATTEMPTS = 5
"""How often a reader looks again when a file went away between catalogue and lines."""
BY = ("fund_id", "as_of", "listed_as")
NOT_CONTENT = ("holding_id", "fund_id", "as_of", "source_id")


class Store:
    """The store in one folder; reading needs no lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def catalogue(self) -> pl.DataFrame:
        """Read table CATALOGUE."""
        return read_catalogue(self.folder)

    def path_of(self, stored_in: str) -> Path:
        """Give the Parquet file with the lines of one file added, or the folder of such files."""
        return self.folder / LINES / f"{stored_in}.parquet"

    def funds(self) -> pl.DataFrame:
        """Give every name and identifier of every fund in the store, as table FUNDS."""
        return FUNDS.conform(self.catalogue())

    def holdings(self, funds: Collection[str], *, as_of: date) -> list[FundFile]:
        """Give the newest holdings not after `as_of` of the funds named, one table per file that they came from."""
        return self._again(lambda: newest_on(self.catalogue(), as_of).filter(col("fund_id").is_in(list(funds))))

    def lists(self, wanted: pl.DataFrame) -> list[FundFile]:
        """Give the holdings of the funds and days wanted, of one day those that were added last: fund_id, as_of."""
        on = ["fund_id", "as_of"]
        return self._again(lambda: newest_of_each_day(self.catalogue()).join(wanted, on=on, how="semi"))

    def _again(self, choose: Callable[[], pl.DataFrame]) -> list[FundFile]:
        """Read the lists that are chosen from the catalogue; where one went away meanwhile, choose again."""
        chosen = choose()
        for _ in range(ATTEMPTS):
            try:
                return [self._file(rows) for rows in chosen.partition_by("stored_in", maintain_order=True)]
            except FileNotFoundError:
                chosen = choose()
        lists = chosen.partition_by("stored_in", maintain_order=True)
        gone = next((rows for rows in lists if not self._path(rows).exists()), chosen)
        raise self._damaged(gone)

    def _path(self, rows: pl.DataFrame) -> Path:
        return self.path_of(rows["stored_in"][0])

    def damaged_at(self, place: str) -> SourceError | None:
        """Say which list lies in a file of the store that cannot be read; None where the catalogue names no such."""
        rows = self.catalogue().filter(col("stored_in").is_not_null())
        lists = rows.partition_by("stored_in", maintain_order=True)
        return next((self._damaged(one) for one in lists if Path(place).is_relative_to(self._path(one))), None)

    def has_lines_at(self, place: str) -> bool:
        """Say whether a file lies among the lines of the store, or lay there."""
        return Path(place).is_relative_to(self.folder / LINES)

    def _damaged(self, rows: pl.DataFrame) -> SourceError:
        """Say which list cannot be read, and how it comes back."""
        file, fund = rows["file_name"][0], min(rows["fund_id"])
        what = f"The lines of '{file}' in the holdings store are damaged or gone."
        mend = f"esgscan funds remove '{fund}', and add the file again"
        return SourceError(what, where=str(self._path(rows)), mend=mend)

    def names_of_securities(self, countries: Sequence[str]) -> pl.DataFrame:
        """Give the names under which funds hold securities of some countries: name_as_written, isin, each pair once.

        Args:
            countries: How the ISINs begin.
        """
        rows = self.catalogue().filter(col("stored_in").is_not_null())
        lists = rows.partition_by("stored_in", maintain_order=True)
        none = pl.DataFrame(schema={"name_as_written": pl.String, "isin": pl.String})
        tables = [self._names_in(one, countries) for one in lists if self._path(one).exists()]
        return pl.concat([none, *tables]).unique().sort("isin", "name_as_written")

    def _names_in(self, rows: pl.DataFrame, countries: Sequence[str]) -> pl.DataFrame:
        lines = pl.scan_parquet(self._path(rows)).filter(col("isin").str.slice(0, 2).is_in(list(countries)))
        try:
            return lines.select("name_as_written", "isin").drop_nulls().unique().collect()
        except pl.exceptions.ComputeError as error:
            raise self._damaged(rows) from error

    def _file(self, rows: pl.DataFrame) -> FundFile:
        first = rows.row(0, named=True)
        name = f"{first['file_name']} (holdings store)"
        source = pl.lit(f"{USER_SOURCE}{name}").alias("source_id")
        lines = pl.scan_parquet(self.path_of(first["stored_in"])).filter(
            col("fund_id").is_in(rows["fund_id"].to_list())
        )
        try:
            read = lines.collect()
        except pl.exceptions.ComputeError as error:
            raise self._damaged(rows) from error
        held = read.join(rows, on=["fund_id", "as_of", "listed_as"], how="semi", maintain_order="left")
        return FundFile(
            name=name,
            funds=FUNDS.conform(rows.with_columns(source)),
            holdings=HOLDINGS.conform(held.with_columns(source)),
            findings=(),
            sha256=first["sha256"],
        )

    @contextmanager
    def writer(self, known: pl.DataFrame) -> Iterator[Writer]:
        """Open the store for writing, alone; `known` are the packaged funds, so that a fund has one id."""
        with only_writer(self.folder):
            catalogue = self.catalogue()
            with written(self.folder):
                self.sweep(catalogue)
            yield Writer(self, catalogue, known)

    def sweep(self, catalogue: pl.DataFrame) -> None:
        """Take away what no row of the catalogue names: the remains of a writer that was killed."""
        (self.folder / LINES).mkdir(exist_ok=True)
        kept = {self.path_of(one) for one in catalogue["stored_in"].unique().drop_nulls()}
        for path in [*(self.folder / LINES).iterdir(), *self.folder.glob(f"*{PART}")]:
            if path not in kept:
                remove(path)


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a file did: funds and days that are new, and those whose lines were there already."""

    new: int
    repeated: int


class Writer:
    """Adds to a store and removes from it; made by `Store.writer`."""

    def __init__(self, store: Store, catalogue: pl.DataFrame, known: pl.DataFrame) -> None:
        self.store = store
        self.catalogue = catalogue
        self._index = FundIndex()
        self._index.learn(known)
        self._index.learn(catalogue)
        self._files = set(catalogue.filter(col("is_whole"))["file"])

    def has(self, key: str) -> bool:
        """Say whether a file was added before and all of it is still there."""
        return key in self._files

    def add(self, file: FundFile, *, key: str) -> Added:
        """Add the funds of a file; it counts once this returns, and not before."""
        names = self._names(file.funds)
        lines = file.holdings.with_columns(listed_as="fund_id", fund_id=col("fund_id").replace(names))
        rows = self._catalogued(self._described(file, key), fingerprints(lines))
        new = rows.filter(col("stored_in") == key)
        if not new.is_empty():
            kept = lines.join(new, on=BY, how="semi", maintain_order="left")
            with written(self.store.folder), replaced(self.store.path_of(key)) as beside:
                placed = kept.with_columns(stored_in=pl.lit(key)).sort("fund_id", "as_of", maintain_order=True)
                placed.write_parquet(beside, row_group_size=ROW_GROUP)
        return self._placed(rows, key)

    def add_written(self, file: FundFile, lines: Sequence[Path], *, key: str) -> Added:
        """Add a file of very many funds, whose lines were written as Parquet already and never come to memory.

        Args:
            file: The file, its holdings left empty.
            lines: Parquet files with table HOLDINGS, `listed_as` and `stored_in`, in the folder of the store; they are
                taken as they are, unless a fund of theirs has another id in the store.
            key: By which the file is known again; such a file is a repeat as a whole or not at all.
        """
        names = {listed: fund for listed, fund in self._names(file.funds).items() if listed != fund}
        path = self.store.path_of(key)
        with written(self.store.folder):
            if names:
                renamed = pl.scan_parquet(list(lines)).with_columns(col("fund_id").replace(names))
                with replaced(path) as beside:
                    renamed.sink_parquet(beside, row_group_size=ROW_GROUP)
            else:
                moved(lines, path)
        counted = pl.scan_parquet(path).group_by(BY).agg(lines=pl.len().cast(pl.Int64)).collect()
        rows = self._catalogued(self._described(file, key), counted.with_columns(content=pl.lit(key)))
        return self._placed(rows, key)

    def _names(self, funds: pl.DataFrame) -> dict[str, str]:
        """Give for each id in a file the id of that fund in the store."""
        return dict(zip(funds["fund_id"], self._index.find(funds), strict=True))

    def _placed(self, rows: pl.DataFrame, key: str) -> Added:
        self._commit(pl.concat([self.catalogue, rows]))
        self._index.learn(rows)
        self._files.add(key)
        days = rows.select("fund_id", "as_of", is_new=col("stored_in") == key).unique()
        return Added(int(days["is_new"].sum()), int((~days["is_new"]).sum()))

    def name(self, fund_id: str, **identifier: str) -> None:
        """Give a fund a further name, isin, ticker or identifier: of a share class, or of a feeder with its holdings.

        Args:
            fund_id: The fund.
            identifier: Columns of table FUNDS.
        """
        row = {"fund_id": fund_id, **identifier, "number": self._number()}
        self._commit(pl.concat([self.catalogue, CATALOGUE.frame([row])]))

    def remove(self, fund_id: str) -> int:
        """Remove a fund, with all its days and names; give the number of days."""
        gone = self.catalogue.filter(col("fund_id") == fund_id)
        files = gone["file"].drop_nulls().to_list()
        is_whole = col("is_whole") & ~col("file").is_in(files)
        self._commit(self.catalogue.filter(col("fund_id") != fund_id).with_columns(is_whole))
        self._files -= set(files)
        with written(self.store.folder):
            self.store.sweep(self.catalogue)
        return gone["as_of"].drop_nulls().n_unique()

    def _commit(self, rows: pl.DataFrame) -> None:
        """Write the catalogue; rows that came one by one are laid side by side, or each would cost like a table."""
        whole = rows.rechunk()
        with written(self.store.folder):
            write_catalogue(self.store.folder, whole)
        self.catalogue = whole

    def _number(self) -> int:
        last = self.catalogue["number"].max()
        return 1 + (last if isinstance(last, int) else 0)

    def _described(self, file: FundFile, key: str) -> pl.DataFrame:
        """Describe the funds of a file by their ids in the store, with the file itself."""
        return file.funds.with_columns(
            listed_as="fund_id",
            fund_id=col("fund_id").replace(self._names(file.funds)),
            file=pl.lit(key),
            sha256=pl.lit(file.sha256),
            file_name=pl.lit(file.name),
            is_whole=pl.lit(value=True),
            number=pl.lit(self._number()),
        )

    def _catalogued(self, funds: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
        """Make the rows of a file; one whose lines are there already leads to where they are."""
        listed = funds.join(counted, on=BY, how="left", maintain_order="left").with_columns(
            col("lines").fill_null(0), col("content").fill_null("empty")
        )
        there = self.catalogue.filter(col("stored_in").is_not_null()).select(
            "fund_id", "as_of", "content", before="stored_in"
        )
        once = there.unique(["fund_id", "as_of", "content"], keep="first", maintain_order=True)
        placed = listed.join(once, on=["fund_id", "as_of", "content"], how="left", maintain_order="left")
        return CATALOGUE.conform(placed.with_columns(stored_in=pl.coalesce("before", "file")))


def fingerprints(lines: pl.DataFrame) -> pl.DataFrame:
    """Give for each fund and day its number of lines, and a fingerprint that does not depend on their order.

    It serves to know a repeat, and nothing else: with another release of Polars a repeat may be stored a second time.
    """
    hashed = lines.with_columns(hash=lines.drop(*NOT_CONTENT, "listed_as").hash_rows())
    return hashed.group_by("fund_id", "as_of", "listed_as").agg(
        lines=pl.len().cast(pl.Int64), content=pl.format("{}-{}", pl.len(), col("hash").sum())
    )
