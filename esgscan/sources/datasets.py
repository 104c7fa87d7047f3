"""Which reader knows a folder or an archive of tables with very many funds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from esgscan.sources import nport_datasets, thirteen_f_datasets

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import FundFile
    from esgscan.sources.quarters import WrittenDataset


class Dataset(Protocol):
    """Reads the quarterly data sets of one form."""

    def recognises(self, path: Path) -> bool:
        """Whether the tables are there."""
        ...

    def read(self, path: Path) -> FundFile:
        """Read the funds in it."""
        ...

    def write_parquet(self, path: Path, folder: Path, *, stored_in: str = "") -> WrittenDataset:
        """Write the funds in it as Parquet to a folder."""
        ...


DATASETS: tuple[Dataset, ...] = (nport_datasets, thirteen_f_datasets)


def dataset_of(path: Path) -> Dataset | None:
    """Find the reader of a data set; None where `path` is none."""
    return next((dataset for dataset in DATASETS if dataset.recognises(path)), None)
