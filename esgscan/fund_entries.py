"""Everything known of one fund without a portfolio: who it is, what its lists say, what is stored, what it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.choices import reference_data, stored_holdings
from esgscan.days import read_day
from esgscan.errors import OptionError
from esgscan.kept_exposures import kept_exposures
from esgscan.names import word_keys
from esgscan.report.catalogue import NumberedSources, library_of
from esgscan.report.rows import rows, source_numbers
from esgscan.securities.funds import known_funds
from esgscan.store.catalogue import CATALOGUE
from esgscan.tables import FUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from esgscan.report.catalogue import Library
    from esgscan.report.rows import Row

col = pl.col

MOST_GUESSES = 8
STORED = (
    "as_of",
    "file_name",
    "publisher",
    "lines",
    "share_published",
    "total_market_value",
    "currency",
    "name",
    "isin",
)
REACHED = ("issuer_id", "weight", "direct", "indirect", "market_value")


def listed_entries(wanted: str = "") -> list[Row]:
    """List the funds that the packaged data or the store know, by name.

    Args:
        wanted: Words that an identifier or a name of the fund must have, all of them; all funds if empty.

    Returns:
        Rows with fund_id, name, isin, ticker, index, recorded_on and stored_on, the newest days of each kind.
    """
    data, stored = reference_data(), _stored()
    newest = {"recorded_on": data["fund_snapshots"], "stored_on": stored.filter(col("stored_in").is_not_null())}
    known = known_funds(data, FUNDS.conform(stored))
    texts = known.with_columns(
        text=pl.concat_str("fund_id", "name", "isin", "ticker", separator=" ", ignore_nulls=True)
    )
    found = texts.group_by("fund_id", maintain_order=True).agg(
        col("name", "isin", "ticker").drop_nulls().first(), text=col("text").str.join(" ").str.to_lowercase()
    )
    for word in wanted.casefold().split():
        found = found.filter(col("text").str.contains(word, literal=True))
    for column, dated in newest.items():
        days = dated.group_by("fund_id").agg(col("as_of").max().alias(column))
        found = found.join(days, on="fund_id", how="left", maintain_order="left")
    followed = found.join(data["funds"].select("fund_id", "index"), on="fund_id", how="left", maintain_order="left")
    return rows(followed.drop("text").sort(col("name").fill_null(col("fund_id")).str.to_lowercase(), "fund_id"))


def find_fund_id(wanted: str) -> str:
    """Find a fund of the packaged data or of the store by id, ISIN, ticker or name.

    Raises:
        OptionError: There is none, or more than one.
    """
    known = known_funds(reference_data(), FUNDS.conform(_stored()))
    code, key = wanted.strip().upper(), word_keys(pl.Series([wanted]))[0]
    matches = (
        col("fund_id") == wanted.strip(),
        col("isin") == code,
        col("ticker") == code,
        pl.Series("key", word_keys(known["name"])) == key,
    )
    for is_it in matches:
        found = known.filter(is_it.fill_null(value=False))["fund_id"].unique(maintain_order=True).to_list()
        if len(found) == 1:
            return str(found[0])
        if found:
            what = f"'{wanted}' is one of {len(found)} funds."
            raise OptionError(what, where="fund", mend=f"give one of the ids: {', '.join(found[:MOST_GUESSES])}")
    near = [row["ticker"] or row["isin"] or row["fund_id"] for row in listed_entries(wanted)[:MOST_GUESSES]]
    mend = f"did you mean {', '.join(near)}?" if near else "look for it by name, or add its holdings"
    raise OptionError(f"Cannot find the fund '{wanted}'.", where="fund", mend=mend)


def fund_entry(wanted: str, *, as_of: date | str | None = None) -> dict[str, Any]:
    """Give everything known of one fund.

    Args:
        wanted: Its id, ISIN, ticker or name.
        as_of: Day for which it is said what the fund reaches.

    Returns:
        as_of; fund, names, indexes; exposure; lists, the recorded ones, newest first; stored; sources, numbered.

    Raises:
        OptionError: There is no such fund, or more than one, or `as_of` is no date.
    """
    fund_id, day = find_fund_id(wanted), read_day(as_of)
    library = library_of(reference_data())
    cited = NumberedSources(library)
    issuers = {row["issuer_id"]: row["name"] for row in library.rows("issuers")}
    stored = _stored().filter(col("fund_id") == fund_id)
    entry = {
        "as_of": day.isoformat(),
        "fund": _identity(library, stored, fund_id, cited),
        "names": [row["name"] for row in _of_fund(library, "fund_names", fund_id)],
        "indexes": [_told(row, cited) for row in _of_fund(library, "fund_indexes", fund_id)],
        "exposure": _exposure(fund_id, day, issuers),
        "lists": _lists(library, fund_id, issuers, cited),
        "stored": rows(stored.filter(col("stored_in").is_not_null()).sort("as_of", descending=True).select(STORED)),
    }
    return {**entry, "sources": cited.rows()}


def _stored() -> pl.DataFrame:
    store = stored_holdings()
    return store.catalogue() if store else CATALOGUE.frame()


def _of_fund(library: Library, name: str, fund_id: str) -> list[Row]:
    return rows(library.data[name].filter(col("fund_id") == fund_id))


def _told(row: Row, cited: NumberedSources) -> dict[str, Any]:
    """Give a row of the packaged data with the numbers of its sources."""
    numbers = source_numbers(cited.numbered(row))
    hidden = {"source_ids", "source_url", "source_numbers", "fund_id", "snapshot_id"}
    return {**{name: value for name, value in row.items() if name not in hidden}, "sources": numbers}


def _identity(library: Library, stored: pl.DataFrame, fund_id: str, cited: NumberedSources) -> dict[str, Any]:
    """Say who the fund is: as packaged, else as the files in the store name it."""
    packaged = _of_fund(library, "funds", fund_id)
    if packaged:
        return {"fund_id": fund_id, **_told(packaged[0], cited)}
    first = stored.select(col("name", "isin", "ticker").drop_nulls().first())
    return {"fund_id": fund_id, **(rows(first)[0] if len(first) else {}), "sources": []}


def _exposure(fund_id: str, day: date, issuers: Mapping[str, str]) -> dict[str, Any] | None:
    """Say what the newest holdings not after the day reach; None where there are none."""
    found = rows(kept_exposures(day).filter(col("fund_id") == fund_id))
    if not found:
        return None
    reached = [{name: row[name] for name in REACHED} for row in found if row["issuer_id"]]
    return {
        **{name: found[0][name] for name in ("as_of", "coverage", "total_market_value", "currency")},
        "weight": sum(row["weight"] for row in reached),
        "issuers": [{"issuer": issuers.get(row["issuer_id"], row["issuer_id"]), **row} for row in reached],
    }


def _lists(library: Library, fund_id: str, issuers: Mapping[str, str], cited: NumberedSources) -> list[dict[str, Any]]:
    """Give the recorded lists, newest first, each with what it has and what it has not."""
    snapshots = sorted(_of_fund(library, "fund_snapshots", fund_id), key=lambda row: row["as_of"], reverse=True)
    return [
        {
            **_told(row, cited),
            "weights": [
                {"issuer": issuers.get(one["issuer_id"], one["issuer_id"]), **_told(one, cited)}
                for one in _of_list(library, "fund_weights", row)
            ],
            "funds": [_told(one, cited) for one in _of_list(library, "fund_sleeves", row)],
            "absent": [
                {"issuer_id": one["issuer_id"], "issuer": issuers.get(one["issuer_id"], one["issuer_id"])}
                for one in _of_list(library, "fund_absences", row)
            ],
        }
        for row in snapshots
    ]


def _of_list(library: Library, name: str, snapshot: Row) -> list[Row]:
    return rows(library.data[name].filter(col("snapshot_id") == snapshot["snapshot_id"]))
