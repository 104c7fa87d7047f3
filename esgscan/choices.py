"""What every kind of run may be given beside its holdings: the day, the data, own lists, decisions, a policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from esgscan.policies import Policy, default_policy, read_policy
from esgscan.portfolio.inputs import Upload
from esgscan.reference.datasets import dataset_names, load_dataset
from esgscan.reference.editions import edition_label
from esgscan.reference.sourced import only_sourced
from esgscan.store.folder import store_folder, updates_folder
from esgscan.tables import DECISIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from esgscan.reference.list_updates import ListUpdate
    from esgscan.store.holdings import Store

Given: TypeAlias = "str | Path | Upload"
"""A file beside the portfolio: where it lies, or what somebody sent."""


def reference_data(*, updates: bool = True) -> Mapping[str, pl.DataFrame]:
    """Load every packaged data set, by name; what has no source is left out.

    Args:
        updates: Whether to add what the user confirmed from publishers' newer lists.

    Raises:
        SourceError: What was confirmed cannot be read.
    """
    packaged = only_sourced({name: load_dataset(name) for name in dataset_names()})
    if not updates or (update := list_update()) is None:
        return packaged
    from esgscan.reference.list_updates import with_update

    return with_update(packaged, update)


def list_update() -> ListUpdate | None:
    """Give what the user confirmed from publishers' newer lists, if there is anything; else nothing more is loaded.

    Raises:
        SourceError: It cannot be read.
    """
    folder = updates_folder()
    if not folder.is_dir():
        return None
    from esgscan.store.list_updates import read_update

    return read_update(folder)


def current_edition() -> str:
    """Give the edition of the data as results name it: the packaged one, and the last confirmed update."""
    update = list_update()
    return edition_label(update.label if update else "")


def with_own_lists(
    data: Mapping[str, pl.DataFrame], watchlist: Given | Sequence[Given]
) -> tuple[Mapping[str, pl.DataFrame], dict[str, str]]:
    """Put the user's own lists into the data sets, and give the hashes of their files."""
    if not several(watchlist):
        return data, {}
    from esgscan.reference.own_entries import with_own_entries
    from esgscan.sources.own_lists import read_own_list, without_problems

    own = [without_problems(read_own_list(file_of(given), data["markets"])) for given in several(watchlist)]
    entries = [entry for one in own for entry in one.entries]
    return with_own_entries(data, entries), {one.name: one.sha256 for one in own}


def decided(given: Given | Sequence[Given], data: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, dict[str, str]]:
    """Read the files of decisions; their reader loads only if there are any."""
    if not several(given):
        return DECISIONS.frame(), {}
    from esgscan.sources.decisions import read_decisions

    return read_decisions(several(given), issuers=data["issuers"]["issuer_id"].to_list())


def known_identifiers(path: Given | None, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame | None:
    """Read the user's file of identifiers, whose lines may name a security of the watchlist."""
    if path is None:
        return None
    from esgscan.sources.identifiers import read_identifiers

    listed = data["listings"].drop_nulls("isin")
    return read_identifiers(file_of(path), securities=dict(listed.select("security_id", "isin").iter_rows()))


def chosen_policy(path: Given | None, data: Mapping[str, pl.DataFrame]) -> Policy:
    """Read the policy file; without one, give the default."""
    if path is None:
        return default_policy()
    programmes, tags = data["programmes"]["programme_id"].to_list(), data["tags"]["tag"].to_list()
    return read_policy(file_of(path), programmes=programmes, tags=tags)


def stored_holdings() -> Store | None:
    """Give the user's holdings store, if there is one; without one nothing more is loaded."""
    folder = store_folder()
    if not folder.is_dir():
        return None
    from esgscan.store.holdings import Store

    return Store(folder)


def several(given: Given | Sequence[Given]) -> Sequence[Given]:
    """Take one file for a list of one."""
    return [given] if isinstance(given, str | Path | Upload) else given


def file_of(given: Given) -> Path | Upload:
    """Take a path that is written as text for a path."""
    return Path(given) if isinstance(given, str) else given
